"""The backend: its state, its devices, its generators."""

from __future__ import annotations

import bpy

from .. import jobs
from .drawing import InSidebar, wrapped


class GREYBOX_PT_backend(InSidebar, bpy.types.Panel):
    bl_label = "Backend"
    bl_idname = "GREYBOX_PT_backend"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        state = current.link.state if current is not None else "not connected"
        layout.label(text=f"State: {state}", icon="LINKED" if state == "online" else "UNLINKED")
        row = layout.row(align=True)
        row.operator("greybox.start_backend", text="Start", icon="PLAY")
        row.operator("greybox.stop_backend", text="Stop", icon="CANCEL")
        if current is None:
            return
        if current.welcome is not None:
            column = layout.column(align=True)
            column.label(text=f"Version {current.welcome.version}")
            for device in current.welcome.devices:
                column.label(text=f"{device.label}: {device.free_gb:.0f} of {device.memory_gb:.0f} GB free")
            for info in current.welcome.generators:
                column.label(text=info.label, icon="CHECKMARK" if info.available else "X")
                if not info.available:
                    wrapped(column, f"{info.missing}. {info.remedy}")
        if current.launcher is not None:
            wrapped(layout, f"Log: {current.launcher.log}")


_classes = (GREYBOX_PT_backend,)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
