"""A plain, well lit room around a scene, and pictures of the boxes, of the result, and of both side by side.

Everything that is built here lies in a collection of its own, so the user's scene can be had without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector

from . import boxes, framing

COLLECTION = "Showcase"
ROOM_LIMIT = 9.0  # metres: larger layouts are outdoors and get no walls
WALL = 0.12  # metres between the layout and a wall
HEIGHT = 2.7  # metres
MARGIN = 8.0  # metres of floor around the layout


@dataclass(frozen=True)
class Look:
    """The defaults take about 25 s a picture on two cores."""

    width: int = 960
    height: int = 540
    samples: int = 16
    engine: str = "CYCLES"  # or "EEVEE"


@dataclass(frozen=True)
class Bounds:
    low: Vector
    high: Vector

    @property
    def centre(self) -> Vector:
        return (self.low + self.high) / 2

    @property
    def extent(self) -> float:
        return max((self.high - self.low).xy)


def build_room(context: bpy.types.Context) -> bpy.types.Collection:
    """Floor, walls where the camera looks at them, lights and world; a second call does it anew."""
    scene = context.scene
    if scene.camera is None:
        framing.frame_boxes(context)
    context.view_layer.update()
    collection = _fresh_collection(scene)
    corners = framing.corners(scene)
    bounds = Bounds(
        Vector(min(c[i] for c in corners) for i in range(3)), Vector(max(c[i] for c in corners) for i in range(3))
    )
    indoors = bounds.extent < ROOM_LIMIT and bounds.high.z < HEIGHT
    _floor(collection, bounds, indoors)
    if indoors:
        _walls(collection, bounds, scene.camera.matrix_world.translation)
    _lights(collection, bounds, scene.camera.matrix_world)
    scene.world = _world()
    return collection


def render(context: bpy.types.Context, path: Path, show: str, look: Look | None = None) -> Path:
    """One picture of the scene from its camera: `show` is "BOXES" or "RESULTS". Leaves the scene as it was."""
    look = look or Look()
    scene = context.scene
    _set_up(scene, look, look.samples if show == "RESULTS" else max(1, look.samples // 2))  # boxes are plain
    before = {obj.name: obj.hide_render for obj in scene.objects}
    with_box = {box.name for box in boxes.all_boxes(scene)}
    try:
        for obj in scene.objects:
            if obj.name in with_box:
                _let_render(obj, show == "BOXES")
            elif boxes.is_result(obj):
                obj.hide_render = show == "BOXES"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True, scene=scene.name)
    finally:
        for obj in scene.objects:
            obj.hide_render = before[obj.name]
            if obj.name in with_box:
                _let_render(obj, False)
    return path


def side_by_side(left: Path, right: Path, out: Path) -> Path:
    """Two pictures of the same size as one, with a thin white line between."""
    first, second = _pixels(left), _pixels(right)
    line = np.ones((first.shape[0], 8, 4), np.float32)
    joined = np.concatenate([first, line, second], axis=1)
    height, width = joined.shape[:2]
    image = bpy.data.images.new(out.stem, width, height, alpha=False)
    image.pixels.foreach_set(joined.ravel())
    image.filepath_raw, image.file_format = str(out), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return out


def _pixels(path: Path) -> np.ndarray:
    """(H,W,4) float32, row 0 at the bottom."""
    image = bpy.data.images.load(str(path))
    width, height = image.size
    values = np.zeros(width * height * 4, np.float32)
    image.pixels.foreach_get(values)
    bpy.data.images.remove(image)
    return values.reshape(height, width, 4)


def _set_up(scene: bpy.types.Scene, look: Look, samples: int) -> None:
    engine = look.engine if look.engine == "CYCLES" else eevee()
    if scene.render.engine != engine:
        scene.render.engine = engine
    render_settings = scene.render
    render_settings.resolution_x, render_settings.resolution_y = look.width, look.height
    render_settings.resolution_percentage = 100
    render_settings.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.25
    if engine != "CYCLES":
        scene.eevee.taa_render_samples = samples
        return
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.03
    cycles.use_denoising = True
    cycles.denoising_prefilter = "FAST"
    cycles.max_bounces = 6
    cycles.transparent_max_bounces = 16
    cycles.caustics_reflective = cycles.caustics_refractive = False


def eevee() -> str:
    """EEVEE's name in this Blender: it was BLENDER_EEVEE_NEXT from 4.2 to 4.5."""
    return "BLENDER_EEVEE" if bpy.app.version >= (5, 0, 0) else "BLENDER_EEVEE_NEXT"


