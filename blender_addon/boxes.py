"""Layout boxes as objects: a unit cube whose size is its scale, origin at the floor centre, front to -Y."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

import bpy
from mathutils import Quaternion, Vector

PALETTE = {  # the eight colours of a layout, linear RGB
    "Red": (0.80, 0.06, 0.05),
    "Blue": (0.05, 0.16, 0.80),
    "Green": (0.06, 0.55, 0.10),
    "Purple": (0.30, 0.05, 0.55),
    "Orange": (0.85, 0.28, 0.02),
    "Yellow": (0.80, 0.62, 0.03),
    "Cyan": (0.03, 0.58, 0.66),
    "Magenta": (0.75, 0.05, 0.50),
}
BODY_ALPHA = 0.25
FRONT_ALPHA = 0.85  # the front must be unmistakable: the image model is told which way a thing faces
MESH_NAME = "Greybox Box"
FLAT = 1e-6  # scene units below which an axis has no extent
SHEAR = 1e-3  # cosine between two axes above which a box is no box
UPRIGHT = 1.0 - 1e-7  # z of the box's own up


def is_box(obj: bpy.types.Object | None) -> bool:
    return obj is not None and obj.greybox.role == "BOX"


def is_result(obj: bpy.types.Object | None) -> bool:
    return obj is not None and obj.greybox.role == "RESULT"


def all_boxes(scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """Every box of the scene by name, which is the order that the outliner shows."""
    return sorted((obj for obj in scene.objects if is_box(obj)), key=lambda obj: obj.name.lower())


def box_of(obj: bpy.types.Object | None) -> bpy.types.Object | None:
    """The box that an object is or belongs to."""
    if obj is None or is_box(obj):
        return obj
    return obj.parent if is_result(obj) and is_box(obj.parent) else None


def selected_boxes(context: bpy.types.Context) -> list[bpy.types.Object]:
    """Boxes that are selected, or whose results are, by name."""
    chosen = {box for obj in context.selected_objects if (box := box_of(obj)) is not None}
    return sorted(chosen, key=lambda obj: obj.name.lower())


def active_box(context: bpy.types.Context) -> bpy.types.Object | None:
    return box_of(context.object)


def select_only(context: bpy.types.Context, obj: bpy.types.Object) -> None:
    """Makes `obj` the selection and the active object, and seen if it was hidden."""
    for other in context.selected_objects:
        other.select_set(False)
    obj.hide_set(False)
    obj.select_set(True)
    context.view_layer.objects.active = obj


def by_uid(scene: bpy.types.Scene, uid: str) -> bpy.types.Object | None:
    return next((obj for obj in scene.objects if is_box(obj) and obj.greybox.uid == uid), None)


def result_of(box: bpy.types.Object) -> bpy.types.Object | None:
    """The object that stands in the box, or None: never made, deleted, or no longer in any scene."""
    result = box.greybox.result
    return result if result is not None and result.users_scene else None


def new_uid(name: str) -> str:
    """An id that the protocol accepts: words of the name, and enough chance to be the only one."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32]
    return f"{words or 'box'}-{uuid.uuid4().hex[:8]}"


