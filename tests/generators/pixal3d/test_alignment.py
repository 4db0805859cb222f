"""What goes through the true-camera path comes back where it was seen: silhouettes before and after, compared."""

from math import pi

import numpy as np
import pytest
import torch

from backend.generators.draft.pipeline import draw_mesh
from backend.generators.pixal3d.camera import BlenderCamera
from backend.generators.pixal3d.view import blender_camera, virtual_camera
from backend.mesh.rasterize import rasterize
from backend.protocol.scene import Box, Camera, world_matrix
from backend.sparse.dual_grid import dual_grid_to_mesh
from backend.sparse.dual_grid_encode import mesh_to_dual_grid

RESOLUTION = 192
BOX = Box(
    id="chair",
    prompt="wooden chair",
    location=(0.6, 0.4, 0.2),
    size=(0.5, 0.55, 0.9),
    rotation=(np.cos(0.4), 0.0, 0.0, np.sin(0.4)),
)
CAMERAS = {
    "level": Camera(location=(0.4, -3.4, 0.7), rotation=(np.cos(pi / 4), np.sin(pi / 4), 0, 0), lens=40.0),
    "high, shifted, not square": Camera(
        location=(0.8, -2.6, 2.2),
        rotation=(np.cos(pi / 6), np.sin(pi / 6), 0, 0),
        lens=35.0,
        shift=(0.05, -0.1),
        resolution=(800, 600),
        pixel_aspect=(1.0, 1.2),
    ),
}


def silhouette(vertices: np.ndarray, faces: np.ndarray, camera: BlenderCamera) -> np.ndarray:
    """(H, W) bool: what a mesh in the world covers of the camera's picture."""
    width, height = int(camera.res_x), int(camera.res_y)
    pixels = camera.project(vertices.astype(np.float64)) / [width, height]
    uvs = np.stack((pixels[:, 0], 1 - pixels[:, 1]), axis=1)[faces]
    return rasterize(torch.from_numpy(uvs), height, width).covered().numpy()


@pytest.mark.parametrize("name", CAMERAS)
def test_the_silhouette_of_a_round_trip_is_that_of_the_object(name: str) -> None:
    mesh = draw_mesh(BOX.prompt, BOX.size, 3)
    to_world = np.array(world_matrix(BOX))
    vertices = mesh.vertices @ to_world[:3, :3].T + to_world[:3, 3]
    camera = blender_camera(CAMERAS[name])
    seen = silhouette(vertices, mesh.faces, camera)
    assert 0.01 < seen.mean() < 0.6

    virtual = virtual_camera(camera, seen, BOX)
    back = np.linalg.inv(virtual.world_from_voxel)
    voxel = torch.from_numpy(vertices @ back[:3, :3].T + back[:3, 3]).float()
    assert voxel.abs().max() < 0.5  # the object is inside the cube
    grid = mesh_to_dual_grid(voxel, torch.from_numpy(mesh.faces), RESOLUTION)
    made = dual_grid_to_mesh(grid.positions, grid.vertices_in_voxel(RESOLUTION), grid.crossed, None, RESOLUTION)
    again = silhouette(virtual.place(made.vertices.numpy()), made.faces.numpy(), camera)
    overlap = (seen & again).sum() / (seen | again).sum()
    assert overlap >= 0.99, f"the silhouettes overlap by {overlap:.4f}"
