"""Operators on the camera: what it sees, its shape, and the condition that is made through it."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.props import EnumProperty

from ...backend.protocol.errors import GreyboxError
from .. import boxes, condition_picture, framing, jobs

ASPECTS = {"1:1": (1, 1), "4:3": (4, 3), "3:2": (3, 2), "16:9": (16, 9), "3:4": (3, 4), "2:3": (2, 3), "9:16": (9, 16)}


class _OnCamera:
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        camera = context.scene.camera
        if camera is None or camera.type != "CAMERA":
            cls.poll_message_set("Add a camera first: press Frame the Boxes")
            return False
        return True


class GREYBOX_OT_set_aspect(bpy.types.Operator):
    """Give the picture these proportions; its longer side keeps its pixels"""

    bl_idname = "greybox.set_aspect"
    bl_label = "Aspect"
    bl_options = {"REGISTER", "UNDO"}

    aspect: EnumProperty(
        name="Aspect",
        items=[(name, name, "What the image model draws" if name == "1:1" else "") for name in ASPECTS],
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        across, up = ASPECTS[self.aspect]
        render = context.scene.render
        longer = max(render.resolution_x, render.resolution_y)
        render.resolution_x = round(longer * across / max(across, up))
        render.resolution_y = round(longer * up / max(across, up))
        return {"FINISHED"}


class GREYBOX_OT_fit_camera(_OnCamera, bpy.types.Operator):
    """Make the camera one that the image model can see through: perspective, level, looking down, without shift"""

    bl_idname = "greybox.fit_camera"
    bl_label = "Make the Camera Fit"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        framing.make_representable(context.scene)
        return {"FINISHED"}


class GREYBOX_OT_exact_condition(_OnCamera, bpy.types.Operator):
    """Let the backend render the condition exactly as the image model gets it; it becomes an image of this file"""

    bl_idname = "greybox.exact_condition"
    bl_label = "Exact Condition"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            job = jobs.send(context, condition_picture.request(context), [])
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
            return {"CANCELLED"}
        context.scene.greybox.condition_job = job.id
        return {"FINISHED"}


class GREYBOX_OT_open_condition(bpy.types.Operator):
    """Show the exact condition in a window of its own"""

    bl_idname = "greybox.open_condition"
    bl_label = "Open Condition"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene.greybox.condition_image is None:
            cls.poll_message_set("Render it first: press Exact Condition")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        bpy.ops.wm.window_new()
        area = max(context.window_manager.windows[-1].screen.areas, key=lambda area: area.width * area.height)
        area.type = "IMAGE_EDITOR"
        area.spaces.active.image = context.scene.greybox.condition_image
        return {"FINISHED"}


_classes = (
    GREYBOX_OT_set_aspect,
    GREYBOX_OT_fit_camera,
    GREYBOX_OT_exact_condition,
    GREYBOX_OT_open_condition,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
