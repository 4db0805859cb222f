"""Boxes that are the same thing: one generation, whose asset stands in all of them."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from . import boxes, scene_writer

REPEATING = {"ARRAY"}


def source(box: bpy.types.Object) -> bpy.types.Object:
    """The box whose asset this one takes: itself, or the end of its chain of "Same As"."""
    seen = {box}
    while (another := box.greybox.same_as) is not None and another not in seen and boxes.is_box(another):
        seen.add(another)
        box = another
    return box


def sources(targets: list[bpy.types.Object]) -> list[bpy.types.Object]:
    """What has to be made so that all targets have an asset, each once, in order."""
    return list(dict.fromkeys(source(box) for box in targets))


def followers(scene: bpy.types.Scene, box: bpy.types.Object) -> list[bpy.types.Object]:
    return [other for other in boxes.all_boxes(scene) if other != box and source(other) == box]


def spread(scene: bpy.types.Scene, box: bpy.types.Object) -> int:
    """Lets the asset that stands in `box` stand in all boxes that are the same, as one mesh. Returns how many."""
    if not box.greybox.variants:
        return 0
    made = box.greybox.variants[box.greybox.active_variant]
    targets = followers(scene, box)
    for target in targets:
        scene_writer.show_variant(scene, target, _variant(target, made))
        target.greybox.job = ""
    return len(targets)


def has_copies(box: bpy.types.Object) -> bool:
    """Whether a modifier that repeats things is at work on the box."""
    return any(modifier.type in REPEATING and modifier.show_viewport for modifier in box.modifiers)


def split(context: bpy.types.Context, box: bpy.types.Object) -> list[bpy.types.Object]:
    """Makes a box of every copy that the box's modifiers make, the same as this one; the modifiers go.

    Modifiers repeat a mesh point by point, so the k-th copy's points tell where it stands.
    """
    whole = box.evaluated_get(context.evaluated_depsgraph_get())
    mesh = whole.to_mesh()
    now, own = _points(mesh), _points(box.data)
    whole.to_mesh_clear()
    count = len(now) // len(own) if len(now) % len(own) == 0 else 0
    places = [_motion(own, now[k * len(own) : (k + 1) * len(own)]) for k in range(count)]
    box.modifiers.clear()
    made = []
    for place in places[1:]:
        copy = box.copy()
        copy.greybox.uid, copy.greybox.job = boxes.new_uid(box.name), ""
        copy.greybox.result, copy.greybox.same_as = None, box
        copy.greybox.variants.clear()
        for collection in box.users_collection:
            collection.objects.link(copy)
        copy.matrix_world = box.matrix_world @ Matrix(place.tolist())
        made.append(copy)
    return made


def _points(mesh: bpy.types.Mesh) -> np.ndarray:
    """(V,4): x, y, z, 1."""
    points = np.zeros(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", points)
    return np.c_[points.reshape(-1, 3), np.ones(len(mesh.vertices))].astype(np.float64)


def _motion(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(4,4) that takes the points there."""
    return np.linalg.lstsq(before, after, rcond=None)[0].T


def _variant(target: bpy.types.Object, made: bpy.types.PropertyGroup) -> int:
    """The index of the same mesh among the target's variants; added where it is new."""
    for index, known in enumerate(target.greybox.variants):
        if known.mesh == made.mesh:
            return index
    copy = target.greybox.variants.add()
    for name, known in made.bl_rna.properties.items():
        if not known.is_readonly:
            setattr(copy, name, getattr(made, name))
    return len(target.greybox.variants) - 1
