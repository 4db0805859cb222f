"""Where each box is in the picture: silhouettes, tokens, visibility, depth (spec 4). NumPy only."""

from __future__ import annotations

import numpy as np

from . import hulls
from .boxes import Layout, ahead

MASK_SIDE = 1024  # of the silhouettes that tokens are made of
TOKENS = 32  # a side
FILTER = 0.75  # half the reference's anti-aliasing filter, pixels


def amodal(layout: Layout, size: int = MASK_SIDE) -> np.ndarray:
    """(N,size,size) bool: each box as if it were alone, any partly covered pixel included (spec 4.1)."""
    out = np.zeros((len(layout.cuboids), size, size), bool)
    square = FILTER * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    for mask, cuboid in zip(out, layout.cuboids, strict=True):
        corners = ahead(layout.view.to_camera(cuboid.outer_corners), layout.view.near)
        if len(corners):
            flat = layout.view.to_pixels(corners, size)
            rows, columns = hulls.pixels((flat[:, None] + square).reshape(-1, 2), size, size)
            mask[rows, columns] = True
    return out


def tokens(masks: np.ndarray, grid: int = TOKENS) -> np.ndarray:
    """(N,H,W) bool, or bytes of which > 128 counts -> (N,grid,grid) uint8: 1 where any pixel of the block is set."""
    count, height, width = masks.shape
    if height % grid or width % grid:
        raise ValueError(f"masks of {height} x {width} pixels do not divide into {grid} x {grid} tokens")
    on = masks if masks.dtype == bool else masks > 128
    blocks = on.reshape(count, grid, height // grid, grid, width // grid)
    return np.any(blocks, axis=(2, 4)).astype(np.uint8)


def z_pass(masks: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """(N,H,W) masks, (N,) distances -> masks of which only the nearest stays; ties go to the first (spec 4.3)."""
    if len(masks) == 0:
        return masks.copy()
    keyed = np.where(masks > 0, np.asarray(distance, np.float64)[:, None, None], np.inf)
    nearest = np.arange(len(masks))[:, None, None] == keyed.argmin(0)
    return np.where(nearest & (masks > 0), masks, 0).astype(masks.dtype)


def depth(layout: Layout, size: int) -> np.ndarray:
    """(N,size,size) float32: distance along the view axis to the front of each box; inf where it is not.

    A box that the camera stands in begins at the near plane.
    """
    view = layout.view
    out = np.full((len(layout.cuboids), size, size), np.inf, np.float32)
    for target, cuboid in zip(out, layout.cuboids, strict=True):
        corners = ahead(view.to_camera(cuboid.corners), view.near)
        if len(corners) == 0:
            continue
        rows, columns = hulls.pixels(view.to_pixels(corners, size), size, size)
        direction = view.directions(columns + 0.5, rows + 0.5, size)
        to_local = (cuboid.rotation / (cuboid.size / 2)).T
        o, d = to_local @ (view.eye - cuboid.centre), direction @ to_local.T
        d = np.where(np.abs(d) < 1e-15, 1e-15, d)
        target[rows, columns] = np.maximum((-o / d - 1 / np.abs(d)).max(-1), view.near)
    return out


def visible(depths: np.ndarray) -> np.ndarray:
    """(N,H,W) depths -> (N,H,W) bool: where each box is the nearest."""
    if len(depths) == 0:
        return np.zeros(depths.shape, bool)
    first = np.arange(len(depths))[:, None, None] == depths.argmin(0)
    return first & np.isfinite(depths)
