"""Results -> bpy objects: the only writer of the user's scene.

A mesh is put into the box frame in metres before Blender sees it, so a result stands at the origin of its box with
scale 1: what the user then moves, animates or modifies is the user's own and survives another generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix

from ..backend.protocol import artifacts
from ..backend.protocol.assets import MeshData, Placement
from ..backend.protocol.errors import InvalidMessage
from ..backend.protocol.scene import SceneSpec
from . import boxes, materials, scene_reader

SHARP = np.radians(40.0)  # edges above this angle stay sharp where a mesh brings no normals


@dataclass(frozen=True)
class Result:
    """The files of one generated box, and what to remember of them."""

    job: str
    files: Mapping[str, bytes]  # by artifact name
    notes: tuple[str, ...] = ()
    recipe: str = ""


def write_result(scene: bpy.types.Scene, box: bpy.types.Object, result: Result) -> bpy.types.Object:
    """Puts a generated asset into its box as a new variant. Raises InvalidMessage for files that are no asset."""
    data = MeshData.from_bytes(result.files[artifacts.MESH])
    placement = Placement.from_bytes(result.files[artifacts.PLACEMENT])
    name = box.name
    mesh = build_mesh(name, data, placement, scene_reader.metres_per_unit(scene))
    mesh.materials.append(materials.build_material(name, result.files))
    variant = box.greybox.variants.add()
    variant.mesh, variant.job, variant.recipe = mesh, result.job, result.recipe
    variant.placement = [value for row in placement.matrix for value in row]
    variant.triangles = len(data.faces)
    variant.notes = "\n".join(result.notes)
    return show_variant(scene, box, len(box.greybox.variants) - 1)


def show_variant(scene: bpy.types.Scene, box: bpy.types.Object, index: int) -> bpy.types.Object:
    """Lets one of the box's variants stand in it; modifiers, constraints and animation of the object stay."""
    variant = box.greybox.variants[index]
    obj = boxes.result_of(box)
    if obj is None:
        obj = _new_result(scene, box, variant.mesh)
    obj.data = variant.mesh
    box.greybox.active_variant = index
    return obj


def _new_result(scene: bpy.types.Scene, box: bpy.types.Object, mesh: bpy.types.Mesh) -> bpy.types.Object:
    obj = bpy.data.objects.new(f"{box.name} Result", mesh)
    obj.greybox.role = "RESULT"
    obj.greybox.uid = box.greybox.uid
    boxes.results_collection(scene).objects.link(obj)
    attach(obj, box)
    box.greybox.result = obj
    if scene.greybox.show == "BOTH":
        box.display_type = "WIRE"
    return obj


def attach(obj: bpy.types.Object, box: bpy.types.Object) -> None:
    """Parents a result to its box, at the box frame: the box's own scale is taken back by the parent inverse."""
    frame = scene_reader.box_frame(box)
    obj.parent = box
    obj.matrix_parent_inverse = box.matrix_world.inverted() @ frame.matrix
    obj.matrix_basis = Matrix.Identity(4)


def build_mesh(name: str, data: MeshData, placement: Placement, metres_per_unit: float = 1.0) -> bpy.types.Mesh:
    """A mesh datablock in the box frame, in scene units; UVs and normals where the data has them."""
    matrix = np.asarray(placement.matrix, np.float64)
    vertices = (data.vertices @ matrix[:3, :3].T + matrix[:3, 3]) / metres_per_unit
    mesh = bpy.data.meshes.new(name)
    count = len(data.faces)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, np.float32).ravel())
    mesh.loops.add(count * 3)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(data.faces, np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(0, count * 3, 3, dtype=np.int32))
    if data.corner_uvs is not None:
        layer = mesh.uv_layers.new(name="UVMap", do_init=False)
        layer.uv.foreach_set("vector", np.ascontiguousarray(data.corner_uvs, np.float32).ravel())
    mesh.update(calc_edges=True)
    if data.corner_normals is not None:
        turned = data.corner_normals.reshape(-1, 3) @ np.linalg.inv(matrix[:3, :3])
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        mesh.normals_split_custom_set((turned / np.where(lengths > 0, lengths, 1.0)).tolist())
    else:
        mesh.shade_smooth()
        mesh.set_sharp_from_angle(angle=float(SHARP))
    return mesh


