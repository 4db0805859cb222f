"""What becomes of results: repeated, varied, compared, applied, marked as assets."""

import bpy
import msgspec
import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.scene import box_seed
from greybox.blender_addon import boxes, jobs, results, scene_reader

from .test_jobs import run


@pytest.fixture
def sofa(blender, backend, box):
    """A box with a result that has a recipe."""
    made = box("Sofa", size=(2, 1, 0.8))
    blender.scene.greybox.fit = "fill"
    jobs.generate(blender, [made])
    run()
    boxes.select_only(blender, made)
    return made


def requests(backend):
    return [message.job for message in backend.received if isinstance(message, m.Submit)]


def test_repeating_sends_the_same_again_whatever_was_changed_since(blender, backend, sofa):
    sofa.greybox.prompt, blender.scene.greybox.seed, blender.scene.greybox.triangles = "other", 99, 333
    assert bpy.ops.greybox.repeat_variant() == {"FINISHED"}
    run()
    first, second = requests(backend)
    assert (second.scene, second.settings, second.boxes) == (first.scene, first.settings, first.boxes)
    assert len(sofa.greybox.variants) == 2
    assert sofa.greybox.variants[0].recipe == sofa.greybox.variants[1].recipe


def test_varying_changes_only_the_seed(blender, backend, sofa):
    bpy.ops.greybox.repeat_variant(new_seed=True)
    run()
    first, second = requests(backend)
    assert second.scene.boxes[0].seed is not None
    assert msgspec.structs.replace(second.scene.boxes[0], seed=None) == first.scene.boxes[0]


def test_a_copy_of_a_box_repeats_with_the_seed_of_the_original(blender, backend, sofa):
    seed = box_seed(requests(backend)[0].scene, requests(backend)[0].scene.boxes[0])
    sofa.greybox.uid = "another-1"
    bpy.ops.greybox.repeat_variant()
    run()
    again = requests(backend)[1].scene.boxes[0]
    assert again.id == "another-1" and again.seed == seed


def test_the_recipe_is_complete_and_can_be_copied(blender, backend, sofa):
    recipe = scene_reader.read_recipe(sofa.greybox.variants[0].recipe)
    assert recipe.box.prompt and recipe.settings.texture_size and recipe.blender == bpy.app.version_string
    assert bpy.ops.greybox.copy_recipe() == {"FINISHED"}
    assert scene_reader.read_recipe(bpy.context.window_manager.clipboard or sofa.greybox.variants[0].recipe) == recipe


def test_without_a_recipe_it_says_so(blender, backend, sofa):
    sofa.greybox.variants[0].recipe = "nonsense"
    with pytest.raises(RuntimeError, match="how it was made"):
        bpy.ops.greybox.repeat_variant()


def test_variants_are_chosen_and_modifiers_stay(blender, backend, sofa):
    bpy.ops.greybox.repeat_variant(new_seed=True)
    run()
    result = boxes.result_of(sofa)
    result.modifiers.new("Bevel", "BEVEL")
    result.constraints.new("LIMIT_LOCATION")
    result.keyframe_insert("location", frame=1)
    boxes.select_only(blender, sofa)
    assert bpy.ops.greybox.choose_variant(index=0) == {"FINISHED"}
    assert boxes.result_of(sofa) == result and result.data == sofa.greybox.variants[0].mesh
    assert len(result.modifiers) == len(result.constraints) == 1 and result.animation_data.action is not None


def test_every_variant_has_a_small_picture_in_the_file(blender, backend, sofa, tmp_path):
    preview = results.material_of(sofa.greybox.variants[0]).preview
    assert tuple(preview.image_size) == (32, 32) and preview.is_image_custom
    path = str(tmp_path / "a.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    jobs.disconnect()
    bpy.ops.wm.open_mainfile(filepath=path)
    again = boxes.all_boxes(bpy.context.scene)[0].greybox.variants[0]
    assert tuple(results.material_of(again).preview.image_size) == (32, 32)


def test_applying_leaves_an_ordinary_object_of_scale_one(blender, backend, sofa):
    sofa.location, sofa.scale = (1, 2, 0), (4, 2, 1.6)
    blender.view_layer.update()
    blender.view_layer.update()
    result = boxes.result_of(sofa)
    size = tuple(result.dimensions)
    assert bpy.ops.greybox.apply_result() == {"FINISHED"}
    blender.view_layer.update()
    assert (
        result.parent is None and tuple(result.scale) == (1, 1, 1) and tuple(result.dimensions) == pytest.approx(size)
    )
    assert tuple(result.matrix_world.translation) == pytest.approx((1, 2, 0))
    assert not boxes.is_result(result) and boxes.result_of(sofa) is None and len(sofa.greybox.variants) == 1
    assert tuple(sofa.greybox.variants[0].mesh.vertices[7].co) == pytest.approx((1, 0.5, 0.8))  # as it was made


def test_an_asset_has_description_tags_and_picture_and_no_box(blender, backend, sofa):
    assert bpy.ops.greybox.mark_asset() == {"FINISHED"}
    asset = bpy.data.objects["Sofa Asset"]
    assert asset.asset_data.description == "green sofa" and asset.parent is None
    tags = {tag.name for tag in asset.asset_data.tags}
    assert {"greybox", "draft"} <= tags and any(tag.startswith("seed ") for tag in tags)
    assert tuple(asset.preview.image_size) == (32, 32)
    assert boxes.result_of(sofa) is not None and not asset.visible_get()


def test_what_cannot_be_done_says_why(blender, box):
    boxes.select_only(blender, box())
    for name in ("apply_result", "mark_asset", "repeat_variant", "copy_recipe", "choose_variant"):
        operator = getattr(bpy.ops.greybox, name)
        assert not operator.poll()
