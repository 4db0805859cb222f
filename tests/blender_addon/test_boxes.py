"""Boxes as objects: their look, their ids, what is shown."""

import bpy
import pytest
from greybox.backend.protocol.scene import is_identifier
from greybox.blender_addon import boxes


def test_a_box_has_its_size_in_metres_and_is_not_rendered(box):
    sofa = box(size=(2.1, 0.95, 0.82))
    assert tuple(sofa.dimensions) == pytest.approx((2.1, 0.95, 0.82))
    assert sofa.hide_render and sofa.users_collection[0].name == "Boxes"


def test_its_front_is_at_minus_y_and_has_a_material_of_its_own(box):
    mesh = box().data
    front = [face for face in mesh.polygons if face.material_index == 1 and abs(face.normal.y) > 0.9]
    assert len(front) == 1 and front[0].normal.y < 0
    body, opaque = mesh.materials
    assert opaque.diffuse_color[3] > 2 * body.diffuse_color[3]


def test_neighbours_have_different_colours_that_come_again_after_eight(box):
    made = [box() for _ in range(9)]
    assert made[0].data.materials[0] != made[1].data.materials[0]
    assert made[0].data.materials[0] == made[8].data.materials[0] and made[0].data != made[8].data


def test_ids_are_what_the_protocol_accepts_for_any_name():
    for name in ("Sofa.001", "Großes Sofa", "", "日本", "x" * 200):
        assert is_identifier(boxes.new_uid(name))


@pytest.mark.parametrize("linked", [False, True])
def test_a_duplicate_gets_an_id_of_its_own_and_the_original_keeps_its(blender, box, linked):
    sofa = box()
    uid = sofa.greybox.uid
    boxes.select_only(blender, sofa)
    bpy.ops.object.duplicate(linked=linked)
    copy = blender.object
    assert copy != sofa and copy.greybox.uid != uid and sofa.greybox.uid == uid
    assert copy.greybox.prompt == sofa.greybox.prompt


def test_the_handler_sees_duplicates_made_by_scripts(blender, box):
    sofa = box()
    copy = sofa.copy()
    blender.collection.objects.link(copy)
    blender.view_layer.update()
    assert copy.greybox.uid != sofa.greybox.uid


def test_a_box_of_a_result_is_its_parent(blender, box):
    sofa, thing = box(), bpy.data.objects.new("thing", None)
    thing.greybox.role, thing.parent = "RESULT", sofa
    assert boxes.box_of(thing) == sofa and boxes.box_of(sofa) == sofa and boxes.box_of(None) is None
