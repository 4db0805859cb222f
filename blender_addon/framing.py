"""A camera that sees all boxes: where it has to stand, and in which direction it looks when there is none yet."""

from __future__ import annotations

import math

import bpy
from mathutils import Euler, Matrix, Vector

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


def angles(scene: bpy.types.Scene) -> tuple[float, float]:
    """(elevation, heading) of the scene's camera in radians: how far it looks down, and from which side (0: -Y)."""
    if scene.camera is None:
        return 0.0, 0.0
    backward = scene.camera.matrix_world.col[2].xyz.normalized()
    return math.asin(min(max(backward.z, -1.0), 1.0)), math.atan2(backward.x, -backward.y)


def orbit(scene: bpy.types.Scene, elevation: float | None = None, heading: float | None = None) -> None:
    """Moves the camera around the middle of the boxes until it looks so, and levels it."""
    camera = scene.camera
    if camera is None:
        return
    now = angles(scene)
    e = now[0] if elevation is None else elevation
    h = now[1] if heading is None else heading
    location, rotation, scale = camera.matrix_world.decompose()
    turned = Euler((math.pi / 2 - e, 0.0, h)).to_quaternion()
    points = corners(scene)
    middle = sum(points, Vector()) / len(points) if points else location
    place = middle + turned @ (rotation.inverted() @ (location - middle))
    camera.matrix_world = Matrix.LocRotScale(place, turned, scale)


def make_representable(scene: bpy.types.Scene) -> None:
    """Gives the camera what SeeThrough3D can see through: perspective, level, looking down by 0 to 90, no shift."""
    camera = scene.camera
    if camera is None or camera.type != "CAMERA":
        return
    camera.data.type = "PERSP"
    camera.data.shift_x = camera.data.shift_y = 0.0
    scene.render.pixel_aspect_x = scene.render.pixel_aspect_y = 1.0
    orbit(scene, elevation=max(angles(scene)[0], 0.0))


def _new_camera(scene: bpy.types.Scene) -> bpy.types.Object:
    data = bpy.data.cameras.new("Camera")
    data.lens = LENS
    camera = bpy.data.objects.new("Camera", data)
    camera.rotation_euler = Euler((math.pi / 2 - ELEVATION, 0.0, TURN))
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera
