"""When an operator can be pressed, and why not."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy

from .. import boxes


class InObjectMode:
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.mode != "OBJECT":
            cls.poll_message_set("Switch to Object Mode first")
            return False
        return True


def poll_box(cls: type, context: bpy.types.Context) -> bool:
    if boxes.active_box(context) is None:
        cls.poll_message_set("Select a layout box or a result")
        return False
    return True


def poll_unlocked(cls: type, context: bpy.types.Context) -> bool:
    """Whether there is a box to generate."""
    every = boxes.all_boxes(context.scene)
    if not every:
        cls.poll_message_set("Add a layout box first, or load an example")
        return False
    if all(box.greybox.locked for box in every):
        cls.poll_message_set("All boxes are locked: unlock one, or generate the selected ones")
        return False
    return True
