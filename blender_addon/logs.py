"""Logs and findings as texts in Blender's Text Editor."""

from __future__ import annotations

import os
from pathlib import Path

import bpy

from ..backend.protocol.errors import GreyboxError
from . import installer, preferences, session

NAMES = ("setup.log", "weights.log", "backend.log", "logs/server.log")
WORKERS = "logs/worker-*.log"
TAIL = 32_768  # bytes of each


def files(folder: Path) -> list[Path]:
    """The logs that are there, the oldest kind first."""
    return [path for path in (*(folder / name for name in NAMES), *sorted(folder.glob(WORKERS))) if path.is_file()]


def text(folder: Path) -> str:
    return "\n\n".join(f"==== {path}\n{tail(path)}" for path in files(folder))


def tail(path: Path, length: int = TAIL) -> str:
    """The end of a file; "" when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - length))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def show(context: bpy.types.Context, name: str, words: str, from_end: bool = True) -> bpy.types.Text:
    """Puts the words into a text and shows it: in a Text Editor that is open, else in a new window."""
    block = bpy.data.texts.get(name) or bpy.data.texts.new(name)
    block.from_string(words)
    if bpy.app.background or context.window is None:
        return block
    area = next((a for window in context.window_manager.windows for a in window.screen.areas
                 if a.type == "TEXT_EDITOR"), None)  # fmt: skip
    if area is None:
        bpy.ops.wm.window_new()
        area = context.window_manager.windows[-1].screen.areas[0]
        area.type = "TEXT_EDITOR"
    area.spaces.active.text = block
    block.cursor_set(len(block.lines) - 1 if from_end else 0)
    area.spaces.active.top = max(0, len(block.lines) - 30) if from_end else 0
    return block


def findings(context: bpy.types.Context) -> list[str]:
    """Lines "ok   ..." and "FIX  ..." with the remedy."""
    settings, current = preferences.read(context), session.session()
    lines = []

    def say(good: bool, fact: str, remedy: str = "") -> None:
        lines.append(f"{'ok ' if good else 'FIX'}  {fact}" + (f" -> {remedy}" if remedy and not good else ""))

    if settings.remote:
        say(bool(settings.host), f"The backend is on {settings.host or 'no computer'}", "Paste a pairing string.")
    else:
        try:
            say(True, f"The backend's Python is {settings.backend().python}")
        except GreyboxError as error:
            say(False, error.message, error.remedy)
            free = installer.free_gb(settings.folder)
            say(free >= installer.DISK_GB, f"{free:.1f} GB are free for the set-up", f"It needs {installer.DISK_GB:g}.")
        say(bpy.app.online_access, "Online access, for downloads", "Allow it in the preferences, System.")
    online = current is not None and current.online
    say(online, "The backend answers" if online else "The backend is not running", "Press Start.")
    for device in current.devices if current else ():
        say(True, f"{device.label}: {device.free_gb:.1f} of {device.memory_gb:.1f} GB free")
    for info in current.welcome.generators if current and current.welcome else ():
        say(info.available, f"{info.label}" + ("" if info.available else f": {info.missing}"), info.remedy)
    return lines