def write_scene(context: bpy.types.Context, spec: SceneSpec, names: Mapping[str, str] | None = None) -> list:
    """Adds the boxes of a stored layout to the scene, and its camera. Returns the boxes."""
    scene = context.scene
    metres = scene_reader.metres_per_unit(scene)
    made = []
    for box in spec.boxes:
        name = (names or {}).get(box.id, _title(box.kind or box.id))
        size = [extent / metres for extent in box.size]
        obj = boxes.add_box(
            scene, name, box.prompt, [v / metres for v in box.location], size, box.rotation, _free_uid(scene, box.id)
        )
        settings = obj.greybox
        settings.kind, settings.generator, settings.locked = box.kind, box.generator, box.locked
        settings.use_seed, settings.seed = box.seed is not None, (box.seed or 0) & 0x7FFFFFFF
        made.append(obj)
    if spec.camera is not None:
        write_camera(scene, spec)
    scene.greybox.surroundings = spec.surroundings
    scene.greybox.seed = spec.seed & 0x7FFFFFFF
    context.view_layer.update()
    return made


def write_camera(scene: bpy.types.Scene, spec: SceneSpec) -> bpy.types.Object:
    """Sets the scene's camera, making one where there is none, and the resolution it was framed for."""
    camera, metres = spec.camera, scene_reader.metres_per_unit(scene)
    if camera is None:
        raise InvalidMessage("The layout has no camera")
    obj = scene.camera
    if obj is None or obj.type != "CAMERA":
        obj = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
        scene.collection.objects.link(obj)
        scene.camera = obj
    obj.rotation_mode = "QUATERNION"
    obj.location = [v / metres for v in camera.location]
    obj.rotation_quaternion = camera.rotation
    data, render = obj.data, scene.render
    data.type = "PERSP"
    data.lens, data.sensor_fit = camera.lens, camera.sensor_fit
    data.sensor_width, data.sensor_height = camera.sensor_width, camera.sensor_height
    data.shift_x, data.shift_y = camera.shift
    data.clip_start, data.clip_end = (distance / metres for distance in camera.clip)
    render.resolution_x, render.resolution_y = camera.resolution
    render.resolution_percentage = 100
    render.pixel_aspect_x, render.pixel_aspect_y = camera.pixel_aspect
    return obj


def _free_uid(scene: bpy.types.Scene, wished: str) -> str:
    return wished if boxes.by_uid(scene, wished) is None else boxes.new_uid(wished)


def _title(text: str) -> str:
    return text.replace("-", " ").replace("_", " ").title()


def remove_variant(scene: bpy.types.Scene, box: bpy.types.Object) -> None:
    """Forgets the variant that stands in the box; the one before it takes its place, or the box is empty again."""
    settings = box.greybox
    index = settings.active_variant
    settings.variants.remove(index)
    if settings.variants:
        show_variant(scene, box, max(0, index - 1))
        return
    settings.active_variant = 0
    result = boxes.result_of(box)
    if result is not None:
        bpy.data.objects.remove(result)
    settings.result = None
    box.display_type = "TEXTURED"


def export_glb(context: bpy.types.Context, results: list[bpy.types.Object], path: str) -> None:
    """Writes these results as one GLB file; the selection is as before afterwards."""
    selected, active = list(context.selected_objects), context.view_layer.objects.active
    hidden = [obj for obj in results if obj.hide_get()]
    for obj in selected:
        obj.select_set(False)
    for obj in results:
        obj.hide_set(False)
        obj.select_set(True)
    try:
        bpy.ops.export_scene.gltf(filepath=path, export_format="GLB", use_selection=True, export_apply=True)
    finally:
        for obj in results:
            obj.select_set(obj in selected)
            obj.hide_set(obj in hidden)
        for obj in selected:
            obj.select_set(True)
        context.view_layer.objects.active = active
