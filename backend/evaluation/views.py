"""Pictures of a mesh from twenty sides, as the published evaluation compares them. Specification 13.2.

Flat-shaded and grey, lit from the camera by a directional light (3), a point light (6) and a spot (3), on white, gamma
2.2. The published pictures come from pyrender: the diffuse part of its default material is repeated here, its faint
highlight is not.
"""

import numpy as np
import torch
from numpy import ndarray

from ..mesh.rasterize import rasterize
from .geometry import normalize
from .image import RESOLUTION, VERTICAL_FOV, camera_eyes, look_at

ALBEDO, METALLIC, MIRRORED = 0.3, 0.2, 0.04
DIRECTIONAL, SPOT, POINT = 3.0, 3.0, 6.0
INNER, OUTER = np.pi / 16, np.pi / 6  # of the spot
SAMPLES = 2  # a side of every pixel


def twenty_views(vertices: ndarray, faces: ndarray, size: int = RESOLUTION) -> ndarray:
    """Vertices (V,3), y up, of any size and place, faces (F,3) -> pictures (20,size,size,3) uint8."""
    vertices = normalize(np.asarray(vertices, dtype=np.float64))
    return np.stack([view(vertices, faces, look_at(eye), size) for eye in camera_eyes()])


def view(vertices: ndarray, faces: ndarray, pose: ndarray, size: int = RESOLUTION) -> ndarray:
    """One picture (size,size,3) uint8 by a camera with this pose (camera to world, 4x4)."""
    seen = (vertices - pose[:3, 3]) @ pose[:3, :3]  # camera frame, looking along -z
    triangles = torch.from_numpy(seen[faces])
    triangles = triangles[(triangles[..., 2] < -1e-3).all(1)]
    near = -1 / triangles[..., 2]
    focal = 0.5 / np.tan(np.deg2rad(VERTICAL_FOV) / 2)
    raster = rasterize(
        0.5 + focal * triangles[..., :2] * near[..., None], SAMPLES * size, SAMPLES * size, nearness=near
    )
    cross = torch.linalg.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    normal = torch.nn.functional.normalize(cross, dim=1)[raster.face]
    flat = raster.interpolate(triangles[..., :2] * near[..., None])  # straight lines stay straight after the division
    distance = 1 / raster.interpolate(near[..., None])
    point = torch.cat([flat, -torch.ones_like(distance)], dim=1) * distance
    shade = raster.image(light(point, normal), background=1.0)
    smooth = shade.unflatten(0, (size, SAMPLES)).unflatten(2, (size, SAMPLES)).mean((1, 3))
    return (smooth * 255).round().byte()[..., None].expand(-1, -1, 3).numpy()


def light(point: torch.Tensor, normal: torch.Tensor) -> torch.Tensor:
    """Brightness (N,) in 0..1 of points and normals (N,3) in the camera frame; surfaces are lit from both sides."""
    distance = point.norm(dim=1)
    towards = -point / distance[:, None]
    facing = (normal * towards).sum(1).abs()
    to_axis = towards[:, 2]
    cone = ((to_axis - np.cos(OUTER)) / (np.cos(INNER) - np.cos(OUTER))).clamp(0, 1) ** 2
    arriving = DIRECTIONAL * normal[:, 2].abs() + (POINT + SPOT * cone) / distance**2 * facing
    return (ALBEDO * (1 - MIRRORED) * (1 - METALLIC) / np.pi * arriving).clamp(0, 1) ** (1 / 2.2)
