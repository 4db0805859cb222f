"""From boxes to furniture through the add-on's own buttons: it starts the real backend, and again when it is killed."""

import os
import signal
import sys
import time

import pytest
from greybox.backend.protocol.endpoint import read_endpoint

bpy = pytest.importorskip("bpy")

import greybox.blender_addon as addon  # noqa: E402
from greybox.blender_addon import boxes, jobs, scene_reader  # noqa: E402


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GREYBOX_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("GREYBOX_PYTHON", sys.executable)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon.register()
    bpy.context.scene.greybox.texture_size = "256"
    yield tmp_path / "data"
    end_backend()
    addon.unregister()


def end_backend():
    current = jobs.session()
    if current is None:
        return
    jobs.stop_backend()
    pump(lambda: not current.online, 20)
    launcher = current.launcher
    pump(lambda: launcher is None or not launcher.alive(), 20)


def pump(wanted, seconds=120):
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, jobs.session().message
        jobs.tick(bpy.context)
        time.sleep(0.01)


@pytest.mark.slow
def test_boxes_become_furniture_that_stands_in_them(folder):
    bpy.ops.greybox.add_box(preset="Coffee Table")
    bpy.context.scene.cursor.location = (2, 1, 0)
    bpy.ops.greybox.add_box(preset="Stool")
    assert bpy.ops.greybox.generate(what="ALL") == {"FINISHED"}
    job = jobs.run_until_done(bpy.context, 120)[-1]
    assert job.state == "done" and job.done == job.of == 6
    bpy.context.view_layer.update()
    for box in boxes.all_boxes(bpy.context.scene):
        result, frame = boxes.result_of(box), scene_reader.box_frame(box)
        inside = [frame.matrix.inverted() @ result.matrix_world @ vertex.co for vertex in result.data.vertices]
        for axis in range(3):
            low, high = (-frame.size[axis] / 2, frame.size[axis] / 2) if axis < 2 else (0.0, frame.size[2])
            assert min(p[axis] for p in inside) > low - 1e-3 and max(p[axis] for p in inside) < high + 1e-3
        assert min(p.z for p in inside) == pytest.approx(0, abs=1e-3)  # on the floor
        material = result.data.materials[0]
        textures = [node.image for node in material.node_tree.nodes if node.type == "TEX_IMAGE"]
        assert len(textures) >= 3 and all(tuple(image.size) == (256, 256) for image in textures)


@pytest.mark.slow
def test_a_killed_backend_is_started_again_and_goes_on(folder):
    for preset in ("Stool", "Bench", "Side Table"):
        bpy.ops.greybox.add_box(preset=preset)
    bpy.ops.greybox.generate(what="ALL")
    current = jobs.session()
    job = current.book.newest(1)[0]
    pump(lambda: job.finished_stages)
    first = read_endpoint(folder)
    os.kill(first.pid, signal.SIGKILL)
    jobs.run_until_done(bpy.context, 120)
    assert read_endpoint(folder).session != first.session and job.state == "done"
    assert [len(box.greybox.variants) for box in boxes.all_boxes(bpy.context.scene)] == [1, 1, 1]
