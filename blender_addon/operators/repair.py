"""Operators that put boxes right: positive sizes, square corners, upright, on the floor."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import math

import bpy
from bpy.props import BoolProperty
from mathutils import Euler, Matrix, Vector

from .. import boxes, faces, scene_reader
from .polling import InObjectMode

THIN = 0.1  # metres that a flat side becomes


class _OnBoxes(InObjectMode):
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.selected_boxes(context):
            cls.poll_message_set("Select a layout box")
            return False
        return super().poll(context)


class GREYBOX_OT_straighten_boxes(_OnBoxes, bpy.types.Operator):
    """Give the selected boxes positive sizes and square corners, so that they can be generated"""

    bl_idname = "greybox.straighten_boxes"
    bl_label = "Straighten"
    bl_options = {"REGISTER", "UNDO"}

    upright: BoolProperty(name="Upright", description="Also stand tilted boxes upright", default=False)

    def execute(self, context: bpy.types.Context) -> set[str]:
        for box in boxes.selected_boxes(context):
            _make_positive(box, THIN / scene_reader.metres_per_unit(context.scene))
            context.view_layer.update()
            word, _ = boxes.shape_word(box)
            if word == "sheared":
                _make_square(box)
            elif word == "tilted" and self.upright:
                _make_upright(box)
        return {"FINISHED"}


class GREYBOX_OT_drop_to_floor(_OnBoxes, bpy.types.Operator):
    """Put the selected boxes down, or up, to height 0"""

    bl_idname = "greybox.drop_to_floor"
    bl_label = "Put on the Floor"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.view_layer.update()
        for box in boxes.selected_boxes(context):
            low, high = scene_reader.local_bounds(box)
            corners = [Vector((x, y, z)) for x in (low.x, high.x) for y in (low.y, high.y) for z in (low.z, high.z)]
            matrix = box.matrix_world.copy()
            matrix.translation.z -= min((box.matrix_world @ corner).z for corner in corners)
            box.matrix_world = matrix
        return {"FINISHED"}


def _make_positive(box: bpy.types.Object, thin: float) -> None:
    low, high = scene_reader.local_bounds(box)
    box.scale = [
        abs(scale) if abs(scale) * (high[axis] - low[axis]) > boxes.FLAT else thin / max(high[axis] - low[axis], thin)
        for axis, scale in enumerate(box.scale)
    ]


def _make_square(box: bpy.types.Object) -> None:
    """Leaves a parent that shears, and keeps floor centre, up and front as nearly as a box can."""
    world = box.matrix_world.copy()
    lengths = [world.col[i].xyz.length for i in range(3)]
    up = world.col[2].xyz.normalized()
    across = (world.col[0].xyz - up * up.dot(world.col[0].xyz)).normalized()
    turned = Matrix((across, up.cross(across), up)).transposed().to_quaternion()
    box.parent = None
    box.matrix_parent_inverse = Matrix.Identity(4)
    box.matrix_world = Matrix.LocRotScale(world.translation, turned, Vector(lengths))


def _make_upright(box: bpy.types.Object) -> None:
    """Turned about its floor centre; the front keeps its heading."""
    world = box.matrix_world.copy()
    floor = faces.face(box, 2, -1).centre
    front = -world.col[1].xyz
    heading = math.atan2(front.y, front.x) + math.pi / 2
    location, _, scale = world.decompose()
    turned = Euler((0.0, 0.0, heading)).to_quaternion()
    box.matrix_world = Matrix.LocRotScale(location, turned, scale)
    moved = faces.face(box, 2, -1).centre
    box.matrix_world = Matrix.Translation(floor - moved) @ box.matrix_world


_classes = (GREYBOX_OT_straighten_boxes, GREYBOX_OT_drop_to_floor)

register, unregister = bpy.utils.register_classes_factory(_classes)
