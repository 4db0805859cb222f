"""T-X1 with the real Draft: a cancel at every stage, twice, too late, and followed by the end of the server."""

import time

import msgspec
import pytest

from backend.protocol import messages as m
from backend.protocol.scene import Camera, SceneSpec
from tests.client import Backend, box

MOMENTS = ["queued", "condition", "mesh", "material", "placement"]
CAMERA = Camera(location=(0, -6, 1.5), rotation=(0.7071067811865476, 0.7071067811865476, 0, 0), clip=(0.1, 100))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    backend = Backend(tmp_path_factory.mktemp("draft"), GREYBOX_TEST_GENERATOR="draft")
    client = backend.client()
    client.submit(furnished("warm"))  # libraries are loaded once, before anything is measured
    client.wait("warm", 120)
    yield backend, client
    client.close()
    backend.end()


def furnished(name, boxes=2, seed=0):
    """Chairs under a camera, with the layout drawn by the raster renderer."""
    chairs = tuple(box(f"chair-{n}", "a wooden chair", seed=seed * 100 + n) for n in range(boxes))
    settings = m.JobSettings(renderer="raster", texture_size=512)
    camera = msgspec.structs.replace(CAMERA, lens=30.0 + seed)
    return m.JobRequest(id=name, scene=SceneSpec(boxes=chairs, camera=camera, seed=seed), settings=settings)


def at(client, name, stage):
    if stage != "queued":
        client.until(lambda: any(_is(e, name, stage) for e in client.events), 60)


def _is(event, name, stage):
    return isinstance(event, m.StageStarted) and (event.job, event.stage) == (name, stage)


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_cancel_at_every_stage_is_quick_and_leaves_the_worker_usable(pair, moment, turn):
    _, client = pair
    name = f"x-{moment}-{turn}"
    client.submit(furnished(name, seed=1 + MOMENTS.index(moment) * 3 + turn))
    at(client, name, moment)
    time.sleep(0.02 * turn)
    began = time.monotonic()
    accepted = client.ask(m.Cancel, job=name)
    acknowledged = time.monotonic() - began
    end = client.wait(name, 10)
    ended = time.monotonic() - began
    print(f"{name}: acknowledged after {acknowledged:.3f} s, ended after {ended:.3f} s")
    assert accepted.job == name and end.state in ("cancelled", "done")
    assert acknowledged < 1 and ended < 3  # the bars are 0.3 s and 1 s on a machine of its own
    assert client.ask(m.Cancel, job=name).state == end.state
    kept = client.ask(m.ListJobs, jobs=(name,)).jobs[0]
    assert all(client.fetch(artifact) for artifact in kept.artifacts)


def test_after_all_these_cancels_the_next_job_is_done_by_few_workers(pair):
    _, client = pair
    client.submit(furnished("next", seed=99))
    assert client.wait("next", 60).state == "done"
    assert all(worker.state == "idle" for worker in client.ask(m.Status).workers)


def test_a_cancelled_job_is_finished_by_a_retry_that_keeps_what_was_done(pair):
    _, client = pair
    client.submit(furnished("again", seed=77))
    at(client, "again", "material")
    client.ask(m.Cancel, job="again")
    client.wait("again", 10)
    before = {e.cursor for e in client.events}
    client.events.clear()
    client.ask(m.Retry, job="again")
    assert client.wait("again", 60).state == "done"
    repeated = [e for e in client.events if e.cursor not in before and _is(e, "again", "mesh") and e.box == "chair-0"]
    assert repeated == []


def test_a_cancel_too_late_changes_nothing(pair):
    _, client = pair
    client.submit(furnished("late", boxes=1, seed=55))
    assert client.wait("late", 60).state == "done"
    assert client.ask(m.Cancel, job="late").state == "done"
    assert client.ask(m.ListJobs, jobs=("late",)).jobs[0].state == "done"


def test_a_cancel_and_then_the_end_of_the_server(tmp_path):
    backend = Backend(tmp_path, GREYBOX_TEST_GENERATOR="draft")
    client = backend.client()
    client.submit(furnished("quit"))
    at(client, "quit", "condition")
    client.say(m.Cancel(request="c", job="quit"))
    client.until(lambda: "c" in client.answers, 5)
    backend.kill()
    client.close()
    again = Backend(tmp_path, GREYBOX_TEST_GENERATOR="draft")
    fresh = again.client()
    assert fresh.wait("quit", 10).state == "cancelled"
    fresh.close()
    again.end()
