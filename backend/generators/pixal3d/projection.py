"""Tokens of the voxel grid to pixels of the input image, and features of maps there (pixal3d spec 3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

DEFAULT_ANGLE = 0.8575560450553894  # rad


@dataclass(frozen=True)
class ViewCameras:
    """The cameras of a batch of square images: each looks at the centre of the voxel cube along -z.

    Only the angle and the product distance * mesh_scale matter.
    """

    angle_x: Tensor  # (B,) full horizontal field of view, rad
    distance: Tensor  # (B,) to the centre of the cube, scene units
    mesh_scale: Tensor  # (B,) voxel units per scene unit
    scene_from_view: Tensor | None = None  # (B, 4, 4) other cameras than the canonical front view

    @classmethod
    def single(cls, angle_x: float = DEFAULT_ANGLE, distance: float = 2.0, mesh_scale: float = 1.0) -> ViewCameras:
        return cls(*(torch.tensor([x], dtype=torch.float32) for x in (angle_x, distance, mesh_scale)))

    def to(self, device: torch.device) -> ViewCameras:
        values = (self.angle_x, self.distance, self.mesh_scale, self.scene_from_view)
        return ViewCameras(*(None if x is None else x.to(device) for x in values))  # pyright: ignore


def front_view(distance: Tensor) -> Tensor:
    """(B,) -> (B, 4, 4) camera-to-scene matrix of the canonical view: at (0, -d, 0), looking along +y, Z up."""
    matrix = torch.tensor([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]).to(distance)
    matrix = matrix.repeat(len(distance), 1, 1)
    matrix[:, 1, 3] = -distance
    return matrix


def project_cells(
    positions: Tensor, items: Tensor, resolution: int, cameras: ViewCameras, image_side: int
) -> tuple[Tensor, Tensor]:
    """Cells (N, 3) of a grid of `resolution` a side, of batch items (N,) -> pixels (N, 2) right and down, depth (N,).

    Cells stand at their corners: the first at one face of the cube, the last at the opposite one.
    """
    corner = -1 + 2 * positions.float() / (resolution - 1)
    points = corner / cameras.mesh_scale[items, None] / 2
    if cameras.scene_from_view is None:
        x, y = points[:, 0], points[:, 1]
        depth = cameras.distance[items] - points[:, 2]
    else:
        scene = torch.stack((points[:, 0], -points[:, 2], points[:, 1], torch.ones_like(points[:, 0])), dim=1)
        seen = (torch.linalg.inv(cameras.scene_from_view)[items] @ scene[:, :, None]).squeeze(2)
        x, y, depth = seen[:, 0], seen[:, 1], -seen[:, 2]
    focal = (image_side / (2 * torch.tan(cameras.angle_x / 2)))[items]
    u = focal * x / (depth + 1e-8) + image_side / 2
    v = -focal * y / (depth + 1e-8) + image_side / 2
    return torch.stack((u, v), dim=1), depth


def map_coordinates(pixels: Tensor, image_side: int, width: int, height: int) -> tuple[Tensor, Tensor]:
    """Pixels (N, 2) of the image -> continuous column and row of a map over it, clamped to its border.

    Whole coordinates are texel centres; the half pixel that is added belongs to the published weights.
    """
    x, y = (
        ((pixels[:, i] + 0.5) / image_side * size - 0.5).clamp(0, size - 1) for i, size in ((0, width), (1, height))
    )
    return x, y


def sample_map(features: Tensor, items: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Bilinear features of maps (B, C, H, W) at columns x and rows y of items (N,) -> (N, C)."""
    height, width = features.shape[-2:]
    x0, y0 = x.floor().long().clamp(0, width - 1), y.floor().long().clamp(0, height - 1)
    x1, y1 = (x0 + 1).clamp(max=width - 1), (y0 + 1).clamp(max=height - 1)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]
    last = features.movedim(1, -1)
    upper = (1 - fx) * last[items, y0, x0] + fx * last[items, y0, x1]
    lower = (1 - fx) * last[items, y1, x0] + fx * last[items, y1, x1]
    return (1 - fy) * upper + fy * lower
