"""Repairing triangle meshes: doubled and flat faces, loose crumbs, wild edges, orientation (trellis2_core spec 17)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from .edges import mesh_edges

CRUMB_AREA = 1e-5  # of the unit box


def compact(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without vertices that no face uses."""
    used, index = np.unique(faces, return_inverse=True)
    return vertices[used], index.reshape(-1, 3).astype(faces.dtype)


def without_doubles(faces: np.ndarray) -> np.ndarray:
    """One face for every set of three different vertices, the first of each."""
    keys = np.sort(faces, axis=1)
    whole = (keys[:, 0] != keys[:, 1]) & (keys[:, 1] != keys[:, 2])
    faces, keys = faces[whole], keys[whole]
    _, first = np.unique(keys, axis=0, return_index=True)
    return faces[np.sort(first)]


def without_flat(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Without faces that have next to no area for their size."""
    corners = vertices[faces].astype(np.float64)
    area = face_areas(vertices, faces)
    longest = ((corners - np.roll(corners, 1, axis=1)) ** 2).sum(-1).max(1)
    return faces[area >= np.minimum(1e-12 * longest, 1e-24)] if len(faces) else faces


def face_areas(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F,) float64."""
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2


def without_crumbs(vertices: np.ndarray, faces: np.ndarray, min_area: float = CRUMB_AREA) -> np.ndarray:
    """Without connected pieces of less than `min_area`, unless nothing else is there."""
    piece = face_components(faces)
    area = np.bincount(piece, face_areas(vertices, faces))
    kept = area >= min_area
    return faces[kept[piece]] if kept.any() else faces


def face_components(faces: np.ndarray) -> np.ndarray:
    """(F,) which faces hang together through shared vertices."""
    links = np.concatenate((faces[:, :2], faces[:, 1:]))
    count = int(faces.max(initial=-1)) + 1
    graph = coo_matrix((np.ones(len(links), np.int8), links.T), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    return np.unique(label[faces[:, 0]], return_inverse=True)[1] if len(faces) else np.zeros(0, int)


def split_wild_edges(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners stay together only across edges of exactly two faces; vertices are doubled where this parts them."""
    edges = mesh_edges(faces)
    first, second = _pairs_of_faces(edges.of_face, edges.count == 2)
    if not len(first):
        corner = np.arange(faces.size)
        return vertices[faces.ravel()], corner.reshape(-1, 3).astype(faces.dtype)
    links = []
    for end in (0, 1):  # the two faces run along the edge in either direction: match corners by vertex
        vertex = edges.ends[edges.of_face.ravel()[first], end]
        links.append([_corner_at(faces, half // 3, vertex) for half in (first, second)])
    rows, columns = np.concatenate(links, axis=1)
    graph = coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(faces.size, faces.size))
    label = connected_components(graph, directed=False)[1]
    _, some_corner, index = np.unique(label, return_index=True, return_inverse=True)
    return vertices[faces.ravel()[some_corner]], index.reshape(-1, 3).astype(faces.dtype)


def _pairs_of_faces(edge_of_face: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two half-edges (face * 3 + side) of each wanted edge, which must have two."""
    half = np.nonzero(wanted[edge_of_face.ravel()])[0]
    order = half[np.argsort(edge_of_face.ravel()[half], kind="stable")]
    return order[::2], order[1::2]


def _corner_at(faces: np.ndarray, face: np.ndarray, vertex: np.ndarray) -> np.ndarray:
    return face * 3 + (faces[face] == vertex[:, None]).argmax(1)


def orient(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Faces turned so that neighbours agree, and each piece looks outwards.

    Agreement is carried along a tree over edges of two faces; a piece is turned over as a whole if it encloses a
    negative volume, measured from its own middle.
    """
    edges = mesh_edges(faces)
    first, second = _pairs_of_faces(edges.of_face, edges.count == 2)
    following = np.roll(faces, -1, axis=1)
    runs_up = (faces < following).ravel()
    differ = runs_up[first] == runs_up[second]  # both run along the edge the same way
    flip, piece = _tree_parity(first // 3, second // 3, differ, len(faces))
    faces = np.where(flip[:, None], faces[:, ::-1], faces)

    corners = vertices[faces].astype(np.float64)
    weight = np.repeat(face_areas(vertices, faces), 3) + 1e-300
    total = np.bincount(piece, weight.reshape(-1, 3).sum(1))
    moments = (weight.reshape(-1, 3, 1) * corners).sum(1)
    middle = np.stack([np.bincount(piece, moments[:, axis]) for axis in range(3)], axis=1)
    corners = corners - (middle / total[:, None])[piece][:, None]
    volume = np.bincount(piece, np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])))
    return np.where((volume < 0)[piece][:, None], faces[:, ::-1], faces)


def _tree_parity(a: np.ndarray, b: np.ndarray, differ: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Per node: whether it differs from the root of its piece along a spanning tree, and its piece."""
    # Weight 1 for agreement and 2 for difference: a stored zero would be no edge.
    graph: Any = coo_matrix((1 + differ.astype(np.int8), (a, b)), shape=(count, count)).tocsr()
    graph = graph.maximum(graph.T)
    piece = connected_components(graph, directed=False)[1]
    parent = _spanning_parents(graph, piece)
    parity = np.zeros(count, bool)
    child = np.nonzero(parent >= 0)[0]
    parity[child] = np.asarray(graph[child, parent[child]]).ravel() == 2
    up = np.where(parent >= 0, parent, np.arange(count))
    while (up[up] != up).any():  # doubling: the parity of a path from the parities of its halves
        parity, up = parity ^ parity[up], up[up]
    return parity, piece


def _spanning_parents(graph, piece: np.ndarray) -> np.ndarray:
    """Parents in a breadth-first tree of every piece; one extra node is joined to a first node of each."""
    count = graph.shape[0]
    _, roots = np.unique(piece, return_index=True)
    rows, columns = graph.nonzero()
    rows = np.concatenate((rows, np.full(len(roots), count)))
    columns = np.concatenate((columns, roots))
    joined = coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(count + 1, count + 1)).tocsr()
    _, parent = breadth_first_order(joined, count, directed=True)
    parent = parent[:count]
    return np.where((parent >= 0) & (parent < count), parent, -1)
