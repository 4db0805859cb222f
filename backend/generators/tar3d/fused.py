"""One decoding step of the GPT in five Triton kernels a layer; the plain twin is `GPT.step`.

    normed linear (q | k | v) -> attention of one position -> linear + residual -> normed SwiGLU -> linear + residual

Decoding a few rows is bound by reading the weights and by the number of launches, so norms, rotations, residuals and
the state's update all happen in the kernel that has the numbers anyway. Lengths are read on the device: one CUDA graph
serves every position.
"""

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from .gpt import GPT, DecodingState, FullCache

DOT_ROWS = 16  # more rows than FEW go through the matrix units, padded to this
FEW = 4


@triton.jit
def _tile(weight, x, gain, out_mask, column, d, rows, R: tl.constexpr, NORM: tl.constexpr):
    """A tile of weights [O, D] and the inputs [R, D] that meet it, times the norm's gain; also the inputs alone."""
    inside = column < d
    w = tl.load(weight + column[None, :], mask=out_mask[:, None] & inside[None, :], other=0.0)
    row = tl.arange(0, R)
    values = tl.load(x + row[:, None] * d + column[None, :], mask=(row < rows)[:, None] & inside[None, :], other=0.0)
    values = values.to(tl.float32)
    scaled = values
    if NORM:
        scaled = values * tl.load(gain + column, mask=inside, other=0.0).to(tl.float32)[None, :]
    return w, values, scaled


@triton.jit
def _linear_kernel(
    x, gain, weight, out, d, o, rows, eps,
    NORM: tl.constexpr, SWIGLU: tl.constexpr, ADD: tl.constexpr, DOT: tl.constexpr,
    R: tl.constexpr, BO: tl.constexpr, BD: tl.constexpr,
):  # fmt: skip
    """out [rows, o] (+)= norm(x [rows, d]) @ weight [o, d].T; SwiGLU: weight is [2 o, d], silu(first) * second."""
    column_out = tl.program_id(0) * BO + tl.arange(0, BO)
    out_mask = column_out < o
    first = weight + column_out[:, None] * d
    second = first + o * d
    squares = tl.zeros((R,), tl.float32)
    if DOT:
        sum1 = tl.zeros((BO, R), tl.float32)
        sum2 = tl.zeros((BO, R), tl.float32)
    else:
        sum1 = tl.zeros((BO, R, BD), tl.float32)
        sum2 = tl.zeros((BO, R, BD), tl.float32)
    for start in range(0, d, BD):
        column = start + tl.arange(0, BD)
        w, values, scaled = _tile(first, x, gain, out_mask, column, d, rows, R, NORM)
        squares += tl.sum(values * values, axis=1)
        if DOT:
            sum1 += tl.dot(w, tl.trans(scaled.to(w.dtype)))
        else:
            sum1 += w.to(tl.float32)[:, None, :] * scaled[None, :, :]
        if SWIGLU:
            w2 = tl.load(second + column[None, :], mask=out_mask[:, None] & (column < d)[None, :], other=0.0)
            if DOT:
                sum2 += tl.dot(w2, tl.trans(scaled.to(w2.dtype)))
            else:
                sum2 += w2.to(tl.float32)[:, None, :] * scaled[None, :, :]
    if DOT:
        y, gate = sum1, sum2
    else:
        y, gate = tl.sum(sum1, axis=2), tl.sum(sum2, axis=2)  # [BO, R]
    if NORM:
        scale = tl.rsqrt(squares / d + eps)[None, :]
        y, gate = y * scale, gate * scale
    if SWIGLU:
        y = y * tl.sigmoid(y) * gate
    row = tl.arange(0, R)
    place = out + row[None, :] * o + column_out[:, None]
    mask = out_mask[:, None] & (row < rows)[None, :]
    if ADD:
        y += tl.load(place, mask=mask, other=0.0).to(tl.float32)
    tl.store(place, y.to(out.dtype.element_ty), mask=mask)


@triton.jit
def _rotated(x, cos, sin, pair, mask):
    """Even and odd channels of one head after the rotation."""
    even = tl.load(x + 2 * pair, mask=mask, other=0.0).to(tl.float32)
    odd = tl.load(x + 2 * pair + 1, mask=mask, other=0.0).to(tl.float32)
    return even * cos - odd * sin, odd * cos + even * sin


