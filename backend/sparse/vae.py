"""The sparse-voxel VAEs: O-Voxel grids to latents 16 times coarser and back (trellis2_core spec 10).

Encoder and decoder are the same for shape and for materials; what differs is what the channels mean (`ShapeDecoder`,
`shape_channels`, `attributes_from_channels`). Attribute names are the keys of the published checkpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .conv_layer import SubmanifoldConv3d
from .dual_grid import Surface, dual_grid_to_mesh
from .tensor import Grid, Refinement, SparseTensor
from .vae_blocks import ConvNeXtBlock, ResBlockC2S, ResBlockS2C, Subdivision


@dataclass(frozen=True)
class SparseVaeConfig:
    """Settings of one half; the defaults are the published shape decoder."""

    model_channels: tuple[int, ...] = (1024, 512, 256, 128, 64)  # from the input of that half to its output
    num_blocks: tuple[int, ...] = (4, 16, 8, 4, 0)
    voxel_channels: int = 7  # of the voxels that an encoder takes or a decoder gives
    latent_channels: int = 32
    pred_subdiv: bool = True  # decoder only: it predicts children itself
    voxel_margin: float = 0.5  # shape decoder only: how far a dual vertex may leave its voxel

    @classmethod
    def from_published(cls, args: dict[str, Any], voxel_channels: int) -> SparseVaeConfig:
        """From the `args` of a published model JSON."""
        return cls(
            tuple(args["model_channels"]),
            tuple(args["num_blocks"]),
            args.get("in_channels", args.get("out_channels", voxel_channels)),
            args["latent_channels"],
            args.get("pred_subdiv", True),
            args.get("voxel_margin", 0.5),
        )


SHAPE_DECODER = SparseVaeConfig()
TEXTURE_DECODER = SparseVaeConfig(voxel_channels=6, pred_subdiv=False)
SPARSE_ENCODER = SparseVaeConfig((64, 128, 256, 512, 1024), (0, 4, 8, 16, 4), voxel_channels=6)


ROWS_AT_ONCE = 1 << 18  # voxels of the finest grid in fp32


class _Half(nn.Module):
    """What encoder and decoder share: linear and convolution layers of `blocks` may be fp16."""

    blocks: nn.ModuleList

    def to_torso(self, dtype: torch.dtype) -> _Half:
        """The linear and convolution layers of the blocks in `dtype`, everything else in fp32."""
        torso = (m for m in self.blocks.modules() if isinstance(m, nn.Linear | SubmanifoldConv3d))
        names = {id(p) for module in torso for p in module.parameters()}
        for parameter in self.parameters():
            parameter.data = parameter.data.to(dtype if id(parameter) in names else torch.float32)
        return self

    @property
    def torso_dtype(self) -> torch.dtype:
        layers = (m for m in self.blocks.modules() if isinstance(m, nn.Linear | SubmanifoldConv3d))
        return next(layers).weight.dtype


class SparseEncoder(_Half):
    """Voxels (N, voxel_channels) -> mean and log variance (M, latent_channels) on the grid 2^levels times coarser.

    The latent's grid remembers the finer ones: a decoder that gets it follows them exactly.
    """

    def __init__(self, config: SparseVaeConfig = SPARSE_ENCODER) -> None:
        super().__init__()
        channels = config.model_channels
        self.input_layer = nn.Linear(config.voxel_channels, channels[0])
        self.blocks = nn.ModuleList()
        for level, depth in enumerate(config.num_blocks):
            stage: list[nn.Module] = [ConvNeXtBlock(channels[level]) for _ in range(depth)]
            if level + 1 < len(channels):
                stage.append(ResBlockS2C(channels[level], channels[level + 1]))
            self.blocks.append(nn.ModuleList(stage))
        self.to_latent = nn.Linear(channels[-1], 2 * config.latent_channels)

    def forward(self, x: SparseTensor) -> tuple[SparseTensor, SparseTensor]:
        h = x.replace(self.input_layer(x.feats)).to(self.torso_dtype)
        for stage in self.blocks:
            for block in stage:  # pyright: ignore
                h = block(h)
        h = h.to(x.feats.dtype)
        mean, logvar = self.to_latent(F.layer_norm(h.feats, h.feats.shape[1:])).chunk(2, dim=1)
        return h.replace(mean), h.replace(logvar)


class Decoded(NamedTuple):
    voxels: SparseTensor  # (N, voxel_channels)
    subdivisions: list[Subdivision]  # one per level, coarse to fine


class SparseDecoder(_Half):
    """Latent (M, latent_channels) -> voxels (N, voxel_channels) on the grid 2^levels times finer."""

    def __init__(self, config: SparseVaeConfig = TEXTURE_DECODER) -> None:
        super().__init__()
        self.config = config
        channels = config.model_channels
        self.from_latent = nn.Linear(config.latent_channels, channels[0])
        self.blocks = nn.ModuleList()
        for level, depth in enumerate(config.num_blocks):
            stage: list[nn.Module] = [ConvNeXtBlock(channels[level]) for _ in range(depth)]
            if level + 1 < len(channels):
                stage.append(ResBlockC2S(channels[level], channels[level + 1], config.pred_subdiv))
            self.blocks.append(nn.ModuleList(stage))
        self.output_layer = nn.Linear(channels[-1], config.voxel_channels)

    @property
    def levels(self) -> int:
        return len(self.blocks) - 1

    def forward(self, z: SparseTensor, guides: Sequence[Refinement | None] | None = None) -> Decoded:
        """Children come from z's own finer grids if it was encoded, else from the guides, else from prediction."""
        h = z.replace(self.from_latent(z.feats)).to(self.torso_dtype)
        subdivisions: list[Subdivision] = []
        for level, stage in enumerate(self.blocks):
            h = self._convnext(stage, h)
            if level < self.levels:
                guide = guides[level] if guides is not None else None
                h, subdivision = stage[-1](h, guide)  # pyright: ignore
                subdivisions.append(subdivision)
        head = [self._head(rows, z.feats.dtype) for rows in h.feats.split(ROWS_AT_ONCE)]
        return Decoded(h.replace(torch.cat(head)), subdivisions)

    def _head(self, feats: Tensor, dtype: torch.dtype) -> Tensor:
        return self.output_layer(F.layer_norm(feats.to(dtype), feats.shape[1:]))

    def upsample(self, z: SparseTensor, levels: int) -> Grid:
        """The grid `levels` levels finer: the last of them needs its prediction only, no convolution."""
        h = z.replace(self.from_latent(z.feats)).to(self.torso_dtype)
        for level in range(levels):
            stage = self.blocks[level]
            h = self._convnext(stage, h)
            if level + 1 == levels:
                return stage[-1].subdivide(h).refinement.fine  # pyright: ignore
            h, _ = stage[-1](h)  # pyright: ignore
        return z.grid

    def _convnext(self, stage: nn.Module, h: SparseTensor) -> SparseTensor:
        for block in stage:  # pyright: ignore
            if isinstance(block, ConvNeXtBlock):
                h = block(h)
        return h


