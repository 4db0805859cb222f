from itertools import pairwise

import numpy as np
import torch
import trimesh

from backend.mesh.simplify import Mesh, collapse_round, edge_collapses, simplify


def as_tensors(mesh: trimesh.Trimesh) -> Mesh:
    return Mesh(torch.tensor(mesh.vertices).float(), torch.tensor(mesh.faces).long())


def test_a_sphere_keeps_its_shape() -> None:
    sphere = as_tensors(trimesh.creation.icosphere(subdivisions=4, radius=0.5))
    vertices, faces = simplify(*sphere, target=1200)
    assert 0.9 * 1200 < len(faces) <= 1200
    small = trimesh.Trimesh(vertices.numpy(), faces.numpy(), process=False)
    assert small.is_watertight and abs(small.volume / (4 / 3 * np.pi * 0.5**3) - 1) < 0.02


def test_flat_parts_lose_their_triangles_first() -> None:
    box = trimesh.creation.box().subdivide().subdivide().subdivide()
    vertices, faces = simplify(*as_tensors(box), target=60)
    small = trimesh.Trimesh(vertices.numpy(), faces.numpy(), process=False)
    assert abs(small.volume - 1) < 1e-3


def test_the_border_of_a_sheet_stays_in_place() -> None:
    side = np.linspace(-1, 1, 9)
    x, y = np.meshgrid(side, side, indexing="ij")
    corner = np.arange(81).reshape(9, 9)
    a, b, c, d = corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]
    faces = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))])
    points = np.stack((x.ravel(), y.ravel(), np.zeros(81)), axis=1)
    mesh = Mesh(torch.tensor(points).float(), torch.tensor(faces))
    once = collapse_round(mesh, edge_collapses(mesh), threshold=1e-3)
    assert len(once.faces) < len(faces)
    for low in (True, False):
        extreme = once.vertices[:, :2].amin(0) if low else once.vertices[:, :2].amax(0)
        torch.testing.assert_close(extreme.abs(), torch.ones(2))


def test_a_collapse_that_turns_a_triangle_over_is_never_taken() -> None:
    mesh = as_tensors(trimesh.creation.icosphere(subdivisions=2))
    while len(mesh.faces) > 40:
        before = len(mesh.faces)
        mesh = collapse_round(mesh, edge_collapses(mesh), threshold=1.0)
        if len(mesh.faces) == before:
            break
        corners = mesh.vertices[mesh.faces]
        normal = torch.linalg.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], dim=-1)
        assert ((normal * corners.mean(1)).sum(1) > 0).all()  # a convex ball: all faces look outwards


def test_rounds_are_reported() -> None:
    rounds = []
    simplify(*as_tensors(trimesh.creation.icosphere(subdivisions=2)), 100, on_round=lambda *row: rounds.append(row))
    assert rounds[0][2] == 1e-8 and rounds[-1][1] <= 100
    assert all(b[1] <= a[1] for a, b in pairwise(rounds))
