"""Generate, with its settings and the progress of what runs."""

from __future__ import annotations

import bpy

from .. import boxes, jobs
from ..job_book import Job
from .drawing import InSidebar, note, wrapped


class GREYBOX_PT_generate(InSidebar, bpy.types.Panel):
    bl_label = "Generate"
    bl_idname = "GREYBOX_PT_generate"

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.greybox
        row = layout.row(align=True)
        row.scale_y = 1.4
        row.operator("greybox.generate", text="Generate All", icon="PLAY").what = "ALL"
        one = row.row(align=True)
        one.enabled = bool(boxes.selected_boxes(context))
        one.operator("greybox.generate", text="Selected").what = "SELECTED"
        current = jobs.session()
        for job in current.book.running() if current else ():
            _progress(layout, job)
        for job in current.book.newest(1) if current else ():
            _outcome(layout, job)
        if current is not None and current.imports and (reason := jobs.blocked(context)):
            layout.label(text=reason, icon="INFO")
        if current is not None and current.message:
            note(layout, current.message, current.remedy)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        for name in ("surroundings", "seed", "texture_size", "triangles", "fit", "condition"):
            column.prop(settings, name)
        if settings.condition:
            column.prop(settings, "renderer")
            if context.scene.camera is None:
                column.label(text="The condition needs a camera", icon="ERROR")


def _progress(layout: bpy.types.UILayout, job: Job) -> None:
    words = f"{job.stage or job.state} {job.text}".strip()
    if job.seconds_left is not None:
        words = f"{words}, {job.seconds_left:.0f} s left"
    row = layout.row(align=True)
    row.progress(factor=job.factor, type="BAR", text=f"{job.title}: {words}")
    row.operator("greybox.cancel_job", text="", icon="X").job = job.id


def _outcome(layout: bpy.types.UILayout, job: Job) -> None:
    """What the backend wants known of the latest job: its warnings, and its failure with the way on."""
    for warning in job.notes.get("", ()):
        wrapped(layout, warning, "INFO")
    if job.state != "failed":
        return
    failed = [row for row in job.boxes.values() if row.error]
    reason, remedy = (failed[0].error, failed[0].remedy) if failed else (job.message, job.remedy)
    note(layout, f"{len(failed)} boxes failed: {reason}" if len(failed) > 1 else reason, remedy)
    layout.operator("greybox.retry_job", text="Retry", icon="FILE_REFRESH").job = job.id


_classes = (GREYBOX_PT_generate,)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