@triton.jit
def _lightning_kernel(qkv, rope, slopes, state, out, position, first_row, heads, d: tl.constexpr, D: tl.constexpr):
    """state <- exp(-slope) state + k v^T; out = q state. One program a row and head."""
    program = tl.program_id(0)
    head, width = program % heads, heads * d
    base = qkv + (program // heads) * 3 * width + head * d
    pair, channel = tl.arange(0, D // 2), tl.arange(0, D)
    pair_mask, mask = pair < d // 2, channel < d
    row = rope + (tl.load(position) + first_row) * d + 2 * pair
    cos, sin = tl.load(row, mask=pair_mask, other=0.0), tl.load(row + 1, mask=pair_mask, other=0.0)
    q_even, q_odd = _rotated(base, cos, sin, pair, pair_mask)
    k_even, k_odd = _rotated(base + width, cos, sin, pair, pair_mask)
    v = tl.load(base + 2 * width + channel, mask=mask, other=0.0).to(tl.float32)
    decay = tl.exp(-tl.load(slopes + head).to(tl.float32))
    even = state + program * d * d + 2 * pair[:, None] * d + channel[None, :]
    square = pair_mask[:, None] & mask[None, :]
    s_even = decay * tl.load(even, mask=square, other=0.0) + k_even[:, None] * v[None, :]
    s_odd = decay * tl.load(even + d, mask=square, other=0.0) + k_odd[:, None] * v[None, :]
    tl.store(even, s_even, mask=square)
    tl.store(even + d, s_odd, mask=square)
    y = tl.sum(q_even[:, None] * s_even + q_odd[:, None] * s_odd, axis=0)
    tl.store(out + (program // heads) * width + head * d + channel, y.to(out.dtype.element_ty), mask=mask)


@triton.jit
def _attention_kernel(
    qkv, rope, keys, values, bias, out, position, first_row, heads, slots, prefix, scale,
    d: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Store this position's key and value, then attend to everything stored. One program a row and head."""
    program = tl.program_id(0)
    head, width = program % heads, heads * d
    base = qkv + (program // heads) * 3 * width + head * d
    pair, channel = tl.arange(0, D // 2), tl.arange(0, D)
    pair_mask, mask = pair < d // 2, channel < d
    number = tl.load(position)
    row = rope + (number + first_row) * d + 2 * pair
    cos, sin = tl.load(row, mask=pair_mask, other=0.0), tl.load(row + 1, mask=pair_mask, other=0.0)
    q_even, q_odd = _rotated(base, cos, sin, pair, pair_mask)
    k_even, k_odd = _rotated(base + width, cos, sin, pair, pair_mask)
    q, k = tl.interleave(q_even, q_odd), tl.interleave(k_even, k_odd)  # [D]
    v = tl.load(base + 2 * width + channel, mask=mask, other=0.0).to(tl.float32)
    stored = prefix + number
    cache = program.to(tl.int64) * slots * d
    tl.store(keys + cache + stored * d + channel, k.to(keys.dtype.element_ty), mask=mask)
    tl.store(values + cache + stored * d + channel, v.to(values.dtype.element_ty), mask=mask)
    top, total, mixed = tl.sum(q * k) * scale, 1.0, v
    for start in range(0, stored, BLOCK):
        slot = start + tl.arange(0, BLOCK)
        old = slot < stored
        place = cache + slot[:, None] * d + channel[None, :]
        tile = old[:, None] & mask[None, :]
        scores = tl.sum(tl.load(keys + place, mask=tile, other=0.0).to(tl.float32) * q[None, :], axis=1) * scale
        condition = tl.load(bias + (program // heads) * slots + slot, mask=slot < prefix, other=0.0).to(tl.float32)
        scores = tl.where(old, scores + condition, float("-inf"))
        higher = tl.maximum(top, tl.max(scores, axis=0))
        share = tl.exp(scores - higher)
        keep = tl.exp(top - higher)
        block = tl.load(values + place, mask=tile, other=0.0).to(tl.float32)
        mixed = mixed * keep + tl.sum(share[:, None] * block, axis=0)
        total, top = total * keep + tl.sum(share, axis=0), higher
    y = mixed / total
    tl.store(out + (program // heads) * width + head * d + channel, y.to(out.dtype.element_ty), mask=mask)


class FusedStep:
    """The step of one model for a fixed number of rows; weights that are read together are packed together."""

    def __init__(self, model: GPT, rows: int):
        if rows > DOT_ROWS:
            raise ValueError(f"the fused step takes at most {DOT_ROWS} rows, got {rows}")
        self.model, self.rows, s = model, rows, model.settings
        like = model.output.weight
        self.packed = [_pack(layer) for layer in model.layers]
        self.x, self.mixed = like.new_zeros(rows, s.dim), like.new_zeros(rows, s.dim)
        self.qkv, self.hidden = like.new_zeros(rows, 3 * s.dim), like.new_zeros(rows, s.hidden)
        self.logits = like.new_zeros(rows, s.vocab_size, dtype=torch.float32)

    def __call__(self, code: Tensor, position: Tensor, state: DecodingState) -> Tensor:
        """Take in code number `position` [1]; code [rows] -> logits [rows, V] float32 (the same buffer every time)."""
        model = self.model
        torch.index_select(model.tok_embeddings.weight, 0, code, out=self.x)
        layers: Any = model.layers
        for layer, (qkv, out, norm, w13), memory in zip(layers, self.packed, state.layers, strict=True):
            self._linear(self.x, layer.attention_norm.weight, qkv, self.qkv)
            self._attend(layer.attention, position, memory, state)
            self._linear(self.mixed, norm, out, self.x, add=True)
            self._linear(self.x, layer.ffn_norm.weight, w13, self.hidden, swiglu=True)
            self._linear(self.hidden, None, layer.feed_forward.w2.weight, self.x, add=True)
        self._linear(self.x, model.norm.weight, model.output.weight, self.logits)
        return self.logits

    def _linear(self, x: Tensor, gain: Tensor | None, weight: Tensor, out: Tensor, *, swiglu=False, add=False) -> None:
        few = self.rows <= FEW
        r = triton.next_power_of_2(self.rows) if few else DOT_ROWS
        block_out, block_in = (8, 256) if few else (16, 256)
        linear: Any = _linear_kernel
        linear[(triton.cdiv(out.shape[1], block_out),)](
            x, x if gain is None else gain, weight, out, x.shape[1], out.shape[1], self.rows,
            self.model.settings.norm_eps, NORM=gain is not None, SWIGLU=swiglu, ADD=add, DOT=not few,
            R=r, BO=block_out, BD=block_in, num_warps=4, num_stages=3,
        )  # fmt: skip

    def _attend(self, attention, position: Tensor, memory: FullCache | Tensor, state: DecodingState) -> None:
        s = self.model.settings
        grid, d, wide = (self.rows * s.n_head,), s.head_dim, triton.next_power_of_2(s.head_dim)
        if isinstance(memory, FullCache):
            attend: Any = _attention_kernel
            attend[grid](
                self.qkv, self.model.rope_full, memory.keys, memory.values, state.bias, self.mixed, position,
                s.cls_token_num, s.n_head, memory.keys.shape[2], state.prefix, d**-0.5, d=d, D=wide, BLOCK=128,
            )  # fmt: skip
        else:
            recur: Any = _lightning_kernel
            recur[grid](
                self.qkv, self.model.rope_lightning, attention.slopes, memory, self.mixed, position,
                s.cls_token_num, s.n_head, d=d, D=wide,
            )  # fmt: skip


def _pack(layer) -> tuple[Tensor, Tensor, Tensor | None, Tensor]:
    """(q | k | v, output projection, the norm before it if any, w1 | w3) of a layer."""
    a, f = layer.attention, layer.feed_forward
    w13 = torch.cat([f.w1.weight, f.w3.weight]).detach()
    if layer.is_full:
        return a.wqkv.weight.detach(), a.wo.weight.detach(), None, w13
    qkv = torch.cat([a.q_proj.weight, a.k_proj.weight, a.v_proj.weight]).detach()
    return qkv, a.out_proj.weight.detach(), a.rms_norm.weight.detach(), w13
