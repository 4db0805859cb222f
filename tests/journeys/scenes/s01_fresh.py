"""1. A fresh profile: the extension was installed from its zip and is enabled; the tab opens and says what to do."""

import bpy

from .. import addon, window


def play(record):
    record.check(addon.PACKAGE in bpy.context.preferences.addons, "the extension is enabled")
    addon.nothing_set_up()
    yield from window.new_file()
    record.check(window.region().active_panel_category == window.TAB, "the tab is open")
    yield from window.look("s01_fresh")
    record.compare("s01_fresh", window.sidebar_part(0.0, 0.3))
    yield from window.find("greybox.generate")
