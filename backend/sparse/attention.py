"""Attention modules of the diffusion transformers: self, windowed, cross, and cross with projected features.

All work on rows (T, C) of a grid; a dense latent is a full grid (trellis2_core spec 6, pixal3d spec 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..nn.attention import segment_attention
from ..nn.fused import prepare_heads
from ..nn.norms import MultiHeadRMSNorm
from ..nn.rope import PUBLISHED_RANGE, rotary_table
from ..nn.segments import Segments
from .tensor import Grid, coordinate_keys


@dataclass(frozen=True)
class WindowPartition:
    """Rows gathered by (batch item, window)."""

    order: Tensor  # (T,) rows, window after window
    inverse: Tensor  # (T,) place of every row in `order`
    segments: Segments

    @classmethod
    def of(cls, grid: Grid, window: int, shift: tuple[int, int, int]) -> WindowPartition:
        return grid.derived(("windows", window, shift), lambda: cls._compute(grid, window, shift))

    @classmethod
    def _compute(cls, grid: Grid, window: int, shift: tuple[int, int, int]) -> WindowPartition:
        offset = torch.tensor(shift, device=grid.coords.device)
        cells = torch.cat((grid.coords[:, :1], (grid.positions + offset) // window), dim=1)
        keys, order = coordinate_keys(cells).sort(stable=True)
        lengths = keys.unique_consecutive(return_counts=True)[1].tolist()
        inverse = torch.zeros_like(order).scatter_(0, order, torch.arange(len(order), device=order.device))
        return cls(order, inverse, Segments(lengths))

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Attention inside every window: (T, H, d) -> (T, H, d)."""
        out = segment_attention(q[self.order], k[self.order], v[self.order], self.segments, self.segments)
        return out[self.inverse]


@dataclass(frozen=True)
class Windows:
    """How self attention is limited. `double`: half of the heads looks through windows shifted by half a window."""

    size: int
    shift: tuple[int, int, int] = (0, 0, 0)
    double: bool = False

    def attend(self, q: Tensor, k: Tensor, v: Tensor, grid: Grid) -> Tensor:
        if not self.double:
            return WindowPartition.of(grid, self.size, self.shift).attend(q, k, v)
        half = q.shape[1] // 2  # the upper half of the heads gives the first half of the output
        half_size = self.size // 2
        plain = WindowPartition.of(grid, self.size, (0, 0, 0))
        shifted = WindowPartition.of(grid, self.size, (half_size, half_size, half_size))
        upper = plain.attend(q[:, half:], k[:, half:], v[:, half:])
        lower = shifted.attend(q[:, :half], k[:, :half], v[:, :half])
        return torch.cat((upper, lower), dim=1)


class SelfAttention(nn.Module):
    """Rows attend to the rows of their own batch item: linear, norms of q and k, rotary encoding, attention, linear."""

    def __init__(
        self,
        channels: int,
        num_heads: int,
        qk_rms_norm: bool = False,
        rope: bool = False,
        rope_range: tuple[float, float] = PUBLISHED_RANGE,
        windows: Windows | None = None,
    ) -> None:
        super().__init__()
        self.num_heads, self.head_dim = num_heads, channels // num_heads
        self.rope, self.rope_range, self.windows = rope, rope_range, windows
        self.to_qkv = nn.Linear(channels, 3 * channels)
        self.q_rms_norm = MultiHeadRMSNorm(num_heads, self.head_dim) if qk_rms_norm else nn.Identity()
        self.k_rms_norm = MultiHeadRMSNorm(num_heads, self.head_dim) if qk_rms_norm else nn.Identity()
        self.to_out = nn.Linear(channels, channels)

    def forward(self, x: Tensor, grid: Grid) -> Tensor:
        q, k, v = self.to_qkv(x).unflatten(-1, (3, self.num_heads, self.head_dim)).unbind(1)  # (T, H, d)
        table = self._rotary_table(grid) if self.rope else None
        q, k = prepare_heads(q, _gamma(self.q_rms_norm), table), prepare_heads(k, _gamma(self.k_rms_norm), table)
        if self.windows:
            out = self.windows.attend(q, k, v, grid)
        else:
            out = segment_attention(q, k, v, grid.segments, grid.segments)
        return self.to_out(out.flatten(1))

    def _rotary_table(self, grid: Grid) -> Tensor:
        name = ("rotary", self.head_dim, self.rope_range)
        return grid.derived(name, lambda: rotary_table(grid.positions, self.head_dim, self.rope_range))


