"""How open each place of a surface is, from a coarse grid of the asset itself: dark under seats, between cushions."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

_CELLS = 56  # along the asset's longest side
_MARGIN = 5
_REACHES = ((1.5, 0.8, 0.42), (3.5, 1.6, 0.38), (8.0, 3.2, 0.32))  # cells outward, blur in cells, weight


@dataclass(frozen=True)
class Surroundings:
    """Where in space there is surface: one grid for each reach, blurred as far as a cone would see it."""

    low: Tensor  # (3,) corner of the asset
    cell: float  # metres
    volumes: tuple[Tensor, ...]  # (1, 1, X, Y, Z) each: 1 on an endless wall

    @staticmethod
    def of(position: Tensor, spacing: float) -> "Surroundings":
        """position: (N, 3), evenly over the surface, about `spacing` metres apart."""
        low, high = position.amin(0), position.amax(0)
        cell = float((high - low).max()) / _CELLS + 1e-9
        place = ((position - low) / cell + _MARGIN).long()
        shape = [int(n) + 2 * _MARGIN + 2 for n in ((high - low) / cell).tolist()]
        flat = (place[:, 0] * shape[1] + place[:, 1]) * shape[2] + place[:, 2]
        count = torch.bincount(flat, minlength=shape[0] * shape[1] * shape[2]).reshape(shape).cpu().numpy()
        filled = np.minimum(count.astype(np.float32) * (spacing / cell) ** 2, 1.0)
        blurred = [gaussian_filter(filled, blur, truncate=2.5) * blur * (2 * np.pi) ** 0.5 for _, blur, _ in _REACHES]
        return Surroundings(low, cell, tuple(torch.from_numpy(v).to(position.device)[None, None] for v in blurred))

    def openness(self, position: Tensor, normal: Tensor) -> Tensor:
        """(N, 3) places and unit normals -> (N,) 1 open, 0 enclosed: looks along the normal at three distances."""
        cells = (position - self.low) / self.cell + _MARGIN - 0.5
        limit = position.new_tensor(self.volumes[0].shape[2:]) - 1
        hidden = torch.zeros_like(position[:, 0])
        for volume, (reach, blur, weight) in zip(self.volumes, _REACHES, strict=True):
            place = (cells + normal * reach) / limit * 2 - 1
            sampled = torch.nn.functional.grid_sample(volume, place.flip(1)[None, None, None], align_corners=True)
            own = float(np.exp(-0.5 * (reach / blur) ** 2))  # what a flat wall sees of itself
            hidden += weight * ((sampled[0, 0, 0, 0] - own - 0.06) / (1 - own)).clamp(0, 1)
        return (1 - 0.85 * hidden).clamp(0.2, 1)
