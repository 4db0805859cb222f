"""What a bug report needs, as text: versions, devices, the job's error, how long Blender was kept, the logs' ends.

No prompts, and no path or name of the user: the home folder is written "~".
"""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import bpy

from ..backend.protocol.messages import PROTOCOL, VERSION
from . import logs, watchdog
from . import session as sessions
from .job_book import Job

LOG_LINES = 40


def text(context: bpy.types.Context, job: str = "") -> str:
    current = sessions.session()
    lines = ["## Greybox report", "", *_versions()]
    if current is not None:
        lines += _backend(current)
        one = current.book.jobs.get(job)
        for shown in [one] if one else current.book.newest(3):
            lines += ["", *_job(shown)]
    lines += ["", "### Time on Blender's main thread", *(watchdog.report() or ["nothing measured yet"])]
    if current is not None and not current.settings.remote:
        for path in logs.files(current.settings.folder):
            lines += _tail(path)
    return discreet("\n".join(lines)) + "\n"


def discreet(words: str) -> str:
    """Without the user's name: it is in every path under the home folder."""
    home = str(Path.home())
    if len(home) > 1:
        words = words.replace(home, "~")
    user = os.environ.get("USER") or os.environ.get("USERNAME") or ""
    return re.sub(rf"(?<![\w-]){re.escape(user)}(?![\w-])", "USER", words) if len(user) > 3 else words


def _versions() -> list[str]:
    return [
        f"Greybox {VERSION}, protocol {PROTOCOL[0]}.{PROTOCOL[1]}",
        f"Blender {bpy.app.version_string} ({bpy.app.build_hash.decode()}), Python {platform.python_version()}",
        f"{platform.system()} {platform.release()}, {platform.machine()}",
    ]


def _backend(current: sessions.Session) -> list[str]:
    where = "on another computer" if current.settings.remote else "on this computer"
    lines = ["", "### Backend", f"{current.link.state}, {where}. {current.link.reason}".strip()]
    if current.message:
        lines.append(f"Last word: {current.message} {current.remedy}".strip())
    if current.welcome is not None:
        lines.append(f"Version {current.welcome.version}, renderers {', '.join(current.welcome.renderers)}")
        lines += [f"{i.label}: {'available' if i.available else i.missing}" for i in current.welcome.generators]
    lines += [f"{d.name}: {d.label}, {d.free_gb:.1f} of {d.memory_gb:.1f} GB free" for d in current.devices]
    if current.status is not None:
        for worker in current.status.workers:
            times = f"started again {worker.restarts} times"
            lines.append(f"Worker {worker.kind} on {worker.device}: {worker.state}, {times}")
        lines.append(f"Disk: {current.status.disk_free_gb:.1f} GB free")
    return lines


def _job(job: Job) -> list[str]:
    lines = [f"### Job {job.id}", f"{job.state}, {job.done} of {job.of} stages, {job.seconds:.1f} s"]
    if job.message:
        lines.append(f"{job.code}: {job.message} {job.remedy}".strip())
    lines += [f"{stage} of {box or 'the scene'}: {s:.2f} s" for (stage, box), s in job.finished_stages.items()]
    lines += [f"{uid}: {row.code}: {row.error}" for uid, row in job.boxes.items() if row.error]
    return lines


def _tail(path: Path) -> list[str]:
    lines = logs.tail(path).splitlines()[-LOG_LINES:]
    return ["", f"### {path.name}", "```", *lines, "```"] if lines else []
