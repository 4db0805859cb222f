"""Flexible dual grid to mesh (trellis2_core spec 11.2).

Every active voxel holds a dual vertex and three flags: flag a says that the surface crosses the voxel edge parallel to
axis a at the maximum corner of the two other axes. Each crossed edge gives a quad of the four voxels around it. The
grid stores no inside and outside, so that windings of neighbouring faces may disagree.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .tensor import Grid, coordinate_keys, key_offset

Box = tuple[tuple[float, float, float], tuple[float, float, float]]  # low and high corner
UNIT_BOX: Box = ((-0.5, -0.5, -0.5), (0.5, 0.5, 0.5))

# The voxels around the edge of each axis, relative to the voxel that holds the flag.
QUAD_OFFSETS = (
    ((0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)),
    ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
    ((0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)),
)
SPLIT_02 = (0, 1, 2, 0, 2, 3)
SPLIT_13 = (0, 1, 3, 3, 1, 2)


class Surface(NamedTuple):
    vertices: Tensor  # (V, 3) in the frame of the box; the first N are those of the voxels, in their order
    faces: Tensor  # (F, 3) int32


class Quads(NamedTuple):
    corners: Tensor  # (Q, 4) int64 rows of the voxels around an edge
    row: Tensor  # (Q,) of the voxel that holds the flag
    axis: Tensor  # (Q,) of the edge


def dual_quads(positions: Tensor, crossed: Tensor) -> Quads:
    """The quads of voxels (N, 3) with flags (N, 3), in (voxel, axis) order.

    A quad is dropped unless all four voxels are active.
    """
    grid = Grid(F.pad(positions, (1, 0)))
    rows, axes = crossed.bool().nonzero(as_tuple=True)
    steps = torch.tensor([[key_offset(*offset) for offset in quad] for quad in QUAD_OFFSETS], device=rows.device)
    quads = grid.find(coordinate_keys(grid.coords)[rows, None] + steps[axes])
    whole = (quads >= 0).all(1)
    return Quads(quads[whole], rows[whole], axes[whole])


def dual_grid_to_mesh(
    positions: Tensor,
    dual_vertices: Tensor,
    crossed: Tensor,
    split_weight: Tensor | None,
    resolution: int | tuple[int, int, int],
    box: Box = UNIT_BOX,
) -> Surface:
    """Triangles of a dual grid; `dual_vertices` (N, 3) in voxel units inside their voxel (0..1, margins allowed).

    With `split_weight` (N, 1) a quad is cut along the diagonal with the greater product, without it along the
    flatter one.
    """
    vertices = dual_vertex_positions(positions, dual_vertices, resolution, box)
    quads = dual_quads(positions, crossed).corners
    if split_weight is not None:
        weights = split_weight.view(-1)[quads]
        along_02 = weights[:, 0] * weights[:, 2] > weights[:, 1] * weights[:, 3]
    else:
        along_02 = flatter_along_02(vertices, quads)
    faces = torch.where(along_02[:, None], quads[:, SPLIT_02], quads[:, SPLIT_13])
    return Surface(vertices, faces.view(-1, 3).int())


def dual_grid_to_training_mesh(
    positions: Tensor,
    dual_vertices: Tensor,
    crossed: Tensor,
    split_weight: Tensor,
    resolution: int | tuple[int, int, int],
    box: Box = UNIT_BOX,
) -> Surface:
    """Four triangles a quad around a point between its two diagonals: differentiable in vertices and split weights."""
    vertices = dual_vertex_positions(positions, dual_vertices, resolution, box)
    quads = dual_quads(positions, crossed).corners
    corners, weights = vertices[quads], split_weight.view(-1)[quads]
    first, second = (weights[:, [0]] * weights[:, [2]]), (weights[:, [1]] * weights[:, [3]])
    centre = first * (corners[:, 0] + corners[:, 2]) / 2 + second * (corners[:, 1] + corners[:, 3]) / 2
    centre = centre / (first + second)
    middle = len(vertices) + torch.arange(len(quads), device=quads.device)
    sides = [torch.stack((quads[:, i], quads[:, (i + 1) % 4], middle), dim=1) for i in range(4)]
    return Surface(torch.cat((vertices, centre)), torch.stack(sides, dim=1).view(-1, 3).int())


def dual_vertex_positions(
    positions: Tensor,
    dual_vertices: Tensor,
    resolution: int | tuple[int, int, int],
    box: Box,
) -> Tensor:
    """Voxel coordinates plus the vertex inside the voxel -> positions in the box."""
    low, high = torch.tensor(box, dtype=torch.float32, device=dual_vertices.device)
    return (positions.float() + dual_vertices) * ((high - low) / torch.as_tensor(resolution, device=low.device)) + low


def flatter_along_02(vertices: Tensor, quads: Tensor) -> Tensor:
    """The reference's rule: |n1 . n2| of both ways to cut, with n2 from the list positions 1, 2, 3 of the six indices.

    For the second way these hold a repeated corner, so that the first wins unless its first triangle has no area.
    """

    def alignment(split: tuple[int, ...]) -> Tensor:
        p0, p1, p2, p3 = (vertices[quads[:, corner]] for corner in split[:4])
        first = torch.linalg.cross(p1 - p0, p2 - p0, dim=-1)
        second = torch.linalg.cross(p2 - p1, p3 - p1, dim=-1)
        return (first * second).sum(-1).abs()

    return alignment(SPLIT_02) > alignment(SPLIT_13)
