"""3. Generate with the real backend and Draft: how soon the window reacts and how long it is ever held up; then the
progress bar at 0, 42 and 100 % with its cancel button and the time left, held still by a fake backend."""

import time

import bpy

from .. import addon, window

BOXES = (
    ("Sofa", (0, 0, 0)),
    ("Coffee Table", (0, -1.4, 0)),
    ("Floor Lamp", (1.5, 0, 0)),
    ("Armchair", (-1.9, -0.6, 0)),
)


def play(record):
    addon.real()
    yield from furnish(record)
    yield from addon.leave()
    yield from bar(record)


def furnish(record):
    yield from window.new_file()
    for preset, place in BOXES:
        addon.add(preset, place)
    bpy.context.scene.greybox.texture_size = "512"
    yield from window.press("HOME")
    yield from window.click("greybox.generate")
    begin = time.monotonic()
    yield from window.until(lambda: addon.session() and addon.session().online, 60, "the backend answers")
    record.figure("backend up", f"{time.monotonic() - begin:.1f} s")
    yield from window.until(lambda: addon.results(), 180, "the first asset")
    record.figure("first asset", f"{time.monotonic() - begin:.1f} s")
    yield from window.until(lambda: not addon.session().busy, 300, "all assets")
    record.figure("four assets", f"{time.monotonic() - begin:.1f} s")
    record.check(len(addon.results()) == len(BOXES), addon.session().message)
    yield from window.look("s03_furnished")


def bar(record):
    server = addon.fake()
    server.hold.set()
    yield from window.new_file()
    for n in range(7):
        addon.add("Stool", (n * 0.6, 0, 0))
    at = yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.session().online and server.journal.todo, 10, "the job is submitted")
    job = addon.session().book.newest(1)[0]
    yield from window.look("s03_bar_0")
    server.allow(9)
    yield from window.until(lambda: job.done == 9, 10, "nine of twenty-one stages")
    record.check(0.3 < job.factor < 0.6, f"9 of 21 stages are shown as {job.factor:.3f}")  # by what stages took before
    yield from window.find("greybox.cancel_job", edge=True, below=at)
    yield from window.look("s03_bar_42")
    record.compare("s03_bar_42", window.sidebar_part())
    server.hold.clear()
    yield from window.until(lambda: job.ended and not addon.session().busy, 30, "the job ends")
    record.check(job.factor == 1.0 and len(addon.results()) == 7, "all seven")
    yield from window.look("s03_bar_100")
