import numpy as np
import pytest

from backend.sparse.codes import hilbert, z_order, z_order_coordinates
from backend.sparse.octree import (
    decode_neighbour,
    decode_parent,
    encode_neighbour,
    encode_parent,
    octree_bytes,
    octree_codes,
)


def some_codes(count: int, depth: int, seed: int) -> np.ndarray:
    return np.sort(np.random.default_rng(seed).choice(8**depth, count, replace=False)).astype(np.int32)


def test_z_order_interleaves_with_x_highest() -> None:
    assert z_order(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0]])).tolist() == [4, 2, 1, 32]
    coords = np.random.default_rng(0).integers(0, 1024, (100, 3))
    assert np.array_equal(z_order_coordinates(z_order(coords)), coords)


def test_neighbours_on_the_hilbert_curve_are_neighbours_in_space() -> None:
    side = np.arange(16)
    coords = np.stack(np.meshgrid(side, side, side, indexing="ij"), -1).reshape(-1, 3)
    along = coords[np.argsort(hilbert(coords))]
    assert (np.abs(np.diff(along, axis=0)).sum(1) == 1).all()


@pytest.mark.parametrize(("count", "depth"), [(0, 4), (1, 6), (300, 4), (512, 3), (2000, 8)])
def test_octrees_come_back(count: int, depth: int) -> None:
    codes = some_codes(count, depth, seed=count)
    assert np.array_equal(octree_codes(octree_bytes(codes, depth), depth), codes)


def test_a_root_with_two_leaves_is_one_byte() -> None:
    assert octree_bytes(np.array([1, 6]), 1).tolist() == [0b01000010]


@pytest.mark.parametrize("count", [1, 7, 900])
def test_filters_come_back(count: int) -> None:
    codes = some_codes(count, 5, seed=count)
    values = np.random.default_rng(1).integers(0, 256, (count, 3)).astype(np.uint8)
    coords = z_order_coordinates(codes)
    assert np.array_equal(decode_parent(codes, encode_parent(codes, values, 5), 5), values)
    assert np.array_equal(decode_neighbour(coords, encode_neighbour(coords, values)), values)


def test_filters_make_smooth_values_small() -> None:
    side = np.arange(16)
    coords = np.stack(np.meshgrid(side, side, side, indexing="ij"), -1).reshape(-1, 3)
    coords = coords[np.argsort(z_order(coords))]
    values = coords.sum(1, keepdims=True).astype(np.uint8)
    assert set(np.unique(encode_neighbour(coords, values))) <= {0, 1, 2, 3}
