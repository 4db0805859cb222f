"""The Triton twin of `resample.add_children`: a gather and a sum in one pass over memory."""

import triton
import triton.language as tl
from torch import Tensor

TILE = 2048  # elements of one program


@triton.jit
def _add_children_kernel(
    h, x, parent, slot, rows, width, block_width, repeats, ROWS: tl.constexpr, WIDTH: tl.constexpr
):
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    column = tl.arange(0, WIDTH)[None, :]
    inside = (row < rows)[:, None] & (column < width)
    child = tl.load(parent + row, mask=row < rows, other=0) * 8 + tl.load(slot + row, mask=row < rows, other=0)
    skip = tl.load(x + child[:, None] * block_width + column // repeats, mask=inside, other=0.0)
    place = h + row[:, None] * width + column
    total = tl.load(place, mask=inside, other=0.0).to(tl.float32) + skip.to(tl.float32)
    tl.store(place, total.to(h.dtype.element_ty), mask=inside)


def add_children_(h: Tensor, x: Tensor, parent: Tensor, slot: Tensor, repeats: int) -> Tensor:
    """h (N_fine, D) += the block (D / repeats channels) of its slot of each child's parent x (N, 8 D / repeats)."""
    rows, width = h.shape
    tile = triton.next_power_of_2(width)
    tile_rows = max(TILE // tile, 1)
    _add_children_kernel[(triton.cdiv(rows, tile_rows),)](  # pyright: ignore
        h, x.contiguous(), parent, slot, rows, width, width // repeats, repeats, ROWS=tile_rows, WIDTH=tile
    )
    return h
