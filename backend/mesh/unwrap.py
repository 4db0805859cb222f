"""UVs for any mesh: charts that look one way, projected flat, packed into the unit square.

Six directions are enough for baked textures and make charts without distortion that matters (at most 1.7 times).
Packing is xatlas's; its own segmentation takes minutes on large meshes (research: 83 s for 100k faces).
"""

from __future__ import annotations

import numpy as np
import xatlas
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .edges import mesh_edges
from .normals import face_normals

DIRECTIONS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], np.float64)
SMOOTHING_ROUNDS = 6
COARSER = 2  # the packer's texels are this much larger than the map's: it takes a quarter of the time
STEEPEST = 0.35  # cosine to its direction that a face must keep when it joins its neighbours


def unwrap(vertices: np.ndarray, faces: np.ndarray, size: int, padding: int = 2) -> np.ndarray:
    """(V, 3), (F, 3) -> corner UVs (F, 3, 2) fp32 in 0..1, `padding` texels apart in a map of `size` texels."""
    direction, chart = charts(vertices, faces)
    keys = chart[:, None] * np.int64(len(vertices)) + faces  # a vertex is its own in every chart
    unique, index = np.unique(keys, return_inverse=True)
    index = index.reshape(-1, 3)
    way = np.zeros(len(unique), int)
    way[index] = direction[:, None]
    flat = _project(vertices[unique % len(vertices)], way)
    atlas = xatlas.Atlas()
    atlas.add_uv_mesh(flat.astype(np.float32), index.astype(np.uint32), chart.astype(np.uint32)[:, None])
    options = xatlas.PackOptions()
    options.padding, options.resolution, options.bilinear = -(-padding // COARSER), max(size // COARSER, 1), True
    atlas.generate(pack_options=options)
    _, packed, uvs = atlas[0]
    if len(packed) != len(faces):
        raise ValueError(f"packing lost faces: {len(faces)} went in, {len(packed)} came back")
    return uvs[packed].astype(np.float32).clip(0, 1)


def charts(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per face: which of the six directions it is seen from, and its chart, a connected patch of one direction."""
    likeness = face_normals(vertices, faces) @ DIRECTIONS.T  # (F, 6)
    direction = likeness.argmax(1)
    edges = mesh_edges(faces)
    half = np.argsort(edges.of_face.ravel(), kind="stable")
    half = half[(edges.count == 2)[edges.of_face.ravel()[half]]]
    pairs = (half // 3).reshape(-1, 2)
    for _ in range(SMOOTHING_ROUNDS):
        direction = _joined_to_neighbours(direction, likeness, pairs)
    same = direction[pairs[:, 0]] == direction[pairs[:, 1]]
    graph = coo_matrix((np.ones(same.sum(), np.int8), pairs[same].T), shape=(len(faces),) * 2)
    return direction, connected_components(graph, directed=False)[1]


def _joined_to_neighbours(direction: np.ndarray, likeness: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """A face takes the direction of most of its neighbours if it is not too steep for it."""
    votes = np.zeros((len(direction), 6))
    for own, other in (pairs.T, pairs[:, ::-1].T):
        np.add.at(votes, (own, direction[other]), 1)
    votes[np.arange(len(direction)), direction] += 0.5
    votes[likeness < STEEPEST] = 0
    best = votes.argmax(1)
    return np.where(votes[np.arange(len(direction)), best] >= 2, best, direction)


def _project(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """(N, 3) seen along a direction each -> (N, 2), not mirrored."""
    axis, sign = direction // 2, np.where(direction % 2 == 0, 1.0, -1.0)
    row = np.arange(len(points))
    u, v = points[row, (axis + 1) % 3], points[row, (axis + 2) % 3]
    return np.stack((u * sign, v), axis=1)
