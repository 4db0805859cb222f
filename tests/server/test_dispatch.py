"""backend/server/dispatch.py: stages meet workers, on a real journal, with processes that are played by the test."""

import hashlib
import sqlite3
from pathlib import Path

import msgspec
import pytest

from backend.protocol.messages import StageError
from backend.protocol.work import Done, Failed, Output, Ready, Run, Step, Stop
from backend.server.dispatch import Dispatch
from backend.server.supervisor import Limits, Supervisor
from tests.client import box, job
from tests.fake_backend import INFO, FakeClock, FakeProcess
from tests.server.histories import Office


class Stage:
    """One generate worker and a dispatcher; `play` does what a worker would do with the Run that it got."""

    def __init__(self, folder, info=INFO, memory_gb=None):
        self.office = Office(folder)
        self.clock = FakeClock()
        self.processes = []
        self.progress = []
        self.worker = Supervisor(0, "generate", "cuda:0", self._spawn, self.clock, Limits(), memory_gb)
        tell = lambda progress, arrays: self.progress.append(progress)  # noqa: E731
        self.dispatch = Dispatch(self.office.jobs, self.office.store, [self.worker], [info], self.clock, tell)

    def _spawn(self, epoch):
        self.processes.append(FakeProcess(pid=epoch, words="boom"))
        return self.processes[-1]

    def submit(self, *boxes):
        self.office.jobs.submit(job("j", *boxes), {})
        self.step()
        self.says(Ready(pid=1))
        self.step()

    def step(self):
        self.dispatch.tick()
        self.dispatch.step()

    def says(self, message, arrays=None):
        self.dispatch.heard(0, self.worker.epoch, message, arrays or {})

    @property
    def run(self):
        return next(message for message in reversed(self.processes[-1].sent) if isinstance(message, Run))

    def play(self):
        data = self.run.task.key.encode()
        (Path(self.run.output) / "0.part").write_bytes(data)
        output = Output(
            file="0.part", box=self.run.task.box, name="x.bin", sha256=hashlib.sha256(data).hexdigest(), size=len(data)
        )
        self.says(Done(ticket=self.run.ticket, seconds=1, outputs=(output,), notes=(), loaded=("draft",)))


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def test_a_job_goes_through_one_worker_stage_by_stage(stage):
    assert stage.processes == []
    stage.submit(box("a"))
    played = []
    while stage.office.jobs.active:
        played.append(stage.run.task.key)
        stage.play()
        stage.step()
    assert played == ["mesh/a", "material/a", "placement/a"] and stage.office.state("j") == "done"
    assert len(stage.processes) == 1 and stage.dispatch.underway == {}


def test_progress_is_told_with_its_preview(stage):
    stage.submit(box("a"))
    stage.says(Step(ticket=stage.run.ticket, step=2, of=5, text="Drawing"), {"preview": memoryview(b"12345")})
    (progress,) = stage.progress
    assert (progress.job, progress.stage, progress.box, progress.step, progress.of) == ("j", "mesh", "a", 2, 5)
    assert progress.arrays[0].name == "preview" and progress.arrays[0].shape == (5,)


def test_a_lost_worker_is_replaced_and_the_stage_begun_again(stage):
    stage.submit(box("a"))
    first = stage.run
    stage.dispatch.ended(0, 1, -11)
    stage.step()
    stage.says(Ready(pid=2))
    stage.step()
    assert len(stage.processes) == 2 and stage.run.ticket > first.ticket and stage.run.crashes == 1
    stage.says(Done(ticket=first.ticket, seconds=1, outputs=(), notes=(), loaded=()))
    assert stage.office.done_events("j") == []
    stage.play()
    assert stage.office.done_events("j") == ["mesh/a"]


def test_a_cancel_reaches_the_worker_at_once(stage):
    stage.submit(box("a"))
    _, tickets = stage.office.jobs.cancel("j")
    stage.dispatch.stop(tickets)
    assert stage.processes[-1].sent[-1] == Stop(ticket=stage.run.ticket)
    stage.says(Failed(ticket=stage.run.ticket, code="cancelled", message="Cancelled"))
    assert stage.office.state("j") == "cancelled"


def test_a_result_that_is_not_there_fails_the_stage_not_the_server(stage):
    stage.submit(box("a"))
    lie = Output(file="0.part", box="a", name="x.bin", sha256="0" * 64, size=3)
    stage.says(Done(ticket=stage.run.ticket, seconds=1, outputs=(lie,), notes=(), loaded=()))
    assert stage.office.state("j") == "failed"
    assert "not there whole" in next(e for e in stage.office.events() if isinstance(e, StageError)).message


def test_while_the_journal_cannot_be_written_work_waits_and_nothing_is_lost(stage, monkeypatch, caplog):
    stage.submit(box("a"))

    def full(event):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(stage.office.journal, "tell", full)
        stage.play()
        for _ in range(5):
            stage.step()
        assert stage.office.done_events("j") == [] and stage.run.task.key == "mesh/a"
        assert caplog.text.count("cannot be written") == 1
    stage.step()
    assert stage.office.done_events("j") == ["mesh/a"]
    stage.step()
    assert stage.run.task.key == "material/a"


def test_a_worker_that_never_starts_fails_its_stages_with_its_last_words(stage):
    stage.office.jobs.submit(job("j", box("a"), box("b")), {})
    for _ in range(4):
        stage.step()
        stage.dispatch.ended(0, stage.worker.epoch, 1)
    stage.step()
    assert stage.office.state("j") == "failed"
    errors = [e for e in stage.office.events() if isinstance(e, StageError) and e.stage == "mesh"]
    assert len(errors) == 2 and all("boom" in e.message for e in errors)


def test_a_generator_that_fits_no_device_is_refused_with_both_numbers(tmp_path):
    large = msgspec.structs.replace(INFO, memory_gb=(("bf16", 40.0), ("fp8", 20.0)))
    stage = Stage(tmp_path, large, memory_gb=8.0)
    stage.office.jobs.submit(job("j", box("a")), {})
    stage.step()
    message = stage.office.journal.summaries(("j",), 1)[0].message
    assert "needs 20 GB" in message and "has 8 GB" in message and stage.processes == []
