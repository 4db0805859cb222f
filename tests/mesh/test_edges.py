import numpy as np

from backend.mesh.edges import mesh_edges


def test_edges_are_in_order_and_know_their_faces() -> None:
    edges = mesh_edges(np.array([[0, 1, 2], [2, 1, 3]]))
    assert edges.ends.tolist() == [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3]]
    assert edges.count.tolist() == [1, 1, 2, 1, 1]
    assert edges.of_face.tolist() == [[0, 2, 1], [2, 3, 4]]
