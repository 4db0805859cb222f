"""Real sizes, prompts for many, one generation for many, odd boxes named."""

import bpy
import pytest
from greybox.backend.protocol.seethrough3d import tables
from greybox.blender_addon import boxes, faces, overlay, presets, scene_reader, sharing
from mathutils import Matrix, Vector

from .test_jobs import run


def select(blender, *chosen):
    for obj in blender.scene.objects:
        obj.select_set(obj in chosen)
    blender.view_layer.objects.active = chosen[0]


@pytest.mark.parametrize(
    ("kind", "prompt", "asset"),
    [
        ("bus", "a dog", "bus"),
        ("", "a small brown Dog", "dog"),
        ("", "black office chair", "office chair"),
        ("", "catamaran", ""),
        ("sofa", "a man on a sofa", "man"),
        ("", "", ""),
    ],
)
def test_the_asset_of_a_box_is_read_from_its_words(kind, prompt, asset):
    assert presets.asset_of(kind, prompt) == asset


def test_all_of_the_table_can_be_added():
    lower = {name.lower() for name in presets.BY_NAME}
    assert set(tables.SIZES) <= lower
    assert presets.BY_NAME["Sedan"].size[1] == pytest.approx(4.5, abs=0.01)
    assert presets.BY_NAME["Giraffe"].size[2] * 0.4 > 1.6 and presets.BY_NAME["Sparrow"].size[2] < 0.12


def test_harmonising_keeps_the_relative_sizes_of_the_table(blender, box):
    bus, dog, sofa = (
        box("Bus", "yellow bus"),
        box("Dog", "brown dog", (3, 0, 0.5)),
        box("Sofa", "green sofa", (6, 0, 0)),
    )
    assert bpy.ops.greybox.harmonise_sizes() == {"FINISHED"}
    blender.view_layer.update()
    expected, _ = tables.harmonise((tables.subject("bus", "bus"), tables.subject("dog", "dog")))
    ratio = [side for subject in expected for side in subject.size]
    now = [*bus.dimensions, *dog.dimensions]
    assert [n / now[1] for n in now] == pytest.approx([r / ratio[1] for r in ratio], rel=1e-3)
    assert bus.dimensions.y == pytest.approx(tables.SIZES["bus"][1] * 2.67 * presets.METRES, rel=1e-4)
    assert dog.location == Vector((3, 0, 0)) and tuple(sofa.dimensions) == pytest.approx((2, 1, 0.8))


def test_harmonising_can_leave_the_largest_as_it_is(blender, box):
    bus, dog = box("Bus", "bus", size=(1, 4, 1)), box("Dog", "dog")
    bpy.ops.greybox.harmonise_sizes(to="LARGEST")
    blender.view_layer.update()
    assert bus.dimensions.y == pytest.approx(4) and dog.dimensions.y < 0.5


def test_harmonising_without_known_things_says_so(blender, box):
    box("Sofa", "green sofa")
    assert bpy.ops.greybox.harmonise_sizes() == {"CANCELLED"}


def test_a_box_takes_the_size_of_a_preset_on_its_own_floor(blender, box):
    obj = box("Thing", "", location=(1, 2, 0.5), rotation=(0.9, 0, 0, 0.436))
    boxes.select_only(blender, obj)
    bpy.ops.greybox.resize_to_preset("EXEC_DEFAULT", preset="Fridge")
    blender.view_layer.update()
    read = scene_reader.read_box(obj, blender.scene)
    assert read.size == pytest.approx(presets.BY_NAME["Fridge"].size, abs=1e-5)
    assert read.location == pytest.approx((1, 2, 0.5)) and obj.greybox.prompt == "stainless steel fridge"


def test_the_prompt_goes_to_all_selected(blender, box):
    first, second, third = box("A", "oak chair"), box("B", "x"), box("C", "y")
    select(blender, first, second)
    assert bpy.ops.greybox.copy_box_settings() == {"FINISHED"}
    assert [b.greybox.prompt for b in (second, third)] == ["oak chair", "y"]


def test_a_prompt_is_written(blender, box):
    obj = box("A", "x")
    boxes.select_only(blender, obj)
    assert bpy.ops.greybox.edit_prompt("EXEC_DEFAULT", prompt="pink chair") == {"FINISHED"}
    assert obj.greybox.prompt == "pink chair"


def test_one_generation_stands_in_all_boxes_that_are_the_same(blender, backend, box):
    chair, copy, wide = box("Chair", "oak chair"), box("Copy", location=(3, 0, 0)), box("Wide", size=(4, 2, 1.6))
    select(blender, chair, copy, wide)
    bpy.ops.greybox.share_generation()
    assert sharing.followers(blender.scene, chair) == [copy, wide]
    bpy.ops.greybox.generate(what="ALL")
    job = run()[-1]
    assert list(job.boxes) == [chair.greybox.uid]
    results = [boxes.result_of(b) for b in (chair, copy, wide)]
    assert len({r.data for r in results}) == 1 and len(set(results)) == 3
    blender.view_layer.update()
    assert [r.parent for r in results] == [chair, copy, wide]


