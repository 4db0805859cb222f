import pytest
import torch

from backend.sparse.resample import channel_to_space, pool_max, pool_mean, space_to_channel, upsample_nearest
from backend.sparse.tensor import SparseTensor

from .voxels import random_coords


def sample() -> SparseTensor:
    feats = (
        torch.randn(70, 3, generator=torch.Generator().manual_seed(0)) - 5
    )  # all negative: zeros would win a maximum
    return SparseTensor.of(feats, random_coords(70, 6, seed=1))


def test_stacked_children_unpack_to_what_they_were() -> None:
    x = sample()
    coarse = x.grid.coarsen()
    packed = space_to_channel(x, coarse)
    assert packed.feats.shape == (len(coarse), 24)
    assert torch.equal(channel_to_space(packed, coarse.finer).feats, x.feats)


def test_means_and_maxima_are_over_existing_children_only() -> None:
    x = sample()
    coarse = x.grid.coarsen()
    mean, highest = pool_mean(x, coarse).feats, pool_max(x, coarse).feats
    for row in range(len(coarse)):
        children = x.feats[coarse.finer.parent == row]
        torch.testing.assert_close(mean[row], children.mean(0))
        torch.testing.assert_close(highest[row], children.amax(0))


def test_children_copy_their_parent() -> None:
    x = sample()
    coarse = x.grid.coarsen()
    up = upsample_nearest(pool_mean(x, coarse), coarse.finer)
    assert up.grid is x.grid
    same_parent = coarse.finer.parent == coarse.finer.parent[0]
    assert (up.feats[same_parent] == up.feats[0]).all()


def test_a_grid_that_was_not_coarsened_has_no_children() -> None:
    x = sample()
    with pytest.raises(ValueError, match="did not come from coarsening"):
        pool_mean(x, x.grid)
