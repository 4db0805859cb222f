"""The list of jobs from their folders, when the journal was damaged and had to begin anew.

A job folder holds the request and, under readable names, every result: enough to offer the finished things again. What
was not finished is listed as cancelled, and a retry takes it up.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import msgspec

from ..protocol.artifacts import media_of
from ..protocol.errors import GreyboxError
from ..protocol.messages import ArtifactInfo, JobRequest
from ..protocol.options import GeneratorInfo
from ..protocol.stages import StageTask, plan
from ..protocol.states import outcome
from ..protocol.work import INPUTS, REQUEST
from .journal import JobRow, Journal, StageRow
from .store import Store

_log = logging.getLogger(__name__)


def rebuild(journal: Journal, store: Store, generators: tuple[GeneratorInfo, ...]) -> int:
    """Writes every job whose folder can be read into the empty journal; how many these are."""
    count = 0
    for folder in store.job_folders():
        try:
            row, stages = _read(folder, generators)
        except (OSError, msgspec.MsgspecError, GreyboxError) as error:
            _log.warning("%s cannot be listed again: %s", folder, error)
            continue
        with journal.transaction():
            journal.add_job(row, stages)
            journal.put_job(row)
            for stage in stages:
                journal.put_stage(row.id, stage)
                journal.put_artifacts(row.id, stage)
        count += 1
    return count


def _read(folder: Path, generators: tuple[GeneratorInfo, ...]) -> tuple[JobRow, list[StageRow]]:
    body = (folder / REQUEST).read_bytes()
    request = msgspec.msgpack.decode(body, type=JobRequest)
    root = folder / INPUTS
    inputs = {path.relative_to(root).as_posix(): _hash(path) for path in sorted(root.rglob("*")) if path.is_file()}
    pictured = frozenset(name.partition("/")[2] for name in inputs if name.startswith("image/"))
    stages = []
    for rank, task in enumerate(plan(request, generators, pictured)):
        artifacts = _artifacts(folder, task)
        stages.append(StageRow(task=task, rank=rank, state="done" if artifacts else "cancelled", artifacts=artifacts))
    row = JobRow(
        id=folder.name,
        digest=hashlib.sha256(msgspec.msgpack.encode((body, inputs))).hexdigest(),
        request=request,
        inputs=inputs,
        warnings=(),
        state=outcome(stage.state for stage in stages) or "cancelled",
        cancelling=False,
        created=folder.stat().st_mtime,
    )
    return row, stages


def _artifacts(folder: Path, task: StageTask) -> tuple[ArtifactInfo, ...]:
    """What lies there of a stage; one for the whole scene may have made files for each box."""
    root = folder / task.stage / task.box
    files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    return tuple(
        ArtifactInfo(
            stage=task.stage,
            box=task.box or ("" if path.parent == root else path.parent.name),
            name=path.name,
            sha256=_hash(path),
            size=path.stat().st_size,
            media=media_of(path.name),
        )
        for path in files
    )


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
