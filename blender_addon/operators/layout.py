"""Operators on the layout: boxes and examples."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty
from mathutils import Vector

from ...backend.protocol.errors import GreyboxError
from .. import boxes, examples, framing, presets, scene_reader, scene_writer
from .polling import InObjectMode

FLAT = 0.02  # metres: the least height of a box around flat things

PRESET_ITEMS = [("CUSTOM", "Custom", "A box of one metre")] + [
    (preset.name, preset.name, f"{preset.prompt}: {' x '.join(f'{side:g}' for side in preset.size)} m")
    for preset in presets.BY_NAME.values()
]
_EXAMPLES = [(name, examples.title(name), f"The layout '{examples.title(name)}'") for name in examples.names()]


class GREYBOX_OT_add_box(InObjectMode, bpy.types.Operator):
    """Add a layout box of real size at the 3D cursor"""

    bl_idname = "greybox.add_box"
    bl_label = "Add Layout Box"
    bl_options = {"REGISTER", "UNDO"}

    preset: EnumProperty(name="Preset", items=PRESET_ITEMS)
    prompt: StringProperty(name="Prompt", description="What the box is; empty takes the preset's words")

    def execute(self, context: bpy.types.Context) -> set[str]:
        preset = presets.BY_NAME.get(self.preset)
        name, size = (preset.name, preset.size) if preset else ("Box", (1.0, 1.0, 1.0))
        prompt = self.prompt or (preset.prompt if preset else "")
        metres = _metres(context)
        box = boxes.add_box(
            context.scene, name, prompt, context.scene.cursor.location, [side / metres for side in size]
        )
        boxes.select_only(context, box)
        return {"FINISHED"}


class GREYBOX_OT_add_box_from_selection(InObjectMode, bpy.types.Operator):
    """Add a layout box around the bounds of the selected objects"""

    bl_idname = "greybox.add_box_from_selection"
    bl_label = "Add Box from Selection"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not context.selected_objects:
            cls.poll_message_set("Select the objects that the box should surround")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        points = [obj.matrix_world @ Vector(corner) for obj in context.selected_objects for corner in obj.bound_box]
        low = Vector(min(p[i] for p in points) for i in range(3))
        high = Vector(max(p[i] for p in points) for i in range(3))
        least = FLAT / _metres(context)
        size = [max(high[i] - low[i], least) for i in range(3)]
        floor = ((low.x + high.x) / 2, (low.y + high.y) / 2, low.z)
        name = context.object.name if context.object else "Box"
        box = boxes.add_box(context.scene, f"{name} Box", name.lower(), floor, size)
        boxes.select_only(context, box)
        return {"FINISHED"}


class GREYBOX_OT_frame_boxes(InObjectMode, bpy.types.Operator):
    """Move the camera along its view until it sees all boxes; adds a camera where there is none"""

    bl_idname = "greybox.frame_boxes"
    bl_label = "Frame the Boxes"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        framing.frame_boxes(context)
        look_through_camera(context)
        return {"FINISHED"}


class GREYBOX_OT_cycle_show(bpy.types.Operator):
    """Show boxes and results, only the boxes, or only the results"""

    bl_idname = "greybox.cycle_show"
    bl_label = "Toggle Boxes and Results"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        order = ("BOTH", "RESULTS", "BOXES")
        settings = context.scene.greybox
        settings.show = order[(order.index(settings.show) + 1) % len(order)]
        return {"FINISHED"}


class GREYBOX_OT_load_example(InObjectMode, bpy.types.Operator):
    """Open a finished layout of boxes with prompts and a camera"""

    bl_idname = "greybox.load_example"
    bl_label = "Load Example"
    bl_options = {"REGISTER", "UNDO"}

    name: EnumProperty(name="Example", items=_EXAMPLES)
    new_scene: BoolProperty(
        name="In a New Scene", description="Leaves the objects of the current scene alone", default=True
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _EXAMPLES:
            cls.poll_message_set("This installation has no examples")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            spec = examples.read(self.name)
        except GreyboxError as error:
            self.report({"ERROR"}, error.message)
            return {"CANCELLED"}
        if self.new_scene and context.window is not None:
            context.window.scene = bpy.data.scenes.new(examples.title(self.name))
        scene_writer.write_scene(context, spec)
        look_through_camera(context)
        return {"FINISHED"}


class GREYBOX_MT_add_box(bpy.types.Menu):
    """Layout boxes by what they stand for"""

    bl_idname = "GREYBOX_MT_add_box"
    bl_label = "Layout Box"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.operator_context = "INVOKE_REGION_WIN"
        layout.operator("greybox.draw_box", text="Draw", icon="GREASEPENCIL")
        layout.operator_context = "EXEC_REGION_WIN"
        layout.operator("greybox.add_box", text="Custom", icon="CUBE").preset = "CUSTOM"
        layout.operator("greybox.add_box_from_selection", text="From Selection", icon="PIVOT_BOUNDBOX")
        layout.separator()
        for index in range(len(presets.PRESETS)):
            layout.menu(f"GREYBOX_MT_add_box_{index}")


def _group_menu(index: int, group: str) -> type[bpy.types.Menu]:
    """A menu of one group of presets."""

    def draw(self: bpy.types.Menu, context: bpy.types.Context) -> None:
        self.layout.operator_context = "EXEC_REGION_WIN"
        for preset in presets.PRESETS[group]:
            self.layout.operator("greybox.add_box", text=preset.name).preset = preset.name

    name = f"GREYBOX_MT_add_box_{index}"
    return type(name, (bpy.types.Menu,), {"bl_idname": name, "bl_label": group, "draw": draw})


def look_through_camera(context: bpy.types.Context) -> None:
    """Turns the 3D viewports of this window to the camera."""
    if context.window is None or context.scene.camera is None:
        return
    for area in context.window.screen.areas:
        if area.type == "VIEW_3D":
            area.spaces.active.region_3d.view_perspective = "CAMERA"


def _metres(context: bpy.types.Context) -> float:
    return scene_reader.metres_per_unit(context.scene)


def _in_add_menu(self: bpy.types.Menu, context: bpy.types.Context) -> None:
    self.layout.menu("GREYBOX_MT_add_box", icon="CUBE")


_classes = (
    GREYBOX_OT_add_box,
    GREYBOX_OT_add_box_from_selection,
    GREYBOX_OT_frame_boxes,
    GREYBOX_OT_cycle_show,
    GREYBOX_OT_load_example,
    GREYBOX_MT_add_box,
    *(_group_menu(index, group) for index, group in enumerate(presets.PRESETS)),
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)
    bpy.types.VIEW3D_MT_add.append(_in_add_menu)


def unregister() -> None:
    bpy.types.VIEW3D_MT_add.remove(_in_add_menu)
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
