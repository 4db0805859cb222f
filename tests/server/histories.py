"""A jobs table on a real journal and store, with a clock by hand and outputs made on the spot."""

from __future__ import annotations

import hashlib
from pathlib import Path

from backend.protocol.messages import Finished, StageDone
from backend.protocol.wire import read_server
from backend.protocol.work import Output
from backend.server.jobs import Jobs
from backend.server.journal import Journal
from backend.server.store import Store
from tests.fake_backend import INFO, FakeClock


class Office:
    """Jobs with hands: `work` begins and finishes a stage as a worker would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock(now=1000.0)
        self.ticket = 0
        self.open()

    def open(self) -> None:
        self.journal, self.store = Journal(self.folder), Store(self.folder)
        self.jobs = Jobs(self.journal, self.store, (INFO,), ("raster",), self.clock)
        self.jobs.recover()

    def reopen(self) -> None:
        """As after a kill: nothing is handed over but the files."""
        self.journal.close()
        self.open()

    def begin(self, job: str, key: str) -> int:
        self.ticket += 1
        assert self.jobs.start(job, key, self.ticket) is not None
        self.store.work_folder(job, self.ticket)
        return self.ticket

    def finish(self, job: str, key: str, ticket: int, content: bytes | None = None) -> None:
        data = key.encode() if content is None else content
        (self.folder / "jobs" / job / ".work" / str(ticket) / "0.part").write_bytes(data)
        task = self.jobs.active[job].stages[key].task
        digest = hashlib.sha256(data).hexdigest()
        output = Output(file="0.part", box=task.box, name=f"{task.stage}.bin", sha256=digest, size=len(data))
        self.clock.now += 2
        self.jobs.finish(job, key, ticket, 2.0, [output], ("note",))

    def work(self, job: str, key: str, content: bytes | None = None) -> None:
        self.finish(job, key, self.begin(job, key), content)

    def waiting(self) -> list[str]:
        return [f"{task.job}:{task.key}" for task in self.jobs.waiting()]

    def state(self, job: str) -> str:
        return self.journal.summaries((job,), 1)[0].state

    def events(self, after: int = 0) -> list:
        return [read_server([body])[0] for _, body in self.journal.events_after(after, 10_000)]

    def done_events(self, job: str) -> list[str]:
        return [f"{e.stage}/{e.box}" for e in self.events() if isinstance(e, StageDone) and e.job == job]

    def ends(self, job: str) -> list[str]:
        return [e.state for e in self.events() if isinstance(e, Finished) and e.job == job]
