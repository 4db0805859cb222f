"""The camera: on its orbit, in its proportions, as the model can see through it; the exact condition on demand."""

import math

import bpy
import pytest
from greybox.blender_addon import condition_layout, condition_picture, framing, job_book, jobs
from mathutils import Vector

from .test_jobs import run


@pytest.fixture
def camera(blender, box):
    box("Sofa", location=(2, 1, 0))
    framing.frame_boxes(blender)
    blender.view_layer.update()
    return blender.scene.camera


def test_elevation_moves_the_camera_around_the_boxes(blender, camera):
    settings, middle = blender.scene.greybox, Vector((2, 1, 0.4))
    before = (camera.matrix_world.translation - middle).length
    seen = camera.matrix_world.inverted() @ middle
    for degrees in (5, 40, 89):
        settings.elevation = math.radians(degrees)
        blender.view_layer.update()
        assert settings.elevation == pytest.approx(math.radians(degrees), abs=1e-4)
        assert (camera.matrix_world.translation - middle).length == pytest.approx(before, rel=1e-4)
        assert (camera.matrix_world.inverted() @ middle - seen).length < 1e-3  # it stays in its place of the picture


def test_heading_is_the_side_from_which_it_looks(blender, camera):
    blender.scene.greybox.heading = 0.0
    blender.view_layer.update()
    assert camera.matrix_world.translation.y < 0 and camera.matrix_world.col[0].xyz.z == pytest.approx(0, abs=1e-5)
    blender.scene.greybox.heading = math.pi / 2
    blender.view_layer.update()
    assert camera.matrix_world.translation.x > 3


@pytest.mark.parametrize(("aspect", "size"), [("1:1", (1920, 1920)), ("16:9", (1920, 1080)), ("9:16", (1080, 1920))])
def test_aspects_keep_the_longer_side(blender, aspect, size):
    blender.scene.render.resolution_x, blender.scene.render.resolution_y = 1920, 1200
    bpy.ops.greybox.set_aspect(aspect=aspect)
    assert (blender.scene.render.resolution_x, blender.scene.render.resolution_y) == size


def test_a_camera_is_made_to_fit_the_model(blender, camera):
    camera.data.type, camera.data.shift_x = "ORTHO", 0.2
    camera.rotation_euler = (math.radians(100), 0.3, 0.5)  # looks up, and is rolled
    blender.view_layer.update()
    assert bpy.ops.greybox.fit_camera() == {"FINISHED"}
    blender.view_layer.update()
    words = " ".join(condition_layout.Reader().read(blender.scene).warnings)
    assert "rolled" not in words and "shift" not in words and "looks up" not in words
    assert blender.scene.greybox.elevation == pytest.approx(0, abs=1e-4)


def test_the_exact_condition_becomes_an_image(blender, backend, camera):
    assert bpy.ops.greybox.exact_condition() == {"FINISHED"}
    job = run()[-1]
    assert job.state == "done" and backend.journal.jobs[job.id].settings.stop_after == "condition"
    image = blender.scene.greybox.condition_image
    assert image.name == condition_picture.NAME and image.size[0] > 1 and image.packed_file
    bpy.ops.greybox.exact_condition()
    run()
    assert [i.name for i in bpy.data.images if i.name.startswith(condition_picture.NAME)] == [condition_picture.NAME]
    assert (job.id, job_book.CONDITION) in jobs.session().imported


@pytest.mark.parametrize(
    ("operator", "words"),
    [("exact_condition", "Add a layout box"), ("fit_camera", "Add a camera"), ("open_condition", "Render it first")],
)
def test_a_greyed_button_says_why(blender, operator, words):
    with pytest.raises(RuntimeError, match=words):
        getattr(bpy.ops.greybox, operator)()
