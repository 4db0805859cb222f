"""Preferences as plain values, with and without the add-on among the enabled ones."""

from pathlib import Path

import pytest
from greybox.backend.protocol.errors import NotFound, Unavailable
from greybox.blender_addon import preferences

from tests.fakes.server import FakeServer


@pytest.fixture
def stored(blender):
    addon = blender.preferences.addons.new()
    addon.module = preferences.PACKAGE
    yield addon.preferences
    blender.preferences.addons.remove(addon)


def test_the_package_is_the_parent_of_this_one(blender):
    assert preferences.PACKAGE == "greybox" and (preferences.SOURCE / "backend" / "protocol").is_dir()


def test_without_the_add_on_the_defaults_hold(blender, tmp_path):
    read = preferences.read(blender)
    assert not read.remote and read.autostart and read.folder == tmp_path / "data"


def test_what_is_stored_is_read(blender, stored, tmp_path):
    stored.folder, stored.python, stored.autostart = str(tmp_path / "other"), "/usr/bin/python3", False
    read = preferences.read(blender)
    assert (read.folder, read.python, read.autostart) == (tmp_path / "other", "/usr/bin/python3", False)


def test_a_local_target_is_what_the_server_announced(blender, tmp_path):
    with pytest.raises(NotFound):
        preferences.read(blender).target()
    with FakeServer(tmp_path / "data"):
        target = preferences.read(blender).target()
        assert target.address.startswith("tcp://127.0.0.1:") and len(target.server_key) == 40


def test_a_remote_target_needs_host_key_and_key_file(blender, stored, tmp_path):
    stored.where = "REMOTE"
    with pytest.raises(Unavailable, match="not set"):
        preferences.read(blender).target()
    stored.host, stored.port, stored.server_key = "render.local", 5000, "k" * 40
    stored.key_file = str(tmp_path / "missing.json")
    with pytest.raises(NotFound, match="key file"):
        preferences.read(blender).target()
    with FakeServer(tmp_path / "data"):
        stored.key_file = str(Path(tmp_path / "data" / "keys" / "client.json"))
        assert preferences.read(blender).target().address == "tcp://render.local:5000"
