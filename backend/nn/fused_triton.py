"""Triton twins of what a transformer block does between its matrix products, one pass over memory each.

The plain forms are in `fused.py`. Inference only: none of them has a gradient.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

HEADS_TOGETHER = 8  # of one row, in one program
NORM_TILE = 2048  # elements of one program of a norm, more where a row has more


@triton.jit
def _norm_kernel(
    x,
    scale,
    shift,
    out,
    rows,
    width,
    split,
    eps,
    ROWS: tl.constexpr,
    WIDTH: tl.constexpr,
    MODULATED: tl.constexpr,
    WEIGHTED: tl.constexpr,
    SILU: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)[:, None]
    column = tl.arange(0, WIDTH)[None, :]
    inside = (column < width) & (row < rows)
    values = tl.load(x + row * width + column, mask=inside, other=0.0).to(tl.float32)
    mean = tl.sum(values, 1)[:, None] / width
    centred = tl.where(inside, values - mean, 0.0)
    normed = centred / tl.sqrt(tl.sum(centred * centred, 1)[:, None] / width + eps)
    if MODULATED:
        # rounded as the plain form rounds: the norm itself first, then the product
        normed = normed.to(out.dtype.element_ty).to(tl.float32)
        place = tl.where(row < split, 0, 1) * width + column
        a = tl.load(scale + place, mask=inside, other=0.0).to(tl.float32)
        b = tl.load(shift + place, mask=inside, other=0.0).to(tl.float32)
        normed = normed * (1.0 + a) + b
    if WEIGHTED:
        a = tl.load(scale + column, mask=column < width, other=0.0).to(tl.float32)
        b = tl.load(shift + column, mask=column < width, other=0.0).to(tl.float32)
        normed = normed * a + b
    if SILU:
        normed = normed.to(out.dtype.element_ty).to(tl.float32)
        normed = normed / (1.0 + tl.exp(-normed))
    tl.store(out + row * width + column, normed.to(out.dtype.element_ty), mask=inside)


def _normed(x: Tensor, scale: Tensor | None, shift: Tensor | None, split: int, eps: float, **switches: bool):
    out = torch.empty_like(x)
    rows, width = x.shape
    tile = triton.next_power_of_2(width)
    tile_rows = max(NORM_TILE // tile, 1)
    _norm_kernel[(triton.cdiv(rows, tile_rows),)](  # pyright: ignore
        x,
        x if scale is None else scale.contiguous(),
        x if shift is None else shift.contiguous(),
        out,
        rows,
        width,
        split,
        eps,
        ROWS=tile_rows,
        WIDTH=tile,
        **switches,  # pyright: ignore
    )
    return out


def norm_modulate(x: Tensor, scale: Tensor, shift: Tensor, eps: float, split: int) -> Tensor:
    """norm(x) * (1 + scale) + shift for x (T, C) and scale, shift (1 or 2, C): the second from row `split` on."""
    return _normed(x, scale, shift, split, eps, MODULATED=True, WEIGHTED=False, SILU=False)


def norm_affine(x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float, silu: bool = False) -> Tensor:
    """norm(x) * weight + bias for x (T, C), or the norm alone; under silu if wanted."""
    return _normed(x, weight, bias, len(x), eps, MODULATED=False, WEIGHTED=weight is not None, SILU=silu)


@triton.jit
def _heads_kernel(
    x,
    gamma,
    table,
    row_stride,
    gamma_stride,
    heads,
    width,
    eps,
    HEADS: tl.constexpr,
    PAIRS: tl.constexpr,
    NORMED: tl.constexpr,
    ROTATED: tl.constexpr,
):
    """Some heads of one row; even and odd channels apart."""
    row = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1) * HEADS + tl.arange(0, HEADS)[:, None]
    channel = tl.arange(0, 2 * PAIRS)[None, :]
    inside = (head < heads) & (channel < width)
    place = x + row * row_stride + head * width + channel
    values = tl.load(place, mask=inside, other=0.0).to(tl.float32)
    if NORMED:
        square = tl.sum(values * values, 1)[:, None] / width + eps
        weight = tl.load(gamma + head * gamma_stride + channel, mask=inside, other=0.0).to(tl.float32)
        values = (values * tl.rsqrt(tl.maximum(square, 1e-30)) * weight).to(x.dtype.element_ty).to(tl.float32)
    if ROTATED:
        even, odd = tl.split(tl.reshape(values, (HEADS, PAIRS, 2)))
        pair = tl.arange(0, PAIRS)[None, :]
        angle = table + row * width + 2 * pair
        cos = tl.load(angle, mask=2 * pair < width, other=1.0)
        sin = tl.load(angle + 1, mask=2 * pair < width, other=0.0)
        values = tl.reshape(tl.join(even * cos - odd * sin, even * sin + odd * cos), (HEADS, 2 * PAIRS))
    tl.store(place, values.to(x.dtype.element_ty), mask=inside)


def prepare_heads_(x: Tensor, gamma: Tensor | None, table: Tensor | None, eps: float) -> Tensor:
    """RMS norm and rotary encoding of heads (T, H, d) in place; rows may be strided, heads and channels not."""
    rows, heads, width = x.shape
    together = min(HEADS_TOGETHER, triton.next_power_of_2(heads))
    _heads_kernel[(rows, triton.cdiv(heads, together))](  # pyright: ignore
        x,
        gamma if gamma is not None else x,
        table if table is not None else x,
        x.stride(0),
        0 if gamma is None or gamma.ndim == 1 else gamma.stride(0),
        heads,
        width,
        eps,
        HEADS=together,
        PAIRS=triton.next_power_of_2(width // 2),
        NORMED=gamma is not None,
        ROTATED=table is not None,
    )
    return x


@triton.jit
def _quantise_kernel(x, out, scales, width, LARGEST: tl.constexpr, SMALLEST: tl.constexpr, WIDTH: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, WIDTH)
    inside = column < width
    values = tl.load(x + row * width + column, mask=inside, other=0.0).to(tl.float32)
    scale = tl.maximum(tl.max(tl.abs(values), 0), SMALLEST) / LARGEST
    tl.store(scales + row, scale)
    tl.store(out + row * width + column, (values / scale).to(tl.float8e4nv), mask=inside)


def quantise_rows(x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows (T, C) in float8 (e4m3) and their scales (T, 1) fp32."""
    rows, width = x.shape
    out, scales = torch.empty_like(x, dtype=torch.float8_e4m3fn), x.new_empty(rows, 1, dtype=torch.float32)
    tile = triton.next_power_of_2(width)
    _quantise_kernel[(rows,)](  # pyright: ignore
        x, out, scales, width, LARGEST=448.0, SMALLEST=1e-12, WIDTH=tile, num_warps=8 if tile > 4096 else 4
    )
    return out, scales


