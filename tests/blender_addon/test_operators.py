"""Every button: what it does, and what it says when it cannot."""

import bpy
import pytest
from greybox.blender_addon import boxes, examples, jobs, overlay, presets
from greybox.blender_addon.status import named, state_of

from .test_jobs import furnished, pump, run


@pytest.mark.parametrize("preset", ["CUSTOM", *presets.BY_NAME])
def test_presets_have_real_sizes_and_words(blender, preset):
    assert bpy.ops.greybox.add_box(preset=preset) == {"FINISHED"}
    made = blender.object
    size = presets.BY_NAME[preset].size if preset != "CUSTOM" else (1, 1, 1)
    blender.view_layer.update()
    assert tuple(made.dimensions) == pytest.approx(size) and boxes.is_box(made) and made.select_get()
    assert min(size) >= 0.01 and max(size) <= 12


def test_a_box_is_added_at_the_cursor(blender):
    blender.scene.cursor.location = (1, 2, 0)
    bpy.ops.greybox.add_box(preset="Sofa", prompt="pink sofa")
    assert tuple(blender.object.location) == (1, 2, 0) and blender.object.greybox.prompt == "pink sofa"


def test_a_box_surrounds_the_selection(blender):
    bpy.ops.mesh.primitive_cube_add(size=2, location=(1, 0, 3))
    first = blender.object
    bpy.ops.mesh.primitive_cube_add(size=1, location=(-1, 0, 1))
    first.select_set(True)
    assert bpy.ops.greybox.add_box_from_selection() == {"FINISHED"}
    blender.view_layer.update()
    made = blender.object
    assert tuple(made.dimensions) == pytest.approx((3.5, 2, 3.5)) and made.location.z == pytest.approx(0.5)


def test_the_camera_sees_all_boxes(blender):
    for n in range(4):
        blender.scene.cursor.location = (n * 3, n, 0)
        bpy.ops.greybox.add_box(preset="Bookshelf")
    assert bpy.ops.greybox.frame_boxes() == {"FINISHED"}
    blender.view_layer.update()
    from bpy_extras.object_utils import world_to_camera_view
    from greybox.blender_addon import framing

    seen = [world_to_camera_view(blender.scene, blender.scene.camera, c) for c in framing.corners(blender.scene)]
    assert all(0 <= p.x <= 1 and 0 <= p.y <= 1 and p.z > 0 for p in seen)
    assert (
        max(p.x for p in seen) - min(p.x for p in seen) > 0.7 or max(p.y for p in seen) - min(p.y for p in seen) > 0.7
    )


@pytest.mark.parametrize("name", examples.names())
def test_examples_load_into_a_scene_of_their_own(blender, name):
    before = blender.scene
    assert bpy.ops.greybox.load_example(name=name) == {"FINISHED"}
    scene = bpy.context.scene
    assert len(boxes.all_boxes(scene)) >= 2 and scene.camera is not None
    assert scene is before or not before.objects


def test_generate_and_regenerate(blender, backend, box):
    sofa = box("Sofa")
    box("Lamp").greybox.locked = True
    assert bpy.ops.greybox.generate(what="ALL") == {"FINISHED"}
    run()
    assert furnished() == ["Sofa"]
    boxes.select_only(blender, boxes.result_of(sofa))  # a result stands for its box
    assert bpy.ops.greybox.regenerate_box() == {"FINISHED"}
    run()
    assert len(sofa.greybox.variants) == 2 and sofa.greybox.use_seed
    assert bpy.ops.greybox.show_variant(step=1) == {"FINISHED"} and sofa.greybox.active_variant == 0
    assert bpy.ops.greybox.remove_variant() == {"FINISHED"} and len(sofa.greybox.variants) == 1


def test_selected_boxes_are_made_even_when_locked(blender, backend, box):
    sofa = box("Sofa")
    box("Lamp")
    sofa.greybox.locked = True
    boxes.select_only(blender, sofa)
    bpy.ops.greybox.generate(what="SELECTED")
    run()
    assert furnished() == ["Sofa"]


def test_cycling_what_is_shown(blender, backend, box):
    box()
    seen = []
    for _ in range(3):
        bpy.ops.greybox.cycle_show()
        seen.append(blender.scene.greybox.show)
    assert seen == ["RESULTS", "BOXES", "BOTH"]


