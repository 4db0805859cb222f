"""Which pixel centres lie in the convex hull of a few points. NumPy only."""

from __future__ import annotations

import numpy as np


def spans(points: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(P,2) pixel coordinates (x right, y down) -> rows (n,), first column (n,), column after the last (n,).

    Pixel (row, column) has its centre at (column + 0.5, row + 0.5). Rows without a pixel are left out.
    """
    nothing = np.zeros(0, np.int64)
    top, bottom = points[:, 1].min(), points[:, 1].max()
    rows = np.arange(max(0, int(np.ceil(top - 0.5))), min(height, int(np.floor(bottom - 0.5)) + 1))
    if len(rows) == 0:
        return nothing, nothing, nothing
    # A hull's extent in a row is that of all segments between its points: no hull need be built.
    i, j = np.triu_indices(len(points), 1)
    flat = points[i, 1] == points[j, 1]
    x0, y0 = points[i, 0], points[i, 1]
    slope = (points[j, 0] - x0) / np.where(flat, 1.0, points[j, 1] - y0)
    y = (rows + 0.5)[:, None]
    inside = (np.minimum(y0, points[j, 1]) <= y) & (y <= np.maximum(y0, points[j, 1]))
    x = x0 + (y - y0) * np.where(flat, 0.0, slope)
    left = np.where(inside, np.where(flat, np.minimum(x0, points[j, 0]), x), np.inf).min(1)
    right = np.where(inside, np.where(flat, np.maximum(x0, points[j, 0]), x), -np.inf).max(1)
    first = np.ceil(np.clip(left, 0, width) - 0.5).astype(np.int64)
    after = np.floor(np.clip(right, -1, width) - 0.5).astype(np.int64) + 1
    first, after = np.maximum(first, 0), np.minimum(after, width)
    some = after > first
    return rows[some], first[some], after[some]


def pixels(points: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(rows, columns) of every pixel centre in the hull of points (P,2)."""
    rows, first, after = spans(points, height, width)
    count = after - first
    which = np.repeat(np.arange(len(rows)), count)
    start = np.cumsum(count) - count
    return rows[which], first[which] + np.arange(len(which)) - start[which]


def mask(points: np.ndarray, height: int, width: int) -> np.ndarray:
    """(height,width) bool."""
    out = np.zeros((height, width), bool)
    rows, columns = pixels(points, height, width)
    out[rows, columns] = True
    return out
