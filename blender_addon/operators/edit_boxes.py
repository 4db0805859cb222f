"""Operators that change boxes that are there: real sizes, prompts, sharing one generation."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_tip as tip_
from bpy.props import BoolProperty, EnumProperty, StringProperty
from mathutils import Vector

from .. import boxes, faces, presets, scene_reader, sharing
from .layout import PRESET_ITEMS
from .polling import InObjectMode, poll_box

WIDE = 420  # pixels at 100 % scale


class GREYBOX_OT_harmonise_sizes(InObjectMode, bpy.types.Operator):
    """Give all boxes whose words name a thing of known size their true sizes, so that a dog is smaller than a bus"""

    bl_idname = "greybox.harmonise_sizes"
    bl_label = "Harmonise Sizes"
    bl_options = {"REGISTER", "UNDO"}

    only_selected: BoolProperty(name="Only Selected", description="Leave boxes that are not selected alone")
    to: EnumProperty(
        name="To",
        items=[
            ("REAL", "Metres", "The size of the real thing"),
            ("LARGEST", "Largest", "The largest thing keeps its length; the others follow"),
        ],
    )
    on_floor: BoolProperty(name="On the Floor", description="Put them down to height 0", default=True)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        chosen = boxes.selected_boxes(context) if self.only_selected else boxes.all_boxes(context.scene)
        known = {box: presets.asset_of(box.greybox.kind, box.greybox.prompt or box.name) for box in chosen}
        known = {box: asset for box, asset in known.items() if asset}
        sizes, message = presets.harmonised(list(known.values()))
        if not sizes:
            self.report({"WARNING"}, "No box names a thing whose size is known: write 'chair', 'bus', 'dog' ...")
            return {"CANCELLED"}
        context.view_layer.update()
        factor = self._factor(context, known, sizes)
        for box, asset in known.items():
            faces.resize(box, Vector(sizes[asset]) * factor)
            if self.on_floor:
                context.view_layer.update()
                matrix = box.matrix_world.copy()
                matrix.translation.z -= faces.face(box, 2, -1).centre.z
                box.matrix_world = matrix
        self.report({"INFO"}, message)
        return {"FINISHED"}

    def _factor(self, context: bpy.types.Context, known: dict, sizes: dict) -> float:
        """Scene units per metre of the table's sizes."""
        if self.to == "REAL":
            return 1.0 / scene_reader.metres_per_unit(context.scene)
        box = max(known, key=lambda box: max(sizes[known[box]]))
        now = max(faces.face(box, axis, 1).extent for axis in range(3))
        return now / max(sizes[known[box]])


