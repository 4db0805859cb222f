"""Shapes turned into the frame of a camera that sees them, and the directions of such cameras (pixal3d spec 17.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CUBE_HALF = 0.49999
MAX_OFFSET = 0.25  # of the bounding box's centre from the origin


class Aligned(NamedTuple):
    vertices: np.ndarray  # (N, 3) in the unit cube
    total_scale: float  # from the input to them; becomes the mesh_scale of the view


def align_to_view(vertices: np.ndarray, world_from_camera: np.ndarray) -> Aligned:
    """(N, 3) -> the voxel frame of a camera (4, 4) that looks at the origin: its axes, scaled into the cube.

    Nothing is moved: the origin stays the point that the camera looks at.
    """
    centre = (vertices.min(0) + vertices.max(0)) / 2
    if np.linalg.norm(centre) >= MAX_OFFSET:
        raise ValueError(f"the mesh is centred on {centre.tolist()}, too far from the origin that cameras look at")
    radius = float(np.linalg.norm(vertices - centre, axis=1).max())
    axes = world_from_camera[:3, :3] / np.linalg.norm(world_from_camera[:3, :3], axis=0)
    turned = (vertices / radius) @ axes
    box_scale = CUBE_HALF / float(np.abs(turned).max())
    return Aligned(turned * box_scale, box_scale / radius)


def hammersley_directions(count: int, offset: tuple[float, float]) -> np.ndarray:
    """(count, 2) azimuth (not wrapped) and elevation, rad: a sequence over the sphere with a random offset."""
    index = np.arange(count)
    u = index / count + offset[0] / count
    v = _radical_inverse(index) + offset[1]
    u = np.where(u < 0.25, 2 * u, 2 * u / 3 + 1 / 3)
    return np.stack((2 * np.pi * v, np.arccos(1 - 2 * u) - np.pi / 2), axis=1)


def _radical_inverse(index: np.ndarray) -> np.ndarray:
    """The binary digits mirrored behind the point."""
    bits = np.arange(32)
    return ((index[:, None] >> bits & 1) * 0.5 ** (bits + 1)).sum(1)
