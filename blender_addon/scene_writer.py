"""Results -> bpy objects: the only writer of the user's scene.

A mesh is put into the box frame in metres before Blender sees it, so a result stands at the origin of its box with
scale 1: what the user then moves, animates or modifies is the user's own and survives another generation.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix

from ..backend.protocol import artifacts
from ..backend.protocol.assets import MeshData, Placement
from ..backend.protocol.errors import InvalidMessage
from ..backend.protocol.scene import SceneSpec
from . import boxes, fitting, materials, pictures, scene_reader, slices
from .mesh_arrays import MeshArrays, arrays_of, prepare
from .scene_reader import metres_per_unit

SHARP = np.radians(40.0)  # edges above this angle stay sharp where a mesh brings no normals
FREE_NORMALS = (4, 5, 0)  # from here on a mesh keeps normals as plain vectors, which are set at once
SPLIT_NORMALS = 100_000  # corners; before, more of them would hold Blender up: they are smoothed by angle instead


@dataclass(frozen=True)
class Result:
    """The files of one generated box, and what to remember of them."""

    job: str
    files: Mapping[str, bytes]  # by artifact name
    notes: tuple[str, ...] = ()
    recipe: str = ""


def write_result(scene: bpy.types.Scene, box: bpy.types.Object, result: Result) -> bpy.types.Object:
    """Puts a generated asset into its box as a new variant. Raises InvalidMessage for files that are no asset."""
    arrays = prepare(result.files[artifacts.MESH], result.files[artifacts.PLACEMENT], metres_per_unit(scene))
    mesh, material = slices.run(asset_steps(box.name, arrays, result.files))
    return add_variant(scene, box, result, arrays, mesh, material)


def asset_steps(
    name: str, arrays: MeshArrays, files: Mapping[str, bytes]
) -> Generator[None, None, tuple[bpy.types.Mesh, bpy.types.Material]]:
    """Builds mesh and material in slices, each short enough for one tick; what it returns is in no scene yet."""
    mesh = yield from mesh_steps(name, arrays)
    material = yield from materials.material_steps(name, files)
    mesh.materials.append(material)
    return mesh, material


def add_variant(
    scene: bpy.types.Scene,
    box: bpy.types.Object,
    result: Result,
    arrays: MeshArrays,
    mesh: bpy.types.Mesh,
    material: bpy.types.Material,
) -> bpy.types.Object:
    """Lets a finished asset stand in its box, and remembers where it came from."""
    if artifacts.PREVIEW in result.files:
        pictures.set_preview(material, result.files[artifacts.PREVIEW])
    variant = box.greybox.variants.add()
    variant.mesh, variant.job, variant.recipe = mesh, result.job, result.recipe
    variant.placement = [value for row in arrays.placement.matrix for value in row]
    variant.size = arrays.size
    variant.triangles = arrays.triangles
    variant.texture = materials.largest_side(result.files)
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
    fitting.refit(box)
    return obj


def _new_result(scene: bpy.types.Scene, box: bpy.types.Object, mesh: bpy.types.Mesh) -> bpy.types.Object:
    obj = bpy.data.objects.new(f"{box.name} Result", mesh)
    obj.greybox.role = "RESULT"
    obj.greybox.uid = box.greybox.uid
    boxes.results_collection(scene).objects.link(obj)
    attach(obj, box, scene.greybox.fit)
    box.greybox.result = obj
    if scene.greybox.show == "BOTH":
        box.display_type = "WIRE"
    return obj


def attach(obj: bpy.types.Object, box: bpy.types.Object, fit: str) -> None:
    """Parents a result to its box, at the box frame: the box's own scale is taken back by the parent inverse."""
    obj.parent = box
    obj.matrix_parent_inverse = fitting.parent_inverse(box, fit)
    obj.matrix_basis = Matrix.Identity(4)


def build_mesh(name: str, data: MeshData, placement: Placement, metres: float = 1.0) -> bpy.types.Mesh:
    """A mesh datablock in the box frame, in scene units of so many metres; UVs and normals where the data has them."""
    return slices.run(mesh_steps(name, arrays_of(data, placement, metres)))


def mesh_steps(name: str, arrays: MeshArrays) -> Generator[None, None, bpy.types.Mesh]:
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(arrays.positions))
    mesh.edges.add(len(arrays.edges))
    yield
    mesh.loops.add(len(arrays.corner_vertices))
    yield
    mesh.polygons.add(arrays.triangles)
    yield
    if arrays.triangles:
        mesh.polygons.foreach_set("loop_start", arrays.face_starts)
        yield
        raw = mesh.attributes  # a hundred times faster than the same through vertices, edges and loops
        raw["position"].data.foreach_set("vector", arrays.positions.ravel())
        raw[".edge_verts"].data.foreach_set("value", arrays.edges.ravel())
        raw[".corner_vert"].data.foreach_set("value", arrays.corner_vertices)
        raw[".corner_edge"].data.foreach_set("value", arrays.corner_edges)
        yield
    if arrays.corner_uvs is not None:
        layer = mesh.uv_layers.new(name="UVMap", do_init=False)
        layer.uv.foreach_set("vector", arrays.corner_uvs.ravel())
        yield
    mesh.update()
    mesh.shade_smooth()
    yield
    _set_normals(mesh, arrays)
    return mesh


def _set_normals(mesh: bpy.types.Mesh, arrays: MeshArrays) -> None:
    normals = arrays.corner_normals
    if normals is not None and bpy.app.version >= FREE_NORMALS:
        attribute = mesh.attributes.new("custom_normal", "FLOAT_VECTOR", "CORNER")
        attribute.data.foreach_set("vector", normals.ravel())
        mesh.update()
    elif normals is not None and len(normals) <= SPLIT_NORMALS:
        mesh.normals_split_custom_set(normals.tolist())
    else:
        mesh.set_sharp_from_angle(angle=float(SHARP))


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
