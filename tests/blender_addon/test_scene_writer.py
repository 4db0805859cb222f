"""Results in their boxes: geometry, textures, parents, variants, and what survives another generation."""

import bpy
import numpy as np
import pytest
from greybox.backend.protocol import artifacts
from greybox.backend.protocol.assets import Placement
from greybox.backend.protocol.errors import InvalidMessage
from greybox.blender_addon import boxes, examples, scene_reader, scene_writer
from mathutils import Euler, Matrix, Vector

from tests.fakes import assets


def furnish(context, box, colour=(200, 60, 40), job="job-1"):
    size = scene_reader.read_box(box, context.scene).size
    context.scene.greybox.fit = "fill"  # as the asset was made
    result = scene_writer.Result(job, assets.files(size, colour), ("a note",), "{}")
    made = scene_writer.write_result(context.scene, box, result)
    context.view_layer.update()
    return made


def world_points(obj):
    return np.array([obj.matrix_world @ v.co for v in obj.data.vertices])


@pytest.mark.parametrize("degrees", [(0, 0, 0), (0, 0, 50), (15, 10, 120)])
def test_a_result_fills_its_box_wherever_it_stands(blender, box, degrees):
    rotation = Euler(np.radians(degrees)).to_quaternion()
    sofa = box(location=(1, 2, 0.3), size=(2, 1, 0.8), rotation=rotation)
    result = furnish(blender, sofa)
    corners = np.array([sofa.matrix_world @ v.co for v in sofa.data.vertices[:8]])
    points = world_points(result)
    assert all(np.abs(points - corner).sum(1).min() < 1e-5 for corner in corners)
    assert result.users_collection[0].name == "Results" and result.parent == sofa


def test_a_result_has_no_transform_of_its_own(blender, box):
    result = furnish(blender, box(size=(2, 1, 0.8)))
    assert result.matrix_basis == Matrix.Identity(4)
    assert tuple(result.dimensions) == pytest.approx((2, 1, 0.8))


def test_moving_and_turning_the_box_moves_the_result(blender, box):
    sofa = box()
    result = furnish(blender, sofa)
    sofa.location, sofa.rotation_euler = (5, 5, 1), (0, 0, 1)
    blender.view_layer.update()
    assert result.matrix_world.translation == Vector((5, 5, 1))
    assert result.matrix_world.to_euler().z == pytest.approx(1)


def test_the_mesh_is_whole(blender, box):
    mesh = furnish(blender, box()).data
    assert not mesh.validate()  # nothing to correct
    assert len(mesh.polygons) == 12 and len(mesh.edges) == 18
    outward = [face.normal.dot(face.center - Vector((0, 0, 0.4))) for face in mesh.polygons]
    assert min(outward) > 0
    uv = np.zeros(72, np.float32)
    mesh.uv_layers.active.uv.foreach_get("vector", uv)
    assert np.array_equal(uv.reshape(12, 3, 2), assets.cube().corner_uvs)


def test_normals_turn_and_stretch_with_the_placement(blender):
    from dataclasses import replace

    data = assets.cube()
    tilted = np.tile(np.array([0.6, 0.0, 0.8], np.float32), (12, 3, 1))
    mesh = scene_writer.build_mesh("n", replace(data, corner_normals=tilted), assets.placement((2, 1, 1)))
    expected = np.array([0.3, 0, 0.8]) / np.linalg.norm([0.3, 0, 0.8])
    assert np.allclose(mesh.corner_normals[0].vector, expected, atol=1e-3)


def test_units_other_than_metres(blender, box):
    blender.scene.unit_settings.scale_length = 0.01
    result = furnish(blender, box(size=(200, 100, 80)))
    assert tuple(result.dimensions) == pytest.approx((200, 100, 80))


def test_generating_again_keeps_the_object_and_the_variant_before(blender, box):
    sofa = box()
    first = furnish(blender, sofa)
    modifier = first.modifiers.new("Bevel", "BEVEL")
    first.constraints.new("LIMIT_LOCATION")
    first.location.x = 0.25
    first.keyframe_insert("location")
    old = first.data
    second = furnish(blender, sofa, (0, 0, 255), "job-2")
    assert second == first and second.data != old and second.modifiers[0] == modifier
    assert len(second.constraints) == 1 and second.animation_data.action is not None
    assert second.location.x == 0.25
    assert [v.job for v in sofa.greybox.variants] == ["job-1", "job-2"] and sofa.greybox.active_variant == 1
    scene_writer.show_variant(blender.scene, sofa, 0)
    assert second.data == old


