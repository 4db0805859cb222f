"""Remeshing by dual contouring in a narrow band around a surface (trellis2_core spec 17).

The result is a closed two-sided shell at distance `band` cells from the surface, whatever state the mesh was in.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import torch

from ..sparse.dual_grid import dual_quads, flatter_along_02
from .closest_point import ClosestPoint

World = Callable[[np.ndarray, int], np.ndarray]  # positions in cells, cells a side -> positions in space

KEPT_BAND = 0.87  # cells whose centre is nearer than this many cells to the shell are kept: half a diagonal
COARSEST = 32
CORNERS = np.array(list(product((0, 1), repeat=3)))
SPLIT_02 = np.array([[0, 1, 2, 0, 2, 3], [0, 2, 1, 0, 3, 2]])  # as in the dual grid, and turned round
SPLIT_13 = np.array([[0, 1, 3, 3, 1, 2], [0, 3, 1, 3, 2, 1]])


def remesh_narrow_band(
    vertices: np.ndarray,
    faces: np.ndarray,
    resolution: int,
    scale: float = 1.0,
    center: tuple[float, float, float] = (0.0, 0.0, 0.0),
    band: float = 1.0,
    project_back: float = 0.0,
    closest: ClosestPoint | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Mesh -> shell (V, 3) fp32, (F, 3) int32 on a grid of `resolution` cells over a cube of side `scale`.

    `project_back` moves vertices by that share towards the surface. Pass `closest` if it was built for this mesh.
    """
    closest = closest or ClosestPoint(vertices, faces)
    origin = np.asarray(center, np.float64)
    offset = band * scale / resolution

    def world(positions: np.ndarray, cells: int) -> np.ndarray:
        return (positions / cells - 0.5) * scale + origin

    voxels = _narrow_band(closest, world, resolution, scale, offset)
    values = _corner_values(lambda corners: closest(world(corners, resolution)).distance - offset, voxels, resolution)
    inside, dual = _dual_vertices(values)
    positions, shell = _quads(voxels, world(voxels + dual, resolution).astype(np.float32), inside)
    if project_back > 0:
        positions = positions + project_back * (closest(positions).point - positions)
    return positions.astype(np.float32), shell


def _narrow_band(closest: ClosestPoint, world: World, resolution: int, scale: float, offset: float) -> np.ndarray:
    """Coarse to fine: cells (N, 3) that the shell may pass through."""
    coarsest = resolution
    while coarsest > COARSEST and coarsest % 2 == 0:
        coarsest //= 2
    side = np.arange(coarsest)
    cells = np.stack(np.meshgrid(side, side, side, indexing="ij"), axis=-1).reshape(-1, 3)
    level = coarsest
    while True:
        centres, reach = world(cells + 0.5, level), KEPT_BAND * scale / level
        near = closest.at_least(centres) < offset + reach
        cells, centres = cells[near], centres[near]
        cells = cells[np.abs(closest(centres).distance - offset) < reach]
        if level == resolution:
            return cells
        cells = (2 * cells[:, None] + CORNERS[:, ::-1]).reshape(-1, 3)
        level *= 2


def _corner_values(distance: Callable[[np.ndarray], np.ndarray], voxels: np.ndarray, resolution: int) -> np.ndarray:
    """(N, 2, 2, 2) values at the corners of the cells, each corner measured once."""
    corners = voxels[:, None] + CORNERS  # (N, 8, 3)
    side = resolution + 1
    keys = (corners[..., 0] * side + corners[..., 1]) * side + corners[..., 2]
    unique, inverse = np.unique(keys, return_inverse=True)
    places = np.stack((unique // side // side, unique // side % side, unique % side), axis=1)
    return distance(places)[inverse].reshape(-1, 2, 2, 2)


def _dual_vertices(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which corners are inside (N, 2, 2, 2), and the mean of the crossings of the 12 edges (N, 3) in 0..1."""
    inside = values < 0
    total, count = np.zeros((len(values), 3)), np.zeros((len(values), 1))
    for axis in range(3):
        low, high = (np.take(values, i, axis=axis + 1).reshape(-1, 4) for i in (0, 1))
        crossed = (low < 0) != (high < 0)
        share = np.where(crossed, low / np.where(crossed, low - high, 1), 0)
        others = [a for a in range(3) if a != axis]
        for edge, place in enumerate(product((0, 1), repeat=2)):
            point = np.zeros((len(values), 3))
            point[:, axis], point[:, others] = share[:, edge], place
            total += point * crossed[:, edge, None]
            count += crossed[:, edge, None]
    return inside, np.where(count > 0, total / np.maximum(count, 1), 0.5)


def _quads(voxels: np.ndarray, positions: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices that are used, and triangles that look outwards."""
    ends = [(inside[:, 0, 1, 1], inside[:, 1, 1, 1]), (inside[:, 1, 0, 1], inside[:, 1, 1, 1])]
    ends.append((inside[:, 1, 1, 0], inside[:, 1, 1, 1]))
    crossed = np.stack([low != high for low, high in ends], axis=1)
    leaving = np.stack([low for low, _ in ends], axis=1)  # the axis leads from the inside to the outside
    quads, rows, axes = dual_quads(torch.from_numpy(voxels), torch.from_numpy(crossed))
    along_02 = flatter_along_02(torch.from_numpy(positions), quads).numpy()
    turned = leaving[rows.numpy(), axes.numpy()].astype(int)
    corners = np.where(along_02[:, None], SPLIT_02[turned], SPLIT_13[turned])
    faces = np.take_along_axis(quads.numpy(), corners, axis=1).reshape(-1, 3)
    used, faces = np.unique(faces, return_inverse=True)
    return positions[used], faces.reshape(-1, 3).astype(np.int32)
