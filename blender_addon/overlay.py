"""Prompt and state of every box, written into the viewport above it."""

from __future__ import annotations

import blf
import bpy
from bpy.app.translations import pgettext_iface as iface_
from bpy_extras.view3d_utils import location_3d_to_region_2d
from mathutils import Vector

from . import boxes, preferences
from .status import state_of

SIZE = 11  # points
LIFT = 6  # pixels at 100 % scale from the lid to the words
LONGEST = 32  # characters of a prompt
WHITE, AMBER, RED = (0.95, 0.95, 0.95, 1.0), (1.0, 0.75, 0.25, 1.0), (1.0, 0.35, 0.3, 1.0)
COLOURS = {"ERROR": RED, "SORTTIME": AMBER}

_handles: list[object] = []


def label(box: bpy.types.Object) -> tuple[str, tuple[float, float, float, float]]:
    """What is written at a box, and its colour; nothing at one that is furnished and not selected."""
    oddity, usable = boxes.shape_word(box)
    if oddity:
        return f"{box.name}: {iface_(oddity)}", AMBER if usable else RED
    icon, words, _ = state_of(box)
    if icon == "CHECKMARK" and not box.select_get():
        return "", WHITE  # what stands there can be seen
    prompt = box.greybox.prompt or box.name
    short = prompt if len(prompt) <= LONGEST else prompt[: LONGEST - 1].rstrip() + "…"
    return (f"{short}: {iface_(words)[:LONGEST]}" if words else short), COLOURS.get(icon, WHITE)


def anchor(box: bpy.types.Object) -> Vector:
    """The point of the world above which the words stand: the middle of the lid."""
    return box.matrix_world @ Vector((0.0, 0.0, 1.0))


def left_of(context: bpy.types.Context, box: bpy.types.Object) -> tuple[float, float]:
    """How far the words reach to the left of their anchor, and how high their middle is above it, in pixels."""
    scale = context.preferences.system.ui_scale
    blf.size(0, SIZE * scale)
    width, height = blf.dimensions(0, label(box)[0])
    return width / 2, LIFT * scale + height / 2


def _draw() -> None:
    context = bpy.context
    space = context.space_data
    if space is None or not space.overlay.show_overlays or not preferences.read(context).labels:
        return
    region, view = context.region, context.region_data
    scale = context.preferences.system.ui_scale
    blf.size(0, SIZE * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 0.9)
    taken: list[tuple[float, float, float, float]] = []
    for box in _nearest_first(context, view):
        point = location_3d_to_region_2d(region, view, anchor(box))
        if point is None:
            continue
        text, colour = label(box)
        if not text:
            continue
        width, height = blf.dimensions(0, text)
        left, bottom = point.x - width / 2, point.y + LIFT * scale
        place = (left, bottom, left + width, bottom + height)
        if colour == WHITE and not box.select_get() and any(_meet(place, other) for other in taken):
            continue  # one on top of the other says nothing
        taken.append(place)
        blf.color(0, *colour)
        blf.position(0, left, bottom, 0)
        blf.draw(0, text)
    blf.disable(0, blf.SHADOW)


def _nearest_first(context: bpy.types.Context, view: bpy.types.RegionView3D) -> list[bpy.types.Object]:
    """Boxes that are seen; what is selected or wrong comes before the others, so that it has its place."""
    seen = [box for box in boxes.all_boxes(context.scene) if box.visible_get()]
    depth = view.view_matrix
    return sorted(
        seen,
        key=lambda box: (
            not box.select_get() and not boxes.shape_word(box)[0],
            -(depth @ box.matrix_world.translation).z,
        ),
    )


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def register() -> None:
    _handles.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
