"""Mesh to flexible dual grid (trellis2_core spec 11.1).

Every voxel next to a crossed grid edge gets the dual vertex that minimises a sum of squared distances: to the planes of
the triangles through it, to the open edges of the mesh through it, and to the mean of its crossings.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

import torch
from torch import Tensor

from .crossings import Crossings, enumerate_ranges, grid_crossings
from .dual_grid import UNIT_BOX, Box
from .tensor import coordinate_keys, key_coordinates

CANDIDATE_BLOCK = 1 << 22  # (triangle, voxel) pairs tested at once


@dataclass(frozen=True)
class DualGridWeights:
    """Weights of the three terms; the defaults are those of the published pipelines."""

    face: float = 1.0  # only on or off
    boundary: float = 0.2
    regularisation: float = 0.01


class EncodedDualGrid(NamedTuple):
    positions: Tensor  # (N, 3) int32 voxels, in lexicographic order
    vertices: Tensor  # (N, 3) dual vertices, measured from the low corner of the box
    crossed: Tensor  # (N, 3) bool

    def vertices_in_voxel(self, resolution: int | tuple[int, int, int], box: Box = UNIT_BOX) -> Tensor:
        """Dual vertices in 0..1 of their voxel."""
        low, high = torch.tensor(box, dtype=torch.float32, device=self.vertices.device)
        return self.vertices / ((high - low) / torch.as_tensor(resolution, device=low.device)) - self.positions


def mesh_to_dual_grid(
    vertices: Tensor,
    faces: Tensor,
    resolution: int | tuple[int, int, int],
    weights: DualGridWeights | None = None,
    box: Box = UNIT_BOX,
) -> EncodedDualGrid:
    """Mesh (V, 3) fp32, (F, 3) -> dual grid of `resolution` voxels a side in the box."""
    weights = weights or DualGridWeights()
    low, high = torch.tensor(box, dtype=torch.float32, device=vertices.device)
    vertices = vertices.float() - low
    sides = torch.as_tensor(resolution, device=vertices.device).expand(3)
    grid = _VoxelBox((high - low) / sides, sides)
    triangles = vertices[faces.long()]
    planes = plane_quadrics(triangles)

    crossings = grid_crossings(triangles, grid.cell, grid.resolution)
    keys, voxel = grid.keys(crossings.voxels_around()).unique(return_inverse=True)  # (N,), (M, 4)
    count = torch.bincount(voxel.flatten(), minlength=len(keys))
    mean = _sum_rows(crossings.point[:, None].expand(-1, 4, -1), voxel, len(keys)) / count[:, None]
    quadrics = _sum_rows(planes[crossings.face][:, None].expand(-1, 4, -1, -1), voxel, len(keys))

    if weights.face > 0:
        face, row = _overlaps(triangles, keys, grid)
        quadrics.index_add_(0, row, planes[face])
    if weights.boundary > 0:
        edge_quadric, row = _boundary_visits(vertices, faces, keys, grid)
        quadrics.index_add_(0, row, weights.boundary * edge_quadric)
    quadrics += weights.regularisation * count[:, None, None] * point_quadrics(mean)

    positions = key_coordinates(keys)[:, 1:]
    low_corner = positions * grid.cell
    solved = minimise_in_box(quadrics.double(), low_corner.double(), (low_corner + grid.cell).double())
    return EncodedDualGrid(positions, solved.float(), _flags(crossings, voxel, len(keys)))


class _VoxelBox(NamedTuple):
    cell: Tensor  # (3,) fp32 size of a voxel
    resolution: Tensor  # (3,) int64

    def keys(self, positions: Tensor) -> Tensor:
        return coordinate_keys(torch.nn.functional.pad(positions, (1, 0)))


def plane_quadrics(triangles: Tensor) -> Tensor:
    """(F, 3, 3) -> (F, 4, 4) squared distance to the planes of the triangles."""
    normal = torch.linalg.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 1], dim=-1)
    normal = torch.nn.functional.normalize(normal, dim=-1, eps=0)
    normal = normal.nan_to_num(0)
    plane = torch.cat((normal, -(normal * triangles[:, 0]).sum(-1, keepdim=True)), dim=-1)
    return plane[:, :, None] * plane[:, None]


def point_quadrics(points: Tensor) -> Tensor:
    """(N, 3) -> (N, 4, 4) squared distance to the points."""
    return _quadrics(torch.eye(3, device=points.device).expand(len(points), 3, 3), points)


def line_quadrics(points: Tensor, directions: Tensor) -> Tensor:
    """(N, 3) points and unit directions -> (N, 4, 4) squared distance to the lines."""
    across = torch.eye(3, device=points.device) - directions[:, :, None] * directions[:, None]
    return _quadrics(across, points)


def _quadrics(a: Tensor, points: Tensor) -> Tensor:
    """(v - p)^T A (v - p) as a 4 x 4 form."""
    b = -(a @ points[:, :, None])
    c = points[:, None] @ a @ points[:, :, None]
    return torch.cat((torch.cat((a, b), dim=2), torch.cat((b.transpose(1, 2), c), dim=2)), dim=1)


def _sum_rows(values: Tensor, row: Tensor, count: int) -> Tensor:
    """Sum of values (M, 4, ...) by row (M, 4)."""
    total = values.new_zeros(count, *values.shape[2:])
    return total.index_add_(0, row.flatten(), values.flatten(0, 1))


def _flags(crossings: Crossings, voxel: Tensor, count: int) -> Tensor:
    flags = torch.zeros(count, 3, dtype=torch.bool, device=voxel.device)
    flags[voxel[:, 0], crossings.axis] = True
    return flags


def _find(keys: Tensor, wanted: Tensor) -> Tensor:
    """Row in sorted `keys`, -1 if absent."""
    place = torch.searchsorted(keys, wanted).clamp(max=max(len(keys) - 1, 0))
    return torch.where(keys[place] == wanted, place, -1) if len(keys) else torch.full_like(wanted, -1)


def _overlaps(triangles: Tensor, keys: Tensor, grid: _VoxelBox) -> tuple[Tensor, Tensor]:
    """All pairs (triangle, row of an active voxel) whose boxes overlap.

    Candidates are found column by column along the axis nearest to the normal, so that their number follows the area of
    a triangle and not its bounding box.
    """
    cell, limit = grid.cell, grid.resolution
    low = (triangles.amin(1) / cell).trunc().long().clamp(min=0)
    high = torch.minimum((triangles.amax(1) / cell + 1).trunc().long(), limit)
    normal = torch.linalg.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 1], dim=-1)
    s = normal.abs().argmax(1)
    u, w = (s + 1) % 3, (s + 2) % 3
    width, depth = _pick(high - low, u).clamp(min=0), _pick(high - low, w).clamp(min=0)
    columns = width * depth
    pairs: list[tuple[Tensor, Tensor]] = []
    for first, last in _blocks(columns):
        face, offset = enumerate_ranges(columns[first:last])
        face = face + first
        column = torch.stack((offset // depth[face], offset % depth[face]), dim=1)
        column = column + torch.stack((_pick(low, u)[face], _pick(low, w)[face]), dim=1)
        near, far = _layers(triangles, normal, face, column, (u, w, s), cell)
        near = torch.maximum(near, _pick(low, s)[face])
        far = torch.minimum(far, _pick(high, s)[face] - 1)
        which, layer = enumerate_ranges(far - near + 1)
        voxel = torch.zeros(len(which), 3, dtype=torch.long, device=keys.device)
        for axis, index in ((u, column[which, 0]), (w, column[which, 1]), (s, near[which] + layer)):
            voxel.scatter_(1, axis[face[which]][:, None], index[:, None])
        row = _find(keys, grid.keys(voxel))
        active = row >= 0
        face, row, voxel = face[which][active], row[active], voxel[active]
        touching = _triangle_meets_box(triangles[face], voxel * cell, cell)
        pairs.append((face[touching], row[touching]))
    faces, rows = zip(*pairs, strict=True) if pairs else ([], [])
    empty = torch.zeros(0, dtype=torch.long, device=keys.device)
    return torch.cat([empty, *faces]), torch.cat([empty, *rows])


def _pick(rows: Tensor, axis: Tensor) -> Tensor:
    """Component `axis` (F,) of rows (F, 3)."""
    return rows.gather(1, axis[:, None]).squeeze(1)


def _blocks(counts: Tensor) -> list[tuple[int, int]]:
    """Consecutive ranges of triangles with about `CANDIDATE_BLOCK` candidates each."""
    block = (counts.cumsum(0) - counts) // (CANDIDATE_BLOCK // 4)
    ends = torch.nonzero(block[1:] != block[:-1]).flatten() + 1
    bounds = [0, *ends.tolist(), len(counts)]
    return [(a, b) for a, b in pairwise(bounds) if b > a]


def _layers(
    triangles: Tensor, normal: Tensor, face: Tensor, column: Tensor, axes: tuple[Tensor, Tensor, Tensor], cell: Tensor
) -> tuple[Tensor, Tensor]:
    """First and last layer that the plane of a triangle may meet in a column of voxels, with one layer to spare."""
    u, w, s = (axis[face] for axis in axes)
    origin, n = triangles[face, 0].double(), normal[face].double()
    n_s = _pick(n, s)
    n_s = torch.where(n_s == 0, 1.0, n_s)
    heights = []
    for du, dw in product((0, 1), repeat=2):
        x = (column[:, 0] + du) * cell.double()[u] - _pick(origin, u)
        y = (column[:, 1] + dw) * cell.double()[w] - _pick(origin, w)
        heights.append(_pick(origin, s) - (_pick(n, u) * x + _pick(n, w) * y) / n_s)
    layers = torch.stack(heights).div_(cell.double()[s])
    return layers.amin(0).floor().long() - 1, layers.amax(0).floor().long() + 1


def _triangle_meets_box(triangle: Tensor, corner: Tensor, size: Tensor) -> Tensor:
    """Separating-axis test of triangles (M, 3, 3) against boxes at `corner` (M, 3): bool (M,).

    In fp32 and with the reference's order of operations: triangles through voxel corners are exact ties here.
    """
    v0 = triangle[:, 0]
    edges = triangle.roll(-1, 1) - triangle
    n = torch.nn.functional.normalize(torch.linalg.cross(edges[:, 0], edges[:, 1], dim=-1), dim=-1, eps=0).nan_to_num(0)
    c = torch.where(n > 0, size, torch.zeros_like(size))
    d1, d2 = _dot(n, c - v0), _dot(n, (size - c) - v0)
    along = _dot(n, corner)
    meets = (along + d1) * (along + d2) <= 0
    for u, w, s in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        sign = torch.where(n[:, s] < 0, -1.0, 1.0)
        for i in range(3):
            m_u, m_w = -edges[:, i, w] * sign, edges[:, i, u] * sign
            reach = m_u.clamp(min=0) * size[u] + m_w.clamp(min=0) * size[w]
            offset = reach - (m_u * triangle[:, i, u] + m_w * triangle[:, i, w])
            meets &= (m_u * corner[:, u] + m_w * corner[:, w]) + offset >= 0
    return meets


def _dot(a: Tensor, b: Tensor) -> Tensor:
    product = a * b
    return product[..., 0] + product[..., 1] + product[..., 2]


def boundary_edges(faces: Tensor) -> Tensor:
    """(F, 3) -> (E, 2) int64 edges (smaller, larger) that belong to exactly one face."""
    faces = faces.long()
    edges = torch.cat((faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]])).sort(dim=1)[0]
    stride = int(faces.max()) + 1 if len(faces) else 1
    keys, count = (edges[:, 0] * stride + edges[:, 1]).unique(return_counts=True)
    keys = keys[count == 1]
    return torch.stack((keys // stride, keys % stride), dim=1)


def _boundary_visits(vertices: Tensor, faces: Tensor, keys: Tensor, grid: _VoxelBox) -> tuple[Tensor, Tensor]:
    """Quadrics of open edges and the rows of the active voxels that each passes, once a visit.

    A 3D-DDA that walks all edges at once: one round per step, not per voxel.
    """
    ends = vertices[boundary_edges(faces)]  # (E, 2, 3)
    length = (ends[:, 1] - ends[:, 0]).norm(dim=1)
    ends, length = ends[length >= 1e-6], length[length >= 1e-6]
    start = ends[:, 0]
    direction = (ends[:, 1] - start) / length[:, None]
    step = torch.where(direction > 0, 1, -1)
    voxel = (start / grid.cell).floor().long()
    border = grid.cell * (voxel + (step > 0))
    still = direction == 0
    t_next = ((border - start) / direction).masked_fill(still, torch.inf)
    t_step = (grid.cell / direction.abs()).masked_fill(still, torch.inf)
    edge = torch.arange(len(ends), device=keys.device)
    visits: list[tuple[Tensor, Tensor]] = []
    while len(edge):
        visits.append((edge, _find(keys, grid.keys(voxel.clamp(min=-1)))))
        axis = _next_axis(t_next)
        going = _pick(t_next, axis) <= length[edge]
        edge, axis, voxel, t_next = edge[going], axis[going], voxel[going], t_next[going]
        voxel.scatter_add_(1, axis[:, None], step[edge].gather(1, axis[:, None]))
        t_next.scatter_add_(1, axis[:, None], t_step[edge].gather(1, axis[:, None]))
    edges, rows = (torch.cat([edge, *column]) for column in zip(*visits, strict=True)) if visits else (edge, edge)
    found = rows >= 0
    return line_quadrics(start, direction)[edges[found]], rows[found]


def _next_axis(t: Tensor) -> Tensor:
    x, y, z = t.unbind(1)
    return torch.where(x < y, torch.where(x < z, 0, 2), torch.where(y < z, 1, 2))


def minimise_in_box(quadrics: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """The point of each box (N, 3) with the least [v; 1]^T Q [v; 1]: inside, else on faces, edges or corners."""
    inner = _solve(quadrics[:, :3, :3], -quadrics[:, :3, 3])
    out = torch.nonzero(~_inside(inner, low, high, (0, 1, 2))).flatten()
    a, b, low, high = quadrics[out, :3, :3], quadrics[out, :3, 3], low[out], high[out]
    best, error = inner[out], torch.full((len(out),), torch.inf, dtype=quadrics.dtype, device=quadrics.device)
    for fixed, point in _border_points(a, b, low, high):
        candidate = torch.stack(point, dim=1)
        others = [axis for axis in range(3) if axis not in fixed]
        value = _form(a, b, candidate).masked_fill(~_inside(candidate, low, high, others), torch.inf)
        better = value < error
        best, error = torch.where(better[:, None], candidate, best), torch.where(better, value, error)
    return inner.index_copy(0, out, best)


def _border_points(a: Tensor, b: Tensor, low: Tensor, high: Tensor):
    """(fixed axes, point) of the minimum on each of the 6 faces, 12 edges and 8 corners of the boxes."""
    sides = (low, high)
    for fixed in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        others = [axis for axis in range(3) if axis not in fixed]
        for choice in product(sides, repeat=len(fixed)):
            point: dict[int, Tensor] = {axis: side[:, axis] for axis, side in zip(fixed, choice, strict=True)}
            if others:
                pull = [b[:, i] + sum(a[:, i, f] * point[f] for f in fixed) for i in others]
                solved = _solve(a[:, others][:, :, others], -torch.stack(pull, dim=1))
                point |= dict(zip(others, solved.unbind(1), strict=True))
            yield fixed, [point[axis] for axis in range(3)]


def _solve(a: Tensor, b: Tensor) -> Tensor:
    """Solutions (N, n), NaN for singular systems."""
    solution, info = torch.linalg.solve_ex(a, b)
    return solution.masked_fill(info[:, None] != 0, torch.nan)


def _inside(point: Tensor, low: Tensor, high: Tensor, axes) -> Tensor:
    inside = torch.ones(len(point), dtype=torch.bool, device=point.device)
    for axis in axes:
        inside &= (point[:, axis] >= low[:, axis]) & (point[:, axis] <= high[:, axis])
    return inside


def _form(a: Tensor, b: Tensor, v: Tensor) -> Tensor:
    """v^T A v + 2 b v, which differs from the error by a constant."""
    return ((a @ v[:, :, None]).squeeze(2) * v).sum(1) + 2 * (b * v).sum(1)
