"""Closing small holes of a triangle mesh (trellis2_core spec 17)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .edges import mesh_edges

PUBLISHED_PERIMETER = 3e-2  # of the unit box


class Loops(NamedTuple):
    """Closed loops of open edges, in the order of the first edge of each."""

    edges: np.ndarray  # (B, 2) ends of the open edges that belong to a loop
    loop: np.ndarray  # (B,) loop of each
    perimeter: np.ndarray  # (L,)


def boundary_loops(vertices: np.ndarray, faces: np.ndarray) -> Loops:
    """Open edges joined through vertices with two of them, as far as they close.

    A vertex on an edge of three or more faces joins nothing.
    """
    edges = mesh_edges(faces)
    open_edges = edges.ends[edges.count == 1]
    uses = np.bincount(open_edges.ravel(), minlength=len(vertices))
    joins = uses == 2
    joins[edges.ends[edges.count > 2].ravel()] = False
    component = _components(open_edges, joins)

    places = component[:, None] * len(vertices) + open_edges  # (B, 2) where a component touches a vertex
    _, inverse, count = np.unique(places.ravel(), return_inverse=True, return_counts=True)
    closed_edge = (count[inverse].reshape(-1, 2) >= 2).all(1)
    broken = np.zeros(component.max(initial=-1) + 1, bool)
    broken[component[~closed_edge]] = True
    kept = ~broken[component]
    _, first, loop = np.unique(component[kept], return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    loop = order[loop.reshape(-1)]
    ends = vertices[open_edges[kept]]
    perimeter = np.bincount(loop, np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1), minlength=len(first))
    return Loops(open_edges[kept], loop, perimeter)


def _components(open_edges: np.ndarray, joins: np.ndarray) -> np.ndarray:
    """Which open edges hang together through the vertices marked in `joins`."""
    edge, end = np.nonzero(joins[open_edges])
    order = np.argsort(open_edges[edge, end], kind="stable")
    pairs = edge[order].reshape(-1, 2)  # the two open edges of each joining vertex
    graph = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(len(open_edges),) * 2)
    return connected_components(graph, directed=False)[1]


def fill_holes(
    vertices: np.ndarray, faces: np.ndarray, max_perimeter: float = PUBLISHED_PERIMETER
) -> tuple[np.ndarray, np.ndarray]:
    """Every loop shorter than `max_perimeter` gets a vertex in its middle and a fan of triangles, appended in order.

    The orientation of the new triangles follows vertex numbers, as in the reference.
    """
    loops = boundary_loops(vertices, faces)
    small = loops.perimeter < max_perimeter
    rank = np.cumsum(small) - 1
    edges, loop = loops.edges[small[loops.loop]], loops.loop[small[loops.loop]]
    middle = vertices[edges].mean(1)
    count = np.bincount(rank[loop], minlength=int(small.sum()))
    sums = [np.bincount(rank[loop], middle[:, axis], minlength=len(count)) for axis in range(3)]
    centres = np.stack(sums, axis=1) / count[:, None]
    fans = np.stack((edges[:, 1], edges[:, 0], len(vertices) + rank[loop]), axis=1)
    return (
        np.concatenate((vertices, centres.astype(vertices.dtype))),
        np.concatenate((faces, fans.astype(faces.dtype))),
    )
