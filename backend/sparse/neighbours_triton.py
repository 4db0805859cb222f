"""The Triton twin of `conv.neighbour_map`: every neighbour found by bisection, in one launch."""

import triton
import triton.language as tl
from torch import Tensor

BLOCK = 256


@triton.jit
def _neighbours_kernel(ordered, rows, steps, neighbours, count, slots, DEPTH: tl.constexpr, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    slot = tl.program_id(1)
    inside = place < count
    wanted = tl.load(ordered + place, mask=inside, other=0) + tl.load(steps + slot)
    low, high = tl.zeros_like(place), tl.zeros_like(place) + count  # the first key that is not smaller lies between
    for _ in range(DEPTH):
        middle = (low + high) // 2
        smaller = (low < high) & (tl.load(ordered + tl.minimum(middle, count - 1)) < wanted)
        low, high = tl.where(smaller, middle + 1, low), tl.where(smaller, high, tl.minimum(middle, high))
    last = tl.minimum(low, count - 1)
    found = inside & (tl.load(ordered + last) == wanted)
    here = tl.load(rows + place, mask=inside, other=0)
    there = tl.load(rows + last)
    tl.store(neighbours + slot.to(tl.int64) * count + here, there.to(tl.int32), mask=found)
    tl.store(neighbours + (slots - 1 - slot).to(tl.int64) * count + there, here.to(tl.int32), mask=found)


def fill_neighbours(neighbours: Tensor, ordered: Tensor, rows: Tensor, steps: Tensor) -> None:
    """Writes the rows found into `neighbours` (K, N): keys `ordered` (N,) ascending belong to `rows` (N,), and `steps`
    (K // 2,) lead to the slots before the middle one; the slots after it are their mirror images."""
    count = len(ordered)
    _neighbours_kernel[(triton.cdiv(count, BLOCK), len(steps))](  # pyright: ignore
        ordered, rows, steps, neighbours, count, len(neighbours), DEPTH=count.bit_length() + 1, BLOCK=BLOCK
    )