def reissue_duplicates(scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """Gives copies of a box ids of their own; returns the boxes that were changed.

    Duplicating copies every property. The one whose result is its child is the original, then the first name.
    """
    seen: dict[str, bpy.types.Object] = {}
    changed = []
    order = sorted(all_boxes(scene), key=lambda box: (not _owns_result(box), len(box.name), box.name))
    for box in order:
        if box.greybox.uid and box.greybox.uid not in seen:
            seen[box.greybox.uid] = box
            continue
        original = seen.get(box.greybox.uid)
        _make_own(box)
        if original is not None and original.data == box.data:  # Alt+D: a linked copy shares what is made
            box.greybox.same_as = original
        seen[box.greybox.uid] = box
        changed.append(box)
    return changed


def _owns_result(box: bpy.types.Object) -> bool:
    result = box.greybox.result
    return result is not None and result.parent == box


def _make_own(box: bpy.types.Object) -> None:
    settings = box.greybox
    settings.uid = new_uid(box.name)
    settings.job = ""
    copies = [child for child in box.children if is_result(child)]
    settings.result = copies[0] if copies else None
    if not copies:
        settings.variants.clear()
        settings.active_variant = 0
        box.display_type = "TEXTURED"


def shape_word(box: bpy.types.Object) -> tuple[str, bool]:
    """(word, usable) for a box that stands oddly; ("", True) for one that does not. Cheap: asked at every redraw.

    Only what is sheared, mirrored or flat cannot be generated; what is tilted is drawn upright by SeeThrough3D.
    """
    world = box.matrix_world
    columns = [world.col[i].xyz for i in range(3)]
    lengths = [column.length for column in columns]
    if min(lengths) < FLAT:
        return "flat", False
    axes = [column / length for column, length in zip(columns, lengths, strict=True)]
    if max(abs(axes[0].dot(axes[1])), abs(axes[0].dot(axes[2])), abs(axes[1].dot(axes[2]))) > SHEAR:
        return "sheared", False
    if axes[0].cross(axes[1]).dot(axes[2]) < 0:
        return "negative scale", False
    return ("tilted", True) if axes[2].z < UPRIGHT else ("", True)


def layout_collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    return _collection(scene, "boxes_collection", "Boxes", "COLOR_04")


def results_collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    return _collection(scene, "results_collection", "Results", "COLOR_05")


def _collection(scene: bpy.types.Scene, pointer: str, name: str, tag: str) -> bpy.types.Collection:
    collection = getattr(scene.greybox, pointer)
    if collection is None:
        collection = bpy.data.collections.new(name)
        collection.color_tag = tag
        setattr(scene.greybox, pointer, collection)
    if collection not in set(scene.collection.children_recursive):
        scene.collection.children.link(collection)
    return collection


def add_box(
    scene: bpy.types.Scene,
    name: str,
    prompt: str,
    location: Iterable[float],
    size: Iterable[float],
    rotation: Iterable[float] = (1.0, 0.0, 0.0, 0.0),
    uid: str = "",
) -> bpy.types.Object:
    """A new box in the layout collection; all in scene units, rotation as a quaternion (w, x, y, z)."""
    colour = len(all_boxes(scene)) % len(PALETTE)
    box = bpy.data.objects.new(name, _cube(colour))
    box.location = Vector(location)
    box.rotation_euler = Quaternion(rotation).to_euler()
    box.scale = Vector(size)
    box.show_wire = True
    box.hide_render = True  # a box is a plan, not a thing
    for ray in ("camera", "diffuse", "glossy", "transmission", "volume_scatter", "shadow"):
        setattr(box, f"visible_{ray}", False)
    box.greybox.role = "BOX"
    box.greybox.uid = uid or new_uid(name)
    box.greybox.prompt = prompt
    layout_collection(scene).objects.link(box)
    return box


def _cube(colour: int) -> bpy.types.Mesh:
    """A cube of its own for each box, so that one can be pulled in edit mode; the materials are shared."""
    mesh = bpy.data.meshes.new(MESH_NAME)
    _fill_cube(mesh)
    for material in _materials(colour):
        mesh.materials.append(material)
    return mesh


def _fill_cube(mesh: bpy.types.Mesh) -> None:
    """Faces outward; the front (-Y) and an arrow under the lid that points there have the second material."""
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)]
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    front = [(0, 4, 5, 1)]
    outline = [(0.0, -0.46), (0.2, -0.2), (0.08, -0.2), (0.08, 0.3), (-0.08, 0.3), (-0.08, -0.2), (-0.2, -0.2)]
    arrow = [(x, y, 0.995) for x, y in outline]
    faces = [*sides, *front, (8, 9, 10, 11, 12, 13, 14)]
    mesh.from_pydata(corners + arrow, [], faces)
    mesh.polygons.foreach_set("material_index", [0] * len(sides) + [1, 1])
    mesh.update()


def _materials(colour: int) -> tuple[bpy.types.Material, bpy.types.Material]:
    name, rgb = list(PALETTE.items())[colour]
    body = _translucent(f"{MESH_NAME} {name}", rgb, BODY_ALPHA)
    return body, _translucent(f"{MESH_NAME} {name} Front", rgb, FRONT_ALPHA)


def _translucent(name: str, rgb: tuple[float, float, float], alpha: float) -> bpy.types.Material:
    material = bpy.data.materials.get(name)
    if material is not None:
        return material
    material = bpy.data.materials.new(name)
    material.diffuse_color = (*rgb, alpha)  # what Solid shading shows
    if material.node_tree is None:
        material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Alpha"].default_value = alpha
    material.surface_render_method = "BLENDED"
    return material


def show(scene: bpy.types.Scene, view_layer: bpy.types.ViewLayer, what: str) -> None:
    """Shows "BOXES", "RESULTS" or "BOTH"; boxes that have no result yet are always seen."""
    for box in all_boxes(scene):
        result = result_of(box)
        if view_layer.objects.get(box.name) == box:
            box.hide_set(what == "RESULTS" and result is not None, view_layer=view_layer)
            box.display_type = "WIRE" if what == "BOTH" and result is not None else "TEXTURED"
        if result is not None and view_layer.objects.get(result.name) == result:
            result.hide_set(what == "BOXES", view_layer=view_layer)
