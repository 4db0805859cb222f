"""PBR attributes of a textured mesh on the voxels along its surface (trellis2_core spec 12.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .crossings import grid_crossings
from .tensor import coordinate_keys, key_coordinates
from .textures import Texture

OPAQUE, MASK, BLEND = 0, 1, 2


@dataclass(frozen=True)
class Material:
    """Factors, and the textures that they multiply."""

    base_color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 1.0
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha: float = 1.0
    alpha_mode: int = OPAQUE
    alpha_cutoff: float = 0.5
    textures: dict[str, Texture] = field(default_factory=dict)  # by attribute name, "normal" among them


class VoxelAttributes(NamedTuple):
    """Averages over the triangles through each voxel; 0..1 except for the normal, which is not re-normalised."""

    positions: Tensor  # (N, 3) int32, in lexicographic order
    base_color: Tensor  # (N, 3)
    metallic: Tensor  # (N,)
    roughness: Tensor  # (N,)
    emissive: Tensor  # (N, 3)
    alpha: Tensor  # (N,)
    normal: Tensor  # (N, 3)


@dataclass(frozen=True)
class TexturedTriangles:
    """The surface, measured from the low corner of the grid's box."""

    corners: Tensor  # (F, 3, 3) fp32
    normals: Tensor  # (F, 3, 3)
    uvs: Tensor  # (F, 3, 2)
    material: Tensor  # (F,) index into the materials

    def take(self, faces: Tensor) -> TexturedTriangles:
        return TexturedTriangles(self.corners[faces], self.normals[faces], self.uvs[faces], self.material[faces])


def mesh_to_attributes(
    triangles: TexturedTriangles,
    materials: list[Material],
    cell: Tensor,
    resolution: int,
    mip_offset: float = 0.0,
) -> VoxelAttributes:
    """The attributes of every voxel of size `cell` (3,) next to a crossed grid edge: the voxels of the dual grid."""
    crossings = grid_crossings(triangles.corners, cell, torch.full((3,), resolution, device=cell.device))
    keys = coordinate_keys(F.pad(crossings.voxels_around().flatten(0, 1), (1, 0)))
    faces = crossings.face.repeat_interleave(4)
    pairs = torch.stack((faces, keys), dim=1).unique(dim=0)  # a triangle counts once in a voxel
    face, (keys, voxel) = pairs[:, 0], pairs[:, 1].unique(return_inverse=True)
    positions = key_coordinates(keys)[:, 1:]

    surface = _Points.project(triangles.take(face), (positions[voxel] + 0.5) * cell)
    values = torch.zeros(len(face), 12, device=cell.device)
    for index, material in enumerate(materials):
        rows = torch.nonzero(surface.triangles.material == index).flatten()
        values[rows] = _shade(surface.take(rows), material, float(cell.max()), mip_offset)
    weight = surface.weight[:, None]
    total = torch.zeros(len(keys), 13, device=cell.device)
    total.index_add_(0, voxel, torch.cat((weight * values, weight), dim=1))
    mean = total[:, :12] / total[:, 12:]
    base_color, metallic, roughness, emissive, alpha, normal = mean.split([3, 1, 1, 3, 1, 3], dim=1)
    return VoxelAttributes(
        positions, base_color, metallic.squeeze(1), roughness.squeeze(1), emissive, alpha.squeeze(1), normal
    )


@dataclass(frozen=True)
class _Points:
    """Voxel centres projected on the plane of their triangle."""

    triangles: TexturedTriangles  # one per point
    weight: Tensor  # (M,) 1 - signed distance to the plane
    uv: Tensor  # (M, 2)
    normal: Tensor  # (M, 3) interpolated, not normalised

    @classmethod
    def project(cls, triangles: TexturedTriangles, centres: Tensor) -> _Points:
        v0, e1, e2 = _frame(triangles.corners)
        n = torch.linalg.cross(e1, e2, dim=-1)
        offset = centres - v0
        distance = (F.normalize(n, dim=-1) * offset).sum(-1)
        area = (n * n).sum(-1).clamp(min=torch.finfo(n.dtype).tiny)
        w1 = (torch.linalg.cross(offset, e2, dim=-1) * n).sum(-1) / area
        w2 = (torch.linalg.cross(e1, offset, dim=-1) * n).sum(-1) / area
        weights = torch.stack((1 - w1 - w2, w1, w2), dim=1)[:, :, None]  # not clamped
        return cls(triangles, 1 - distance, (weights * triangles.uvs).sum(1), (weights * triangles.normals).sum(1))

    def take(self, rows: Tensor) -> _Points:
        return _Points(self.triangles.take(rows), self.weight[rows], self.uv[rows], self.normal[rows])


def _frame(corners: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]


def _shade(points: _Points, material: Material, cell: float, mip_offset: float) -> Tensor:
    """(M, 12): base colour, metallic, roughness, emissive, alpha, normal of one material at its points."""
    across_u, across_v, det = _uv_derivatives(points.triangles)
    stretch = cell / _texel_span(across_u, across_v, det)

    def sample(name: str, factor: float | tuple[float, float, float]) -> Tensor:
        value = points.uv.new_tensor(factor).view(1, -1).expand(len(points.uv), -1)
        if name in material.textures:
            value = value * material.textures[name].sample(points.uv, stretch, mip_offset)
        return value

    alpha = sample("alpha", material.alpha) if material.alpha_mode != OPAQUE else points.uv.new_ones(len(points.uv), 1)
    if material.alpha_mode == MASK:
        alpha = (alpha >= material.alpha_cutoff).to(alpha)
    normal = points.normal
    if "normal" in material.textures:
        local = 2 * material.textures["normal"].sample(points.uv, stretch, mip_offset) - 1
        # Not divided by the determinant: both point the other way on mirrored uvs, as in the reference.
        tangent, bitangent = F.normalize(across_u, dim=-1), F.normalize(across_v, dim=-1)
        normal = local[:, :1] * tangent + local[:, 1:2] * bitangent + local[:, 2:] * normal
        normal = F.normalize(normal, dim=-1)
    values = [sample(name, getattr(material, name)) for name in ("base_color", "metallic", "roughness", "emissive")]
    return torch.cat((*values, alpha, normal), dim=1)


def _uv_derivatives(triangles: TexturedTriangles) -> tuple[Tensor, Tensor, Tensor]:
    """Derivatives of position along u and v, times the determinant of the uv edges, and that determinant."""
    _, e1, e2 = _frame(triangles.corners)
    d1, d2 = triangles.uvs[:, 1] - triangles.uvs[:, 0], triangles.uvs[:, 2] - triangles.uvs[:, 0]
    along_u = e1 * d2[:, 1:] - e2 * d1[:, 1:]
    along_v = e2 * d1[:, :1] - e1 * d2[:, :1]
    return along_u, along_v, d1[:, 0] * d2[:, 1] - d2[:, 0] * d1[:, 1]


def _texel_span(along_u: Tensor, along_v: Tensor, det: Tensor) -> Tensor:
    """Length in space of one unit of uv, the geometric mean of both directions; 1e6 where uvs have no area."""
    flat = det.abs() < 1e-6
    size = (along_u.norm(dim=1) * along_v.norm(dim=1)).sqrt() / torch.where(flat, 1.0, det.abs())
    return torch.where(flat, 1e6, size)
