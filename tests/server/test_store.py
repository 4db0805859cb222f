"""backend/server/store.py: files whole or not at all, under names that lead nowhere else."""

import hashlib
import os

import pytest

from backend.protocol.errors import InvalidMessage, NotFound
from backend.protocol.stages import StageTask
from backend.protocol.work import Output
from backend.server.store import Store, is_file_name

TASK = StageTask("mesh", "chair", "draft")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    store.add_job("j", b"request", {"panorama": memoryview(b"sky"), "image/chair": memoryview(b"picture")})
    return store


def made(store, data=b"mesh", name="mesh.safetensors", box="chair", **fields):
    """A file as a worker leaves it, and what it says about it."""
    work = store.work_folder("j", 1)
    (work / "0.part").write_bytes(data)
    output = {"file": "0.part", "box": box, "name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return [Output(**{**output, **fields})]


def test_a_job_folder_holds_the_request_and_its_pictures(store):
    folder = store.job_folder("j")
    assert (folder / "request.msgpack").read_bytes() == b"request"
    assert (folder / "inputs/panorama").read_bytes() == b"sky"
    assert (folder / "inputs/image/chair").read_bytes() == b"picture"


def test_a_result_lies_under_its_hash_and_its_name(store):
    (artifact,) = store.adopt("j", 1, TASK, made(store))
    assert (artifact.stage, artifact.box, artifact.name, artifact.size) == ("mesh", "chair", "mesh.safetensors", 4)
    assert (store.job_folder("j") / "mesh/chair/mesh.safetensors").read_bytes() == b"mesh"
    assert store.read(artifact.sha256, 0, 100) == (b"mesh", 4) and store.read(artifact.sha256, 1, 2) == (b"es", 4)
    assert store.has([artifact])
    store.finish("j", 1)
    assert not (store.job_folder("j") / ".work/1").exists()


def test_adopting_again_changes_nothing(store):
    outputs = made(store)
    first = store.adopt("j", 1, TASK, outputs)
    assert store.adopt("j", 1, TASK, outputs) == first
    assert store.adopt("j", 1, TASK, made(store)) == first


def test_a_later_result_replaces_the_name_and_keeps_the_old_bytes(store):
    (old,) = store.adopt("j", 1, TASK, made(store))
    (new,) = store.adopt("j", 1, TASK, made(store, b"other"))
    assert store.read(old.sha256, 0, 9)[0] == b"mesh"
    assert (store.job_folder("j") / "mesh/chair/mesh.safetensors").read_bytes() == b"other"
    assert store.has([old, new])


@pytest.mark.parametrize(
    "lie",
    [
        {"name": "../../evil"},
        {"name": "a/b"},
        {"name": ".hidden"},
        {"name": "con.png"},
        {"name": ""},
        {"file": "../1/0.part"},
        {"file": "missing.part"},
        {"box": "../x"},
        {"sha256": "ABC"},
        {"sha256": "../" + "0" * 61},
        {"size": 5},
    ],
)
def test_what_a_worker_says_is_checked(store, lie):
    with pytest.raises(InvalidMessage):
        store.adopt("j", 1, TASK, made(store, **lie))


@pytest.mark.parametrize("name", ["../j", "a/b", "", "J", "a" * 65, ".", "con\0"])
def test_a_job_id_leads_nowhere_else(store, name):
    with pytest.raises(InvalidMessage):
        store.job_folder(name)


@pytest.mark.parametrize("name", ["nul", "com1.txt", "aux.png", "a\\b", "a:b", "-x", "a b", "ü"])
def test_names_that_some_system_cannot_have(name):
    assert not is_file_name(name)


def test_a_hash_that_is_unknown_or_none(store):
    with pytest.raises(NotFound):
        store.read("0" * 64, 0, 1)
    with pytest.raises(InvalidMessage):
        store.read("../../jobs/j/request.msgpack", 0, 1)


def test_without_hard_links_files_are_copied(store, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    (artifact,) = store.adopt("j", 1, TASK, made(store))
    assert (store.job_folder("j") / "mesh/chair/mesh.safetensors").read_bytes() == b"mesh" and store.has([artifact])


def test_a_truncated_result_does_not_count(store, tmp_path):
    (artifact,) = store.adopt("j", 1, TASK, made(store))
    (tmp_path / "results" / artifact.sha256[:2] / artifact.sha256).write_bytes(b"me")
    assert not store.has([artifact])


def test_the_sweep_removes_leftovers_only(store):
    (artifact,) = store.adopt("j", 1, TASK, made(store))
    store.work_folder("j", 2)
    (store.folder / "jobs/.new-x").mkdir()
    store.sweep()
    assert store.has([artifact]) and (store.job_folder("j") / "mesh/chair/mesh.safetensors").exists()
    assert not (store.job_folder("j") / ".work").exists() and not (store.folder / "jobs/.new-x").exists()


def test_delete_takes_the_folder_and_what_is_unused(store):
    (artifact,) = store.adopt("j", 1, TASK, made(store))
    store.delete_job("j", [])
    assert store.has([artifact]) and not store.job_folder("j").exists()
    store.delete_job("j", [artifact.sha256])
    assert not store.has([artifact])
