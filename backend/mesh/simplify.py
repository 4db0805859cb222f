"""Fewer triangles by collapsing many edges at once (trellis2_core spec 17).

Every round collapses all edges that are the cheapest around, and cheap enough; costs are quadric error, length and the
skinniness of what would remain. Plain tensor operations, so that a GPU does a round in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

LENGTH_WEIGHT = 1e-2
SKINNY_WEIGHT = 1e-3
FIRST_THRESHOLD = 1e-8
BLOCK = 1 << 19  # edges weighed at once
SLOW_ROUND = 0.01  # a round that removed a smaller share of the faces raises the threshold tenfold


class Mesh(NamedTuple):
    vertices: Tensor  # (V, 3) fp32
    faces: Tensor  # (F, 3) int64


@dataclass(frozen=True)
class Collapses:
    """All edges of a mesh, and what it would cost to collapse each."""

    edges: Tensor  # (E, 2) int64, sorted
    point: Tensor  # (E, 3) where the two ends would go
    cost: Tensor  # (E,) infinite if a triangle would flip
    around: _FacesAround


def edge_collapses(mesh: Mesh, length_weight: float = LENGTH_WEIGHT, skinny_weight: float = SKINNY_WEIGHT) -> Collapses:
    vertices, faces = mesh
    edges, uses = _edges(faces, len(vertices))
    boundary = torch.zeros(len(vertices), dtype=torch.bool, device=faces.device)
    boundary[edges[uses == 1].flatten()] = True
    quadric, around = _vertex_quadrics(mesh), _FacesAround.of(mesh)
    weights = (length_weight, skinny_weight)
    parts = [_weigh(mesh, part, boundary, quadric, around, *weights) for part in edges.split(BLOCK)]
    point, cost = (torch.cat(columns) for columns in zip(*parts, strict=True))
    return Collapses(edges, point, cost, around)


def _weigh(
    mesh: Mesh,
    edges: Tensor,
    boundary: Tensor,
    quadric: Tensor,
    around: _FacesAround,
    length_weight: float,
    skinny_weight: float,
) -> tuple[Tensor, Tensor]:
    """Where the ends of edges (E, 2) would go (E, 3), and the cost (E,)."""
    ends, at_boundary = mesh.vertices[edges], boundary[edges]
    share = torch.full((len(edges), 1), 0.5, device=edges.device)
    one = at_boundary[:, 0] != at_boundary[:, 1]
    share[one] = at_boundary[one, 1:].to(share)
    point = (1 - share) * ends[:, 0] + share * ends[:, 1]
    homogeneous = torch.cat((point, torch.ones_like(point[:, :1])), dim=1).double()
    form = quadric[edges[:, 0]] + quadric[edges[:, 1]]
    error = (homogeneous[:, None] @ form @ homogeneous[:, :, None]).flatten().to(point)
    length = (ends[:, 1] - ends[:, 0]).square().sum(1)
    skinny, flips = _what_remains(mesh, edges, point, *around.of_edges(edges))
    cost = error + length_weight * length + skinny_weight * skinny * length
    return point, cost.masked_fill(flips, torch.inf)


def _edges(faces: Tensor, vertices: int) -> tuple[Tensor, Tensor]:
    """Undirected edges in order, and how many faces use each."""
    ends = faces.T.flatten(), faces.roll(-1, 1).T.flatten()
    keys, uses = (torch.minimum(*ends) * vertices + torch.maximum(*ends)).unique(return_counts=True)
    return torch.stack((keys // vertices, keys % vertices), dim=1), uses


def _vertex_quadrics(mesh: Mesh) -> Tensor:
    """(V, 4, 4): sum of squared distances to the planes of the faces around each vertex."""
    corners = mesh.vertices[mesh.faces].double()  # the error is a small difference of large terms
    normal = torch.linalg.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], dim=-1)
    normal = torch.nn.functional.normalize(normal, dim=-1)
    plane = torch.cat((normal, -(normal * corners[:, 0]).sum(-1, keepdim=True)), dim=-1)
    quadric = plane[:, :, None] * plane[:, None]
    total = quadric.new_zeros(len(mesh.vertices), 4, 4)
    for corner in range(3):
        total.index_add_(0, mesh.faces[:, corner], quadric)
    return total


@dataclass(frozen=True)
class _FacesAround:
    """The corners of faces at every vertex."""

    corners: Tensor  # (3 F,) face * 3 + corner, vertex after vertex
    begin: Tensor  # (V,)
    degree: Tensor  # (V,)

    @classmethod
    def of(cls, mesh: Mesh) -> _FacesAround:
        corners = mesh.faces.flatten().argsort(stable=True)
        degree = torch.bincount(mesh.faces.flatten(), minlength=len(mesh.vertices))
        return cls(corners, degree.cumsum(0) - degree, degree)

    def of_edges(self, edges: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pairs (edge, face, corner of the face) over the faces around both ends of every edge."""
        ends = edges.flatten()
        degree = self.degree[ends]
        which = torch.repeat_interleave(degree)
        place = torch.arange(len(which), device=edges.device) - (degree.cumsum(0) - degree)[which]
        corner = self.corners[self.begin[ends][which] + place]
        return which // 2, corner // 3, corner % 3


