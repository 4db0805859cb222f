"""Boxes that are the same thing: one generation, whose asset stands in all of them."""

from __future__ import annotations

import bpy

from . import boxes, scene_writer


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