def _let_render(box: bpy.types.Object, visible: bool) -> None:
    box.hide_render = not visible
    for ray in ("camera", "diffuse", "glossy", "transmission", "shadow"):
        setattr(box, f"visible_{ray}", visible)


def _fresh_collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    old = bpy.data.collections.get(COLLECTION)
    if old is not None:
        for obj in list(old.objects):
            bpy.data.objects.remove(obj)
        bpy.data.collections.remove(old)
    collection = bpy.data.collections.new(COLLECTION)
    scene.collection.children.link(collection)
    return collection


def _floor(collection: bpy.types.Collection, bounds: Bounds, indoors: bool) -> None:
    reach = bounds.extent / 2 + MARGIN
    centre = Vector((bounds.centre.x, bounds.centre.y, min(bounds.low.z, 0.0) - 0.001))
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [centre + Vector((x * reach, y * reach, 0)) for x, y in signs]
    material = _wood() if indoors else _plain("Showcase Ground", (0.42, 0.42, 0.43), 0.9)
    _quad(collection, "Showcase Floor", corners, material)


def _walls(collection: bpy.types.Collection, bounds: Bounds, eye: Vector) -> None:
    """A wall on each side that the camera sees from within, with a skirting board."""
    low, high = bounds.low - Vector((WALL, WALL, 0)), bounds.high + Vector((WALL, WALL, 0))
    front = min(eye.y, low.y) - 1.0
    paint = _plain("Showcase Wall", (0.68, 0.64, 0.57), 0.95)
    white = _plain("Showcase Skirting", (0.8, 0.79, 0.76), 0.6)
    sides = [
        (eye.y < high.y, Vector((low.x, high.y, 0)), Vector((high.x, high.y, 0)), Vector((0, -1, 0))),
        (eye.x < high.x, Vector((high.x, high.y, 0)), Vector((high.x, front, 0)), Vector((-1, 0, 0))),
        (eye.x > low.x, Vector((low.x, front, 0)), Vector((low.x, high.y, 0)), Vector((1, 0, 0))),
    ]
    for seen, start, end, inward in sides:
        if not seen:
            continue
        up = Vector((0, 0, HEIGHT))
        _quad(collection, "Showcase Wall", [start, end, end + up, start + up], paint)
        board, top = inward * 0.012, Vector((0, 0, 0.09))
        _quad(collection, "Skirting", [start + board, end + board, end + board + top, start + board + top], white)
        _quad(collection, "Skirting", [start + top, end + top, end + board + top, start + board + top], white)


def _lights(collection: bpy.types.Collection, bounds: Bounds, camera: Matrix) -> None:
    """A large warm key from the camera's left, a cool fill from its right, a soft light from above."""
    reach = max(bounds.extent, 2.0)
    right = (camera.to_3x3() @ Vector((1, 0, 0))).normalized()
    back = Vector((camera.to_3x3() @ Vector((0, 0, 1))).xy.to_3d()).normalized()
    middle = Vector((bounds.centre.x, bounds.centre.y, bounds.high.z * 0.4))
    key = middle + back * reach * 0.55 - right * reach * 0.65 + Vector((0, 0, reach * 0.62))
    fill = middle + back * reach * 0.9 + right * reach * 0.5 + Vector((0, 0, reach * 0.35))
    top = middle + Vector((0, 0, reach * 0.85))
    area = reach * reach
    _area(collection, "Key", key, middle, reach * 0.4, 17.0 * area, (1.0, 0.9, 0.78))
    _area(collection, "Fill", fill, middle, reach * 0.8, 4.0 * area, (0.82, 0.9, 1.0))
    _area(collection, "Top", top, middle, reach * 0.9, 7.0 * area, (1.0, 0.97, 0.93))


