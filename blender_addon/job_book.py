"""What is known of every job: messages go in, rows for the panel and finished boxes come out. No bpy, no sockets."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..backend.protocol import artifacts
from ..backend.protocol import messages as m
from ..backend.protocol.states import TERMINAL

NEEDED = (artifacts.MESH, artifacts.PLACEMENT)
USED = (artifacts.MESH, artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL, artifacts.EMISSION, artifacts.PLACEMENT)


@dataclass
class BoxRow:
    """One box of a job: the stage it is in, or what came of it."""

    stage: str = ""
    step: int = 0
    of: int = 0
    text: str = ""
    error: str = ""
    remedy: str = ""
    done: bool = False


@dataclass
class Job:
    id: str
    title: str = ""
    state: str = "queued"
    created: float = 0.0
    done: int = 0
    of: int = 0
    seconds_left: float | None = None
    stage: str = ""
    text: str = ""
    message: str = ""
    remedy: str = ""
    seconds: float = 0.0
    boxes: dict[str, BoxRow] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    preview: bytes = b""
    artifacts: dict[tuple[str, str], m.ArtifactInfo] = field(default_factory=dict)  # (box, name), the latest stage's
    finished_stages: dict[tuple[str, str], float] = field(default_factory=dict)  # (stage, box) -> seconds

    @property
    def ended(self) -> bool:
        return self.state in TERMINAL

    @property
    def factor(self) -> float:
        """How far the job is, 0 to 1; within a stage as far as its steps say."""
        if self.state == "done":
            return 1.0
        part = max((row.step / row.of for row in self.boxes.values() if row.of and not row.done), default=0.0)
        return min((self.done + min(part, 1.0)) / self.of, 1.0) if self.of else 0.0

    def ready(self, box: str) -> bool:
        """Whether everything that stands in the box has been made."""
        return all((box, name) in self.artifacts for name in NEEDED)

    def results(self, box: str) -> dict[str, m.ArtifactInfo]:
        """The files that become the object in the box, by name."""
        return {name: self.artifacts[box, name] for name in USED if (box, name) in self.artifacts}


class JobBook:
    """All jobs by id. The same event twice changes nothing."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}

    def submitted(self, request: m.JobRequest, stages: int = 0, created: float = 0.0) -> Job:
        """A job that we have just asked for; the server has not answered yet."""
        job = self._job(request.id)
        job.title, job.of, job.created = request.title, stages, created
        for box in request.boxes:
            job.boxes.setdefault(box, BoxRow())
        return job

    def newest(self, count: int) -> list[Job]:
        return sorted(self.jobs.values(), key=lambda job: job.created, reverse=True)[:count]

    def running(self) -> list[Job]:
        return [job for job in self.jobs.values() if not job.ended]

    def row(self, job: str, box: str) -> BoxRow | None:
        known = self.jobs.get(job)
        return known.boxes.get(box) if known else None

    def apply(self, message: object, preview: bytes = b"") -> list[tuple[str, str]]:
        """Takes a server's message; returns (job, box) for every box whose result has just become complete."""
        match message:
            case m.JobList():
                return [ready for summary in message.jobs for ready in self._summary(summary)]
            case m.Accepted():
                self._job(message.job).state = message.state
                self._warn(message.job, message.warnings)
            case m.Progress():
                self._progress(message, preview)
            case m.StageStarted():
                self._started(message)
            case m.StageDone():
                return self._stage_done(message)
            case m.StageError():
                self._failed(message)
            case m.Finished():
                self._finished(message)
        return []

    def refused(self, job: str, message: str, remedy: str) -> None:
        row = self._job(job)
        row.state, row.message, row.remedy = "failed", message, remedy

    def forget(self, job: str) -> None:
        self.jobs.pop(job, None)

    def _job(self, name: str) -> Job:
        return self.jobs.setdefault(name, Job(name))

    def _warn(self, job: str, warnings: tuple[str, ...]) -> None:
        if warnings:
            self._job(job).notes[""] = warnings

    def _summary(self, summary: m.JobSummary) -> list[tuple[str, str]]:
        job = self._job(summary.job)
        job.title, job.state, job.created = summary.title or job.title, summary.state, summary.created
        job.done, job.of, job.message, job.remedy = summary.done, summary.of, summary.message, summary.remedy
        before = {box for box in job.boxes if job.ready(box)}
        for artifact in summary.artifacts:
            self._artifact(job, artifact)
        return [(job.id, box) for box in job.boxes if job.ready(box) and box not in before]

    def _artifact(self, job: Job, artifact: m.ArtifactInfo) -> None:
        if artifact.box:
            job.boxes.setdefault(artifact.box, BoxRow())
        known = job.artifacts.get((artifact.box, artifact.name))
        if known is None or _ORDER.get(artifact.stage, 0) >= _ORDER.get(known.stage, 0):
            job.artifacts[artifact.box, artifact.name] = artifact

    def _progress(self, message: m.Progress, preview: bytes) -> None:
        job = self._job(message.job)
        job.stage, job.text = message.stage, message.text
        job.seconds_left = message.seconds_left if message.seconds_left is not None else job.seconds_left
        job.preview = preview or job.preview
        if not job.ended:
            job.state = "running"
        if message.box:
            row = job.boxes.setdefault(message.box, BoxRow())
            row.stage, row.step, row.of, row.text = message.stage, message.step, message.of, message.text

    def _started(self, message: m.StageStarted) -> None:
        job = self._job(message.job)
        if (message.stage, message.box) in job.finished_stages:
            return
        job.state, job.stage, job.text = "running", message.stage, ""
        if message.box:
            job.boxes[message.box] = BoxRow(stage=message.stage)

    def _stage_done(self, message: m.StageDone) -> list[tuple[str, str]]:
        job = self._job(message.job)
        key = (message.stage, message.box)
        if key in job.finished_stages:
            return []
        job.finished_stages[key] = message.seconds
        job.done += 1
        was_ready = bool(message.box) and job.ready(message.box)
        for artifact in message.artifacts:
            self._artifact(job, artifact)
        if message.notes:
            job.notes[message.box] = job.notes.get(message.box, ()) + message.notes
        if not message.box or was_ready or not job.ready(message.box):
            return []
        job.boxes[message.box] = BoxRow(stage=message.stage, done=True)
        return [(job.id, message.box)]

    def _failed(self, message: m.StageError) -> None:
        job = self._job(message.job)
        if not message.box:
            job.message, job.remedy = message.message, message.remedy
            return
        job.boxes[message.box] = BoxRow(stage=message.stage, error=message.message, remedy=message.remedy)

    def _finished(self, message: m.Finished) -> None:
        job = self._job(message.job)
        job.state, job.seconds, job.seconds_left = message.state, message.seconds, None
        job.message = message.message or job.message
        job.remedy = message.remedy or job.remedy
        if message.state == "done":
            job.done = max(job.done, job.of)


_ORDER = {"condition": 0, "image": 1, "views": 2, "room": 2, "mesh": 3, "material": 4, "placement": 5}
