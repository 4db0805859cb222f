"""9. A button that cannot be pressed says why: every operator of the add-on, and the tooltip as the window shows it."""

import re

import bpy

from .. import addon, window

SAYS_NOTHING = ("context is incorrect", "poll() failed, context")


def play(record):
    addon.real()
    yield from window.new_file()
    silent, greyed = [], 0
    for name in sorted(dir(bpy.ops.greybox)):
        words = refusal(name)
        if words is None:
            continue
        greyed += 1
        if any(phrase in words for phrase in SAYS_NOTHING) or not words.strip():
            silent.append(name)
    record.figure("greyed", f"{greyed}, all say why" if not silent else f"{greyed}, silent: {silent}")
    at = yield from window.find("greybox.generate")
    yield from window.hover(at)
    yield 1.6
    window.save_screen(window.Path("s09_tooltip.png"))
    left, _, right, _ = window.sidebar_part()
    y = window.window().height - at[1]
    record.compare("s09_tooltip", (left - 140, y - 30, right, y + 130))
    record.check(not silent, f"these say nothing: {', '.join(silent)}")


def refusal(name):
    """What a greyed operator says; None when it can be pressed."""
    operator = getattr(bpy.ops.greybox, name)
    with window.in_view():
        if operator.poll():
            return None
        try:
            operator()
        except RuntimeError as error:
            return re.sub(r"^Error: |Operator bpy\.ops\.greybox\.\w+\.poll\(\) ?", "", str(error))
    return ""
