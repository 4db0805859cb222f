"""The list of boxes, and what the active one is."""

from __future__ import annotations

import bpy

from .. import boxes, scene_reader
from ..status import state_of
from .drawing import InSidebar, note

LIST_ROWS = 7


class GREYBOX_UL_boxes(bpy.types.UIList):
    """The scene's objects, of which only boxes are shown: with their state and their lock."""

    bl_idname = "GREYBOX_UL_boxes"

    def draw_item(
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: bpy.types.Object,
        icon: int,
        active_data: object,
        active_property: str,
        index: int = 0,
        flt_flag: int = 0,
    ) -> None:
        symbol, words, _ = state_of(item)
        row = layout.row(align=True)
        row.prop(item, "name", text="", emboss=False, icon=symbol)
        if words:
            state = row.row()
            state.alignment = "RIGHT"
            state.label(text=words)
        locked = item.greybox.locked
        row.prop(item.greybox, "locked", text="", icon="LOCKED" if locked else "UNLOCKED", emboss=False)

    def filter_items(
        self, context: bpy.types.Context, data: bpy.types.Scene, property: str
    ) -> tuple[list[int], list[int]]:
        objects = list(data.objects)
        flags = [self.bitflag_filter_item if boxes.is_box(obj) else 0 for obj in objects]
        by_name = sorted(range(len(objects)), key=lambda i: objects[i].name.lower())
        order = [0] * len(objects)
        for place, index in enumerate(by_name):
            order[index] = place
        return flags, order


class GREYBOX_PT_boxes(InSidebar, bpy.types.Panel):
    bl_label = "Boxes"
    bl_idname = "GREYBOX_PT_boxes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        row = layout.row(align=True)
        row.menu("GREYBOX_MT_add_box", text="Add Box", icon="ADD")
        row.operator("greybox.add_box_from_selection", text="", icon="PIVOT_BOUNDBOX")
        all_boxes = boxes.all_boxes(context.scene)
        if not all_boxes:
            layout.operator_menu_enum("greybox.load_example", "name", text="Load Example", icon="FILE_FOLDER")
            return
        active = boxes.active_box(context)
        rows = min(max(len(all_boxes), 3), LIST_ROWS)
        settings = context.scene.greybox
        layout.template_list(
            "GREYBOX_UL_boxes", "", context.scene, "objects", settings, "active_index", rows=rows, maxrows=rows
        )
        if active is not None:
            _box_settings(layout, context, active)


def _box_settings(layout: bpy.types.UILayout, context: bpy.types.Context, box: bpy.types.Object) -> None:
    settings = box.greybox
    layout.prop(settings, "prompt", text="")
    wrong = scene_reader.problem(box, context.scene)
    if wrong:
        note(layout, wrong)
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "kind")
    column.prop(settings, "generator")
    row = column.row(align=True, heading="Own Seed")
    row.prop(settings, "use_seed", text="")
    field = row.row()
    field.active = settings.use_seed
    field.prop(settings, "seed", text="")
    column.prop(box, "dimensions", text="Size")


_classes = (
    GREYBOX_UL_boxes,
    GREYBOX_PT_boxes,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
