"""How the rows of a batch with items of different lengths divide into those items."""

from collections.abc import Sequence
from itertools import accumulate

import torch
from torch import Tensor


class Segments:
    """T rows, stored one batch item after another, belong to B items of the given lengths."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = tuple(int(length) for length in lengths)
        self.offsets = (0, *accumulate(self.lengths))
        self._row_items: dict[torch.device, Tensor] = {}

    @property
    def count(self) -> int:
        return len(self.lengths)

    @property
    def total(self) -> int:
        return self.offsets[-1]

    @property
    def uniform(self) -> bool:
        """All items have the same length, so that rows can be viewed as (B, L, ...)."""
        return len(set(self.lengths)) <= 1

    def row_items(self, device: torch.device) -> Tensor:
        """(T,) int64: the item that each row belongs to."""
        if device not in self._row_items:
            lengths = torch.tensor(self.lengths, device=device)
            self._row_items[device] = torch.repeat_interleave(lengths, output_size=self.total)
        return self._row_items[device]

    def expand(self, per_item: Tensor) -> Tensor:
        """(B, ...) -> (T, ...): every row gets the value of its item; a single item is left to broadcasting."""
        return per_item if self.count == 1 else per_item[self.row_items(per_item.device)]

    def split(self, rows: Tensor) -> tuple[Tensor, ...]:
        return rows.split(self.lengths)

    def sum(self, rows: Tensor) -> Tensor:
        """(T, ...) -> (B, ...): sum over the rows of each item."""
        if self.count == 1:
            return rows.sum(0, keepdim=True)
        total = rows.new_zeros(self.count, *rows.shape[1:])
        return total.index_add_(0, self.row_items(rows.device), rows)

    def mean(self, rows: Tensor) -> Tensor:
        """(T, ...) -> (B, ...): mean over the rows of each item."""
        lengths = torch.tensor(self.lengths, device=rows.device, dtype=rows.dtype)
        return self.sum(rows) / lengths.view(-1, *[1] * (rows.dim() - 1))

    def std(self, rows: Tensor) -> Tensor:
        """(T, C) -> (B, 1): population deviation over rows and channels of each item (trellis2_core spec 3)."""
        mean = self.mean(rows.mean(1, keepdim=True))
        mean_square = self.mean(rows.square().mean(1, keepdim=True))
        return (mean_square - mean.square()).clamp(min=0).sqrt()

    def pad(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """(T, ...) -> (B, Lmax, ...) and the mask (B, Lmax) of real rows; padding repeats the last row of the item."""
        lengths = torch.tensor(self.lengths, device=rows.device)
        position = torch.arange(max(self.lengths, default=0), device=rows.device)
        index = torch.tensor(self.offsets[:-1], device=rows.device)[:, None] + torch.minimum(
            position[None], (lengths - 1).clamp(min=0)[:, None]
        )
        return rows[index], position[None] < lengths[:, None]
