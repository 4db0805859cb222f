import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.scene import Box, Camera, SceneSpec, box_corners, rotation_matrix, view_frame, world_matrix
from backend.protocol.seethrough3d import frame
from backend.protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout, Frame
from tests.render.layouts import SCENES, canonical

number = st.floats(-5, 5).map(lambda v: round(v, 3))
side = st.floats(0.1, 3).map(lambda v: round(v, 3))
canonical_boxes = st.builds(
    CanonicalBox,
    st.tuples(st.floats(-5.5, 2), number, st.floats(0, 2)),
    st.tuples(side, side, side),
    st.floats(-179, 179),
)
layouts = st.builds(
    CanonicalLayout,
    st.lists(canonical_boxes, min_size=1, max_size=5).map(tuple),
    st.floats(5, 40),
    st.floats(15, 180),
)
frames = st.builds(Frame, st.floats(0.2, 5), st.floats(-3, 3), st.tuples(number, number, st.just(0.0)))


def spec(layout: CanonicalLayout, here: Frame) -> SceneSpec:
    placed = frame.boxes_to_world(layout, here)
    boxes = tuple(
        Box(id=f"box-{i}", prompt="x", location=location, size=size, rotation=rotation)  # type: ignore[arg-type]
        for i, (location, size, rotation) in enumerate(placed)
    )
    return SceneSpec(boxes=boxes, camera=frame.camera_to_world(layout, here))


def turned(*, pitch: float = 0.0, yaw: float = 0.0, roll: float = 0.0) -> tuple[float, float, float, float]:
    """Camera to world from degrees: pitch 0 looks level along +Y, positive pitch looks down."""

    def times(a, b):
        (w, x, y, z), (p, q, r, s) = a, b
        return (
            w * p - x * q - y * r - z * s,
            w * q + x * p + y * s - z * r,
            w * r - x * s + y * p + z * q,
            w * s + x * r - y * q + z * p,
        )

    half = math.radians(90 - pitch) / 2, math.radians(yaw) / 2, math.radians(roll) / 2
    lie = (math.cos(half[0]), math.sin(half[0]), 0, 0)
    turn = (math.cos(half[1]), 0, 0, math.sin(half[1]))
    lean = (math.cos(half[2]), 0, 0, math.sin(half[2]))
    return times(times(turn, lie), lean)


def scene(camera: Camera, *boxes: Box) -> SceneSpec:
    return SceneSpec(boxes=boxes or (Box(id="sofa", prompt="sofa", location=(0, 0, 0), size=(2, 1, 1)),), camera=camera)


def above(height: float = 1.6, distance: float = 6.0, **settings) -> Camera:
    """At -Y, looking along +Y and down by 10 degrees, unless told otherwise."""
    rotation = settings.pop("rotation", turned(pitch=10))
    return Camera(location=(0, -distance, height), rotation=rotation, **settings)


def warnings_of(camera: Camera, *boxes: Box) -> str:
    return "\n".join(frame.to_canonical(scene(camera, *boxes)).warnings)


@given(layouts, frames)
def test_there_and_back_again(layout, here):
    """canonical -> world -> canonical; exact when the boxes leave the scale to the height of the camera."""
    layout = CanonicalLayout(
        (CanonicalBox((0, 0, 0), (1, 1, 1)), *layout.boxes[1:]), layout.elevation, layout.lens
    )  # one box stands on the floor
    again = frame.to_canonical(spec(layout, here))
    assert again.layout.elevation == pytest.approx(layout.elevation)
    assert again.layout.lens == pytest.approx(layout.lens)
    if again.warnings:  # boxes outside the nominal frustum: another scale, the same picture
        assert "Camera location" in again.warnings[0]
        return
    assert again.layout.floor == 0
    for ours, box in zip(again.layout.boxes, layout.boxes, strict=True):
        assert ours.position == pytest.approx(box.position, abs=1e-6)
        assert ours.size == pytest.approx(box.size, rel=1e-6)
        assert math.remainder(ours.azimuth - box.azimuth, 360) == pytest.approx(0, abs=1e-6)


@given(layouts, frames)
def test_world_to_canonical_and_back(layout, here):
    original = spec(layout, here)
    made = frame.to_canonical(original)
    camera = frame.camera_to_world(made.layout, made.frame)
    assert camera.location == pytest.approx(original.camera.location, abs=1e-6)
    assert np.allclose(rotation_matrix(camera.rotation), rotation_matrix(original.camera.rotation), atol=1e-7)
    for (location, size, rotation), box in zip(
        frame.boxes_to_world(made.layout, made.frame), original.boxes, strict=True
    ):
        assert location == pytest.approx(box.location, abs=1e-6)
        assert size == pytest.approx(box.size, rel=1e-6)
        assert np.allclose(rotation_matrix(rotation), rotation_matrix(box.rotation), atol=1e-6)  # type: ignore[arg-type]


@given(layouts, frames)
def test_the_picture_does_not_change(layout, here):
    """Every corner lands on the same point of the picture in both worlds, whatever scale was chosen."""
    original = spec(layout, here)
    made = frame.to_canonical(original)
    matrix = frame.camera_matrix(made.layout)
    for box, theirs in zip(original.boxes, made.layout.boxes, strict=True):
        half = math.radians(theirs.azimuth + 180) / 2
        turn = (math.cos(half), 0.0, 0.0, math.sin(half))
        mine = Box(id="x", prompt="x", location=theirs.position, size=theirs.size, rotation=turn)
        there = np.array(box_corners(mine)) + np.array([frame.CENTRE_X, 0, 0])
        seen = seen_from(np.array(world_matrix(original.camera)), np.array(box_corners(box)))
        assert np.allclose(seen_from(matrix, there), seen, atol=1e-6, rtol=1e-5)


