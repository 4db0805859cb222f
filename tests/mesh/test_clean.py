import numpy as np
import pytest
import trimesh

from backend.mesh.clean import compact, orient, split_wild_edges, without_crumbs, without_doubles, without_flat
from backend.mesh.edges import mesh_edges

SHAPES = [trimesh.creation.icosphere(radius=0.4), trimesh.creation.torus(0.3, 0.1), trimesh.creation.box()]


@pytest.mark.parametrize("mesh", SHAPES, ids=["sphere", "torus", "box"])
def test_random_orientations_become_outward(mesh: trimesh.Trimesh) -> None:
    flipped = mesh.faces.copy()
    turned = np.random.default_rng(0).random(len(flipped)) < 0.5
    flipped[turned] = flipped[turned][:, ::-1]
    fixed = trimesh.Trimesh(mesh.vertices, orient(mesh.vertices, flipped), process=False)
    assert fixed.is_winding_consistent and np.isclose(fixed.volume, mesh.volume)


def test_pieces_far_from_the_origin_are_oriented_by_themselves() -> None:
    mesh = trimesh.util.concatenate([SHAPES[0].copy().apply_translation((5, 0, 0)), SHAPES[2]])
    inside_out = mesh.faces[:, ::-1]
    fixed = trimesh.Trimesh(mesh.vertices, orient(mesh.vertices, inside_out), process=False)
    assert all(piece.volume > 0 for piece in fixed.split())


def test_an_open_sheet_agrees_with_itself() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 0, 0], [2, 1, 0.0]])
    faces = orient(points, np.array([[0, 1, 2], [3, 2, 0], [1, 2, 4], [2, 4, 5]]))
    half = faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    assert len(np.unique(half, axis=0)) == len(half)  # no directed edge twice


def test_doubles_flat_faces_and_unused_vertices_go() -> None:
    vertices = np.array([[9, 9, 9], [0, 0, 0], [1, 0, 0], [0, 1, 0], [2, 0, 0.0]])
    faces = np.array([[1, 2, 3], [3, 2, 1], [1, 1, 2], [1, 2, 4]])
    assert without_doubles(faces).tolist() == [[1, 2, 3], [1, 2, 4]]
    kept = without_flat(vertices, without_doubles(faces))
    assert kept.tolist() == [[1, 2, 3]]
    small, index = compact(vertices, kept)
    assert small.tolist() == vertices[1:4].tolist() and index.tolist() == [[0, 1, 2]]


def test_crumbs_go_but_not_everything() -> None:
    crumb = trimesh.creation.box((1e-4,) * 3).apply_translation((3, 0, 0))
    mesh = trimesh.util.concatenate([SHAPES[2], crumb])
    assert len(without_crumbs(mesh.vertices, mesh.faces)) == 12
    assert len(without_crumbs(crumb.vertices, crumb.faces)) == 12


def test_three_faces_at_an_edge_are_parted_and_sound_meshes_are_not() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0.5, 1, 0], [0.5, -1, 0], [0.5, 0, 1.0]])
    split, faces = split_wild_edges(vertices, np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4]]))
    assert mesh_edges(faces).count.max() == 1 and len(split) == 9
    sphere = SHAPES[0]
    same, index = split_wild_edges(sphere.vertices, sphere.faces)
    assert len(same) == len(sphere.vertices) and np.allclose(same[index], sphere.vertices[sphere.faces])
