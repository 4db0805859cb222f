"""The room around a scene, and its pictures. One tiny Cycles render."""

import bpy
import numpy as np
import pytest
from greybox.blender_addon import boxes, examples, scene_reader, scene_writer, showcase

from tests.fakes import assets


@pytest.fixture
def furnished(blender, box):
    sofa = box("Sofa", location=(0, 0, 0), size=(2, 1, 0.8))
    size = scene_reader.read_box(sofa, blender.scene).size
    scene_writer.write_result(blender.scene, sofa, scene_writer.Result("job", assets.files(size, (20, 60, 220))))
    return sofa


def test_a_room_has_floor_walls_and_lights_in_a_collection_of_its_own(blender, furnished):
    room = showcase.build_room(blender)
    names = [obj.name for obj in room.objects]
    assert any("Floor" in name for name in names) and sum("Wall" in name for name in names) >= 2
    assert sum(obj.type == "LIGHT" for obj in room.objects) == 3
    assert len(showcase.build_room(blender).objects) == len(names)  # again: anew, not twice


def test_a_layout_of_streets_gets_no_walls(blender, box):
    box("Bus", location=(0, 0, 0), size=(2.5, 11, 3.1))
    box("Car", location=(8, 0, 0), size=(1.8, 4.3, 1.5))
    room = showcase.build_room(blender)
    assert not [obj for obj in room.objects if "Wall" in obj.name]


@pytest.mark.parametrize("name", examples.names())
def test_no_wall_stands_between_camera_and_boxes(blender, name):
    scene_writer.write_scene(blender, examples.read(name))
    showcase.build_room(blender)
    blender.view_layer.update()
    eye = blender.scene.camera.matrix_world.translation
    depsgraph = blender.evaluated_depsgraph_get()
    for box in boxes.all_boxes(blender.scene):
        target = box.matrix_world @ box.data.vertices[0].co.lerp(box.data.vertices[7].co, 0.5)
        way = target - eye
        hit, *_, obj, _ = blender.scene.ray_cast(depsgraph, eye, way.normalized(), distance=way.length - 1e-3)
        assert not hit or boxes.is_box(obj), (box.name, obj.name)


def test_pictures_of_the_boxes_of_the_result_and_of_both(blender, furnished, tmp_path):
    showcase.build_room(blender)
    look = showcase.Look(width=64, height=36, samples=2)
    planned = showcase.render(blender, tmp_path / "boxes.png", "BOXES", look)
    made = showcase.render(blender, tmp_path / "result.png", "RESULTS", look)
    first, second = showcase._pixels(planned), showcase._pixels(made)
    assert np.abs(first - second).mean() > 0.01
    middle = second[10:20, 24:40, :3].reshape(-1, 3).mean(0)
    assert middle[2] > middle[0]  # the cube is blue
    assert furnished.hide_render and not furnished.visible_shadow  # as it was
    both = showcase.side_by_side(planned, made, tmp_path / "both.png")
    image = bpy.data.images.load(str(both))
    assert tuple(image.size) == (64 * 2 + 8, 36)
