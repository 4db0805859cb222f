"""Operators on results: variants and export."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.props import IntProperty, StringProperty
from bpy_extras.io_utils import ExportHelper

from .. import boxes, scene_writer
from .polling import poll_box


class GREYBOX_OT_show_variant(bpy.types.Operator):
    """Let another of this box's results stand in it; modifiers and animation stay"""

    bl_idname = "greybox.show_variant"
    bl_label = "Show Variant"
    bl_options = {"REGISTER", "UNDO"}

    step: IntProperty(name="Step", default=1)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not poll_box(cls, context):
            return False
        if len(boxes.active_box(context).greybox.variants) < 2:
            cls.poll_message_set("Regenerate the box to have a variant to choose")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        box = boxes.active_box(context)
        index = (box.greybox.active_variant + self.step) % len(box.greybox.variants)
        scene_writer.show_variant(context.scene, box, index)
        return {"FINISHED"}


class GREYBOX_OT_remove_variant(bpy.types.Operator):
    """Forget the variant that stands in the box; the one before takes its place"""

    bl_idname = "greybox.remove_variant"
    bl_label = "Remove Variant"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not poll_box(cls, context):
            return False
        if not boxes.active_box(context).greybox.variants:
            cls.poll_message_set("The box has no result yet")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        scene_writer.remove_variant(context.scene, boxes.active_box(context))
        return {"FINISHED"}


class GREYBOX_OT_export_glb(bpy.types.Operator, ExportHelper):
    """Save the selected results, or all, as one GLB file with their textures"""

    bl_idname = "greybox.export_glb"
    bl_label = "Export GLB"

    filename_ext = ".glb"
    filter_glob: StringProperty(default="*.glb", options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not hasattr(bpy.ops.export_scene, "gltf") or "io_scene_gltf2" not in context.preferences.addons:
            cls.poll_message_set("Enable the add-on 'glTF 2.0 format' first")
            return False
        if not any(boxes.result_of(box) for box in boxes.all_boxes(context.scene)):
            cls.poll_message_set("Generate something first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = boxes.selected_boxes(context) or boxes.all_boxes(context.scene)
        results = [result for box in chosen if (result := boxes.result_of(box)) is not None]
        if not results:
            self.report({"WARNING"}, "The selected boxes have no results")
            return {"CANCELLED"}
        scene_writer.export_glb(context, results, self.filepath)
        self.report({"INFO"}, f"Saved {len(results)} results to {self.filepath}")
        return {"FINISHED"}


_classes = (
    GREYBOX_OT_show_variant,
    GREYBOX_OT_remove_variant,
    GREYBOX_OT_export_glb,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
