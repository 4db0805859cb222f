"""The Triton twin of `conv.py`: submanifold convolution as one implicit matrix product on NVIDIA GPUs.

Inputs in fp16, bf16 or fp32; accumulates in fp32, adds the bias, and never builds the gathered rows in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor

from .conv import KernelPairs, kernel_gradient
from .implicit_gemm import BLOCK_ROWS, ImplicitGemm


class Tile(NamedTuple):
    columns: int
    depth: int
    warps: int
    stages: int


def _tile(columns: int, depth: int) -> Tile:
    """Measured on an H200 at 128 to 1024 channels: 128 columns, four warps and five stages are best at all of them."""
    if columns > 64:
        return Tile(128, 64 if depth >= 64 else 32, 4, 5)
    return Tile(max(triton.next_power_of_2(columns), 16), 64 if depth >= 64 else 16, 4, 4)


@triton.jit
def _implicit_gemm_kernel(
    feats,
    weight,
    bias,
    out,
    rows,
    sources,
    slots,
    begins,
    columns,
    out_columns,
    depth,
    column_stride,
    slot_stride,
    depth_stride,
    KERNEL: tl.constexpr,
    REVERSED: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    WIDE: tl.constexpr,
    BLOCK_ROWS: tl.constexpr,
    BLOCK_COLUMNS: tl.constexpr,
    BLOCK_DEPTH: tl.constexpr,
):
    """One loop over slots and depth together, so that loads run ahead across slots."""
    block = tl.program_id(0)
    lane = tl.arange(0, BLOCK_ROWS)
    column = tl.program_id(1) * BLOCK_COLUMNS + tl.arange(0, BLOCK_COLUMNS)
    wanted = column < out_columns
    weight_column = tl.load(columns + block) * out_columns + column
    begin = tl.load(begins + block)
    steps = tl.cdiv(depth, BLOCK_DEPTH)
    total = tl.zeros((BLOCK_ROWS, BLOCK_COLUMNS), dtype=tl.float32)
    for i in range((tl.load(begins + block + 1) - begin) * steps):
        place = begin + i // steps
        k = i % steps * BLOCK_DEPTH + tl.arange(0, BLOCK_DEPTH)
        inside = k < depth
        slot = tl.load(slots + place)
        source = tl.load(sources + place * BLOCK_ROWS + lane)
        if REVERSED:
            slot = KERNEL - 1 - slot
        row_start = (source.to(tl.int64) if WIDE else source) * depth
        x = tl.load(feats + row_start[:, None] + k[None, :], mask=(source >= 0)[:, None] & inside[None, :], other=0.0)
        weight_start = slot * slot_stride + k * depth_stride
        w = tl.load(
            weight + weight_start[:, None] + (weight_column * column_stride)[None, :],
            mask=inside[:, None] & wanted[None, :],
            other=0.0,
        )
        total = tl.dot(x, w, total)
    if HAS_BIAS:
        total += tl.load(bias + weight_column, mask=wanted, other=0.0).to(tl.float32)[None, :]
    row = tl.load(rows + block * BLOCK_ROWS + lane)
    target = out + row.to(tl.int64)[:, None] * out_columns + column[None, :]
    tl.store(target, total.to(out.dtype.element_ty), mask=(row >= 0)[:, None] & wanted[None, :])


def run_plan(
    plan: ImplicitGemm, feats: Tensor, weight: Tensor, bias: Tensor | None, columns: int, transposed: bool = False
) -> Tensor:
    """feats (N, depth) through `weight` (C_out, k, k, k, C_in) -> (outputs, columns).

    `columns` are the output channels of one group. `transposed` runs the gradient of the input: output channels in,
    input channels out, kernel slots mirrored.
    """
    feats = feats.contiguous()
    kernels = weight.flatten(1, 3)  # (Co, K, Ci)
    column_stride, slot_stride, depth_stride = kernels.stride()
    if transposed:
        column_stride, depth_stride = depth_stride, column_stride
    out = feats.new_zeros(plan.outputs, columns) if plan.outputs == 0 else feats.new_empty(plan.outputs, columns)
    if plan.outputs == 0:
        return out

    tile = _tile(columns, feats.shape[1])
    _implicit_gemm_kernel[len(plan.rows), triton.cdiv(columns, tile.columns)](  # pyright: ignore
        feats,
        kernels,
        bias if bias is not None else feats,
        out,
        plan.rows,
        plan.sources,
        plan.slots,
        plan.begins,
        plan.columns,
        columns,
        feats.shape[1],
        column_stride,
        slot_stride,
        depth_stride,
        KERNEL=kernels.shape[1],
        REVERSED=transposed,
        HAS_BIAS=bias is not None,
        WIDE=feats.numel() >= 1 << 31,
        BLOCK_ROWS=BLOCK_ROWS,
        BLOCK_COLUMNS=tile.columns,
        BLOCK_DEPTH=tile.depth,
        num_warps=tile.warps,
        num_stages=tile.stages,
    )
    return out


class _ImplicitGemmConv(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, feats: Tensor, weight: Tensor, bias: Tensor | None, plan: ImplicitGemm, pairs: Callable
    ) -> Tensor:  # pyright: ignore
        ctx.save_for_backward(feats, weight)
        ctx.plan, ctx.pairs, ctx.has_bias = plan, pairs, bias is not None
        return run_plan(plan, feats, weight, bias, weight.shape[0])

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor | None, None, None]:  # pyright: ignore
        feats, weight = ctx.saved_tensors
        grad_feats = run_plan(ctx.plan, grad, weight, None, weight.shape[-1], transposed=True)
        grad_bias = grad.sum(0) if ctx.has_bias else None
        return grad_feats, kernel_gradient(grad, feats, weight, ctx.pairs()), grad_bias, None, None


def submanifold_conv(
    feats: Tensor, weight: Tensor, bias: Tensor | None, plan: ImplicitGemm, pairs: Callable[[], KernelPairs]
) -> Tensor:
    """(N, Ci) -> (N, Co), differentiable. `pairs` are asked for by the gradient of the weight only."""
    return _ImplicitGemmConv.apply(feats, weight, bias, plan, pairs)


def conv_to_children(feats: Tensor, weight: Tensor, bias: Tensor | None, plan: ImplicitGemm) -> Tensor:
    """(N, Ci) -> (N_fine, Co / 8): convolution and `channel_to_space` at once; for inference."""
    return run_plan(plan, feats, weight, bias, weight.shape[0] // 8)
