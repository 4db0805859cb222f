"""Mesh to dual grid and back."""

import numpy as np
import pytest
import torch
import trimesh
from scipy.spatial import KDTree

from backend.sparse.dual_grid import dual_grid_to_mesh, dual_grid_to_training_mesh
from backend.sparse.dual_grid_encode import DualGridWeights, mesh_to_dual_grid


def cloth(side: int = 12) -> trimesh.Trimesh:
    """An open, wavy sheet."""
    u, v = np.meshgrid(np.linspace(-0.4, 0.4, side), np.linspace(-0.4, 0.4, side), indexing="ij")
    points = np.stack((u, v, 0.1 * np.sin(6 * u) * np.cos(5 * v)), axis=-1).reshape(-1, 3)
    corner = np.arange(side * side).reshape(side, side)
    a, b, c, d = corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]
    return trimesh.Trimesh(points, np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))]))


SHAPES = {
    "sphere": lambda: trimesh.creation.icosphere(subdivisions=4, radius=0.4),
    "torus": lambda: trimesh.creation.torus(0.3, 0.12),
    "box": lambda: trimesh.creation.box((0.7, 0.5, 0.3)),
    "cloth": cloth,
}


def encode(mesh: trimesh.Trimesh, resolution: int):
    vertices, faces = torch.tensor(mesh.vertices).float(), torch.tensor(mesh.faces)
    return mesh_to_dual_grid(vertices, faces, resolution)


@pytest.mark.parametrize("name", SHAPES)
def test_a_mesh_comes_back_within_half_a_voxel(name: str) -> None:
    mesh, resolution = SHAPES[name](), 48
    grid = encode(mesh, resolution)
    inside = grid.vertices_in_voxel(resolution)
    assert inside.min() > -1e-3 and inside.max() < 1 + 1e-3
    surface = dual_grid_to_mesh(grid.positions, inside, grid.crossed, None, resolution)
    back = trimesh.Trimesh(surface.vertices.numpy(), surface.faces.numpy(), process=False)
    for a, b in ((mesh, back), (back, mesh)):
        points, _ = trimesh.sample.sample_surface(a, 4000, seed=0)
        targets, _ = trimesh.sample.sample_surface(b, 200_000, seed=1)
        distance = KDTree(targets).query(points)[0]
        assert distance.mean() * resolution < 0.5


def test_sharp_edges_stay_sharp() -> None:
    mesh = trimesh.creation.box((0.7, 0.5, 0.3))
    grid = encode(mesh, 40)
    positions = grid.vertices - 0.5
    corners = torch.tensor(mesh.vertices).float()
    assert torch.cdist(corners, positions).amin(1).max() < 0.05 / 40  # a dual vertex sits in each corner


def test_a_closed_mesh_comes_back_closed() -> None:
    grid = encode(SHAPES["torus"](), 32)
    surface = dual_grid_to_mesh(grid.positions, grid.vertices_in_voxel(32), grid.crossed, None, 32)
    edges = surface.faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2).sort(dim=1)[0]
    assert (edges.unique(dim=0, return_counts=True)[1] % 2 == 0).all()


def test_the_border_of_an_open_sheet_is_found_by_its_weight() -> None:
    mesh = cloth()
    vertices, faces = torch.tensor(mesh.vertices).float(), torch.tensor(mesh.faces)
    reach = [
        mesh_to_dual_grid(vertices, faces, 32, DualGridWeights(boundary=weight)).vertices[:, 0].max().item() - 0.5
        for weight in (0.0, 1.0)
    ]
    assert abs(reach[1] - 0.4) < abs(reach[0] - 0.4)


def test_quads_need_all_four_voxels() -> None:
    positions = torch.tensor([[0, 0, 0], [0, 0, 1], [0, 1, 1]])
    crossed = torch.tensor([[True, False, False]] + [[False] * 3] * 2)
    vertices = torch.full((3, 3), 0.5)
    assert len(dual_grid_to_mesh(positions, vertices, crossed, None, 4).faces) == 0
    whole = torch.cat((positions, torch.tensor([[0, 1, 0]])))
    surface = dual_grid_to_mesh(whole, torch.full((4, 3), 0.5), torch.cat((crossed, crossed[1:2])), torch.ones(4, 1), 4)
    assert surface.faces.tolist() == [[0, 1, 3], [3, 1, 2]]  # equal weights cut along the second diagonal
    torch.testing.assert_close(surface.vertices[0], torch.full((3,), -0.5 + 0.125))


def test_the_training_surface_passes_gradients_to_vertices_and_weights() -> None:
    grid = encode(SHAPES["sphere"](), 16)
    inside = grid.vertices_in_voxel(16).requires_grad_()
    weight = torch.rand(len(inside), 1, requires_grad=True)
    surface = dual_grid_to_training_mesh(grid.positions, inside, grid.crossed, weight, 16)
    surface.vertices.square().sum().backward()
    assert inside.grad is not None and weight.grad is not None and weight.grad.abs().sum() > 0
    assert len(surface.faces) == 4 * (len(surface.vertices) - len(inside))
