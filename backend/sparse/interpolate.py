"""Features between the voxels of a sparse grid (trellis2_core spec 12.5)."""

import torch
from torch import Tensor

from .tensor import MAX_COORDINATE, SparseTensor, coordinate_keys, key_offset

CORNERS = tuple((x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1))


def sample_trilinear(x: SparseTensor, queries: Tensor, items: Tensor | None = None) -> Tensor:
    """Features at `queries` (Q, 3) in voxel units, where voxel i covers [i, i+1] -> (Q, C).

    Weights of the active voxels among the eight around a query are scaled to sum to one; without any it is zero.
    `items` (Q,) are batch items, the first if None. Differentiable in the features.
    """
    total, weights = trilinear_sums(x, queries, items)
    return total / weights.clamp(min=1e-12)


def trilinear_sums(x: SparseTensor, queries: Tensor, items: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Weighted sum (Q, C) and weight (Q, 1) of the active voxels around each query."""
    base = (queries - 0.5).floor()
    total = x.feats.new_zeros(len(queries), x.feats.shape[1])
    weights = x.feats.new_zeros(len(queries), 1)
    keys, inside = _keys(base, items)
    cells, cell = keys.unique(return_inverse=True)  # neighbouring queries share their eight voxels
    offset = queries - 0.5 - base  # 0..1 between the centres of the eight
    for corner in CORNERS:
        row = x.grid.find(cells + key_offset(*corner))[cell]
        share = torch.where(offset.new_tensor(corner) > 0, offset, 1 - offset).prod(1)
        share = (share * ((row >= 0) & inside))[:, None]
        total = total + share * x.feats[row]
        weights = weights + share
    return total, weights


def sample_nearest(x: SparseTensor, queries: Tensor, items: Tensor | None = None) -> Tensor:
    """Features of the voxel that holds each query, zero where it is not active: (Q, 3) -> (Q, C)."""
    keys, inside = _keys(queries.trunc(), items)
    row = x.grid.find(keys)
    return x.feats[row] * ((row >= 0) & inside)[:, None]


def _keys(cells: Tensor, items: Tensor | None) -> tuple[Tensor, Tensor]:
    """Keys of integer cells (Q, 3), which may lie one step below the grid, and whether they can be active at all."""
    inside = ((cells >= -1) & (cells < MAX_COORDINATE)).all(1)
    batch = torch.zeros_like(cells[:, :1]) if items is None else items[:, None]
    return coordinate_keys(torch.cat((batch, cells.clamp(-1, MAX_COORDINATE)), dim=1)), inside
