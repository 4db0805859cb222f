"""Long work in a child process that is no job of the backend: the set-up, the download of weights. No bpy.

The child writes to a log; its lines `@progress SHARE TEXT` move the one bar that is shown. Blender looks at the log
from its timer, so nothing waits. What was interrupted is begun again by the same button and goes on where it was.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .launcher import detached

LOOK_EVERY = 0.25  # seconds between two looks at the log
TAIL = 8192  # bytes of the log that one look reads
_PROGRESS = re.compile(r"@progress ([01](?:\.\d+)?) ?(.*)")


@dataclass
class Chore:
    name: str  # "setup", "weights"
    title: str
    log: Path
    process: subprocess.Popen
    done: Callable[[], None]  # what follows when it went well
    share: float = 0.0
    text: str = ""
    error: str = ""
    ended: bool = False
    read: int = 0
    looked: float = 0.0
    last: list[str] = field(default_factory=list)  # its last lines


_chores: list[Chore] = []  # none or one; it stays after its end, to say how it went


def current() -> Chore | None:
    return _chores[0] if _chores else None


def running() -> bool:
    chore = current()
    return chore is not None and not chore.ended


def start(
    name: str, title: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path,
    done: Callable[[], None] = lambda: None,
) -> Chore:  # fmt: skip
    """Starts the child; one at a time. Raises OSError when it cannot be started."""
    if running():
        raise OSError(f"{_chores[0].title} is still going on")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            list(command), cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=stream,
            stderr=subprocess.STDOUT, **detached(),
        )  # fmt: skip
    _chores[:] = [Chore(name, title, log, process, done, text="Starting")]
    return _chores[0]


def stop() -> None:
    """Ends the child; what it has finished stays."""
    chore = current()
    if chore is not None and not chore.ended:
        chore.process.terminate()
        chore.ended, chore.error = True, "Stopped. Begin again to go on."


def dismiss() -> None:
    if not running():
        _chores.clear()


def tick() -> bool:
    """Looks at what the child says. True when something is to be drawn anew."""
    chore = current()
    now = time.monotonic()
    if chore is None or chore.ended or now - chore.looked < LOOK_EVERY:
        return False
    chore.looked = now
    code = chore.process.poll()
    changed = _read(chore)
    if code is None:
        return changed
    _read(chore)
    chore.ended = True
    if code == 0:
        chore.share, chore.text = 1.0, "Done"
        chore.done()
    else:
        chore.error = next((line for line in reversed(chore.last) if line.strip()), f"it ended with code {code}")
    return True


def _read(chore: Chore) -> bool:
    try:
        with chore.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size <= chore.read:
                return False
            file.seek(max(chore.read, size - TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()
            chore.read = size
    except OSError:
        return False
    for line in lines:
        if found := _PROGRESS.fullmatch(line.strip()):
            chore.share, chore.text = min(float(found[1]), 1.0), found[2]
    chore.last = (chore.last + [line for line in lines if not line.startswith("@progress")])[-20:]
    return True


def unregister() -> None:
    """The child goes on without us: a set-up is not lost when the add-on is switched off."""
    _chores.clear()
