"""How a mesh is brought into its box. Arrays only, one scale and one translation; the front stays the front.

inside  the largest that fits, touching the axis that limits it, standing on the floor, centred
fill    each axis stretched to the box
keep    the size that it has, standing on the floor, centred
"""

from __future__ import annotations

from typing import Literal

import numpy as np

Fit = Literal["inside", "fill", "keep"]
_FLAT = 1e-9  # an extent below this cannot be scaled
_EXACT = 1e-6  # of the box: what fits so well already is left untouched


def fit_matrix(vertices: np.ndarray, size: tuple[float, float, float], mode: Fit) -> np.ndarray:
    """(4,4) float64: mesh (V,3) to the box frame of a box of `size` metres.

    A mesh that fits already keeps its coordinates bit for bit. Raises ValueError for a mesh without extent.
    """
    low, high = np.asarray(vertices, np.float64).min(0), np.asarray(vertices, np.float64).max(0)
    extent, box = high - low, np.asarray(size, np.float64)
    if not (extent > _FLAT).any():
        raise ValueError(f"a mesh of extent {extent.tolist()} cannot be fitted into a box of {box.tolist()}")
    scale = _scale(extent, box, mode)
    centre = (low + high) / 2
    origin = np.array([centre[0], centre[1], low[2]])
    matrix = np.diag([*scale, 1.0])
    matrix[:3, 3] = -scale * origin
    close = np.abs(scale - 1).max() < _EXACT and np.abs(matrix[:3, 3]).max() < _EXACT * box.max()
    return np.eye(4) if close else matrix


def transformed(vertices: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(V,3) float32 by a (4,4) matrix; the identity changes no bit."""
    if np.array_equal(matrix, np.eye(4)):
        return np.asarray(vertices, np.float32)
    return (np.asarray(vertices, np.float64) @ matrix[:3, :3].T + matrix[:3, 3]).astype(np.float32)


def transformed_normals(normals: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(...,3) float32 unit normals under a (4,4) matrix: by the inverse transpose."""
    turned = np.asarray(normals, np.float64) @ np.linalg.inv(matrix[:3, :3])
    length = np.linalg.norm(turned, axis=-1, keepdims=True)
    return (turned / np.where(length > 0, length, 1)).astype(np.float32)


def _scale(extent: np.ndarray, box: np.ndarray, mode: Fit) -> np.ndarray:
    if mode == "keep":
        return np.ones(3)
    solid = extent > _FLAT
    ratios = np.divide(box, extent, out=np.ones(3), where=solid)
    return ratios if mode == "fill" else np.full(3, ratios[solid].min())
