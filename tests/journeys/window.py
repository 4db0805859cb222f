"""A person at Blender's window: looks at it, moves the mouse, clicks, types. Runs inside Blender.

Blender does not say where a button is. But the one under the mouse says what it is: the operators "Copy Python Command"
and "Copy Data Path" of its context menu answer for it. So a button is found as a person finds it, by going over the
sidebar, and a test names it by what it does: `click("greybox.generate", what="ALL")`.

Blender must run with --enable-event-simulate; the mouse on the desk is then ignored. Everything that takes time is a
generator: each `yield` gives Blender that many seconds to live its own life.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import numpy as np

Steps = Iterator[float]
Point = tuple[int, int]

SETTLE = 0.05  # seconds in which Blender takes an event
DRAWN = 0.35  # seconds in which it has drawn again, under software OpenGL
SLIDE = 1.2  # seconds in which panels slide to their places when their contents change
ROW = 14  # pixels between two looks at the sidebar; buttons are 20 high
BELOW = 90  # pixels: a few rows
PAGES = 3  # of the sidebar that are looked through
COLUMNS = (0.3, 0.6, 0.15, 0.83)  # of the sidebar's width, where a button of a row may be
TAB = "Greybox"
PATIENCE = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) if hasattr(os, "getloadavg") else 1.0


class Missed(AssertionError):
    """What a person would have seen is not there."""


def window() -> bpy.types.Window:
    return bpy.context.window_manager.windows[0]


def view() -> bpy.types.Area:
    return max((a for a in window().screen.areas if a.type == "VIEW_3D"), key=lambda area: area.width)


def region(kind: str = "UI") -> bpy.types.Region:
    return next(region for region in view().regions if region.type == kind)


def in_view(kind: str = "WINDOW"):
    return bpy.context.temp_override(window=window(), screen=window().screen, area=view(), region=region(kind))


def scale() -> float:
    return bpy.context.preferences.system.ui_scale


def redraw() -> None:
    """Draws at once: without it the first frames of a window are grey."""
    bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=2)


# ---- time


def until(true: Callable[[], object], seconds: float, what: str) -> Steps:
    """Waits as a person does: until it is so, or patience is over; longer where others use the machine too."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise Missed(f"not within {seconds * PATIENCE:g} s: {what}")
        yield 0.05


# ---- eyes


def look(name: str) -> Steps:
    """A picture of the whole screen as `name`.png in the working folder."""
    for area in window().screen.areas:
        area.tag_redraw()
    yield DRAWN
    save_screen(Path(f"{name}.png"))


def save_screen(path: Path) -> None:
    """The X server's own dump where there is one: Blender's own picture is black under software OpenGL."""
    if shutil.which("xwd") is None:
        with bpy.context.temp_override(window=window(), screen=window().screen):
            bpy.ops.screen.screenshot(filepath=str(path.resolve()))
        return
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "screen.xwd"
        subprocess.run(["xwd", "-root", "-silent", "-out", str(dump)], check=True)
        path.write_bytes(_png(_read_xwd(dump.read_bytes())))


def _read_xwd(data: bytes) -> np.ndarray:
    """(H,W,3) of an X window dump with 32 bits a pixel."""
    header = struct.unpack(">25I", data[:100])
    size, width, height, bits, line, colours = header[0], header[4], header[5], header[11], header[12], header[19]
    assert bits == 32, f"{bits} bits a pixel"
    pixels = np.frombuffer(data, np.uint8, line * height, size + colours * 12).reshape(height, line)
    return pixels[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1]


def _png(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), np.ascontiguousarray(pixels).reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 3)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def sidebar_part(top: float = 0.0, bottom: float = 1.0) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the sidebar in the picture, which counts from the top."""
    r, high = region(), window().height
    first = high - (r.y + r.height)
    return r.x, first + int(r.height * top), r.x + r.width, first + int(r.height * bottom)


def view_part() -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the 3D view without the sidebar and the gizmos beside it."""
    r, side, high = region("WINDOW"), region(), window().height
    right = side.x - int(110 * scale()) if side.width > 1 else r.x + r.width
    return r.x + int(60 * scale()), high - (r.y + r.height) + int(90 * scale()), right, high - r.y


