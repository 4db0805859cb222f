"""From a triplane to a mesh: occupancy on a grid, coarse to fine, and marching cubes. Specification 4 and 18."""

from collections.abc import Callable

import numpy as np
import torch
from numpy import ndarray
from skimage.measure import marching_cubes
from torch import Tensor
from torch.nn import functional as F

Occupancy = Callable[[Tensor], Tensor]  # points [Q, 3] -> logits [Q]

CHUNK = 65536


def mesh_from_grid(logits: ndarray, bound: float, reference: bool = False) -> tuple[ndarray, ndarray] | None:
    """Logits (n,n,n) in [x, y, z] order over [-bound, bound] -> vertices (V,3), faces (F,3); None without a surface.

    Faces look outward. `reference` repeats the reference's two slips, for comparison: it divides by n instead of n - 1,
    so the mesh shrinks toward the lowest corner, and its faces look inward.
    """
    if logits.min() > 0 or logits.max() < 0:
        return None
    vertices, faces, _, _ = marching_cubes(np.ascontiguousarray(logits, dtype=np.float32), 0.0)
    cells = logits.shape[0] if reference else logits.shape[0] - 1
    vertices = vertices / cells * (2 * bound) - bound
    return vertices.astype(np.float32), np.ascontiguousarray(faces if reference else faces[:, ::-1], dtype=np.int32)


def dense_grid(occupancy: Occupancy, depth: int, bound: float, device: torch.device) -> Tensor:
    """Logits [n, n, n] at all 2^depth + 1 samples an axis."""
    n = 2**depth + 1
    axis = torch.linspace(-bound, bound, n, device=device)
    logits = [occupancy(_lattice_points(i, axis)) for i in torch.arange(n**3, device=device).split(CHUNK)]
    return torch.cat(logits).view(n, n, n)


def refined_grid(
    occupancy: Occupancy, depth: int, bound: float, device: torch.device, coarse: int = 5, doubt: float = 2.0
) -> Tensor:
    """The same grid, evaluated only near the surface: starting at 2^coarse + 1 samples, a cell is refined when its
    corners differ in sign or one of them is within `doubt` of zero, and so are its neighbours.

    Elsewhere the logits are interpolated, so their sign is right; parts thinner than a coarse cell may be missed.
    """
    grid = dense_grid(occupancy, min(coarse, depth), bound, device)
    for level in range(coarse + 1, depth + 1):
        grid = _refine(occupancy, grid, 2**level + 1, bound, doubt)
    return grid


def _refine(occupancy: Occupancy, grid: Tensor, n: int, bound: float, doubt: float) -> Tensor:
    axis = torch.linspace(-bound, bound, n, device=grid.device)
    fine = F.interpolate(grid[None, None], (n, n, n), mode="trilinear", align_corners=True)[0, 0]
    active = _dilate(_cells_near_surface(grid, doubt))
    wanted = torch.zeros(n, n, n, dtype=torch.bool, device=grid.device)
    cells = active.repeat_interleave(2, 0).repeat_interleave(2, 1).repeat_interleave(2, 2)
    for corner in range(8):  # every sample that touches an active fine cell
        x, y, z = corner & 1, corner >> 1 & 1, corner >> 2
        wanted[x : n - 1 + x, y : n - 1 + y, z : n - 1 + z] |= cells
    wanted[::2, ::2, ::2] = False  # known from the coarser level
    index = wanted.flatten().nonzero()[:, 0]
    if index.numel():
        values = torch.cat([occupancy(_lattice_points(i, axis)) for i in index.split(CHUNK)])
        fine.view(-1)[index] = values.to(fine.dtype)
    fine[::2, ::2, ::2] = grid
    return fine


def _cells_near_surface(grid: Tensor, doubt: float) -> Tensor:
    low, high = -F.max_pool3d(-grid[None, None], 2, 1), F.max_pool3d(grid[None, None], 2, 1)
    nearest = -F.max_pool3d(-grid.abs()[None, None], 2, 1)
    return (((low <= 0) & (high >= 0)) | (nearest < doubt))[0, 0]


def _dilate(cells: Tensor) -> Tensor:
    return F.max_pool3d(cells[None, None].float(), 3, 1, padding=1)[0, 0] > 0


def _lattice_points(index: Tensor, axis: Tensor) -> Tensor:
    """Coordinates [Q, 3] of flat indices into a cube with `axis` on every side; x changes slowest."""
    n = len(axis)
    return torch.stack([axis[index // (n * n)], axis[index // n % n], axis[index % n]], dim=1)


def plane_occupancy(model, planes: Tensor) -> Occupancy:
    """Occupancy of one triplane [3, C, H, W]: the first linear layer is applied to the planes once, not to every point.

    Exact up to rounding, since bilinear sampling and that layer are both linear.
    """
    first, rest = model.decoder.net_sdf[0], model.decoder.net_sdf[1:]
    weights = first.weight.to(planes.dtype).unflatten(1, (3, -1)).unbind(1)  # three [64, C]
    mixed = torch.stack([torch.einsum("oc,chw->ohw", w, plane) for w, plane in zip(weights, planes, strict=True)])

    def occupancy(points: Tensor) -> Tensor:
        columns_rows = torch.stack([points[:, [0, 1]], points[:, [0, 2]], points[:, [2, 1]]])  # [3, Q, 2]
        grid = columns_rows[:, None].to(mixed.dtype)
        features = F.grid_sample(mixed, grid, align_corners=False)[:, :, 0].sum(0).T  # [Q, 64]
        return rest(features + first.bias).squeeze(-1).float()

    return occupancy
