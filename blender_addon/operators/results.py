"""Operators on results: variants, recipes, what becomes of them."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_rpt as rpt_
from bpy.props import BoolProperty, IntProperty, StringProperty
from bpy_extras.io_utils import ExportHelper

from ...backend.protocol.errors import GreyboxError
from .. import boxes, results, scene_writer
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


class GREYBOX_OT_choose_variant(bpy.types.Operator):
    """Let this variant stand in the box; modifiers and animation stay"""

    bl_idname = "greybox.choose_variant"
    bl_label = "Choose Variant"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Index", min=0)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_variant(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        box = boxes.active_box(context)
        scene_writer.show_variant(context.scene, box, min(self.index, len(box.greybox.variants) - 1))
        return {"FINISHED"}


class GREYBOX_OT_repeat_variant(bpy.types.Operator):
    """Make what stands in the box once more from its recipe: prompt, seed, generator, camera and settings"""

    bl_idname = "greybox.repeat_variant"
    bl_label = "Repeat"

    new_seed: BoolProperty(name="New Seed", description="Another one of the same", default=False)

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if properties.new_seed:
            return "Make another one from the recipe of what stands in the box, with a new seed"
        return cls.__doc__ or ""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_variant(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            results.make_again(context, boxes.active_box(context), self.new_seed)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
            return {"CANCELLED"}
        return {"FINISHED"}


class GREYBOX_OT_copy_recipe(bpy.types.Operator):
    """Copy the recipe of what stands in the box, as text: everything that makes it again"""

    bl_idname = "greybox.copy_recipe"
    bl_label = "Copy Recipe"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_variant(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        context.window_manager.clipboard = results.active_variant(boxes.active_box(context)).recipe
        self.report({"INFO"}, "The recipe is in the clipboard")
        return {"FINISHED"}


class GREYBOX_OT_apply_result(bpy.types.Operator):
    """Make the results of the selected boxes ordinary objects with a scale of 1; the boxes keep their variants"""

    bl_idname = "greybox.apply_result"
    bl_label = "Apply"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_results(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        detached = [results.detach(result) for result in _selected_results(context)]
        for obj in detached:
            obj.select_set(True)
        self.report({"INFO"}, rpt_("{} objects are yours now").format(len(detached)))
        return {"FINISHED"}


class GREYBOX_OT_mark_asset(bpy.types.Operator):
    """Offer the results of the selected boxes in the asset browser, with prompt, tags and picture"""

    bl_idname = "greybox.mark_asset"
    bl_label = "Mark as Asset"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_results(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        marked = [results.mark_as_asset(context.scene, obj.parent, obj) for obj in _selected_results(context)]
        words = rpt_("{} assets are in the asset browser, under Current File")
        self.report({"INFO"}, words.format(len(marked)))
        return {"FINISHED"}


class GREYBOX_OT_remove_variant(bpy.types.Operator):
    """Forget the variant that stands in the box; the one before takes its place"""

    bl_idname = "greybox.remove_variant"
    bl_label = "Remove Variant"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_variant(cls, context)

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
        found = [result for box in chosen if (result := boxes.result_of(box)) is not None]
        if not found:
            self.report({"WARNING"}, "The selected boxes have no results")
            return {"CANCELLED"}
        scene_writer.export_glb(context, found, self.filepath)
        self.report({"INFO"}, rpt_("Saved {} results to {}").format(len(found), self.filepath))
        return {"FINISHED"}


def poll_variant(cls: type, context: bpy.types.Context) -> bool:
    if not poll_box(cls, context):
        return False
    if not boxes.active_box(context).greybox.variants:
        cls.poll_message_set("The box has no result yet")
        return False
    return True


def poll_results(cls: type, context: bpy.types.Context) -> bool:
    if context.mode != "OBJECT":
        cls.poll_message_set("Switch to Object Mode first")
        return False
    if not _selected_results(context):
        cls.poll_message_set("Select a result, or a box that has one")
        return False
    return True


def _selected_results(context: bpy.types.Context) -> list[bpy.types.Object]:
    found = [boxes.result_of(box) for box in boxes.selected_boxes(context)]
    return [result for result in found if result is not None and boxes.is_box(result.parent)]


_classes = (
    GREYBOX_OT_show_variant,
    GREYBOX_OT_choose_variant,
    GREYBOX_OT_repeat_variant,
    GREYBOX_OT_copy_recipe,
    GREYBOX_OT_apply_result,
    GREYBOX_OT_mark_asset,
    GREYBOX_OT_remove_variant,
    GREYBOX_OT_export_glb,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
