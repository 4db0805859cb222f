"""The buttons of generator options, reports, presets, pairing and set-up: each does its one thing."""

import sys

import bpy
import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.endpoint import KeyPair, Pairing, pairing_text
from greybox.blender_addon import backdrop, boxes, chores, generator_options, jobs, preferences

from .test_jobs import furnished, pump, run


def test_the_selected_boxes_alone_are_made(blender, backend, box):
    sofa, lamp = box("Sofa"), box("Lamp")
    for other in (sofa, lamp):
        other.select_set(False)
    boxes.select_only(blender, lamp)
    assert bpy.ops.greybox.generate_selected() == {"FINISHED"}
    run()
    assert furnished() == ["Lamp"]


def test_options_are_put_back_and_what_fits_is_left_alone(blender, backend, box):
    box()
    bpy.ops.greybox.start_backend()
    pump(lambda: jobs.session().online and jobs.session().welcome)
    assert bpy.ops.greybox.make_it_fit(generator="draft") == {"FINISHED"}  # Draft needs no GPU
    assert bpy.ops.greybox.reset_options(generator="draft") == {"FINISHED"}
    draft = next(info for info in jobs.generators() if info.name == "draft")
    assert all(generator_options.value(blender.scene, "draft", o) == o.default for o in draft.options)


def test_a_report_is_copied_with_and_without_a_job(blender, backend, box):
    box()
    assert bpy.ops.greybox.copy_report(job="") == {"FINISHED"}
    bpy.ops.greybox.generate(what="ALL")
    assert bpy.ops.greybox.copy_report(job=run()[-1].id) == {"FINISHED"}


def test_one_looks_through_the_camera_of_the_picture(blender, monkeypatch):
    with pytest.raises(RuntimeError, match="Make a picture first"):
        bpy.ops.greybox.look_at_picture()
    camera = bpy.data.objects.new("Picture", bpy.data.cameras.new("Picture"))
    blender.scene.greybox.picture_view = camera
    seen = []
    monkeypatch.setattr(backdrop, "look", lambda context, view: seen.append(view))
    assert bpy.ops.greybox.look_at_picture() == {"FINISHED"} and seen == [camera]


def test_settings_are_kept_as_a_preset_and_removed(blender, tmp_path, monkeypatch):
    menu = bpy.types.GREYBOX_PT_generate_presets
    monkeypatch.setattr(menu, "bl_label", menu.bl_label)  # Blender writes the name of the preset there
    monkeypatch.setattr(bpy.utils, "user_resource", lambda *a, **k: str(tmp_path))
    blender.scene.greybox.triangles = 12_345
    assert bpy.ops.greybox.add_generate_preset(name="Small Things") == {"FINISHED"}
    (kept,) = tmp_path.rglob("*.py")
    assert "settings.triangles = 12345" in kept.read_text()


def test_the_backend_is_asked_to_end_before_it_is_started_anew(blender, backend):
    bpy.ops.greybox.start_backend()
    pump(lambda: jobs.session().online)
    assert bpy.ops.greybox.restart_backend() == {"FINISHED"}
    pump(lambda: backend.count(m.Shutdown))


def test_the_preferences_are_asked_for(blender):
    assert bpy.ops.greybox.open_preferences() == {"FINISHED"}  # without a window there is nothing to see


def test_pairing_needs_the_enabled_add_on_and_a_string_that_is_one(blender, monkeypatch, tmp_path):
    with pytest.raises(RuntimeError, match="not enabled"):
        bpy.ops.greybox.pair(text="x")
    monkeypatch.setattr(preferences, "stored", lambda context: object())
    with pytest.raises(RuntimeError, match="--pair"):
        bpy.ops.greybox.pair(text="no pairing string")
    paired = []
    monkeypatch.setattr(preferences, "pair", lambda context, pairing: paired.append(pairing.host))
    monkeypatch.setattr(jobs, "connect", lambda context: None)
    keys = KeyPair(public="p" * 40, secret="q" * 40)
    pairing = Pairing(host="render.local", port=47100, server_key="s" * 40, client=keys)
    assert bpy.ops.greybox.pair(text=pairing_text(pairing)) == {"FINISHED"} and paired == ["render.local"]


def test_nothing_is_downloaded_before_it_may_be_and_it_can_be_interrupted(blender, tmp_path):
    with pytest.raises(RuntimeError, match="Nothing is being installed"):
        bpy.ops.greybox.stop_chore()
    sleeping = [sys.executable, "-c", "import time; time.sleep(30)"]
    chores.start("setup", "Set-up", sleeping, tmp_path, {}, tmp_path / "log")
    with pytest.raises(RuntimeError, match="Set-up is going on"):
        bpy.ops.greybox.set_up()
    with pytest.raises(RuntimeError, match="Set-up is going on"):
        bpy.ops.greybox.download_weights()
    assert bpy.ops.greybox.stop_chore() == {"FINISHED"} and not chores.running()
    assert bpy.ops.greybox.stop_chore() == {"FINISHED"} and chores.current() is None