def _gamma(norm: nn.Module) -> Tensor | None:
    return norm.gamma if isinstance(norm, MultiHeadRMSNorm) else None


@dataclass(frozen=True)
class Context:
    """What cross attention looks at. A context of zeros is written as None: it then costs nothing."""

    tokens: Tensor  # (S, C_ctx), one batch item after another
    segments: Segments
    projected: Tensor | None = None  # (T, P) features aligned with the query rows

    @classmethod
    def of(cls, tokens: Tensor | Sequence[Tensor], projected: Tensor | None = None) -> Context:
        """From a dense batch (B, S, C) or from one (S_i, C) per item."""
        items = list(tokens)
        return cls(torch.cat(items), Segments([len(item) for item in items]), projected)


@dataclass(frozen=True)
class KeyValues:
    """Keys and values of one block, computed once for all steps of a sampler."""

    k: Tensor  # (S, H, d)
    v: Tensor  # (S, H, d)
    segments: Segments
    added: Tensor | None = None  # (T, C) what the projected features add to the output


class CrossAttention(nn.Module):
    """Rows attend to the context of their own batch item; no rotary encoding."""

    def __init__(self, channels: int, context_channels: int, num_heads: int, qk_rms_norm: bool = False) -> None:
        super().__init__()
        self.num_heads, self.head_dim = num_heads, channels // num_heads
        self.to_q = nn.Linear(channels, channels)
        self.to_kv = nn.Linear(context_channels, 2 * channels)
        self.q_rms_norm = MultiHeadRMSNorm(num_heads, self.head_dim) if qk_rms_norm else nn.Identity()
        self.k_rms_norm = MultiHeadRMSNorm(num_heads, self.head_dim) if qk_rms_norm else nn.Identity()
        self.to_out = nn.Linear(channels, channels)

    def keys_values(self, context: Context) -> KeyValues:
        kv = self.to_kv(context.tokens.to(self.to_kv.weight.dtype))
        k, v = kv.unflatten(-1, (2, self.num_heads, self.head_dim)).unbind(1)
        return KeyValues(prepare_heads(k, _gamma(self.k_rms_norm), None), v, context.segments)

    def forward(self, x: Tensor, segments: Segments, context: Context | KeyValues | None) -> Tensor:
        if context is None:  # equal keys: the softmax averages equal values, which are the bias
            return self.to_out(self.to_kv.bias[self.to_q.out_features :])
        keys = context if isinstance(context, KeyValues) else self.keys_values(context)
        q = prepare_heads(self.to_q(x).unflatten(-1, (self.num_heads, self.head_dim)), _gamma(self.q_rms_norm), None)
        return self.to_out(segment_attention(q, keys.k, keys.v, segments, keys.segments).flatten(1))


class ProjectedCrossAttention(nn.Module):
    """Cross attention plus a linear map of features that were projected onto the query rows."""

    def __init__(
        self, channels: int, context_channels: int, num_heads: int, qk_rms_norm: bool, projected_channels: int
    ) -> None:
        super().__init__()
        self.cross_attn_block = CrossAttention(channels, context_channels, num_heads, qk_rms_norm)
        self.proj_linear = nn.Linear(projected_channels, channels)

    def keys_values(self, context: Context) -> KeyValues:
        if context.projected is None:
            raise ValueError("this network needs features projected onto its tokens, and the context has none")
        keys = self.cross_attn_block.keys_values(context)
        added = self.proj_linear(context.projected.to(self.proj_linear.weight.dtype))
        return KeyValues(keys.k, keys.v, keys.segments, added)

    def forward(self, x: Tensor, segments: Segments, context: Context | KeyValues | None) -> Tensor:
        if context is None:
            return self.cross_attn_block(x, segments, None) + self.proj_linear.bias
        keys = context if isinstance(context, KeyValues) else self.keys_values(context)
        if keys.added is None:
            raise ValueError("keys and values were computed by a block without projected features")
        return self.cross_attn_block(x, segments, keys) + keys.added
