"""6. Ctrl+Z takes exactly one asset away, Ctrl+Shift+Z brings it back."""

from .. import addon, window


def play(record):
    addon.fake()
    yield from window.new_file()
    for n, preset in enumerate(("Sofa", "Stool", "Bench")):
        addon.add(preset, (0, n * 1.5, 0))
    import bpy

    bpy.ops.ed.undo_push(message="Layout")
    yield from window.click("greybox.generate")
    yield from window.until(lambda: len(addon.results()) == 3 and not addon.session().busy, 30, "three assets")
    before = names()
    yield from window.press("Z", ctrl=True)
    record.check(len(names()) == 2 and names() < before, f"one asset less: {names()}")
    yield from window.look("s06_undone")
    yield from window.press("Z", ctrl=True, shift=True)
    record.check(names() == before, f"as before: {names()}")
    record.check(len(addon.boxes()) == 3, "all boxes are there")


def names():
    return {result.name for result in addon.results()}
