"""What stands in the boxes, and its variants."""

from __future__ import annotations

import bpy

from .. import boxes
from .drawing import InSidebar, wrapped


class GREYBOX_PT_results(InSidebar, bpy.types.Panel):
    bl_label = "Results"
    bl_idname = "GREYBOX_PT_results"

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        layout.row(align=True).prop(scene.greybox, "show", expand=True)
        box = boxes.active_box(context)
        if box is not None and box.greybox.variants:
            _variants(layout, box)
        row = layout.row(align=True)
        row.operator("greybox.regenerate_box", icon="FILE_REFRESH")
        layout.operator("greybox.export_glb", icon="EXPORT")
        layout.operator("greybox.collect_results", icon="IMPORT")


def _variants(layout: bpy.types.UILayout, box: bpy.types.Object) -> None:
    settings = box.greybox
    row = layout.row(align=True)
    row.operator("greybox.show_variant", text="", icon="TRIA_LEFT").step = -1
    row.label(text=f"Variant {settings.active_variant + 1} of {len(settings.variants)}")
    row.operator("greybox.show_variant", text="", icon="TRIA_RIGHT").step = 1
    row.operator("greybox.remove_variant", text="", icon="TRASH")
    index = min(settings.active_variant, len(settings.variants) - 1)
    variant = settings.variants[index]
    layout.label(text=f"{variant.triangles:,} triangles", icon="MESH_DATA")
    for note in variant.notes.splitlines():
        wrapped(layout, note)


_classes = (GREYBOX_PT_results,)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
