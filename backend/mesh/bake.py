"""Textures from attributes on voxels (trellis2_core spec 17)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

from ..sparse.interpolate import trilinear_sums
from ..sparse.tensor import MAX_COORDINATE, SparseTensor, coordinate_keys, key_offset
from .closest_point import ClosestPoint
from .gutter import nearest_covered
from .inpaint import inpaint
from .rasterize import rasterize

TEXELS_AT_ONCE = 1 << 20
REACH = 2  # voxels around a point with none beside it that are looked at first


@dataclass(frozen=True)
class BakedMaps:
    """Row 0 is the top; gutters are filled."""

    base_color: np.ndarray  # (T, T, 4) uint8, with alpha
    metallic: np.ndarray  # (T, T) uint8
    roughness: np.ndarray  # (T, T) uint8


def bake_voxel_attributes(
    vertices: Tensor,
    faces: Tensor,
    corner_uvs: Tensor,
    positions: Tensor,
    attributes: Tensor,
    resolution: int,
    size: int,
    surface: ClosestPoint | None = None,
) -> BakedMaps:
    """Mesh (V, 3), (F, 3), (F, 3, 2) in the unit box around the origin, voxels (N, 3) of a grid of `resolution` with
    attributes (N, 6): base colour, metallic, roughness, alpha -> square maps of `size` texels.

    With `surface`, the mesh that the attributes belong to, a texel takes the value at the point closest to it there.
    A texel with no voxel around it takes the value of the nearest one.
    """
    raster = rasterize(corner_uvs, size, size)
    points = raster.interpolate(vertices.float()[faces.long()])
    if surface is not None:
        points = torch.from_numpy(surface(points.cpu().numpy()).point).to(points)
    voxels = SparseTensor.of(attributes, torch.nn.functional.pad(positions, (1, 0)))
    values = torch.cat([_sample(voxels, (p + 0.5) * resolution) for p in points.split(TEXELS_AT_ONCE)])
    texels = raster.image((values.clamp(0, 1) * 255).to(torch.uint8))
    covered = raster.covered()
    nearest = torch.from_numpy(nearest_covered(covered.cpu().numpy())).to(covered.device)
    color, rest = (
        inpaint(part, covered, radius, nearest).cpu().numpy()
        for part, radius in ((texels[..., :3], 3), (texels[..., 3:], 1))
    )
    return BakedMaps(np.concatenate((color, rest[..., 2:]), axis=-1), rest[..., 0], rest[..., 1])


def _sample(voxels: SparseTensor, points: Tensor) -> Tensor:
    total, weight = trilinear_sums(voxels, points)
    empty = torch.nonzero(weight[:, 0] <= 0).flatten()
    values = total / weight.clamp(min=1e-12)
    if len(empty):
        values[empty] = voxels.feats[_nearest_rows(voxels, points[empty])]
    return values


def _nearest_rows(voxels: SparseTensor, points: Tensor) -> Tensor:
    """Row of the voxel whose centre is nearest to each point (P, 3): on a GPU among those around it, else by a tree."""
    if not points.is_cuda:
        return _nearest_by_tree(voxels, points)
    base = points.floor()
    best = torch.full((len(points),), torch.inf, device=points.device)
    row = torch.full((len(points),), -1, dtype=torch.int64, device=points.device)
    cells = base.clamp(-1, MAX_COORDINATE).long()
    keys = coordinate_keys(torch.nn.functional.pad(cells.clamp(REACH, MAX_COORDINATE - REACH), (1, 0)))
    for step in product(range(-REACH, REACH + 1), repeat=3):
        found = voxels.grid.find(keys + key_offset(*step))
        distance = (voxels.grid.positions[found] + 0.5 - points).norm(dim=1).masked_fill(found < 0, torch.inf)
        closer = distance < best
        best, row = torch.where(closer, distance, best), torch.where(closer, found, row)
    far = torch.nonzero(best > REACH).flatten()  # what lies farther than the cells that were looked at may be nearer
    if len(far):
        row[far] = _nearest_by_tree(voxels, points[far])
    return row


def _nearest_by_tree(voxels: SparseTensor, points: Tensor) -> Tensor:
    centres = KDTree(voxels.grid.positions.cpu().numpy() + 0.5)
    return torch.from_numpy(centres.query(points.cpu().numpy(), workers=-1)[1]).to(points.device)
