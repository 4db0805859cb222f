"""A person's first minutes in a real Blender window: open the tab, load the room, press Generate, undo and redo.

Not collected by pytest; runs inside Blender's window, steps from a timer, and leaves a screenshot of each step:

    shared/gui/run.sh sid tests/journeys/window.py OUT dist/greybox-*-linux_x64.zip

The backend's Python must be known there (backend.json in the data folder, as `install.py setup` leaves it).
Exit codes: 0 all went well, 3 an error (see error.png and the output).
"""

import importlib
import os
import subprocess
import time
import traceback

import bpy

LIMIT = 240.0  # seconds for the job
addon = importlib.import_module("bl_ext.user_default.greybox.blender_addon")
boxes = importlib.import_module(f"{addon.__name__}.boxes")
jobs = importlib.import_module(f"{addon.__name__}.jobs")


def window():
    return bpy.context.window_manager.windows[0]


def view():
    return next(area for area in window().screen.areas if area.type == "VIEW_3D")


def region(kind):
    return next(region for region in view().regions if region.type == kind)


def in_view():
    return bpy.context.temp_override(window=window(), area=view(), region=region("WINDOW"))


def screenshot(name):
    """The X server's own dump: Blender's is black under software OpenGL."""
    bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=4)
    subprocess.run(f"xwd -root -silent -out {name}.xwd && convert xwd:{name}.xwd {name}.png", shell=True, check=True)


def results():
    return sorted(obj.name for obj in bpy.data.objects if boxes.is_result(obj))


def steps():
    """Each `yield` gives Blender that many seconds to live its own life."""
    view().spaces.active.show_region_ui = True
    view().spaces.active.shading.color_type = "TEXTURE"
    yield 0.5
    bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=2)
    yield 0.2
    region("UI").active_panel_category = "Greybox"
    screenshot("1_empty")
    with in_view():
        bpy.ops.greybox.load_example(name="living_room")
        bpy.ops.ed.undo_push(message="Load Example")
    yield 0.5
    screenshot("2_boxes")
    with in_view():
        assert bpy.ops.greybox.generate(what="ALL") == {"FINISHED"}
    begin = time.monotonic()
    yield 3.0
    screenshot("3_progress")
    while jobs.session().busy:
        assert time.monotonic() - begin < LIMIT, jobs.session().message
        yield 0.3
    screenshot("4_furnished")
    made = results()
    assert len(made) == len(boxes.all_boxes(bpy.context.scene)), jobs.session().message
    print(f"{len(made)} results, longest tick {jobs.session().longest_tick * 1000:.0f} ms, "
          f"longest import {jobs.session().longest_import * 1000:.0f} ms", flush=True)  # fmt: skip
    with in_view():
        bpy.ops.ed.undo()
    assert len(results()) == len(made) - 1, "one step for one asset"
    with in_view():
        bpy.ops.ed.redo()
    assert results() == made
    yield 0.5
    with in_view():
        bpy.ops.greybox.cycle_show()
    screenshot("5_results")
    jobs.stop_backend()
    yield 2.0


course = steps()


def advance():
    try:
        return next(course)
    except StopIteration:
        os._exit(0)
    except Exception:
        traceback.print_exc()
        screenshot("error")
        os._exit(3)


bpy.app.timers.register(advance, first_interval=1.0)
