"""A camera that sees all boxes: where it has to stand, and in which direction it looks when there is none yet."""

from __future__ import annotations

import math

import bpy
from mathutils import Euler, Vector

from . import boxes

ELEVATION = math.radians(24.0)  # above the floor
TURN = math.radians(35.0)  # to the right of the fronts, which face -Y
MARGIN = 1.12  # of the layout's extent
LENS = 40.0  # mm


def corners(scene: bpy.types.Scene) -> list[Vector]:
    """The eight corners of every box, world."""
    points = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)]
    return [box.matrix_world @ Vector(p) for box in boxes.all_boxes(scene) for p in points]


def frame_boxes(context: bpy.types.Context) -> bpy.types.Object:
    """Moves the scene's camera along its own view until it sees all boxes; makes a camera in three-quarter view
    where there is none."""
    scene = context.scene
    camera = scene.camera
    if camera is None or camera.type != "CAMERA":
        camera = _new_camera(scene)
    context.view_layer.update()
    points = corners(scene)
    middle = sum(points, Vector()) / len(points)
    spread = [middle + (p - middle) * MARGIN for p in points]
    place, _ = camera.camera_fit_coords(context.evaluated_depsgraph_get(), [value for p in spread for value in p])
    world = camera.matrix_world.copy()
    world.translation = place
    camera.matrix_world = world
    far = max((p - place).length for p in points)
    camera.data.clip_end = max(camera.data.clip_end, far * 2)
    return camera


def _new_camera(scene: bpy.types.Scene) -> bpy.types.Object:
    data = bpy.data.cameras.new("Camera")
    data.lens = LENS
    camera = bpy.data.objects.new("Camera", data)
    camera.rotation_euler = Euler((math.pi / 2 - ELEVATION, 0.0, TURN))
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera
