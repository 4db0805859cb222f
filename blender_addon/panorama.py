"""A panorama of a room: which picture, where it was taken, and how it looks as the world around the scene.

The picture is equirectangular: 360 degrees wide and 180 high, so twice as wide as high. Its middle looks along +Y of
the scene, turned by the heading about +Z, as the protocol has it.
"""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

import math
from pathlib import Path

import bpy
from bpy.props import FloatProperty, FloatVectorProperty, PointerProperty

from ..backend.protocol import messages as m
from ..backend.protocol import scene as layout
from ..backend.protocol.errors import InvalidScene, NotFound
from . import jobs, scene_reader

WORLD = "Greybox Panorama"
ASPECT = 2.0  # width over height
WITHIN = 0.01  # relative: a few rows that a stitching program cut off
LEAST = 256  # pixels of height
EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".hdr", ".exr", ".tif", ".tiff")
SENT_AS_IT_IS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg"}  # first bytes of what the backend reads


def _turned(settings: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
    if settings.preview is not None:
        turn_world(settings.preview, settings.heading)


class GreyboxPanorama(bpy.types.PropertyGroup):
    image: PointerProperty(
        type=bpy.types.Image, name="Panorama", description="An equirectangular picture: 360 by 180 degrees"
    )
    location: FloatVectorProperty(
        name="Capture Point",
        description="The place on the floor below the camera that took it",
        subtype="TRANSLATION",
        unit="LENGTH",
        precision=2,
    )
    height: FloatProperty(
        name="Height",
        description="How far above the floor it was taken",
        subtype="DISTANCE",
        unit="LENGTH",
        default=1.6,
        min=0.05,
        soft_max=3.0,
        max=100.0,
    )
    heading: FloatProperty(
        name="Heading",
        description="Where the middle of the picture looks, about Z; at zero along Y",
        subtype="ANGLE",
        unit="ROTATION",
        soft_min=-math.pi,
        soft_max=math.pi,
        update=_turned,
    )
    preview: PointerProperty(type=bpy.types.World, description="The world that shows it, while it is shown")
    own_world: PointerProperty(type=bpy.types.World, description="What the scene's world was before")


def load(path: str) -> bpy.types.Image:
    """The picture of this file, checked. Raises NotFound or InvalidScene."""
    if not Path(bpy.path.abspath(path)).is_file():
        raise NotFound(f"There is no file {path}", "Choose an equirectangular picture.")
    try:
        image = bpy.data.images.load(path, check_existing=True)
    except RuntimeError:
        raise InvalidScene("panorama", Path(path).name, "no picture", "Choose a JPEG, PNG, HDR or EXR file.") from None
    wrong = problem(image)
    if wrong is not None:
        if not image.users:
            bpy.data.images.remove(image)
        raise wrong
    return image


def problem(image: bpy.types.Image) -> InvalidScene | None:
    """Why this picture cannot be a panorama; None when it can."""
    width, height = image.size
    name = f"'{image.name}'"
    if not width or not height:
        return InvalidScene("panorama", name, "no picture that can be read", "Choose a JPEG, PNG, HDR or EXR file.")
    if abs(width / height / ASPECT - 1.0) > WITHIN:
        why = f"{width} x {height} pixels: a panorama is twice as wide as high"
        return InvalidScene("panorama", name, why, "Export it as equirectangular, 360 by 180 degrees.")
    if height < LEAST:
        why = f"{width} x {height} pixels: too small to tell furniture apart"
        return InvalidScene("panorama", name, why, f"Use one of at least {2 * LEAST} x {LEAST} pixels.")
    return None


def choose(scene: bpy.types.Scene, image: bpy.types.Image) -> None:
    """Makes it the panorama of the scene; a preview shows the new one."""
    settings = scene.greybox.panorama
    settings.image = image
    if settings.preview is not None:
        _environment(settings.preview).image = image


def show(scene: bpy.types.Scene) -> None:
    """Puts the panorama around the scene, as its world."""
    settings = scene.greybox.panorama
    if settings.preview is None:
        settings.own_world = scene.world
        settings.preview = _world()
    _environment(settings.preview).image = settings.image
    turn_world(settings.preview, settings.heading)
    scene.world = settings.preview


def hide(scene: bpy.types.Scene) -> None:
    """Gives the scene its own world back; one that was chosen meanwhile stays."""
    settings = scene.greybox.panorama
    preview, settings.preview = settings.preview, None
    if scene.world == preview:
        scene.world = settings.own_world
    settings.own_world = None
    if preview is not None and not preview.users:
        bpy.data.worlds.remove(preview)


def shown(scene: bpy.types.Scene) -> bool:
    preview = scene.greybox.panorama.preview
    return preview is not None and scene.world == preview


def remove(scene: bpy.types.Scene) -> None:
    hide(scene)
    scene.greybox.panorama.image = None


def turn_world(world: bpy.types.World, heading: float) -> None:
    """Blender shows the middle of the picture along +X; the mapping turns where we look, not the picture."""
    mapping = next(node for node in world.node_tree.nodes if node.type == "MAPPING")
    mapping.inputs["Rotation"].default_value[2] = -(math.pi / 2 + heading)


def read(scene: bpy.types.Scene) -> layout.Panorama:
    """Where it was taken, in metres."""
    settings, metres = scene.greybox.panorama, scene_reader.metres_per_unit(scene)
    return layout.Panorama(
        location=tuple(value * metres for value in settings.location),
        height=settings.height * metres,
        heading=settings.heading,
    )


def encoded(image: bpy.types.Image) -> bytes:
    """The picture as a PNG or JPEG file; a file that is one is taken as it is."""
    path = Path(bpy.path.abspath(image.filepath_from_user()))
    data = bytes(image.packed_file.data) if image.packed_file else path.read_bytes() if path.is_file() else b""
    if data.startswith(tuple(SENT_AS_IT_IS)):
        return data
    copy = Path(bpy.app.tempdir) / "greybox_panorama.png"
    image.save(filepath=str(copy))  # keeps the colours; an HDR is clipped as it is shown
    return copy.read_bytes()


def missing_generator() -> tuple[str, str]:
    """(what is missing before a room can be made, what to do), both "" when nothing is."""
    able = jobs.generators("room")
    if not able:
        return "No generator for rooms is in this version: InSpace will be the first", "Place boxes by hand meanwhile."
    if not any(info.available for info in able):
        return f"{able[0].label} cannot run here: {able[0].missing}", able[0].remedy
    return "", ""


def request(scene: bpy.types.Scene, name: str) -> m.JobRequest:
    """The job that makes a room of the panorama. Raises InvalidScene."""
    image = scene.greybox.panorama.image
    if image is None:
        raise InvalidScene("panorama", None, "missing", "Choose a panorama.")
    wrong = problem(image)
    if wrong is not None:
        raise wrong
    usable = [info.name for info in jobs.generators("room") if info.available]
    settings = scene_reader.read_settings(scene)
    values = {field: getattr(settings, field) for field in settings.__struct_fields__}
    return m.JobRequest(
        id=name,
        scene=layout.SceneSpec(panorama=read(scene), seed=scene.greybox.seed),
        settings=m.JobSettings(**(values | {"condition": False, "room_generator": usable[0]})),
        title=image.name,
    )


def _world() -> bpy.types.World:
    world = bpy.data.worlds.new(WORLD)
    if world.node_tree is None:  # before 5.0 a new world has no nodes
        world.use_nodes = True
    tree = world.node_tree
    tree.nodes.clear()
    kinds = ("TexCoord", "Mapping", "TexEnvironment", "Background", "OutputWorld")
    coordinates, mapping, picture, light, output = (tree.nodes.new(f"ShaderNode{kind}") for kind in kinds)
    tree.links.new(coordinates.outputs["Generated"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], picture.inputs["Vector"])
    tree.links.new(picture.outputs["Color"], light.inputs["Color"])
    tree.links.new(light.outputs["Background"], output.inputs["Surface"])
    for column, node in enumerate((coordinates, mapping, picture, light, output)):
        node.location = (column * 220 - 880, 0)
    return world


def _environment(world: bpy.types.World) -> bpy.types.Node:
    return next(node for node in world.node_tree.nodes if node.type == "TEX_ENVIRONMENT")
