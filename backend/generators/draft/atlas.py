"""The charts of all parts -> one atlas: every chart as a rectangle, laid into the unit square at one texel density.

Rectangles fall into a skyline of whole texels, the tallest first; the density is the highest at which all of them
fit. numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from .asset import Part

GUTTER = 2  # texels left free on each side of a chart
_ROUNDS = 9  # of bisection for the density


@dataclass(frozen=True)
class Atlas:
    corner_uvs: np.ndarray  # (F, 3, 2) float32 in [0, 1], v up; the parts' faces one after the other
    density: float  # texels a metre; charts longer than the map are shrunk to fit it
    utilisation: float  # share of the map that the charts' rectangles fill


def pack(parts: Sequence[Part], resolution: int = 1024) -> Atlas:
    """Lay out every chart of every part without overlap, for a map of `resolution` texels a side.

    Raises ValueError when there are more charts than such a map has room for."""
    uvs, chart = _charts(parts)
    low, extent = _extents(uvs, chart)
    turned = extent[:, 0] > extent[:, 1]
    upright = np.where(turned[:, None], extent[:, ::-1], extent)
    scale, place, density = _fit(upright, resolution)
    local = (uvs - low[chart][:, None]) * scale[chart][:, None, None]
    height = (extent[:, 0] * scale)[chart][:, None]
    flipped = np.stack([local[..., 1], height - local[..., 0]], -1)  # a quarter turn clockwise, not mirrored
    local = np.where(turned[chart][:, None, None], flipped, local)
    atlas = (local + place[chart][:, None] + GUTTER) / resolution
    filled = (np.ceil(upright * scale[:, None]) + 1).prod(1).sum() / resolution**2
    return Atlas(atlas.astype(np.float32), density, float(filled))


def _charts(parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray]:
    """Chart coordinates (F, 3, 2) and chart numbers (F,), 0..n-1 without gaps over all parts."""
    first = np.cumsum([0] + [int(part.charts.max(initial=-1)) + 1 for part in parts])
    numbers = np.concatenate([part.charts + start for part, start in zip(parts, first, strict=False)])
    return np.concatenate([part.uvs for part in parts]), np.unique(numbers, return_inverse=True)[1].ravel()


def _extents(uvs: np.ndarray, chart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower corner and size of each chart, (n, 2) each."""
    order = np.argsort(chart, kind="stable")
    start = np.searchsorted(chart[order], np.arange(int(chart.max()) + 1))
    low = np.minimum.reduceat(uvs.min(1)[order], start)
    high = np.maximum.reduceat(uvs.max(1)[order], start)
    return low, high - low


def _fit(extent: np.ndarray, resolution: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Sizes (n, 2) in metres -> texels a metre of each (n,), lower left texels (n, 2), common density."""
    area = max(float(extent.prod(1).sum()), 1e-12)
    low, high = 0.0, resolution / np.sqrt(area)
    best = None
    trial = 0.8 * high
    for _ in range(_ROUNDS):
        scale = np.minimum(trial, (resolution - 2 * GUTTER - 1) / np.maximum(extent[:, 1], 1e-12))
        place = _skyline(np.ceil(extent * scale[:, None]).astype(np.int64) + 1 + 2 * GUTTER, resolution)
        if place is None:
            high = trial
        else:
            low, best = trial, (scale, place, trial)
        trial = (low + high) / 2 if low else trial / 1.5
    if best is None:
        raise ValueError(f"{len(extent)} charts find no room in a map of {resolution} x {resolution} texels")
    return best


def _skyline(sizes: np.ndarray, resolution: int) -> np.ndarray | None:
    """Rectangles (n, 2) in texels -> lower left corners (n, 2), or None when they do not fit into the square."""
    if sizes.prod(1).sum() > resolution**2:
        return None
    place = np.zeros_like(sizes)
    skyline = np.zeros(resolution, dtype=np.int64)
    for index in np.lexsort((sizes[:, 0], sizes[:, 1]))[::-1]:
        width, height = sizes[index]
        room = resolution - width + 1
        rest = maximum_filter1d(skyline, width, origin=-(width // 2))
        left = int(rest[:room].argmin())
        bottom = int(rest[left])
        if bottom + height > resolution:
            return None
        skyline[left : left + width] = bottom + height
        place[index] = left, bottom
    return place
