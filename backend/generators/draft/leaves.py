"""Many leaves as one part: thin closed solids along a midrib, all laid out side by side in a single chart.

Used for foliage, petals, blades of grass, needles and fronds. Lengths in metres, box frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .asset import Part, flatten

SHAPES = {
    "oval": lambda t: np.sin(np.pi * t) ** 0.75,
    "pointed": lambda t: np.minimum(1.0, 3.2 * t**0.7) * (1 - t) ** 0.6 * 1.35,
    "heart": lambda t: np.minimum(1.0, 6.0 * t**0.6) * (1 - t**1.7) ** 0.8,
    "strip": lambda t: np.minimum(1.0, 5.0 * t) ** 0.4 * np.minimum(1.0, 2.6 * (1 - t)) ** 0.7,
    "needle": lambda t: np.minimum(1.0, 0.6 + 2.0 * t) * np.minimum(1.0, 3.0 * (1 - t)) ** 0.5,
    "petal": lambda t: np.minimum(1.0, 0.25 + 1.3 * t) * (1 - t**5) ** 0.5,
}


def leaves(
    name: str,
    slot: str,
    roots: np.ndarray,
    ways: np.ndarray,
    ups: np.ndarray,
    lengths: np.ndarray | float,
    widths: np.ndarray | float,
    shape: str = "oval",
    droop: np.ndarray | float = 0.25,
    fold: float = 0.25,
    segments: int = 3,
    thickness: float = 0.06,
) -> Part:
    """N leaves from `roots` (N,3) towards `ways` (N,3), their upper faces towards `ups` (N,3).

    `droop` bends the tip down by that share of the length, `fold` raises the margins; `thickness` is a share of the
    width.
    Every leaf has 8 * `segments` - 8 faces. Raises ValueError for less than two segments.
    """
    if segments < 2:
        raise ValueError(f"{name}: a leaf needs two segments, got {segments}")
    roots, ways, ups = (np.atleast_2d(np.asarray(a, dtype=float)) for a in (roots, ways, ups))
    count = len(roots)
    lengths, widths, droop = (np.broadcast_to(np.asarray(a, dtype=float), (count,)) for a in (lengths, widths, droop))
    ways = ways / np.linalg.norm(ways, axis=1, keepdims=True)
    sides = np.cross(ways, ups)
    sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-9)
    normals = np.cross(sides, ways)
    t = np.linspace(0, 1, segments + 1)[1:-1]
    half = 0.5 * SHAPES[shape](t) / SHAPES[shape](np.linspace(0.02, 0.98, 50)).max()  # (S,)
    bend = -(droop * lengths)[:, None] * np.concatenate([[0.0], t, [1.0]]) ** 2  # (N,S+2)
    rib = (
        roots[:, None]
        + (lengths[:, None] * np.concatenate([[0.0], t, [1.0]]))[..., None] * ways[:, None]
        + bend[..., None] * normals[:, None]
    )
    middle, out = rib[:, 1:-1], (widths[:, None] * half)[..., None]
    margin = fold * out * normals[:, None]
    thick = 0.5 * (thickness * widths)[:, None, None] * normals[:, None]
    rows = np.stack(
        [
            middle - out * sides[:, None] + margin,
            middle + out * sides[:, None] + margin,
            middle + thick,
            middle - thick,
        ],
        axis=2,
    )  # (N,S,4,3)
    vertices = np.concatenate([rib[:, :1], rows.reshape(count, -1, 3), rib[:, -1:]], axis=1)  # (N,4S+2,3)
    faces = _faces(segments - 1)
    layout = _layout(t, half, lengths, widths)  # (N,2,4S+2,2): both faces flat
    side = np.repeat([0, 1], len(faces) // 2)
    uvs = layout[:, side[:, None], faces]
    offsets = np.arange(count)[:, None, None] * vertices.shape[1]
    every = (faces[None] + offsets).reshape(-1, 3).astype(np.int32)
    part = Part(
        name, vertices.reshape(-1, 3), every, uvs.reshape(-1, 3, 2), np.zeros(len(every), np.int32), slot, 60.0, 2
    )
    return flatten(part)


def _faces(stations: int) -> np.ndarray:
    """Triangles of one leaf, upper side first, then the lower. Vertices: root, (left, right, top, bottom)..., tip."""
    tip = 4 * stations + 1

    def at(station: int, which: int) -> int:
        if station < 0:
            return 0
        return tip if station >= stations else 1 + 4 * station + which

    upper, lower = [], []
    for k in range(-1, stations):
        for target, rib, flip in ((upper, 2, False), (lower, 3, True)):
            for margin, turned in ((0, False), (1, True)):
                a, b, c, d = at(k, margin), at(k, rib), at(k + 1, rib), at(k + 1, margin)
                triangles = [(a, b, c), (a, c, d)] if k >= 0 else [(a, c, d)]
                if k == stations - 1:
                    triangles = [(a, b, c)]
                target += [tri[::-1] if flip != turned else tri for tri in triangles]
    return np.array(upper + lower)


def _layout(t: np.ndarray, half: np.ndarray, lengths: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Flat coordinates of every leaf's upper and lower side, in rows of one large chart."""
    count, stations = len(lengths), len(t)
    flat = np.zeros((count, 2, 4 * stations + 2, 2))
    along = lengths[:, None] * t
    for side, sign in ((0, 1.0), (1, -1.0)):
        flat[:, side, -1, 1] = lengths
        rows = np.zeros((count, stations, 4, 2))
        rows[..., 1] = along[..., None]
        rows[:, :, 0, 0] = -sign * widths[:, None] * half
        rows[:, :, 1, 0] = sign * widths[:, None] * half
        flat[:, side, 1:-1] = rows.reshape(count, -1, 2)
    cell = np.array([1.12 * widths.max(), 1.06 * lengths.max()])
    columns = max(1, int(np.ceil(np.sqrt(2 * count * cell[1] / cell[0]))))
    place = np.arange(2 * count).reshape(count, 2)
    corner = np.stack([place % columns, place // columns], -1) * cell
    return flat + corner[:, :, None, :]


def scattered(rng: np.random.Generator, count: int, lowest: float = -0.4) -> np.ndarray:
    """Directions (count,3) spread evenly over the sphere above a height, slightly jittered."""
    z = 1 - (1 - lowest) * (np.arange(count) + 0.5) / count
    turn = 2.39996 * np.arange(count) + rng.uniform(0, 6.28)
    ring = np.sqrt(np.maximum(1 - z**2, 0))
    ways = np.stack([ring * np.cos(turn), ring * np.sin(turn), z], -1) + rng.normal(0, 0.12, (count, 3))
    return ways / np.linalg.norm(ways, axis=1, keepdims=True)


def upright(ways: Sequence | np.ndarray) -> np.ndarray:
    """The upper side (N,3) of leaves that point along `ways`: as near to the sky as it gets."""
    ways = np.atleast_2d(np.asarray(ways, dtype=float))
    ups = np.array([0.0, 0.0, 1.0]) - ways * ways[:, 2:] / np.maximum((ways**2).sum(1, keepdims=True), 1e-9)
    slope = np.linalg.norm(ups, axis=1, keepdims=True)
    return np.where(slope > 1e-3, ups / np.maximum(slope, 1e-3), (1.0, 0.0, 0.0))