class DualGrid(NamedTuple):
    """What the shape decoder's channels mean, per voxel."""

    vertices: Tensor  # (N, 3) in voxel units, from -margin to 1 + margin
    crossed_logits: Tensor  # (N, 3)
    split_weight: Tensor  # (N, 1) positive


class ShapeDecoder(SparseDecoder):
    """The decoder whose seven channels are a flexible dual grid."""

    def __init__(self, config: SparseVaeConfig = SHAPE_DECODER) -> None:
        super().__init__(config)

    def dual_grid(self, voxels: SparseTensor) -> DualGrid:
        margin, y = self.config.voxel_margin, voxels.feats
        return DualGrid((1 + 2 * margin) * y[:, :3].sigmoid() - margin, y[:, 3:6], F.softplus(y[:, 6:7]))

    def surfaces(self, voxels: SparseTensor, resolution: int) -> list[Surface]:
        """One mesh per batch item, in the unit box around the origin."""
        split, grid = voxels.segments.split, self.dual_grid(voxels)
        parts = zip(split(voxels.coords), *(split(x) for x in grid), strict=True)
        return [
            dual_grid_to_mesh(coords[:, 1:], vertices, logits > 0, weight, resolution)
            for coords, vertices, logits, weight in parts
        ]


def shape_channels(dual_vertices: Tensor, crossed: Tensor) -> Tensor:
    """Dual vertices (N, 3) in 0..1 of their voxel and flags (N, 3) -> what the shape encoder takes (N, 6)."""
    return torch.cat((dual_vertices - 0.5, crossed.to(dual_vertices.dtype) - 0.5), dim=1)


def attributes_from_channels(y: Tensor) -> Tensor:
    """The texture decoder's output -> base colour, metallic, roughness, alpha in 0..1 (not clamped)."""
    return 0.5 * y + 0.5
