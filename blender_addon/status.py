"""What is going on with a box, in words, for panel and viewport."""

from __future__ import annotations

import bpy

from . import boxes, jobs
from .job_book import BoxRow


def state_of(box: bpy.types.Object) -> tuple[str, str, BoxRow | None]:
    """(icon, words, row) for what is going on with a box, for panel and viewport."""
    current = jobs.session()
    row = current.book.row(box.greybox.job, box.greybox.uid) if current and box.greybox.job else None
    if row is not None and row.error:
        return "ERROR", row.error, row
    if row is not None and row.stage and not row.done:
        steps = f" {row.step}/{row.of}" if row.of else ""
        return "SORTTIME", f"{row.stage}{steps}", row
    if box.greybox.job and current is not None:
        return *_waiting(current, box), row
    if boxes.result_of(box) is not None:
        return "CHECKMARK", "", row
    return "MESH_CUBE", "", row


def _waiting(current: jobs.Session, box: bpy.types.Object) -> tuple[str, str]:
    """(icon, words) for a box whose job has not filled it."""
    job = current.book.jobs.get(box.greybox.job)
    if job is None or not job.ended:
        return "SORTTIME", "waiting"
    if job.state == "done":
        undone = (job.id, box.greybox.uid) in current.imported
        return ("IMPORT", "undone: Collect Results") if undone else ("SORTTIME", "arriving")
    return ("ERROR", job.message) if job.state == "failed" else ("CANCEL", "cancelled")
