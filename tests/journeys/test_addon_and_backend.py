"""The add-on's own connection against the real server with the real Draft: submit, results, a server that is killed."""

import hashlib
import queue
import time

import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.assets import MeshData
from greybox.backend.protocol.endpoint import read_client_key, read_endpoint
from greybox.backend.protocol.scene import Box, SceneSpec
from greybox.blender_addon.connection import Connection, Fetched, Link, Received, Target

from tests.client import Backend


class AddOn:
    """What Blender's timer does, without Blender."""

    def __init__(self, folder):
        self.folder = folder
        self.links, self.messages, self.fetched = [], [], {}
        self.connection = Connection(self._find, "test")
        self.connection.open()

    def _find(self):
        endpoint = read_endpoint(self.folder)
        return Target(endpoint.address, endpoint.public_key, read_client_key(self.folder))

    def until(self, true, seconds=60):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.links[-3:], self.messages[-3:])
            try:
                item = self.connection.inbox.get(timeout=0.05)
            except queue.Empty:
                continue
            match item:
                case Link():
                    self.links.append(item.state)
                case Received():
                    self.messages.append(item.message)
                case Fetched():
                    self.fetched[item.sha256] = item.data

    def of(self, kind, **fields):
        found = [x for x in self.messages if isinstance(x, kind)]
        return [x for x in found if all(getattr(x, name) == value for name, value in fields.items())]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def request(name, *words):
    boxes = tuple(
        Box(id=f"b{n}", prompt=prompt, location=(n, 0, 0), size=(0.5, 0.5, 0.9)) for n, prompt in enumerate(words)
    )
    return m.JobRequest(id=name, scene=SceneSpec(boxes=boxes), settings=m.JobSettings(texture_size=128))


def test_a_job_across_a_kill_of_the_server(folder):
    backend = Backend(folder, GREYBOX_TEST_GENERATOR="draft")
    addon = AddOn(folder)
    try:
        addon.until(lambda: "online" in addon.links)
        addon.connection.send(m.Submit(request="r1", job=request("j", "a wooden chair", "a floor lamp", "a table")))
        addon.until(lambda: addon.of(m.StageDone, stage="mesh"))
        backend.kill()
        backend = Backend(folder, GREYBOX_TEST_GENERATOR="draft")
        addon.until(lambda: addon.of(m.Finished, job="j"))
        assert addon.of(m.Accepted, request="r1") and addon.of(m.Finished)[0].state == "done"
        assert "lost" in addon.links and addon.links.count("online") == 2
        done = [(e.stage, e.box) for e in addon.of(m.StageDone)]
        assert len(done) == len(set(done)) == 9
        cursors = [
            e.cursor for e in addon.messages if hasattr(e, "cursor") and not isinstance(e, m.Welcome | m.JobList)
        ]
        assert cursors == sorted(set(cursors))
        _fetch_everything(addon)
    finally:
        addon.connection.close()
        backend.end()


def _fetch_everything(addon):
    artifacts = [a for e in addon.of(m.StageDone) for a in e.artifacts]
    for artifact in artifacts:
        addon.connection.fetch(artifact)
    addon.until(lambda: {a.sha256 for a in artifacts} <= set(addon.fetched))
    for artifact in artifacts:
        data = addon.fetched[artifact.sha256]
        assert hashlib.sha256(data).hexdigest() == artifact.sha256
        if artifact.name == "mesh.safetensors":
            mesh = MeshData.from_bytes(data)
            extent = mesh.vertices.max(0) - mesh.vertices.min(0)
            assert extent == pytest.approx([0.5, 0.5, 0.9], abs=1e-3)
