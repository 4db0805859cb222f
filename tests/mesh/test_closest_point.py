import numpy as np
import pytest
import trimesh

from backend.mesh.closest_point import ClosestPoint, closest_on_triangles

MESHES = {
    "box of twelve large faces": lambda: trimesh.creation.box((1, 0.6, 0.3)),
    "fine torus": lambda: trimesh.creation.torus(0.4, 0.1),
    "needles": lambda: trimesh.Trimesh(
        np.random.default_rng(0).normal(size=(90, 3)) * [1, 1, 1e-3], np.arange(90).reshape(30, 3), process=False
    ),
}


@pytest.mark.parametrize("name", MESHES)
def test_equals_the_best_of_all_triangles(name: str) -> None:
    mesh = MESHES[name]()
    queries = np.random.default_rng(1).uniform(-1, 1, (80, 3))
    points = closest_on_triangles(queries[:, None], mesh.vertices[mesh.faces][None].repeat(80, axis=0))
    wanted = np.linalg.norm(points - queries[:, None], axis=-1).min(1)
    found = ClosestPoint(mesh.vertices, mesh.faces)(queries)
    assert np.allclose(found.distance, wanted, atol=1e-9)
    assert np.allclose(np.linalg.norm(found.point - queries, axis=1), wanted, atol=1e-9)
    on_face = closest_on_triangles(found.point, mesh.vertices[mesh.faces[found.face]])
    assert np.allclose(on_face, found.point, atol=1e-6)


def test_corners_edges_and_faces_of_one_triangle() -> None:
    triangle = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    queries = np.array([[-1, -1, 2], [0.5, -3, 0], [1, 1, 5], [0.2, 0.3, -7.0]])
    wanted = [[0, 0, 0], [0.5, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0]]
    assert np.allclose(closest_on_triangles(queries, triangle[None].repeat(4, axis=0)), wanted)


def test_the_cheap_bound_never_exceeds_the_distance() -> None:
    mesh = trimesh.creation.icosphere(radius=0.5)
    closest, queries = ClosestPoint(mesh.vertices, mesh.faces), np.random.default_rng(2).uniform(-1, 1, (200, 3))
    assert (closest.at_least(queries) <= closest(queries).distance).all()


def test_a_mesh_without_faces_is_refused() -> None:
    with pytest.raises(ValueError, match="without faces"):
        ClosestPoint(np.zeros((3, 3)), np.zeros((0, 3), int))
