"""12. The sidebar is pulled narrow by its edge: texts are wrapped, buttons keep their meaning."""

import bpy

from .. import addon, window

NARROW = 190  # pixels


def play(record):
    addon.fake()
    yield from window.new_file()
    addon.add("Sofa")
    addon.part("boxes").select_only(bpy.context, addon.boxes()[0])
    yield window.DRAWN
    r = window.region()
    wide, edge = r.width, (r.x, r.y + r.height // 3)
    for aside in (0, 3, -3, 6):  # where exactly one can take hold of it differs between versions
        yield from window.drag((edge[0] + aside, edge[1]), (edge[0] + wide - NARROW, edge[1]))
        width = window.region().width
        if width < wide:
            break
    record.check(width < wide, f"the sidebar is {width} pixels wide, it was {wide}")
    record.figure("width", f"{width} px, was {wide}")
    yield from window.look("s12_narrow")
    record.compare("s12_narrow", window.sidebar_part())
    r = window.region()
    yield from window.drag((r.x + aside, edge[1]), (r.x - (wide - width), edge[1]))
