"""The panorama: what is taken, where it was taken, the world that shows it, and the room that cannot be made yet."""

import math

import bpy
import numpy as np
import pytest
from greybox.backend.protocol.options import GeneratorInfo
from greybox.blender_addon import jobs, panorama
from mathutils import Euler, Vector

from tests.fakes.assets import png


def picture(folder, width=1024, height=512, name="room.png"):
    """Left half red, right half blue, so that a heading can be seen."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 200
    path = folder / name
    path.write_bytes(png(pixels))
    return path


@pytest.fixture
def room(blender, tmp_path):
    assert bpy.ops.greybox.open_panorama(filepath=str(picture(tmp_path))) == {"FINISHED"}
    return blender.scene.greybox.panorama


def test_a_panorama_is_taken_with_where_it_was_taken(blender, room):
    blender.scene.cursor.location = (1.0, 2.0, 5.0)
    assert bpy.ops.greybox.panorama_at_cursor() == {"FINISHED"}
    room.height, room.heading = 1.7, math.radians(90)
    blender.scene.unit_settings.scale_length = 0.5
    read = panorama.read(blender.scene)
    assert read.location == pytest.approx((0.5, 1.0, 0.0)) and read.height == pytest.approx(0.85)
    assert read.heading == pytest.approx(math.pi / 2)


@pytest.mark.parametrize(
    ("size", "words"),
    [((640, 480), "640 x 480 pixels: a panorama is twice as wide as high"), ((128, 64), "too small")],
)
def test_another_picture_is_refused_with_its_size(blender, tmp_path, size, words):
    with pytest.raises(RuntimeError, match=words):
        bpy.ops.greybox.open_panorama(filepath=str(picture(tmp_path, *size)))
    assert blender.scene.greybox.panorama.image is None and "room.png" not in bpy.data.images


def test_what_is_no_picture_is_refused_by_name(blender, tmp_path):
    (tmp_path / "notes.png").write_text("no picture")
    with pytest.raises(RuntimeError, match=r"notes\.png"):
        bpy.ops.greybox.open_panorama(filepath=str(tmp_path / "notes.png"))
    with pytest.raises(RuntimeError, match="There is no file"):
        bpy.ops.greybox.open_panorama(filepath=str(tmp_path / "nowhere.png"))


def test_the_preview_is_the_world_until_it_is_hidden(blender, room):
    own = bpy.data.worlds.new("Mine")
    blender.scene.world = own
    bpy.ops.greybox.preview_panorama()
    assert panorama.shown(blender.scene) and blender.scene.world.name == panorama.WORLD
    bpy.ops.greybox.preview_panorama()
    assert blender.scene.world == own and panorama.WORLD not in bpy.data.worlds
    bpy.ops.greybox.preview_panorama()
    bpy.ops.greybox.remove_panorama()
    assert blender.scene.world == own and room.image is None and panorama.WORLD not in bpy.data.worlds


def test_a_world_that_was_chosen_meanwhile_stays(blender, room):
    bpy.ops.greybox.preview_panorama()
    blender.scene.world = other = bpy.data.worlds.new("Other")
    bpy.ops.greybox.remove_panorama()
    assert blender.scene.world == other


@pytest.mark.parametrize("degrees", [0, 90, -45])
def test_the_middle_of_the_picture_is_seen_along_the_heading(blender, room, degrees):
    bpy.ops.greybox.preview_panorama()
    room.heading = math.radians(degrees)
    mapping = next(node for node in blender.scene.world.node_tree.nodes if node.type == "MAPPING")
    looking = Vector((-math.sin(room.heading), math.cos(room.heading), 0.0))  # 0 is +Y, counter-clockwise
    asked = Euler(mapping.inputs["Rotation"].default_value).to_matrix() @ looking
    assert tuple(asked) == pytest.approx((1, 0, 0), abs=1e-6)  # where Blender has the middle of a picture


def test_it_is_kept_in_the_file(blender, tmp_path):
    bpy.ops.greybox.open_panorama(filepath=str(picture(tmp_path)))
    blender.scene.greybox.panorama.heading = 0.5
    bpy.ops.greybox.preview_panorama()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "room.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "room.blend"))
    scene = bpy.context.scene
    kept = scene.greybox.panorama
    assert kept.heading == pytest.approx(0.5) and tuple(kept.image.size) == (1024, 512) and panorama.shown(scene)
    bpy.ops.greybox.preview_panorama()
    assert not panorama.shown(scene) and panorama.WORLD not in bpy.data.worlds


def test_the_room_waits_for_a_generator_that_gives_one(blender, room):
    with pytest.raises(RuntimeError, match="No generator for rooms"):
        bpy.ops.greybox.generate_room()


def test_what_is_missing_for_the_generator_is_said(blender, room, monkeypatch):
    info = GeneratorInfo(name="inspace", label="InSpace", description="", gives=("room",), takes=("panorama",),
                         available=False, missing="its weights are not here", remedy="Download them.")  # fmt: skip
    monkeypatch.setattr(jobs, "generators", lambda gives: (info,))
    with pytest.raises(RuntimeError, match=r"InSpace cannot run here: its weights are not here\. Download them"):
        bpy.ops.greybox.generate_room()


def test_a_room_is_asked_for_with_the_picture_as_it_is(blender, backend, room, tmp_path, monkeypatch):
    info = GeneratorInfo(name="inspace", label="InSpace", description="", gives=("room",), takes=("panorama",))
    monkeypatch.setattr(jobs, "generators", lambda gives: (info,))
    assert bpy.ops.greybox.generate_room() == {"FINISHED"}
    from .test_jobs import pump

    pump(lambda: backend.journal.jobs)
    (request,) = backend.journal.jobs.values()
    assert request.scene.panorama.height == pytest.approx(1.6) and request.settings.room_generator == "inspace"
    assert panorama.encoded(room.image) == picture(tmp_path).read_bytes()


def test_a_picture_of_another_kind_is_sent_as_png(blender, tmp_path):
    source = bpy.data.images.load(str(picture(tmp_path)))
    source.file_format = "OPEN_EXR"
    source.save(filepath=str(tmp_path / "room.exr"))
    assert panorama.encoded(bpy.data.images.load(str(tmp_path / "room.exr"))).startswith(b"\x89PNG")


def test_without_a_panorama_the_buttons_say_so(blender):
    for name in ("preview_panorama", "panorama_at_cursor", "remove_panorama", "generate_room"):
        with pytest.raises(RuntimeError, match="Open a panorama first"):
            getattr(bpy.ops.greybox, name)()


def test_pictures_are_taken_from_a_drop_only_where_our_tab_is_open(blender):
    handler = bpy.types.GREYBOX_FH_panorama
    assert handler.bl_import_operator == "greybox.open_panorama" and ".hdr" in handler.bl_file_extensions
    assert not handler.poll_drop(blender)  # no area: nothing is stolen
