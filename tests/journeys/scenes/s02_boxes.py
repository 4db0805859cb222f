"""2. Three boxes from the Add menu, found by typing; a prompt is typed into the sidebar; colours, labels."""

import bpy

from .. import addon, window


def play(record):
    yield from window.new_file()
    for words, place in (("Sofa", (0, 0, 0)), ("Coffee Table", (0, -1.4, 0)), ("Floor Lamp", (1.5, 0, 0))):
        bpy.context.scene.cursor.location = place
        yield from window.press("A", shift=True)
        yield from window.write(words, window.middle())
    made = addon.boxes()
    record.check([box.name for box in made] == ["Coffee Table", "Floor Lamp", "Sofa"], f"three boxes: {made}")
    colours = {box.data.materials[0].name for box in made}
    record.check(len(colours) == 3, f"three colours: {colours}")
    yield from window.press("HOME")
    yield from window.fill_in(".greybox.prompt", "copper lamp")
    record.check(made[1].greybox.prompt == "copper lamp", f"typed: {made[1].greybox.prompt!r}")
    yield from window.hover(window.middle())
    yield from window.look("s02_boxes")
    record.compare("s02_boxes", window.view_part())
