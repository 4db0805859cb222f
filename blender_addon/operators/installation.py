"""Operators that bring what is missing: the backend's Python, the weights of a generator. Nothing before a yes."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_iface as iface_
from bpy.app.translations import pgettext_tip as tip_
from bpy.props import StringProperty

from ...backend.protocol.errors import GreyboxError
from .. import chores, installer, jobs, preferences
from ..session import restart_backend

WIDTH = 420  # of a dialog


class _Downloads:
    """Needs the internet, which Blender's user may have switched off; the loopback is not the internet."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if chores.running():
            cls.poll_message_set(tip_("{} is going on").format(chores.current().title))
            return False
        if preferences.read(context).remote:
            cls.poll_message_set("The backend is on another computer: it is set up there")
            return False
        if not bpy.app.online_access:
            cls.poll_message_set("Allow Online Access in Blender's Preferences, System: this downloads files")
            return False
        return True


class GREYBOX_OT_set_up(_Downloads, bpy.types.Operator):
    """Install what the backend needs into your data folder; shows the size first, and can be interrupted"""

    bl_idname = "greybox.set_up"
    bl_label = "Set Up Backend"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_props_dialog(self, width=WIDTH)

    def draw(self, context: bpy.types.Context) -> None:
        folder = preferences.read(context).folder
        free = installer.free_gb(folder)
        column = self.layout.column(align=True)
        download = iface_("About {:g} GB are downloaded from pypi.org and pytorch.org.")
        column.label(text=download.format(installer.download_gb()))
        column.label(text=iface_("{:g} GB of disk are needed, {:.1f} GB are free in").format(installer.DISK_GB, free))
        column.label(text=str(folder), icon="FILE_FOLDER", translate=False)
        try:
            column.label(text=f"Made with {installer.interpreter()}", icon="CONSOLE", translate=False)
        except GreyboxError as error:
            column.label(text=f"{error.message}. {error.remedy}", icon="ERROR")
        if free < installer.DISK_GB:
            column.label(text="That is too little: choose another folder in the preferences", icon="ERROR")

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            installer.set_up(preferences.SOURCE, preferences.read(context).folder, jobs.disconnect_dead)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        jobs.wake()
        return {"FINISHED"}


class GREYBOX_OT_download_weights(_Downloads, bpy.types.Operator):
    """Download the weights of this generator; shows the size first, and goes on where it was interrupted"""

    bl_idname = "greybox.download_weights"
    bl_label = "Download Weights"

    generator: StringProperty(options={"HIDDEN"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not super().poll(context):
            return False
        if not preferences.read(context).ready():
            cls.poll_message_set("Set up the backend first")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_props_dialog(self, width=WIDTH)

    def draw(self, context: bpy.types.Context) -> None:
        info = next(info for info in jobs.generators() if info.name == self.generator)
        column = self.layout.column(align=True)
        column.label(text=f"{info.label}: {info.missing}", translate=False)
        column.label(text=f"Licence: {info.licence}", translate=False)
        free = installer.free_gb(preferences.read(context).folder)
        column.label(text=iface_("{:.1f} GB of disk are free").format(free))

    def execute(self, context: bpy.types.Context) -> set[str]:
        info = next((info for info in jobs.generators() if info.name == self.generator), None)
        if info is None:
            self.report({"WARNING"}, "This generator is not known: start the backend")
            return {"CANCELLED"}
        try:
            installer.download_weights(preferences.read(context).backend(), info.name, info.label, restart_backend)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        jobs.wake()
        return {"FINISHED"}


class GREYBOX_OT_stop_chore(bpy.types.Operator):
    """Interrupt this; the same button goes on with it later"""

    bl_idname = "greybox.stop_chore"
    bl_label = "Interrupt"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if chores.current() is None:
            cls.poll_message_set("Nothing is being installed")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        if chores.running():
            chores.stop()
        else:
            chores.dismiss()
        return {"FINISHED"}


_classes = (GREYBOX_OT_set_up, GREYBOX_OT_download_weights, GREYBOX_OT_stop_chore)

register, unregister = bpy.utils.register_classes_factory(_classes)
