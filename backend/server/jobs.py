"""All jobs and what state they are in. Every move goes through here: first the journal, then the memory.

Unfinished jobs are held in memory; finished ones are read from the journal when somebody asks. A stage is begun
only when what it needs is done; a stage whose digest was finished before is not begun at all. After a restart a
stage that was running waits again, and what was done stays done.
No sockets, no processes, no clock of its own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec

from ..protocol.errors import Cancelled, GreyboxError, IllegalMove, NotFound, WorkerLost
from ..protocol.messages import Event, Finished, JobRequest, JobState, StageDone, StageError, StageStarted
from ..protocol.options import GeneratorInfo
from ..protocol.stages import WORKER_OF, StageTask
from ..protocol.states import TERMINAL, move_job, move_stage, outcome
from ..protocol.work import Output
from .admission import admit
from .digest import stage_digest
from .journal import JobRow, Journal, StageRow
from .rebuild import rebuild
from .scheduler import Waiting
from .store import Store

MAX_CRASHES = 2  # a stage that took two workers along is set aside
MAX_ATTEMPTS = 6  # a stage that was begun so often and never ended is set aside too
MAX_UNFINISHED = 1000
BLOCKED = "blocked"  # the code of a stage that was not begun because what it needs has failed
_log = logging.getLogger(__name__)


@dataclass
class Job:
    row: JobRow
    stages: dict[str, StageRow]
    served: int = 0  # when it last got a worker, as a growing count
    running: dict[str, int] = field(default_factory=dict)  # stage key -> ticket

    @property
    def id(self) -> str:
        return self.row.id

    def ready(self) -> list[StageRow]:
        """Waiting stages whose needs are done."""
        return [s for s in self.stages.values() if s.state == "waiting" and self._met(s.task)]

    def before(self, task: StageTask) -> list[StageRow]:
        return [self.stages[key] for key in task.needs]

    def _met(self, task: StageTask) -> bool:
        return all(stage.state == "done" for stage in self.before(task))


class Jobs:
    def __init__(
        self,
        journal: Journal,
        store: Store,
        generators: tuple[GeneratorInfo, ...],
        renderers: tuple[str, ...],
        wall: Callable[[], float],
    ) -> None:
        self.generators = {info.name: info for info in generators}
        self.active: dict[str, Job] = {}
        self._journal, self._store = journal, store
        self._renderers = renderers
        self._wall = wall
        self._served = 0

    def recover(self) -> None:
        """Takes up every unfinished job where the journal left it, or lists them anew where it was damaged."""
        if self._journal.notice:
            count = rebuild(self._journal, self._store, tuple(self.generators.values()))
            _log.warning("%d jobs were listed again from their folders", count)
        for name in self._journal.unfinished():
            job = self._load(name)
            with self._change(job):
                for stage in job.stages.values():
                    if stage.state == "running":
                        self._move(job, stage, "requeue")
                if job.row.state == "running":
                    job.row.state = move_job(job.row.state, "requeue")
                    self._journal.put_job(job.row)
                if job.row.cancelling:
                    self._cancel_waiting(job)
                self._conclude(job)
            self._settle(job)
        self._store.sweep()

    # ---- what a client asks for

    def submit(self, request: JobRequest, uploads: Mapping[str, memoryview]) -> tuple[JobState, tuple[str, ...]]:
        """(state, warnings). The same job sent again is the same job. Raises a GreyboxError where it cannot run."""
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(uploads.items())}
        body = msgspec.msgpack.encode(request)
        digest = hashlib.sha256(msgspec.msgpack.encode((body, hashes))).hexdigest()
        known = self._journal.job(request.id)
        if known is not None:
            if known[0].digest != digest:
                raise IllegalMove(f"There is another job with the id '{request.id}'", "Give each job an id of its own.")
            return known[0].state, known[0].warnings
        if len(self.active) >= MAX_UNFINISHED:
            raise IllegalMove(f"{MAX_UNFINISHED} jobs are waiting already", "Wait for some to end, or cancel them.")
        tasks, warnings = admit(request, uploads, self.generators, self._renderers)
        row = JobRow(
            id=request.id,
            digest=digest,
            request=request,
            inputs=hashes,
            warnings=warnings,
            state="queued",
            cancelling=False,
            created=self._wall(),
        )
        stages = {task.key: StageRow(task=task, rank=rank) for rank, task in enumerate(tasks)}
        self._store.add_job(request.id, body, uploads)
        with self._journal.transaction():
            self._journal.add_job(row, list(stages.values()))
        self.active[row.id] = Job(row, stages)
        return row.state, warnings

    def cancel(self, name: str) -> tuple[JobState, list[int]]:
        """(state, tickets of stages that still run and must be stopped). Cancelling twice, or too late, is fine."""
        job = self.active.get(name)
        if job is None:
            return self._known(name)[0].state, []
        with self._change(job):
            job.row.cancelling = True
            self._cancel_waiting(job)
            self._journal.put_job(job.row)
            self._conclude(job)
        self._settle(job)
        return job.row.state, list(job.running.values())

    def retry(self, name: str) -> JobState:
        """Whatever failed or was cancelled waits again; what is done stays done."""
        if name in self.active:
            return self.active[name].row.state
        row, stages = self._known(name)
        if row.state == "done":
            return row.state
        job = Job(row, stages)
        with self._change(job):
            for stage in stages.values():
                if stage.state in ("failed", "cancelled"):
                    stage.crashes = stage.attempts = 0
                    self._move(job, stage, "retry")
            row.state, row.cancelling = move_job(row.state, "retry"), False
            self._journal.put_job(row)
        self.active[name] = job
        return row.state

    def delete(self, name: str) -> JobState:
        if name in self.active:
            raise IllegalMove(f"Job '{name}' has not ended", "Cancel it first.")
        state = self._known(name)[0].state
        with self._journal.transaction():
            unused = self._journal.delete_job(name)
        self._store.delete_job(name, unused)
        return state

    # ---- what the workers are told and have done

    def waiting(self) -> list[Waiting]:
        """Every stage that could begin now. What was made before from the same is taken over first."""
        for job in list(self.active.values()):
            self._reuse(job)
        return [
            Waiting(
                job.id,
                stage.task.key,
                WORKER_OF[stage.task.stage],
                stage.task.generator,
                stage.rank,
                job.served,
                job.row.created,
            )
            for job in self.active.values()
            for stage in job.ready()
        ]

    def start(self, name: str, key: str, ticket: int) -> StageTask | None:
        """A worker begins the stage; None when it was begun too often and has been set aside instead."""
        job, stage = self._stage(name, key)
        if stage.attempts >= MAX_ATTEMPTS:
            why = f"{stage.task.title} was begun {stage.attempts} times and never ended; it was set aside"
            self.fail(name, key, WorkerLost(why, "Press Retry to give it another go."))
            return None
        self._served += 1
        job.served = self._served
        with self._change(job):
            self._begin(job)
            stage.attempts += 1
            self._move(job, stage, "start")
            self._tell(StageStarted(cursor=0, job=name, stage=stage.task.stage, box=stage.task.box))
        job.running[key] = ticket
        return stage.task

    def finish(
        self, name: str, key: str, ticket: int, seconds: float, outputs: Iterable[Output], notes: tuple[str, ...]
    ) -> None:
        """The stage has made its files: they become results, and the journal knows it."""
        job, stage = self._stage(name, key)
        artifacts = self._store.adopt(name, ticket, stage.task, outputs)
        with self._change(job):
            stage.artifacts, stage.notes, stage.seconds = artifacts, notes, seconds
            stage.digest = self._digest(job, stage)
            self._finish(job, stage)
            self._journal.learn(stage.task.stage, stage.task.generator, seconds)
            self._conclude(job)
        self._ended(job, key)

    def fail(self, name: str, key: str, error: GreyboxError) -> None:
        """The stage cannot be done; nor can what needs it. The rest of the job goes on."""
        job, stage = self._stage(name, key)
        with self._change(job):
            self._fail(job, stage, error.code, error.message, error.remedy)
            self._conclude(job)
        self._ended(job, key)

    def crashed(self, name: str, key: str, error: GreyboxError) -> bool:
        """The stage took its worker along, or ran out of memory. Once it is tried again (True), twice it fails."""
        job, stage = self._stage(name, key)
        stage.crashes += 1
        if job.row.cancelling:
            self.stopped(name, key)
            return False
        if stage.crashes >= MAX_CRASHES:
            twice = f"{error.message} This happened twice; the rest goes on without it."
            self.fail(name, key, type(error)(twice, error.remedy))
            return False
        self.requeue(name, key)
        return True

    def requeue(self, name: str, key: str) -> None:
        job, stage = self._stage(name, key)
        with self._change(job):
            self._move(job, stage, "requeue")
        self._ended(job, key)

    def stopped(self, name: str, key: str) -> None:
        """The stage ended because the user cancelled."""
        job, stage = self._stage(name, key)
        with self._change(job):
            self._move(job, stage, "cancel")
            self._conclude(job)
        self._ended(job, key)

    def seconds_left(
        self, name: str, elapsed: Mapping[str, float], share: Mapping[str, float] | None = None
    ) -> float | None:
        """Expected seconds until the job has ended, or None while a stage of its kind was never seen to end.

        `elapsed`: seconds that each running stage has run; `share`: how much of its steps it has done. The more it has
        done, the more its own pace counts against that of past runs. The two kinds of workers work side by side.
        """
        job, known, share = self.active[name], self._journal.durations(), share or {}
        left = {"render": 0.0, "generate": 0.0}
        for key, stage in job.stages.items():
            if stage.state in TERMINAL:
                continue
            expected = known.get((stage.task.stage, stage.task.generator))
            done, ran = min(share.get(key, 0.0), 1.0), elapsed.get(key, 0.0)
            paced = ran * (1 - done) / done if done else None
            learned = None if expected is None else max(expected - ran, 0.1 * expected * (1 - done))
            if paced is not None and learned is not None:
                seconds = done * paced + (1 - done) * learned
            else:
                seconds = learned if paced is None else paced
            if seconds is None:
                return None
            left[WORKER_OF[stage.task.stage]] += seconds
        return max(left.values())

    # ---- inside

    @contextmanager
    def _change(self, job: Job) -> Iterator[None]:
        """One transaction on one job; when it fails, the memory is again what the journal says."""
        try:
            with self._journal.transaction():
                yield
        except BaseException:
            job.row, job.stages = self._known(job.id)
            raise

    def _stage(self, name: str, key: str) -> tuple[Job, StageRow]:
        job = self.active[name]
        return job, job.stages[key]

    def _known(self, name: str) -> tuple[JobRow, dict[str, StageRow]]:
        known = self._journal.job(name)
        if known is None:
            raise NotFound(f"No job with the id '{name[:80]}' is known here", "Send it again.")
        return known

    def _load(self, name: str) -> Job:
        self.active[name] = Job(*self._known(name))
        return self.active[name]

    def _begin(self, job: Job) -> None:
        if job.row.state == "queued":
            job.row.state = move_job("queued", "start")
            job.row.started = job.row.started or self._wall()
            self._journal.put_job(job.row)

    def _move(
        self, job: Job, stage: StageRow, action: str, code: str = "", message: str = "", remedy: str = ""
    ) -> None:
        stage.state = move_stage(stage.state, action)
        stage.code, stage.message, stage.remedy = code, message, remedy
        self._journal.put_stage(job.id, stage)

    def _finish(self, job: Job, stage: StageRow) -> None:
        self._move(job, stage, "finish")
        self._journal.put_artifacts(job.id, stage)
        task = stage.task
        self._tell(
            StageDone(
                cursor=0,
                job=job.id,
                stage=task.stage,
                box=task.box,
                seconds=stage.seconds,
                artifacts=stage.artifacts,
                notes=stage.notes,
            )
        )

    def _fail(self, job: Job, stage: StageRow, code: str, message: str, remedy: str) -> None:
        self._move(job, stage, "fail", code, message, remedy)
        task = stage.task
        self._tell(
            StageError(cursor=0, job=job.id, stage=task.stage, box=task.box, code=code, message=message, remedy=remedy)
        )
        blocked = message if code == BLOCKED else f"Not begun: {task.title} failed."
        for other in job.stages.values():
            if other.state == "waiting" and task.key in other.task.needs:
                self._fail(job, other, BLOCKED, blocked, remedy)

    def _cancel_waiting(self, job: Job) -> None:
        for stage in job.stages.values():
            if stage.state == "waiting":
                self._move(job, stage, "cancel")

    def _conclude(self, job: Job) -> None:
        """Ends the job when nothing of it can happen any more."""
        end = outcome(stage.state for stage in job.stages.values())
        if end is None:
            return
        action = {"done": "finish", "failed": "fail", "cancelled": "cancel"}[end]
        job.row.state = move_job(job.row.state, action)
        failed = [s for s in job.stages.values() if s.state == "failed" and s.code != BLOCKED]
        error = (failed[0].code, failed[0].message, failed[0].remedy) if failed and end == "failed" else ("", "", "")
        if end == "cancelled":
            error = (Cancelled.code, "Cancelled", "")
        self._journal.put_job(job.row, *error)
        code, message, remedy = error
        seconds = max(self._wall() - (job.row.started or job.row.created), 0.0)
        self._tell(
            Finished(cursor=0, job=job.id, state=end, seconds=seconds, code=code, message=message, remedy=remedy)
        )

    def _ended(self, job: Job, key: str) -> None:
        ticket = job.running.pop(key, None)
        if ticket is not None:
            self._store.finish(job.id, ticket)
        self._settle(job)

    def _settle(self, job: Job) -> None:
        """Out of memory, once it has ended; the journal keeps it."""
        if job.row.state in TERMINAL:
            self.active.pop(job.id, None)

    def _reuse(self, job: Job) -> None:
        """Takes over what an earlier job made from exactly the same, stage by stage."""
        moved = True
        while moved and job.row.state not in TERMINAL:
            moved = any([self._reuse_stage(job, stage) for stage in job.ready()])

    def _reuse_stage(self, job: Job, stage: StageRow) -> bool:
        if stage.digest:
            return False  # looked up before
        stage.digest = self._digest(job, stage)
        alike = next((s for s in self._journal.finished_alike(stage.digest) if self._store.has(s.artifacts)), None)
        if alike is None:
            return False
        self._store.link(job.id, alike.artifacts)
        with self._change(job):
            self._begin(job)
            self._move(job, stage, "start")
            stage.artifacts, stage.notes, stage.seconds = alike.artifacts, alike.notes, 0.0
            self._finish(job, stage)
            self._conclude(job)
        self._settle(job)
        return True

    def _digest(self, job: Job, stage: StageRow) -> str:
        task = stage.task
        before = [artifact for needed in job.before(task) for artifact in needed.artifacts]
        info = self.generators.get(task.generator)
        return stage_digest(task, job.row.request, info, job.row.inputs, before)

    def _tell(self, event: Event) -> None:
        self._journal.tell(event)
