"""Triton twin of the chunked lightning attention, with gradients; the plain form is in `lightning_attention.py`.

Everything is one kind of sum, o_t = sum over s <= t of exp(-slope (t - s)) (q_t . k_s) v_s, here called a scan:

    o = scan(q, k, v)      dq = scan(do, v, k)      dk = scan backwards (v, do, q)      dv = scan backwards (k, q, do)

The sequence is cut into segments that run side by side: first every segment's own share of the state, then the outputs,
chunk by chunk, from the state that the earlier segments leave. States and sums are float32.
"""

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

CHUNK = 64  # positions whose score matrix is formed
CHUNKS = 8  # chunks a segment


@triton.jit
def _rows(x, pair, first, length, heads, width: tl.constexpr, W: tl.constexpr, C: tl.constexpr, BACK: tl.constexpr):
    """Addresses [C, W] of one head's positions first, first + 1, ... of x [B, N, H, width], and which of them exist."""
    place, channel = first + tl.arange(0, C), tl.arange(0, W)
    time = place
    if BACK:
        time = length - 1 - place
    row = (pair // heads).to(tl.int64) * length + time
    mask = (place < length)[:, None] & (channel < width)[None, :]
    return x + (row[:, None] * heads + pair % heads) * width + channel[None, :], mask


@triton.jit
def _aged(state, k, v, slope, C: tl.constexpr, PRECISION: tl.constexpr):
    """The state after a chunk of keys and values."""
    left = C - 1 - tl.arange(0, C)
    weighed = k.to(tl.float32) * tl.exp(-slope * left)[:, None]
    return state * tl.exp(-slope * C) + tl.dot(tl.trans(weighed), v.to(tl.float32), input_precision=PRECISION)


@triton.jit
def _segment_kernel(
    k, v, slopes, states, length, heads, segments,
    d: tl.constexpr, e: tl.constexpr, D: tl.constexpr, E: tl.constexpr, C: tl.constexpr, N: tl.constexpr,
    BACK: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """What each segment alone leaves in the state at its end: [B H, segments, D, E]."""
    pair, segment = tl.program_id(0), tl.program_id(1)
    slope = tl.load(slopes + pair % heads).to(tl.float32)
    state = tl.zeros((D, E), tl.float32)
    for chunk in range(N):
        first = (segment * N + chunk) * C
        keys, key_mask = _rows(k, pair, first, length, heads, d, D, C, BACK)
        values, value_mask = _rows(v, pair, first, length, heads, e, E, C, BACK)
        k_tile = tl.load(keys, mask=key_mask, other=0.0)
        state = _aged(state, k_tile, tl.load(values, mask=value_mask, other=0.0), slope, C, PRECISION)
    square = tl.arange(0, D)[:, None] * E + tl.arange(0, E)[None, :]
    tl.store(states + (pair * segments + segment).to(tl.int64) * D * E + square, state)


@triton.jit
def _output_kernel(
    q, k, v, slopes, states, out, length, heads, segments,
    d: tl.constexpr, e: tl.constexpr, D: tl.constexpr, E: tl.constexpr, C: tl.constexpr, N: tl.constexpr,
    BACK: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    pair, segment = tl.program_id(0), tl.program_id(1)
    slope = tl.load(slopes + pair % heads).to(tl.float32)
    square = tl.arange(0, D)[:, None] * E + tl.arange(0, E)[None, :]
    state = tl.zeros((D, E), tl.float32)
    for earlier in range(segment):
        added = tl.load(states + (pair * segments + earlier).to(tl.int64) * D * E + square)
        state = state * tl.exp(-slope * C * N) + added
    place = tl.arange(0, C)
    ahead = place[:, None] - place[None, :]
    inside = tl.where(ahead >= 0, tl.exp(-slope * tl.maximum(ahead, 0)), 0.0)
    from_start = tl.exp(-slope * (place + 1))
    for chunk in range(N):
        first = (segment * N + chunk) * C
        queries, query_mask = _rows(q, pair, first, length, heads, d, D, C, BACK)
        keys, key_mask = _rows(k, pair, first, length, heads, d, D, C, BACK)
        values, value_mask = _rows(v, pair, first, length, heads, e, E, C, BACK)
        q_tile = tl.load(queries, mask=query_mask, other=0.0)
        k_tile = tl.load(keys, mask=key_mask, other=0.0)
        v_tile = tl.load(values, mask=value_mask, other=0.0)
        scores = tl.dot(q_tile, tl.trans(k_tile), input_precision=PRECISION) * inside
        y = tl.dot(q_tile.to(tl.float32) * from_start[:, None], state, input_precision=PRECISION)
        y += tl.dot(scores.to(v_tile.dtype), v_tile, input_precision=PRECISION)
        targets, _ = _rows(out, pair, first, length, heads, e, E, C, BACK)
        tl.store(targets, y.to(out.dtype.element_ty), mask=value_mask)
        state = _aged(state, k_tile, v_tile, slope, C, PRECISION)


@torch.library.custom_op("greybox::lightning_scan", mutates_args=())
def scan(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, backwards: bool) -> Tensor:
    """q, k [B, N, H, d], v [B, N, H, e] of one type, slopes [H] -> [B, N, H, e]; `backwards` sums over s >= t."""
    q, k, v = q.contiguous(), k.contiguous(), v.contiguous()
    batch, length, heads, d = k.shape
    e, out = v.shape[-1], torch.zeros_like(v)
    segments = triton.cdiv(length, CHUNK * CHUNKS)
    wide = dict(D=max(triton.next_power_of_2(d), 16), E=max(triton.next_power_of_2(e), 16))
    states = v.new_zeros(batch * heads, segments, wide["D"], wide["E"], dtype=torch.float32)
    common = dict(
        d=d, e=e, **wide, C=CHUNK, N=CHUNKS, BACK=backwards, PRECISION="tf32x3" if v.dtype == torch.float32 else "tf32",
        num_warps=4,
    )  # fmt: skip
    grid, share, output = (batch * heads, segments), _segment_kernel, _output_kernel
    _launch(share, grid, k, v, slopes, states, length, heads, segments, **common)
    _launch(output, grid, q, k, v, slopes, states, out, length, heads, segments, **common)
    return out


def _launch(kernel: Any, grid: tuple[int, int], *arguments, **constants) -> None:
    kernel[grid](*arguments, **constants)


@scan.register_fake
def _(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor, backwards: bool) -> Tensor:
    return torch.empty_like(v, memory_format=torch.contiguous_format)


def _remember(ctx, inputs, output) -> None:
    q, k, v, slopes, ctx.backwards = inputs
    ctx.save_for_backward(q, k, v, slopes)


def _gradients(ctx, grad: Tensor):
    q, k, v, slopes = ctx.saved_tensors
    same, other = ctx.backwards, not ctx.backwards
    return scan(grad, v, k, slopes, same), scan(v, grad, q, slopes, other), scan(k, q, grad, slopes, other), None, None


scan.register_autograd(_gradients, setup_context=_remember)


def lightning_attention(q: Tensor, k: Tensor, v: Tensor, slopes: Tensor) -> Tensor:
    """q, k [B, H, N, d], v [B, H, N, e], slopes [H] -> [B, H, N, e] in the type of v."""
    q, k, v = (t.to(v.dtype).transpose(1, 2).contiguous() for t in (q, k, v))
    return scan(q, k, v, slopes, False).transpose(1, 2)
