"""What every panel draws with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import bpy
from bpy.app.translations import pgettext_iface as iface_

from .. import watchdog
from ..remedies import Button

LETTER = 7.0  # pixels of a letter at normal scale, on average
EDGES = 50  # pixels at normal scale that a line of text cannot have
LEAST = 12  # letters
PAIR = 28  # letters of a line that two buttons with words need


class InSidebar:
    """A panel of the tab; how long it takes to draw is measured."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Greybox"

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        if "draw" in cls.__dict__:
            cls.draw = _measured(cls.draw, f"draw {cls.__name__}")


def _measured(draw: Callable, name: str) -> Callable:
    """Blender counts the arguments, so they are written out."""

    def measured(self: bpy.types.Panel, context: bpy.types.Context) -> None:
        with watchdog.watch(name):
            draw(self, context)

    return measured


def note(
    layout: bpy.types.UILayout, message: str, remedy: str = "", buttons: Iterable[Button] = (), icon: str = "ERROR"
) -> None:
    """Something that went wrong, what to do, and the buttons that do it."""
    column = layout.column(align=True)
    alert = column.column(align=True)
    alert.alert = icon == "ERROR"
    wrapped(alert, message, icon)
    wrapped(column, remedy)
    press(layout, buttons)


def press(layout: bpy.types.UILayout, buttons: Iterable[Button]) -> None:
    row = None
    for button in buttons:
        row = row or layout.row(align=True)
        pressed = row.operator(button.operator, text=button.text, icon=button.icon)
        for name, value in button.values.items():
            setattr(pressed, name, value)


def wrapped(layout: bpy.types.UILayout, text: str, icon: str = "NONE") -> None:
    """A text as labels as wide as the sidebar is now."""
    width = letters()
    line = ""
    for word in [*iface_(text).split(), ""]:
        if line and (not word or len(line) + len(word) >= width):
            layout.label(text=line, icon=icon, translate=False)
            line, icon = "", "BLANK1" if icon != "NONE" else "NONE"
        line = f"{line} {word}".strip()


def letters() -> int:
    """How many fit into a line of the region that is being drawn."""
    region, scale = bpy.context.region, bpy.context.preferences.system.ui_scale
    width = region.width if region is not None and region.width > 1 else 280
    return max(LEAST, int((width / max(scale, 0.1) - EDGES) / LETTER))


def side_by_side(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    """For two buttons with words: a row, or a column where the sidebar is too narrow for both."""
    return layout.row(align=True) if letters() >= PAIR else layout.column(align=True)


def settings_column(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    return column
