"""Axes and size of meshes as files and networks want them."""

import numpy as np

UNIT_EXTENT = 0.99999  # just inside the unit cube, so that no vertex lies on its border


def y_up(vectors: np.ndarray) -> np.ndarray:
    """(N, 3) of a frame with Z up -> glTF's frame with Y up: (x, z, -y)."""
    return np.stack((vectors[:, 0], vectors[:, 2], -vectors[:, 1]), axis=1)


def z_up(vectors: np.ndarray) -> np.ndarray:
    """(N, 3) of glTF's frame with Y up -> a frame with Z up: (x, -z, y)."""
    return np.stack((vectors[:, 0], -vectors[:, 2], vectors[:, 1]), axis=1)


def in_unit_cube(vertices: np.ndarray) -> np.ndarray:
    """Moved and scaled so that the bounding box is centred on the origin and fills the unit cube (trellis2_core 16)."""
    low, high = vertices.min(0), vertices.max(0)
    extent = float((high - low).max())
    if not extent > 0:
        raise ValueError("a mesh without extent cannot be scaled to the unit cube")
    return (vertices - (low + high) / 2) * (UNIT_EXTENT / extent)
