"""Blocks of the sparse-voxel VAEs: ConvNeXt, and residual blocks that change the resolution (trellis2_core spec 10.1).

Linear and convolution layers may be fp16; norms compute in fp32.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from ..nn.fused import norm_affine, norm_silu
from ..nn.norms import LayerNorm32
from .conv_layer import SubmanifoldConv3d
from .resample import add_children, pool_mean, space_to_channel, upsample_nearest
from .tensor import Refinement, SparseTensor

EPS = 1e-6


@dataclass(frozen=True)
class Subdivision:
    """Which children a level got, and the logits that predicted them (children where a logit is above zero)."""

    logits: SparseTensor | None  # (N, 8)
    refinement: Refinement


class ConvNeXtBlock(nn.Module):
    """x + MLP(norm(conv(x)))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = SubmanifoldConv3d(channels, channels)
        self.norm = LayerNorm32(channels, EPS)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.SiLU(), nn.Linear(4 * channels, channels))

    def forward(self, x: SparseTensor) -> SparseTensor:
        h = self.conv(x).feats
        return x.replace(x.feats + self.mlp(norm_affine(h, self.norm.weight, self.norm.bias, EPS)))


class ResBlockS2C(nn.Module):
    """Half the resolution by stacking children in channels: C -> D, skip by averaging channel groups."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.out_channels = out_channels
        self.norm1 = LayerNorm32(channels, EPS)
        self.norm2 = LayerNorm32(out_channels, EPS, elementwise_affine=False)
        self.conv1 = SubmanifoldConv3d(channels, out_channels // 8)
        self.conv2 = SubmanifoldConv3d(out_channels, out_channels)

    def forward(self, x: SparseTensor) -> SparseTensor:
        coarse = x.grid.coarsen()
        h = self.conv1(_activated(x, self.norm1))
        h = space_to_channel(h, coarse)
        skip = space_to_channel(x, coarse).feats.unflatten(1, (self.out_channels, -1)).mean(-1)
        h = self.conv2(_activated(h, self.norm2))
        return h.replace(h.feats + skip)


class ResBlockDown(nn.Module):
    """Half the resolution by the mean over children: C -> D."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.norm1 = LayerNorm32(channels, EPS)
        self.norm2 = LayerNorm32(out_channels, EPS, elementwise_affine=False)
        self.conv1 = SubmanifoldConv3d(channels, out_channels)
        self.conv2 = SubmanifoldConv3d(out_channels, out_channels)
        self.skip_connection = _skip(channels, out_channels)

    def forward(self, x: SparseTensor) -> SparseTensor:
        coarse = x.grid.coarsen()
        h = self.conv1(pool_mean(_activated(x, self.norm1), coarse))
        h = self.conv2(_activated(h, self.norm2))
        return h.replace(h.feats + self.skip_connection(pool_mean(x, coarse).feats))


class _UpBlock(nn.Module):
    """Twice the resolution. Children come from the finer grid that an encoder left behind, else from a guide, else from
    the block's own prediction."""

    def __init__(self, channels: int, pred_subdiv: bool) -> None:
        super().__init__()
        self.pred_subdiv = pred_subdiv
        if pred_subdiv:
            self.to_subdiv = nn.Linear(channels, 8)

    def subdivide(self, x: SparseTensor, guide: Refinement | None = None) -> Subdivision:
        logits = x.replace(self.to_subdiv(x.feats)) if self.pred_subdiv else None
        known = x.grid.finer or guide
        if known is not None:
            return Subdivision(logits, known)
        if logits is None:
            raise ValueError("this decoder predicts no children: it needs an encoded grid or a guide")
        return Subdivision(logits, x.grid.refine(logits.feats > 0))


class ResBlockC2S(_UpBlock):
    """Children unpacked from channels: C -> D, skip by repeating channels."""

    def __init__(self, channels: int, out_channels: int, pred_subdiv: bool = True) -> None:
        super().__init__(channels, pred_subdiv)
        self.repeats = out_channels * 8 // channels
        self.norm1 = LayerNorm32(channels, EPS)
        self.norm2 = LayerNorm32(out_channels, EPS, elementwise_affine=False)
        self.conv1 = SubmanifoldConv3d(channels, 8 * out_channels)
        self.conv2 = SubmanifoldConv3d(out_channels, out_channels)

    def forward(self, x: SparseTensor, guide: Refinement | None = None) -> tuple[SparseTensor, Subdivision]:
        subdivision = self.subdivide(x, guide)
        h = self.conv1.to_children(_activated(x, self.norm1), subdivision.refinement)
        h = self.conv2(_activated(h, self.norm2))
        return h.replace(add_children(h.feats, x, subdivision.refinement, self.repeats)), subdivision


class ResBlockUp(_UpBlock):
    """Children copied from their parent: C -> D."""

    def __init__(self, channels: int, out_channels: int, pred_subdiv: bool = True) -> None:
        super().__init__(channels, pred_subdiv)
        self.norm1 = LayerNorm32(channels, EPS)
        self.norm2 = LayerNorm32(out_channels, EPS, elementwise_affine=False)
        self.conv1 = SubmanifoldConv3d(channels, out_channels)
        self.conv2 = SubmanifoldConv3d(out_channels, out_channels)
        self.skip_connection = _skip(channels, out_channels)

    def forward(self, x: SparseTensor, guide: Refinement | None = None) -> tuple[SparseTensor, Subdivision]:
        subdivision = self.subdivide(x, guide)
        h = self.conv1(upsample_nearest(_activated(x, self.norm1), subdivision.refinement))
        h = self.conv2(_activated(h, self.norm2))
        skip = self.skip_connection(upsample_nearest(x, subdivision.refinement).feats)
        return h.replace(h.feats + skip), subdivision


def _activated(x: SparseTensor, norm: LayerNorm32) -> SparseTensor:
    return x.replace(norm_silu(x.feats, norm.weight, norm.bias, EPS))


def _skip(channels: int, out_channels: int) -> nn.Module:
    return nn.Identity() if channels == out_channels else nn.Linear(channels, out_channels)
