"""backend/server/journal.py: rows in, rows out, and nothing lost when the process is killed in the middle."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from backend.protocol.errors import Incompatible, Unavailable
from backend.protocol.messages import ArtifactInfo, Finished, StageStarted
from backend.protocol.stages import StageTask
from backend.protocol.wire import read_server
from backend.server.journal import FILE, JobRow, Journal, StageRow
from tests.client import ROOT, box, job
from tests.server.histories import Office

TASK = StageTask("mesh", "a", "draft")
ARTIFACT = ArtifactInfo(stage="mesh", box="a", name="m.bin", sha256="0" * 64, size=3, media="x/y")


def row(name, **fields):
    request = job(name, box("a"))
    defaults = {"digest": "d", "inputs": {"panorama": "h"}, "warnings": ("w",), "state": "queued", "created": 5.0}
    return JobRow(id=name, request=request, cancelling=False, **{**defaults, **fields})


def add(journal, name, **fields):
    stage = StageRow(task=TASK, rank=0)
    with journal.transaction():
        journal.add_job(row(name, **fields), [stage])
    return stage


def test_what_is_written_is_there_after_opening_again(tmp_path):
    journal = Journal(tmp_path)
    stage = add(journal, "j")
    stage.state, stage.notes, stage.artifacts, stage.digest = "done", ("n",), (ARTIFACT,), "abc"
    with journal.transaction():
        journal.put_stage("j", stage)
        journal.put_artifacts("j", stage)
    journal.close()
    again = Journal(tmp_path)
    assert again.job("j") == (row("j"), {"mesh/a": stage}) and again.job("ghost") is None
    assert again.finished_alike("abc") == (stage,) and again.finished_alike("abd") == ()
    summary = again.summaries((), 10)[0]
    assert (summary.done, summary.of, summary.artifacts) == (1, 1, (ARTIFACT,))


def test_a_transaction_is_all_or_nothing(tmp_path):
    journal = Journal(tmp_path)
    add(journal, "j")
    with pytest.raises(ZeroDivisionError), journal.transaction():
        journal.tell(StageStarted(cursor=0, job="j", stage="mesh", box="a"))
        journal.put_job(row("j", state="running"))
        _ = 1 / 0
    assert journal.cursor == 0 and journal.events_after(0, 9) == [] and journal.unfinished() == ["j"]
    assert journal.job("j")[0].state == "queued"


def test_cursors_grow_and_are_never_used_again(tmp_path):
    journal = Journal(tmp_path)
    for name in ("a", "b"):
        add(journal, name)
        with journal.transaction():
            journal.tell(Finished(cursor=0, job=name, state="done", seconds=1))
    with journal.transaction():
        journal.delete_job("b")
    journal.close()
    journal = Journal(tmp_path)
    assert journal.cursor == 2
    with journal.transaction():
        journal.tell(Finished(cursor=0, job="a", state="done", seconds=2))
    assert [cursor for cursor, _ in journal.events_after(0, 9)] == [1, 3]
    assert read_server([journal.events_after(1, 9)[0][1]])[0].cursor == 3


def test_durations_are_a_mean_that_forgets(tmp_path):
    journal = Journal(tmp_path)
    with journal.transaction():
        for seconds in (2.0, 4.0):
            journal.learn("mesh", "draft", seconds)
    assert journal.durations() == {("mesh", "draft"): 3.0}
    with journal.transaction():
        for _ in range(60):
            journal.learn("mesh", "draft", 10.0)
    with journal.transaction():
        for seconds in (100.0, 10.0, 10.0, 10.0, 10.0, 10.0):  # a cold start is forgotten
            journal.learn("image", "maker", seconds)
    assert journal.durations()["image", "maker"] == pytest.approx(10, rel=0.3)
    assert 9.9 < journal.durations()["mesh", "draft"] <= 10.0


def test_a_newer_journal_is_left_alone(tmp_path):
    Journal(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(Incompatible, match="newer Greybox"):
        Journal(tmp_path)


def test_a_disk_that_does_not_give_the_journal_is_no_damage(tmp_path):
    (tmp_path / FILE).mkdir()
    with pytest.raises(Unavailable, match="cannot be opened"):
        Journal(tmp_path)
    assert not list(tmp_path.glob("*.damaged-*"))


def test_a_damaged_journal_is_kept_aside_not_overwritten(tmp_path, caplog):
    Journal(tmp_path).close()
    (tmp_path / FILE).write_bytes(b"this is no database" * 500)
    journal = Journal(tmp_path)
    assert journal.unfinished() == [] and "damaged" in caplog.text and "damaged" in journal.notice
    kept = next(tmp_path.glob(f"{FILE}.damaged-*"))
    assert kept.read_bytes().startswith(b"this is no database")


def test_a_thousand_jobs_are_listed_in_time(tmp_path):
    journal = Journal(tmp_path)
    with journal.transaction():
        for number in range(1000):
            stages = [StageRow(task=StageTask("mesh", f"b{n}", "draft"), rank=n) for n in range(6)]
            journal.add_job(row(f"j{number}", created=float(number)), stages)
    journal.close()
    began = time.monotonic()
    again = Journal(tmp_path)
    assert len(again.unfinished()) == 1000 and len(again.summaries((), 200)) == 200
    assert again.summaries((), 1)[0].job == "j999"
    assert time.monotonic() - began < 1.5


WRITER = """
import sys
from pathlib import Path
from backend.protocol.messages import Finished
from backend.server.journal import Journal, StageRow
from tests.server.test_journal import TASK, row
journal = Journal(Path(sys.argv[1]))
number = journal.count_jobs()
while True:
    with journal.transaction():
        journal.add_job(row(f"j{number}"), [StageRow(task=TASK, rank=0)])
        journal.tell(Finished(cursor=0, job=f"j{number}", state="done", seconds=1))
    print(number, flush=True)
    number += 1
"""


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path):
    chance = random.Random(7)
    acknowledged = -1
    for _ in range(12):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(chance.randrange(1, 12)):
            acknowledged = int(writer.stdout.readline())
        time.sleep(chance.random() * 0.01)
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        journal = Journal(tmp_path)
        names = {summary.job for summary in journal.summaries((), 1000)}
        assert {f"j{n}" for n in range(acknowledged + 1)} <= names
        assert journal.cursor == len(names) and not list(tmp_path.glob("*.damaged*"))
        journal.close()


def test_a_journal_with_random_damage_opens_or_is_kept_aside(tmp_path):
    """T-D2: pages lost, files cut short; never a server that does not start, never a silent empty list."""
    (tmp_path / "whole").mkdir()
    office = Office(tmp_path / "whole")
    for name in ("one", "two", "three"):
        office.jobs.submit(job(name, box("a", name)), {})
    office.work("one", "mesh/a")
    office.journal.close()
    chance = random.Random(11)
    aside = 0
    for number in range(60):
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "whole", folder)
        _damage(folder / FILE, chance)
        later = Office(folder)
        listed = {summary.job for summary in later.journal.summaries((), 10)}
        assert listed == {"one", "two", "three"}
        aside += bool(later.journal.notice)
        later.jobs.waiting()
        later.jobs.submit(job("next", box("a", "next")), {})
        later.journal.close()
        shutil.rmtree(folder)
    assert aside > 50


def _damage(path, chance):
    """As disks and interrupted copies do it: cut at any byte, or whole pages of zeros or of something else."""
    data, page = bytearray(path.read_bytes()), 4096
    if chance.random() < 0.4:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data) // page) * page
            data[at : at + page] = bytes(page) if chance.random() < 0.5 else chance.randbytes(page)
    path.write_bytes(data)
