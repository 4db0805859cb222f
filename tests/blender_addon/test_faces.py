"""Pulling a face: that face moves, the opposite one stays, whatever the box's rotation and parents."""

import bpy
import pytest
from greybox.blender_addon import boxes, faces
from greybox.blender_addon.operators.pull_face import AXES
from mathutils import Euler, Vector


@pytest.fixture
def turned(blender, box):
    """A turned box under a turned, evenly scaled parent."""
    parent = bpy.data.objects.new("parent", None)
    blender.collection.objects.link(parent)
    parent.location, parent.rotation_euler, parent.scale = (3, 1, 0), (0.2, 0, 1), (2, 2, 2)
    obj = box(location=(1, 2, 0.5), size=(2, 1, 0.7), rotation=Euler((0.1, 0.3, 0.8)).to_quaternion())
    obj.parent = parent
    blender.view_layer.update()
    boxes.select_only(blender, obj)
    return obj


@pytest.mark.parametrize("name", AXES)
def test_the_opposite_face_stays(blender, turned, name):
    axis, side = AXES[name]
    before, opposite = faces.face(turned, axis, side), faces.face(turned, axis, -side)
    assert bpy.ops.greybox.pull_face("EXEC_DEFAULT", face=name, distance=0.4) == {"FINISHED"}
    blender.view_layer.update()
    after = faces.face(turned, axis, side)
    assert (faces.face(turned, axis, -side).centre - opposite.centre).length < 1e-5
    assert (after.centre - before.centre - before.outward * 0.4).length < 1e-5
    assert after.extent == pytest.approx(before.extent + 0.4, abs=1e-5)


def test_normals_point_outward_and_the_front_is_minus_y(box, blender):
    obj = box(location=(1, 2, 3), size=(2, 1, 0.7))
    assert faces.face(obj, 1, -1).outward == Vector((0, -1, 0))
    assert faces.face(obj, 2, -1).centre == Vector((1, 2, 3))
    centre = Vector((1, 2, 3.35))
    for axis, side in faces.SIDES:
        face = faces.face(obj, axis, side)
        assert (face.centre - centre).dot(face.outward) > 0


def test_a_face_cannot_be_pulled_through_the_opposite_one(blender, box):
    obj = box(size=(2, 1, 0.7))
    boxes.select_only(blender, obj)
    bpy.ops.greybox.pull_face("EXEC_DEFAULT", face="TOP", distance=-5)
    assert obj.scale.z == pytest.approx(0.01)


def test_a_flat_box_says_what_to_do(blender, box):
    obj = box(size=(2, 1, 0.7))
    obj.scale.z = 0
    blender.view_layer.update()
    boxes.select_only(blender, obj)
    with pytest.raises(RuntimeError, match="no size"):
        bpy.ops.greybox.pull_face("EXEC_DEFAULT", face="TOP", distance=1)


def test_a_pull_can_be_taken_back(blender, turned):
    before = turned.matrix_basis.copy()
    stance = faces.Stance.of(turned)
    faces.pull(turned, 0, 1, stance, 3.0)
    stance.restore(turned)
    assert turned.matrix_basis == before