def test_glb_of_all_results(blender, backend, box, tmp_path):
    box("Sofa"), box("Lamp")
    bpy.ops.greybox.generate(what="ALL")
    run()
    bpy.ops.preferences.addon_enable(module="io_scene_gltf2")
    path = tmp_path / "room.glb"
    assert bpy.ops.greybox.export_glb(filepath=str(path)) == {"FINISHED"}
    data = path.read_bytes()
    assert data[:4] == b"glTF" and data.count(b"occlusionTexture") >= 1
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(path))
    assert sum(obj.type == "MESH" for obj in set(bpy.data.objects) - before) == 2


def test_deleting_a_job_leaves_its_results(blender, backend, box):
    box()
    bpy.ops.greybox.generate(what="ALL")
    job = run()[-1]
    assert bpy.ops.greybox.delete_job("EXEC_DEFAULT", job=job.id) == {"FINISHED"}
    pump(lambda: job.id not in backend.journal.jobs)
    assert job.id not in jobs.session().book.jobs and furnished() == ["Sofa"]


def test_start_and_stop(blender, backend):
    assert bpy.ops.greybox.start_backend() == {"FINISHED"}
    pump(lambda: jobs.session().online)
    assert bpy.ops.greybox.stop_backend() == {"FINISHED"}
    pump(lambda: not jobs.session().online)
    assert "stop" in jobs.session().message


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("add_box_from_selection", "Select the objects"),
        ("frame_boxes", "Add a layout box"),
        ("cycle_show", "Add a layout box"),
        ("generate", "Add a layout box"),
        ("regenerate_box", "Select a layout box"),
        ("show_variant", "Select a layout box"),
        ("remove_variant", "Select a layout box"),
        ("cancel_job", "No backend"),
        ("retry_job", "No backend"),
        ("delete_job", "No backend"),
        ("open_job_folder", "No backend"),
        ("collect_results", "No backend"),
        ("stop_backend", "No backend"),
    ],
)
def test_a_greyed_button_says_why(blender, operator, words):
    with pytest.raises(RuntimeError, match=words):
        getattr(bpy.ops.greybox, operator)()


def test_boxes_cannot_be_added_in_edit_mode(blender, box):
    boxes.select_only(blender, box())
    bpy.ops.object.mode_set(mode="EDIT")
    for operator in (bpy.ops.greybox.add_box, bpy.ops.greybox.load_example, bpy.ops.greybox.frame_boxes):
        with pytest.raises(RuntimeError, match="Object Mode"):
            operator()
    bpy.ops.object.mode_set(mode="OBJECT")


def test_an_error_is_reported_with_its_remedy(blender, backend, box):
    box("Flat One").scale.z = 0
    blender.view_layer.update()
    with pytest.raises(RuntimeError, match=r"Flat One.*positive size"):
        bpy.ops.greybox.generate(what="ALL")


def test_a_box_says_that_its_job_was_cancelled_or_its_result_undone(blender, backend, box):
    sofa = box()
    backend.hold.set()
    bpy.ops.greybox.generate(what="ALL")
    pump(lambda: backend.journal.jobs)
    bpy.ops.greybox.cancel_job()
    run()
    assert state_of(sofa)[1] == "cancelled"
    backend.hold.clear()
    bpy.ops.greybox.generate(what="ALL")
    job = run()[-1]
    assert state_of(sofa)[:2] == ("CHECKMARK", "")
    bpy.data.objects.remove(boxes.result_of(sofa))
    sofa.greybox.variants.clear()
    sofa.greybox.job = job.id  # as undo leaves it
    assert "Collect Results" in state_of(sofa)[1]


def test_boxes_are_called_by_their_names_not_by_their_ids(blender, box):
    sofa = box("Sofa")
    assert named(f"Mesh of '{sofa.greybox.uid}' failed", [sofa]) == "Mesh of 'Sofa' failed"
    sofa.greybox.uid = ""
    assert named("It failed", [sofa]) == "It failed"


def test_labels_say_what_is_going_on(blender, backend, box):
    sofa = box("Sofa", "a very long prompt about a green velvet sofa with walnut legs")
    assert overlay.label(sofa)[0].endswith("…")
    backend.hold.set()
    bpy.ops.greybox.generate(what="ALL")
    assert "waiting" in overlay.label(sofa)[0]
    backend.fail_boxes = {sofa.greybox.uid}
    backend.hold.clear()
    run()
    text, colour = overlay.label(sofa)
    assert "The worker died" in text and colour == overlay.RED
    assert state_of(sofa)[0] == "ERROR"
