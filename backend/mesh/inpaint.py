"""Smooth filling of the uncovered texels of a map, ring after ring (Telea's weights; trellis2_core spec 17).

PyTorch, on any device; only the distances come from the CPU.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .gutter import nearest_covered

RING = 0.5  # texels: those of one ring do not see each other
REACH = 12.0  # texels; beyond this distance from a covered one the nearest value is as good


def inpaint(image: Tensor, covered: Tensor, radius: int = 3, nearest: Tensor | None = None) -> Tensor:
    """image (H, W, C) uint8, covered (H, W) bool -> the image with every uncovered texel filled.

    A texel becomes the mean of what is known within `radius`: near texels count more, and so do those along the way
    to the covered area and those as far from it. `nearest` is `nearest_covered(covered)` if it is at hand.
    """
    if covered.all():
        return image.clone()
    height, width, channels = image.shape
    if nearest is None:
        nearest = torch.from_numpy(nearest_covered(covered.cpu().numpy())).to(image.device)
    filled = image.reshape(height * width, channels)[nearest.flatten()]

    open_texels = torch.nonzero(~covered.flatten()).flatten()
    source = nearest.flatten()[open_texels]
    rows, columns = open_texels // width, open_texels % width
    towards = torch.stack((rows - source // width, columns - source % width), dim=1).float()
    far = towards.norm(dim=1)
    near = far <= REACH
    open_texels, rows, columns, towards, far = (x[near] for x in (open_texels, rows, columns, towards, far))

    stride = width + 2 * radius  # a frame of unknown texels saves asking for the border
    values = F.pad(image.float(), (0, 0, radius, radius, radius, radius)).flatten(0, 1)
    known = F.pad(covered, (radius,) * 4).flatten().float()
    distance = torch.zeros_like(known)
    texel = (rows + radius) * stride + columns + radius
    distance[texel] = far
    slope = towards / far[:, None]  # gradient of the distance
    ring = (far / RING).ceil().long()
    order = ring.argsort(stable=True)
    for own in order.split(torch.bincount(ring).tolist()):
        total, weight = _gather(values, known, distance, texel[own], slope[own], stride, radius)
        values[texel[own]] = torch.where(weight > 0, total / weight.clamp(min=1e-12), values[texel[own]])
        known[texel[own]] = (weight[:, 0] > 0).float()
    rounded = (values[texel] + 0.5).floor().to(image.dtype)
    filled[open_texels] = torch.where(known[texel, None] > 0, rounded, filled[open_texels])
    return filled.view(height, width, channels)


def _gather(
    values: Tensor, known: Tensor, distance: Tensor, texel: Tensor, slope: Tensor, stride: int, radius: int
) -> tuple[Tensor, Tensor]:
    """Weighted sum (N, C) and weight (N, 1) of the known texels around each of N."""
    own = distance[texel]
    total, weight = values.new_zeros(len(texel), values.shape[1]), values.new_zeros(len(texel), 1)
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            square = dx * dx + dy * dy
            if not 0 < square <= radius * radius:
                continue
            seen = texel + dy * stride + dx
            along = (slope[:, 0] * dy + slope[:, 1] * dx).abs_().clamp_(min=1e-6)
            share = (known.take(seen) * along / ((distance.take(seen) - own).abs_().add_(1) * square**1.5))[:, None]
            total.addcmul_(share, values.index_select(0, seen))
            weight += share
    return total, weight
