"""Translucent polygons in the order in which they must be painted, back to front, split where they cut each other.

A binary space partition: exact for every pixel, whatever the boxes do, with one draw call. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEAR = 1e-6  # distance from a plane, relative to the scene, below which a point lies on it


@dataclass(frozen=True)
class Polygon:
    """A convex planar piece of a face."""

    points: np.ndarray  # (n,3), counter-clockwise seen from the normal's side
    normal: np.ndarray  # (3,) unit
    source: int  # whatever the caller counts faces by


def back_to_front(polygons: list[Polygon], eye: np.ndarray) -> list[Polygon]:
    """The polygons, or their pieces, farthest first as seen from `eye`."""
    extent = max((float(np.abs(p.points).max()) for p in polygons), default=1.0)
    done: list[Polygon] = []
    # An explicit stack: a partition of many boxes is deeper than Python's recursion goes.
    stack: list[list[Polygon] | Polygon] = [polygons]
    while stack:
        item = stack.pop()
        if isinstance(item, Polygon):
            done.append(item)
        elif item:
            middle = item[len(item) // 2]
            behind, on, ahead = _divide(item, middle, extent * NEAR)
            if (eye - middle.points[0]) @ middle.normal < 0:
                behind, ahead = ahead, behind
            stack += [ahead, *on, behind]
    return done


def _divide(
    polygons: list[Polygon], by: Polygon, tolerance: float
) -> tuple[list[Polygon], list[Polygon], list[Polygon]]:
    """Pieces behind the plane of `by`, in it, and on the side that its normal points to."""
    behind: list[Polygon] = []
    on: list[Polygon] = []
    ahead: list[Polygon] = []
    for polygon in polygons:
        side = (polygon.points - by.points[0]) @ by.normal
        if (np.abs(side) <= tolerance).all():
            on.append(polygon)
        elif (side <= tolerance).all():
            behind.append(polygon)
        elif (side >= -tolerance).all():
            ahead.append(polygon)
        else:
            behind.append(_cut(polygon, -side))
            ahead.append(_cut(polygon, side))
    return behind, on, ahead


def _cut(polygon: Polygon, side: np.ndarray) -> Polygon:
    """The part of the polygon where `side` (n,), given at its points, is at least 0."""
    kept = []
    count = len(side)
    for i in range(count):
        j = (i + 1) % count
        if side[i] >= 0:
            kept.append(polygon.points[i])
        if (side[i] >= 0) != (side[j] >= 0):
            t = side[i] / (side[i] - side[j])
            kept.append(polygon.points[i] + t * (polygon.points[j] - polygon.points[i]))
    return Polygon(np.array(kept), polygon.normal, polygon.source)
