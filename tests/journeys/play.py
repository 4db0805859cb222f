"""Plays scenes in this Blender window, one after the other, and writes down what came of them. Started by gui_test.py:
Blender runs this file with --python in a folder that holds `tests/` and `plan.json`.

plan.json: {"window": "1", "scenes": ["s01_fresh", ...]}. Leaves result_<window>.json and the pictures.
"""

import importlib
import json
import os
import sys
import time
import traceback
import warnings
from pathlib import Path

os.chdir(Path(__file__).resolve().parent)  # wherever Blender was started
sys.path.insert(0, os.getcwd())

import bpy  # noqa: E402

from tests.journeys import addon, window  # noqa: E402
from tests.journeys.record import Record  # noqa: E402

PLAN = json.loads(Path("plan.json").read_text())
RESULT = Path(f"result_{PLAN['window']}.json")


def course():
    """All scenes; one that fails leaves a picture and the next one begins."""
    window.redraw()
    yield 0.5
    addon.known_to_the_fakes()
    addon.python()
    bpy.context.preferences.system.use_region_overlap = False  # else each look redraws the 3D view
    yield from window.press("ESC")  # the splash screen of a fresh profile
    records: list[Record] = []
    for name in PLAN["scenes"]:
        module, _, part = name.partition(":")
        scene = importlib.import_module(f"tests.journeys.scenes.{module}")
        record = Record(name)
        records.append(record)
        yield from played(getattr(scene, part or "play"), record)
        RESULT.write_text(json.dumps(played_so_far(records), indent=1))


def played_so_far(records):
    return {"build": build(), "busy": window.PATIENCE, "scenes": [record.plain() for record in records]}


def played(play, record):
    begin = time.monotonic()
    print(f"scene {record.name}", flush=True)
    addon.part("watchdog").reset()
    try:
        yield from play(record)
    except Exception as error:
        record.error = f"{type(error).__name__}: {error}"
        traceback.print_exc(file=sys.stdout)
        window.save_screen(Path(f"{record.name.replace(':', '_')}_error.png"))
    try:
        yield from addon.leave()
    except Exception as error:
        record.error = record.error or f"afterwards: {error}"
    note_times(record)
    record.seconds = time.monotonic() - begin


def note_times(record):
    """Everything that the add-on's watchdog saw hold the main thread: ticks, import slices, handlers, panels."""
    watchdog = addon.part("watchdog")
    for name, figures in watchdog.figures().items():
        record.held(name, figures.longest, watchdog.limit(name))
    watchdog.reset()


def build():
    import gpu

    renderer = gpu.platform.renderer_get().split()[0].strip("(),").lower()
    return f"{bpy.app.version_string.split()[0]}-{renderer}"


def noted(message, category, filename, line, *_rest):
    if "greybox" in filename or "journeys" in filename:
        print(f"{category.__name__}: {message} ({filename}:{line})", flush=True)


warnings.simplefilter("always", DeprecationWarning)
warnings.showwarning = noted
steps = course()


def advance():
    try:
        return next(steps)
    except StopIteration:
        os._exit(0)
    except Exception:
        traceback.print_exc(file=sys.stdout)
        os._exit(3)


bpy.app.timers.register(advance, first_interval=1.0, persistent=True)
