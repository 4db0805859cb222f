"""T-P1, T-P2, T-P3 at named points: processes that die exactly where it hurts, and what is left afterwards."""

import hashlib
import os
import signal
import time

import pytest

from backend.protocol import messages as m
from tests.client import Backend, box, job, serving
from tests.server.test_loop import alive, started, worker_pid

SERVER_POINTS = ["submit.rename", "journal.commit", "save.rename", "save.renamed"]
WORKER_POINTS = [
    f"{stage}.{when}" for stage in ("mesh", "material", "placement") for when in ("start", "step", "end")
] + ["save.write"]


def check_results(client, name):
    """Every result is there with its hash; no stage was told to be done twice."""
    summary = client.ask(m.ListJobs, jobs=(name,)).jobs[0]
    for artifact in summary.artifacts:
        assert hashlib.sha256(client.fetch(artifact)).hexdigest() == artifact.sha256
    done = [(e.stage, e.box) for e in client.events if isinstance(e, m.StageDone) and e.job == name]
    assert len(done) == len(set(done)) == summary.done
    assert sum(isinstance(e, m.Finished) and e.job == name for e in client.events) == 1
    return summary


@pytest.mark.parametrize("point", WORKER_POINTS)
def test_a_worker_that_dies_once_is_replaced_and_the_job_is_done(tmp_path, point):
    fault = f"{point}:crash@1~{tmp_path / 'once'}"
    with serving(tmp_path / "data", GREYBOX_FAULT=fault) as (_, client):
        client.submit(job("j", box("a")))
        assert client.wait("j").state == "done"
        assert (tmp_path / "once").exists() and check_results(client, "j").done == 3
        assert next(w for w in client.ask(m.Status).workers if w.kind == "generate").restarts == 1


@pytest.mark.parametrize("point", SERVER_POINTS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_server_that_dies_goes_on_where_it_was(tmp_path, point, count):
    if (point, count) == ("submit.rename", 3):
        count = 2
    fault = f"{point}:crash@{count}~{tmp_path / 'once'}"
    backend = Backend(tmp_path / "data", GREYBOX_FAULT=fault)
    client = backend.client()
    for name in ("one", "two"):
        client.say(m.Submit(request=name, job=job(name, box("a", name))))
    backend.process.wait(20)
    again = Backend(tmp_path / "data", GREYBOX_FAULT=fault)
    fresh = again.client()
    for name in ("one", "two"):
        assert fresh.submit(job(name, box("a", name))).state in ("queued", "running", "done")
        assert fresh.wait(name).state == "done" and check_results(fresh, name).done == 3
    for one in (client, fresh):
        one.close()
    again.end()


def test_a_worker_that_cannot_start_is_given_up_and_the_rest_goes_on(tmp_path):
    with serving(tmp_path, GREYBOX_FAULT="mesh.start:crash") as (_, client):
        client.submit(job("j", *(box(f"b{n}", f"thing {n}") for n in range(3))))
        end = client.wait("j")
        assert end.state == "failed" and end.code == "worker-lost" and "twice" in end.message and end.remedy
        workers = {w.kind: w for w in client.ask(m.Status).workers}
        assert workers["generate"].state == "broken" and workers["generate"].restarts == 3
        errors = [e.message for e in client.events if isinstance(e, m.StageError) and e.stage == "mesh"]
        assert len(errors) == 3 and any("came to an end 4 times" in message for message in errors)


def test_a_poison_task_is_set_aside_and_the_others_are_done(tmp_path):
    with serving(tmp_path) as (_, client):
        client.submit(job("j", box("a", "fine one"), box("b", "crash"), box("c", "fine two")))
        end = client.wait("j")
        assert end.state == "failed" and "SIGSEGV" in end.message and "This happened twice" in end.message
        placed = {e.box for e in client.events if isinstance(e, m.StageDone) and e.stage == "placement"}
        assert placed == {"a", "c"}


def test_a_stopped_worker_is_noticed_and_never_finishes_a_stage_twice(tmp_path):
    log = tmp_path / "begun.txt"
    with serving(tmp_path / "data", GREYBOX_TEST_LOG=str(log)) as (_, client):
        client.submit(job("j", box("a", "slow")))
        client.until(log.exists, 20)
        pid = worker_pid(client)
        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        client.until(lambda: worker_pid(client) not in (0, pid), 10)
        print(f"noticed after {time.monotonic() - began:.1f} s")
        assert not alive(pid)
        assert client.wait("j").state == "done" and check_results(client, "j").done == 3
        assert log.read_text().split() == ["a", "a"]


def test_a_stage_that_hangs_is_ended_by_its_silence(tmp_path):
    with serving(tmp_path) as (_, client):
        client.submit(job("j", box("a", "hang"), box("b", "fine")))
        end = client.wait("j", 40)
        assert end.code == "worker-stalled" and end.remedy
        assert {e.box for e in client.events if isinstance(e, m.StageDone) and e.stage == "placement"} == {"b"}


def test_a_stopped_server_goes_on_when_it_is_let_go(tmp_path):
    with serving(tmp_path) as (backend, client):
        client.submit(job("j", box("a"), box("b", "more"), box("c", "still more")))
        started(client, "j")
        os.kill(backend.pid, signal.SIGSTOP)
        time.sleep(3)
        os.kill(backend.pid, signal.SIGCONT)
        assert client.wait("j").state == "done" and check_results(client, "j").done == 9
        assert all(worker.restarts == 0 for worker in client.ask(m.Status).workers), "its workers were not to blame"


@pytest.mark.parametrize("when", ["mesh", "material", "placement"])
def test_the_server_outlives_its_client(tmp_path, when):
    with serving(tmp_path) as (backend, client):
        client.submit(job("j", box("a"), box("b", "more")))
        started(client, "j", when)
        cursor = client.cursor
        client.close()
        back = backend.client(cursor)
        assert back.wait("j").state == "done"
        back.events = backend.client(0).events + back.events
        back.close()
        everything = backend.client(0)
        everything.wait("j")
        assert check_results(everything, "j").done == 6
        everything.close()


def test_a_full_disk_fails_the_stage_and_a_retry_finishes_it(tmp_path):
    fault = f"save.write:full@1~{tmp_path / 'once'}"
    with serving(tmp_path / "data", GREYBOX_FAULT=fault) as (_, client):
        client.submit(job("j", box("a")))
        end = client.wait("j")
        assert end.code == "disk-full" and "MB" in end.message and "Make room" in end.remedy
        client.events.clear()
        client.ask(m.Retry, job="j")
        assert client.wait("j").state == "done"
