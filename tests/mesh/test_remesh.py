import numpy as np
import trimesh

from backend.mesh.closest_point import ClosestPoint
from backend.mesh.edges import mesh_edges
from backend.mesh.remesh import remesh_narrow_band


def open_sheet() -> tuple[np.ndarray, np.ndarray]:
    return np.array([[-0.3, -0.3, 0.01], [0.3, -0.3, 0.01], [0.3, 0.3, 0.01], [-0.3, 0.3, 0.01]]), np.array(
        [[0, 1, 2], [0, 2, 3]]
    )


def test_an_open_sheet_becomes_a_closed_shell_that_looks_outwards() -> None:
    vertices, faces = remesh_narrow_band(*open_sheet(), resolution=24)
    shell = trimesh.Trimesh(vertices, faces, process=False)
    assert (mesh_edges(faces).count == 2).all()
    assert shell.volume > 0
    distance = ClosestPoint(*open_sheet())(vertices).distance
    assert np.abs(distance * 24 - 1).max() < 0.5  # one cell away


def test_projection_brings_the_shell_back_to_the_surface() -> None:
    vertices, _ = remesh_narrow_band(*open_sheet(), resolution=16, project_back=1.0)
    assert ClosestPoint(*open_sheet())(vertices).distance.max() < 1e-6
