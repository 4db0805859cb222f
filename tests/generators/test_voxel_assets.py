from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh

from backend.generators.voxel_assets import Shelf, VoxelAsset
from backend.mesh.rasterize import rasterize
from backend.protocol.errors import StageFailed
from backend.sparse.cascade import TexturedVoxels
from backend.sparse.dual_grid import dual_grid_to_mesh
from backend.sparse.dual_grid_encode import mesh_to_dual_grid

SHAPES = {
    "sphere": trimesh.creation.icosphere(subdivisions=4, radius=0.4),
    "torus": trimesh.creation.torus(0.3, 0.12),
}
SCALE, MOVE, RESOLUTION = 1.5, np.array([0.2, -0.1, 0.75]), 64


def paint(points: np.ndarray) -> np.ndarray:
    """(N, 6) smooth attributes of places in the unit cube."""
    waves = 0.5 + 0.3 * np.sin(4 * points)
    return np.concatenate((waves, waves[:, :2], np.ones((len(points), 1))), axis=1)


def asset(mesh: trimesh.Trimesh) -> VoxelAsset:
    grid = mesh_to_dual_grid(torch.tensor(mesh.vertices).float(), torch.tensor(mesh.faces), RESOLUTION)
    inside = grid.vertices_in_voxel(RESOLUTION)
    surface = dual_grid_to_mesh(grid.positions, inside, grid.crossed, None, RESOLUTION)
    attributes = paint((grid.positions.numpy() + 0.5) / RESOLUTION - 0.5)
    matrix = np.eye(4)
    matrix[:3, :3] *= SCALE
    matrix[:3, 3] = MOVE
    return VoxelAsset.of(TexturedVoxels(surface, grid.positions, torch.tensor(attributes), RESOLUTION), matrix)


@pytest.mark.parametrize("name", SHAPES)
def test_shape_and_colours_come_back(name: str) -> None:
    made = asset(SHAPES[name])
    mesh = made.mesh(triangles=4000, maker="somebody")
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert len(mesh.faces) <= 4000 and solid.is_watertight
    assert abs(solid.volume / (SCALE**3 * SHAPES[name].volume) - 1) < 0.02
    assert ((mesh.corner_normals.mean(1) * solid.face_normals).sum(1) > 0.7).all()

    painted, maps = made.material(mesh, 256)
    raster = rasterize(torch.from_numpy(painted.corner_uvs), 256, 256)
    places = raster.interpolate(torch.from_numpy(mesh.vertices[mesh.faces])).numpy()
    wanted = paint((places - MOVE) / SCALE) * 255
    texels = raster.texel.numpy()
    colour = maps.base_color.reshape(-1, 3)[texels]
    assert np.abs(colour - wanted[:, :3]).mean() < 2 and np.abs(colour - wanted[:, :3]).max() < 8
    assert np.abs(maps.orm.reshape(-1, 3)[texels, 1] - wanted[:, 4]).mean() < 2  # roughness
    assert np.abs(maps.orm.reshape(-1, 3)[texels, 2] - wanted[:, 3]).mean() < 2  # metallic
    assert (maps.orm[..., 0] == 255).all() and (maps.normal == (128, 128, 255)).all()


def test_the_shelf_keeps_the_last_assets_and_makes_each_once() -> None:
    shelf, made = Shelf(places=2), []

    def make(key: str) -> VoxelAsset:
        return shelf.get(key, lambda: made.append(key) or asset(SHAPES["sphere"]))

    for key in ("a", "b", "a", "c", "b", "a"):
        make(key)
    assert made == ["a", "b", "c", "a"]


def test_voxels_without_a_surface_are_a_failure_with_a_remedy() -> None:
    made = asset(SHAPES["sphere"])
    bare = made.voxels.surface._replace(faces=made.voxels.surface.faces[:0])
    with pytest.raises(StageFailed, match="no surface"):
        VoxelAsset(replace(made.voxels, surface=bare), made.matrix).mesh(100, "somebody")
