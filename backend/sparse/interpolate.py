"""Features between the voxels of a sparse grid (trellis2_core spec 12.5)."""

import torch
from torch import Tensor

from .tensor import MAX_COORDINATE, SparseTensor, coordinate_keys

CORNERS = tuple((x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1))


def sample_trilinear(x: SparseTensor, queries: Tensor, items: Tensor | None = None) -> Tensor:
    """Features at `queries` (Q, 3) in voxel units, where voxel i covers [i, i+1] -> (Q, C).

    Weights of the active voxels among the eight around a query are scaled to sum to one; without any it is zero.
    `items` (Q,) are batch items, the first if None. Differentiable in the features.
    """
    base = (queries - 0.5).floor()
    total = x.feats.new_zeros(len(queries), x.feats.shape[1])
    weights = x.feats.new_zeros(len(queries), 1)
    for corner in CORNERS:
        cell = base + base.new_tensor(corner)
        row = _rows(x, cell, items)
        weight = (1 - (queries - (cell + 0.5)).abs()).prod(1, keepdim=True) * (row >= 0)[:, None]
        total = total + weight * x.feats[row]
        weights = weights + weight
    return total / weights.clamp(min=1e-12)


def sample_nearest(x: SparseTensor, queries: Tensor, items: Tensor | None = None) -> Tensor:
    """Features of the voxel that holds each query, zero where it is not active: (Q, 3) -> (Q, C)."""
    row = _rows(x, queries.trunc(), items)
    return x.feats[row] * (row >= 0)[:, None]


def _rows(x: SparseTensor, cells: Tensor, items: Tensor | None) -> Tensor:
    """Rows of integer cells (Q, 3), -1 for those that are not active or out of range."""
    inside = ((cells >= 0) & (cells <= MAX_COORDINATE)).all(1)
    batch = torch.zeros_like(cells[:, :1]) if items is None else items[:, None]
    keys = coordinate_keys(torch.cat((batch, cells.clamp(0, MAX_COORDINATE)), dim=1))
    return torch.where(inside, x.grid.find(keys), -1)
