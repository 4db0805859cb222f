"""Corner normals from a smoothing angle, and the tangent frames that normal maps are read in."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .weld import distinct_rows


def face_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(V, 3), (F, 3) -> (F, 3) unit normals (zero for a face without area)."""
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    return _unit(np.cross(b - a, c - a))


def corner_normals(vertices: np.ndarray, faces: np.ndarray, smooth: np.ndarray | float) -> np.ndarray:
    """(V, 3), (F, 3), smoothing angle in degrees for all or per face (F,) -> (F, 3, 3) unit normals.

    As Blender's "smooth by angle": an edge is sharp when its two faces meet at more than the smaller of their angles,
    or when it does not join exactly two faces; around a vertex, the corners between two sharp edges share one
    angle-weighted normal."""
    normals = face_normals(vertices, faces)
    limit = np.broadcast_to(np.asarray(smooth, dtype=np.float64), (len(faces),))
    group = _smooth_corners(faces, normals, limit)
    weight = corner_angles(vertices, faces).ravel()
    spread = np.repeat(normals, 3, axis=0) * weight[:, None]
    total = np.stack([np.bincount(group, spread[:, k]) for k in range(3)], 1)
    shared = _unit(total)[group].reshape(-1, 3, 3)
    flat = (np.abs(shared).sum(-1) == 0)[..., None]
    return np.where(flat, normals[:, None], shared)


def corner_angles(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F, 3) angle at each corner, radians."""
    points = vertices[faces].astype(np.float64)
    ahead = _unit(np.roll(points, -1, 1) - points)
    behind = _unit(np.roll(points, 1, 1) - points)
    return np.arccos(np.clip((ahead * behind).sum(-1), -1, 1))


def tangents(vertices: np.ndarray, faces: np.ndarray, uvs: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """corner_uvs (F, 3, 2) and corner_normals (F, 3, 3) -> (F, 3, 4) tangent and sign, in the manner of MikkTSpace:
    bitangent = sign * cross(normal, tangent). Corners with equal position, normal, uv and orientation share a
    tangent; where uvs or faces have no area, it is any direction across the normal."""
    points = vertices[faces].astype(np.float64)
    edge, other = points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]
    du, dv = (uvs[:, 1] - uvs[:, 0]).astype(np.float64), (uvs[:, 2] - uvs[:, 0]).astype(np.float64)
    area = du[:, 0] * dv[:, 1] - du[:, 1] * dv[:, 0]
    sign = np.where(area < 0, -1.0, 1.0)
    along = (edge * dv[:, 1:] - other * du[:, 1:]) * sign[:, None]  # dP/du up to a positive factor
    projected = _unit(along[:, None] - normals * (normals * along[:, None]).sum(-1, keepdims=True))
    weighted = (projected * corner_angles(vertices, faces)[..., None]).reshape(-1, 3)
    signs = np.repeat(sign, 3)
    place = [faces.reshape(-1, 1), normals.reshape(-1, 3), uvs.reshape(-1, 2), signs[:, None]]
    group = distinct_rows(np.concatenate(place, 1).astype(np.float32))[1]
    total = np.stack([np.bincount(group, weighted[:, k]) for k in range(3)], 1)
    tangent = _unit(total)[group]
    lost = ~tangent.any(1)
    tangent[lost] = _across(normals.reshape(-1, 3)[lost])
    return np.concatenate([tangent, signs[:, None]], 1).reshape(-1, 3, 4)


def _across(normals: np.ndarray) -> np.ndarray:
    """(N, 3) unit -> (N, 3) unit, at right angles to them."""
    steepest = np.eye(3)[np.abs(normals).argmin(1)] if len(normals) else normals
    return _unit(np.cross(normals, steepest))


def _smooth_corners(faces: np.ndarray, normals: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """(F * 3,) number of the smooth fan that each corner belongs to."""
    count = len(faces)
    start, end = faces.ravel().astype(np.int64), np.roll(faces, -1, 1).ravel().astype(np.int64)
    corner = np.arange(count * 3)
    following = corner - corner % 3 + (corner + 1) % 3
    low, high = np.minimum(start, end), np.maximum(start, end)
    key = low * (int(faces.max(initial=0)) + 1) + high
    order = np.argsort(key, kind="stable")
    _, first, uses = np.unique(key[order], return_index=True, return_counts=True)
    pairs = first[uses == 2]
    one, two = order[pairs], order[pairs + 1]
    cosine = (normals[one // 3] * normals[two // 3]).sum(-1)
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    smooth = angle <= np.minimum(limit[one // 3], limit[two // 3]) + 1e-6
    one, two = one[smooth], two[smooth]
    opposed = start[one] == end[two]  # the usual case: the faces run along their edge in opposite directions
    meet_one = np.concatenate([one, following[one]])
    meet_two = np.concatenate([np.where(opposed, following[two], two), np.where(opposed, two, following[two])])
    graph = coo_matrix((np.ones(len(meet_one), dtype=np.int8), (meet_one, meet_two)), (count * 3, count * 3))
    return connected_components(graph, directed=False)[1]


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length < 1e-30, 1.0, length)
