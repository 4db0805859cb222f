import numpy as np
import trimesh

from backend.mesh.edges import mesh_edges
from backend.mesh.holes import boundary_loops, fill_holes


def sphere_with_holes() -> tuple[np.ndarray, np.ndarray]:
    """A sphere without three single faces far from each other, and without the faces around one vertex."""
    mesh = trimesh.creation.icosphere(subdivisions=3, radius=0.4)
    around = np.nonzero((mesh.faces == 0).any(1))[0]
    gone = {*around, 400, 700, 1000}
    return mesh.vertices, np.array([f for i, f in enumerate(mesh.faces) if i not in gone])


def test_loops_are_found_with_their_length() -> None:
    vertices, faces = sphere_with_holes()
    loops = boundary_loops(vertices, faces)
    assert len(loops.perimeter) == 4 and sorted(np.bincount(loops.loop))[:3] == [3, 3, 3]
    edge = vertices[loops.edges]
    assert np.isclose(loops.perimeter.sum(), np.linalg.norm(edge[:, 0] - edge[:, 1], axis=1).sum())


def test_only_holes_below_the_limit_are_closed() -> None:
    vertices, faces = sphere_with_holes()
    limit = np.sort(boundary_loops(vertices, faces).perimeter)[2:4].mean()
    filled, triangles = fill_holes(vertices, faces, limit)
    assert len(filled) == len(vertices) + 3
    assert len(boundary_loops(filled, triangles).perimeter) == 1
    everything = fill_holes(vertices, faces, np.inf)[1]
    assert (mesh_edges(everything).count == 2).all()


def test_loops_that_touch_in_a_vertex_are_two() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [-1, 0, 0], [-1, -1, 0.0]])
    bow_tie = np.array([[0, 1, 2], [0, 3, 4]])
    assert np.allclose(boundary_loops(vertices, bow_tie).perimeter, 2 + np.sqrt(2))


def test_a_border_that_ends_on_an_edge_of_three_faces_is_no_loop() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0.5, 1, 0], [0.5, -1, 0], [0.5, 0, 1.0]])
    fins = np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4]])
    assert len(boundary_loops(vertices, fins).perimeter) == 0


def test_a_closed_mesh_stays_as_it_is() -> None:
    mesh = trimesh.creation.box()
    vertices, faces = fill_holes(mesh.vertices, mesh.faces, np.inf)
    assert np.array_equal(vertices, mesh.vertices) and np.array_equal(faces, mesh.faces)
