import math

import msgspec
import numpy as np
import pytest

from backend.generators.interface import Control
from backend.protocol.assets import ConditionImages
from backend.protocol.errors import Cancelled, InvalidScene, Unavailable
from backend.protocol.scene import Box, Camera, SceneSpec
from backend.protocol.seethrough3d import frame
from backend.stages import condition
from tests.render.layouts import canonical

EXAMPLES = condition.__file__.rpartition("backend")[0] + "blender_addon/examples/"
DOWN = math.radians(80) / 2  # looks level along +Y less 10 degrees


def room(**camera) -> SceneSpec:
    boxes = (
        Box(id="sofa", prompt="sofa", location=(0, 1, 0), size=(2, 0.9, 0.8)),
        Box(id="vase", prompt="vase", location=(0.4, -0.5, 0), size=(0.3, 0.3, 0.5)),
    )
    pose = {"location": (0, -5, 1.6), "rotation": (math.cos(DOWN), math.sin(DOWN), 0, 0), **camera}
    return SceneSpec(boxes=boxes, camera=Camera(**pose))


@pytest.fixture(scope="module")
def rendered():
    return condition.render(room(), "raster", Control())


def test_a_condition_has_a_picture_and_maps_of_every_box(rendered):
    images, warnings = rendered
    assert warnings == ()
    assert images.image.shape == (512, 512, 3) and images.image.dtype == np.uint8
    assert images.box_ids == ("sofa", "vase")
    assert images.amodal.shape == images.visible.shape == images.depth.shape == (2, 512, 512)
    assert images.tokens.shape == (2, 32, 32)
    assert (images.visible & ~images.amodal).sum() == 0


def test_the_nearer_box_hides_the_farther_one(rendered):
    images, _ = rendered
    covered = images.amodal[0] & images.visible[1]
    assert covered.sum() > 100 and not (covered & images.visible[0]).any()


def test_depth_is_in_metres_along_the_view(rendered):
    images, _ = rendered
    nearest = images.depth[1].min()  # the vase's front is at y = -0.65, 4.35 m away and 1.1 to 1.6 m below
    along = math.cos(math.radians(10)) * 4.35 + math.sin(math.radians(10)) * np.array([1.1, 1.6])
    assert along[0] - 0.01 < nearest < along[1]


def test_maps_survive_the_way_through_a_file(rendered):
    images, _ = rendered
    again = ConditionImages.from_bytes(images.to_bytes(), images.image)
    for name in ("amodal", "visible", "depth", "tokens"):
        assert (getattr(again, name) == getattr(images, name)).all()


def test_what_cannot_be_represented_and_what_is_not_seen_is_said():
    behind = Box(id="door", prompt="door", location=(0, -9, 0), size=(1, 0.1, 2))
    spec = room(resolution=(1600, 900))
    _, warnings = condition.render(msgspec.structs.replace(spec, boxes=(*spec.boxes, behind)), "raster", Control())
    assert any("not square" in warning for warning in warnings)
    assert any("Box 'door' is not in the picture" in warning for warning in warnings)


def test_on_a_moved_floor_colours_count_from_it():
    """A level camera stands on the canonical ground: the floor moves down, the code for height must not go below 0."""
    spec = room(rotation=(math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0))
    made = frame.to_canonical(spec).layout
    assert made.floor < -1
    layout = condition.drawable(made, np.zeros((0, 3)))
    assert all(box.edge.min() >= 0 and box.edge[2] == pytest.approx(0) for box in layout.cuboids)


def test_progress_is_told_and_a_cancel_stops():
    told = []
    control = Control(report=lambda step, of, text, preview: told.append((step, of)), cancelled=lambda: len(told) > 2)
    with pytest.raises(Cancelled):
        condition.render(room(), "raster", control)
    assert told == [(0, 8), (1, 8), (2, 8)]


def test_a_scene_that_cannot_be_drawn_is_refused_by_name():
    for spec, field in (
        (SceneSpec(camera=room().camera), "boxes"),
        (SceneSpec(boxes=room().boxes), "camera"),
    ):
        with pytest.raises(InvalidScene, match=field):
            condition.render(spec, "raster", Control())
    with pytest.raises(InvalidScene, match="renderer"):
        condition.render(room(), "crayon", Control())


def test_without_blender_the_remedy_is_the_raster_renderer(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "bpy", None)
    monkeypatch.delitem(__import__("sys").modules, "backend.render.blender_scene", raising=False)
    with pytest.raises(Unavailable) as caught:
        condition.render(room(), "eevee", Control())
    assert "raster" in caught.value.remedy


@pytest.mark.parametrize(
    ("example", "stored"),
    [
        ("backyard", "example0"),
        ("dining_table", "example1"),
        ("mars", "example2"),
        ("work_desk", "example3"),
        ("verandah", "example4"),
    ],
)
def test_the_shipped_examples_are_the_published_scenes(example, stored):
    with open(f"{EXAMPLES}{example}.json", "rb") as file:
        spec = msgspec.json.decode(file.read(), type=SceneSpec)
    made = frame.to_canonical(spec)
    golden = canonical(stored)
    assert made.warnings == () and made.layout.floor == 0
    assert made.layout.elevation == pytest.approx(golden.elevation, abs=1e-5)
    assert made.layout.lens == pytest.approx(golden.lens)
    for ours, theirs in zip(made.layout.boxes, golden.boxes, strict=True):
        assert ours.position == pytest.approx(theirs.position, abs=1e-6)
        assert ours.size == pytest.approx(theirs.size, rel=1e-6)
        assert ours.azimuth == pytest.approx(theirs.azimuth, abs=1e-5)
