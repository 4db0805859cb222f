"""Transformer blocks on the rows of a grid (trellis2_core spec 6)."""

import torch
from torch import Tensor, nn

from ..nn.fused import add_gated, gelu_linear, norm_affine, norm_modulate
from ..nn.norms import LayerNorm32
from .attention import Context, CrossAttention, KeyValues, ProjectedCrossAttention, SelfAttention
from .tensor import Grid

EPS = 1e-6


class FeedForward(nn.Module):
    def __init__(self, channels: int, mlp_ratio: float) -> None:
        super().__init__()
        hidden = int(channels * mlp_ratio)
        self.mlp = nn.Sequential(nn.Linear(channels, hidden), nn.GELU(approximate="tanh"), nn.Linear(hidden, channels))

    def forward(self, x: Tensor) -> Tensor:
        return self.mlp[2](gelu_linear(x, self.mlp[0]))  # pyright: ignore


class Modulation(nn.Module):
    """The six vectors (shift, scale, gate for attention and for MLP) that a block takes from the time embedding.

    Shared: one learned vector is added to a modulation (B, 6C) computed once for all blocks. Otherwise the block has
    its own layer on the time embedding (B, C).
    """

    modulation: Tensor  # of the shared kind
    adaLN_modulation: nn.Module  # of the other

    def _add_modulation(self, channels: int, share_mod: bool) -> None:
        self.share_mod = share_mod
        if share_mod:
            self.modulation = nn.Parameter(torch.randn(6 * channels) / channels**0.5)
        else:
            self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(channels, 6 * channels))

    def _modulate(self, m: Tensor, grid: Grid, dtype: torch.dtype) -> tuple[Tensor, ...]:
        values = self.modulation + m if self.share_mod else self.adaLN_modulation(m)
        return grid.segments.expand(values.to(dtype)).chunk(6, dim=-1)


class ModulatedCrossBlock(Modulation):
    """x += gate SelfAttn(mod(norm x)); x += CrossAttn(norm x); x += gate MLP(mod(norm x))."""

    def __init__(
        self,
        channels: int,
        context_channels: int,
        num_heads: int,
        mlp_ratio: float = 4.0,
        rope: bool = False,
        rope_range: tuple[float, float] = (1.0, 10000.0),
        share_mod: bool = False,
        qk_rms_norm: bool = False,
        qk_rms_norm_cross: bool = False,
        projected_channels: int | None = None,
    ) -> None:
        super().__init__()
        self.self_attn = SelfAttention(channels, num_heads, qk_rms_norm, rope, rope_range)
        self.norm2 = LayerNorm32(channels, EPS)  # those before self attention and MLP have no weights
        cross = (channels, context_channels, num_heads, qk_rms_norm_cross)
        self.cross_attn = (
            CrossAttention(*cross)
            if projected_channels is None
            else ProjectedCrossAttention(*cross, projected_channels)
        )
        self.mlp = FeedForward(channels, mlp_ratio)
        self._add_modulation(channels, share_mod)

    def forward(self, x: Tensor, grid: Grid, m: Tensor, context: Context | KeyValues | None) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = self._modulate(m, grid, x.dtype)
        x = add_gated(x, gate1, self.self_attn(norm_modulate(x, shift1, scale1, EPS), grid))
        x = x + self.cross_attn(norm_affine(x, self.norm2.weight, self.norm2.bias, EPS), grid.segments, context)
        return add_gated(x, gate2, self.mlp(norm_modulate(x, shift2, scale2, EPS)))


class ModulatedSelfBlock(Modulation):
    """The modulated block without cross attention."""

    def __init__(
        self,
        channels: int,
        num_heads: int,
        mlp_ratio: float = 4.0,
        rope: bool = False,
        share_mod: bool = False,
        qk_rms_norm: bool = False,
    ) -> None:
        super().__init__()
        self.attn = SelfAttention(channels, num_heads, qk_rms_norm, rope)
        self.mlp = FeedForward(channels, mlp_ratio)
        self._add_modulation(channels, share_mod)

    def forward(self, x: Tensor, grid: Grid, m: Tensor) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = self._modulate(m, grid, x.dtype)
        x = add_gated(x, gate1, self.attn(norm_modulate(x, shift1, scale1, EPS), grid))
        return add_gated(x, gate2, self.mlp(norm_modulate(x, shift2, scale2, EPS)))


class CrossBlock(nn.Module):
    """The block without modulation."""

    def __init__(
        self,
        channels: int,
        context_channels: int,
        num_heads: int,
        mlp_ratio: float = 4.0,
        rope: bool = False,
        qk_rms_norm: bool = False,
        qk_rms_norm_cross: bool = False,
        ln_affine: bool = False,
    ) -> None:
        super().__init__()
        self.norm1 = LayerNorm32(channels, EPS, elementwise_affine=ln_affine)
        self.self_attn = SelfAttention(channels, num_heads, qk_rms_norm, rope)
        self.norm2 = LayerNorm32(channels, EPS, elementwise_affine=ln_affine)
        self.cross_attn = CrossAttention(channels, context_channels, num_heads, qk_rms_norm_cross)
        self.norm3 = LayerNorm32(channels, EPS, elementwise_affine=ln_affine)
        self.mlp = FeedForward(channels, mlp_ratio)

    def forward(self, x: Tensor, grid: Grid, context: Context | KeyValues | None) -> Tensor:
        x = x + self.self_attn(self.norm1(x), grid)
        x = x + self.cross_attn(self.norm2(x), grid.segments, context)
        return x + self.mlp(self.norm3(x))
