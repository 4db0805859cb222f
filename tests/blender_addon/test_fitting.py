"""A result follows the shape of its box: inside it, filling it, or as large as it was made."""

import bpy
import pytest
from greybox.blender_addon import boxes, fitting

from .test_scene_writer import furnish

IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
DOUBLED = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("placement", "size", "box", "fit", "stretch"),
    [
        (IDENTITY, (2, 1, 1), (4, 4, 4), "inside", (2, 2, 2)),
        (IDENTITY, (2, 1, 1), (4, 4, 4), "fill", (2, 4, 4)),
        (IDENTITY, (2, 1, 1), (4, 4, 4), "keep", (1, 1, 1)),
        (DOUBLED, (2, 1, 1), (9, 9, 9), "keep", (0.5, 0.5, 0.5)),  # made half as large, scaled into its box
        (DOUBLED, (2, 2, 2), (1, 2, 2), "inside", (0.5, 0.5, 0.5)),
        (IDENTITY, (2, 1, 0), (4, 4, 4), "fill", (2, 4, 1)),  # a carpet without height
        (IDENTITY, (0, 0, 0), (4, 4, 4), "fill", (1, 1, 1)),
    ],
)
def test_stretch(placement, size, box, fit, stretch):
    assert tuple(fitting.stretch_of(placement, size, box, fit)) == pytest.approx(stretch)


def test_resizing_the_box_refits_the_result(blender, box):
    sofa = box(size=(2, 1, 0.8))
    result = furnish(blender, sofa)
    blender.scene.greybox.fit = "inside"
    blender.view_layer.update()
    sofa.scale = (2, 2, 0.4)
    blender.view_layer.update()
    blender.view_layer.update()  # the first one told the handler, this one shows what it did
    assert tuple(result.matrix_world.to_scale() * 0.8) != (0, 0, 0)
    extents = [result.matrix_world.to_scale()[i] * (2, 1, 0.8)[i] for i in range(3)]
    assert extents == pytest.approx((0.4, 0.4, 0.4), rel=1e-4)  # the fake is a unit cube: even on all sides
    assert result.matrix_world.translation.z == pytest.approx(0)


def test_each_way_to_fit(blender, box):
    sofa = box(size=(2, 1, 0.8))
    result = furnish(blender, sofa)
    sofa.scale = (4, 1, 0.8)
    blender.view_layer.update()
    for fit, expected in (("fill", (4, 1, 0.8)), ("keep", (1, 1, 1)), ("inside", (0.8, 0.8, 0.8))):
        blender.scene.greybox.fit = fit
        blender.view_layer.update()
        assert tuple(result.dimensions) == pytest.approx(expected, rel=1e-4), fit


def test_the_users_own_transform_survives(blender, box):
    sofa = box()
    result = furnish(blender, sofa)
    result.location, result.scale = (0.1, 0, 0.2), (2, 2, 2)
    sofa.scale = (3, 2, 1)
    blender.view_layer.update()
    assert tuple(result.location) == pytest.approx((0.1, 0, 0.2)) and tuple(result.scale) == (2, 2, 2)


def test_moving_a_box_writes_nothing(blender, box):
    sofa = box(location=(3, 1, 0))
    furnish(blender, sofa)
    sofa.location, sofa.rotation_euler = (-4, 2, 1), (0, 0, 2)
    blender.view_layer.update()
    assert not fitting.refit(sofa)


def test_a_result_with_another_parent_is_left_alone(blender, box):
    sofa, other = box(), bpy.data.objects.new("other", None)
    result = furnish(blender, sofa)
    blender.scene.collection.objects.link(other)
    result.parent = other
    sofa.scale = (9, 9, 9)
    assert not fitting.refit(sofa) and boxes.result_of(sofa) == result
