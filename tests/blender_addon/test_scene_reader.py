"""Boxes and cameras as the backend is told them: the right numbers, or a refusal that names the box."""

import math

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view
from greybox.backend.protocol.errors import InvalidScene
from greybox.backend.protocol.scene import box_corners, view_frame, world_matrix
from greybox.blender_addon import boxes, scene_reader
from mathutils import Euler, Matrix, Vector


def corners(obj):
    """Corners of the object's own unit cube in the world, in the order of `box_corners`."""
    points = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0, 1)]
    return np.array([obj.matrix_world @ Vector(p) for p in points])


@pytest.mark.parametrize("degrees", [(0, 0, 0), (0, 0, 37), (20, -35, 140), (0, 180, 10)])
def test_corners_of_the_spec_are_corners_of_the_object(blender, box, degrees):
    rotation = Euler([math.radians(d) for d in degrees]).to_quaternion()
    obj = box(location=(1, -2, 0.5), size=(2, 1, 0.7), rotation=rotation)
    read = scene_reader.read_box(obj, blender.scene)
    assert np.allclose(box_corners(read), corners(obj), atol=1e-5)


def test_parents_count(blender, box):
    parent = bpy.data.objects.new("parent", None)
    blender.collection.objects.link(parent)
    parent.location, parent.rotation_euler, parent.scale = (3, 0, 0), (0, 0, 1), (2, 2, 2)
    obj = box(size=(2, 1, 0.7))
    obj.parent = parent
    blender.view_layer.update()
    read = scene_reader.read_box(obj, blender.scene)
    assert read.size == pytest.approx((4, 2, 1.4)) and np.allclose(box_corners(read), corners(obj), atol=1e-5)


def test_a_box_pulled_in_edit_mode_is_as_large_as_its_mesh(blender, box):
    obj = box(size=(2, 1, 1))
    other = box(size=(2, 1, 1))
    for vertex in obj.data.vertices:
        if vertex.co.x > 0.4:
            vertex.co.x = 1.0
    read = scene_reader.read_box(obj, blender.scene)
    assert read.size == pytest.approx((3, 1, 1)) and read.location == pytest.approx((0.5, 0, 0))
    assert scene_reader.read_box(other, blender.scene).size == pytest.approx((2, 1, 1))


def test_units_become_metres(blender, box):
    blender.scene.unit_settings.scale_length = 0.01
    read = scene_reader.read_box(box(location=(100, 0, 0), size=(200, 100, 80)), blender.scene)
    assert read.size == pytest.approx((2, 1, 0.8)) and read.location == pytest.approx((1, 0, 0))


@pytest.mark.parametrize(("scale", "word"), [((1, 0, 1), "flat"), ((-1, 1, 1), "mirrored")])
def test_flat_and_mirrored_are_refused_by_name(blender, box, scale, word):
    obj = box("Blue Sofa")
    obj.scale = scale
    blender.view_layer.update()
    with pytest.raises(InvalidScene, match="Blue Sofa") as caught:
        scene_reader.read_box(obj, blender.scene)
    assert word in caught.value.message and caught.value.remedy
    assert word in scene_reader.problem(obj, blender.scene)


def test_sheared_is_refused_and_two_mirrored_axes_are_a_turn(blender, box):
    obj = box(size=(-2, -1, 1))
    read = scene_reader.read_box(obj, blender.scene)
    assert read.size == pytest.approx((2, 1, 1)) and abs(read.rotation[3]) == pytest.approx(1)
    obj.scale = (2, 1, 1)
    obj.matrix_world = Matrix.Shear("XY", 4, (0.4, 0.0)) @ obj.matrix_world
    parent = bpy.data.objects.new("stretched", None)
    blender.collection.objects.link(parent)
    parent.scale, obj.parent = (3, 1, 1), parent
    obj.matrix_basis = Matrix.Rotation(0.6, 4, "Z")
    blender.view_layer.update()
    with pytest.raises(InvalidScene, match="sheared"):
        scene_reader.read_box(obj, blender.scene)


def test_an_empty_prompt_is_the_objects_name(blender, box):
    assert scene_reader.read_box(box("Coffee Table.001", prompt=""), blender.scene).prompt == "coffee table"


def test_seed_kind_generator_and_lock_are_read(blender, box):
    obj = box()
    assert scene_reader.read_box(obj, blender.scene).seed is None
    settings = obj.greybox
    settings.use_seed, settings.seed, settings.kind, settings.locked = True, 5, "sofa", True
    read = scene_reader.read_box(obj, blender.scene)
    assert (read.seed, read.kind, read.locked, read.generator) == (5, "sofa", True, "draft")


@pytest.mark.parametrize("fit", ["AUTO", "HORIZONTAL", "VERTICAL"])
@pytest.mark.parametrize("resolution", [(1280, 720), (600, 900)])
def test_the_camera_projects_as_blender_does(blender, fit, resolution):
    data = bpy.data.cameras.new("c")
    camera = bpy.data.objects.new("c", data)
    blender.collection.objects.link(camera)
    blender.scene.camera = camera
    camera.location, camera.rotation_euler, camera.scale = (3, -4, 2), (1.1, 0.1, 0.6), (2, 2, 2)
    data.lens, data.sensor_width, data.sensor_height, data.sensor_fit = 35, 30, 20, fit
    data.shift_x, data.shift_y = 0.1, -0.05
    render = blender.scene.render
    render.resolution_x, render.resolution_y = resolution
    render.pixel_aspect_x = 1.2
    blender.view_layer.update()
    read = scene_reader.read_camera(blender.scene)
    half_w, half_h, centre_x, centre_y = view_frame(read)
    for point in (Vector((0, 0, 0)), Vector((0.5, 1, 1.2)), Vector((-1, 0.3, 0.1))):
        local = np.linalg.inv(np.array(world_matrix(read))) @ np.array([*point, 1.0])
        u = 0.5 + (local[0] / -local[2] - centre_x) / (2 * half_w)
        v = 0.5 + (local[1] / -local[2] - centre_y) / (2 * half_h)
        assert (u, v) == pytest.approx(tuple(world_to_camera_view(blender.scene, camera, point))[:2], abs=1e-4)


def test_an_orthographic_camera_is_refused_and_none_is_none(blender):
    assert scene_reader.read_camera(blender.scene) is None
    bpy.ops.object.camera_add()
    blender.scene.camera = blender.object
    blender.object.data.type = "ORTHO"
    with pytest.raises(InvalidScene, match="perspective"):
        scene_reader.read_camera(blender.scene)


def test_the_scene_is_read_whole_in_the_outliners_order(blender, box):
    box("b"), box("A")
    blender.scene.greybox.surroundings, blender.scene.greybox.seed = "a room", 3
    read = scene_reader.read_scene(blender.scene)
    assert [b.id.split("-")[0] for b in read.boxes] == ["a", "b"]
    assert (read.surroundings, read.seed) == ("a room", 3)


def test_reading_gives_copies_their_own_ids_first(blender, box):
    sofa = box()
    copy = sofa.copy()
    blender.collection.objects.link(copy)
    ids = [b.id for b in scene_reader.read_scene(blender.scene).boxes]
    assert len(set(ids)) == 2 and boxes.by_uid(blender.scene, ids[0]) is not None
