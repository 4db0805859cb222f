"""backend/protocol/scene.py: what is refused, and the geometry of boxes and cameras."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.errors import InvalidScene
from backend.protocol.scene import (
    Box,
    Camera,
    Panorama,
    SceneSpec,
    box_corners,
    box_seed,
    is_identifier,
    rotation_matrix,
    validate,
    view_frame,
    world_matrix,
)
from tests.client import box

GOOD_CAMERA = Camera(location=(0, -4, 1.5), rotation=(1, 0, 0, 0))
unit = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: math.hypot(*q) > 0.1)
unit = unit.map(lambda q: tuple(v / math.hypot(*q) for v in q))


def changed(thing, **fields):
    return msgspec.structs.replace(thing, **fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": "Chair 1"}, "id is 'Chair 1'"),
        ({"id": ""}, "id is ''"),
        ({"id": "../../etc"}, "id is '../../etc'"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": "x" * 2001}, "2001 characters"),
        ({"location": (math.nan, 0, 0)}, "location"),
        ({"location": (1e30, 0, 0)}, "location"),
        ({"size": (1, 0, 1)}, "size y is 0"),
        ({"size": (1, 1, -2)}, "size z is -2"),
        ({"size": (math.inf, 1, 1)}, "size x is inf"),
        ({"rotation": (1, 1, 0, 0)}, "rotation"),
        ({"rotation": (math.nan, 0, 0, 0)}, "rotation"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_a_bad_box_is_named_with_its_field(fields, words):
    with pytest.raises(InvalidScene) as caught:
        validate(SceneSpec(boxes=(changed(box("chair"), **fields),)))
    assert words in caught.value.message and caught.value.box == fields.get("id", "chair")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"lens": 0}, "lens"),
        ({"lens": math.nan}, "lens"),
        ({"sensor_width": -1}, "sensor_width"),
        ({"resolution": (8, 1024)}, "resolution"),
        ({"resolution": (1024, 100_000)}, "resolution"),
        ({"shift": (math.inf, 0)}, "shift"),
        ({"pixel_aspect": (0, 1)}, "pixel_aspect"),
        ({"clip": (1, 0.5)}, "clip"),
        ({"rotation": (0, 0, 0, 0)}, "rotation"),
    ],
)
def test_a_bad_camera_is_named_with_its_field(fields, word):
    with pytest.raises(InvalidScene, match=word):
        validate(SceneSpec(boxes=(box("a"),), camera=changed(GOOD_CAMERA, **fields)))


def test_a_scene_as_a_whole():
    validate(SceneSpec(boxes=(box("a"), box("b")), camera=GOOD_CAMERA, panorama=Panorama()))
    with pytest.raises(InvalidScene, match="used by two boxes"):
        validate(SceneSpec(boxes=(box("a"), box("a"))))
    with pytest.raises(InvalidScene, match="257"):
        validate(SceneSpec(boxes=tuple(box(f"b{i}") for i in range(257))))
    with pytest.raises(InvalidScene, match="panorama height"):
        validate(SceneSpec(panorama=Panorama(height=0)))


def test_a_kind_alone_is_enough():
    validate(SceneSpec(boxes=(changed(box("a"), prompt="", kind="chair"),)))


@given(st.text(max_size=70))
def test_identifiers_are_safe_file_names(name):
    if is_identifier(name):
        assert 1 <= len(name) <= 64 and name.isascii() and not set(name) & set("/\\.: ")


@given(unit)
def test_rotation_matrices_are_rotations(q):
    r = rotation_matrix(q)
    for i in range(3):
        for j in range(3):
            assert sum(r[i][k] * r[j][k] for k in range(3)) == pytest.approx(float(i == j), abs=1e-9)


def test_a_quarter_turn_about_z_faces_the_front_to_plus_x():
    half = math.sqrt(0.5)
    matrix = world_matrix(Box(id="a", prompt="a", location=(1, 2, 3), size=(1, 1, 1), rotation=(half, 0, 0, half)))
    front = [sum(matrix[i][k] * (0, -1, 0)[k] for k in range(3)) for i in range(3)]
    assert front == pytest.approx([1, 0, 0])
    assert [row[3] for row in matrix] == [1, 2, 3, 1]


def test_box_corners_are_in_order():
    corners = box_corners(Box(id="a", prompt="a", location=(10, 0, 0), size=(2, 4, 6)))
    assert (
        corners[0] == (9, -2, 0) and corners[1] == (9, -2, 6) and corners[2] == (9, 2, 0) and corners[7] == (11, 2, 6)
    )


@pytest.mark.parametrize(
    ("fields", "frame"),
    [
        ({}, (0.36, 0.36, 0, 0)),
        ({"resolution": (1920, 1080)}, (0.36, 0.2025, 0, 0)),
        ({"resolution": (1080, 1920)}, (0.2025, 0.36, 0, 0)),
        ({"resolution": (1920, 1080), "sensor_fit": "VERTICAL"}, (0.24 * 16 / 9, 0.24, 0, 0)),
        ({"resolution": (1080, 1920), "sensor_fit": "HORIZONTAL"}, (0.36, 0.64, 0, 0)),
        ({"shift": (0.5, -0.25)}, (0.36, 0.36, 0.36, -0.18)),
        ({"resolution": (1000, 1000), "pixel_aspect": (2, 1)}, (0.36, 0.18, 0, 0)),
    ],
)
def test_view_frame_is_blenders(fields, frame):
    assert view_frame(changed(GOOD_CAMERA, **fields)) == pytest.approx(frame)


def test_seeds_follow_the_box_not_its_place():
    a, b = box("a"), box("b")
    scene = SceneSpec(boxes=(a, b), seed=7)
    assert box_seed(scene, a) == box_seed(SceneSpec(boxes=(b, a), seed=7), a)
    assert len({box_seed(scene, a), box_seed(scene, b), box_seed(SceneSpec(seed=8), a)}) == 3
    assert box_seed(scene, changed(a, seed=5)) == 5
    assert 0 <= box_seed(scene, a) < 2**63
