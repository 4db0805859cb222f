"""From noise to the latents of a textured shape: structure, shape, finer shape, material (trellis2_core spec 14, 15).

What the networks look at comes from a `Conditioner`; a system that has its own way to see an image brings its own
conditioner and its own rule for placing tokens, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import torch
from torch import Tensor

from ..nn.capture import captured
from ..nn.guidance import Guidance, dense_std, guided
from ..nn.residency import Networks
from ..nn.sampling import SIGMA_MIN, OnStep, euler, flow_times
from .attention import Context
from .dual_grid import Surface
from .flow import DenseFlow, FlowContext, SparseFlow
from .structure_vae import occupied_cells
from .tensor import Grid, SparseTensor
from .vae import ShapeDecoder, SparseDecoder, attributes_from_channels, shape_channels

Stage = Literal["structure", "shape_512", "shape_1024", "texture_512", "texture_1024"]
NETWORK_OF_STAGE: dict[Stage, str] = {  # the names in the published pipeline.json
    "structure": "sparse_structure_flow_model",
    "shape_512": "shape_slat_flow_model_512",
    "shape_1024": "shape_slat_flow_model_1024",
    "texture_512": "tex_slat_flow_model_512",
    "texture_1024": "tex_slat_flow_model_1024",
}
LATENT_STRIDE = 16  # voxels per token and axis
COARSE_RESOLUTION = 512  # of the first shape in a cascade
RESOLUTION_STEP = 128
MAX_TOKENS = 49152
CAPTURED_TOKENS = 6000  # with more, the GPU takes longer than the processor needs to launch its work


@dataclass(frozen=True)
class SamplerSettings:
    """How one stage is sampled."""

    steps: int = 12
    rescale_t: float = 3.0
    guidance: Guidance = field(default_factory=Guidance)
    sigma_min: float = SIGMA_MIN

    @classmethod
    def from_published(cls, args: dict[str, Any]) -> SamplerSettings:
        """From the parameters of a sampler in pipeline.json."""
        guidance = Guidance(
            args["guidance_strength"], args.get("guidance_rescale", 0.0), tuple(args["guidance_interval"])
        )
        return cls(args["steps"], args["rescale_t"], guidance, args.get("sigma_min", SIGMA_MIN))


STRUCTURE_SAMPLER = SamplerSettings(rescale_t=5.0, guidance=Guidance(7.5, 0.7, (0.6, 1.0)))
SHAPE_SAMPLER = SamplerSettings(guidance=Guidance(7.5, 0.5, (0.6, 1.0)))
TEXTURE_SAMPLER = SamplerSettings(guidance=Guidance(1.0, 0.0, (0.6, 0.9)))


@dataclass(frozen=True)
class LatentNorm:
    """Mean and deviation per channel; flows work on normalised latents, VAEs on plain ones."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def normalise(self, z: SparseTensor) -> SparseTensor:
        return z.replace((z.feats - z.feats.new_tensor(self.mean)) / z.feats.new_tensor(self.std))

    def denormalise(self, z: SparseTensor) -> SparseTensor:
        return z.replace(z.feats * z.feats.new_tensor(self.std) + z.feats.new_tensor(self.mean))


class Conditioner(Protocol):
    def __call__(self, stage: Stage, grid: Grid, resolution: int) -> Context:
        """What the flow of this stage looks at, for tokens on `grid`, a lattice of `resolution` cells a side."""
        ...


Quantise = Callable[[Tensor, int, int], Tensor]  # (positions, resolution they have, tokens a side) -> positions


def cells_of_voxels(positions: Tensor, resolution: int, side: int) -> Tensor:
    """The cell of a lattice of `side` cells that holds the centre of each voxel: (N, 3) -> (N, 3) int32."""
    return ((positions.float() + 0.5) / resolution * side).int()


def fit_tokens(
    voxels: Grid,
    resolution: int,
    max_tokens: int = MAX_TOKENS,
    quantise: Quantise = cells_of_voxels,
    voxel_resolution: int = COARSE_RESOLUTION,
) -> tuple[Grid, int]:
    """Tokens for the voxels of a coarse shape: the finest resolution <= `resolution` with fewer than `max_tokens`.

    Goes down in steps of 128; 1024 is taken whatever its count.
    """
    while True:
        side = resolution // LATENT_STRIDE
        tokens = torch.cat((voxels.coords[:, :1], quantise(voxels.positions, voxel_resolution, side)), dim=1)
        unique = tokens.unique(dim=0)
        if len(unique) < max_tokens or resolution == 1024:
            return Grid(unique), resolution
        resolution -= RESOLUTION_STEP


