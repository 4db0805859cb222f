"""The condition picture by Blender: EEVEE (fast, baked light) and Cycles (the reference's engine, real lights).

Builds a scene of its own beside whatever is open and renders only that: nothing of the user's is read or changed.
Keep the object between renders: meshes, materials and compiled shaders are used again.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from PIL import Image

from . import lighting, painter
from .boxes import (
    ALPHA,
    BAR_POINTS,
    BAR_SIDES,
    BOTTOM,
    FACE_CORNERS,
    FLOOR_ALBEDO,
    NORMALS,
    SIGNS,
    Cuboid,
    Layout,
    View,
    bars,
)
from .raster import FLOOR_FIRST

NAME = "Greybox condition"
EEVEE = "BLENDER_EEVEE" if bpy.app.version >= (5, 0) else "BLENDER_EEVEE_NEXT"
EEVEE_SAMPLES = 8  # more changes the picture by less than a thirtieth of a level
CYCLES_SAMPLES = 32
FLOOR_CELLS = 50  # a side; light changes little over one
LIFT = 1e-3  # keeps a bottom face from fighting with the floor that it lies on


class BlenderScene:
    """Renders layouts. Not for use from several threads, as little as bpy itself."""

    def __init__(self) -> None:
        self.scene = bpy.data.scenes.new(NAME)
        self.scene.world = None
        self.camera = _camera(self.scene)
        self.baked = _Baked(self.scene)
        self.lit = _Lit(self.scene)
        _colour_management(self.scene)
        _eevee(self.scene)
        _cycles(self.scene)

    def render(self, layout: Layout, engine: str, size: int = 512, samples: int | None = None) -> np.ndarray:
        """(size,size,3) uint8 sRGB by "eevee" or "cycles"."""
        eevee = engine == "eevee"
        _aim(self.camera, layout.view)
        self.baked.show(eevee)
        self.lit.show(not eevee)
        (self.baked if eevee else self.lit).place(layout)
        render = self.scene.render
        render.engine = EEVEE if eevee else "CYCLES"
        render.resolution_x = render.resolution_y = size
        if eevee:
            self.scene.eevee.taa_render_samples = samples or EEVEE_SAMPLES
        else:
            self.scene.cycles.samples = samples or CYCLES_SAMPLES
        return self._picture()

    def close(self) -> None:
        """Takes everything that this made out of the open file."""
        for collection, items in self._made():
            for item in items:
                collection.remove(item)
        bpy.data.scenes.remove(self.scene)

    def _made(self) -> list[tuple[Any, list[Any]]]:
        objects = [self.camera, *self.baked.objects(), *self.lit.objects()]
        data = [o.data for o in objects]
        return [
            (bpy.data.objects, objects),
            (bpy.data.meshes, list({*self.lit.meshes.values(), *(d for d in data if isinstance(d, bpy.types.Mesh))})),
            (bpy.data.lights, [d for d in data if isinstance(d, bpy.types.Light)]),
            (bpy.data.cameras, [d for d in data if isinstance(d, bpy.types.Camera)]),
            (bpy.data.materials, [*self.baked.materials, *self.lit.materials]),
        ]

    def _picture(self) -> np.ndarray:
        with tempfile.TemporaryDirectory(prefix="greybox-") as folder:
            path = Path(folder) / "condition.png"
            self.scene.render.filepath = str(path)
            with _chatter_to_stderr():
                bpy.ops.render.render(write_still=True, scene=self.scene.name)
            with Image.open(path) as picture:
                return np.array(picture.convert("RGB"))


@contextlib.contextmanager
def _chatter_to_stderr() -> Iterator[None]:
    """Blender writes its progress to standard output, which may be somebody's data."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


# ---- EEVEE: light baked into the corners, translucent faces sorted and split for the camera


class _Baked:
    """Three meshes that emit: EEVEE blends the faces of one mesh in their order, so one sorted mesh is exact."""

    def __init__(self, scene: bpy.types.Scene) -> None:
        opaque, blended = _emitting("Greybox opaque", False), _emitting("Greybox translucent", True)
        self.materials = [opaque, blended]
        self.floor = _mesh_object(scene, "Greybox floor", opaque)
        self.bars = _mesh_object(scene, "Greybox bars", opaque)
        self.faces = _mesh_object(scene, "Greybox faces", blended)

    def objects(self) -> list[Any]:
        return [self.floor, self.bars, self.faces]

    def show(self, shown: bool) -> None:
        for each in self.objects():
            each.hide_render = not shown

    def place(self, layout: Layout) -> None:
        _write(self.floor.data, _baked_floor(layout))
        _write(self.bars.data, _baked_bars(layout))
        _write(self.faces.data, _baked_faces(layout))