# ---- hands


def event(kind: str, value: str, at: Point, **more: object) -> None:
    window().event_simulate(type=kind, value=value, x=at[0], y=at[1], **more)


def hover(at: Point) -> Steps:
    event("MOUSEMOVE", "NOTHING", (at[0] - 2, at[1]))
    yield SETTLE
    event("MOUSEMOVE", "NOTHING", at)
    yield SETTLE


def click_at(at: Point, button: str = "LEFTMOUSE", **more: object) -> Steps:
    yield from hover(at)
    event(button, "PRESS", at, **more)
    yield SETTLE
    event(button, "RELEASE", at, **more)
    yield DRAWN


def drag(begin: Point, end: Point, steps: int = 8) -> Steps:
    yield from hover(begin)
    event("LEFTMOUSE", "PRESS", begin)
    yield SETTLE
    for n in range(1, steps + 1):
        event("MOUSEMOVE", "NOTHING", tuple(int(a + (b - a) * n / steps) for a, b in zip(begin, end, strict=True)))
        yield SETTLE
    event("LEFTMOUSE", "RELEASE", end)
    yield DRAWN


def press(key: str, at: Point | None = None, **modifiers: bool) -> Steps:
    """A key, with the mouse over the middle of the 3D view unless said otherwise: press("Z", ctrl=True)."""
    at = at or middle()
    yield from hover(at)
    event(key, "PRESS", at, **modifiers)
    yield SETTLE
    event(key, "RELEASE", at, **modifiers)
    yield DRAWN


def write(words: str, at: Point) -> Steps:
    """Types the words and Return."""
    for letter in words:
        kind = "SPACE" if letter == " " else letter.upper() if letter.isascii() and letter.isalpha() else "A"
        event(kind, "PRESS", at, unicode=letter)
        event(kind, "RELEASE", at)
        yield 0.02
    yield from press("RET", at)


def middle() -> Point:
    left, top, right, bottom = view_part()
    return (left + right) // 2, window().height - (top + bottom) // 2


# ---- the sidebar


def open_tab() -> Steps:
    """The sidebar on our tab, with N as a person opens it."""
    if not view().spaces.active.show_region_ui:
        yield from press("N")
    if not view().spaces.active.show_region_ui:
        view().spaces.active.show_region_ui = True
    redraw()
    yield DRAWN
    region().active_panel_category = TAB
    view().spaces.active.shading.color_type = "TEXTURE"
    view().tag_redraw()
    yield DRAWN


def under_mouse() -> str:
    """What the button under the mouse does: "bpy.ops.greybox.generate(what='ALL')", a data path, or ""."""
    manager, found = bpy.context.window_manager, ""
    with in_view("UI"):
        for copy, options in ((bpy.ops.ui.copy_python_command_button, {}), (bpy.ops.ui.copy_data_path_button, FULL)):
            if not found and copy.poll():
                manager.clipboard = ""
                copy(**options)
                found = manager.clipboard
    return found


FULL = {"full_path": True}


def _is(found: str, what: str, options: dict[str, object]) -> bool:
    if what.startswith("."):
        return found.endswith(what)
    return found.startswith(f"bpy.ops.{what}(") and all(f"{k}={v!r}" in found for k, v in options.items())


def find(what: str, /, edge: bool = False, below: Point | None = None, **options: object) -> Iterator:
    """Where the button is that runs the operator `what` with these options, or that edits the property whose data path
    ends so: `at = yield from find("greybox.generate", what="ALL")`, `find(".greybox.prompt")`. `edge`: it is a small
    one at the right; `below`: it is at most a few rows under this place. Raises Missed."""
    for page in range(PAGES):
        if page:
            yield from turn(6)
        for at in _places(what, edge, below):
            event("MOUSEMOVE", "NOTHING", at)
            yield 0.015
            if _is(under_mouse(), what, options):
                _found[what] = (at[0], region().y + region().height - at[1])
                return (yield from _well_inside(at, what, options))
    yield from turn(-6 * PAGES)
    raise Missed(f"no button {what} {options or ''} in the sidebar")


