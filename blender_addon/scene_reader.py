"""bpy -> SceneSpec: the only reader of the user's scene.

A box is read from where it stands in the world, whatever its parents: a rotation, a floor centre and a size in metres.
A tilted box is fine; one that is sheared, mirrored or flat cannot be a box and is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import msgspec
import numpy as np
from mathutils import Matrix, Vector

from ..backend.protocol.errors import InvalidScene
from ..backend.protocol.messages import JobRequest, JobSettings
from ..backend.protocol.scene import MIN_METRES, Box, Camera, SceneSpec, validate_box, validate_camera
from . import boxes


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that made a result, kept with it: send it again and get the same."""

    box: Box
    scene_seed: int
    surroundings: str
    camera: Camera | None
    settings: JobSettings
    backend: str = ""  # version
    blender: str = ""  # version
    others: tuple[Box, ...] = ()  # the rest of the layout, where the picture shows it

    def scene(self) -> SceneSpec:
        return SceneSpec(
            boxes=(self.box, *self.others), camera=self.camera, surroundings=self.surroundings, seed=self.scene_seed
        )


@dataclass(frozen=True)
class BoxFrame:
    """Where a box stands: its frame (metres per unit applied) and its extents, in scene units."""

    matrix: Matrix  # box frame to world: rotation and floor centre, no scale
    size: Vector


def metres_per_unit(scene: bpy.types.Scene) -> float:
    units = scene.unit_settings
    return 1.0 if units.system == "NONE" else units.scale_length


def box_frame(obj: bpy.types.Object) -> BoxFrame:
    """Raises InvalidScene when the object is sheared, mirrored or flat."""
    name, world = obj.name, obj.matrix_world
    columns = [world.col[i].xyz for i in range(3)]
    low, high = local_bounds(obj)
    size = Vector([columns[i].length * (high[i] - low[i]) for i in range(3)])
    for axis, extent in zip("xyz", size, strict=True):
        if extent < MIN_METRES:
            raise InvalidScene(f"size {axis}", round(extent, 6), "flat", "Scale the box to a positive size.", name)
    if world.to_3x3().determinant() < 0:
        raise InvalidScene("scale", _rounded(obj.scale), "mirrored", "Make the scale positive.", name)
    axes = [column.normalized() for column in columns]
    if max(abs(axes[0].dot(axes[1])), abs(axes[0].dot(axes[2])), abs(axes[1].dot(axes[2]))) > boxes.SHEAR:
        why = "sheared by the scale of its parent"
        raise InvalidScene("shape", obj.parent.name if obj.parent else "", why, "Clear or apply the parent.", name)
    rotation = Matrix(axes).transposed().to_quaternion()
    floor = world @ Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    return BoxFrame(Matrix.LocRotScale(floor, rotation, None), size)


def read_box(obj: bpy.types.Object, scene: bpy.types.Scene) -> Box:
    """One box in metres. Raises InvalidScene naming the object."""
    frame, metres, settings = box_frame(obj), metres_per_unit(scene), obj.greybox
    location, rotation, _ = frame.matrix.decompose()
    box = Box(
        id=settings.uid,
        prompt=settings.prompt.strip() or _words(obj.name),
        location=tuple(location * metres),
        size=tuple(frame.size * metres),
        rotation=tuple(rotation.normalized()),
        seed=settings.seed if settings.use_seed else None,
        kind=settings.kind.strip(),
        generator=settings.generator,
        locked=settings.locked,
    )
    try:
        validate_box(box)
    except InvalidScene as error:
        raise _named(error, obj.name) from error
    return box