def seen_from(camera: np.ndarray, points: np.ndarray) -> np.ndarray:
    local = (points - camera[:3, 3]) @ camera[:3, :3]
    return local[:, :2] / -local[:, 2:]


@pytest.mark.parametrize("name", [f"example{i}" for i in range(5)])
def test_the_stored_camera_and_corners(name):
    golden = json.loads((SCENES / name / "projection.json").read_text())
    layout = canonical(name)
    assert np.allclose(frame.camera_matrix(layout), golden["camera"]["matrix_world"], atol=1e-5)
    here = Frame(0.7, 1.1, (3.0, -2.0, 0.0))
    camera = frame.camera_to_world(layout, here)
    half = view_frame(camera)[0]
    corners = [c for box in golden["boxes"] for c in box["corners"]]
    world = np.array([here.to_world(c["world"]) for c in corners])
    flat = seen_from(np.array(world_matrix(camera)), world) / (2 * half) + 0.5
    assert np.allclose(flat, [[c["ndc_x"], c["ndc_y"]] for c in corners], atol=1e-4)


def test_a_box_that_faces_the_camera_has_azimuth_minus_ninety():
    made = frame.to_canonical(scene(above()))
    assert made.layout.boxes[0].azimuth == pytest.approx(-90)
    assert made.warnings == ()


def test_the_height_of_the_camera_fixes_the_scale():
    made = frame.to_canonical(scene(above(height=1.5)))
    assert made.frame.scale == pytest.approx(6 * math.sin(math.radians(10)) / 1.5)
    assert made.layout.floor == 0
    assert made.layout.boxes[0].position[2] == pytest.approx(0)


def test_boxes_on_an_upper_storey_stand_on_their_own_floor():
    up = Box(id="sofa", prompt="sofa", location=(0, 0, 40), size=(2, 1, 1))
    made = frame.to_canonical(scene(above(height=41.6), up))
    assert made.layout.floor == 0
    assert made.layout.boxes[0].position[2] == pytest.approx(0)


def test_boxes_too_near_for_the_scale_move_the_floor_and_say_so():
    level = above(height=1.6, distance=3, rotation=turned(pitch=0.5))
    made = frame.to_canonical(scene(level))
    x = made.layout.boxes[0].position[0] + frame.CENTRE_X
    assert frame.FARTHEST <= x <= frame.NEAREST + 1e-9
    assert made.layout.floor < 0
    assert made.layout.boxes[0].position[2] == pytest.approx(made.layout.floor)
    assert "Camera location: 1.60 m above the ground" in made.warnings[0]


def test_every_loss_is_named():
    assert "rolled by 5.0 degrees" in warnings_of(above(rotation=turned(pitch=10, roll=5)))
    assert "looks up by 20.0 degrees" in warnings_of(above(rotation=turned(pitch=-20)))
    assert "1920 x 1080 is not square" in warnings_of(above(resolution=(1920, 1080)))
    assert "Camera shift: (0.1, 0)" in warnings_of(above(shift=(0.1, 0.0)))
    assert "Camera pixel aspect: 2 to 1" in warnings_of(above(pixel_aspect=(2.0, 1.0)))
    tilted = Box(id="plank", prompt="plank", location=(0, 0, 1), size=(1, 1, 1), rotation=turned(pitch=60))
    assert "Box 'plank' rotation: tilted by 30.0 degrees" in warnings_of(above(), tilted)
    assert warnings_of(above()) == ""


def test_a_wide_picture_is_held_whole_by_the_square_one():
    camera = above(resolution=(1920, 1080), shift=(0.1, 0.0))
    half_w, half_h, x, y = view_frame(camera)
    square = frame.SENSOR / 2 / frame.to_canonical(scene(camera)).layout.lens
    assert square == pytest.approx(max(half_w + abs(x), half_h + abs(y)))


def test_a_tilted_box_is_replaced_by_the_upright_one_around_it():
    tilted = Box(id="plank", prompt="plank", location=(0, 0, 1), size=(1, 2, 3), rotation=turned(pitch=75, yaw=30))
    made = frame.to_canonical(scene(above(), tilted))
    corners = np.array([made.frame.to_canonical(corner) for corner in box_corners(tilted)])
    box = made.layout.boxes[0]
    assert box.position[2] == pytest.approx(corners[:, 2].min())
    assert box.size[2] == pytest.approx(np.ptp(corners[:, 2]))
    assert box.size[0] / made.frame.scale == pytest.approx(1)  # tilted about its width axis


def test_looking_straight_down_keeps_the_heading():
    made = frame.to_canonical(scene(Camera(location=(0, 0, 5), rotation=turned(pitch=90, yaw=40))))
    assert made.layout.elevation == pytest.approx(90)
    camera = frame.camera_to_world(made.layout, made.frame)
    assert np.allclose(rotation_matrix(camera.rotation), rotation_matrix(turned(pitch=90, yaw=40)), atol=1e-6)


def test_a_camera_behind_everything_still_converts():
    behind = frame.to_canonical(scene(above(distance=-6)))
    assert all(math.isfinite(v) for v in behind.layout.boxes[0].position)
    with pytest.raises(ValueError, match="without a camera"):
        frame.to_canonical(SceneSpec())
