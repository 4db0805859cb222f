"""Operators on the picture of the scene: approve it, make another one, look at it."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import random

import bpy
from bpy.props import BoolProperty, IntProperty

from .. import backdrop, boxes, jobs
from ..job_book import PICTURE, Job
from .jobs import SEEDS, send_job
from .polling import poll_unlocked


class GREYBOX_OT_make_picture(bpy.types.Operator):
    """Make a picture of the whole layout; the 3D starts when you approve it"""

    bl_idname = "greybox.make_picture"
    bl_label = "Make Picture"

    new_seed: BoolProperty(name="New Seed", description="Another picture of the same words", default=False)

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if properties.new_seed:
            return "Make another picture of the same boxes and words"
        return cls.__doc__ or ""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.all_boxes(context.scene):
            cls.poll_message_set("Add a layout box first, or load an example")
            return False
        if context.scene.camera is None:
            cls.poll_message_set("Add a camera first: Frame the Boxes makes one")
            return False
        if busy_picture(context) is not None:
            cls.poll_message_set("The picture is being made")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        if self.new_seed:
            context.scene.greybox.seed = random.SystemRandom().randrange(SEEDS)
        return send_job(self, context, boxes.all_boxes(context.scene), "Picture", "image")


class GREYBOX_OT_approve_picture(bpy.types.Operator):
    """Go on with this picture: make the 3D assets of every box that is not locked"""

    bl_idname = "greybox.approve_picture"
    bl_label = "Approve and Go On"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if busy_picture(context) is not None:
            cls.poll_message_set("The picture is being made")
            return False
        if context.scene.greybox.picture is None:
            cls.poll_message_set("Make a picture first")
            return False
        return poll_unlocked(cls, context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        targets = [box for box in boxes.all_boxes(context.scene) if not box.greybox.locked]
        return send_job(self, context, targets)


class GREYBOX_OT_choose_picture(bpy.types.Operator):
    """Show this one of the pictures, and take its seed"""

    bl_idname = "greybox.choose_picture"
    bl_label = "Choose Picture"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Index", min=0)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not context.scene.greybox.pictures:
            cls.poll_message_set("Make a picture first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        backdrop.choose(context.scene, min(self.index, len(context.scene.greybox.pictures) - 1))
        return {"FINISHED"}


class GREYBOX_OT_look_at_picture(bpy.types.Operator):
    """Look through the camera that the picture was made with"""

    bl_idname = "greybox.look_at_picture"
    bl_label = "Look at Picture"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene.greybox.picture_view is None:
            cls.poll_message_set("Make a picture first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        backdrop.look(context, context.scene.greybox.picture_view)
        return {"FINISHED"}


def busy_picture(context: bpy.types.Context) -> Job | None:
    """The job that is making the scene's picture now."""
    current = jobs.session()
    job = current.book.jobs.get(context.scene.greybox.picture_job) if current else None
    return job if job is not None and not job.ended and not job.ready(PICTURE) else None


_classes = (
    GREYBOX_OT_make_picture,
    GREYBOX_OT_approve_picture,
    GREYBOX_OT_choose_picture,
    GREYBOX_OT_look_at_picture,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
