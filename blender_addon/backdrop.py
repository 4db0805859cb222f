"""The picture of the scene behind the boxes: the background of the camera that it was made through.

The image model sees the layout through a camera of its own; where the scene's camera can be represented exactly the
two agree and the scene's camera carries the picture, else a second camera does, which only viewports look through.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import msgspec
from mathutils import Matrix, Quaternion, Vector

from ..backend.protocol.scene import Camera, SceneSpec
from ..backend.protocol.seethrough3d import frame
from . import boxes, materials, pictures, scene_reader

ICON = "picture"
NAME = "Greybox Picture"
ALPHA = 0.9
SAME_PLACE, SAME_ANGLE, SAME_LENS = 0.01, math.radians(0.5), 0.01  # of the distance, radians, of the lens


def remember(scene: bpy.types.Scene, spec: SceneSpec) -> None:
    """Keeps the camera that the picture of this layout will be made through, and its seed."""
    canonical = frame.to_canonical(spec)
    camera = frame.camera_to_world(canonical.layout, canonical.frame)
    scene.greybox.picture_seed = spec.seed & 0x7FFFFFFF
    scene.greybox.picture_camera = msgspec.json.encode(camera).decode()


def show(context: bpy.types.Context, scene: bpy.types.Scene, pngs: Sequence[bytes]) -> None:
    """Puts the first of the new pictures behind the boxes and offers the others; those of before go."""
    settings = scene.greybox
    before = {entry.image for entry in settings.pictures} | {settings.picture}
    settings.pictures.clear()
    for number, png in enumerate(pngs):
        entry = settings.pictures.add()
        entry.image, entry.seed = materials.pack_png(NAME, png, colour=True), settings.picture_seed + number
        pictures.show(icon_of(number), png)
    camera = _carrier(scene)
    for background in [b for b in camera.data.background_images if b.image is None or b.image in before]:
        camera.data.background_images.remove(background)
    background = camera.data.background_images.new()
    background.alpha = ALPHA
    background.display_depth, background.frame_method = "BACK", "CROP"
    background.image = settings.picture = settings.pictures[0].image
    camera.data.show_background_images = True
    settings.picture_view = camera
    for image in before - {None}:
        if not bpy.data.user_map(subset={image})[image]:  # its count says one too many
            bpy.data.images.remove(image)
    if context.scene == scene:
        look(context, camera)


def choose(scene: bpy.types.Scene, number: int) -> None:
    """Shows another picture of the same run, and takes its seed, with which it is made again."""
    settings = scene.greybox
    entry = settings.pictures[number]
    for background in settings.picture_view.data.background_images if settings.picture_view else ():
        if background.image == settings.picture:
            background.image = entry.image
    settings.picture, settings.seed = entry.image, entry.seed


def icon_of(number: int) -> str:
    return f"{ICON} {number}"


def look(context: bpy.types.Context, camera: bpy.types.Object) -> None:
    """Turns the viewports of this window to the camera that carries the picture."""
    for window in context.window_manager.windows:
        for area in window.screen.areas if window.scene == context.scene else ():
            if area.type == "VIEW_3D":
                space = area.spaces.active
                space.use_local_camera = camera != context.scene.camera
                if space.use_local_camera:
                    space.camera = camera
                space.region_3d.view_perspective = "CAMERA"


def show_icons(scene: bpy.types.Scene) -> None:
    """Makes the icons of the scene's pictures, after a file was loaded."""
    for number, entry in enumerate(scene.greybox.pictures):
        if entry.image is not None and entry.image.packed_file is not None:
            pictures.show(icon_of(number), bytes(entry.image.packed_file.data))


def toggle(settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    """Called when the user changes whether the picture is shown."""
    camera = settings.picture_view
    if camera is None or camera.type != "CAMERA":
        return
    for background in camera.data.background_images:
        if background.image == settings.picture:
            background.show_background_image = settings.show_picture


def _carrier(scene: bpy.types.Scene) -> bpy.types.Object:
    """The scene's camera where it sees what the model saw, else one that does."""
    own = scene.camera if scene.camera is not None and scene.camera.type == "CAMERA" else None
    try:
        wanted = msgspec.json.decode(scene.greybox.picture_camera, type=Camera)
    except msgspec.MsgspecError:  # an older file: what the scene has
        wanted = None
    if own is not None and (wanted is None or _agrees(own, wanted, scene)):
        return own
    obj = scene.greybox.picture_view
    if obj is None or obj == own or obj.type != "CAMERA":
        obj = bpy.data.objects.new(NAME, bpy.data.cameras.new(NAME))
    if obj.name not in scene.objects:
        boxes.layout_collection(scene).objects.link(obj)
    if wanted is not None:
        _place(obj, wanted, scene_reader.metres_per_unit(scene))
    return obj


def _agrees(obj: bpy.types.Object, wanted: Camera, scene: bpy.types.Scene) -> bool:
    metres, data = scene_reader.metres_per_unit(scene), obj.data
    location, rotation, _ = obj.matrix_world.decompose()
    there = Vector(wanted.location) / metres
    turned = rotation.rotation_difference(Quaternion(wanted.rotation)).angle
    lens = (data.lens / data.sensor_width) / (wanted.lens / wanted.sensor_width)
    near = (location - there).length <= SAME_PLACE * max(there.length, 1.0)
    plain = data.type == "PERSP" and not data.shift_x and not data.shift_y and data.sensor_fit == "AUTO"
    return near and min(turned, 2 * math.pi - turned) <= SAME_ANGLE and abs(lens - 1) <= SAME_LENS and plain


def _place(obj: bpy.types.Object, wanted: Camera, metres: float) -> None:
    place = Vector(wanted.location) / metres
    obj.matrix_world = Matrix.LocRotScale(place, Quaternion(wanted.rotation), None)
    obj.data.type, obj.data.sensor_fit = "PERSP", "AUTO"
    obj.data.lens, obj.data.sensor_width = wanted.lens, wanted.sensor_width
    obj.data.shift_x = obj.data.shift_y = 0.0
