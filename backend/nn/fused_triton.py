"""Triton twins of what a transformer block does between its matrix products, one pass over memory each.

The plain forms are in `fused.py`. Inference only: none of them has a gradient.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _norm_kernel(x, scale, shift, out, width, item_rows, eps, WIDTH: tl.constexpr, MODULATED: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, WIDTH)
    inside = column < width
    values = tl.load(x + row * width + column, mask=inside, other=0.0).to(tl.float32)
    mean = tl.sum(values, 0) / width
    centred = tl.where(inside, values - mean, 0.0)
    deviation = tl.sqrt(tl.sum(centred * centred, 0) / width + eps)
    # rounded as the plain form rounds: the norm itself first, then the product
    normed = (centred / deviation).to(out.dtype.element_ty)
    if MODULATED:
        item = row // item_rows
        a = tl.load(scale + item * width + column, mask=inside, other=0.0).to(tl.float32)
        b = tl.load(shift + item * width + column, mask=inside, other=0.0).to(tl.float32)
        normed = (normed.to(tl.float32) * (1.0 + a) + b).to(out.dtype.element_ty)
    else:
        a = tl.load(scale + column, mask=inside, other=0.0).to(tl.float32)
        b = tl.load(shift + column, mask=inside, other=0.0).to(tl.float32)
        normed = (centred / deviation * a + b).to(out.dtype.element_ty)
    tl.store(out + row * width + column, normed, mask=inside)


def norm_modulate(x: Tensor, scale: Tensor, shift: Tensor, eps: float) -> Tensor:
    """norm(x) * (1 + scale) + shift for x (T, C) and scale, shift (1, C), or one row per equal part of the rows."""
    out = torch.empty_like(x)
    rows, width = x.shape
    tile = triton.next_power_of_2(width)
    _norm_kernel[(rows,)](  # pyright: ignore
        x,
        scale.contiguous(),
        shift.contiguous(),
        out,
        width,
        max(rows // len(scale), 1),
        eps,
        WIDTH=tile,
        MODULATED=True,
    )
    return out


def norm_affine(x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """norm(x) * weight + bias for x (T, C)."""
    out = torch.empty_like(x)
    rows, width = x.shape
    tile = triton.next_power_of_2(width)
    _norm_kernel[(rows,)](x, weight, bias, out, width, 1, eps, WIDTH=tile, MODULATED=False)  # pyright: ignore
    return out


@triton.jit
def _heads_kernel(
    x,
    gamma,
    table,
    row_stride,
    HALF: tl.constexpr,
    PAIRS: tl.constexpr,
    NORMED: tl.constexpr,
    ROTATED: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1)
    pair = tl.arange(0, PAIRS)
    inside = pair < HALF
    start = x + row * row_stride + head * 2 * HALF
    even = tl.load(start + 2 * pair, mask=inside, other=0.0).to(tl.float32)
    odd = tl.load(start + 2 * pair + 1, mask=inside, other=0.0).to(tl.float32)
    if NORMED:
        length = tl.sqrt(tl.sum(even * even + odd * odd, 0))
        factor = tl.sqrt(2.0 * HALF) / tl.maximum(length, 1e-12)
        even = even * factor * tl.load(gamma + head * 2 * HALF + 2 * pair, mask=inside, other=0.0).to(tl.float32)
        odd = odd * factor * tl.load(gamma + head * 2 * HALF + 2 * pair + 1, mask=inside, other=0.0).to(tl.float32)
        even, odd = even.to(x.dtype.element_ty).to(tl.float32), odd.to(x.dtype.element_ty).to(tl.float32)
    if ROTATED:
        cos = tl.load(table + row * 2 * HALF + 2 * pair, mask=inside, other=1.0)
        sin = tl.load(table + row * 2 * HALF + 2 * pair + 1, mask=inside, other=0.0)
        even, odd = even * cos - odd * sin, even * sin + odd * cos
    tl.store(start + 2 * pair, even.to(x.dtype.element_ty), mask=inside)
    tl.store(start + 2 * pair + 1, odd.to(x.dtype.element_ty), mask=inside)


def prepare_heads_(x: Tensor, gamma: Tensor | None, table: Tensor | None) -> Tensor:
    """RMS norm and rotary encoding of heads (T, H, d) in place; rows may be strided, heads and channels not."""
    rows, heads, width = x.shape
    half = width // 2
    _heads_kernel[(rows, heads)](  # pyright: ignore
        x,
        gamma if gamma is not None else x,
        table if table is not None else x,
        x.stride(0),
        HALF=half,
        PAIRS=triton.next_power_of_2(half),
        NORMED=gamma is not None,
        ROTATED=table is not None,
    )
    return x


@triton.jit
def _gated_kernel(x, gate, y, count, width, item_size, BLOCK: tl.constexpr):
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = place < count
    column = place % width
    g = tl.load(gate + place // item_size * width + column, mask=inside, other=0.0).to(tl.float32)
    product = (g * tl.load(y + place, mask=inside, other=0.0).to(tl.float32)).to(x.dtype.element_ty).to(tl.float32)
    total = tl.load(x + place, mask=inside, other=0.0).to(tl.float32) + product
    tl.store(x + place, total.to(x.dtype.element_ty), mask=inside)


def add_gated_(x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
    """x += gate * y for x, y (T, C) and gate (1, C), or one row per equal part of the rows."""
    count, block = x.numel(), 2048
    _gated_kernel[(triton.cdiv(count, block),)](  # pyright: ignore
        x, gate.contiguous(), y.contiguous(), count, x.shape[1], count // len(gate), BLOCK=block
    )
    return x
