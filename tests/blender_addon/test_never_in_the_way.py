"""Blender is never held up, and nothing is lost when the file changes under a result that is being placed."""

import time

import bpy
import greybox.blender_addon as addon
import numpy as np
import pytest
from greybox.backend.protocol import artifacts
from greybox.backend.protocol.assets import MeshData
from greybox.blender_addon import arrivals, boxes, jobs, mesh_arrays, scene_writer, watchdog

from tests.fakes import assets

from .test_jobs import furnished, pump, run


def grid(side):
    """A bumpy sheet of 2 side^2 triangles with UVs and normals."""
    y, x = np.mgrid[0 : side + 1, 0 : side + 1].astype(np.float32) / side
    vertices = np.stack([x - 0.5, y - 0.5, 0.1 * np.sin(9 * x)], -1).reshape(-1, 3).astype(np.float32)
    first = (np.arange(side)[:, None] * (side + 1) + np.arange(side)).ravel()
    low, high = (first, first + 1, first + side + 2), (first, first + side + 2, first + side + 1)
    faces = np.concatenate([np.stack(low, 1), np.stack(high, 1)]).astype(np.int32)
    normals = np.tile(np.array([0.6, 0.0, 0.8], np.float32), (len(faces), 3, 1))
    return MeshData(vertices, faces, vertices[faces][..., :2] + 0.5, normals)


def test_a_large_asset_is_built_in_short_slices(blender, box):
    """200 000 triangles; more in tests/benchmarks/import_slices.py. The best of three: the clock counts others too."""
    arrays = mesh_arrays.arrays_of(grid(316), assets.placement((1, 1, 1)))
    files = assets.files((1, 1, 1))
    longest = []
    for _ in range(3):
        slices, steps = [], scene_writer.asset_steps("Sheet", arrays, files)
        while True:
            begin = time.perf_counter()
            try:
                next(steps)
            except StopIteration as end:
                mesh, _ = end.value
                break
            finally:
                slices.append(time.perf_counter() - begin)
        longest.append(max(slices))
    assert len(slices) > 6 and min(longest) < 0.2
    assert not mesh.validate() and len(mesh.polygons) == arrays.triangles
    if bpy.app.version >= scene_writer.FREE_NORMALS:  # earlier ones take so many normals only at once
        assert tuple(mesh.corner_normals[7].vector) == pytest.approx((0.6, 0, 0.8), abs=1e-3)


def test_edges_are_each_there_once():
    faces = assets.cube().faces
    edges, corner = mesh_arrays.edges_of(faces, 8)
    assert len(edges) == 18 and len({tuple(edge) for edge in edges.tolist()}) == 18
    ends = np.sort(np.stack([faces.ravel(), np.roll(faces, -1, 1).ravel()], 1))
    assert np.array_equal(np.sort(edges[corner]), ends)


def half_placed(blender, box):
    """A box whose result is being built at this moment."""
    sofa = box("Sofa")
    jobs.generate(blender, [sofa])
    pump(lambda: jobs.session().placing is not None and jobs.session().placing.steps is not None, 8)
    return sofa


def test_a_file_that_is_loaded_meanwhile_does_not_lose_the_result(blender, backend, box, tmp_path, monkeypatch):
    monkeypatch.setattr(arrivals, "BUDGET", -1.0)  # no slice is taken: it stays half placed
    path = str(tmp_path / "room.blend")
    box("Sofa")
    jobs.generate(blender, boxes.all_boxes(blender.scene))
    bpy.ops.wm.save_as_mainfile(filepath=path)
    pump(lambda: jobs.session().placing is not None)
    jobs.tick(bpy.context)
    bpy.ops.wm.read_homefile(use_empty=True)
    monkeypatch.setattr(arrivals, "BUDGET", 0.03)
    pump(lambda: jobs.session().placing is None)
    assert not furnished()
    bpy.ops.wm.open_mainfile(filepath=path)
    pump(furnished)
    assert len(boxes.all_boxes(bpy.context.scene)[0].greybox.variants) == 1


def test_undo_in_the_middle_begins_the_result_anew(blender, backend, box, monkeypatch):
    monkeypatch.setattr(arrivals, "BUDGET", -1.0)
    half_placed(blender, box)
    placing = jobs.session().placing
    next(placing.steps)
    next(placing.steps)
    arrivals.begin_again()  # as the handler of undo does
    assert placing.steps is None
    monkeypatch.setattr(arrivals, "BUDGET", 0.03)
    run()
    sofa = boxes.all_boxes(blender.scene)[0]
    assert furnished() == ["Sofa"] and len(sofa.greybox.variants) == 1


def test_a_box_that_is_deleted_while_its_result_is_placed_breaks_nothing(blender, backend, box, monkeypatch):
    monkeypatch.setattr(arrivals, "BUDGET", -1.0)
    sofa = half_placed(blender, box)
    next(jobs.session().placing.steps)
    next(jobs.session().placing.steps)
    bpy.data.objects.remove(sofa)
    monkeypatch.setattr(arrivals, "BUDGET", 0.03)
    run()
    assert not furnished() and not [obj for obj in bpy.data.objects if boxes.is_result(obj)]


def test_the_add_on_switched_off_and_on_again_collects(blender, backend, box):
    backend.hold.set()
    jobs.generate(blender, [box("Sofa")])
    pump(lambda: backend.journal.jobs)
    addon.unregister()
    backend.hold.clear()
    addon.register()
    assert jobs.session() is None
    jobs.connect(bpy.context, start=False)
    pump(furnished)


def test_a_scene_in_two_units_gets_the_asset_in_both(blender, backend, box):
    box("Sofa")
    jobs.generate(blender, boxes.all_boxes(blender.scene))
    other = bpy.data.scenes.new("Centimetres")
    other.unit_settings.scale_length = 0.01
    for one in boxes.all_boxes(blender.scene):
        copy = one.copy()
        other.collection.objects.link(copy)
    run()
    assert all(boxes.result_of(boxes.all_boxes(scene)[0]) for scene in bpy.data.scenes)


def test_what_was_measured_is_told(blender, backend, box):
    watchdog.reset()
    jobs.generate(blender, [box()])
    run()
    names = watchdog.figures()
    assert names[watchdog.TICK].count > 1 and names[watchdog.SLICE].longest > 0
    assert any(line.startswith("tick: ") and "over 50 ms" in line for line in watchdog.report())


def test_files_that_are_no_asset_are_said_at_the_box(blender, backend, box):
    backend.make = lambda size, colour: assets.files(size, colour) | {artifacts.MESH: b"nonsense"}
    sofa = box("Sofa")
    job = jobs.generate(blender, [sofa])
    run()
    assert job.boxes[sofa.greybox.uid].error and not furnished() and jobs.session().placing is None
