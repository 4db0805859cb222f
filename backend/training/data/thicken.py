"""Parts that are too thin for a network's grid are given a least thickness. NumPy only.

Shades of lamps and slim poles are thinner than a cell of the grid that a surface is taken from: occupancy that is true
to them teaches a network that nothing is there. TAR3D specification 14.2 asks for parts that survive.
"""

import numpy as np
from numpy import ndarray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

STEEPEST = 2.0  # corners move at most this many times as far as faces, so that their faces keep their distance


def thickened(vertices: ndarray, faces: ndarray, part: ndarray, least: float) -> ndarray:
    """Vertices (V,3) moved outward where a closed piece of faces (F,3) is thinner than `least`.

    `part` (V,) keeps pieces of different parts separate although they touch. The thickness of a piece is 2 volume /
    area: a sheet's own, the radius of a rod. Pieces that enclose nothing stay as they are.
    """
    welded = _welded(vertices, part)
    corners = welded[faces]
    cross = np.cross(vertices[faces[:, 1]] - vertices[faces[:, 0]], vertices[faces[:, 2]] - vertices[faces[:, 0]])
    count = int(welded.max()) + 1
    edges = coo_matrix((np.ones(2 * len(faces)), (corners[:, :2].T.ravel(), corners[:, 1:].T.ravel())), (count, count))
    pieces, piece = connected_components(edges, directed=False)
    of_face = piece[corners[:, 0]]
    area = np.bincount(of_face, np.linalg.norm(cross, axis=1) / 2, pieces)
    volume = np.bincount(of_face, (vertices[faces[:, 0]] * cross).sum(1) / 6, pieces)
    thickness = 2 * volume / np.maximum(area, 1e-12)
    outward = np.where(thickness > 0, np.clip(least - thickness, 0, None) / 2, 0.0)
    return vertices + _normals(corners, cross, count)[welded] * outward[piece[welded]][:, None]


def _welded(vertices: ndarray, part: ndarray) -> ndarray:
    """For every vertex the number of its place: corners of one part at the same spot share it."""
    places = np.column_stack([np.round(vertices / 1e-5).astype(np.int64), part])
    return np.unique(places, axis=0, return_inverse=True)[1].ravel()


def _normals(corners: ndarray, cross: ndarray, count: int) -> ndarray:
    """How far (count,3) each place moves so that its faces move by one."""
    normal = np.zeros((count, 3))
    for corner in corners.T:
        np.add.at(normal, corner, cross)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    size = np.linalg.norm(cross, axis=1)
    along = sum(np.bincount(corner, (normal[corner] * cross).sum(1), count) for corner in corners.T)
    around = sum(np.bincount(corner, size, count) for corner in corners.T)
    cosine = along / np.maximum(around, 1e-12)
    return normal / np.clip(cosine, 1 / STEEPEST, 1)[:, None]
