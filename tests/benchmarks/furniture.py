"""Sets of voxels for benchmarks, from Draft furniture by the encoder path: as many tokens as are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor

from backend.generators.draft.pipeline import draw_mesh
from backend.mesh.frames import in_unit_cube
from backend.sparse.cascade import LATENT_STRIDE
from backend.sparse.dual_grid import Surface, dual_grid_to_mesh
from backend.sparse.dual_grid_encode import EncodedDualGrid, mesh_to_dual_grid
from backend.sparse.tensor import Grid

SLIM = ("wardrobe", (1.2, 0.6, 2.0))  # about 10,000 tokens at 1024 and 24,000 at 1536 when it fills the cube
CLOSE_ENOUGH = 0.02
FULL = ("armchair", (0.9, 0.9, 0.95))  # about four times as many


@dataclass(frozen=True)
class Furniture:
    """One piece of furniture as the encoder sees it."""

    encoded: EncodedDualGrid
    grid: Grid  # of the voxels
    tokens: Grid  # 16 times coarser; leads back to `grid`
    resolution: int  # voxels a side

    def surface(self) -> Surface:
        vertices = self.encoded.vertices_in_voxel(self.resolution)
        return dual_grid_to_mesh(self.encoded.positions, vertices, self.encoded.crossed, None, self.resolution)


def furniture(resolution: int, tokens: int, device: str = "cuda") -> Furniture:
    """A piece of furniture, scaled until it has about `tokens` tokens at this resolution."""
    full = tokens > 2.5 * (resolution / LATENT_STRIDE) ** 2
    mesh = draw_mesh(*(FULL if full else SLIM), 0)
    vertices = torch.from_numpy(in_unit_cube(mesh.vertices)).float().to(device)
    faces = torch.from_numpy(mesh.faces).to(device)
    scale = 1.0
    for _ in range(3):
        encoded = mesh_to_dual_grid(scale * vertices, faces, resolution)
        grid = Grid(_rows(encoded.positions))
        coarse = grid
        for _ in range(4):
            coarse = coarse.coarsen()
        if abs(len(coarse) / tokens - 1) < CLOSE_ENOUGH:
            break
        scale = min(scale * sqrt(tokens / len(coarse)), 1.0)
    return Furniture(encoded, grid, coarse, resolution)


def _rows(positions: Tensor) -> Tensor:
    return torch.nn.functional.pad(positions, (1, 0))