def _what_remains(
    mesh: Mesh, edges: Tensor, point: Tensor, pair_edge: Tensor, pair_face: Tensor, corner: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean skinniness of the triangles that a collapse leaves, and whether one of them turns over."""
    triangle = mesh.faces[pair_face]
    both = ((triangle == edges[pair_edge, :1]).any(1)) & ((triangle == edges[pair_edge, 1:]).any(1))
    pair_edge, corner, triangle = pair_edge[~both], corner[~both], triangle[~both]
    before = mesh.vertices[triangle]
    after = before.clone()
    after[torch.arange(len(after), device=after.device), corner] = point[pair_edge]
    old, new = (torch.linalg.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0], dim=-1) for t in (before, after))
    flips = torch.zeros(len(edges), dtype=torch.bool, device=edges.device)
    flips[pair_edge[(old * new).sum(1) < 0]] = True
    sides = (after - after.roll(-1, 1)).square().sum((1, 2))
    shape = 1 - (2 * 3**0.5 * new.norm(dim=1) / sides.clamp(min=1e-30)).clamp(0, 1)  # 4 sqrt(3) area / sides
    count = torch.bincount(pair_edge, minlength=len(edges)).clamp(min=1)
    return shape.new_zeros(len(edges)).index_add_(0, pair_edge, shape) / count, flips


def collapse_round(mesh: Mesh, collapses: Collapses, threshold: float) -> Mesh:
    """Collapse every edge below the threshold that all faces around it hold for the cheapest."""
    cost, edges = collapses.cost, collapses.edges
    rank = torch.zeros(len(cost), dtype=torch.long, device=cost.device)
    rank[cost.argsort(stable=True)] = torch.arange(len(cost), device=cost.device)  # ties to the smaller edge
    held = torch.full((len(mesh.vertices),), len(cost), device=cost.device)  # the best edge at each vertex ...
    for end in (0, 1):
        held.scatter_reduce_(0, edges[:, end], rank, "amin")
    held = held[mesh.faces].amin(1)  # ... around each face
    best = torch.full((len(mesh.vertices),), len(cost), device=cost.device)
    for corner in range(3):
        best.scatter_reduce_(0, mesh.faces[:, corner], held, "amin")  # ... around each vertex once more
    chosen = (cost <= threshold) & (best[edges].amin(1) == rank)

    vertices = mesh.vertices.clone()
    target = torch.arange(len(vertices), device=cost.device)
    kept, gone = collapses.edges[chosen].unbind(1)
    vertices[kept] = collapses.point[chosen]
    target[gone] = kept
    return _compact(Mesh(vertices, target[mesh.faces]))


def _compact(mesh: Mesh) -> Mesh:
    """Without collapsed faces and unused vertices."""
    a, b, c = mesh.faces.unbind(1)
    faces = mesh.faces[(a != b) & (b != c) & (c != a)]
    used = torch.zeros(len(mesh.vertices), dtype=torch.bool, device=faces.device)
    used[faces] = True
    return Mesh(mesh.vertices[used], (used.cumsum(0) - 1)[faces])


def simplify(
    vertices: Tensor,
    faces: Tensor,
    target: int,
    length_weight: float = LENGTH_WEIGHT,
    skinny_weight: float = SKINNY_WEIGHT,
    first_threshold: float = FIRST_THRESHOLD,
    on_round: Callable[[int, int, float], None] | None = None,
    jitter: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """At most `target` faces, or as few as can be without turning a triangle over: (V, 3) fp32, (F, 3) int64.

    `on_round` hears vertices and faces left, and the threshold that was used. With `jitter` costs are taken up to that
    share higher, at random but always alike: where many are equal, on flat and regular parts, they would otherwise be
    collapsed one after another.
    """
    mesh, threshold = Mesh(vertices.float(), faces.long()), first_threshold
    random = torch.Generator(faces.device).manual_seed(0)
    while len(mesh.faces) > target:
        before = len(mesh.faces)
        collapses = edge_collapses(mesh, length_weight, skinny_weight)
        if not (collapses.cost < torch.inf).any():
            break
        if jitter:
            share = torch.rand(len(collapses.cost), generator=random, device=faces.device)
            collapses = replace(collapses, cost=collapses.cost * (1 + jitter * share))
        mesh = collapse_round(mesh, collapses, threshold)
        if on_round:
            on_round(len(mesh.vertices), len(mesh.faces), threshold)
        if len(mesh.faces) > (1 - SLOW_ROUND) * before:
            threshold *= 10
    return mesh.vertices, mesh.faces
