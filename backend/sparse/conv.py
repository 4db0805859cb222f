"""Submanifold sparse convolution: stride 1, outputs exactly at the input voxels (trellis2_core spec 4).

A gather, a matrix product and a scatter per kernel offset, over the pairs of neighbours that exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from typing import Any

import torch
from torch import Tensor

from .tensor import Grid, key_offset

HAS_TRITON = find_spec("triton") is not None


def neighbour_map(grid: Grid, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)) -> Tensor:
    """(kernel^3, N) int32: row of the voxel at each kernel offset of every voxel, -1 where there is none.

    Slots count z fastest: slot (a, b, c) = ((a + r) k + b + r) k + c + r with r = k // 2; slots v and -1-v mirror.
    """
    return grid.derived(("neighbours", kernel, dilation), lambda: compute_neighbour_map(grid, kernel, dilation))


def compute_neighbour_map(grid: Grid, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)) -> Tensor:
    """`neighbour_map`, not remembered: it is as large as many features."""
    if kernel % 2 == 0:
        raise ValueError(f"a submanifold convolution needs an odd kernel, not {kernel}")
    reach = kernel // 2
    offsets = list(product(range(-reach, reach + 1), repeat=3))
    centre = len(offsets) // 2
    neighbours = torch.full((len(offsets), len(grid)), -1, dtype=torch.int32, device=grid.coords.device)
    neighbours[centre] = torch.arange(len(grid), dtype=torch.int32, device=grid.coords.device)
    ordered, rows = grid.sorted_keys()
    steps = [key_offset(*(o * d for o, d in zip(offset, dilation, strict=True))) for offset in offsets[:centre]]
    if HAS_TRITON and grid.coords.is_cuda and steps and len(grid):
        from .neighbours_triton import fill_neighbours

        fill_neighbours(neighbours, ordered, rows, torch.tensor(steps, device=ordered.device))
        return neighbours
    for slot, step in enumerate(steps):  # half of the kernel: the other half is its mirror image
        found = grid.find(ordered + step)  # ascending queries stay in cache
        here = (found >= 0).nonzero().squeeze(1)
        neighbours[slot, rows[here]] = found[here].int()
        neighbours[len(offsets) - 1 - slot, found[here]] = rows[here].int()
    return neighbours


@dataclass(frozen=True)
class KernelPairs:
    """The pairs (output row, input row) of a convolution, sorted by kernel slot; the centre slot is left out."""

    outputs: Tensor  # (P,) int64
    inputs: Tensor  # (P,) int64
    counts: tuple[int, ...]  # pairs per slot

    @classmethod
    def of(cls, grid: Grid, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)) -> KernelPairs:
        return grid.derived(("pairs", kernel, dilation), lambda: cls._from_map(neighbour_map(grid, kernel, dilation)))

    @classmethod
    def _from_map(cls, neighbours: Tensor) -> KernelPairs:
        found = neighbours >= 0
        found[len(found) // 2] = False
        outputs = found.nonzero()[:, 1]
        return cls(outputs, neighbours[found].long(), tuple(found.sum(1).tolist()))

    def by_slot(self) -> list[tuple[int, Tensor, Tensor]]:
        """(slot, output rows, input rows) of the slots that occur."""
        parts = zip(self.outputs.split(self.counts), self.inputs.split(self.counts), strict=True)
        return [(slot, outputs, inputs) for slot, (outputs, inputs) in enumerate(parts) if len(outputs)]


class _SubmanifoldConv(torch.autograd.Function):
    """Saves the inputs only; gathers again in the backward pass. Accumulates in fp32."""

    @staticmethod
    def forward(ctx: Any, feats: Tensor, weight: Tensor, pairs: KernelPairs) -> Tensor:  # pyright: ignore
        ctx.save_for_backward(feats, weight)
        ctx.pairs = pairs
        kernels = weight.flatten(1, 3)  # (Co, K, Ci)
        out = (feats @ kernels[:, kernels.shape[1] // 2].T).float()
        for slot, outputs, inputs in pairs.by_slot():
            out.index_add_(0, outputs, (feats[inputs] @ kernels[:, slot].T).float())
        return out.to(feats.dtype)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:  # pyright: ignore
        feats, weight = ctx.saved_tensors
        kernels = weight.flatten(1, 3)
        grad_feats = (grad @ kernels[:, kernels.shape[1] // 2]).float()
        for slot, outputs, inputs in ctx.pairs.by_slot():
            grad_feats.index_add_(0, inputs, (grad[outputs] @ kernels[:, slot]).float())
        return grad_feats.to(feats.dtype), kernel_gradient(grad, feats, weight, ctx.pairs), None


def kernel_gradient(grad: Tensor, feats: Tensor, weight: Tensor, pairs: KernelPairs) -> Tensor:
    """Gradient of the weight from that of the output (N, Co) and the input (N, Ci)."""
    kernels = torch.zeros_like(weight.flatten(1, 3), dtype=torch.float32)
    kernels[:, kernels.shape[1] // 2] = grad.T @ feats
    for slot, outputs, inputs in pairs.by_slot():
        kernels[:, slot] = grad[outputs].T @ feats[inputs]
    return kernels.view(weight.shape).to(weight.dtype)


def submanifold_conv(feats: Tensor, weight: Tensor, bias: Tensor | None, pairs: KernelPairs) -> Tensor:
    """(N, Ci) -> (N, Co): y[n] = bias + sum over kernel slots v of weight[:, v] x[neighbour of n at v]."""
    out = _SubmanifoldConv.apply(feats, weight, pairs)
    return out if bias is None else out + bias