def sample_dense(
    flow: DenseFlow, noise: Tensor, context: FlowContext, settings: SamplerSettings, on_step: OnStep | None = None
) -> Tensor:
    """Noise (B, C, R, R, R) -> latent."""

    def velocity(context: FlowContext) -> Callable[[Tensor, float], Tensor]:
        call = captured(lambda x, t: flow(x, t, context), noise, CAPTURED_TOKENS)
        return lambda x, t: call(x, model_times(x, t, len(x)))

    v = guided(velocity(context), velocity(None), settings.guidance, dense_std, settings.sigma_min)
    times = flow_times(settings.steps, settings.rescale_t)
    return euler(v, noise, times, settings.sigma_min, on_step)


def sample_sparse(
    flow: SparseFlow,
    noise: SparseTensor,
    context: FlowContext,
    settings: SamplerSettings,
    concat: SparseTensor | None = None,
    on_step: OnStep | None = None,
) -> SparseTensor:
    """Noise (N, C) -> normalised latent on the same grid."""
    segments = noise.segments

    def velocity(context: FlowContext) -> Callable[[Tensor, float], Tensor]:
        call = captured(lambda x, t: flow(noise.replace(x), t, context, concat).feats, noise.feats, CAPTURED_TOKENS)
        return lambda x, t: call(x, model_times(x, t, segments.count))

    def std(x: Tensor) -> Tensor:
        return segments.expand(segments.std(x))

    v = guided(velocity(context), velocity(None), settings.guidance, std, settings.sigma_min)
    times = flow_times(settings.steps, settings.rescale_t)
    return noise.replace(euler(v, noise.feats, times, settings.sigma_min, on_step))


def model_times(x: Tensor, t: float, items: int) -> Tensor:
    """The time as the networks take it: 1000 t in float32, one per batch item."""
    return torch.full((items,), 1000 * t, dtype=torch.float32, device=x.device)


@dataclass(frozen=True)
class Route:
    """Which networks a request passes through."""

    structure_side: int  # cells a side of the occupancy that the shape starts from
    shape: Stage
    texture: Stage
    resolution: int  # voxels a side of the result, at most
    refined: bool  # a shape at 512 first, then the shape network of 1024 on its voxels


ROUTES = {
    "512": Route(32, "shape_512", "texture_512", 512, refined=False),
    "1024": Route(64, "shape_1024", "texture_1024", 1024, refined=False),
    "1024_cascade": Route(32, "shape_1024", "texture_1024", 1024, refined=True),
    "1536_cascade": Route(32, "shape_1024", "texture_1024", 1536, refined=True),
}


@dataclass(frozen=True)
class CascadeSettings:
    """Everything of a pipeline.json that is not a network."""

    shape_norm: LatentNorm
    texture_norm: LatentNorm
    structure_sampler: SamplerSettings = STRUCTURE_SAMPLER
    shape_sampler: SamplerSettings = SHAPE_SAMPLER
    texture_sampler: SamplerSettings = TEXTURE_SAMPLER
    max_tokens: int = MAX_TOKENS
    quantise: Quantise = cells_of_voxels


class EmptyStructure(ValueError):
    """The structure stage left no voxel, so that there is nothing to shape."""


@dataclass(frozen=True)
class Latents:
    """What the flows made, as the decoders take it, and the resolution to decode at."""

    shape: SparseTensor
    texture: SparseTensor
    resolution: int


