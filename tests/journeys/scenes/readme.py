"""The README's first steps, as a newcomer takes them in a fresh profile, and the pictures that it shows of them."""

import bpy

from .. import addon, window

PATIENCE = 240  # seconds for the whole room


def play(record):
    addon.real()
    yield from window.open_tab()
    yield from window.hover(window.middle())
    yield from window.look("readme_1_tab")
    yield from load_example("living_room")
    yield from window.press("HOME")  # the camera's frame as large as the view
    yield window.SLIDE
    yield from window.look("readme_2_boxes")
    yield from window.click("greybox.generate")
    yield from window.until(lambda: len(addon.results()) >= 3, PATIENCE, "three of the assets")
    yield window.SLIDE
    yield from window.look("readme_3_progress")
    yield from window.until(lambda: not addon.session().busy, PATIENCE, "the whole room")
    record.check(len(addon.results()) == len(addon.boxes()), addon.session().message)
    record.figure("furnished", f"{len(addon.results())} of {len(addon.boxes())} boxes")
    bpy.context.scene.greybox.show = "RESULTS"
    addon.part("boxes").select_only(bpy.context, addon.results()[0])
    for obj in bpy.context.selected_objects:
        obj.select_set(False)
    yield window.SLIDE
    yield from window.look("readme_4_furnished")


def load_example(name):
    """The menu under the row of Add Box: its entries follow each other downwards, in the order of their names."""
    names = addon.part("examples").names()
    row = yield from window.find("greybox.add_box_from_selection", edge=True)
    r, unit = window.region(), int(23 * window.scale())
    button = (r.x + r.width // 2, row[1] - unit)
    yield from window.click_at(button)
    window.save_screen(window.Path("readme_menu.png"))
    entry = (button[0], button[1] - unit * (names.index(name) + 1))
    yield from window.click_at(entry)
    yield from window.until(lambda: addon.boxes(), 5, f"the boxes of {name}")
