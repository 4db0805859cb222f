import pytest
import torch

from backend.sparse.attention import Context, CrossAttention, ProjectedCrossAttention, SelfAttention, Windows
from backend.sparse.tensor import Grid

from .voxels import random_coords


def test_items_of_a_batch_do_not_see_each_other() -> None:
    coords = random_coords(20, 5, seed=1, items=2)
    layer, x = SelfAttention(24, 2, qk_rms_norm=True, rope=True), torch.randn(40, 24)
    together = layer(x, Grid(coords))
    alone = layer(x[:20], Grid(coords[:20]))
    torch.testing.assert_close(together[:20], alone, atol=1e-5, rtol=1e-5)


def test_rotary_attention_sees_differences_of_positions_only() -> None:
    coords = random_coords(15, 5, seed=2)
    layer, x = SelfAttention(24, 2, rope=True), torch.randn(15, 24)
    moved = coords + torch.tensor([0, 7, 3, 11])
    torch.testing.assert_close(layer(x, Grid(coords)), layer(x, Grid(moved)), atol=1e-4, rtol=1e-4)


def test_windows_limit_who_is_seen() -> None:
    coords = random_coords(60, 8, seed=3)
    layer, x = SelfAttention(16, 2, windows=Windows(4, (1, 0, 2))), torch.randn(60, 16)
    window = (coords[:, 1:] + torch.tensor([1, 0, 2])) // 4
    inside = (window == window[0]).all(1)
    changed = x.clone()
    changed[~inside] += 1
    same = (layer(x, Grid(coords)) - layer(changed, Grid(coords))).abs().amax(1) < 1e-6
    assert same[inside].all() and not same[~inside].all()


@pytest.mark.parametrize("projected", [None, 6])
def test_no_context_is_a_context_of_zeros(projected: int | None) -> None:
    coords = random_coords(10, 4, seed=4)
    x, grid = torch.randn(10, 16), Grid(coords)
    if projected is None:
        layer, zeros = CrossAttention(16, 8, 2, qk_rms_norm=True), Context.of(torch.zeros(1, 5, 8))
    else:
        layer = ProjectedCrossAttention(16, 8, 2, True, projected)
        zeros = Context.of(torch.zeros(1, 5, 8), torch.zeros(10, projected))
    expected = layer(x, grid.segments, zeros)
    torch.testing.assert_close(layer(x, grid.segments, None).expand_as(expected), expected, atol=1e-6, rtol=1e-5)


def test_keys_and_values_computed_ahead_change_nothing() -> None:
    x, grid = torch.randn(10, 16), Grid(random_coords(5, 4, seed=5, items=2))
    layer = ProjectedCrossAttention(16, 8, 2, True, 6)
    context = Context.of([torch.randn(3, 8), torch.randn(5, 8)], torch.randn(10, 6))
    ahead = layer.keys_values(context)
    assert torch.equal(layer(x, grid.segments, ahead), layer(x, grid.segments, context))


def test_missing_projected_features_are_named() -> None:
    layer = ProjectedCrossAttention(16, 8, 2, True, 6)
    with pytest.raises(ValueError, match="features projected onto its tokens"):
        layer.keys_values(Context.of(torch.zeros(1, 5, 8)))
