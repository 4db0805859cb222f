"""Operators on the backend: start, stop, pair with one elsewhere, look at its log and at what is wrong."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_rpt as rpt_
from bpy.props import StringProperty

from ...backend.protocol.endpoint import read_pairing
from ...backend.protocol.errors import GreyboxError
from .. import jobs, logs, preferences, report
from ..session import restart_backend


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


class _OnOwnBackend:
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


class GREYBOX_OT_stop_backend(_OnOwnBackend, bpy.types.Operator):
    """End the backend; unfinished jobs wait for its next start"""

    bl_idname = "greybox.stop_backend"
    bl_label = "Stop Backend"

    def execute(self, context: bpy.types.Context) -> set[str]:
        jobs.stop_backend()
        return {"FINISHED"}


class GREYBOX_OT_restart_backend(_OnOwnBackend, bpy.types.Operator):
    """End the backend and start it again; unfinished jobs go on"""

    bl_idname = "greybox.restart_backend"
    bl_label = "Restart Backend"

    def execute(self, context: bpy.types.Context) -> set[str]:
        restart_backend()
        return {"FINISHED"}


class GREYBOX_OT_open_preferences(bpy.types.Operator):
    """Show the preferences of Greybox"""

    bl_idname = "greybox.open_preferences"
    bl_label = "Open Preferences"

    def execute(self, context: bpy.types.Context) -> set[str]:
        bpy.ops.preferences.addon_show(module=preferences.PACKAGE)
        return {"FINISHED"}


class GREYBOX_OT_pair(bpy.types.Operator):
    """Use a backend on another computer: paste the line that it printed, with host, port and keys in one"""

    bl_idname = "greybox.pair"
    bl_label = "Paste Pairing String"

    text: StringProperty(name="Pairing String", options={"SKIP_SAVE"}, subtype="PASSWORD")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if preferences.stored(context) is None:
            cls.poll_message_set("The add-on is not enabled")
            return False
        current = jobs.session()
        if current is not None and current.book.running():
            cls.poll_message_set("Wait for the running jobs to end, or cancel them")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        self.text = context.window_manager.clipboard if len(context.window_manager.clipboard) < 2000 else ""
        return context.window_manager.invoke_props_dialog(self, width=420)

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            pairing = read_pairing(self.text)
            preferences.pair(context, pairing)
            jobs.disconnect()
            jobs.connect(context)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        self.report({"INFO"}, rpt_("Paired with {}").format(pairing.host))
        return {"FINISHED"}


class GREYBOX_OT_open_log(bpy.types.Operator):
    """Show the end of the backend's logs in a Text Editor"""

    bl_idname = "greybox.open_log"
    bl_label = "Open Log"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        settings = preferences.read(context)
        if settings.remote:
            cls.poll_message_set("The log is on the other computer")
            return False
        if not logs.files(settings.folder):
            cls.poll_message_set("There is no log yet")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        logs.show(context, "Greybox Log", logs.text(preferences.read(context).folder))
        return {"FINISHED"}


class GREYBOX_OT_doctor(bpy.types.Operator):
    """Look at what this computer has and what Greybox misses, and show it in a Text Editor"""

    bl_idname = "greybox.doctor"
    bl_label = "Check This Computer"

    def execute(self, context: bpy.types.Context) -> set[str]:
        found = logs.findings(context)
        logs.show(context, "Greybox Check", "\n".join([*found, "", report.text(context)]), from_end=False)
        wrong = sum(line.startswith("FIX") for line in found)
        words = rpt_("{} things to fix").format(wrong) if wrong else rpt_("All is well")
        self.report({"WARNING" if wrong else "INFO"}, words)
        return {"FINISHED"}


_classes = (
    GREYBOX_OT_start_backend,
    GREYBOX_OT_stop_backend,
    GREYBOX_OT_restart_backend,
    GREYBOX_OT_open_preferences,
    GREYBOX_OT_pair,
    GREYBOX_OT_open_log,
    GREYBOX_OT_doctor,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