def _area(
    collection: bpy.types.Collection,
    name: str,
    place: Vector,
    target: Vector,
    size: float,
    watts: float,
    colour: tuple[float, float, float],
) -> None:
    light = bpy.data.lights.new(f"Showcase {name}", "AREA")
    light.shape, light.size, light.energy, light.color = "DISK", size, watts, colour
    obj = bpy.data.objects.new(light.name, light)
    obj.location = place
    obj.rotation_euler = (target - place).to_track_quat("-Z", "Y").to_euler()
    obj.visible_camera = False
    collection.objects.link(obj)


def _quad(collection: bpy.types.Collection, name: str, corners: list[Vector], material: bpy.types.Material) -> None:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(c) for c in corners], [], [(0, 1, 2, 3)])
    mesh.materials.append(material)
    obj = bpy.data.objects.new(name, mesh)
    obj.hide_select = True
    collection.objects.link(obj)


def _world() -> bpy.types.World:
    world = bpy.data.worlds.get("Showcase") or bpy.data.worlds.new("Showcase")
    if world.node_tree is None:
        world.use_nodes = True
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (0.74, 0.8, 0.9, 1.0)
    background.inputs["Strength"].default_value = 0.35
    return world


def _material(name: str) -> tuple[bpy.types.Material, bpy.types.Node]:
    material = bpy.data.materials.get(name) or bpy.data.materials.new(name)
    if material.node_tree is None:
        material.use_nodes = True
    return material, next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")


def _plain(name: str, rgb: tuple[float, float, float], roughness: float) -> bpy.types.Material:
    material, shader = _material(name)
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Roughness"].default_value = roughness
    material.diffuse_color = (*rgb, 1.0)
    return material


def _wood() -> bpy.types.Material:
    """Oak boards: a brick pattern for the planks, stretched noise for the grain."""
    material, shader = _material("Showcase Boards")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    if len(nodes) > 2:
        return material
    place = nodes.new("ShaderNodeNewGeometry")
    planks = nodes.new("ShaderNodeTexBrick")
    planks.offset, planks.squash = 0.37, 1.0
    for name, value in {"Scale": 1.0, "Mortar Size": 0.004, "Brick Width": 1.4, "Row Height": 0.16}.items():
        planks.inputs[name].default_value = value
    planks.inputs["Color1"].default_value = (0.34, 0.2, 0.105, 1)
    planks.inputs["Color2"].default_value = (0.43, 0.265, 0.145, 1)
    planks.inputs["Mortar"].default_value = (0.12, 0.07, 0.04, 1)
    stretch = nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (1.2, 22.0, 1.0)
    grain = nodes.new("ShaderNodeTexNoise")
    grain.inputs["Scale"].default_value, grain.inputs["Detail"].default_value = 2.2, 6.0
    mix = nodes.new("ShaderNodeMix")
    mix.data_type, mix.blend_type = "RGBA", "MULTIPLY"
    mix.inputs["Factor"].default_value = 0.35
    colour = [socket for socket in mix.inputs if socket.type == "RGBA"]
    links.new(place.outputs["Position"], planks.inputs["Vector"])
    links.new(place.outputs["Position"], stretch.inputs["Vector"])
    links.new(stretch.outputs["Vector"], grain.inputs["Vector"])
    links.new(planks.outputs["Color"], colour[0])
    links.new(grain.outputs["Color"], colour[1])
    links.new(next(socket for socket in mix.outputs if socket.type == "RGBA"), shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.45
    material.diffuse_color = (0.36, 0.22, 0.12, 1.0)
    return material
