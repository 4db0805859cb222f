"""The latest jobs: how they ended, and what can be done with them."""

from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_iface as iface_

from .. import boxes, jobs
from ..job_book import Job
from ..remedies import buttons
from ..status import duration
from .drawing import InSidebar, note, wrapped

SHOWN_JOBS = 6
SHOWN_NOTES = 4


class GREYBOX_PT_jobs(InSidebar, bpy.types.Panel):
    bl_label = "Jobs"
    bl_idname = "GREYBOX_PT_jobs"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, current = self.layout, jobs.session()
        if current is None or not current.book.jobs:
            layout.label(text="No jobs yet")
            return
        for job in current.book.newest(SHOWN_JOBS):
            _job(layout.box(), job)
        row = layout.row(align=True)
        row.operator("greybox.open_job_folder", text="Open Folder", icon="FILE_FOLDER").job = ""
        row.operator("greybox.copy_report", icon="COPYDOWN").job = ""


def _job(layout: bpy.types.UILayout, job: Job) -> None:
    row = layout.row()
    icons = {"done": "CHECKMARK", "failed": "ERROR", "cancelled": "CANCEL"}
    time = f", {duration(job.seconds)}" if job.seconds else ""
    text = f"{job.title or job.id[:12]}: {iface_(job.state)}{time}"
    row.label(text=text, icon=icons.get(job.state, "SORTTIME"), translate=False)
    under = row.row(align=True)
    if not job.ended:
        under.operator("greybox.cancel_job", text="", icon="X").job = job.id
    else:
        if job.state != "done":
            under.operator("greybox.retry_job", text="", icon="FILE_REFRESH").job = job.id
        under.operator("greybox.copy_report", text="", icon="COPYDOWN").job = job.id
        under.operator("greybox.open_job_folder", text="", icon="FILE_FOLDER").job = job.id
        under.operator("greybox.delete_job", text="", icon="TRASH").job = job.id
    if job.message:
        note(layout, job.message, job.remedy, buttons(job.code, job.id))
    for uid, state in job.boxes.items():
        if state.error and state.error != job.message:
            box = boxes.by_uid(bpy.context.scene, uid)
            note(layout, f"{box.name if box is not None else uid}: {state.error}", state.remedy)
    notes = dict.fromkeys(line for of_box in job.notes.values() for line in of_box)
    for line in list(notes)[:SHOWN_NOTES]:
        wrapped(layout, line)


_classes = (GREYBOX_PT_jobs,)

register, unregister = bpy.utils.register_classes_factory(_classes)
