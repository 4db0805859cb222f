"""backend/server/jobs.py: what becomes of jobs, on a real journal and store."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from backend.protocol.errors import GreyboxError, IllegalMove, InvalidScene, NotFound, StageFailed, WorkerLost
from backend.protocol.messages import StageError
from backend.protocol.scene import SceneSpec
from tests.client import box, job
from tests.server.histories import Office

STAGES = ["mesh/a", "material/a", "placement/a"]
CRASH = WorkerLost("It crashed.", "Retry.")


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_a_job_from_submit_to_done(office):
    assert office.jobs.submit(job("j", box("a")), {}) == ("queued", ())
    for key in STAGES:
        assert office.waiting() == [f"j:{key}"]
        office.work("j", key)
    assert office.state("j") == "done" and office.ends("j") == ["done"] and not office.jobs.active
    assert office.done_events("j") == STAGES
    assert [e.cursor for e in office.events()] == list(range(1, 8))
    assert (office.folder / "jobs/j/mesh/a/mesh.bin").read_bytes() == b"mesh/a"


def test_the_same_job_twice_is_the_same_job(office):
    assert office.jobs.submit(job("j", box("a")), {})[0] == "queued"
    office.work("j", "mesh/a")
    assert office.jobs.submit(job("j", box("a")), {})[0] == "running"
    with pytest.raises(IllegalMove, match="another job with the id 'j'"):
        office.jobs.submit(job("j", box("b")), {})
    with pytest.raises(IllegalMove, match="another job"):
        office.jobs.submit(job("j", box("a")), {"image/a": memoryview(b"x")})


def test_a_job_that_cannot_run_leaves_nothing_behind(office):
    with pytest.raises(InvalidScene, match="Box 'a': size x"):
        office.jobs.submit(job("j", msgspec.structs.replace(box("a"), size=(0, 1, 1))), {})
    assert not list((office.folder / "jobs").iterdir()) and office.journal.count_jobs() == 0


def test_one_failed_box_does_not_keep_the_others(office):
    office.jobs.submit(job("j", box("a"), box("b")), {})
    office.begin("j", "mesh/a")
    office.jobs.fail("j", "mesh/a", StageFailed("No idea what this is", "Use other words."))
    assert office.waiting() == ["j:mesh/b"]
    for stage in ("mesh", "material", "placement"):
        office.work("j", f"{stage}/b")
    summary = office.journal.summaries(("j",), 1)[0]
    assert (summary.state, summary.message, summary.remedy) == ("failed", "No idea what this is", "Use other words.")
    errors = [(e.stage, e.code, e.message) for e in office.events() if isinstance(e, StageError)]
    blocked = "Not begun: Mesh of 'a' failed."
    assert errors == [
        ("mesh", "stage-failed", "No idea what this is"),
        ("material", "blocked", blocked),
        ("placement", "blocked", blocked),
    ]
    assert office.ends("j") == ["failed"]


def test_retry_does_only_what_is_missing(office):
    test_one_failed_box_does_not_keep_the_others(office)
    assert office.jobs.retry("j") == "queued"
    assert office.waiting() == ["j:mesh/a"]
    for key in STAGES:
        office.work("j", key)
    assert office.state("j") == "done" and office.ends("j") == ["failed", "done"]


def test_a_crash_is_tried_again_once(office):
    office.jobs.submit(job("j", box("a"), box("b")), {})
    office.begin("j", "mesh/a")
    assert office.jobs.crashed("j", "mesh/a", CRASH)
    office.begin("j", "mesh/a")
    assert not office.jobs.crashed("j", "mesh/a", CRASH)
    error = next(e for e in office.events() if isinstance(e, StageError))
    assert error.code == "worker-lost" and "twice" in error.message and office.waiting() == ["j:mesh/b"]


def test_crashes_are_remembered_across_restarts(office):
    office.jobs.submit(job("j", box("a")), {})
    office.begin("j", "mesh/a")
    office.jobs.crashed("j", "mesh/a", CRASH)
    office.reopen()
    office.begin("j", "mesh/a")
    assert not office.jobs.crashed("j", "mesh/a", CRASH)


def test_a_stage_that_takes_the_server_along_is_set_aside_in_the_end(office):
    office.jobs.submit(job("j", box("a")), {})
    for _ in range(6):
        office.begin("j", "mesh/a")
        office.reopen()
    assert office.jobs.start("j", "mesh/a", 99) is None
    assert office.state("j") == "failed" and "begun 6 times" in office.journal.summaries(("j",), 1)[0].message


def test_cancel_of_a_waiting_job_ends_it_at_once(office):
    office.jobs.submit(job("j", box("a")), {})
    assert office.jobs.cancel("j") == ("cancelled", [])
    assert office.jobs.cancel("j") == ("cancelled", []) and office.ends("j") == ["cancelled"]


def test_cancel_of_a_running_job_waits_for_the_stage(office):
    office.jobs.submit(job("j", box("a"), box("b")), {})
    ticket = office.begin("j", "mesh/a")
    assert office.jobs.cancel("j") == ("running", [ticket]) and office.waiting() == []
    office.jobs.stopped("j", "mesh/a")
    assert office.state("j") == "cancelled" and office.ends("j") == ["cancelled"]


def test_a_stage_that_was_quicker_than_the_cancel_keeps_its_result(office):
    office.jobs.submit(job("j", box("a")), {})
    ticket = office.begin("j", "mesh/a")
    office.jobs.cancel("j")
    office.finish("j", "mesh/a", ticket)
    assert office.state("j") == "cancelled" and len(office.journal.summaries(("j",), 1)[0].artifacts) == 1


def test_a_cancel_survives_a_restart(office):
    office.jobs.submit(job("j", box("a")), {})
    office.begin("j", "mesh/a")
    office.jobs.cancel("j")
    office.reopen()
    assert office.state("j") == "cancelled" and office.ends("j") == ["cancelled"]


def test_after_a_restart_what_is_done_stays_done(office):
    office.jobs.submit(job("j", box("a")), {})
    office.work("j", "mesh/a")
    office.begin("j", "material/a")
    office.reopen()
    assert office.waiting() == ["j:material/a"] and office.state("j") == "queued"
    office.work("j", "material/a")
    office.work("j", "placement/a")
    assert office.done_events("j") == STAGES


def test_the_same_thing_is_not_made_twice(office):
    office.jobs.submit(job("one", box("a"), box("b")), {})
    for name in "ab":
        for stage in ("mesh", "material", "placement"):
            office.work("one", f"{stage}/{name}", f"{stage} {name}".encode())
    other = msgspec.structs.replace(box("b"), seed=99)
    office.jobs.submit(job("two", box("a"), other), {})
    assert office.waiting() == ["two:mesh/b"]
    assert office.done_events("two") == STAGES
    assert (office.folder / "jobs/two/mesh/a/mesh.bin").read_bytes() == b"mesh a"


def test_moving_a_box_makes_nothing_again(office):
    office.jobs.submit(job("one", box("a")), {})
    for key in STAGES:
        office.work("one", key)
    office.jobs.submit(job("two", msgspec.structs.replace(box("a"), location=(5, 5, 0))), {})
    assert office.waiting() == [] and office.state("two") == "done"


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"size": (1, 1, 2)}, "mesh/a"),
        ({"prompt": "another thing"}, "mesh/a"),
        ({"kind": "chair"}, "mesh/a"),
        ({"seed": 5}, "mesh/a"),
    ],
)
def test_what_a_mesh_depends_on(office, change, again):
    office.jobs.submit(job("one", box("a")), {})
    for key in STAGES:
        office.work("one", key)
    office.jobs.submit(job("two", msgspec.structs.replace(box("a"), **change)), {})
    assert office.waiting() == [f"two:{again}"]


def test_what_later_stages_depend_on(office):
    office.jobs.submit(job("one", box("a")), {})
    for key in STAGES:
        office.work("one", key)
    office.jobs.submit(job("two", box("a"), texture_size=128), {})
    assert office.waiting() == ["two:material/a"]
    office.jobs.submit(job("three", box("a"), fit="fill"), {})
    assert "three:placement/a" in office.waiting()
    office.jobs.submit(job("four", box("a"), options={"draft": {"steps": 9}}), {})
    assert "four:mesh/a" in office.waiting()


def test_a_lost_result_is_made_again(office):
    office.jobs.submit(job("one", box("a")), {})
    for key in STAGES:
        office.work("one", key)
    shutil.rmtree(office.folder / "results")
    office.jobs.submit(job("two", box("a")), {})
    assert office.waiting() == ["two:mesh/a"]


def test_delete_removes_only_what_nobody_else_has(office):
    for name in ("one", "two"):
        office.jobs.submit(job(name, box("a")), {})
        while waiting := office.waiting():
            office.work(*waiting[0].split(":"))
    shared = office.journal.summaries(("two",), 1)[0].artifacts
    assert office.jobs.delete("one") == "done"
    assert office.store.has(shared) and not (office.folder / "jobs/one").exists()
    office.jobs.delete("two")
    assert not office.store.has(shared) and office.events() == []
    with pytest.raises(NotFound):
        office.jobs.delete("two")


def test_a_running_job_cannot_be_deleted(office):
    office.jobs.submit(job("j", box("a")), {})
    with pytest.raises(IllegalMove, match="has not ended"):
        office.jobs.delete("j")


def test_unknown_is_unknown_and_never_done(office):
    for ask in (office.jobs.cancel, office.jobs.retry, office.jobs.delete):
        with pytest.raises(NotFound, match="'ghost'"):
            ask("ghost")


def test_seconds_left_is_learned(office):
    office.jobs.submit(job("one", box("a")), {})
    assert office.jobs.seconds_left("one", {}) is None
    for key in STAGES:
        office.work("one", key)
    office.jobs.submit(job("two", box("a", prompt="b"), box("b", prompt="c")), {})
    assert office.jobs.seconds_left("two", {}) == pytest.approx(12)
    office.begin("two", "mesh/a")
    assert office.jobs.seconds_left("two", {"mesh/a": 1.5}) == pytest.approx(10.5)
    assert office.jobs.seconds_left("two", {"mesh/a": 99}) == pytest.approx(10.2)


def test_a_stage_that_tells_its_steps_is_judged_by_its_own_pace(office):
    office.jobs.submit(job("j", box("a")), {})
    for key in STAGES:
        office.work("j", key)
    office.jobs.submit(job("k", box("a", prompt="b")), {})
    before = office.jobs.seconds_left("k", {})
    office.begin("k", "mesh/a")
    slow = office.jobs.seconds_left("k", {"mesh/a": 50.0}, {"mesh/a": 0.5})
    assert slow > before + 20  # half of it took 50 s, so the other half is not done in no time


def test_a_journal_that_cannot_be_written_changes_nothing(office, monkeypatch):
    office.jobs.submit(job("j", box("a")), {})
    ticket = office.begin("j", "mesh/a")
    events = office.events()

    def full(event):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(office.journal, "tell", full)
        with pytest.raises(sqlite3.OperationalError):
            office.finish("j", "mesh/a", ticket)
    assert office.jobs.active["j"].stages["mesh/a"].state == "running" and office.events() == events
    office.jobs.requeue("j", "mesh/a")
    office.work("j", "mesh/a")
    assert office.done_events("j") == ["mesh/a"]


def test_a_scene_without_boxes_is_refused(office):
    request = msgspec.structs.replace(job("j"), scene=SceneSpec())
    with pytest.raises(InvalidScene, match="nothing to make"):
        office.jobs.submit(request, {})


class Machine(RuleBasedStateMachine):
    """Whatever happens in whatever order: nothing is lost, nothing is done twice, memory and journal agree."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.office = Office(self.folder)
        self.count = 0
        self.running: dict[int, tuple[str, str]] = {}
        self.accepted: set[str] = set()

    def teardown(self):
        self.office.journal.close()
        shutil.rmtree(self.folder)

    @precondition(lambda self: self.count < 5)
    @rule(boxes=st.integers(1, 2), same=st.booleans())
    def submit(self, boxes, same):
        self.count += 1
        prompt = "same" if same else f"thing {self.count}"
        self.office.jobs.submit(job(f"j{self.count}", *(box(f"b{n}", prompt) for n in range(boxes))), {})
        self.accepted.add(f"j{self.count}")

    @rule(data=st.data())
    def begin(self, data):
        waiting = self.office.waiting()
        if waiting:
            name, key = data.draw(st.sampled_from(waiting)).split(":")
            if self.office.jobs.active[name].stages[key].attempts < 6:
                self.running[self.office.begin(name, key)] = name, key

    @precondition(lambda self: self.running)
    @rule(data=st.data(), how=st.sampled_from(["finish", "finish", "fail", "crash"]))
    def end(self, data, how):
        ticket = data.draw(st.sampled_from(sorted(self.running)))
        name, key = self.running.pop(ticket)
        if how == "finish":
            self.office.finish(name, key, ticket)
        elif how == "crash":
            self.office.jobs.crashed(name, key, CRASH)
        elif self.office.jobs.active[name].row.cancelling:
            self.office.jobs.stopped(name, key)
        else:
            self.office.jobs.fail(name, key, StageFailed("no"))

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), what=st.sampled_from(["cancel", "retry", "delete"]))
    def ask(self, data, what):
        name = data.draw(st.sampled_from(sorted(self.accepted)))
        try:
            getattr(self.office.jobs, what)(name)
        except GreyboxError:
            return
        if what == "delete":
            self.accepted.discard(name)

    @rule()
    def restart(self):
        self.running.clear()
        self.office.reopen()

    @invariant()
    def nothing_is_lost_or_done_twice(self):
        listed = {summary.job: summary for summary in self.office.journal.summaries((), 100)}
        assert set(listed) == self.accepted
        for name, summary in listed.items():
            row, stages = self.office.journal.job(name)
            assert (row.state in ("queued", "running")) == (name in self.office.jobs.active)
            assert self.office.store.has(summary.artifacts)
            done = self.office.done_events(name)
            assert sorted(done) == sorted({key for key, stage in stages.items() if stage.state == "done"})
            if name in self.office.jobs.active:
                memory = self.office.jobs.active[name]
                assert {k: s.state for k, s in memory.stages.items()} == {k: s.state for k, s in stages.items()}
                assert {self.running[t][1] for t in memory.running.values()} == {
                    k for k, s in stages.items() if s.state == "running"
                }


Machine.TestCase.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestMachine = Machine.TestCase
