"""11. In German, and with an interface of 200 %: nothing is clipped, nothing is left in English."""

import bpy

from .. import addon, window


def play(record):
    addon.fake()
    yield from window.new_file()
    preferences = bpy.context.preferences.view
    before = preferences.language
    preferences.language = german()
    preferences.use_translate_interface = preferences.use_translate_tooltips = True
    preferences.use_translate_reports = True
    try:
        yield from in_german(record, preferences)
    finally:
        preferences.ui_scale = 1.0
        preferences.language = before
    yield window.DRAWN


def in_german(record, preferences):
    at = yield from window.find("greybox.generate")
    yield from window.hover(at)
    yield 1.6
    window.save_screen(window.Path("s11_german_tooltip.png"))
    for preset, place in (("Sofa", (0, 0, 0)), ("Stool", (0, -1.4, 0))):
        addon.add(preset, place)
    addon.part("boxes").select_only(bpy.context, addon.boxes()[0])
    yield from window.hover(window.middle())
    yield window.SLIDE
    yield from window.look("s11_german")
    record.compare("s11_german", window.sidebar_part())
    preferences.ui_scale = 2.0
    yield window.SLIDE
    yield from window.look("s11_german_200")
    record.compare("s11_german_200", window.sidebar_part())


def german():
    names = [item.identifier for item in bpy.types.PreferencesView.bl_rna.properties["language"].enum_items]
    return next((name for name in names if name.startswith("de")), "de_DE")
