"""Kills workers, servers and clients at every stage, by a seed, and counts what was lost or done twice.

    python -m tests.server.kill_soak --kills 200            fake generator, about five minutes
    python -m tests.server.kill_soak --kills 20 --draft     the real one

Each round submits two jobs and kills one process with SIGKILL somewhere between the submit and the last byte of the
results. In the end every accepted job must be done, every result must have its hash, every stage must have been told
done exactly once, and every job finished exactly once. Exit code 1 and the seed when not.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from backend.protocol import messages as m
from backend.protocol.endpoint import read_client_key, read_endpoint
from tests.client import ROOT, Backend, Client, box, job

MOMENTS = ("submit", "queued", "mesh", "material", "placement", "transfer")
TARGETS = ("worker", "server", "client")
PATIENCE = 120.0


@dataclass
class Score:
    kills: collections.Counter = field(default_factory=collections.Counter)
    accepted: list[str] = field(default_factory=list)
    recovery: list[float] = field(default_factory=list)  # seconds from the death of a server to its next answer
    problems: list[str] = field(default_factory=list)


class Soak:
    def __init__(self, folder: Path, seed: int, draft: bool) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.environment = {"GREYBOX_TEST_RESTARTS": "100000", "GREYBOX_TEST_GENERATOR": "draft" if draft else ""}
        self.words = ("a wooden chair", "floor lamp") if draft else ("a thing", "another")
        self.score = Score()
        self.events: list[m.Event] = []
        self.backend = Backend(folder, **self.environment)
        self.client = self.backend.client()

    def round(self, number: int) -> None:
        moment, target = MOMENTS[number % len(MOMENTS)], TARGETS[number // len(MOMENTS) % len(TARGETS)]
        requests = [self._job(f"k{number}-{which}") for which in "ab"]
        visitor = self._visitor(requests[0]) if target == "client" else None
        if moment == "submit":
            self._say(requests)
        else:
            self._submit(requests)
            self._until(moment, requests)
        time.sleep(self.chance.random() * 0.12)
        self._kill(target, visitor)
        self.score.kills[f"{target} at {moment}"] += 1
        self._submit(requests)
        for request in requests:
            self.client.wait(request.id, PATIENCE)
            self._check_results(request.id)
        self.score.accepted += [request.id for request in requests]

    def end(self) -> Score:
        """Compares what was told, what the journal says and what lies on the disk."""
        self.client.close()
        fresh = self.backend.client()
        summaries = {s.job: s for s in fresh.ask(m.ListJobs, limit=1000).jobs}
        fresh.until(lambda: fresh.cursor >= fresh.welcome.cursor, 30)
        done = collections.Counter((e.job, e.stage, e.box) for e in fresh.events if isinstance(e, m.StageDone))
        ends = collections.Counter((e.job, e.state) for e in fresh.events if isinstance(e, m.Finished))
        fresh.close()
        self.backend.end()
        for name in self.score.accepted:
            if name not in summaries or summaries[name].state != "done":
                self.score.problems.append(f"{name} is lost or not done: {summaries.get(name)}")
            if ends[name, "done"] != 1:
                self.score.problems.append(f"{name} was told finished {ends[name, 'done']} times")
        self.score.problems += [f"{key} was told done {count} times" for key, count in done.items() if count != 1]
        self.score.problems += [f"{key} is unexpected" for key in ends if key[1] != "done"]
        if len(done) != 6 * len(self.score.accepted):
            self.score.problems.append(f"{len(done)} stages were done, planned {6 * len(self.score.accepted)}")
        cursors = [event.cursor for event in fresh.events]
        if cursors != sorted(set(cursors)):
            self.score.problems.append("the cursors of the events do not grow")
        return self.score

    def _job(self, name: str) -> m.JobRequest:
        seed = self.chance.randrange(1 << 30)
        return job(name, *(box(f"b{n}", words, seed=seed) for n, words in enumerate(self.words)))

    def _say(self, requests: list[m.JobRequest]) -> None:
        for request in requests:
            self.client.say(m.Submit(request=request.id, job=request))

    def _submit(self, requests: list[m.JobRequest]) -> None:
        for request in requests:
            answer = self.client.submit(request)
            if not isinstance(answer, m.Accepted):
                self.score.problems.append(f"{request.id}: {answer}")

    def _until(self, moment: str, requests: list[m.JobRequest]) -> None:
        name = self.chance.choice(requests).id
        if moment == "transfer":
            self.client.wait(name, PATIENCE)
        elif moment != "queued":
            self.client.until(lambda: self._begun(name, moment), PATIENCE)

    def _begun(self, name: str, stage: str) -> bool:
        events = self.client.events
        return any(isinstance(e, m.StageStarted) and (e.job, e.stage) == (name, stage) for e in events)

    def _kill(self, target: str, visitor: subprocess.Popen | None) -> None:
        if target == "client" and visitor is not None:
            visitor.kill()
            visitor.communicate()
        elif target == "worker":
            for worker in self.client.ask(m.Status).workers:
                if worker.pid and worker.kind == "generate":
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker.pid, signal.SIGKILL)
        else:
            self._kill_server()

    def _kill_server(self) -> None:
        cursor = self.client.cursor
        began = time.monotonic()
        self.backend.kill()
        self.client.close()
        self.backend = Backend(self.folder, **self.environment)
        events = self.client.events
        self.client = self.backend.client(cursor)
        self.client.events = events + self.client.events
        self.score.recovery.append(time.monotonic() - began)

    def _visitor(self, request: m.JobRequest) -> subprocess.Popen:
        """Another client that submits the same job and will be killed while it listens."""
        command = [sys.executable, "-m", "tests.server.kill_soak", "--visit", str(self.folder), request.id]
        visitor = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert visitor.stdout is not None
        visitor.stdout.readline()
        return visitor

    def _check_results(self, name: str) -> None:
        for artifact in self.client.ask(m.ListJobs, jobs=(name,)).jobs[0].artifacts:
            if hashlib.sha256(self.client.fetch(artifact)).hexdigest() != artifact.sha256:
                self.score.problems.append(f"{name}: {artifact.name} does not have its hash")


def visit(folder: Path) -> None:
    """Connects, asks for things and listens until it is killed."""
    client = Client(read_endpoint(folder), read_client_key(folder))
    print("here", flush=True)
    while True:
        client.ask(m.ListJobs)
        client.listen(0.05)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draft", action="store_true", help="the real Draft generator instead of the fake one")
    parser.add_argument("--visit", nargs=2, metavar=("FOLDER", "JOB"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.visit:
        visit(Path(options.visit[0]))
    with tempfile.TemporaryDirectory() as folder:
        score = run(Path(folder), options.kills, options.seed, options.draft)
    return 1 if score.problems else 0


def run(folder: Path, kills: int, seed: int, draft: bool = False) -> Score:
    began = time.monotonic()
    soak = Soak(folder, seed, draft)
    for number in range(kills):
        soak.round(number)
    score = soak.end()
    for kind, count in sorted(score.kills.items()):
        print(f"{count:5d}  {kind}")
    slowest = max(score.recovery, default=0.0)
    print(
        f"{kills} kills, {len(score.accepted)} jobs, seed {seed}, {time.monotonic() - began:.0f} s; "
        f"server back after {slowest:.2f} s at most; {len(score.problems)} problems"
    )
    for problem in score.problems:
        print("PROBLEM", problem)
    return score


if __name__ == "__main__":
    sys.exit(main())
