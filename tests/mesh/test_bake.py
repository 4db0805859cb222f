import numpy as np
import torch

from backend.mesh.bake import bake_voxel_attributes
from backend.mesh.closest_point import ClosestPoint

CORNERS = torch.tensor([[-0.4, -0.4, 0.0], [0.4, -0.4, 0.0], [0.4, 0.4, 0.0], [-0.4, 0.4, 0.0]])
FACES = torch.tensor([[0, 1, 2], [0, 2, 3]])
UVS = (CORNERS[:, :2] / 0.8 + 0.5)[FACES]  # u along x, v along y


def voxels(resolution: int) -> tuple[torch.Tensor, torch.Tensor]:
    """All cells around z = 0: red along x, green along y, half metallic, rough, opaque."""
    cells = torch.cartesian_prod(*[torch.arange(resolution)] * 2, torch.tensor([resolution // 2 - 1, resolution // 2]))
    place = (cells + 0.5) / resolution
    rest = torch.tensor([0.25, 0.5, 1.0, 1.0]).expand(len(cells), 4)
    return cells, torch.cat((place[:, :2], rest), dim=1)


def test_attributes_land_where_their_voxels_are() -> None:
    maps = bake_voxel_attributes(CORNERS, FACES, UVS, *voxels(32), 32, 64)
    assert maps.base_color.shape == (64, 64, 4) and (maps.base_color[..., 3] == 255).all()
    red, green = maps.base_color[..., 0].astype(int), maps.base_color[..., 1].astype(int)
    assert np.abs(red[32] - np.linspace(0.1, 0.9, 64) * 255).max() < 4
    assert green[0, 32] > 220 and green[-1, 32] < 35  # the top row is v = 1, which is +y
    assert np.abs(maps.metallic.astype(int) - 127).max() <= 1 and (maps.roughness == 255).all()


def test_a_moved_surface_takes_the_colours_of_the_one_below_it() -> None:
    lifted = CORNERS + torch.tensor([0, 0, 0.2])
    below = ClosestPoint(CORNERS.numpy(), FACES.numpy())
    direct = bake_voxel_attributes(CORNERS, FACES, UVS, *voxels(16), 16, 32)
    projected = bake_voxel_attributes(lifted, FACES, UVS, *voxels(16), 16, 32, below)
    assert np.abs(direct.base_color.astype(int) - projected.base_color).max() <= 1
