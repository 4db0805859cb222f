"""From Generate to objects in their boxes, through a real socket to a fake backend, and what comes between."""

import time

import bpy
import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.errors import InvalidScene, Unavailable
from greybox.blender_addon import boxes, jobs, scene_reader, watchdog

from tests.fakes.server import FakeServer


def run(seconds=20.0):
    return jobs.run_until_done(bpy.context, seconds)


def pump(wanted, seconds=8.0):
    """Ticks until `wanted()`."""
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, "did not come"
        jobs.tick(bpy.context)
        time.sleep(0.005)


def furnished():
    return [box.name for box in boxes.all_boxes(bpy.context.scene) if boxes.result_of(box)]


def test_boxes_become_objects(blender, backend, box):
    sofa, lamp = box("Sofa", size=(2, 1, 0.8)), box("Lamp", "lamp", (3, 0, 0), (0.4, 0.4, 1.6))
    jobs.generate(blender, [lamp, sofa])
    job = run()[-1]
    assert (job.state, job.title) == ("done", "2 boxes")
    assert tuple(boxes.result_of(sofa).dimensions) == pytest.approx((2, 1, 0.8))
    variant = lamp.greybox.variants[0]
    assert variant.triangles == 12 and "Made a cube" in variant.notes and lamp.greybox.job == ""
    recipe = scene_reader.read_recipe(variant.recipe)
    assert recipe.box.id == lamp.greybox.uid and recipe.settings.texture_size == 1024


def test_generating_again_gives_a_second_variant(blender, backend, box):
    sofa = box()
    for _ in range(2):
        jobs.generate(blender, [sofa])
        run()
    assert len(sofa.greybox.variants) == 2


def test_other_boxes_of_the_scene_are_sent_but_not_made(blender, backend, box):
    sofa = box("Sofa")
    box("Lamp")
    jobs.generate(blender, [sofa])
    run()
    request = next(message.job for message in backend.received if isinstance(message, m.Submit))
    assert len(request.scene.boxes) == 2 and request.boxes == (sofa.greybox.uid,)
    assert furnished() == ["Sofa"]


def test_a_layout_that_cannot_be_used_is_not_sent(blender, backend, box):
    sofa = box()
    sofa.scale.z = 0
    blender.view_layer.update()
    with pytest.raises(InvalidScene):
        jobs.generate(blender, [sofa])
    assert sofa.greybox.job == "" and backend.count(m.Submit) == 0


def test_a_refusal_of_the_backend_is_told(blender, backend, box):
    backend.refuse = ("The backend is full", "Delete old jobs.")
    jobs.generate(blender, [box()])
    job = run()[-1]
    assert job.state == "failed" and job.message == "The backend is full"
    assert jobs.session().remedy == "Delete old jobs."


def test_results_wait_until_edit_mode_is_left(blender, backend, box):
    sofa = box()
    jobs.generate(blender, [sofa])
    boxes.select_only(blender, sofa)
    bpy.ops.object.mode_set(mode="EDIT")
    pump(lambda: jobs.session().imports)
    for _ in range(20):
        jobs.tick(bpy.context)
    assert "Edit Mode" in jobs.blocked(bpy.context) and not furnished()
    bpy.ops.object.mode_set(mode="OBJECT")
    run()
    assert furnished() == ["Sofa"]


def test_one_result_a_tick(blender, backend, box):
    made = [box(f"Box {n}") for n in range(4)]
    jobs.generate(blender, made)
    pump(lambda: len(jobs.session().imports) == 4 or len(furnished()) == 4)
    before = len(furnished())
    jobs.tick(bpy.context)
    assert len(furnished()) <= before + 1
    run()
    assert len(furnished()) == 4


def test_cancel_ends_the_job_and_keeps_what_is_finished(blender, backend, box):
    made = [box("a"), box("b")]
    backend.hold.set()
    job = jobs.generate(blender, made)
    pump(lambda: backend.count(m.Submit))
    backend.journal.todo = [task for task in backend.journal.todo if task[1] == made[0].greybox.uid] + [
        task for task in backend.journal.todo if task[1] != made[0].greybox.uid
    ]
    backend.hold.clear()
    pump(lambda: furnished() or job.ended)
    bpy.ops.greybox.cancel_job(job=job.id)
    run()
    assert job.ended and "a" in furnished()


