"""Boxes that cannot be generated are put right with a button, where they stand."""

import bpy
import pytest
from greybox.blender_addon import boxes, faces, scene_reader
from mathutils import Matrix


def put_right(blender, obj, **options):
    blender.view_layer.update()
    boxes.select_only(blender, obj)
    assert bpy.ops.greybox.straighten_boxes(**options) == {"FINISHED"}
    blender.view_layer.update()


@pytest.mark.parametrize("scale", [(-2, 1, 0.8), (2, -1, 0.8), (2, 1, -0.8)])
def test_a_negative_scale_becomes_positive(blender, box, scale):
    obj = box(location=(1, 2, 0))
    obj.scale = scale
    put_right(blender, obj)
    read = scene_reader.read_box(obj, blender.scene)
    assert read.size == pytest.approx((2, 1, 0.8)) and read.location == pytest.approx((1, 2, 0))


def test_a_flat_side_gets_a_thickness(blender, box):
    obj = box()
    obj.scale = (2, 0, 0.8)
    put_right(blender, obj)
    assert scene_reader.read_box(obj, blender.scene).size == pytest.approx((2, 0.1, 0.8))


def test_a_sheared_box_leaves_the_parent_that_shears_it(blender, box):
    obj = box("Sofa", location=(1, 0, 0), rotation=(0.9, 0, 0, 0.436))
    parent = bpy.data.objects.new("stretched", None)
    blender.collection.objects.link(parent)
    parent.scale, obj.parent = (3, 1, 1), parent
    blender.view_layer.update()
    stood, up = obj.matrix_world.translation.copy(), obj.matrix_world.col[2].xyz.normalized()
    assert boxes.shape_word(obj)[0] == "sheared"
    put_right(blender, obj)
    assert boxes.shape_word(obj) == ("", True) and scene_reader.problem(obj, blender.scene) == ""
    assert (obj.matrix_world.translation - stood).length < 1e-4
    assert obj.matrix_world.col[2].xyz.normalized().dot(up) == pytest.approx(1, abs=1e-5)


def test_a_tilted_box_stands_up_only_when_asked(blender, box):
    obj = box(location=(1, 2, 0.5))
    obj.matrix_world = Matrix.Translation((1, 2, 0.5)) @ Matrix.Rotation(0.4, 4, "X") @ Matrix.Diagonal((2, 1, 0.8, 1))
    blender.view_layer.update()
    floor = faces.face(obj, 2, -1).centre
    put_right(blender, obj)
    assert boxes.shape_word(obj)[0] == "tilted"
    put_right(blender, obj, upright=True)
    assert boxes.shape_word(obj)[0] == "" and (faces.face(obj, 2, -1).centre - floor).length < 1e-5
    assert faces.face(obj, 1, -1).outward.y == pytest.approx(-1, abs=1e-5)


def test_boxes_are_put_on_the_floor(blender, box):
    high, low = box("A", location=(0, 0, 3)), box("B", location=(5, 0, -1), rotation=(0.98, 0.2, 0, 0))
    for obj in (high, low):
        obj.select_set(True)
    blender.view_layer.objects.active = high
    assert bpy.ops.greybox.drop_to_floor() == {"FINISHED"}
    blender.view_layer.update()
    for obj in (high, low):
        lowest = min((obj.matrix_world @ vertex.co).z for vertex in obj.data.vertices)
        assert lowest == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("operator", ["straighten_boxes", "drop_to_floor"])
def test_a_greyed_button_says_why(blender, operator):
    with pytest.raises(RuntimeError, match="Select a layout box"):
        getattr(bpy.ops.greybox, operator)()
