"""The backend: set-up, state, devices, generators, and what helps when it does not go well."""

from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_iface as iface_

from .. import chores, jobs, preferences
from ..remedies import buttons
from . import drawing
from .drawing import InSidebar, note, wrapped


class GREYBOX_PT_backend(InSidebar, bpy.types.Panel):
    bl_label = "Backend"
    bl_idname = "GREYBOX_PT_backend"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        settings = preferences.read(context)
        draw_chore(layout)
        if not settings.ready() and (current is None or not current.online):
            wrapped(layout, "Greybox makes assets in a process of its own. It is set up once.", "INFO")
            layout.operator("greybox.set_up", icon="IMPORT")
            layout.operator("greybox.pair", icon="LINKED")
            return
        state = current.link.state if current is not None else "not connected"
        where = f"{settings.host}: " if settings.remote else ""
        icon = "LINKED" if state == "online" else "UNLINKED"
        layout.label(text=f"{where}{iface_(state)}", icon=icon, translate=False)
        row = layout.row(align=True)
        row.operator("greybox.start_backend", text="Start", icon="PLAY")
        row.operator("greybox.stop_backend", text="Stop", icon="CANCEL")
        row.operator("greybox.restart_backend", text="", icon="FILE_REFRESH")
        if current is not None:
            _what_it_has(layout, current)
        row = layout.row(align=True)
        row.operator("greybox.open_log", text="Log", icon="TEXT")
        row.operator("greybox.doctor", text="Check", icon="CHECKMARK")
        row.operator("greybox.open_preferences", text="", icon="PREFERENCES")


def draw_chore(layout: bpy.types.UILayout) -> None:
    """The one bar of a set-up or a download."""
    chore = chores.current()
    if chore is None:
        return
    row = layout.row(align=True)
    if not chore.ended:
        row.progress(factor=chore.share, type="BAR", text=f"{chore.title}: {chore.share:.0%}")
        wrapped(layout, chore.text)
    elif chore.error:
        column = row.column()
        again = "not-set-up" if chore.name == "setup" else ""
        note(column, f"{chore.title}: {chore.error}", "", buttons(again)[:1] if again else ())
    else:
        row.label(text=iface_("{}: done").format(iface_(chore.title)), icon="CHECKMARK", translate=False)
    row.operator("greybox.stop_chore", text="", icon="X")


def _what_it_has(layout: bpy.types.UILayout, current: jobs.Session) -> None:
    column = layout.column(align=True)
    for device in current.devices:
        words = iface_("{}: {:.1f} of {:.0f} GB free")
        wrapped(column, words.format(device.label, device.free_gb, device.memory_gb), "MEMORY")
    if current.status is not None:
        wrapped(column, iface_("{:.0f} GB of disk free").format(current.status.disk_free_gb), "DISK_DRIVE")
    if current.welcome is None:
        return
    for info in current.welcome.generators:
        row = layout.row()
        row.label(text=info.label, icon="CHECKMARK" if info.available else "X", translate=False)
        if not info.available and not current.settings.remote:
            drawing.press(row, buttons("weights", generator=info.name))
        elif not info.available:
            wrapped(layout, f"{info.missing}. {info.remedy}")
    wrapped(layout, iface_("Version {}").format(current.welcome.version))


_classes = (GREYBOX_PT_backend,)

register, unregister = bpy.utils.register_classes_factory(_classes)
