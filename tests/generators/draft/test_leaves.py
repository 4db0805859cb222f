"""Leaves: closed, facing up, bent as told, side by side in one chart."""

import numpy as np
import pytest

from backend.generators.draft.asset import chart_areas, face_areas, open_edges, volume
from backend.generators.draft.leaves import SHAPES, leaves, scattered, upright


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("segments", [2, 3, 6])
def test_leaves_are_closed_solids_in_one_chart(shape, segments):
    ways = scattered(np.random.default_rng(1), 30)
    part = leaves("leaves", "leaf", ways, ways, upright(ways), 0.2, 0.08, shape, segments=segments)
    assert len(part.faces) == 30 * (8 * segments - 8)
    assert open_edges(part) == 0
    assert volume(part) > 0
    assert part.charts.max() == 0
    assert chart_areas(part)[0] == pytest.approx(face_areas(part).sum())


def test_leaves_keep_apart_in_the_chart():
    part = leaves(
        "leaves", "leaf", np.zeros((12, 3)), np.tile([1.0, 0, 0], (12, 1)), np.tile([0, 0, 1.0], (12, 1)), 0.2, 0.1
    )
    per_side = part.uvs.reshape(24, -1, 2)
    low, high = per_side.min(1), per_side.max(1)
    for i in range(24):
        apart = (low[i] > high[:, :] - 1e-9).any(1) | (high[i] < low + 1e-9).any(1)
        assert apart.sum() == 23


def test_droop_lowers_the_tip():
    flat, hanging = (
        leaves("leaf", "leaf", [(0, 0, 0)], [(1, 0, 0)], [(0, 0, 1)], 1.0, 0.3, droop=d) for d in (0.0, 0.5)
    )
    assert flat.vertices[-1] == pytest.approx((1, 0, 0))
    assert hanging.vertices[-1] == pytest.approx((1, 0, -0.5))


def test_one_segment_is_refused():
    with pytest.raises(ValueError, match="two segments, got 1"):
        leaves("leaf", "leaf", [(0, 0, 0)], [(1, 0, 0)], [(0, 0, 1)], 1.0, 0.3, segments=1)
