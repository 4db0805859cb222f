"""How open each place of a surface is, from a coarse grid of the asset itself: dark under seats and between
cushions."""

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor

_CELLS = 56  # along the asset's longest side
_MARGIN = 5
_REACHES = ((1.5, 0.8, 0.42), (3.5, 1.6, 0.38), (8.0, 3.2, 0.32))  # cells outward, blur in cells, weight


def occlusion(position: Tensor, normal: Tensor, texel: float) -> Tensor:
    """position (N, 3) evenly over the surface, `texel` metres apart, unit normal (N, 3) -> (N,) 1 open, 0 enclosed.

    Looks along the normal at three distances for other surface, blurred with the distance (as a cone would see it)."""
    low, high = position.amin(0), position.amax(0)
    cell = float((high - low).max()) / _CELLS + 1e-9
    cells = (position - low) / cell + _MARGIN
    shape = [int(n) + 2 * _MARGIN + 2 for n in ((high - low) / cell).tolist()]
    flat = (cells[:, 0].long() * shape[1] + cells[:, 1].long()) * shape[2] + cells[:, 2].long()
    count = torch.bincount(flat, minlength=shape[0] * shape[1] * shape[2]).reshape(shape).cpu().numpy()
    filled = np.minimum(count.astype(np.float32) * (texel / cell) ** 2, 1.0)
    hidden = torch.zeros_like(position[:, 0])
    limit = position.new_tensor(shape) - 1
    for reach, blur, weight in _REACHES:
        volume = torch.from_numpy(gaussian_filter(filled, blur, truncate=2.5)).to(position.device)
        place = (cells - 0.5 + normal * reach) / limit * 2 - 1
        sampled = torch.nn.functional.grid_sample(
            volume[None, None], place.flip(1)[None, None, None], align_corners=True
        )
        wall = sampled[0, 0, 0, 0] * blur * (2 * np.pi) ** 0.5  # 1 on an endless wall
        own = float(np.exp(-0.5 * (reach / blur) ** 2))
        hidden += weight * ((wall - own - 0.06) / (1 - own)).clamp(0, 1)
    return (1 - 0.95 * hidden).clamp(0.08, 1)
