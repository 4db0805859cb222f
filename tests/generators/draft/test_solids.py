"""Solids are closed, look outward, have the volume that the formula says, and charts as large as their surface."""

import numpy as np
import pytest

from backend.generators.draft.asset import chart_areas, face_areas, open_edges, volume
from backend.generators.draft.outlines import ellipse, fillet
from backend.generators.draft.solids import (
    box,
    cushion,
    cylinder,
    ellipsoid,
    frame,
    lathe,
    merge,
    mirror,
    move,
    pillow,
    plate,
    prism,
    sheet,
    skin,
    stretch,
    superellipsoid,
    sweep,
    tiles,
    torus,
    tube,
    turn,
)

X, Y, Z = (-0.3, 0.3), (-0.2, 0.2), (0.0, 0.5)
BOWL = [(0, 0), (0.1, 0), (0.2, 0.1), (0.19, 0.1), (0.1, 0.01), (0, 0.01)]
STEPS = [(0, 0), (0.3, 0), (0.3, 0.1), (0.1, 0.1), (0.1, 0.4), (0, 0.4)]


def hill() -> np.ndarray:
    line = np.linspace(-1, 1, 9)
    return np.stack(np.broadcast_arrays(line[:, None], line[None, :], 0.2 * line[:, None] ** 2), axis=-1)


def rings() -> np.ndarray:
    return np.stack([np.column_stack([ellipse(r, 0.5 * r, 16), np.full(16, z)]) for r, z in ((1, 0), (2, 1), (1, 2))])


SOLIDS = {
    "box": box("box", "wood", X, Y, Z, 0.01),
    "rounder box": box("box", "wood", X, Y, Z, 0.05, 3),
    "box thinner than its bevel": box("box", "wood", X, Y, (0, 0.002), 0.05),
    "cushion": cushion("cushion", "cloth", X, Y, Z),
    "pillow": pillow("pillow", "cloth", X, Y, (0, 0.1)),
    "ellipsoid": ellipsoid("ball", "skin", (0, 0, 1), (0.1, 0.2, 0.3)),
    "superellipsoid": superellipsoid("stone", "stone", X, Y, Z),
    "bowl": lathe("bowl", "clay", BOWL),
    "ring": lathe("ring", "brass", [(0.1, 0), (0.2, 0.1), (0.19, 0.1)]),
    "slanted leg": cylinder("leg", "wood", (0, 0, 0), (0.1, 0, 0.5), 0.03, 0.02),
    "torus": torus("tyre", "rubber", (0, 0, 0), 0.2, 0.05, axis=0),
    "bent tube": tube("rail", "steel", fillet([(0, 0, 0), (0, 0, 0.5), (0.5, 0, 0.5)], 0.1, 6), 0.02),
    "closed tube": tube("hoop", "steel", [(0, 0, 0), (0, 0, 0.5), (0.5, 0, 0.5)], 0.02, closed=True),
    "prism with a hollow": prism("bracket", "steel", fillet(STEPS, 0.03, 4, closed=True), "x", (0, 0.2), 0.005),
    "sharp prism": prism("bracket", "steel", STEPS, "y", (0, 0.2), 0.0),
    "plate": plate("top", "wood", X, Y, (0, 0.03), corner=0.05),
    "frame": frame("frame", "gold", X, (0, 0.03), Z, 0.05),
    "sheet": sheet("leaf", "leaf", hill(), 0.01),
    "skin": skin("trunk", "bark", rings(), False, 60.0, 2),
    "tiles": tiles("keys", "plastic", X, Y, (0, 0.01), (5, 3, 1), 0.01, 0.002),
    "mirrored": mirror(cylinder("leg", "wood", (0, 0, 0), (0.1, 0, 0.5), 0.03)),
    "turned": turn(box("box", "wood", X, Y, Z), "x", 30.0),
    "stretched": stretch(ellipsoid("ball", "skin", (0, 0, 0), (0.1, 0.1, 0.1)), 1.0, 2.0, 0.5),
}