def read_camera(scene: bpy.types.Scene) -> Camera | None:
    """The scene's camera exactly as it renders, or None without one. Raises InvalidScene for other than
    perspective."""
    obj = scene.camera
    if obj is None or obj.type != "CAMERA":
        return None
    data, render, metres = obj.data, scene.render, metres_per_unit(scene)
    if data.type != "PERSP":
        raise InvalidScene("camera type", data.type, "not perspective", "Set the camera's type to Perspective.")
    location, rotation, _ = obj.matrix_world.decompose()
    share = render.resolution_percentage / 100
    camera = Camera(
        location=tuple(location * metres),
        rotation=tuple(rotation.normalized()),
        lens=data.lens,
        sensor_width=data.sensor_width,
        sensor_height=data.sensor_height,
        sensor_fit=data.sensor_fit,
        shift=(data.shift_x, data.shift_y),
        resolution=(int(render.resolution_x * share), int(render.resolution_y * share)),
        pixel_aspect=(render.pixel_aspect_x, render.pixel_aspect_y),
        clip=(data.clip_start * metres, data.clip_end * metres),
    )
    validate_camera(camera)
    return camera


def read_scene(scene: bpy.types.Scene, with_camera: bool = True) -> SceneSpec:
    """The whole layout. Raises InvalidScene for the first box or setting that cannot be used."""
    boxes.reissue_duplicates(scene)
    settings = scene.greybox
    return SceneSpec(
        boxes=tuple(read_box(obj, scene) for obj in boxes.all_boxes(scene)),
        camera=read_camera(scene) if with_camera else None,
        surroundings=settings.surroundings,
        seed=settings.seed,
    )


def read_settings(scene: bpy.types.Scene) -> JobSettings:
    settings = scene.greybox
    return JobSettings(
        condition=settings.condition and scene.camera is not None,
        renderer=settings.renderer,
        texture_size=int(settings.texture_size),
        triangles=settings.triangles,
        fit=settings.fit,
        views=settings.views,
    )


def problem(obj: bpy.types.Object, scene: bpy.types.Scene) -> str:
    """What keeps a box from being generated, in a few words; "" when nothing does."""
    try:
        read_box(obj, scene)
    except InvalidScene as error:
        return error.message.split(": ", 1)[-1]
    return ""


def recipe(request: JobRequest, uid: str) -> str:
    """The recipe of one box of a job, as the JSON that the .blend keeps. The other boxes of the layout are part of it
    where a picture of the whole scene is."""
    box = next(box for box in request.scene.boxes if box.id == uid)
    scene = request.scene
    pictured = scene.camera is not None and request.settings.views == "seen"
    made = Recipe(
        box=box,
        scene_seed=scene.seed,
        surroundings=scene.surroundings,
        camera=scene.camera,
        settings=request.settings,
        blender=bpy.app.version_string,
        others=tuple(other for other in scene.boxes if other.id != uid) if pictured else (),
    )
    return msgspec.json.encode(made).decode()


def made_by(text: str, backend: str) -> str:
    """The recipe with the version of the backend that has followed it."""
    known = read_recipe(text)
    return text if known is None else msgspec.json.encode(msgspec.structs.replace(known, backend=backend)).decode()


def read_recipe(text: str) -> Recipe | None:
    """The recipe that a .blend holds, or None: files come from anywhere."""
    try:
        return msgspec.json.decode(text, type=Recipe)
    except msgspec.MsgspecError:
        return None


def local_bounds(obj: bpy.types.Object) -> tuple[Vector, Vector]:
    """Bounds of the object's own mesh, without modifiers; those of the unit box for anything without points."""
    mesh = obj.data if obj.type == "MESH" else None
    if mesh is None or not mesh.vertices:
        return Vector((-0.5, -0.5, 0.0)), Vector((0.5, 0.5, 1.0))
    points = np.zeros(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", points)
    points = points.reshape(-1, 3)
    return Vector(points.min(0).tolist()), Vector(points.max(0).tolist())


def _named(error: InvalidScene, name: str) -> InvalidScene:
    named = InvalidScene(error.field, "", "", error.remedy, name)
    named.message = error.message.replace(f"Box '{error.box}'", f"Box '{name}'", 1)
    named.args = (named.message,)
    return named


def _words(name: str) -> str:
    """A prompt from a name: "Coffee Table.001" -> "coffee table"."""
    stem, dot, number = name.rpartition(".")
    return (stem if dot and number.isdigit() else name).replace("_", " ").strip().lower()


def _rounded(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(v, 4) for v in values)
