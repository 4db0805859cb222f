"""Order of rows for a convolution as one implicit matrix product (trellis2_core spec 4, 22).

Rows with alike neighbourhoods share a block, and a block passes only over the kernel slots that occur in it. Plain
tensor operations; `conv_triton.py` runs the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .conv import compute_neighbour_map
from .tensor import Grid, Refinement

BLOCK_ROWS = 128


@dataclass(frozen=True)
class ImplicitGemm:
    """Padded rows in B blocks of `BLOCK_ROWS`; what each reads and writes. Blocks with most work come first."""

    rows: Tensor  # (B, BLOCK_ROWS) int32 output row, -1 for padding
    sources: Tensor  # (S, BLOCK_ROWS) int32 input row, -1 for none, for every kernel slot that occurs in a block
    slots: Tensor  # (S,) int32: that slot; block after block
    begins: Tensor  # (B + 1,) int32: where a block begins in `sources` and `slots`
    columns: Tensor  # (B,) int32: which of the groups of output columns of the weight a block computes
    outputs: int  # rows of the result

    @classmethod
    def of(cls, grid: Grid, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)) -> ImplicitGemm:
        """A convolution whose outputs are the voxels of the grid."""

        def plan() -> ImplicitGemm:
            return cls._plan(compute_neighbour_map(grid, kernel, dilation), torch.zeros_like(grid.coords[:, 0]))

        return grid.derived(("implicit gemm", kernel, dilation), plan)

    @classmethod
    def of_children(cls, grid: Grid, refinement: Refinement) -> ImplicitGemm:
        """A convolution to eight groups of channels, followed by `channel_to_space`: of the groups only those whose
        child exists are computed, and written to the child's row at once."""
        return refinement.fine.derived(
            "implicit gemm of children",
            lambda: cls._plan(compute_neighbour_map(grid)[:, refinement.parent], refinement.slot.int()),
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
        sources = sources.view(kernel, -1, BLOCK_ROWS)
        columns = torch.repeat_interleave(torch.arange(len(count), device=device), padded // BLOCK_ROWS).int()

        occurs = (sources >= 0).any(2).T  # (B, K)
        heavy = occurs.sum(1).argsort(descending=True, stable=True)
        block, slots = occurs[heavy].nonzero(as_tuple=True)
        begins = torch.nn.functional.pad(occurs[heavy].sum(1).cumsum(0), (1, 0)).int()
        used = sources[slots, heavy[block]]
        return cls(rows.view(-1, BLOCK_ROWS)[heavy], used, slots.int(), begins, columns[heavy], outputs)


def _neighbourhood_rank(neighbours: Tensor) -> Tensor:
    """(N,) int64: place in a Gray code of the set of neighbours that exist, so that similar sets come close.

    Neighbours that are farther away weigh more: blocks then pass over 5 % fewer slots than in the slots' own order.
    """
    kernel = len(neighbours)
    side = round(kernel ** (1 / 3))
    reach = [sum(abs(i // side**k % side - side // 2) for k in range(3)) for i in range(kernel)]
    mask = torch.zeros(neighbours.shape[1], dtype=torch.int64, device=neighbours.device)
    for slot in sorted(range(kernel), key=lambda slot: -reach[slot])[:31]:
        mask = mask << 1 | (neighbours[slot] >= 0)
    for shift in (1, 2, 4, 8, 16):
        mask = mask ^ mask >> shift
    return mask
