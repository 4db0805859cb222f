"""Order of rows for a convolution as one implicit matrix product (trellis2_core spec 4, 22).

Rows with alike neighbourhoods share a block, and a block passes only over the kernel slots that occur in it. Plain
tensor operations; `conv_triton.py` runs the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .conv import neighbour_map
from .tensor import Grid, Refinement

BLOCK_ROWS = 128


@dataclass(frozen=True)
class ImplicitGemm:
    """Padded rows in blocks of `BLOCK_ROWS`; what each reads and writes."""

    rows: Tensor  # (R,) int32 output row, -1 for padding
    sources: Tensor  # (K, R) int32 input row at each kernel slot, -1 for none
    slots: Tensor  # (B, K) int32: the kernel slots that occur in a block come first
    counts: Tensor  # (B,) int32: how many
    columns: Tensor  # (B,) int32: which of the groups of output columns of the weight a block computes
    outputs: int  # rows of the result

    @classmethod
    def of(cls, grid: Grid, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)) -> ImplicitGemm:
        """A convolution whose outputs are the voxels of the grid."""

        def plan() -> ImplicitGemm:
            return cls._plan(neighbour_map(grid, kernel, dilation), torch.zeros_like(grid.coords[:, 0]))

        return grid.derived(("implicit gemm", kernel, dilation), plan)

    @classmethod
    def of_children(cls, grid: Grid, refinement: Refinement) -> ImplicitGemm:
        """A convolution to eight groups of channels, followed by `channel_to_space`: of the groups only those whose
        child exists are computed, and written to the child's row at once."""
        return refinement.fine.derived(
            "implicit gemm of children",
            lambda: cls._plan(neighbour_map(grid)[:, refinement.parent], refinement.slot.int()),
        )

    @classmethod
    def _plan(cls, neighbours: Tensor, group: Tensor) -> ImplicitGemm:
        kernel, outputs = neighbours.shape
        device = neighbours.device
        order = (group.long() << 32 | _neighbourhood_rank(neighbours)).argsort()
        count = torch.bincount(group.long(), minlength=1)
        padded = (count + BLOCK_ROWS - 1) // BLOCK_ROWS * BLOCK_ROWS
        shift = (padded - count).cumsum(0) - (padded - count)  # padding before each group
        place = torch.arange(outputs, device=device) + shift[group[order].long()]
        total = int(padded.sum())
        rows = torch.full((total,), -1, dtype=torch.int32, device=device)
        rows[place] = order.int()
        sources = torch.full((kernel, total), -1, dtype=torch.int32, device=device)
        sources[:, place] = neighbours[:, order].int()
        occurs = (sources >= 0).view(kernel, -1, BLOCK_ROWS).any(2).T  # (B, K)
        slots = (~occurs).int().argsort(dim=1, stable=True).int()
        columns = torch.repeat_interleave(torch.arange(len(count), device=device), padded // BLOCK_ROWS).int()
        return cls(rows, sources, slots.contiguous(), occurs.sum(1).int(), columns, outputs)


def _neighbourhood_rank(neighbours: Tensor) -> Tensor:
    """(N,) int64: place in a Gray code of the set of neighbours that exist, so that similar sets come close."""
    kernel = len(neighbours)
    bits = min(kernel, 31)
    weight = 1 << torch.arange(bits, device=neighbours.device)
    mask = ((neighbours[:bits] >= 0).long() * weight[:, None]).sum(0)
    for shift in (1, 2, 4, 8, 16):
        mask = mask ^ mask >> shift
    return mask
