"""Texture lookup with wrapping, bilinear filter and mip levels (trellis2_core spec 12.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

NEAREST, LINEAR = 0, 1
REPEAT, CLAMP, MIRROR = 0, 1, 2


@dataclass(frozen=True)
class Texture:
    """A picture of 8-bit values; row 0 is the top, v = 1."""

    pixels: Tensor  # (H, W, C) uint8
    filter: int = LINEAR
    wrap: int = REPEAT

    @cached_property
    def mips(self) -> list[Tensor]:
        """The picture and its halvings, averages truncated to 8 bits. Needs equal sides, a power of two."""
        levels = [self.pixels]
        while levels[-1].shape[0] > 1:
            p = levels[-1].int()
            levels.append(((p[::2, ::2] + p[1::2, ::2] + p[::2, 1::2] + p[1::2, 1::2]) // 4).to(torch.uint8))
        return levels

    def sample(self, uv: Tensor, stretch: Tensor, mip_offset: float = 0.0) -> Tensor:
        """Values 0..1 at `uv` (M, 2) -> (M, C). `stretch` (M,): how much uv a sample covers."""
        if self.filter == NEAREST:
            return self._nearest(uv)
        last = len(self.mips) - 1
        level = (stretch * self.pixels.shape[0]).log2() + mip_offset
        level = torch.where(level.isfinite(), level, 0.0).clamp(0, last)
        lower = level.floor().clamp(max=max(last - 1, 0))
        values = uv.new_zeros(len(uv), self.pixels.shape[2])
        for index, pixels in enumerate(self.mips):
            share = torch.where(lower == index, 1 - (level - lower), 0.0)
            share = share + torch.where(lower + 1 == index, level - lower, 0.0)
            rows = torch.nonzero(share).flatten()
            values[rows] += share[rows, None] * self._bilinear(pixels, uv[rows])
        return values

    def _nearest(self, uv: Tensor) -> Tensor:
        height, width = self.pixels.shape[:2]
        x, y = (uv[:, 0] * width).floor().long(), ((1 - uv[:, 1]) * height).floor().long()
        return self.pixels[self._wrapped(y, height), self._wrapped(x, width)].float() / 255

    def _bilinear(self, pixels: Tensor, uv: Tensor) -> Tensor:
        height, width = pixels.shape[:2]
        x, y = uv[:, 0] * width - 0.5, (1 - uv[:, 1]) * height - 0.5
        column, row = x.floor(), y.floor()
        fx, fy = (x - column)[:, None], (y - row)[:, None]
        columns = [self._wrapped(column.long() + i, width) for i in (0, 1)]
        rows = [self._wrapped(row.long() + i, height) for i in (0, 1)]
        upper, lower = ((1 - fx) * pixels[r, columns[0]] + fx * pixels[r, columns[1]] for r in rows)
        return ((1 - fy) * upper + fy * lower) / 255

    def _wrapped(self, index: Tensor, size: int) -> Tensor:
        if self.wrap == CLAMP:
            return index.clamp(0, size - 1)
        if self.wrap == MIRROR:
            index = index % (2 * size)
            return torch.where(index < size, index, 2 * size - 1 - index)
        return index % size
