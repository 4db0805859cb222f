"""Exact closest points on a triangle mesh, by a tree over small pieces of its triangles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial import KDTree

FIRST_CANDIDATES = 8
QUERY_BLOCK = 1 << 18  # (query, candidate) pairs measured at once


class Closest(NamedTuple):
    distance: np.ndarray  # (Q,) unsigned
    point: np.ndarray  # (Q, 3)
    face: np.ndarray  # (Q,) int64


class ClosestPoint:
    """Answers queries on one mesh (V, 3), (F, 3). Works for any mesh: open, self-intersecting, of mixed sizes."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray) -> None:
        self.triangles = vertices[faces].astype(np.float64)
        if len(self.triangles) == 0:
            raise ValueError("a mesh without faces has no closest points")
        pieces, self._face_of_piece = _split_long(self.triangles)
        centre = pieces.mean(1)
        self._radius = np.linalg.norm(pieces - centre[:, None], axis=-1).max()
        self._tree = KDTree(centre)

    def __call__(self, queries: np.ndarray) -> Closest:
        """Queries (Q, 3) -> their closest points."""
        queries = np.asarray(queries, np.float64)
        found = Closest(np.zeros(len(queries)), np.zeros((len(queries), 3)), np.zeros(len(queries), np.int64))
        open_rows, candidates = np.arange(len(queries)), min(FIRST_CANDIDATES, self._tree.n)
        while len(open_rows):
            step = max(1, QUERY_BLOCK // candidates)
            blocks = [open_rows[i : i + step] for i in range(0, len(open_rows), step)]
            open_rows = np.concatenate([self._settle(queries, rows, candidates, found) for rows in blocks])
            candidates = min(4 * candidates, self._tree.n)
        return found

    def at_least(self, queries: np.ndarray) -> np.ndarray:
        """A cheap lower bound of the distance (Q,), less than the size of a piece below it."""
        reach, _ = self._tree.query(queries, workers=-1)
        return reach - self._radius

    def _settle(self, queries: np.ndarray, rows: np.ndarray, candidates: int, found: Closest) -> np.ndarray:
        """Measures the nearest pieces; returns the rows for which a farther piece might still be closer."""
        reach, piece = self._tree.query(queries[rows], candidates, workers=-1)
        reach, piece = np.reshape(reach, (len(rows), -1)), np.reshape(piece, (len(rows), -1))
        face = self._face_of_piece[piece]
        points = closest_on_triangles(queries[rows, None], self.triangles[face])
        distance = np.linalg.norm(points - queries[rows, None], axis=-1)
        best = distance.argmin(1)[:, None]
        found.distance[rows] = np.take_along_axis(distance, best, 1)[:, 0]
        found.face[rows] = np.take_along_axis(face, best, 1)[:, 0]
        found.point[rows] = np.take_along_axis(points, best[..., None], 1)[:, 0]
        if candidates == self._tree.n:
            return rows[:0]
        return rows[reach[:, -1] < found.distance[rows] + self._radius]


def _split_long(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Halve triangles at their longest edge until none is much longer than the others: pieces, and their triangle."""
    sides = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=-1).max(1)
    extent = np.ptp(triangles.reshape(-1, 3), axis=0).max()
    limit = max(4 * float(np.median(sides)) if len(triangles) > 1000 else 0.0, extent / 32)
    done, owners = [], []
    pieces, owner = triangles, np.arange(len(triangles))
    while len(pieces):
        edges = np.linalg.norm(np.roll(pieces, -1, axis=1) - pieces, axis=-1)
        small = edges.max(1) <= limit
        done.append(pieces[small])
        owners.append(owner[small])
        pieces, owner, longest = pieces[~small], owner[~small], edges[~small].argmax(1)
        row = np.arange(len(pieces))
        a, b, c = (pieces[row, (longest + k) % 3] for k in range(3))
        middle = (a + b) / 2
        pieces = np.concatenate((np.stack((a, middle, c), 1), np.stack((middle, b, c), 1)))
        owner = np.concatenate((owner, owner))
    return np.concatenate(done), np.concatenate(owners)


def closest_on_triangles(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Points (..., 3) and triangles (..., 3, 3) -> the closest point of each triangle (..., 3).

    The foot on the plane if it falls inside, else the best of the three edges.
    """
    corner = triangles[..., 0, :]
    u, w, offset = triangles[..., 1, :] - corner, triangles[..., 2, :] - corner, points - corner
    uu, uw, ww, up, wp = (np.einsum("...i,...i", *pair) for pair in ((u, u), (u, w), (w, w), (u, offset), (w, offset)))
    area = uu * ww - uw * uw
    flat = area <= 1e-14 * uu * ww
    scale = 1 / np.where(flat, 1, area)
    s, t = (ww * up - uw * wp) * scale, (uu * wp - uw * up) * scale
    inside = (s >= 0) & (t >= 0) & (s + t <= 1) & ~flat

    along_u, along_w = _share(up, uu), _share(wp, ww)
    along_far = _share(wp - up + uu - uw, uu - 2 * uw + ww)
    zero, least = np.zeros_like(s), np.full_like(s, np.inf)
    for s_edge, t_edge in ((along_u, zero), (zero, along_w), (1 - along_far, along_far)):
        distance = s_edge * (s_edge * uu + 2 * t_edge * uw - 2 * up) + t_edge * (t_edge * ww - 2 * wp)  # + |offset|^2
        better = ~inside & (distance < least)
        s, t, least = np.where(better, s_edge, s), np.where(better, t_edge, t), np.where(better, distance, least)
    return corner + s[..., None] * u + t[..., None] * w


def _share(along: np.ndarray, square: np.ndarray) -> np.ndarray:
    return np.clip(along / np.maximum(square, 1e-300), 0, 1)