@dataclass(frozen=True)
class _Shape:
    vertices: np.ndarray  # (V,3)
    counts: np.ndarray  # (F,) corners of each face
    corners: np.ndarray  # (sum of counts,) vertices
    radiance: np.ndarray  # (V,4): linear RGB, share of what is behind that passes


def _baked_floor(layout: Layout) -> _Shape:
    line = np.linspace(-layout.floor_half, layout.floor_half, FLOOR_CELLS + 1)
    x, y = np.meshgrid(line, line, indexing="ij")
    points = np.stack([x, y, np.full_like(x, layout.floor)], -1).reshape(-1, 3)
    index = np.arange(len(points)).reshape(x.shape)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    grey = lighting.floor_radiance(layout, points)
    return _Shape(points, np.full(len(quads), 4), quads.ravel(), np.stack([grey, grey, grey, np.zeros_like(grey)], -1))


def _baked_bars(layout: Layout) -> _Shape:
    points = np.array([bars(box) for box in layout.cuboids]).reshape(-1, 3)
    edges = np.array([box.edge for box in layout.cuboids]).reshape(-1, 3)
    colour = np.concatenate([edges, np.zeros((len(edges), 1))], 1).repeat(BAR_POINTS.size // 3, 0)
    first = np.arange(12 * len(layout.cuboids))[:, None, None] * 8
    quads = (first + BAR_SIDES).reshape(-1, 4)
    return _Shape(points, np.full(len(quads), 4), quads.ravel(), colour)


def _baked_faces(layout: Layout) -> _Shape:
    polygons = []
    for i, box in enumerate(layout.cuboids):
        corners, normals = box.corners, NORMALS @ box.rotation.T
        polygons += [painter.Polygon(corners[FACE_CORNERS[f]], normals[f], 6 * i + f) for f in range(6)]
    pieces = painter.back_to_front(polygons, layout.view.eye)
    points, radiance = [], []
    for piece in pieces:
        box, face = layout.cuboids[piece.source // 6], piece.source % 6
        on_floor = face == BOTTOM and layout.grounded(piece.source // 6)
        towards = piece.normal if (layout.view.eye - piece.points[0]) @ piece.normal > 0 else -piece.normal
        weight = FLOOR_FIRST if on_floor else 1.0
        colour = weight * lighting.face_radiance(layout, piece.points, towards, box.faces[face])
        points.append(piece.points + np.array([0, 0, LIFT if on_floor else 0]))
        radiance.append(np.concatenate([colour, np.full((len(colour), 1), 1 - weight * ALPHA)], 1))
    counts = np.array([len(p) for p in points], np.int32)
    return _Shape(
        np.concatenate([*points, np.zeros((0, 3))]),
        counts,
        np.arange(counts.sum()),
        np.concatenate([*radiance, np.zeros((0, 4))]),
    )


def _write(mesh: bpy.types.Mesh, shape: _Shape) -> None:
    mesh.clear_geometry()
    mesh.vertices.add(len(shape.vertices))
    mesh.vertices.foreach_set("co", shape.vertices.astype(np.float32).ravel())
    mesh.loops.add(len(shape.corners))
    mesh.loops.foreach_set("vertex_index", shape.corners.astype(np.int32))
    mesh.polygons.add(len(shape.counts))
    mesh.polygons.foreach_set("loop_start", (np.cumsum(shape.counts) - shape.counts).astype(np.int32))
    attribute = mesh.attributes.new("radiance", "FLOAT_COLOR", "POINT")
    attribute.data.foreach_set("color", shape.radiance.astype(np.float32).ravel())
    mesh.update(calc_edges=True)


def _emitting(name: str, translucent: bool) -> bpy.types.Material:
    """Emits the attribute "radiance"; where translucent, lets its alpha of what is behind pass."""
    material, nodes, links = _material(name)
    radiance = nodes.new("ShaderNodeAttribute")
    radiance.attribute_name = "radiance"
    emission, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    links.new(radiance.outputs["Color"], emission.inputs["Color"])
    shader = emission.outputs[0]
    if translucent:
        behind, both = nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeAddShader")
        links.new(radiance.outputs["Alpha"], behind.inputs["Color"])
        links.new(shader, both.inputs[0])
        links.new(behind.outputs[0], both.inputs[1])
        shader = both.outputs[0]
        material.surface_render_method = "BLENDED"
    links.new(shader, output.inputs["Surface"])
    return material


# ---- Cycles: the reference's objects, materials and lights


class _Lit:
    """One mesh for all boxes, an object a box; objects are kept and hidden when a layout has fewer."""

    def __init__(self, scene: bpy.types.Scene) -> None:
        self.scene = scene
        faces, floor = _lit_materials(), _floor_material()
        thin = _face_material(GREEN, FLOOR_FIRST * ALPHA)
        self.materials = [*faces, floor, thin]
        self.meshes = {False: _box_mesh(faces, True), True: _box_mesh(faces, False)}  # by whether it is grounded
        self.floor = _mesh_object(scene, "Greybox lit floor", floor)
        # Where a bottom face and the floor coincide chance decides what a ray meets first: here the odds are fixed.
        self.bottoms = _mesh_object(scene, "Greybox lit bottoms", thin)
        self.bottoms.visible_shadow = False
        self.boxes: list[Any] = []
        self.lights: list[Any] = []

    def objects(self) -> list[Any]:
        return [self.floor, self.bottoms, *self.boxes, *self.lights]

    def show(self, shown: bool) -> None:
        for each in self.objects():
            each.hide_render = not shown

    def place(self, layout: Layout) -> None:
        self._place_floor(layout)
        while len(self.boxes) < len(layout.cuboids):
            self.boxes.append(_object(self.scene, "Greybox lit box", self.meshes[False]))
        while len(self.lights) < len(layout.lights):
            self.lights.append(_object(self.scene, "Greybox lamp", bpy.data.lights.new("Greybox lamp", "POINT")))
        for i, shown in enumerate(self.boxes):
            shown.hide_render = i >= len(layout.cuboids)
        for i, (shown, box) in enumerate(zip(self.boxes, layout.cuboids, strict=False)):
            shown.data = self.meshes[layout.grounded(i)]
            shown.matrix_world = _matrix(_box_matrix(box))
            shown.color = (*box.edge, 1.0)
        for i, lamp in enumerate(self.lights):
            lamp.hide_render = i >= len(layout.lights)
        for lamp, place in zip(self.lights, layout.lights, strict=False):
            lamp.location = tuple(place)
            lamp.data.energy = layout.power
            lamp.data.shadow_soft_size = 0.0

    def _place_floor(self, layout: Layout) -> None:
        half = layout.floor_half
        square = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
        _write(self.floor.data, _quads(square[None] + (0, 0, layout.floor)))
        grounded = [box for i, box in enumerate(layout.cuboids) if layout.grounded(i)]
        bottoms = [box.corners[FACE_CORNERS[BOTTOM]] for box in grounded]
        lifts = LIFT * (1 + np.arange(len(bottoms)) / max(len(bottoms), 1))
        _write(self.bottoms.data, _quads(np.array(bottoms).reshape(-1, 4, 3) + lifts[:, None, None] * (0, 0, 1)))


def _quads(corners: np.ndarray) -> _Shape:
    """(n,4,3) world -> n separate faces."""
    points = corners.reshape(-1, 3)
    return _Shape(points, np.full(len(corners), 4), np.arange(len(points)), np.zeros((len(points), 4)))


def _box_matrix(box: Cuboid) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = box.rotation * (box.size / 2)
    matrix[:3, 3] = box.centre
    return matrix


BLUE, RED, GREEN = (0, 0, 0.5, 1), (0.5, 0, 0, 1), (0, 0.5, 0, 1)  # SeeThrough3D's left, front, and all others


def _box_mesh(materials: list[bpy.types.Material], bottom: bool) -> bpy.types.Mesh:
    """The faces of a box, with or without the bottom, each with the material of its colour; the bars with the last."""
    mesh = bpy.data.meshes.new("Greybox lit box")
    faces = [face for face in range(6) if bottom or face != BOTTOM]
    quads = np.concatenate([FACE_CORNERS[faces], (np.arange(12)[:, None, None] * 8 + BAR_SIDES).reshape(-1, 4) + 8])
    mesh.from_pydata(np.concatenate([SIGNS, BAR_POINTS.reshape(-1, 3)]).tolist(), [], quads.tolist())
    for material in materials:
        mesh.materials.append(material)
    used = [min(face, 2) for face in faces] + [len(materials) - 1] * 48
    mesh.polygons.foreach_set("material_index", np.array(used, np.int32))
    mesh.update()
    return mesh


def _lit_materials() -> list[bpy.types.Material]:
    """Of the left face, the front, the others; then of the bars."""
    material, nodes, links = _material("Greybox lit bar")
    info, emission = nodes.new("ShaderNodeObjectInfo"), nodes.new("ShaderNodeEmission")
    output = nodes.new("ShaderNodeOutputMaterial")
    links.new(info.outputs["Color"], emission.inputs["Color"])
    links.new(emission.outputs[0], output.inputs["Surface"])
    return [*(_face_material(colour, ALPHA) for colour in (BLUE, RED, GREEN)), material]


def _face_material(colour: tuple[float, ...], alpha: float) -> bpy.types.Material:
    material, nodes, links = _material("Greybox lit face")
    shader, output = nodes.new("ShaderNodeBsdfPrincipled"), nodes.new("ShaderNodeOutputMaterial")
    shader.inputs["Base Color"].default_value = colour
    shader.inputs["Emission Color"].default_value = colour
    shader.inputs["Emission Strength"].default_value = 1.0
    shader.inputs["Alpha"].default_value = alpha
    links.new(shader.outputs[0], output.inputs["Surface"])
    return material


def _floor_material() -> bpy.types.Material:
    material, nodes, links = _material("Greybox lit floor")
    shader, output = nodes.new("ShaderNodeBsdfDiffuse"), nodes.new("ShaderNodeOutputMaterial")
    shader.inputs["Color"].default_value = (FLOOR_ALBEDO, FLOOR_ALBEDO, FLOOR_ALBEDO, 1)
    links.new(shader.outputs[0], output.inputs["Surface"])
    return material


# ---- what both share


def _material(name: str) -> tuple[bpy.types.Material, Any, Any]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.node_tree.nodes.clear()
    return material, material.node_tree.nodes, material.node_tree.links


def _object(scene: bpy.types.Scene, name: str, data: Any) -> Any:
    made = bpy.data.objects.new(name, data)
    scene.collection.objects.link(made)
    return made


def _mesh_object(scene: bpy.types.Scene, name: str, material: bpy.types.Material) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.materials.append(material)
    return _object(scene, name, mesh)


def _camera(scene: bpy.types.Scene) -> Any:
    camera = _object(scene, "Greybox camera", bpy.data.cameras.new("Greybox camera"))
    scene.camera = camera
    return camera


def _aim(camera: Any, view: View) -> None:
    camera.matrix_world = _matrix(view.matrix)
    camera.data.sensor_fit = "HORIZONTAL"
    camera.data.sensor_width = 36.0
    camera.data.lens = 18.0 / view.half
    camera.data.clip_start, camera.data.clip_end = view.near, 1000.0


def _matrix(rows: np.ndarray) -> Matrix:
    """Blender reads nested lists column by column; a Matrix says what it means."""
    return Matrix(rows.tolist())


def _colour_management(scene: bpy.types.Scene) -> None:
    scene.display_settings.display_device = "sRGB"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "None"
    scene.view_settings.exposure, scene.view_settings.gamma = 0.0, 1.0
    scene.render.dither_intensity = 0.0  # the same layout gives the same bytes
    scene.render.resolution_percentage = 100
    scene.render.film_transparent = False
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.color_depth = "8"
    scene.render.image_settings.compression = 0


def _eevee(scene: bpy.types.Scene) -> None:
    """Everything in the picture emits: nothing else need be computed."""
    scene.render.filter_size = 1.0
    for setting in ("use_raytracing", "use_shadows", "use_volume_custom_range"):
        if hasattr(scene.eevee, setting):
            setattr(scene.eevee, setting, False)


def _cycles(scene: bpy.types.Scene) -> None:
    """The reference's settings (spec 3.4)."""
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.seed = 0
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.01
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "ACCURATE"
    cycles.denoising_quality = "HIGH"
    cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", 1.5
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 12, 4, 4
    cycles.transmission_bounces, cycles.transparent_max_bounces = 12, 8
    cycles.sample_clamp_indirect = 10.0
    cycles.use_light_tree = True