@pytest.mark.parametrize("name", SOLIDS)
class TestSolid:
    def test_is_closed_and_looks_outward(self, name):
        part = SOLIDS[name]
        assert open_edges(part) == 0
        assert volume(part) > 0

    def test_charts_are_as_large_as_their_surface_and_never_fold(self, name):
        part = SOLIDS[name]
        surface = np.bincount(part.charts, weights=face_areas(part))
        assert np.allclose(chart_areas(part), surface)
        a, b = part.uvs[:, 1] - part.uvs[:, 0], part.uvs[:, 2] - part.uvs[:, 0]
        assert (a[:, 0] * b[:, 1] > a[:, 1] * b[:, 0]).all()

    def test_has_no_degenerate_faces(self, name):
        part = SOLIDS[name]
        corners = part.vertices[part.faces]
        longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
        assert (2 * face_areas(part) / longest).min() > 1e-6


def test_box_fills_its_spans():
    part = box("box", "wood", X, Y, Z, 0.02)
    assert np.allclose(part.vertices.min(axis=0), (-0.3, -0.2, 0))
    assert np.allclose(part.vertices.max(axis=0), (0.3, 0.2, 0.5))


def test_volumes_agree_with_the_formulas():
    assert volume(box("box", "wood", X, Y, Z, 0.0001)) == pytest.approx(0.6 * 0.4 * 0.5, rel=1e-3)
    assert volume(ellipsoid("ball", "skin", (0, 0, 0), (0.1, 0.2, 0.3), 24)) == pytest.approx(
        4 / 3 * np.pi * 0.1 * 0.2 * 0.3, rel=5e-3
    )
    assert volume(cylinder("rod", "steel", (0, 0, 0), (0, 0, 2), 0.1, bevel=0.0001, sides=96)) == pytest.approx(
        np.pi * 0.01 * 2, rel=2e-3
    )
    assert volume(torus("tyre", "rubber", (0, 0, 0), 1.0, 0.2, sides=96)) == pytest.approx(
        2 * np.pi**2 * 0.01, rel=0.06
    )


def test_cylinder_reaches_from_base_to_top():
    part = cylinder("leg", "wood", (1, 2, 3), (1, 2, 5), 0.1)
    assert part.vertices[:, 2].min() == pytest.approx(3)
    assert part.vertices[:, 2].max() == pytest.approx(5)
    assert part.vertices[:, 0].mean() == pytest.approx(1)


def test_prism_axes():
    outline = [(1, 2), (3, 2), (3, 5), (1, 5)]
    for axis, low, high in (("x", (0, 1, 2), (7, 3, 5)), ("y", (1, 0, 2), (3, 7, 5)), ("z", (1, 2, 0), (3, 5, 7))):
        part = prism("block", "stone", outline, axis, (0, 7), 0.01)
        assert np.allclose(part.vertices.min(axis=0), low)
        assert np.allclose(part.vertices.max(axis=0), high)


def test_frame_has_a_hole():
    part = frame("frame", "gold", X, (0, 0.03), Z, 0.05)
    assert np.abs(part.vertices - (0, 0.015, 0.25)).max(axis=1).min() > 0.14
    assert volume(part) == pytest.approx(0.03 * (0.6 * 0.5 - 0.5 * 0.4), rel=0.02)


def test_sweep_keeps_its_section_at_corners():
    section = np.array([(-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01)])
    bent = sweep("rail", "steel", [(0, 0, 0), (1, 0, 0), (1, 1, 0)], section)
    assert volume(bent) == pytest.approx(2 * 0.02**2, rel=1e-6)


def test_moves_and_turns():
    part = box("box", "wood", (0, 1), (0, 2), (0, 3))
    assert np.allclose(move(part, 1, 2, 3).vertices, part.vertices + np.array([1, 2, 3]))
    turned = turn(part, "z", 90.0)
    assert np.allclose(turned.vertices[:, 0], -part.vertices[:, 1])
    assert turn(part, "x", 90.0).grain == 1  # the grain ran along z


def test_mirror_turns_no_part_inside_out():
    part = move(box("box", "wood", X, Y, Z), 1.0)
    assert volume(mirror(part)) == pytest.approx(volume(part))
    assert mirror(part).vertices[:, 0].max() < 0


def test_merge_keeps_faces_and_charts_apart():
    left, right = box("a", "wood", (0, 1), Y, Z), box("b", "wood", (2, 3), Y, Z)
    both = merge("both", [left, right])
    assert open_edges(both) == 0
    assert volume(both) == pytest.approx(volume(left) + volume(right))
    assert both.charts.max() == 11
