"""Sparse voxel tensors: rows of features on a grid of active voxels (trellis2_core spec 3, 5).

A `Grid` owns what follows from coordinates alone (batch division, neighbour maps, rotary tables, window partitions);
each is computed once per resolution level and shared by all tensors on that grid.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor

from ..nn.segments import Segments

T = TypeVar("T")

AXIS_BITS = 11  # a key holds coordinates -1 .. 2046, so that a neighbour outside the grid is a valid key too
MAX_COORDINATE = (1 << AXIS_BITS) - 2


def coordinate_keys(coords: Tensor) -> Tensor:
    """(N, 4) rows (batch, x, y, z) -> (N,) int64 in lexicographic order of the rows."""
    batch, x, y, z = coords.long().unbind(-1)
    return (((batch << AXIS_BITS | (x + 1)) << AXIS_BITS | (y + 1)) << AXIS_BITS) | (z + 1)


def key_coordinates(keys: Tensor) -> Tensor:
    """The inverse of `coordinate_keys`, int32."""
    mask = (1 << AXIS_BITS) - 1
    axes = [((keys >> shift) & mask) - 1 for shift in (2 * AXIS_BITS, AXIS_BITS, 0)]
    return torch.stack([keys >> 3 * AXIS_BITS, *axes], dim=-1).int()


def key_offset(x: int, y: int, z: int) -> int:
    """What to add to a key in order to step by (x, y, z)."""
    return ((x << AXIS_BITS) + y << AXIS_BITS) + z


@dataclass(frozen=True)
class Refinement:
    """How a grid of twice the resolution hangs below a coarse one."""

    fine: Grid
    parent: Tensor  # (N_fine,) int64 row of the coarse grid
    slot: Tensor  # (N_fine,) int64 0..7, which of the eight children

    def mask(self, coarse_rows: int) -> Tensor:
        """(N_coarse, 8) bool: which children exist."""
        mask = torch.zeros(coarse_rows * 8, dtype=torch.bool, device=self.parent.device)
        mask[self.parent * 8 + self.slot] = True
        return mask.view(-1, 8)


class Grid:
    """The active voxels of one level: int32 rows (batch, x, y, z), items contiguous and in ascending order.

    `finer` is set on grids that came from coarsening: up-sampling then returns to exactly that finer grid.
    """

    def __init__(self, coords: Tensor, segments: Segments | None = None, finer: Refinement | None = None) -> None:
        if coords.dim() != 2 or coords.shape[1] != 4:
            raise ValueError(f"voxel coordinates must be rows (batch, x, y, z), not of shape {tuple(coords.shape)}")
        self.coords = coords.int()
        self.segments = segments or Segments(torch.bincount(coords[:, 0].long()).tolist())
        self.finer = finer
        self._derived: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.coords)

    @property
    def positions(self) -> Tensor:
        """(N, 3) integer positions without the batch column."""
        return self.coords[:, 1:]

    def derived(self, name: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gives, remembered under `name`."""
        if name not in self._derived:
            self._derived[name] = compute()
        return self._derived[name]

    def sorted_keys(self) -> tuple[Tensor, Tensor]:
        """Keys in ascending order and the row of each."""
        keys, rows = self.derived("sorted_keys", lambda: coordinate_keys(self.coords).sort())
        return keys, rows

    def find(self, keys: Tensor) -> Tensor:
        """Row of each key, -1 where no such voxel is active; same shape as `keys`, int64."""
        if len(self) == 0:
            return torch.full_like(keys, -1)
        ordered, rows = self.sorted_keys()
        place = torch.searchsorted(ordered, keys).clamp_(max=len(ordered) - 1)
        return torch.where(ordered[place] == keys, rows[place], -1)

    def coarsen(self) -> Grid:
        """The grid of half the resolution: unique parents in lexicographic order, with `finer` leading back here."""
        halved = torch.cat((self.coords[:, :1], self.coords[:, 1:] >> 1), dim=1)
        keys, parent = coordinate_keys(halved).unique(return_inverse=True)
        bits = self.coords[:, 1:].long() & 1
        slot = bits[:, 0] + 2 * bits[:, 1] + 4 * bits[:, 2]
        coords = key_coordinates(keys)
        lengths = torch.bincount(coords[:, 0].long(), minlength=self.segments.count).tolist()
        return Grid(coords, Segments(lengths), Refinement(self, parent, slot))

    def refine(self, mask: Tensor) -> Refinement:
        """Children by a boolean mask (N, 8): parent by parent, slots ascending; a parent may have none."""
        if mask.shape != (len(self), 8):
            raise ValueError(f"a mask of {len(self)} x 8 children is needed, not {tuple(mask.shape)}")
        parent, slot = mask.nonzero(as_tuple=True)
        coords = self.coords[parent]
        bits = torch.stack([slot & 1, (slot >> 1) & 1, (slot >> 2) & 1], dim=-1).int()
        coords = torch.cat((coords[:, :1], 2 * coords[:, 1:] + bits), dim=1)
        lengths = self.segments.sum(mask.sum(1)).tolist()
        return Refinement(Grid(coords, Segments(lengths)), parent, slot)

    def without_history(self) -> Grid:
        """The same voxels without the finer grid, for latents that were edited."""
        return Grid(self.coords, self.segments)


@dataclass(frozen=True)
class SparseTensor:
    """Features (N, ...) on the voxels of a grid."""

    feats: Tensor
    grid: Grid

    def __post_init__(self) -> None:
        if len(self.feats) != len(self.grid):
            raise ValueError(f"{len(self.feats)} rows of features do not fit {len(self.grid)} voxels")

    @classmethod
    def of(cls, feats: Tensor, coords: Tensor) -> SparseTensor:
        return cls(feats, Grid(coords))

    @property
    def coords(self) -> Tensor:
        return self.grid.coords

    @property
    def segments(self) -> Segments:
        return self.grid.segments

    def replace(self, feats: Tensor) -> SparseTensor:
        """Other features on the same grid."""
        return SparseTensor(feats, self.grid)

    def to(self, dtype: torch.dtype) -> SparseTensor:
        return self.replace(self.feats.to(dtype))
