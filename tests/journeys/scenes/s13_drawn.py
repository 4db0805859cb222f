"""13. A box is drawn on the floor with the mouse, its faces are pulled by the arrows; the live condition is seen."""

import math

import bpy
from bpy_extras.view3d_utils import location_3d_to_region_2d

from .. import addon, window

REACH = 26  # pixels from a face to the handle of its arrow


def play(record):
    yield from window.new_file()
    with window.in_view():
        bpy.ops.wm.tool_set_by_id(name="greybox.draw_box_tool")
    yield window.DRAWN
    yield from drawn(record)
    with window.in_view():
        bpy.ops.wm.tool_set_by_id(name="builtin.select_box")
    yield window.DRAWN
    yield from pulled(record)
    yield from condition(record)
    with window.in_view():
        bpy.ops.wm.tool_set_by_id(name="builtin.select_box")


def drawn(record):
    begin, end, top = at((-1.0, -0.5, 0.0)), at((1.0, 0.5, 0.0)), at((1.0, 0.5, 0.9))
    yield from window.drag(begin, end)
    yield from window.hover(top)
    yield window.DRAWN
    yield from window.look("s13_drawing")
    record.check(not addon.boxes(), "nothing is made before the height is confirmed")
    yield from window.click_at(top)
    made = addon.boxes()
    record.check(len(made) == 1, f"one box: {made}")
    bpy.context.view_layer.update()
    size = [round(side, 2) for side in made[0].dimensions]
    near = abs(size[2] - 0.9) < 0.05 and abs(size[0] * size[1] - 2) < 0.1
    record.check(near, f"as large as it was drawn: {size}")
    yield from window.click_at(at((3.0, 0.0, 0.0)), "RIGHTMOUSE")
    begin, end = at((2.0, -1.0, 0.0)), at((3.0, 0.0, 0.0))
    yield from window.drag(begin, end)
    yield from window.press("ESC", end)
    record.check(len(addon.boxes()) == 1, "Esc leaves no trace")


def pulled(record):
    faces, box = addon.part("faces"), addon.boxes()[0]
    bpy.context.view_layer.update()
    lid, floor = faces.face(box, 2, 1), faces.face(box, 2, -1)
    foot, tip = at(lid.centre), at(lid.centre + lid.outward)
    share = REACH * window.scale() / math.dist(foot, tip)
    handle = tuple(int(a + (b - a) * share) for a, b in zip(foot, tip, strict=True))
    higher = (handle[0], handle[1] + tip[1] - foot[1])
    for patience in range(1, 4):  # a busy computer is slow to see that the mouse is on the arrow
        addon.part("boxes").select_only(bpy.context, box)
        yield patience * window.DRAWN
        yield from window.hover(handle)
        yield patience * window.DRAWN
        yield from window.drag(handle, higher)
        bpy.context.view_layer.update()
        height = faces.face(box, 2, 1).extent
        if height > lid.extent + 0.1:
            break
    yield from window.look("s13_pulled")
    record.check(abs(height - lid.extent - 1.0) < 0.15, f"a metre higher than {lid.extent:.2f}: {height:.2f}")
    record.check((faces.face(box, 2, -1).centre - floor.centre).length < 1e-4, "the floor stays")
    with window.in_view():
        bpy.ops.ed.undo()
    yield window.DRAWN
    bpy.context.view_layer.update()
    again = faces.face(addon.boxes()[0], 2, 1).extent
    record.check(abs(again - lid.extent) < 1e-3, f"one step back is the height before: {again:.2f}")


def condition(record):
    overlay = addon.part("condition_overlay")
    with window.in_view():
        bpy.ops.greybox.frame_boxes()
    scene = bpy.context.scene
    scene.greybox.condition_overlay = True
    yield 2 * window.DRAWN  # its shaders are made
    yield from window.look("s13_condition")
    shown = overlay.overlay_of(scene)
    record.check(shown.picture is not None, "the condition is drawn")
    costs = shown.costs
    record.figure("condition", f"{costs.read + costs.geometry + costs.draw:.0f} ms, first time with its shaders")
    scene.greybox.condition_overlay = False


def at(point):
    region = window.region("WINDOW")
    place = location_3d_to_region_2d(region, window.view().spaces.active.region_3d, point)
    return int(region.x + place.x), int(region.y + place.y)
