"""What is going on with a box, in words, for panel and viewport."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
from bpy.app.translations import pgettext_iface as iface_

from ..backend.protocol.options import GeneratorInfo
from . import boxes, jobs
from .job_book import BoxRow, Job


def state_of(box: bpy.types.Object) -> tuple[str, str, BoxRow | None]:
    """(icon, words, row) for what is going on with a box, for panel and viewport."""
    current = jobs.session()
    row = current.book.row(box.greybox.job, box.greybox.uid) if current and box.greybox.job else None
    if row is not None and row.error:
        return "ERROR", named(row.error, (box,)), row
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


def named(text: str, known: Iterable[bpy.types.Object]) -> str:
    """What the backend says of boxes, with their names instead of their ids."""
    for box in known:
        text = text.replace(box.greybox.uid, box.name) if box.greybox.uid else text
    return text


def used_generators(scene: bpy.types.Scene) -> tuple[GeneratorInfo, ...]:
    """Those that a job of this scene's boxes would use, in the order in which they work."""
    every = boxes.all_boxes(scene)
    names = {box.greybox.generator for box in every}
    known = jobs.generators()
    pictured = scene.greybox.picture is not None or jobs.needs_picture(every)
    first = [info for info in known if "image" in info.gives and pictured]
    return (*first, *(info for info in known if info.name in names and info not in first))


def progress_words(job: Job, scene: bpy.types.Scene, now: float) -> str:
    """ "Mesh of Sofa, step 3 of 5: Painting. 12 s left" """
    box = boxes.by_uid(scene, job.box) if job.box else None
    words = iface_((job.stage or job.state).capitalize())
    if job.box:
        words = iface_("{} of {}").format(words, box.name if box is not None else job.box)
    if job.steps > 1:
        words += iface_(", step {} of {}").format(job.step, job.steps)
    if job.text:
        words += f": {job.text}"
    left = job.left(now)
    return words if left is None else iface_("{}. {} left").format(words, duration(left))


def duration(seconds: float) -> str:
    """ "8 s", "3 min", "1 h 20 min" """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