@dataclass(frozen=True)
class Cascade:
    """The stages of one request. Noise is drawn from a CPU generator, stage after stage, and moved to the device."""

    networks: Networks
    condition: Conditioner
    settings: CascadeSettings
    random: torch.Generator
    on_step: Callable[[Stage, int, int], None] = lambda stage, step, of: None

    def run(self, route: Route, items: int = 1) -> Latents:
        grid = self.structure(route.structure_side, items)
        resolution = route.resolution
        if route.refined:
            coarse = self.shape("shape_512", grid, COARSE_RESOLUTION)
            grid, resolution = self.refine(coarse, resolution)
        shape = self.shape(route.shape, grid, resolution)
        return Latents(shape, self.texture(route.texture, shape, resolution), resolution)

    def structure(self, side: int, items: int = 1) -> Grid:
        """The occupied cells of a lattice with `side` cells."""
        with self.networks.use(NETWORK_OF_STAGE["structure"]) as flow:
            cells = flow.config.resolution
            noise = self._noise(items, flow.config.in_channels, cells, cells, cells)
            context = self.condition("structure", flow.grid(items, noise.device), cells)
            settings = self.settings.structure_sampler
            report = self._report("structure", settings)
            latent = sample_dense(flow, noise, flow.prepare(context), settings, report)
        with self.networks.use("sparse_structure_decoder") as decoder:
            cells = occupied_cells(decoder(latent), side)
        if len(cells) == 0 or len(cells[:, 0].unique()) < items:
            raise EmptyStructure("the structure stage left no occupied cell")
        return Grid(cells)

    def shape(self, stage: Stage, grid: Grid, resolution: int) -> SparseTensor:
        """Shape latent on the tokens of `grid`, de-normalised."""
        context = self.condition(stage, grid, resolution // LATENT_STRIDE)
        with self.networks.use(NETWORK_OF_STAGE[stage]) as flow:
            noise = SparseTensor(self._noise(len(grid), flow.config.in_channels), grid)
            context = flow.prepare(context)
            settings = self.settings.shape_sampler
            latent = sample_sparse(flow, noise, context, settings, on_step=self._report(stage, settings))
        return self.settings.shape_norm.denormalise(latent)

    def refine(self, coarse: SparseTensor, resolution: int) -> tuple[Grid, int]:
        """Tokens of the finer shape from the voxels of the coarse one, and the resolution that they allow."""
        with self.networks.use("shape_slat_decoder") as decoder:
            voxels = decoder.upsample(coarse, decoder.levels)
        return fit_tokens(voxels, resolution, self.settings.max_tokens, self.settings.quantise)

    def texture(self, stage: Stage, shape: SparseTensor, resolution: int) -> SparseTensor:
        """Material latent on the tokens of a shape latent, de-normalised."""
        concat = self.settings.shape_norm.normalise(shape)
        context = self.condition(stage, shape.grid, resolution // LATENT_STRIDE)
        with self.networks.use(NETWORK_OF_STAGE[stage]) as flow:
            channels = flow.config.in_channels - shape.feats.shape[1]
            noise = shape.replace(self._noise(len(shape.feats), channels))
            context = flow.prepare(context)
            settings = self.settings.texture_sampler
            latent = sample_sparse(flow, noise, context, settings, concat, self._report(stage, settings))
        return self.settings.texture_norm.denormalise(latent)

    def _noise(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.random).to(self.networks.device)

    def _report(self, stage: Stage, settings: SamplerSettings) -> OnStep:
        return lambda step, x, x0: self.on_step(stage, step, settings.steps)


@dataclass(frozen=True)
class TexturedVoxels:
    """A decoded asset in the unit box around the origin: its surface, and attributes on the voxels along it."""

    surface: Surface
    positions: Tensor  # (K, 3) int32 voxels of a grid of `resolution` a side
    attributes: Tensor  # (K, 6) base colour, metallic, roughness, alpha; about 0..1
    resolution: int


def decode(networks: Networks, latents: Latents) -> list[TexturedVoxels]:
    """One asset per batch item. The materials follow the subdivision that the shape decoder chose."""
    shape_decoder: ShapeDecoder
    texture_decoder: SparseDecoder
    with networks.use("shape_slat_decoder") as shape_decoder:
        voxels, subdivisions = shape_decoder(latents.shape)
        surfaces = shape_decoder.surfaces(voxels, latents.resolution)
    with networks.use("tex_slat_decoder") as texture_decoder:
        painted, _ = texture_decoder(latents.texture, [s.refinement for s in subdivisions])
    split = painted.segments.split
    parts: Sequence[tuple[Surface, Tensor, Tensor]] = list(
        zip(surfaces, split(painted.coords), split(attributes_from_channels(painted.feats)), strict=True)
    )
    return [TexturedVoxels(surface, coords[:, 1:], attrs, latents.resolution) for surface, coords, attrs in parts]


def paint(networks: Networks, texture: SparseTensor) -> tuple[Tensor, Tensor]:
    """Voxels (K, 3) and attributes (K, 6) of one material latent on a grid that an encoder left: of a mesh that was
    there before."""
    texture_decoder: SparseDecoder
    with networks.use("tex_slat_decoder") as texture_decoder:
        painted, _ = texture_decoder(texture)
    return painted.coords[:, 1:], attributes_from_channels(painted.feats)


def encode_shape(networks: Networks, voxels: SparseTensor, crossed: Tensor) -> SparseTensor:
    """Dual vertices (N, 3) in 0..1 of their voxel and flags (N, 3) -> shape latent, which remembers its voxels."""
    with networks.use("shape_slat_encoder") as encoder:
        mean, _ = encoder(voxels.replace(shape_channels(voxels.feats, crossed)))
    return mean
