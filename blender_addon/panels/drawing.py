"""What every panel draws with."""

from __future__ import annotations

import bpy

WRAP = 38  # characters that a narrow sidebar shows in a line


class InSidebar:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Greybox"


def note(layout: bpy.types.UILayout, message: str, remedy: str = "") -> None:
    column = layout.column(align=True)
    column.alert = True
    wrapped(column, message, "ERROR")
    column = layout.column(align=True)
    wrapped(column, remedy)


def wrapped(layout: bpy.types.UILayout, text: str, icon: str = "NONE") -> None:
    """A text as labels of a width that fits the sidebar."""
    line = ""
    for word in [*text.split(), ""]:
        if line and (not word or len(line) + len(word) >= WRAP):
            layout.label(text=line, icon=icon)
            line, icon = "", "BLANK1" if icon != "NONE" else "NONE"
        line = f"{line} {word}".strip()
