"""How long Pixal3D takes on this GPU: published sizes, random weights, fixed sets of tokens.

    python -m tests.benchmarks.pixal3d [--tokens 9600 22000]

Random weights would make noise of the structure, so every stage gets a spherical shell; the decoders follow the grids
of an encoded one.
"""

import argparse
import time

import torch

from backend.encoders.dinov3 import DinoV3
from backend.encoders.naf import Naf
from backend.generators.pixal3d.condition import PixelConditioner
from backend.generators.pixal3d.projection import ViewCameras
from backend.generators.pixal3d.tokens import pixel_aligned
from backend.nn.residency import Resident
from backend.sparse.cascade import NETWORK_OF_STAGE, Cascade, sample_dense
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.published import PUBLISHED_CASCADE
from backend.sparse.tensor import Grid, SparseTensor
from backend.sparse.vae import SHAPE_DECODER, TEXTURE_DECODER, ShapeDecoder, SparseDecoder

from .shells import shell

COARSE_TOKENS = 2500
SPARSE_FLOWS = {"shape_slat_flow_model_512": 32, "shape_slat_flow_model_1024": 32, "tex_slat_flow_model_1024": 64}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[9600, 22000])
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__)
    networks = random_networks()
    for tokens in options.tokens:
        for name in ("warm-up", "measured"):
            torch.cuda.reset_peak_memory_stats()
            report(name, tokens, measure(networks, tokens))


def random_networks() -> Resident:
    torch.manual_seed(0)
    made = {}
    with torch.device("cuda"):
        made["sparse_structure_flow_model"] = DenseFlow(FlowConfig(8, 8, projected_channels=1024, resolution=16))
        for name, channels in SPARSE_FLOWS.items():
            made[name] = SparseFlow(FlowConfig(channels, 32, projected_channels=2048))
            made[name].to_torso(torch.bfloat16)
        made["sparse_structure_flow_model"].to_torso(torch.bfloat16)
        made["shape_slat_decoder"] = ShapeDecoder(SHAPE_DECODER)
        made["tex_slat_decoder"] = SparseDecoder(TEXTURE_DECODER)
        for name in ("shape_slat_decoder", "tex_slat_decoder"):
            made[name].to_torso(torch.float16)
        made["image_encoder"], made["upsampler"] = DinoV3(), Naf()
    return Resident({name: network.eval() for name, network in made.items()}, "cuda")


@torch.no_grad()
def measure(networks: Resident, tokens: int) -> dict[str, float]:
    """Seconds of every stage."""
    side = 64 if tokens < 20000 else 96
    fine = Grid(shell(side * 16, 200 * tokens))
    grid = fine
    for _ in range(4):
        grid = grid.coarsen()
    coarse = Grid(shell(32, COARSE_TOKENS))
    picture = torch.rand(1, 3, 1024, 1024, device="cuda")
    condition = PixelConditioner(
        networks, lambda size: torch.nn.functional.interpolate(picture, (size, size)), ViewCameras.single()
    )
    cascade = Cascade(networks, condition, pixel_aligned(PUBLISHED_CASCADE), torch.Generator().manual_seed(0))
    clock = Clock()
    with networks.use(NETWORK_OF_STAGE["structure"]) as flow:
        context = flow.prepare(condition("structure", flow.grid(1, picture.device), 16))
        sample_dense(flow, torch.randn(1, 8, 16, 16, 16, device="cuda"), context, cascade.settings.structure_sampler)
    clock.lap("structure")
    cascade.shape("shape_512", coarse, 512)
    clock.lap("shape 512")
    shape = cascade.shape("shape_1024", grid, side * 16)
    clock.lap("shape")
    texture = cascade.texture("texture_1024", SparseTensor(shape.feats, grid), side * 16)
    clock.lap("texture")
    with networks.use("shape_slat_decoder") as decoder:
        voxels, subdivisions = decoder(shape)
        decoder.surfaces(voxels, side * 16)
    clock.lap("decode shape")
    with networks.use("tex_slat_decoder") as decoder:
        decoder(texture, [s.refinement for s in subdivisions])
    clock.lap("decode texture")
    return {**clock.laps, "tokens": len(grid), "voxels": len(fine)}


class Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        torch.cuda.synchronize()
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        torch.cuda.synchronize()
        now = time.perf_counter()
        self.laps[name], self._last = now - self._last, now


def report(name: str, tokens: int, laps: dict[str, float]) -> None:
    sampling = sum(laps[stage] for stage in ("structure", "shape 512", "shape", "texture"))
    parts = ", ".join(f"{k} {v:.2f}" if isinstance(v, float) else f"{k} {v}" for k, v in laps.items())
    peak = torch.cuda.max_memory_allocated() / 1e9
    print(
        f"{name}, {tokens} tokens: sampling with conditions {sampling:.2f} s ({parts}); peak {peak:.1f} GB", flush=True
    )


if __name__ == "__main__":
    main()
