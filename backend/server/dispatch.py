"""Brings waiting stages and workers together, and hears what comes of it. Decides nothing about states (jobs.py),
processes (supervisor.py) or order (scheduler.py); it is the place where the three meet. No sockets."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..protocol.errors import Cancelled, DiskFull, GreyboxError, InvalidMessage, OutOfMemory, StageFailed, Unavailable
from ..protocol.messages import ArrayHeader, Progress
from ..protocol.options import GeneratorInfo
from ..protocol.stages import StageTask
from ..protocol.work import Done, Failed, FromWorker, Run, Step
from .jobs import Jobs
from .scheduler import Waiting, assign, fits
from .store import Store
from .supervisor import Lost, Supervisor

_log = logging.getLogger(__name__)
_ERRORS = {kind.code: kind for kind in (Cancelled, OutOfMemory, DiskFull, Unavailable, StageFailed)}

Tell = Callable[[Progress, Sequence[memoryview]], None]


@dataclass(frozen=True)
class Underway:
    job: str
    key: str
    task: StageTask
    since: float


class Dispatch:
    def __init__(
        self,
        jobs: Jobs,
        store: Store,
        supervisors: Sequence[Supervisor],
        generators: Sequence[GeneratorInfo],
        clock: Callable[[], float],
        tell: Tell,
    ) -> None:
        self.supervisors = tuple(supervisors)
        self.underway: dict[int, Underway] = {}  # by ticket
        self._jobs, self._store, self._clock, self._tell = jobs, store, clock, tell
        self._needs_gb = {g.name: min(gb for _, gb in g.memory_gb) for g in generators if g.memory_gb}
        self._ticket = 0
        self._unrecorded: deque[Callable[[], object]] = deque()  # what came of stages, while the disk is full
        self._warned = False

    def step(self) -> None:
        """Hands out whatever can begin now, and starts the workers that are missing for it."""
        if self._unrecorded:
            return
        waiting = self._placeable(self._jobs.waiting())
        wanted = {task.kind for task in waiting}
        for supervisor in self.supervisors:
            if supervisor.kind in wanted:
                supervisor.start()
        idle = [supervisor.view() for supervisor in self.supervisors if supervisor.state == "idle"]
        for task, seat in assign(waiting, idle, self._needs_gb):
            self._begin(task, self.supervisors[seat.id])

    def heard(self, seat: int, epoch: int, message: FromWorker, arrays: Mapping[str, memoryview]) -> None:
        answer = self.supervisors[seat].received(epoch, message)
        match answer:
            case Step():
                self._progress(answer, arrays)
            case Done():
                run = self.underway.pop(answer.ticket)
                self._record(lambda: self._done(run, answer))
            case Failed():
                run = self.underway.pop(answer.ticket)
                self._record(lambda: self._failed(run, answer))

    def ended(self, seat: int, epoch: int, code: int | None) -> None:
        self._lost(self.supervisors[seat].ended(epoch, code))

    def tick(self) -> bool:
        """Looks at the clock; True when something came of it."""
        losses = [supervisor.tick() for supervisor in self.supervisors]
        for lost in losses:
            self._lost(lost)
        return any(losses) or (bool(self._unrecorded) and self._catch_up())

    def forgive(self, seconds: float) -> None:
        """The server was held up: no worker is to blame for its silence."""
        for supervisor in self.supervisors:
            supervisor.forgive(seconds)

    def stop(self, tickets: Sequence[int]) -> None:
        """The user cancelled what these do."""
        for ticket in tickets:
            for supervisor in self.supervisors:
                supervisor.cancel(ticket)

    def resting(self) -> bool:
        """True when only time must pass until a worker may be started again."""
        return any(supervisor.state == "resting" for supervisor in self.supervisors)

    def wake(self) -> None:
        for supervisor in self.supervisors:
            supervisor.wake()

    def quit(self) -> None:
        for supervisor in self.supervisors:
            supervisor.quit()

    # ---- inside

    def _placeable(self, waiting: list[Waiting]) -> list[Waiting]:
        """Without the stages that no worker of this machine can do; they fail, saying why."""
        possible = []
        for task in waiting:
            seats = [s for s in self.supervisors if s.kind == task.kind]
            roomy = [s for s in seats if fits(task.generator, s.view(), self._needs_gb)]
            working = [s for s in roomy if s.state != "broken"]
            if working:
                possible.append(task)
            elif roomy:
                self._jobs.fail(task.job, task.key, roomy[0].why_broken())
            else:
                self._jobs.fail(task.job, task.key, self._too_large(task, seats))
        return possible

    def _too_large(self, task: Waiting, seats: list[Supervisor]) -> Unavailable:
        largest = max((s.memory_gb or 0.0 for s in seats), default=0.0)
        need = self._needs_gb.get(task.generator, 0.0)
        message = f"'{task.generator}' needs {need:g} GB of GPU memory, the largest here has {largest:g} GB"
        return Unavailable(message, "Choose a smaller generator, or a backend with more memory.")

    def _begin(self, waiting: Waiting, supervisor: Supervisor) -> None:
        self._ticket += 1
        output = self._store.work_folder(waiting.job, self._ticket)
        task = self._jobs.start(waiting.job, waiting.key, self._ticket)
        if task is None:
            return
        folder = self._store.job_folder(waiting.job)
        self.underway[self._ticket] = Underway(waiting.job, waiting.key, task, self._clock())
        crashes = self._jobs.active[waiting.job].stages[waiting.key].crashes
        run = Run(ticket=self._ticket, task=task, folder=str(folder), output=str(output), crashes=crashes)
        supervisor.assign(run)

    def _progress(self, step: Step, arrays: Mapping[str, memoryview]) -> None:
        run = self.underway[step.ticket]
        now = self._clock()
        elapsed = {u.key: now - u.since for u in self.underway.values() if u.job == run.job}
        share = {run.key: step.step / step.of} if step.of > 1 else {}
        preview = arrays.get("preview")
        progress = Progress(
            job=run.job,
            stage=run.task.stage,
            box=run.task.box,
            step=step.step,
            of=step.of,
            text=step.text,
            seconds_left=self._jobs.seconds_left(run.job, elapsed, share),
            arrays=() if preview is None else (ArrayHeader(name="preview", dtype="u1", shape=(preview.nbytes,)),),
        )
        self._tell(progress, () if preview is None else (preview,))

    def _record(self, outcome: Callable[[], object]) -> None:
        """Brings what a worker did into the journal, now, or in its turn when the journal can be written again."""
        self._unrecorded.append(outcome)
        self._catch_up()

    def _catch_up(self) -> bool:
        """True when nothing is left to be recorded. Until then no stage is begun: what is known must be kept first."""
        while self._unrecorded:
            try:
                self._unrecorded[0]()
            except sqlite3.Error as error:
                if not self._warned:
                    _log.error("The journal cannot be written, work waits until it can: %s", error)
                self._warned = True
                return False
            self._unrecorded.popleft()
        self._warned = False
        return True

    def _done(self, run: Underway, done: Done) -> None:
        try:
            self._jobs.finish(run.job, run.key, done.ticket, done.seconds, done.outputs, done.notes)
        except InvalidMessage as error:
            self._jobs.fail(run.job, run.key, StageFailed(error.message, "Press Retry."))
        except OSError as error:
            message = f"The result of {run.task.title} cannot be kept: {error.strerror or error}"
            self._jobs.fail(run.job, run.key, DiskFull(message, "Make room on the disk, then press Retry."))

    def _failed(self, run: Underway, failed: Failed) -> None:
        error = _error(failed)
        if self._jobs.active[run.job].row.cancelling:
            self._jobs.stopped(run.job, run.key)
        elif isinstance(error, OutOfMemory):
            self._jobs.crashed(run.job, run.key, error)
        else:
            self._jobs.fail(run.job, run.key, error)

    def _lost(self, lost: Lost | None) -> None:
        if lost is None:
            return
        _log.warning("%s", lost.error.message)
        if lost.run is None:
            return
        run = self.underway.pop(lost.run.ticket)
        if lost.cancelled:
            self._record(lambda: self._jobs.stopped(run.job, run.key))
        else:
            self._record(lambda: self._jobs.crashed(run.job, run.key, lost.error))


def _error(failed: Failed) -> GreyboxError:
    error = _ERRORS.get(failed.code, StageFailed)(failed.message, failed.remedy)
    error.code = failed.code
    return error
