"""How long Pixal3D takes from picture to GLB on this GPU: published sizes, random weights, fixed sets of tokens.

    python -m tests.benchmarks.pixal3d [--jobs 1024:9600 1536:22000] [--memory resident streamed staged]

Beside each figure its target and the roofline of the flow calls. The plain twin in the same run: kernels off, the
dense projection of every cell of the lattice, and a full context in both branches of the guidance.
"""

import argparse
from contextlib import contextmanager

import torch
import torch.nn.functional as F

from backend.encoders.dinov3 import DinoV3
from backend.encoders.naf import Naf
from backend.generators.pixal3d.condition import PixelConditioner
from backend.generators.pixal3d.pipeline import SEQUENCE
from backend.generators.pixal3d.projection import ViewCameras
from backend.generators.pixal3d.tokens import pixel_aligned
from backend.nn.residency import Networks
from backend.sparse.attention import Context
from backend.sparse.cascade import Cascade, Stage
from backend.sparse.flow import FlowConfig
from backend.sparse.published import PUBLISHED_CASCADE
from backend.sparse.tensor import Grid

from .cascades import Clock, housed, random_cascade, report, run, sampling_floor, things
from .furniture import Furniture
from .sparse import plain

TARGETS = {(1024, 9600): (3.3, 7.5), (1536, 22000): (9.0, 15.0)}
FLOWS = {
    "sparse_structure_flow_model": FlowConfig(8, 8, projected_channels=1024, resolution=16),
    "shape_slat_flow_model_512": FlowConfig(32, 32, projected_channels=2048),
    "shape_slat_flow_model_1024": FlowConfig(32, 32, projected_channels=2048),
    "tex_slat_flow_model_1024": FlowConfig(64, 32, projected_channels=2048),
}
GLOBAL_TOKENS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", nargs="+", default=["1024:9600", "1536:22000"], help="resolution:tokens")
    parser.add_argument("--memory", nargs="+", default=["resident", "streamed", "staged"])
    parser.add_argument("--plain", action="store_true", help="the plain twin as well, at the first job")
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__)
    jobs = [tuple(int(part) for part in job.split(":")) for job in options.jobs]
    prepared = {job: things(*job) for job in jobs}
    networks = random_cascade(FLOWS)
    with torch.device("cuda"):
        networks |= {"image_encoder": DinoV3().eval().cpu(), "upsampler": Naf().eval().cpu()}
    for memory in options.memory:
        house = housed(networks, memory, SEQUENCE)
        for job in jobs:
            thing, coarse = prepared[job]
            tokens: dict[Stage, int] = {"structure": 4096, "shape_512": len(coarse)}
            tokens |= {"shape_1024": len(thing.tokens), "texture_1024": len(thing.tokens)}
            floor = sampling_floor(tokens, dict.fromkeys(tokens, GLOBAL_TOKENS), projected=True)
            for name in ("first run", "second run"):
                clock = measure(house, thing, coarse)
                title = f"Pixal3D {job[0]}, {len(thing.tokens)} tokens, {len(thing.grid)} voxels, {memory}, {name}"
                report(title, clock, TARGETS.get(job), floor)
        del house
        torch.cuda.empty_cache()
    if options.plain:
        with plain():
            clock = measure(housed(networks, "resident", ()), *prepared[jobs[0]], dense=True)
        report(f"plain twin, {jobs[0][0]}", clock, None, 0.0)


def measure(networks: Networks, thing: Furniture, coarse: Grid, dense: bool = False) -> Clock:
    picture = torch.rand(1, 3, 1024, 1024, device="cuda")
    condition = PixelConditioner(networks, lambda side: F.interpolate(picture, (side, side)), ViewCameras.single())
    settings = pixel_aligned(PUBLISHED_CASCADE)
    cascade = Cascade(networks, Dense(condition) if dense else condition, settings, torch.Generator().manual_seed(0))
    with full_guidance() if dense else nothing():
        return run(cascade, thing, coarse, ("shape_1024", "texture_1024"))


class Dense:
    """Features for every cell of the lattice, of which the tokens take theirs, as the release computes them."""

    def __init__(self, condition: PixelConditioner) -> None:
        self.condition = condition

    def __call__(self, stage: Stage, grid: Grid, resolution: int) -> Context:
        side = torch.arange(resolution, device=grid.coords.device)
        cells = F.pad(torch.cartesian_prod(side, side, side), (1, 0))
        every = self.condition(stage, Grid(cells), resolution)
        x, y, z = grid.positions.long().unbind(1)
        assert every.projected is not None
        return Context(every.tokens, every.segments, every.projected[(x * resolution + y) * resolution + z])


@contextmanager
def nothing():
    yield


@contextmanager
def full_guidance():
    """The branch without condition looks at a context of zeros, token by token."""
    from backend.sparse.flow import FlowTransformer

    kept, prepared = FlowTransformer.velocity, []

    def velocity(self, x, grid, t, context):
        if context is None:
            like = prepared[-1]
            zeros = Context(torch.zeros_like(like.tokens), like.segments, torch.zeros_like(like.projected))
            return kept(self, x, grid, t, zeros)
        return kept(self, x, grid, t, context)

    def prepare(self, context):
        prepared.append(context)
        return context

    kept_prepare, FlowTransformer.prepare = FlowTransformer.prepare, prepare
    FlowTransformer.velocity = velocity
    try:
        yield
    finally:
        FlowTransformer.velocity, FlowTransformer.prepare = kept, kept_prepare


if __name__ == "__main__":
    main()
