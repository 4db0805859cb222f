"""Operators on the backend: start and stop."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy

from ...backend.protocol.errors import GreyboxError
from .. import jobs


class GREYBOX_OT_start_backend(bpy.types.Operator):
    """Start the backend, or connect to the one that already runs"""

    bl_idname = "greybox.start_backend"
    bl_label = "Start Backend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        current = jobs.session()
        if current is not None and current.online:
            cls.poll_message_set("The backend is running")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.disconnect_dead()
        try:
            jobs.connect(context)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        return {"FINISHED"}


class GREYBOX_OT_stop_backend(bpy.types.Operator):
    """End the backend; unfinished jobs wait for its next start"""

    bl_idname = "greybox.stop_backend"
    bl_label = "Stop Backend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        current = jobs.session()
        if current is None or not current.online:
            cls.poll_message_set("No backend is running")
            return False
        if current.settings.remote:
            cls.poll_message_set("A backend on another computer is stopped there")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.stop_backend()
        return {"FINISHED"}


_classes = (
    GREYBOX_OT_start_backend,
    GREYBOX_OT_stop_backend,
)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