def test_linked_duplicates_share_and_plain_ones_do_not(blender, box):
    chair = box("Chair")
    boxes.select_only(blender, chair)
    bpy.ops.object.duplicate(linked=True)
    assert blender.object.greybox.same_as == chair
    boxes.select_only(blender, chair)
    bpy.ops.object.duplicate(linked=False)
    assert blender.object.greybox.same_as is None


def test_a_ring_of_same_as_ends(blender, box):
    a, b = box("A"), box("B")
    a.greybox.same_as, b.greybox.same_as = b, a
    assert sharing.source(a) == b and sharing.sources([a, b]) == [b, a]


@pytest.mark.parametrize(
    ("scale", "turn", "word", "usable"),
    [
        ((1, 1, 1), Matrix.Identity(4), "", True),
        ((1, 0, 1), Matrix.Identity(4), "flat", False),
        ((-1, 1, 1), Matrix.Identity(4), "negative scale", False),
        ((-1, -1, 1), Matrix.Identity(4), "", True),  # a half turn
        ((1, 1, 1), Matrix.Rotation(0.3, 4, "X"), "tilted", True),
        ((1, 1, 1), Matrix.Shear("XY", 4, (0.4, 0.0)), "sheared", False),
    ],
)
def test_an_odd_box_has_a_word_at_it(blender, box, scale, turn, word, usable):
    obj = box("Sofa")
    parent = bpy.data.objects.new("parent", None)
    blender.collection.objects.link(parent)
    obj.parent, obj.matrix_parent_inverse = parent, turn
    obj.scale = scale
    blender.view_layer.update()
    assert boxes.shape_word(obj) == (word, usable)
    assert bool(scene_reader.problem(obj, blender.scene)) != usable
    text, colour = overlay.label(obj)
    assert (word in text) and (colour == (overlay.WHITE if not word else overlay.AMBER if usable else overlay.RED))


def test_arrays_and_other_modifiers_do_not_change_the_box(blender, box):
    obj = box(size=(2, 1, 0.8))
    obj.modifiers.new("Array", "ARRAY").count = 4
    blender.view_layer.update()
    assert scene_reader.read_box(obj, blender.scene).size == pytest.approx((2, 1, 0.8))
    assert faces.face(obj, 0, 1).extent == pytest.approx(2)


def test_an_array_becomes_boxes_that_share_one_generation(blender, box):
    obj = box("Chair", location=(1, 0, 0), size=(0.5, 0.5, 1), rotation=(0.9, 0, 0, 0.436))
    array = obj.modifiers.new("Array", "ARRAY")
    array.count, array.relative_offset_displace = 3, (1.5, 0, 0)
    blender.view_layer.update()
    boxes.select_only(blender, obj)
    assert sharing.has_copies(obj)
    assert bpy.ops.greybox.split_copies() == {"FINISHED"}
    blender.view_layer.update()
    made = boxes.all_boxes(blender.scene)
    assert len(made) == 3 and len({b.greybox.uid for b in made}) == 3 and not sharing.has_copies(obj)
    assert sharing.sources(made) == [obj]
    right = obj.matrix_world.col[0].xyz.normalized()
    steps = sorted((b.matrix_world.translation - obj.matrix_world.translation).dot(right) for b in made)
    assert steps == pytest.approx([0, 0.75, 1.5], abs=1e-4)
    assert all(tuple(b.dimensions) == pytest.approx((0.5, 0.5, 1)) for b in made)


def test_a_box_that_is_reparented_or_snapped_reads_where_it_stands(blender, box):
    obj = box(location=(1, 0, 0))
    blender.scene.cursor.location = (5, 6, 0)
    boxes.select_only(blender, obj)
    parent = bpy.data.objects.new("parent", None)
    blender.collection.objects.link(parent)
    parent.location = (0, 0, 2)
    obj.parent = parent
    blender.view_layer.update()
    assert scene_reader.read_box(obj, blender.scene).location == pytest.approx((1, 0, 2))


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("harmonise_sizes", "Add a layout box"),
        ("copy_box_settings", "Select several"),
        ("share_generation", "Select several"),
        ("bring_shared", "same as another"),
        ("resize_to_preset", "Select a layout box"),
        ("pull_face", "Select a layout box"),
        ("split_copies", "Array"),
        ("edit_prompt", "Select a layout box"),
        ("select_boxes", "Add a layout box"),
        ("draw_box", "3D viewport"),
    ],
)
def test_a_greyed_button_says_why(blender, operator, words):
    with pytest.raises(RuntimeError, match=words):
        getattr(bpy.ops.greybox, operator)("EXEC_DEFAULT")
