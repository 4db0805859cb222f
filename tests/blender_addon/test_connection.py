"""The socket thread against a server that waits, dies, returns and lies. No Blender."""

import hashlib
import time

import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.endpoint import read_client_key, read_endpoint
from greybox.backend.protocol.errors import NotFound
from greybox.backend.protocol.scene import Box, SceneSpec
from greybox.blender_addon.connection import Connection, Fetched, FetchFailed, Link, Received, Target

from tests.fakes.server import FakeServer


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def connect(folder):
    opened = []

    def target():
        endpoint = read_endpoint(folder)
        return Target(endpoint.address, endpoint.public_key, read_client_key(folder))

    def make():
        connection = Connection(target, "test")
        connection.open()
        opened.append(connection)
        return connection

    yield make
    for connection in opened:
        connection.close()


def until(connection, wanted, seconds=8.0):
    """Everything from the inbox up to the first item for which `wanted` holds."""
    seen, deadline = [], time.monotonic() + seconds
    while time.monotonic() < deadline:
        while not connection.inbox.empty():
            seen.append(connection.inbox.get())
            if wanted(seen[-1]):
                return seen
        time.sleep(0.005)
    raise AssertionError(f"did not come; seen: {seen}")


def online(item):
    return isinstance(item, Link) and item.state == "online"


def message(kind):
    return lambda item: isinstance(item, Received) and isinstance(item.message, kind)


def request(job="job-1", boxes=("sofa",)):
    spec = tuple(Box(id=name, prompt=name, location=(0, 0, 0), size=(2, 1, 1)) for name in boxes)
    return m.Submit(request=f"submit-{job}", job=m.JobRequest(id=job, scene=SceneSpec(boxes=spec), boxes=boxes))


def test_hello_welcome_and_the_list_of_jobs(folder, connect):
    with FakeServer(folder):
        seen = until(connect(), message(m.JobList))
    welcome = next(item.message for item in seen if message(m.Welcome)(item))
    assert welcome.version == "fake" and welcome.generators[0].name == "draft"


def test_no_server_is_told_with_the_remedy_and_found_when_it_comes(folder, connect):
    connection = connect()
    lost = until(connection, lambda item: isinstance(item, Link) and item.state == "lost")[-1]
    assert "No backend" in lost.reason and lost.remedy
    with FakeServer(folder):
        until(connection, online)


def test_a_submit_made_before_there_is_a_server_arrives(folder, connect):
    connection = connect()
    connection.send(request())
    with FakeServer(folder) as server:
        until(connection, message(m.Finished))
        assert server.count(m.Submit) == 1


def test_a_result_is_fetched_whole_in_pieces(folder, connect):
    big = bytes(range(256)) * 4096 * 5 + b"end"  # five pieces and a bit
    sha = hashlib.sha256(big).hexdigest()
    with FakeServer(folder) as server:
        server.journal.files[sha] = big
        connection = connect()
        connection.fetch(m.ArtifactInfo(stage="mesh", box="a", name="x", sha256=sha, size=len(big), media=""))
        fetched = until(connection, lambda item: isinstance(item, Fetched))[-1]
    assert fetched.data == big and server.count(m.Fetch) == 6


def test_a_damaged_result_is_not_handed_on(folder, connect):
    data = b"mesh" * 100
    sha = hashlib.sha256(data).hexdigest()
    with FakeServer(folder) as server:
        server.damage, server.journal.files[sha] = True, data
        connection = connect()
        connection.fetch(m.ArtifactInfo(stage="mesh", box="a", name="x", sha256=sha, size=len(data), media=""))
        failed = until(connection, lambda item: isinstance(item, Fetched | FetchFailed))[-1]
    assert isinstance(failed, FetchFailed) and "damaged" in failed.reason


def test_an_unknown_result_fails_with_the_servers_words(folder, connect):
    with FakeServer(folder):
        connection = connect()
        connection.fetch(m.ArtifactInfo(stage="mesh", box="a", name="x", sha256="0" * 64, size=4, media=""))
        failed = until(connection, lambda item: isinstance(item, FetchFailed))[-1]
    assert failed.reason == "No such result"


def test_events_missed_during_a_restart_are_told_once(folder, connect):
    connection = connect()
    first = FakeServer(folder)
    with first:
        first.hold.set()
        connection.send(request(boxes=("a", "b")))
        until(connection, message(m.Accepted))
    cursor_before = first.journal.cursor
    with FakeServer(folder, first.journal):  # the same journal, another port and key
        seen = until(connection, message(m.Finished))
    events = [item.message for item in seen if isinstance(item, Received) and isinstance(item.message, m.Event)]
    cursors = [event.cursor for event in events]
    assert cursors == list(range(cursor_before + 1, cursor_before + 1 + len(cursors)))
    assert len(cursors) == 2 * 3 * 2 + 1  # two boxes, three stages, started and done, and the end


def test_events_before_the_reconnect_are_replayed_from_the_cursor(folder, connect):
    connection = connect()
    first = FakeServer(folder)
    with first:
        until(connection, online)
    # while nobody was connected the next server has finished a job
    with FakeServer(folder, first.journal) as second:
        until(connection, online)
        hello = [message for message in second.received if isinstance(message, m.Hello)][-1]
    assert hello.cursor == 0  # what it had seen, not "from now"


def test_a_server_that_no_longer_answers_is_given_up(folder, connect, monkeypatch):
    monkeypatch.setattr("greybox.blender_addon.connection.SILENCE", 1.5)
    with FakeServer(folder) as server:
        connection = connect()
        until(connection, message(m.JobList))
        server.fall_silent()
        lost = until(connection, lambda item: isinstance(item, Link) and item.state == "lost")[-1]
    assert "not answered" in lost.reason


def test_closing_is_quick_with_and_without_a_server(folder, connect):
    connection = connect()
    begin = time.monotonic()
    connection.close()
    assert time.monotonic() - begin < 1.0
    with FakeServer(folder):
        other = connect()
        until(other, online)
        begin = time.monotonic()
        other.close()
        assert time.monotonic() - begin < 1.0


def test_a_find_that_fails_is_asked_again(connect):
    def nowhere():
        raise NotFound("nothing here", "start it")

    connection = Connection(nowhere, "test")
    connection.open()
    try:
        reasons = [item for item in until(connection, _second_loss()) if isinstance(item, Link)]
    finally:
        connection.close()
    assert sum(link.state == "connecting" for link in reasons) >= 2


def _second_loss():
    losses = []

    def wanted(item):
        if isinstance(item, Link) and item.state == "lost":
            losses.append(item)
        return len(losses) == 2

    return wanted
