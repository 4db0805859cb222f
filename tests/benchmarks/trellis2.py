"""How long TRELLIS.2's cascades take from picture to GLB on this GPU: published sizes, random weights, fixed tokens.

python -m tests.benchmarks.trellis2 [--jobs 512:3000 1024:9600 1536:22000] [--memory resident streamed staged]
"""

import argparse

import torch
import torch.nn.functional as F

from backend.encoders.dinov3 import DinoV3
from backend.generators.trellis2.pipeline import SEQUENCE, ImageConditioner
from backend.sparse.cascade import Cascade, Stage
from backend.sparse.flow import FlowConfig
from backend.sparse.published import PUBLISHED_CASCADE

from .cascades import housed, random_cascade, report, run, sampling_floor, things

TARGETS = {512: 1.0, 1024: 3.7, 1536: 10.0}  # seconds of sampling
FLOWS = {
    "sparse_structure_flow_model": FlowConfig(8, 8, resolution=16),
    "shape_slat_flow_model_512": FlowConfig(),
    "shape_slat_flow_model_1024": FlowConfig(),
    "tex_slat_flow_model_512": FlowConfig(in_channels=64),
    "tex_slat_flow_model_1024": FlowConfig(in_channels=64),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", nargs="+", default=["512:3000", "1024:9600", "1536:22000"], help="resolution:tokens")
    parser.add_argument("--memory", nargs="+", default=["resident"])
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__)
    networks = random_cascade(FLOWS)
    with torch.device("cuda"):
        networks["image_encoder"] = DinoV3().eval().cpu()
    for memory in options.memory:
        house = housed(networks, memory, SEQUENCE)
        for job in options.jobs:
            resolution, wanted = (int(part) for part in job.split(":"))
            thing, coarse = things(resolution, wanted)
            refined = resolution > 512
            stages: tuple[Stage, Stage] = ("shape_1024", "texture_1024") if refined else ("shape_512", "texture_512")
            tokens: dict[Stage, int] = {"structure": 4096} | dict.fromkeys(stages, len(thing.tokens))
            if refined:
                tokens["shape_512"] = len(coarse)
            context: dict[Stage, int] = {stage: 4101 if stage.endswith("1024") else 1029 for stage in tokens}
            floor = sampling_floor(tokens, context, projected=False)
            picture = torch.rand(1, 3, 1024, 1024, device="cuda")
            for name in ("first run", "second run"):
                condition = ImageConditioner(house, lambda side, picture=picture: F.interpolate(picture, (side, side)))
                cascade = Cascade(house, condition, PUBLISHED_CASCADE, torch.Generator().manual_seed(0))
                clock = run(cascade, thing, coarse if refined else None, stages)
                title = f"TRELLIS.2 {resolution}, {len(thing.tokens)} tokens, {memory}, {name}"
                report(title, clock, (TARGETS[resolution], float("nan")), floor)


if __name__ == "__main__":
    main()
