"""Drawing a box with the mouse: rays and planes to a footprint, a height, a front."""

import math

import pytest
from greybox.blender_addon.sketch import Sketch, along_line, facing, on_plane, snapped
from mathutils import Vector


def test_a_ray_meets_a_level_plane_or_none():
    assert on_plane(Vector((0, 0, 2)), Vector((1, 0, -1)), 0.5) == Vector((1.5, 0, 0.5))
    assert on_plane(Vector((0, 0, 2)), Vector((1, 0, 0)), 0) is None
    assert on_plane(Vector((0, 0, 2)), Vector((1, 0, 1)), 0) is None  # behind the viewer


def test_the_height_is_where_the_mouse_passes_the_upright_line():
    eye, top = Vector((3, -4, 5)), Vector((1, 1, 0.8))
    assert along_line(eye, top - eye, Vector((1, 1, 0)), Vector((0, 0, 1))) == pytest.approx(0.8, abs=1e-6)
    assert along_line(eye, Vector((0, 0, -1)), Vector((1, 1, 0)), Vector((0, 0, 1))) is None


@pytest.mark.parametrize(
    ("gaze", "front"), [((0, 1), (0, -1)), ((1, 0), (-1, 0)), ((-1, -0.2), (1, 0)), ((0.1, -1), (0, 1))]
)
def test_the_front_looks_at_the_viewer(gaze, front):
    sketch = Sketch(Vector((0, 0, 0)), Vector((2, 1, 0)), 1.0, facing(Vector((*gaze, -1))))
    assert tuple(sketch.rotation @ Vector((0, -1, 0)))[:2] == pytest.approx(front, abs=1e-6)


@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize("corner", [(2, 1, 3), (-2, 1, 3), (2, -1, 3), (-2, -1, 3)])
def test_the_footprint_is_what_was_drawn_whichever_way_the_front_looks(quarter, corner):
    sketch = Sketch(Vector((0, 0, 3)), Vector(corner), 0.7, quarter * math.pi / 2)
    points = sketch.corners()
    for axis in range(2):
        drawn = sorted((0, corner[axis]))
        assert [min(p[axis] for p in points), max(p[axis] for p in points)] == pytest.approx(drawn, abs=1e-6)
    assert min(p.z for p in points) == pytest.approx(3) and max(p.z for p in points) == pytest.approx(3.7)


def test_typed_numbers_win_and_grow_from_the_anchor():
    sketch = Sketch(Vector((1, 1, 0)), Vector((0, 0, 0)), 0.5)
    assert all(sketch.type(character) for character in "2,4") and not sketch.type("x") and not sketch.type("")
    sketch.next_side(), sketch.next_side()
    sketch.type("3"), sketch.type("1"), sketch.erase()
    assert tuple(sketch.size) == pytest.approx((2.4, 1.0, 3.0))
    assert tuple(sketch.floor_centre) == pytest.approx((-0.2, 0.5, 0.0))


def test_a_line_is_no_box_and_snapping_is_optional():
    assert not Sketch(Vector((0, 0, 0)), Vector((2, 0, 0)), 1.0).solid
    assert snapped(0.26, 0.1) == pytest.approx(0.3) and snapped(0.26, 0) == 0.26
