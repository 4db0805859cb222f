"""Where the surface of a mesh crosses the edges of a voxel grid, by scan lines (trellis2_core spec 11.1)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

# The voxels around a crossed edge, relative to the one that holds its flag, along the two axes other than the edge's.
AROUND_EDGE = ((0, 0), (0, 1), (1, 0), (1, 1))


class Crossings(NamedTuple):
    """One row for every grid line that meets a triangle. Voxels are those with the flag, see `voxels_around`."""

    face: Tensor  # (M,) int64
    axis: Tensor  # (M,) int64 of the crossed voxel edge
    voxel: Tensor  # (M, 3) int64
    point: Tensor  # (M, 3) fp32

    def voxels_around(self) -> Tensor:
        """(M, 4, 3): the voxels that share the crossed edge; the first is `voxel`."""
        offsets = self.voxel.new_zeros(3, 4, 3)
        for axis in range(3):
            for i, (first, second) in enumerate(AROUND_EDGE):
                offsets[axis, i, (axis + 1) % 3], offsets[axis, i, (axis + 2) % 3] = first, second
        return self.voxel[:, None] + offsets[self.axis]


def enumerate_ranges(counts: Tensor) -> tuple[Tensor, Tensor]:
    """Counts (n,) -> for each of sum(counts) entries: which range it is in, and its place there."""
    counts = counts.clamp(min=0)
    which = torch.repeat_interleave(counts)
    begins = counts.cumsum(0) - counts
    return which, torch.arange(len(which), device=counts.device) - begins[which]


def grid_crossings(triangles: Tensor, cell: Tensor, resolution: Tensor) -> Crossings:
    """Triangles (F, 3, 3) fp32 in a grid of `resolution` (3,) cells of size `cell` (3,) that begins at 0.

    Ordered by axis, face, row, column. Interpolation is in float64 as in the reference, so that ties fall alike.
    """
    parts = [_axis_crossings(triangles, cell, resolution, axis) for axis in range(3)]
    return Crossings(*(torch.cat(columns) for columns in zip(*parts, strict=True)))


def _axis_crossings(triangles: Tensor, cell: Tensor, resolution: Tensor, axis: int) -> Crossings:
    """Crossings of grid lines parallel to `axis`."""
    a0, a1, a2 = (axis + 1) % 3, (axis + 2) % 3, axis
    size, limit = cell.double(), resolution.tolist()
    order = triangles[:, :, a1].argsort(dim=1, stable=True)
    corners = triangles.double().gather(1, order[..., None].expand(-1, -1, 3))  # rising along a1

    rows = (corners[..., a1] / size[a1]).trunc().clamp(0, limit[a1] - 1).long()  # (F, 3)
    face, offset = enumerate_ranges(rows[:, 2] - rows[:, 0])
    row = rows[face, 0] + offset
    y = ((row + 1).float() * cell[a1]).double()
    apex = torch.where(row < rows[face, 1], 0, 2)  # both edges of a row leave from the lowest or the highest corner
    begin, middle, other = corners[face, apex], corners[face, 1], corners[face, 2 - apex]
    first, second = (
        [_interpolate(begin[:, a1], end[:, a1], y, begin[:, a], end[:, a]) for a in (a0, a2)] for end in (middle, other)
    )
    swap = first[0] > second[0]
    x0, z0 = (torch.where(swap, q, p) for p, q in zip(first, second, strict=True))
    x1, z1 = (torch.where(swap, p, q) for p, q in zip(first, second, strict=True))

    columns = [(x / size[a0]).trunc().clamp(0, limit[a0] - 1).long() for x in (x0, x1)]
    span, offset = enumerate_ranges(columns[1] - columns[0])
    column = columns[0][span] + offset
    x = ((column + 1).float() * cell[a0]).double()
    z = _interpolate(x0[span], x1[span], x, z0[span], z1[span])
    layer = (z / size[a2]).trunc().long()

    voxel, point = torch.zeros(len(span), 3).long().to(face), torch.zeros(len(span), 3).to(triangles)
    for a, index, value in ((a0, column, x), (a1, row[span], y[span]), (a2, layer, z)):
        voxel[:, a], point[:, a] = index, value.float()
    inside = (z >= 0) & (layer < limit[a2])
    return Crossings(face[span][inside], torch.full_like(face[span][inside], axis), voxel[inside], point[inside])


def _interpolate(a: Tensor, b: Tensor, at: Tensor, value_a: Tensor, value_b: Tensor) -> Tensor:
    share = (at - a) / torch.where(a == b, 1.0, b - a)
    return torch.where(a == b, value_a, (1 - share) * value_a + share * value_b)
