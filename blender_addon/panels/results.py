"""What stands in the boxes: variants side by side, how they were made, what becomes of them."""

from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_iface as iface_

from .. import boxes, results, scene_reader
from . import drawing
from .drawing import InSidebar, wrapped

THUMBNAIL = 4.0  # scale of an icon
COLUMNS = 3


class GREYBOX_PT_results(InSidebar, bpy.types.Panel):
    bl_label = "Results"
    bl_idname = "GREYBOX_PT_results"

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        layout.row(align=True).prop(scene.greybox, "show", expand=True)
        drawing.settings_column(layout).prop(scene.greybox, "fit")
        row = layout.row(align=True)
        row.operator("greybox.regenerate_box", icon="FILE_REFRESH")
        row.operator("greybox.collect_results", text="", icon="IMPORT")
        row = drawing.side_by_side(layout)
        row.operator("greybox.apply_result", icon="CHECKMARK")
        row.operator("greybox.mark_asset", icon="ASSET_MANAGER")
        layout.operator("greybox.export_glb", icon="EXPORT")


class GREYBOX_PT_variants(InSidebar, bpy.types.Panel):
    bl_label = "Variants"
    bl_idname = "GREYBOX_PT_variants"
    bl_parent_id = "GREYBOX_PT_results"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        box = boxes.active_box(context)
        return box is not None and bool(box.greybox.variants)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        box = boxes.active_box(context)
        settings = box.greybox
        row = layout.row(align=True)
        row.operator("greybox.show_variant", text="", icon="TRIA_LEFT").step = -1
        which = iface_("Variant {} of {}").format(settings.active_variant + 1, len(settings.variants))
        row.label(text=which, translate=False)
        row.operator("greybox.show_variant", text="", icon="TRIA_RIGHT").step = 1
        row.operator("greybox.remove_variant", text="", icon="TRASH")
        _thumbnails(layout, settings)
        variant = results.active_variant(box)
        texture = f", {variant.texture} px" if variant.texture else ""
        triangles = iface_("{:,} triangles").format(variant.triangles)
        layout.label(text=f"{triangles}{texture}", icon="MESH_DATA", translate=False)
        for note in variant.notes.splitlines():
            wrapped(layout, note)
        _recipe(layout, variant)


def _thumbnails(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    grid = layout.grid_flow(row_major=True, columns=COLUMNS, even_columns=True, align=True)
    for index, variant in enumerate(settings.variants):
        material = results.material_of(variant)
        preview = material.preview if material is not None else None
        cell = grid.column(align=True)
        if preview is not None and preview.icon_id:
            cell.template_icon(preview.icon_id, scale=THUMBNAIL)
        chosen = index == settings.active_variant
        cell.operator("greybox.choose_variant", text=str(index + 1), depress=chosen).index = index


def _recipe(layout: bpy.types.UILayout, variant: bpy.types.PropertyGroup) -> None:
    recipe = scene_reader.read_recipe(variant.recipe)
    if recipe is not None:
        wrapped(layout, f'"{recipe.box.prompt or recipe.box.kind}"', "OUTLINER_OB_FONT")
        own = recipe.box.seed is not None
        seed = iface_("seed {}").format(recipe.box.seed) if own else iface_("scene seed {}").format(recipe.scene_seed)
        wrapped(layout, f"{recipe.box.generator}, {seed}")
    row = layout.row(align=True)
    row.operator("greybox.repeat_variant", text="Repeat").new_seed = False
    row.operator("greybox.repeat_variant", text="Vary", icon="FILE_REFRESH").new_seed = True
    row.operator("greybox.copy_recipe", text="", icon="COPYDOWN")


_classes = (GREYBOX_PT_results, GREYBOX_PT_variants)

register, unregister = bpy.utils.register_classes_factory(_classes)