def test_a_failed_box_is_retried(blender, backend, box):
    good, bad = box("good"), box("bad")
    backend.fail_boxes = {bad.greybox.uid}
    job = jobs.generate(blender, [good, bad])
    run()
    assert job.state == "failed" and job.boxes[bad.greybox.uid].error == "The worker died"
    assert furnished() == ["good"]
    backend.fail_boxes = set()
    bpy.ops.greybox.retry_job(job=job.id)
    pump(lambda: not job.ended)
    run()
    assert furnished() == ["bad", "good"] and job.state == "done"


def test_a_restarted_backend_goes_on_and_nothing_is_made_twice(blender, box, tmp_path):
    folder = tmp_path / "data"
    made = [box("a"), box("b")]
    with FakeServer(folder) as first:
        first.hold.set()
        job = jobs.generate(blender, made)
        pump(lambda: job.id in first.journal.jobs)
    with FakeServer(folder, first.journal):
        run()
    assert furnished() == ["a", "b"] and job.state == "done"
    assert [len(one.greybox.variants) for one in made] == [1, 1]


def test_results_are_collected_by_the_next_blender(blender, box, tmp_path):
    folder, path = tmp_path / "data", str(tmp_path / "room.blend")
    with FakeServer(folder) as server:
        server.hold.set()
        job = jobs.generate(blender, [box("Sofa")])
        pump(lambda: job.id in server.journal.jobs)
        bpy.ops.wm.save_as_mainfile(filepath=path)
        jobs.disconnect()  # Blender is closed
        bpy.ops.wm.read_homefile(use_empty=True)
        server.hold.clear()
        time.sleep(0.3)
        bpy.ops.wm.open_mainfile(filepath=path)
        jobs.connect(bpy.context, start=False)
        pump(furnished)
        jobs.disconnect()
    assert furnished() == ["Sofa"]


def test_a_file_opened_while_the_job_runs_gets_its_results_when_it_is_back(blender, backend, box, tmp_path):
    path = str(tmp_path / "room.blend")
    backend.hold.set()
    job = jobs.generate(blender, [box("Sofa")])
    pump(lambda: job.id in backend.journal.jobs)
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_empty=True)
    backend.hold.clear()
    pump(lambda: job.ended)
    assert not bpy.data.objects
    bpy.ops.wm.open_mainfile(filepath=path)
    pump(furnished)


def test_a_deleted_box_gets_nothing_and_breaks_nothing(blender, backend, box):
    backend.hold.set()
    gone = box("gone")
    jobs.generate(blender, [gone, box("here")])
    bpy.data.objects.remove(gone)
    backend.hold.clear()
    run()
    assert furnished() == ["here"]


def test_an_undone_import_can_be_collected_again(blender, backend, box):
    sofa = box()
    job = jobs.generate(blender, [sofa])
    run()
    bpy.data.objects.remove(boxes.result_of(sofa))
    sofa.greybox.variants.clear()  # as undo leaves it
    boxes.select_only(blender, sofa)
    bpy.ops.greybox.collect_results()
    pump(furnished)
    assert [v.job for v in sofa.greybox.variants] == [job.id]
    bpy.ops.greybox.collect_results()
    for _ in range(20):
        jobs.tick(bpy.context)
        time.sleep(0.005)
    assert len(sofa.greybox.variants) == 1


def test_without_a_set_up_the_remedy_is_told(blender, box, monkeypatch, tmp_path):
    monkeypatch.setattr("greybox.blender_addon.preferences.SOURCE", tmp_path)
    with pytest.raises(Unavailable, match="not set up") as caught:
        jobs.generate(blender, [box()])
    assert "install.py" in caught.value.remedy and jobs.session() is None


def test_a_tick_is_short(blender, backend, box):
    """The best of three, since the clock also counts what other processes take."""
    made = [box(f"Box {n}", location=(n, 0, 0)) for n in range(12)]
    ticks, imports = [], []
    for _ in range(3):
        jobs.generate(blender, made)
        run()
        ticks.append(jobs.session().longest_tick)
        imports.append(jobs.session().longest_import)
        watchdog.reset()
    assert min(ticks) < 0.05 and min(imports) < 0.2
