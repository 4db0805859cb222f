"""8. Blender is closed in the middle of a job. The backend goes on; the next Blender that opens the file collects the
results into their boxes."""

import os
from pathlib import Path

import bpy

from .. import addon, window

FILE, FOLDER = Path("s08.blend"), Path("s08_folder.json")


def play(record):
    folder = addon.real()
    FOLDER.write_text(str(folder))
    yield from window.new_file()
    for n, preset in enumerate(("Sofa", "Armchair", "Bookshelf", "Desk")):
        addon.add(preset, (n * 2.0, 0, 0))
    bpy.context.scene.greybox.texture_size = "512"
    yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.session() and addon.session().online, 60, "the backend answers")
    yield from window.until(lambda: addon.session().book.newest(1)[0].state == "running", 60, "the job runs")
    bpy.ops.wm.save_as_mainfile(filepath=str(FILE.resolve()))
    record.figure("assets at close", str(len(addon.results())))
    addon.part("jobs").disconnect()  # as closing does; the next scene is played by another Blender


def reopened(record):
    os.environ["GREYBOX_PYTHON"] = str(addon.python())
    os.environ["GREYBOX_FOLDER"] = FOLDER.read_text()
    bpy.ops.wm.open_mainfile(filepath=str(FILE.resolve()))
    yield window.DRAWN
    yield from window.open_tab()
    yield from window.until(lambda: addon.session() and addon.session().online, 30, "the running backend is found")
    yield from window.until(lambda: len(addon.results()) == 4 and not addon.session().busy, 240, "all results")
    record.figure("collected", f"{len(addon.results())} of 4")
    yield from window.look("s08_reopened")
