"""Small voxel sets for the tests."""

import torch
from torch import Tensor


def random_coords(count: int, side: int, seed: int, items: int = 1) -> Tensor:
    """(N, 4) distinct voxels, items ascending; rows of an item in no particular order."""
    random = torch.Generator().manual_seed(seed)
    rows = []
    for item in range(items):
        cells = torch.randperm(side**3, generator=random)[:count]
        xyz = torch.stack((cells // side**2, cells // side % side, cells % side), dim=1)
        rows.append(torch.cat((torch.full((count, 1), item), xyz), dim=1))
    return torch.cat(rows).int()


def sphere(resolution: int, radius: float = 0.4) -> Tensor:
    """(N, 4) voxels that a sphere around the centre of the unit box passes through."""
    side = torch.arange(resolution)
    cells = torch.cartesian_prod(side, side, side)
    distance = ((cells + 0.5) / resolution - 0.5).norm(dim=1)
    shell = cells[(distance - radius).abs() < 0.87 / resolution]
    return torch.nn.functional.pad(shell, (1, 0)).int()
