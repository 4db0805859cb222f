"""The add-on registered in a fresh Blender for each test; a fake backend that its launcher finds running."""

import pytest

bpy = pytest.importorskip("bpy")

import greybox.blender_addon as addon  # noqa: E402
from greybox.blender_addon import boxes, jobs  # noqa: E402

from tests.fakes.server import FakeServer  # noqa: E402


@pytest.fixture
def blender(tmp_path, monkeypatch):
    """An empty file, the add-on enabled, a data folder of its own; yields bpy.context."""
    monkeypatch.setenv("GREYBOX_FOLDER", str(tmp_path / "data"))
    monkeypatch.delenv("GREYBOX_PYTHON", raising=False)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon.register()
    yield bpy.context
    addon.unregister()


@pytest.fixture
def backend(blender, tmp_path):
    """A fake backend in the data folder of `blender`."""
    with FakeServer(tmp_path / "data") as server:
        yield server
        jobs.disconnect()


@pytest.fixture
def box(blender):
    """Makes a box; `box("Sofa", size=(2, 1, 0.8))`."""

    def make(name="Sofa", prompt="green sofa", location=(0, 0, 0), size=(2.0, 1.0, 0.8), rotation=(1, 0, 0, 0)):
        made = boxes.add_box(blender.scene, name, prompt, location, size, rotation)
        blender.view_layer.update()
        return made

    return make
