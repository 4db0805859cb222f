"""Sparse voxel octrees as bytes, and prediction filters of byte attributes on them (trellis2_core spec 12.3).

Codes are z-order codes in ascending order; an octree of depth D covers a cube of 2^D cells. All functions work on whole
levels or on all rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .codes import z_order

# Later ones win: the nearest relation that exists in the chunk predicts a voxel.
NEIGHBOURS = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1))


def octree_bytes(codes: np.ndarray, depth: int) -> np.ndarray:
    """(N,) sorted codes -> bytes of the inner nodes in depth-first order; bit c says that child c exists."""
    if len(codes) == 0:
        return np.zeros(0, np.uint8)
    tree = _Tree.of(codes, depth)
    masks = [np.bitwise_or.reduceat(1 << (level.children & 7), level.first_child) for level in tree.levels]
    return np.concatenate(masks)[tree.order].astype(np.uint8)


def octree_codes(data: np.ndarray, depth: int) -> np.ndarray:
    """The inverse of `octree_bytes`: (M,) uint8 -> (N,) int32 sorted codes."""
    count = len(data)
    if count == 0:
        return np.zeros(0, np.int32)
    size = _subtree_sizes(data, depth)
    position, prefix = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for level in range(depth):
        bits = data[position][:, None] >> np.arange(8) & 1  # (nodes, 8)
        parent, child = np.nonzero(bits)
        codes = prefix[parent] << 3 | child
        if level + 1 < depth:
            places = np.zeros(bits.shape, np.int64)
            place = position + 1
            for slot in range(8):
                places[:, slot] = place
                inside = np.minimum(place, count - 1)
                place = place + np.where(bits[:, slot], size[level + 1][inside], 0)
            position = places[parent, child]
        prefix = codes
    return prefix.astype(np.int32)


def _subtree_sizes(data: np.ndarray, depth: int) -> list[np.ndarray]:
    """Per level: how many bytes the subtree at each place of the stream takes, if a node of that level began there."""
    children = np.unpackbits(data[:, None], axis=1).sum(1)
    places = np.arange(len(data))
    sizes = [np.ones(len(data), np.int64)]  # nodes of the last level have no inner nodes below them
    for _ in range(depth - 1):
        size = np.ones(len(data), np.int64)
        for child in range(8):
            following = np.minimum(places + size, len(data) - 1)
            size += np.where(children > child, sizes[0][following], 0)
        sizes.insert(0, size)
    return sizes


@dataclass(frozen=True)
class _Level:
    """The inner nodes of one depth: the prefixes of their children, and where those of each node begin."""

    children: np.ndarray  # (C,) prefixes one level deeper
    first_child: np.ndarray  # (n,) index into `children`

    @property
    def counts(self) -> np.ndarray:
        return np.diff(np.append(self.first_child, len(self.children)))


@dataclass(frozen=True)
class _Tree:
    levels: list[_Level]  # root first
    order: np.ndarray  # concatenated nodes of all levels -> depth-first order

    @classmethod
    def of(cls, codes: np.ndarray, depth: int) -> _Tree:
        prefixes = [codes.astype(np.int64)]
        levels: list[_Level] = []
        for _ in range(depth):
            nodes, first = np.unique(prefixes[0] >> 3, return_index=True)
            levels.insert(0, _Level(prefixes[0], first))
            prefixes.insert(0, nodes)
        starts = np.concatenate([p << 3 * (depth - level) for level, p in enumerate(prefixes[:-1])])
        depths = np.repeat(np.arange(depth), [len(p) for p in prefixes[:-1]])
        return cls(levels, np.lexsort((depths, starts)))

    def delta_places(self) -> list[np.ndarray]:
        """Per level, for each node: where the deltas of its children 2..n begin; place 0 holds the root's value."""
        counts = np.concatenate([level.counts for level in self.levels]) - 1
        begins = np.zeros(len(counts), np.int64)
        begins[self.order] = 1 + np.cumsum(counts[self.order]) - counts[self.order]
        return np.split(begins, np.cumsum([len(level.first_child) for level in self.levels])[:-1])


def encode_parent(codes: np.ndarray, values: np.ndarray, depth: int) -> np.ndarray:
    """(N, C) uint8 values of sorted codes -> (N, C) deltas: first children inherit, others store the difference."""
    deltas = np.zeros_like(values)
    if len(codes) == 0:
        return deltas
    tree = _Tree.of(codes, depth)
    for level, begins in reversed(list(zip(tree.levels, tree.delta_places(), strict=True))):
        place, later = _later_children(level, begins)
        deltas[place] = values[later] - values[later - 1]
        values = values[level.first_child]
    deltas[0] = values[0]
    return deltas


def decode_parent(codes: np.ndarray, deltas: np.ndarray, depth: int) -> np.ndarray:
    """The inverse of `encode_parent`."""
    if len(codes) == 0:
        return deltas.copy()
    tree = _Tree.of(codes, depth)
    values = deltas[:1]
    for level, begins in zip(tree.levels, tree.delta_places(), strict=True):
        place, later = _later_children(level, begins)
        steps = np.zeros((len(level.children), deltas.shape[1]), np.uint8)
        steps[later] = deltas[place]
        total = np.cumsum(steps, axis=0, dtype=np.uint8)
        node = np.repeat(np.arange(len(level.first_child)), level.counts)
        values = values[node] + total - total[level.first_child][node]
    return values


def _later_children(level: _Level, begins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places in the delta array, and child rows, of all children but the first of each node."""
    node = np.repeat(np.arange(len(level.first_child)), level.counts)
    rank = np.arange(len(level.children)) - level.first_child[node]
    later = np.nonzero(rank > 0)[0]
    return begins[node[later]] + rank[later] - 1, later


def encode_neighbour(coords: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(N, 3) coordinates in z-order, (N, C) uint8 -> differences to one neighbour; the value where there is none."""
    known = _predicting_neighbour(coords)
    return values - np.where((known >= 0)[:, None], values[known], 0).astype(np.uint8)


def decode_neighbour(coords: np.ndarray, deltas: np.ndarray) -> np.ndarray:
    """The inverse of `encode_neighbour`, by doubling the steps along the chains of neighbours."""
    known, values = _predicting_neighbour(coords), deltas.copy()
    while (known >= 0).any():
        linked = np.nonzero(known >= 0)[0]
        before = known[linked]
        values[linked] += values[before]
        known[linked] = known[before]
    return values


def _predicting_neighbour(coords: np.ndarray) -> np.ndarray:
    """(N,) row of the voxel that predicts each voxel, -1 for none."""
    codes = z_order(coords)
    known = np.full(len(coords), -1)
    for offset in NEIGHBOURS:
        before = coords - np.array(offset, coords.dtype)
        inside = (before >= 0).all(1)
        wanted = z_order(np.maximum(before, 0))
        row = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        known = np.where(inside & (codes[row] == wanted), row, known)
    return known
