"""Spans and outlines."""

from itertools import pairwise

import numpy as np
import pytest

from backend.generators.draft.outlines import (
    curve,
    fillet,
    inset,
    parts_of,
    rectangle,
    resample,
    rounded_rectangle,
    shrink,
    signed_area,
    split,
    triangulate,
)

STAR = [(r * np.cos(a), r * np.sin(a)) for a, r in zip(np.arange(10) * np.pi / 5, [1.0, 0.4] * 5, strict=True)]


def test_split_leaves_the_gaps_asked_for():
    spans = split((0.0, 10.0), 4, 0.4)
    assert spans[0][0] == 0.0
    assert spans[-1][1] == pytest.approx(10.0)
    assert all(b[0] - a[1] == pytest.approx(0.4) for a, b in pairwise(spans))


def test_split_never_gives_gaps_more_than_half_the_room():
    spans = split((0.0, 1.0), 10, 5.0)
    assert all(high > low for low, high in spans)


def test_parts_of_follows_weights():
    assert parts_of((0.0, 4.0), (1, 2, 1)) == [(0.0, 1.0), (1.0, 3.0), (3.0, 4.0)]


def test_inset_keeps_a_tenth_when_the_margins_are_too_wide():
    low, high = inset((0.0, 1.0), 5.0)
    assert high - low == pytest.approx(0.1)
    assert inset((0.0, 1.0), -0.5) == (-0.5, 1.5)


def test_fillet_rounds_by_arcs_of_the_radius():
    outline = rounded_rectangle((0.0, 4.0), (0.0, 2.0), 0.5, 8)
    assert signed_area(outline) == pytest.approx(8 - (4 - np.pi) * 0.25, rel=3e-3)
    corner = outline[(outline[:, 0] > 3.5) & (outline[:, 1] > 1.5)]
    assert np.allclose(np.linalg.norm(corner - (3.5, 1.5), axis=1), 0.5)


def test_fillet_leaves_the_ends_of_an_open_path():
    path = fillet([(0, 0, 0), (1, 0, 0), (1, 1, 0)], 0.2)
    assert np.allclose(path[[0, -1]], [(0, 0, 0), (1, 1, 0)])


def test_shrink_moves_edges_inward():
    assert np.allclose(shrink(rectangle((0.0, 2.0), (0.0, 1.0)), 0.1), rectangle((0.1, 1.9), (0.1, 0.9)))


def test_shrink_stops_before_edges_vanish():
    small = shrink(rectangle((0.0, 2.0), (0.0, 0.1)), 0.2)
    assert signed_area(small) > 0


@pytest.mark.parametrize("outline", [rectangle((0.0, 2.0), (0.0, 1.0)), rounded_rectangle((0, 1), (0, 1), 0.3), STAR])
def test_triangles_cover_the_outline(outline):
    outline = np.asarray(outline, dtype=float)
    triangles = triangulate(outline)
    assert len(triangles) == len(outline) - 2
    areas = [signed_area(outline[triangle]) for triangle in triangles]
    assert min(areas) > 0
    assert sum(areas) == pytest.approx(signed_area(outline))


def test_resample_spaces_points_evenly():
    points = resample([(0, 0), (1, 0), (1, 3)], 9)
    assert np.allclose(points[2], (1, 0))
    assert np.allclose(points[-1], (1, 3))


def test_curve_goes_through_its_ends_and_near_its_points():
    points = np.array([(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)])
    line = curve(points, 101)
    assert np.allclose(line[[0, -1]], points[[0, -1]])
    assert np.linalg.norm(line - points[1], axis=1).min() < 0.02
