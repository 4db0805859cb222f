"""Pieces that many kinds share stand and look where they should."""

import numpy as np
import pytest

from backend.generators.draft.asset import bounds, open_edges, volume
from backend.generators.draft.fittings import (
    bar_handle,
    books,
    carcass,
    door,
    four_legs,
    front,
    handle,
    leg,
    oval,
    panel_door,
    unit,
)
from backend.generators.draft.solids import cylinder, lathe


def test_unit_grows_with_the_box():
    assert unit((2.0, 2.0, 2.0)) == pytest.approx(2.0)
    assert unit((4.0, 2.0, 1.0)) == pytest.approx(2.0)


@pytest.mark.parametrize("shape", ["round", "square", "turned"])
def test_legs_stand_on_the_floor_inside_their_rectangle(shape):
    legs = four_legs("wood", (-1.0, 1.0), (-0.5, 0.5), (0.0, 0.7), 0.08, 0.7, 0.05, shape)
    low, high = bounds([legs])
    assert open_edges(legs) == 0
    assert low[2] == pytest.approx(0.0, abs=1e-9)
    assert high[2] == pytest.approx(0.7, abs=1e-9)
    assert np.all(low[:2] > (-1.01, -0.51))
    assert np.all(high[:2] < (1.01, 0.51))


def test_a_tapered_leg_is_thin_at_its_foot():
    part = leg("leg", "wood", (0, 0, 0), (0, 0, 1), 0.1, 0.5)
    foot = part.vertices[part.vertices[:, 2] < 0.1]
    head = part.vertices[part.vertices[:, 2] > 0.9]
    assert np.abs(foot[:, 0]).max() < 0.6 * np.abs(head[:, 0]).max()


def test_front_turns_up_into_forward():
    part = front(cylinder("knob", "steel", (0, 0, 0), (0, 0, 0.3), 0.1), 1.0, 2.0, 3.0)
    low, high = bounds([part])
    assert np.allclose((low[1], high[1]), (1.7, 2.0))
    assert (low[2] + high[2]) / 2 == pytest.approx(3.0)


@pytest.mark.parametrize("style", ["bar", "knob", "block", "cup"])
def test_handles_stand_out_of_the_front(style):
    part = handle("handle", "steel", (0.5, 1.0, 2.0), 0.2, 0.02, style)
    low, high = bounds([part])
    assert volume(part) > 0
    assert low[1] < 0.99  # towards -Y from the front at y = 1
    assert high[1] < 1.1
    assert (low[0] + high[0]) / 2 == pytest.approx(0.5, abs=1e-3)


def test_an_upright_handle_is_taller_than_wide():
    low, high = bounds([bar_handle("handle", "steel", (0, 0, 0), 0.3, 0.02, upright=True)])
    assert high[2] - low[2] > 0.3 - 1e-9 > 5 * (high[0] - low[0]) / 1.5


def test_a_carcass_is_open_in_front_and_closed_behind():
    parts = carcass("wood", (-0.5, 0.5), (-0.2, 0.2), (0.0, 1.0), 0.02)
    assert [part.name for part in parts].count("back") == 1
    assert "back" not in [part.name for part in carcass("wood", (-0.5, 0.5), (-0.2, 0.2), (0, 1), 0.02, back=False)]
    low, high = bounds(parts)
    assert np.allclose((*low, *high), (-0.5, -0.2, 0.0, 0.5, 0.2, 1.0))


@pytest.mark.parametrize("hinge", ["left", "right"])
def test_the_handle_of_a_door_is_away_from_its_hinge(hinge):
    grip = door("wood", "steel", (0.0, 1.0), 0.0, (0.0, 2.0), 0.02, "bar", hinge, 0.02, False)[-1]
    middle = grip.vertices[:, 0].mean()
    assert middle > 0.7 if hinge == "left" else middle < 0.3


def test_a_panel_door_covers_its_opening():
    low, high = bounds(panel_door("wood", (0.0, 1.0), (0.0, 0.03), (0.0, 2.0), 0.1))
    assert np.allclose((*low, *high), (0, 0, 0, 1, 0.03, 2))


def test_books_stay_in_their_bay_and_in_number():
    rng = np.random.default_rng(1)
    parts = books(rng, ("red", "blue"), (0.0, 3.0), (0.0, 0.2), (0.0, 0.3), 1.0, 10)
    low, high = bounds(parts)
    assert np.all(low >= -1e-9)
    assert np.all(high <= (3.0, 0.2, 0.3))
    assert sum(part.charts.max() + 1 for part in parts) <= 10 * 6


def test_oval_stretches_things_turned_about_the_origin():
    (bowl,) = oval([lathe("bowl", "clay", [(0, 0), (1, 0), (1, 0.5), (0, 0.5)], sides=32)], 1.0, 3.0, 0.5)
    low, high = bounds([bowl])
    assert np.allclose(high - low, (3.0, 0.5, 0.5), atol=0.02)
