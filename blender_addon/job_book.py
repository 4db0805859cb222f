"""What is known of every job: messages go in, rows for the panel and finished boxes come out. No bpy, no sockets."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..backend.protocol import artifacts
from ..backend.protocol import messages as m
from ..backend.protocol.states import TERMINAL

PICTURE = ""  # in the place of a box: the picture of the whole scene
CONDITION = "#condition"  # in the place of a box: what the image model is shown of it
MOST_PICTURES = 32  # of one run that are looked for
PICTURES = {PICTURE: artifacts.SCENE_IMAGE, CONDITION: artifacts.CONDITION}
BLOCKED = "blocked"  # the code of a stage that was not begun because what it needs has failed
NEEDED = (artifacts.MESH, artifacts.PLACEMENT)
USED = (artifacts.MESH, artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL, artifacts.EMISSION, artifacts.PLACEMENT,
        artifacts.PREVIEW)  # fmt: skip


@dataclass
class BoxRow:
    """One box of a job: the stage it is in, or what came of it."""

    stage: str = ""
    step: int = 0
    of: int = 0
    text: str = ""
    error: str = ""
    remedy: str = ""
    code: str = ""
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
    box: str = ""  # that the stage is working on
    step: int = 0
    steps: int = 0
    text: str = ""
    message: str = ""
    remedy: str = ""
    code: str = ""
    seconds: float = 0.0
    told: float = 0.0  # when `seconds_left` was said, on the clock of `time.monotonic`
    only_picture: bool = False
    boxes: dict[str, BoxRow] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recipes: dict[str, str] = field(default_factory=dict)  # by box, for jobs that were sent from here
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
        part = min(self.step / self.steps, 1.0) if self.steps else 0.0
        return min((self.done + part) / self.of, 1.0) if self.of else 0.0

    def left(self, now: float) -> float | None:
        """Seconds until the job has ended, counted down since the backend last said; None while it cannot tell."""
        return None if self.seconds_left is None else max(0.0, self.seconds_left - (now - self.told))

    def ready(self, box: str) -> bool:
        """Whether everything that stands in the box has been made."""
        if box in PICTURES:
            return ("", PICTURES[box]) in self.artifacts
        return all((box, name) in self.artifacts for name in NEEDED)

    def results(self, box: str) -> dict[str, m.ArtifactInfo]:
        """The files that become the object in the box, by name."""
        if box == PICTURE:  # one, or several of a run
            names = [artifacts.scene_image(number) for number in range(MOST_PICTURES)]
            return {name: self.artifacts["", name] for name in names if ("", name) in self.artifacts}
        if box in PICTURES:
            return {PICTURES[box]: self.artifacts["", PICTURES[box]]}
        return {name: self.artifacts[box, name] for name in USED if (box, name) in self.artifacts}


class JobBook:
    """All jobs by id. The same event twice changes nothing."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}

    def submitted(self, request: m.JobRequest, stages: int = 0, created: float = 0.0) -> Job:
        """A job that we have just asked for; the server has not answered yet."""
        job = self._job(request.id)
        job.title, job.of, job.created = request.title, stages, created
        job.only_picture = request.settings.stop_after == "image"
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

    def refused(self, job: str, message: str, remedy: str, code: str = "") -> None:
        row = self._job(job)
        row.state, row.message, row.remedy, row.code = "failed", message, remedy, code

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
        job.done, job.of = summary.done, summary.of
        job.message, job.remedy, job.code = summary.message, summary.remedy, summary.code
        before = {box for box in (*job.boxes, *PICTURES) if job.ready(box)}
        for artifact in summary.artifacts:
            self._artifact(job, artifact)
        return [(job.id, box) for box in (*job.boxes, *PICTURES) if job.ready(box) and box not in before]

    def _artifact(self, job: Job, artifact: m.ArtifactInfo) -> None:
        if artifact.box:
            job.boxes.setdefault(artifact.box, BoxRow())
        known = job.artifacts.get((artifact.box, artifact.name))
        if known is None or _ORDER.get(artifact.stage, 0) >= _ORDER.get(known.stage, 0):
            job.artifacts[artifact.box, artifact.name] = artifact

    def _progress(self, message: m.Progress, preview: bytes) -> None:
        job = self._job(message.job)
        job.stage, job.text = message.stage, message.text
        if message.seconds_left is not None:
            job.seconds_left, job.told = message.seconds_left, time.monotonic()
        job.box, job.step, job.steps = message.box, message.step, message.of
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
        job.box, job.step, job.steps = message.box, 0, 0
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
        for stage, picture in (("image", PICTURE), ("condition", CONDITION)):
            if message.stage == stage and job.ready(picture):
                return [(job.id, picture)]
        if not message.box or was_ready or not job.ready(message.box):
            return []
        job.boxes[message.box] = BoxRow(stage=message.stage, done=True)
        return [(job.id, message.box)]

    def _failed(self, message: m.StageError) -> None:
        job = self._job(message.job)
        if not message.box:
            job.message, job.remedy, job.code = message.message, message.remedy, message.code
            return
        known = job.boxes.get(message.box)
        if message.code == BLOCKED and known is not None and known.error:
            return  # why it was not begun is known already
        job.boxes[message.box] = BoxRow(
            stage=message.stage, error=message.message, remedy=message.remedy, code=message.code
        )

    def _finished(self, message: m.Finished) -> None:
        job = self._job(message.job)
        job.state, job.seconds, job.seconds_left = message.state, message.seconds, None
        job.message = message.message or job.message
        job.remedy = message.remedy or job.remedy
        job.code = message.code or job.code
        if message.state == "done":
            job.done = max(job.done, job.of)


_ORDER = {"condition": 0, "image": 1, "views": 2, "room": 2, "mesh": 3, "material": 4, "placement": 5}
