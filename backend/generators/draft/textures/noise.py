"""Noise in space: two small volumes that repeat without seams, made once a process, sampled anywhere.

`blobs` is smooth noise of one size and rough noise (an fBm); `cells` is the pattern of dried mud and giraffes.
"""

from functools import cache

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

_SIDE = 64  # voxels
_CYCLES = 6  # blobs along one side of the volume
_CELLS = 6  # cells along one side
# turns the lattice against the axes of furniture, so that repeats do not line up with edges
_TURN = ((0.7953, -0.3622, 0.4860), (0.5334, 0.7964, -0.2852), (-0.2838, 0.4861, 0.8266))


def blobs(position: Tensor, feature: float) -> Tensor:
    """position (N, 3) in metres, blobs about `feature` metres wide -> (N, 4), mean 0, nearly all in [-1, 1]:
    three independent smooth noises, and one with finer and finer detail."""
    return _sample(_blob_volume(position.device), position, feature * _CYCLES)


def cells(position: Tensor, feature: float) -> Tensor:
    """position (N, 3) in metres, cells about `feature` metres wide -> (N, 2): distance from the border to the neighbour
    (0 on it, about 1 inside), distance from the cell's centre (0 in it, about 1 on the border)."""
    return _sample(_cell_volume(position.device), position, feature * _CELLS)


def cell_number(position: Tensor, feature: float) -> Tensor:
    """position (N, 3) -> (N,) a number in [0, 1), one for each cell of `cells`; jumps at borders."""
    turned = position @ position.new_tensor(_TURN) / (feature * _CELLS)
    index = ((turned - turned.floor()) * _SIDE).long().clamp(0, _SIDE - 1)
    return _number_volume(position.device)[index[:, 2], index[:, 1], index[:, 0]]


def hashed(number: Tensor, salt: int) -> Tensor:
    """Whole numbers (N,) -> (N,) fixed random numbers in [0, 1)."""
    mixed = (number.long() + 1) * 7919 + salt * 104729
    mixed = (mixed ^ (mixed >> 7)) * 1103515245 % 2147483647
    mixed = (mixed ^ (mixed >> 11)) * 69069 % 2147483647
    return mixed.float() / 2147483648.0


def _sample(volume: Tensor, position: Tensor, period: float) -> Tensor:
    """volume (1, C, S + 1, S + 1, S + 1) whose last planes repeat the first -> (N, C)."""
    turned = position @ position.new_tensor(_TURN) / period
    place = (turned - turned.floor()) * 2 - 1
    sampled = torch.nn.functional.grid_sample(volume, place[None, None, None], align_corners=True)
    return sampled[0, :, 0, 0].T


@cache
def _blob_volume(device: torch.device) -> Tensor:
    rng = np.random.default_rng(20_260_101)
    smooth = [_band(rng, 0.4 * _CYCLES, 1.3 * _CYCLES, 0.0) for _ in range(3)]
    return _tiled(np.stack([*smooth, _band(rng, 0.5 * _CYCLES, 22, 1.6)]), device)


def _band(rng: np.random.Generator, low: float, high: float, falloff: float) -> np.ndarray:
    """(S, S, S) noise with `low` to `high` waves a side, amplitude falling with the frequency to this power."""
    spectrum = np.fft.rfftn(rng.standard_normal((_SIDE,) * 3))
    axis = np.fft.fftfreq(_SIDE, 1 / _SIDE)
    x, y, z = np.meshgrid(axis, axis, axis[: _SIDE // 2 + 1], indexing="ij")
    frequency = np.sqrt(x * x + y * y + z * z)
    wanted = (frequency >= low) & (frequency <= high)
    noise = np.fft.irfftn(spectrum * wanted / np.maximum(frequency, 1) ** falloff, s=(_SIDE,) * 3)
    return noise / noise.std() * 0.38


@cache
def _cell_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances to the nearest and the next centre, in cells, and the number of the nearest, (S, S, S) each."""
    rng = np.random.default_rng(20_260_102)
    corner = np.stack(np.meshgrid(*[np.arange(_CELLS)] * 3, indexing="ij"), -1).reshape(-1, 3)
    centres = (corner + rng.uniform(0.05, 0.95, corner.shape)) % _CELLS
    voxel = np.arange(_SIDE) / _SIDE * _CELLS
    points = np.stack(np.meshgrid(voxel, voxel, voxel, indexing="ij"), -1)
    distance, index = KDTree(centres, boxsize=_CELLS).query(points, k=2)
    distance, index = np.asarray(distance), np.asarray(index)
    return distance[..., 0], distance[..., 1], rng.random(len(centres))[index[..., 0]]


@cache
def _cell_volume(device: torch.device) -> Tensor:
    nearest, following, _ = _cell_table()
    return _tiled(np.stack([(following - nearest) * 1.6, nearest * 1.4]), device)


@cache
def _number_volume(device: torch.device) -> Tensor:
    return torch.from_numpy(_cell_table()[2].astype(np.float32)).to(device)


def _tiled(volume: np.ndarray, device: torch.device) -> Tensor:
    padded = np.pad(volume, [(0, 0)] + [(0, 1)] * 3, mode="wrap")
    return torch.from_numpy(padded.astype(np.float32))[None].to(device)
