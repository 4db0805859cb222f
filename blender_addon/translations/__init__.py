"""The add-on's words in other languages. What the backend says stays English: it is made, and logged, elsewhere.

Blender translates labels, tooltips and names of properties by itself. A sentence with values in it is looked up before
it is filled: `iface_("{} of {} boxes").format(1, 7)`; so is what a poll or a description says, with `tip_`.
"""

from __future__ import annotations

import bpy

from .german import GERMAN

CONTEXTS = ("*", "Operator", "Greybox")  # labels; buttons; words that Blender means otherwise
TABLES = {"de_DE": GERMAN, "de": GERMAN}  # Blender has called it both


def register() -> None:
    tables = {
        locale: {(context, english): words for english, words in table.items() for context in CONTEXTS}
        for locale, table in TABLES.items()
    }
    bpy.app.translations.register(__name__, tables)


def unregister() -> None:
    bpy.app.translations.unregister(__name__)