def test_variants_are_in_the_file_after_saving_and_loading(blender, box, tmp_path):
    sofa = box()
    furnish(blender, sofa)
    furnish(blender, sofa, job="job-2")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    sofa = boxes.all_boxes(bpy.context.scene)[0]
    assert len(sofa.greybox.variants) == 2
    assert all(v.mesh is not None and v.mesh.materials[0] for v in sofa.greybox.variants)
    assert boxes.result_of(sofa).parent == sofa
    image = bpy.data.images[0]
    assert image.packed_file is not None and tuple(image.size) == (16, 16)


def test_a_deleted_result_comes_back_with_the_next_generation(blender, box):
    sofa = box()
    bpy.data.objects.remove(furnish(blender, sofa))
    assert boxes.result_of(sofa) is None
    assert boxes.result_of(sofa) is None and furnish(blender, sofa).parent == sofa


def test_removing_variants_ends_with_an_empty_box(blender, box):
    sofa = box()
    furnish(blender, sofa), furnish(blender, sofa, job="job-2")
    scene_writer.remove_variant(blender.scene, sofa)
    assert boxes.result_of(sofa).data == sofa.greybox.variants[0].mesh
    scene_writer.remove_variant(blender.scene, sofa)
    assert boxes.result_of(sofa) is None and not sofa.greybox.variants


def test_a_duplicate_with_its_result_owns_the_copy(blender, box):
    sofa = box()
    original = furnish(blender, sofa)
    boxes.select_only(blender, sofa)
    original.select_set(True)
    bpy.ops.object.duplicate()
    copy = next(obj for obj in boxes.all_boxes(blender.scene) if obj != sofa)
    assert boxes.result_of(sofa) == original and boxes.result_of(copy) != original
    assert boxes.result_of(copy).parent == copy and copy.greybox.uid != sofa.greybox.uid


@pytest.mark.parametrize("name", [artifacts.MESH, artifacts.PLACEMENT, artifacts.BASE_COLOR])
def test_files_that_are_none_are_refused_and_leave_the_box_as_it_was(blender, box, name):
    sofa = box()
    files = assets.files((2, 1, 0.8)) | {name: b"nonsense"}
    with pytest.raises(InvalidMessage):
        scene_writer.write_result(blender.scene, sofa, scene_writer.Result("job", files))
    assert boxes.result_of(sofa) is None and not sofa.greybox.variants


def test_what_is_shown(blender, box):
    furnished, empty = box("a"), box("b")
    result = furnish(blender, furnished)
    settings = blender.scene.greybox
    settings.show = "RESULTS"
    assert furnished.hide_get() and not empty.hide_get() and not result.hide_get()
    settings.show = "BOXES"
    assert not furnished.hide_get() and result.hide_get()
    settings.show = "BOTH"
    assert furnished.display_type == "WIRE" and empty.display_type == "TEXTURED" and not result.hide_get()


@pytest.mark.parametrize("name", examples.names())
def test_every_example_is_written_and_read_back_the_same(blender, name):
    spec = examples.read(name)
    scene_writer.write_scene(blender, spec)
    read = scene_reader.read_scene(blender.scene)
    by_id = {b.id: b for b in read.boxes}
    for wanted in spec.boxes:
        got = by_id[wanted.id]
        assert got.location == pytest.approx(wanted.location, abs=1e-5) and got.prompt == wanted.prompt
        assert got.size == pytest.approx(wanted.size, rel=1e-5)
        assert abs(np.dot(got.rotation, wanted.rotation)) == pytest.approx(1, abs=1e-5)
    assert read.camera.lens == pytest.approx(spec.camera.lens) and read.camera.resolution == spec.camera.resolution
    assert read.camera.location == pytest.approx(spec.camera.location, abs=1e-5)
    assert abs(np.dot(read.camera.rotation, spec.camera.rotation)) == pytest.approx(1, abs=1e-5)


def test_a_placement_is_kept_to_find_the_way_back(blender, box):
    sofa = box(size=(2, 1, 0.8))
    furnish(blender, sofa)
    stored = tuple(sofa.greybox.variants[0].placement)
    wanted: Placement = assets.placement((2, 1, 0.8))
    assert stored == pytest.approx([v for row in wanted.matrix for v in row])