def _places(what: str, edge: bool, below: Point | None) -> Iterator[Point]:
    """Where to look: around the place where it was the last time, then everywhere."""
    top = region().y + region().height
    if what in _found and below is None:
        x, down = _found[what]
        yield from ((x, top - down - row * ROW) for row in (0, 1, -1, 2, -2, 3, -3))
    for share in sorted(COLUMNS, reverse=True) if edge else COLUMNS:
        yield from _column(share, below)


_found: dict[str, Point] = {}  # what -> x, and how far under the top of the sidebar


def _column(share: float, below: Point | None) -> Iterator[Point]:
    r = region()
    x = r.x + int(r.width * share)
    top, bottom = (below[1], below[1] - int(BELOW * scale())) if below else (r.y + r.height - 6, r.y + 4)
    return ((x, y) for y in range(top, bottom, -int(ROW * scale())))


def _well_inside(at: Point, what: str, options: dict[str, object]) -> Iterator:
    """A little further down where that is the same button: its very edge is no good place to click."""
    inside = (at[0], at[1] - int(5 * scale()))
    event("MOUSEMOVE", "NOTHING", inside)
    yield SETTLE
    return inside if _is(under_mouse(), what, options) else at


def turn(clicks: int) -> Steps:
    """The mouse wheel over the sidebar; down for positive numbers."""
    r = region()
    at = (r.x + r.width // 2, r.y + r.height // 2)
    yield from hover(at)
    for _ in range(abs(clicks)):
        event("WHEELDOWNMOUSE" if clicks > 0 else "WHEELUPMOUSE", "PRESS", at)
        yield 0.02
    yield DRAWN


def click(what: str, /, **options: object) -> Iterator:
    """Clicks on a button, once it has come to rest; returns where it is."""
    wanted = {name: value for name, value in options.items() if name not in ("edge", "below")}
    for _ in range(3):
        at = yield from find(what, **options)
        yield SLIDE
        for nudge in range(8):  # a panel that is drawn anew at this moment forgets what is under the mouse
            event("MOUSEMOVE", "NOTHING", (at[0] + nudge % 2, at[1]))
            yield 0.02
            if _is(under_mouse(), what, wanted):
                yield from click_at(at)
                return at
    raise Missed(f"the button {what} does not come to rest")


def fill_in(what: str, words: str) -> Steps:
    """Writes into a text field: a click selects what is there, typing replaces it."""
    at = yield from click(what)
    yield from press("A", at, ctrl=True)
    yield from write(words, at)


def unfold(panel: str) -> Steps:
    """Clicks on headers, from the bottom, until this panel is drawn: a panel does not say where its header is."""
    cls = getattr(bpy.types, panel)
    drawn: list[bool] = []
    draw = cls.draw

    def noting(self: bpy.types.Panel, context: bpy.types.Context) -> None:
        drawn.append(True)
        draw(self, context)

    cls.draw = noting
    try:
        view().tag_redraw()
        yield DRAWN
        r = region()
        for y in range(r.y + 8, r.y + r.height - 8, int(13 * scale())):
            if drawn:
                return
            at = (r.x + r.width // 2, y)
            yield from hover(at)
            if under_mouse():
                continue
            yield from click_at(at)
            event("ESC", "PRESS", at)
            event("ESC", "RELEASE", at)
            yield SETTLE
        raise Missed(f"no header of {panel} in the sidebar")
    finally:
        cls.draw = draw


def new_file() -> Steps:
    """File > New, without the cube, and our tab."""
    bpy.ops.wm.read_homefile(app_template="")
    yield DRAWN
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    yield from open_tab()
