"""What the set-up and the download of weights do, and what they need first. They run as child processes. No bpy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from ..backend.protocol.errors import Unavailable
from . import chores
from .launcher import Backend, environment

PYTHONS = ("python3.11", "python3.13", "python3.12")  # the first two can have bpy too, which draws with EEVEE
LEAST = (3, 11)
DISK_GB = 6.0  # as in install.py
DOWNLOAD_GB = {"cpu": 0.9, "cuda": 3.6}
SETUP_LOG, WEIGHTS_LOG = "setup.log", "weights.log"


def interpreter() -> Path:
    """The Python that makes the backend's environment: one of the system's, else Blender's own. Raises Unavailable."""
    for name in PYTHONS:
        if found := shutil.which(name):
            return Path(found)
    if sys.version_info[:2] >= LEAST and Path(sys.executable).name.lower().startswith("python"):
        return Path(sys.executable)
    raise Unavailable("No Python 3.11 or newer was found", "Install Python 3.11 from python.org, then press Set Up.")


def download_gb() -> float:
    """About how much the set-up downloads."""
    return DOWNLOAD_GB["cuda" if shutil.which("nvidia-smi") else "cpu"]


def free_gb(folder: Path) -> float:
    """Of the disk that the folder is, or will be, on."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(there).free / 1e9


def set_up(source: Path, folder: Path, done: Callable[[], None]) -> chores.Chore:
    """Begins the set-up, or goes on with it. Raises Unavailable."""
    python = interpreter()
    command = [str(python), str(source / "install.py"), "setup", "--into", str(folder)]
    return _start("setup", "Set-up", command, source, folder, SETUP_LOG, done)


def download_weights(backend: Backend, generator: str, label: str, done: Callable[[], None]) -> chores.Chore:
    """Begins the download, or goes on with it. Raises Unavailable."""
    command = [str(backend.python), "-m", "backend.weights", "--progress", generator]
    return _start("weights", f"Weights of {label}", command, backend.source, backend.folder, WEIGHTS_LOG, done)


def _start(
    name: str, title: str, command: list[str], source: Path, folder: Path, log: str, done: Callable[[], None]
) -> chores.Chore:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        variables = environment(folder) | {"PYTHONUNBUFFERED": "1"}
        return chores.start(name, title, command, source, variables, folder / log, done)
    except OSError as error:
        raise Unavailable(f"{title} could not be started: {error}", "Look at the folder and its rights.") from error
