"""Edges of a triangle mesh and the faces that meet in them."""

from typing import NamedTuple

import numpy as np


class Edges(NamedTuple):
    """Undirected edges in order of (smaller vertex, larger vertex)."""

    ends: np.ndarray  # (E, 2) int64
    count: np.ndarray  # (E,) faces on each edge
    of_face: np.ndarray  # (F, 3) edge from corner k to corner k + 1


def mesh_edges(faces: np.ndarray) -> Edges:
    """(F, 3) -> its edges."""
    faces = faces.astype(np.int64)
    ends = np.sort(np.stack((faces, np.roll(faces, -1, axis=1)), axis=-1).reshape(-1, 2), axis=1)
    stride = int(faces.max(initial=0)) + 1
    keys, inverse, count = np.unique(ends[:, 0] * stride + ends[:, 1], return_inverse=True, return_counts=True)
    return Edges(np.stack((keys // stride, keys % stride), axis=1), count, inverse.reshape(-1, 3))
