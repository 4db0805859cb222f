"""Messages in, rows and finished boxes out. No Blender, no sockets."""

import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.scene import SceneSpec
from greybox.blender_addon.job_book import JobBook


def artifact(stage, name, box="sofa", sha="a"):
    return m.ArtifactInfo(stage=stage, box=box, name=name, sha256=sha, size=1, media="")


def done(stage, *names, cursor=1, box="sofa", sha="a"):
    made = tuple(artifact(stage, name, box, sha) for name in names)
    return m.StageDone(cursor=cursor, job="j", stage=stage, box=box, seconds=1, artifacts=made)


@pytest.fixture
def book():
    made = JobBook()
    made.submitted(m.JobRequest(id="j", scene=SceneSpec(), boxes=("sofa", "lamp"), title="Room"), stages=6)
    return made


def test_a_box_is_ready_once_when_mesh_and_placement_are_there(book):
    assert book.apply(done("mesh", "mesh.safetensors")) == []
    assert book.apply(done("material", "base_color.png")) == []
    assert book.apply(done("placement", "placement.json")) == [("j", "sofa")]
    assert book.apply(done("placement", "placement.json")) == []  # told again after a reconnect
    assert set(book.jobs["j"].results("sofa")) == {"mesh.safetensors", "base_color.png", "placement.json"}


def test_a_later_stage_replaces_what_an_earlier_one_made(book):
    book.apply(done("material", "mesh.safetensors", sha="with uvs"))
    book.apply(done("mesh", "mesh.safetensors", sha="without"))
    assert book.jobs["j"].artifacts["sofa", "mesh.safetensors"].sha256 == "with uvs"


def test_progress_moves_the_bar_and_names_the_stage(book):
    book.apply(m.Progress(job="j", stage="mesh", box="sofa", step=1, of=2, text="shape", seconds_left=9.0))
    job = book.jobs["j"]
    assert job.state == "running" and job.stage == "mesh" and job.seconds_left == 9.0
    assert job.factor == pytest.approx(0.5 / 6)
    book.apply(done("mesh", "mesh.safetensors"))
    assert job.factor >= 1 / 6


def test_the_bar_never_leaves_zero_to_one(book):
    for cursor in range(20):
        book.apply(done(f"stage{cursor}", cursor=cursor))
    assert book.jobs["j"].factor == 1.0
    assert JobBook().submitted(m.JobRequest(id="x", scene=SceneSpec())).factor == 0.0


def test_one_failed_box_is_told_and_the_other_goes_on(book):
    book.apply(m.StageError(cursor=1, job="j", stage="mesh", box="sofa", code="x", message="It broke", remedy="Retry"))
    row = book.row("j", "sofa")
    assert (row.error, row.remedy) == ("It broke", "Retry") and not book.jobs["j"].ended
    book.apply(m.Finished(cursor=2, job="j", state="failed", seconds=3, message="One box failed"))
    assert book.jobs["j"].ended and book.jobs["j"].message == "One box failed" and book.running() == []


def test_a_late_progress_does_not_wake_a_job_that_has_ended(book):
    book.apply(m.Finished(cursor=1, job="j", state="cancelled", seconds=1))
    book.apply(m.Progress(job="j", stage="mesh", box="sofa", step=1, of=2))
    assert book.jobs["j"].state == "cancelled"


def test_a_list_of_jobs_tells_what_was_made_while_nobody_listened(book):
    made = (artifact("mesh", "mesh.safetensors"), artifact("placement", "placement.json"))
    summary = m.JobSummary(job="j", title="Room", state="done", created=1, done=6, of=6, artifacts=made)
    assert book.apply(m.JobList(request="r", jobs=(summary,), cursor=9)) == [("j", "sofa")]
    assert book.apply(m.JobList(request="r", jobs=(summary,), cursor=9)) == []
    assert book.jobs["j"].factor == 1.0


def test_a_refused_job_says_why(book):
    book.refused("j", "Box 'sofa': size x is 0.0, flat", "Scale it.")
    assert book.jobs["j"].ended and "flat" in book.jobs["j"].message


def test_the_newest_jobs_come_first_whatever_order_they_were_told_in(book):
    old, new = (
        m.JobSummary(job=name, title=name, state="done", created=created, done=1, of=1)
        for name, created in (("old", 5.0), ("new", 9.0))
    )
    book.apply(m.JobList(request="r", jobs=(new, old), cursor=1))
    assert [job.id for job in book.newest(2)] == ["new", "old"]
