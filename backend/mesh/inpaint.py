"""Smooth filling of the uncovered texels of a map, ring after ring (Telea's weights; trellis2_core spec 17)."""

from __future__ import annotations

import numpy as np

from .gutter import fill_gutter, nearest_covered

RING = 0.5  # texels: those of one ring do not see each other
REACH = 24.0  # beyond this distance from a covered texel the nearest value is as good


def inpaint(image: np.ndarray, covered: np.ndarray, radius: int = 3) -> np.ndarray:
    """image (H, W, C) uint8, covered (H, W) bool -> the image with every uncovered texel filled.

    A texel becomes the mean of what is known within `radius`: near texels count more, and so do those along the way
    to the covered area and those as far from it.
    """
    if covered.all():
        return image.copy()
    nearest = np.stack(np.unravel_index(nearest_covered(covered), covered.shape))
    towards = np.indices(covered.shape) - nearest
    distance = np.sqrt((towards**2).sum(0))
    slope = np.moveaxis(towards / np.maximum(distance, 1e-6), 0, -1)  # gradient of the distance
    values, known = image.astype(np.float32), covered.copy()
    rows, columns = np.nonzero((distance > 0) & (distance <= REACH))
    ring = np.ceil(distance[rows, columns] / RING).astype(int)
    order = np.argsort(ring, kind="stable")
    ends = np.nonzero(np.diff(ring[order]))[0] + 1
    for texels in np.split(order, ends):
        at = rows[texels], columns[texels]
        total, weight = _gather(values, known, distance, slope, at, radius)
        found = weight[:, 0] > 0
        at = at[0][found], at[1][found]
        values[at] = total[found] / weight[found]
        known[at] = True
    filled = np.floor(values + 0.5).clip(0, 255).astype(np.uint8)
    return fill_gutter(filled, known)


def _gather(
    values: np.ndarray,
    known: np.ndarray,
    distance: np.ndarray,
    slope: np.ndarray,
    at: tuple[np.ndarray, np.ndarray],
    radius: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sum (N, C) and weight (N, 1) of the known texels around each of N."""
    height, width = known.shape
    total, weight = np.zeros((len(at[0]), values.shape[2]), np.float32), np.zeros((len(at[0]), 1), np.float32)
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            square = dx * dx + dy * dy
            if not 0 < square <= radius * radius:
                continue
            y, x = at[0] + dy, at[1] + dx
            inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
            y, x = y.clip(0, height - 1), x.clip(0, width - 1)
            along = np.abs(slope[at][:, 0] * dy + slope[at][:, 1] * dx)
            level = 1 + np.abs(distance[y, x] - distance[at])
            share = np.where(inside & known[y, x], np.maximum(along, 1e-6) / (square**1.5 * level), 0)[:, None]
            total += share * values[y, x]
            weight += share
    return total, weight
