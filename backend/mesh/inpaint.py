"""Smooth filling of the uncovered texels of a map, ring after ring (Telea's weights; trellis2_core spec 17)."""

from __future__ import annotations

import numpy as np

from .gutter import nearest_covered

RING = 0.5  # texels: those of one ring do not see each other
REACH = 12.0  # texels; beyond this distance from a covered one the nearest value is as good


def inpaint(image: np.ndarray, covered: np.ndarray, radius: int = 3, nearest: np.ndarray | None = None) -> np.ndarray:
    """image (H, W, C) uint8, covered (H, W) bool -> the image with every uncovered texel filled.

    A texel becomes the mean of what is known within `radius`: near texels count more, and so do those along the way
    to the covered area and those as far from it. `nearest` is `nearest_covered(covered)` if it is at hand.
    """
    if covered.all():
        return image.copy()
    height, width = covered.shape
    nearest = nearest_covered(covered) if nearest is None else nearest
    filled = image.reshape(height * width, -1)[nearest].reshape(image.shape)

    rows, columns = np.nonzero(~covered)
    source = nearest.reshape(-1)[rows * width + columns]
    towards = np.stack((rows - source // width, columns - source % width), axis=1).astype(np.float32)
    far = np.sqrt((towards**2).sum(1))
    near = far <= REACH
    rows, columns, towards, far = rows[near], columns[near], towards[near], far[near]

    stride = width + 2 * radius  # a frame of unknown texels saves asking for the border
    frame = [(radius, radius), (radius, radius)]
    values = np.pad(image.astype(np.float32), [*frame, (0, 0)]).reshape(-1, image.shape[2])
    known = np.pad(covered, frame).reshape(-1)
    distance = np.zeros(len(known), np.float32)
    texel = (rows + radius) * stride + columns + radius
    distance[texel] = far
    slope = towards / far[:, None]  # gradient of the distance
    order = np.argsort(np.ceil(far / RING), kind="stable")
    ends = np.nonzero(np.diff(np.ceil(far[order] / RING)))[0] + 1
    for ring in np.split(order, ends):
        total, weight = _gather(values, known, distance, texel[ring], slope[ring], stride, radius)
        found = weight > 0
        values[texel[ring][found]] = total[found] / weight[found, None]
        known[texel[ring][found]] = True
    filled[rows, columns] = np.where(known[texel, None], np.floor(values[texel] + 0.5), filled[rows, columns])
    return filled


def _gather(
    values: np.ndarray,
    known: np.ndarray,
    distance: np.ndarray,
    texel: np.ndarray,
    slope: np.ndarray,
    stride: int,
    radius: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sum (N, C) and weight (N,) of the known texels around each of N."""
    own = distance[texel]
    total, weight = np.zeros((len(texel), values.shape[1]), np.float32), np.zeros(len(texel), np.float32)
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            square = dx * dx + dy * dy
            if not 0 < square <= radius * radius:
                continue
            seen = texel + dy * stride + dx
            along = np.maximum(np.abs(slope[:, 0] * dy + slope[:, 1] * dx), 1e-6)
            share = known[seen] * along / (square**1.5 * (1 + np.abs(distance[seen] - own)))
            total += share[:, None] * values[seen]
            weight += share
    return total, weight
