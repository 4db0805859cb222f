import pytest
import torch

from backend.sparse.tensor import Grid, SparseTensor, coordinate_keys, key_coordinates, key_offset

from .voxels import random_coords


def test_keys_order_like_rows_and_come_back() -> None:
    coords = random_coords(200, 9, seed=1, items=2)
    keys = coordinate_keys(coords)
    assert torch.equal(key_coordinates(keys), coords)
    in_order = coords.unique(dim=0)
    assert torch.equal(coords[keys.argsort()], in_order)


def test_a_step_from_the_border_leaves_the_grid_and_does_not_wrap_to_the_next_line() -> None:
    grid = Grid(torch.tensor([[0, 0, 0, 0], [0, 0, 1, 1023]]))
    assert grid.find(coordinate_keys(grid.coords[:1]) + key_offset(0, 0, -1)).tolist() == [-1]
    assert grid.find(coordinate_keys(grid.coords[:1]) + key_offset(0, 1, 1023)).tolist() == [1]


def test_coarsening_and_refining_by_the_recorded_mask_gives_the_same_voxels() -> None:
    grid = Grid(random_coords(120, 8, seed=2, items=3))
    coarse = grid.coarsen()
    assert coarse.finer and coarse.finer.fine is grid
    assert torch.equal(coarse.coords[coarse.finer.parent][:, 1:], grid.positions // 2)
    again = coarse.refine(coarse.finer.mask(len(coarse))).fine
    assert torch.equal(again.coords.unique(dim=0), grid.coords.unique(dim=0))
    assert again.segments.lengths == grid.segments.lengths


def test_parents_without_children_disappear() -> None:
    grid = Grid(torch.tensor([[0, 1, 1, 1], [0, 2, 2, 2]]))
    mask = torch.zeros(2, 8, dtype=torch.bool)
    mask[1, 0b011] = True
    assert grid.refine(mask).fine.coords.tolist() == [[0, 5, 5, 4]]


def test_derived_values_are_computed_once_and_shared_by_tensors_of_a_grid() -> None:
    x = SparseTensor.of(torch.zeros(4, 2), random_coords(4, 4, seed=3))
    calls = []
    for tensor in (x, x.replace(torch.ones(4, 5))):
        tensor.grid.derived("thing", lambda: calls.append(1))
    assert len(calls) == 1


@pytest.mark.parametrize("coords", [torch.zeros(3, 3), torch.zeros(4)])
def test_coordinates_without_a_batch_column_are_refused(coords: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="batch, x, y, z"):
        Grid(coords)


def test_features_must_fit_the_grid() -> None:
    with pytest.raises(ValueError, match="3 rows of features do not fit 4 voxels"):
        SparseTensor.of(torch.zeros(3, 1), random_coords(4, 4, seed=4))
