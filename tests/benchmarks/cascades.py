"""What the benchmarks of Pixal3D and TRELLIS.2 share: random networks of published size, stages under a clock, reports.

Random weights would make noise of the structure, so that every stage gets the tokens of Draft furniture, and the
decoders follow its grids. From the decoded voxels on, the furniture's own surface is finished, unwrapped and painted.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from backend.generators.voxel_assets import VoxelAsset
from backend.mesh.glb import GlbMaps, write_glb
from backend.nn.residency import Networks, Resident, Staged
from backend.sparse.attention import Context
from backend.sparse.cascade import NETWORK_OF_STAGE, Cascade, Conditioner, Stage, TexturedVoxels, sample_dense
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.structure_vae import StructureDecoder, StructureVaeConfig, occupied_cells
from backend.sparse.tensor import Grid, SparseTensor
from backend.sparse.vae import SHAPE_DECODER, TEXTURE_DECODER, ShapeDecoder, SparseDecoder
from backend.stages.pictures import encode_png

from .furniture import Furniture, furniture

TRIANGLES, TEXTURE = 100_000, 2048
FLOP_PER_SECOND = 770e12, 620e12  # matrix products, attention (research/baselines.md)
STEPS_OF_STAGE: dict[Stage, tuple[int, int]] = {  # calls with and without condition
    "structure": (12, 10),
    "shape_512": (12, 9),
    "shape_1024": (12, 9),
    "texture_512": (12, 0),
    "texture_1024": (12, 0),
}


class Clock:
    """Seconds and peak memory between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.peaks: dict[str, float] = {}
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Seconds since the last lap, added to those of the name."""
        torch.cuda.synchronize()
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._last
        self._last = now
        self.peaks[name] = max(self.peaks.get(name, 0.0), torch.cuda.max_memory_allocated() / 1e9)
        torch.cuda.reset_peak_memory_stats()


@dataclass(frozen=True)
class Timed:
    """A conditioner whose seconds are counted apart."""

    condition: Conditioner
    clock: Clock

    def __call__(self, stage: Stage, grid: Grid, resolution: int) -> Context:
        context = self.condition(stage, grid, resolution)
        self.clock.lap("conditions")
        return context


def random_cascade(flows: Mapping[str, FlowConfig]) -> dict[str, nn.Module]:
    """Flows and decoders of published size in main memory, in the types that they run in."""
    torch.manual_seed(0)
    made: dict[str, nn.Module] = {}
    with torch.device("cuda"):
        for name, config in flows.items():
            flow = DenseFlow(config) if name == "sparse_structure_flow_model" else SparseFlow(config)
            made[name] = flow.to_torso(torch.bfloat16).eval().cpu()
        made["shape_slat_decoder"] = ShapeDecoder(SHAPE_DECODER).to_torso(torch.float16).eval().cpu()
        made["tex_slat_decoder"] = SparseDecoder(TEXTURE_DECODER).to_torso(torch.float16).eval().cpu()
        decoder = StructureDecoder(StructureVaeConfig())
        made["sparse_structure_decoder"] = decoder.to_torso(torch.float16).eval().cpu()
    return made


def housed(networks: Mapping[str, nn.Module], memory: str, sequence: Sequence[str]) -> Networks:
    if memory == "resident":
        return Resident(networks, "cuda")
    return Staged(networks, "cuda", sequence if memory == "streamed" else ())


@torch.no_grad()
def run(cascade: Cascade, thing: Furniture, coarse: Grid | None, stages: tuple[Stage, Stage]) -> Clock:
    """One asset from picture to GLB; `coarse` are the tokens of a first shape at 512, `stages` the last two."""
    networks, resolution = cascade.networks, thing.resolution
    clock = Clock()
    cascade = replace(cascade, condition=Timed(cascade.condition, clock))
    with networks.use(NETWORK_OF_STAGE["structure"]) as flow:
        context = flow.prepare(cascade.condition("structure", flow.grid(1, networks.device), 16))
        noise = torch.randn(1, 8, 16, 16, 16, device="cuda")
        latent = sample_dense(flow, noise, context, cascade.settings.structure_sampler)
        del context, flow
    with networks.use("sparse_structure_decoder") as decoder:
        occupied_cells(decoder(latent), 32)
    clock.lap("structure")
    if coarse is not None:
        cascade.shape("shape_512", coarse, 512)
        clock.lap("shape 512")
    shape = cascade.shape(stages[0], thing.tokens, resolution)
    clock.lap("shape")
    texture = cascade.texture(stages[1], SparseTensor(shape.feats, thing.tokens), resolution)
    clock.lap("texture")
    with networks.use("shape_slat_decoder") as decoder:
        voxels, subdivisions = decoder(shape)
        decoder.surfaces(voxels, resolution)
        del voxels
    clock.lap("decode shape")
    with networks.use("tex_slat_decoder") as decoder:
        decoder(texture, [s.refinement for s in subdivisions])
    clock.lap("decode texture")
    del subdivisions
    attributes = (0.5 + 0.5 * torch.sin(thing.encoded.positions * (40 / resolution))).repeat(
        1, 2
    )  # noise is no picture
    asset = VoxelAsset.of(TexturedVoxels(thing.surface(), thing.encoded.positions, attributes, resolution), np.eye(4))
    clock.lap("kept")
    mesh = asset.mesh(TRIANGLES, "benchmark")
    clock.lap("mesh")
    mesh, maps = asset.material(mesh, TEXTURE)
    clock.lap("material")
    with ThreadPoolExecutor() as pool:
        pictures = GlbMaps(*pool.map(encode_png, (maps.base_color, maps.orm, maps.normal)))
    glb = write_glb(mesh.vertices, mesh.faces, mesh.corner_uvs, mesh.corner_normals, pictures)
    clock.lap("GLB")
    io.BytesIO(glb)
    return clock


def report(title: str, clock: Clock, targets: tuple[float, float] | None, floor: float) -> None:
    sampling = sum(clock.laps.get(name, 0.0) for name in ("structure", "shape 512", "shape", "texture"))
    conditions = clock.laps["conditions"]
    total = sum(clock.laps.values())
    wanted = f" (targets {targets[0]:g} and {targets[1]:g} s)" if targets else ""
    print(
        f"{title}: sampling {sampling:.2f} s, roofline {floor:.2f} s, conditions {conditions:.2f} s; "
        f"image to GLB {total:.2f} s{wanted}; peak {max(clock.peaks.values()):.1f} GB"
    )
    print("    seconds " + ", ".join(f"{name} {value:.2f}" for name, value in clock.laps.items()))
    print("    peak GB " + ", ".join(f"{name} {value:.1f}" for name, value in clock.peaks.items()), flush=True)


def sampling_floor(tokens: Mapping[Stage, int], context_tokens: Mapping[Stage, int], projected: bool) -> float:
    """Seconds that the matrix products and the attention of all flow calls take at the card's measured rates."""
    products, attended = 0.0, 0.0
    for stage, n in tokens.items():
        conditional, bare = STEPS_OF_STAGE[stage]
        linear = 30 * 2 * (3 + 1 + 2 * 8192 / 1536) * 1536**2 * n
        cross = 30 * 2 * 2 * 1536**2 * n
        products += (conditional + bare) * linear + conditional * cross
        if projected:
            products += 30 * 2 * (1024 if stage == "structure" else 2048) * 1536 * n
        attended += 4 * 1536 * 30 * n * ((conditional + bare) * n + conditional * context_tokens[stage])
    return products / FLOP_PER_SECOND[0] + attended / FLOP_PER_SECOND[1]


def things(resolution: int, tokens: int) -> tuple[Furniture, Grid]:
    """The furniture at its resolution, and its tokens at 512."""
    thing = furniture(resolution, tokens)
    positions = thing.tokens.positions.float() + 0.5
    cells = (positions / (resolution // 16) * 32).int().unique(dim=0)
    return thing, Grid(torch.nn.functional.pad(cells, (1, 0)))
