"""Light of the five lamps without shadows, for renderers that bake it into the surfaces. NumPy only."""

from __future__ import annotations

import numpy as np

from .boxes import ALPHA, FLOOR_ALBEDO, Layout


def irradiance(layout: Layout, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """(n,3) points and unit normals -> (n,): sum over lights of P/(4 pi) max(0, cos)/r^2 (spec 3.7 item 2)."""
    segment = layout.lights[:, None] - points
    distance = np.linalg.norm(segment, axis=-1)
    facing = (segment * normals).sum(-1) / distance
    return layout.power / (4 * np.pi) * (np.maximum(facing, 0) / distance**2).sum(0)


def floor_radiance(layout: Layout, points: np.ndarray) -> np.ndarray:
    """(n,3) points of the floor -> (n,) linear grey."""
    return FLOOR_ALBEDO / np.pi * irradiance(layout, points, np.array([0.0, 0.0, 1.0]))


def face_radiance(layout: Layout, points: np.ndarray, normal: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """(n,3) points of a translucent face, its unit normal towards the eye -> (n,3) linear RGB that it adds."""
    lit = 1 + irradiance(layout, points, normal) / np.pi
    return ALPHA * lit[:, None] * colour