@triton.jit
def _gated_kernel(x, gate, y, more, width, split, BLOCK: tl.constexpr, TWO: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = column < width
    place = row * width + column
    part = tl.where(row < split, 0, 1)
    g = tl.load(gate + part * width + column, mask=inside, other=0.0).to(tl.float32)
    added = tl.load(y + place, mask=inside, other=0.0).to(tl.float32)
    if TWO:
        added += tl.load(more + place, mask=inside, other=0.0).to(tl.float32)
        added = added.to(x.dtype.element_ty).to(tl.float32)
    product = (g * added).to(x.dtype.element_ty).to(tl.float32)
    total = tl.load(x + place, mask=inside, other=0.0).to(tl.float32) + product
    tl.store(x + place, total.to(x.dtype.element_ty), mask=inside)


def add_gated_(x: Tensor, gate: Tensor, y: Tensor, more: Tensor | None, split: int) -> Tensor:
    """x += gate * (y + more) for x, y, more (T, C) and gate (1 or 2, C): the second from row `split` on."""
    rows, width = x.shape
    block = min(1024, triton.next_power_of_2(width))
    second = None if more is None else more.contiguous()
    _gated_kernel[(rows, triton.cdiv(width, block))](  # pyright: ignore
        x,
        gate.contiguous(),
        y.contiguous(),
        x if second is None else second,
        width,
        split,
        BLOCK=block,
        TWO=second is not None,
    )
    return x