class GREYBOX_OT_resize_to_preset(InObjectMode, bpy.types.Operator):
    """Give the selected boxes the real size of a thing; their floors stay where they are"""

    bl_idname = "greybox.resize_to_preset"
    bl_label = "Resize to Preset"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "preset"

    preset: EnumProperty(name="Preset", items=PRESET_ITEMS[1:])
    words: BoolProperty(name="Take the Words", description="Write the preset's words into empty prompts", default=True)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.selected_boxes(context):
            cls.poll_message_set("Select a layout box")
            return False
        return super().poll(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        context.window_manager.invoke_search_popup(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        preset = presets.BY_NAME[self.preset]
        metres = scene_reader.metres_per_unit(context.scene)
        for box in boxes.selected_boxes(context):
            faces.resize(box, Vector(preset.size) / metres)
            if self.words and not box.greybox.prompt:
                box.greybox.prompt = preset.prompt
        return {"FINISHED"}


class GREYBOX_OT_copy_box_settings(bpy.types.Operator):
    """Copy the prompt of the active box to the other selected boxes"""

    bl_idname = "greybox.copy_box_settings"
    bl_label = "Copy Prompt to Selected"
    bl_options = {"REGISTER", "UNDO"}

    prompt: BoolProperty(name="Prompt", default=True)
    kind: BoolProperty(name="Kind", default=True)
    generator: BoolProperty(name="Generator", default=True)
    seed: BoolProperty(name="Seed", default=False)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _poll_several(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        active = boxes.active_box(context)
        names = [name for name in ("prompt", "kind", "generator") if getattr(self, name)]
        names += ["use_seed", "seed"] if self.seed else []
        for box in boxes.selected_boxes(context):
            for name in names if box != active else ():
                setattr(box.greybox, name, getattr(active.greybox, name))
        return {"FINISHED"}


class GREYBOX_OT_share_generation(bpy.types.Operator):
    """Let the selected boxes be the same thing as the active one: it is made once and stands in all of them"""

    bl_idname = "greybox.share_generation"
    bl_label = "Share One Generation"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _poll_several(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        active = boxes.active_box(context)
        active.greybox.same_as = None
        for box in boxes.selected_boxes(context):
            if box != active:
                box.greybox.same_as = active
        _spread(context, active)
        return {"FINISHED"}


class GREYBOX_OT_bring_shared(bpy.types.Operator):
    """Put the asset of the box that this one is the same as into it"""

    bl_idname = "greybox.bring_shared"
    bl_label = "Bring the Shared Asset"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        box = boxes.active_box(context)
        if box is None or sharing.source(box) == box:
            cls.poll_message_set("Select a box that is the same as another one")
            return False
        if boxes.result_of(sharing.source(box)) is None:
            words = tip_("Nothing stands in '{}' yet: generate it first")
            cls.poll_message_set(words.format(sharing.source(box).name))
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        _spread(context, sharing.source(boxes.active_box(context)))
        return {"FINISHED"}


class GREYBOX_OT_edit_prompt(bpy.types.Operator):
    """Write what the active box is"""

    bl_idname = "greybox.edit_prompt"
    bl_label = "Edit Prompt"
    bl_options = {"REGISTER", "UNDO"}

    prompt: StringProperty(name="Prompt", description="What the box is: the thing, its material, its colour")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return poll_box(cls, context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.prompt = boxes.active_box(context).greybox.prompt
        return context.window_manager.invoke_props_dialog(self, width=WIDE)

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.activate_init = True  # the text can be typed at once
        self.layout.prop(self, "prompt", text="")

    def execute(self, context: bpy.types.Context) -> set[str]:
        boxes.active_box(context).greybox.prompt = self.prompt
        return {"FINISHED"}


class GREYBOX_OT_split_copies(InObjectMode, bpy.types.Operator):
    """Make a box of every copy that the array of the active box makes; they share one generation"""

    bl_idname = "greybox.split_copies"
    bl_label = "Make Boxes of the Array"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        box = boxes.active_box(context)
        if box is None or not sharing.has_copies(box):
            cls.poll_message_set("Select a layout box with an Array modifier")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        made = sharing.split(context, boxes.active_box(context))
        for box in made:
            box.select_set(True)
        self.report({"INFO"}, tip_("{} boxes, one generation").format(len(made) + 1))
        return {"FINISHED"}


class GREYBOX_OT_select_boxes(InObjectMode, bpy.types.Operator):
    """Select all layout boxes, and nothing else"""

    bl_idname = "greybox.select_boxes"
    bl_label = "Select All Boxes"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        found = [box for box in boxes.all_boxes(context.scene) if box.visible_get()]
        for obj in context.selected_objects:
            obj.select_set(False)
        for box in found:
            box.select_set(True)
        if found and not boxes.is_box(context.object):
            context.view_layer.objects.active = found[0]
        return {"FINISHED"}


def _spread(context: bpy.types.Context, box: bpy.types.Object) -> None:
    context.view_layer.update()
    sharing.spread(context.scene, box)
    boxes.show(context.scene, context.view_layer, context.scene.greybox.show)


def _poll_several(cls: type, context: bpy.types.Context) -> bool:
    if boxes.active_box(context) is None or len(boxes.selected_boxes(context)) < 2:
        cls.poll_message_set("Select several boxes; the active one is the model")
        return False
    return True


_classes = (
    GREYBOX_OT_harmonise_sizes,
    GREYBOX_OT_resize_to_preset,
    GREYBOX_OT_copy_box_settings,
    GREYBOX_OT_share_generation,
    GREYBOX_OT_bring_shared,
    GREYBOX_OT_edit_prompt,
    GREYBOX_OT_split_copies,
    GREYBOX_OT_select_boxes,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
