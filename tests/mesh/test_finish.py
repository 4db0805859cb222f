import numpy as np
import torch
import trimesh

from backend.mesh.finish import finish
from backend.sparse.dual_grid import dual_grid_to_mesh
from backend.sparse.dual_grid_encode import mesh_to_dual_grid


def test_a_decoded_grid_becomes_a_closed_outward_mesh() -> None:
    sphere = trimesh.creation.icosphere(subdivisions=4, radius=0.4)
    grid = mesh_to_dual_grid(torch.tensor(sphere.vertices).float(), torch.tensor(sphere.faces), 40)
    surface = dual_grid_to_mesh(grid.positions, grid.vertices_in_voxel(40), grid.crossed, None, 40)
    vertices, faces = finish(surface.vertices.numpy(), surface.faces.numpy(), triangles=2000)
    mesh = trimesh.Trimesh(vertices, faces, process=False)
    assert len(faces) <= 2000 and mesh.is_watertight and mesh.is_winding_consistent
    assert abs(mesh.volume / sphere.volume - 1) < 0.02 and vertices.dtype == np.float32
