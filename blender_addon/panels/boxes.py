"""The list of boxes, and what the active one is."""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

import bpy
from bpy.props import EnumProperty

from .. import boxes, scene_reader, sharing
from ..status import state_of
from .drawing import InSidebar, note, wrapped

LIST_ROWS = 7
NAME_SHARE = 0.5  # of a row


class GREYBOX_UL_boxes(bpy.types.UIList):
    """The scene's objects, of which only boxes are shown: with their state and their lock."""

    bl_idname = "GREYBOX_UL_boxes"

    column: EnumProperty(
        name="Column",
        description="What stands beside the names",
        items=[
            ("STATE", "State", "What is going on with the box"),
            ("PROMPT", "Prompt", "What the box is"),
            ("KIND", "Kind", "The kind of object, where it is fixed"),
            ("GENERATOR", "Generator", "Who makes it"),
            ("SEED", "Seed", "Its own seed, where it has one"),
        ],
    )

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
        settings = item.greybox
        symbol, words, _ = state_of(item)
        oddity, usable = boxes.shape_word(item)
        row = layout.row(align=True)
        symbol = "ERROR" if oddity and not usable else symbol
        said = oddity or words
        if said or self.column != "STATE":
            split = row.split(factor=NAME_SHARE, align=True)
            split.prop(item, "name", text="", emboss=False, icon=symbol)
            beside = split.row(align=True)
            beside.alert = bool(oddity) and not usable
            if oddity or self.column == "STATE":
                beside.label(text=said)
            else:
                self._draw_value(beside, settings)
        else:
            row.prop(item, "name", text="", emboss=False, icon=symbol)
        if settings.same_as is not None:
            row.label(text="", icon="LINKED")
        row.prop(settings, "locked", text="", icon="LOCKED" if settings.locked else "UNLOCKED", emboss=False)

    def _draw_value(self, row: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
        if self.column == "SEED":
            row.prop(settings, "use_seed", text="")
            if settings.use_seed:
                row.prop(settings, "seed", text="", emboss=False)
            return
        row.prop(settings, self.column.lower(), text="", emboss=False)

    def draw_filter(self, context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
        row = layout.row(align=True)
        row.prop(self, "filter_name", text="", icon="VIEWZOOM")
        row.prop(self, "use_filter_invert", text="", icon="ARROW_LEFTRIGHT")
        layout.row(align=True).prop(self, "column", text="")

    def filter_items(
        self, context: bpy.types.Context, data: bpy.types.Scene, property: str
    ) -> tuple[list[int], list[int]]:
        objects = list(data.objects)
        wanted = self.filter_name.lower()
        flags = [self.bitflag_filter_item if self._shown(obj, wanted) else 0 for obj in objects]
        by_name = sorted(range(len(objects)), key=lambda i: objects[i].name.lower())
        order = [0] * len(objects)
        for place, index in enumerate(by_name):
            order[index] = place
        return flags, order

    def _shown(self, obj: bpy.types.Object, wanted: str) -> bool:
        """Boxes whose name, words, kind or generator hold what is looked for."""
        if not boxes.is_box(obj):
            return False
        settings = obj.greybox
        found = any(wanted in text.lower() for text in (obj.name, settings.prompt, settings.kind, settings.generator))
        return found != (self.use_filter_invert and bool(wanted))


class GREYBOX_PT_boxes(InSidebar, bpy.types.Panel):
    bl_label = "Boxes"
    bl_idname = "GREYBOX_PT_boxes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        row = layout.row(align=True)
        row.menu("GREYBOX_MT_add_box", text="Add Box", icon="ADD")
        row.operator_context = "INVOKE_REGION_WIN"
        row.operator("greybox.draw_box", text="", icon="GREASEPENCIL")
        row.operator("greybox.add_box_from_selection", text="", icon="PIVOT_BOUNDBOX")
        all_boxes = boxes.all_boxes(context.scene)
        if not all_boxes:
            layout.operator_menu_enum("greybox.load_example", "name", text="Load Example", icon="FILE_FOLDER")
            return
        row.menu("GREYBOX_MT_boxes", text="", icon="DOWNARROW_HLT")
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
        if boxes.shape_word(box)[0]:
            layout.operator("greybox.straighten_boxes", icon="MODIFIER").upright = False
    elif sharing.has_copies(box):
        wrapped(layout.column(align=True), "Its modifiers make copies: only the first is generated", "INFO")
        layout.operator("greybox.split_copies", icon="MOD_ARRAY")
    elif boxes.shape_word(box)[0]:
        words = "Tilted: the image model draws it upright, in the room that it takes"
        wrapped(layout.column(align=True), words, "INFO")
        layout.operator("greybox.straighten_boxes", text="Stand Upright", icon="MODIFIER").upright = True
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "same_as")
    source = sharing.source(box)
    if source != box:
        column.operator("greybox.bring_shared", icon="LINKED")
    else:
        column.prop(settings, "kind")
        column.prop(settings, "generator")
        row = column.row(align=True, heading="Own Seed")
        row.prop(settings, "use_seed", text="")
        field = row.row()
        field.active = settings.use_seed
        field.prop(settings, "seed", text="")
    column.prop(box, "dimensions", text="Size")
    layout.operator("greybox.resize_to_preset", icon="FIXED_SIZE")


class GREYBOX_MT_boxes(bpy.types.Menu):
    """What can be done with boxes that are there"""

    bl_idname = "GREYBOX_MT_boxes"
    bl_label = "Layout Boxes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.operator_context = "INVOKE_DEFAULT"
        layout.operator("greybox.edit_prompt", icon="GREASEPENCIL")
        layout.operator("greybox.copy_box_settings", icon="COPYDOWN")
        layout.operator("greybox.share_generation", icon="LINKED")
        layout.operator("greybox.split_copies", icon="MOD_ARRAY")
        layout.operator("greybox.resize_to_preset", icon="FIXED_SIZE")
        layout.operator("greybox.harmonise_sizes", icon="CON_SIZELIMIT")
        layout.operator("greybox.drop_to_floor", icon="TRIA_DOWN_BAR")
        layout.operator("greybox.straighten_boxes", icon="MODIFIER")
        layout.separator()
        layout.operator("greybox.select_boxes", icon="RESTRICT_SELECT_OFF")
        layout.operator("wm.batch_rename", icon="SORTALPHA")
        layout.separator()
        layout.operator("greybox.frame_boxes", icon="CAMERA_DATA")
        layout.operator("greybox.fit_camera", icon="MODIFIER")
        layout.operator("greybox.exact_condition", icon="RENDER_STILL")


def _in_context_menu(self: bpy.types.Menu, context: bpy.types.Context) -> None:
    if boxes.active_box(context) is not None:
        self.layout.separator()
        self.layout.operator_context = "INVOKE_DEFAULT"
        self.layout.operator("greybox.edit_prompt", icon="GREASEPENCIL")
        self.layout.menu("GREYBOX_MT_boxes", icon="CUBE")


def _in_object_menu(self: bpy.types.Menu, context: bpy.types.Context) -> None:
    self.layout.separator()
    self.layout.menu("GREYBOX_MT_boxes", icon="CUBE")


_classes = (
    GREYBOX_UL_boxes,
    GREYBOX_PT_boxes,
    GREYBOX_MT_boxes,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)
    bpy.types.VIEW3D_MT_object.append(_in_object_menu)
    bpy.types.VIEW3D_MT_object_context_menu.append(_in_context_menu)


def unregister() -> None:
    bpy.types.VIEW3D_MT_object_context_menu.remove(_in_context_menu)
    bpy.types.VIEW3D_MT_object.remove(_in_object_menu)
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
