"""Points and spans from which solids are made: spans cut into pieces, outlines, rounded corners. numpy only."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

Span = tuple[float, float]


def split(span: Span, count: int, gap: float = 0.0) -> list[Span]:
    """Cut a span into `count` equal spans with `gap` between them: drawers of a chest, slats, keys of a row."""
    low, high = span
    gap = min(gap, 0.5 * (high - low) / max(count, 1))
    width = (high - low - gap * (count - 1)) / count
    return [(low + k * (width + gap), low + k * (width + gap) + width) for k in range(count)]


def parts_of(span: Span, weights: Sequence[float] | ndarray, gap: float = 0.0) -> list[Span]:
    """Cut a span into spans whose lengths are as the weights, with `gap` between them."""
    low, high = span
    gap = min(gap, 0.5 * (high - low) / max(len(weights), 1))
    lengths = np.asarray(weights, dtype=float)
    lengths = lengths / lengths.sum() * (high - low - gap * (len(lengths) - 1))
    starts = low + np.concatenate([[0.0], np.cumsum(lengths[:-1] + gap)])
    return [(float(a), float(a + b)) for a, b in zip(starts, lengths, strict=True)]


def inset(span: Span, margin: float, other: float | None = None) -> Span:
    """The span without `margin` at its low end and `other` (or the same) at its high end; never less than a tenth."""
    low, high = span
    other = margin if other is None else other
    if margin + other > 0:
        shrink = min(1.0, 0.9 * (high - low) / (margin + other))
        margin, other = margin * shrink, other * shrink
    return low + margin, high - other


def between(a: float, b: float) -> Span:
    """The span between two places, whichever is lower."""
    return min(a, b), max(a, b)


def around(centre: float, width: float) -> Span:
    """The span of this width about a centre."""
    return centre - width / 2, centre + width / 2


def middle(span: Span) -> float:
    return (span[0] + span[1]) / 2


def length(span: Span) -> float:
    return span[1] - span[0]


def circle(radius: float, sides: int = 24) -> ndarray:
    """(sides,2) points of a circle about the origin, counter-clockwise."""
    return ellipse(radius, radius, sides)


def ellipse(a: float, b: float, sides: int = 24) -> ndarray:
    """(sides,2) points of an ellipse about the origin, counter-clockwise."""
    angle = np.arange(sides) * (2 * np.pi / sides)
    return np.stack([a * np.cos(angle), b * np.sin(angle)], axis=1)


def arc(centre: Sequence[float], radius: float, start: float, end: float, segments: int = 8) -> ndarray:
    """(segments+1,2) points of an arc from `start` to `end` degrees."""
    angle = np.radians(np.linspace(start, end, segments + 1))
    return np.asarray(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def rectangle(a: Span, b: Span) -> ndarray:
    """(4,2) corners, counter-clockwise."""
    return np.array([(a[0], b[0]), (a[1], b[0]), (a[1], b[1]), (a[0], b[1])])


def rounded_rectangle(a: Span, b: Span, radius: float, segments: int = 4) -> ndarray:
    """(N,2) outline of a rectangle with round corners."""
    return fillet(rectangle(a, b), min(radius, 0.49 * min(length(a), length(b))), segments, closed=True)


def fillet(
    points: Sequence | ndarray, radius: float | Sequence[float], segments: int = 3, closed: bool = False
) -> ndarray:
    """Replace the corners of a polyline (N,2) or (N,3) by arcs; each takes at most 0.45 of its neighbouring edges.

    `radius` is one for all corners or one per point. The ends of an open polyline stay.
    """
    points = np.asarray(points, dtype=float)
    count = len(points)
    radii = np.broadcast_to(np.asarray(radius, dtype=float), (count,))
    result = []
    for k, point in enumerate(points):
        if not closed and k in (0, count - 1):
            result.append(point[None])
            continue
        result.append(_round_corner(points[k - 1], point, points[(k + 1) % count], radii[k], segments))
    return np.concatenate(result)


def _round_corner(before: ndarray, corner: ndarray, after: ndarray, radius: float, segments: int) -> ndarray:
    to_before, to_after = before - corner, after - corner
    length_before, length_after = np.linalg.norm(to_before), np.linalg.norm(to_after)
    u, v = to_before / length_before, to_after / length_after
    half = np.arccos(np.clip(u @ v, -1, 1)) / 2  # half of the angle inside the corner
    if radius <= 0 or half > np.pi / 2 - 0.06 or half < 1e-3:  # straight on (within 7 degrees), or folded back
        return corner[None]
    reach = min(radius / np.tan(half), 0.45 * length_before, 0.45 * length_after)
    true_radius = reach * np.tan(half)
    bisector = (u + v) / np.linalg.norm(u + v)
    centre = corner + bisector * (true_radius / np.sin(half))
    start = (corner + u * reach - centre) / true_radius
    sweep = np.pi - 2 * half
    side = (corner + v * reach - centre) / true_radius - np.cos(sweep) * start
    side /= np.linalg.norm(side)
    segments = max(1, int(np.ceil(segments * min(1.0, sweep / (np.pi / 2) + 0.1))))  # fewer on blunt corners
    angle = np.linspace(0, sweep, segments + 1)[:, None]
    return centre + true_radius * (np.cos(angle) * start + np.sin(angle) * side)


def curve(points: Sequence | ndarray, count: int) -> ndarray:
    """`count` points (count,D) on a smooth curve through the points (N,D): Catmull-Rom, by chord length."""
    points = np.asarray(points, dtype=float)
    ends = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(ends, axis=0), axis=1)))])
    at = np.linspace(knots[1], knots[-2], count)
    k = np.clip(np.searchsorted(knots, at, side="right") - 1, 1, len(points) - 1)
    rows = [_between(ends, knots, k - 1 + j, k + j, at) for j in range(3)]
    rows = [_mix(knots, k - 1 + j, k + 1 + j, at, rows[j], rows[j + 1]) for j in range(2)]
    return _mix(knots, k, k + 1, at, rows[0], rows[1])


def _between(points: ndarray, knots: ndarray, first: ndarray, last: ndarray, at: ndarray) -> ndarray:
    return _mix(knots, first, last, at, points[first], points[last])


def _mix(knots: ndarray, first: ndarray, last: ndarray, at: ndarray, a: ndarray, b: ndarray) -> ndarray:
    share = ((at - knots[first]) / (knots[last] - knots[first]))[:, None]
    return (1 - share) * a + share * b


def resample(points: Sequence | ndarray, count: int) -> ndarray:
    """`count` points (count,D) at equal distances along a polyline (N,D)."""
    points = np.asarray(points, dtype=float)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, column) for column in points.T], axis=1)


def signed_area(outline: ndarray) -> float:
    """Area of a polygon (N,2), positive when counter-clockwise."""
    x, y = outline[:, 0], outline[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def shrink(outline: ndarray, margin: float) -> ndarray:
    """Move every edge of a counter-clockwise polygon inward by `margin`, less where an edge would vanish."""
    edges = np.roll(outline, -1, axis=0) - outline
    normals = np.stack([-edges[:, 1], edges[:, 0]], axis=1) / np.linalg.norm(edges, axis=1)[:, None]
    previous = np.roll(normals, 1, axis=0)
    mitre = (previous + normals) / np.maximum(1 + np.sum(previous * normals, axis=1), 0.2)[:, None]
    while margin > 1e-7:
        result = outline + margin * mitre
        if np.all(np.sum((np.roll(result, -1, axis=0) - result) * edges, axis=1) > 0.05 * np.sum(edges**2, axis=1)):
            return result
        margin *= 0.6
    return outline + margin * mitre


def triangulate(outline: ndarray) -> ndarray:
    """(N-2,3) triangles of a simple counter-clockwise polygon (N,2), as indices into it: a zigzag or ear clipping."""
    count = len(outline)
    edges = np.roll(outline, -1, axis=0) - outline
    turn = _cross(edges, np.roll(edges, -1, axis=0))
    if np.all(turn > -1e-15):
        return _zigzag(count)
    return _clip_ears(outline)


def _zigzag(count: int) -> ndarray:
    low, high, triangles = 0, count - 1, []
    while high - low >= 2:
        triangles.append((low, low + 1, high))
        low += 1
        if high - low >= 2:
            triangles.append((low, high - 1, high))
            high -= 1
    return np.array(triangles, dtype=np.int32)


def _clip_ears(outline: ndarray) -> ndarray:
    """Always clip the ear with the shortest new edge: keeps triangles well shaped."""
    left = list(range(len(outline)))
    triangles = []
    while len(left) > 3:
        k = _best_ear(outline, left)
        triangles.append((left[k - 1], left[k], left[(k + 1) % len(left)]))
        del left[k]
    triangles.append(tuple(left))
    return np.array(triangles, dtype=np.int32)


def _best_ear(outline: ndarray, left: list[int]) -> int:
    points = outline[left]
    a, c = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    area = _cross(points - a, c - points)
    for k in np.argsort(np.linalg.norm(c - a, axis=1), kind="stable"):
        if area[k] <= 1e-14:
            continue
        others = np.delete(points, [k - 1, k, (k + 1) % len(left)], axis=0)
        inside = (
            (_cross(points[k] - a[k], others - a[k]) >= 0)
            & (_cross(c[k] - points[k], others - points[k]) >= 0)
            & (_cross(a[k] - c[k], others - c[k]) >= 0)
        )
        if not inside.any():
            return int(k)
    raise ValueError(f"outline of {len(outline)} points crosses itself: it has no ear to clip")


def _cross(a: ndarray, b: ndarray) -> ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
