"""14. A panorama: one of the wrong shape is refused, a right one is seen as the world and taken back, by clicks."""

from pathlib import Path

import bpy
import numpy as np

from .. import addon, window


def play(record):
    addon.real()
    yield from window.new_file()
    own = bpy.context.scene.world
    from tests.fakes.assets import png

    Path("narrow.png").write_bytes(png(np.full((300, 400, 3), 90, np.uint8)))
    Path("room.png").write_bytes(png(room()))
    refused = open_panorama("narrow.png")
    record.check("400 x 300 pixels" in refused, f"refused with its size: {refused}")
    record.check(not open_panorama("room.png"), "a panorama is taken")
    yield from window.unfold("GREYBOX_PT_panorama")
    settings = bpy.context.scene.greybox.panorama
    at = yield from window.find("greybox.preview_panorama")
    yield from window.click_at(at)
    record.check(bpy.context.scene.world == settings.preview != own, "it is the world")
    yield from window.look("s14_panorama")
    yield from window.click_at(at)
    record.check(bpy.context.scene.world == own, "the scene has its own world again")
    yield from window.press("Z", ctrl=True)
    record.check(bpy.context.scene.greybox.panorama.preview is not None, "undone: it is the world once more")
    at = yield from window.find("greybox.generate_room")
    yield from window.hover(at)
    yield 1.6
    window.save_screen(Path("s14_tooltip.png"))


def open_panorama(name):
    """Why it was refused; "" when it was taken."""
    try:
        with window.in_view():
            bpy.ops.greybox.open_panorama("EXEC_DEFAULT", True, filepath=str(Path(name).resolve()))
    except RuntimeError as error:
        return str(error)
    return ""


def room():
    """(512,1024,3): a horizon and a bright window in the middle."""
    pixels = np.zeros((512, 1024, 3), np.uint8)
    pixels[:256], pixels[256:] = (150, 170, 200), (110, 90, 70)
    pixels[180:256, 440:584] = (250, 240, 200)
    return pixels
