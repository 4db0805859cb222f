"""Finds, starts and watches the backend process, in a Python of its own. No bpy.

A backend that already runs for this data folder is used as it is: it outlives Blender.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ..backend.protocol.endpoint import Endpoint, read_endpoint, remembered_python
from ..backend.protocol.errors import NotFound, Unavailable

PYTHON_VARIABLE = "GREYBOX_PYTHON"
LOG_FILE = "backend.log"
RESTARTS = 3  # in RESTART_WINDOW seconds; then a person has to look
RESTART_WINDOW = 60.0


class NotSetUp(Unavailable):
    code = "not-set-up"


@dataclass(frozen=True)
class Backend:
    """Which Python runs which source for which data folder."""

    python: Path
    source: Path
    folder: Path
    device: str = ""  # "": the backend chooses


def find_python(source: Path, folder: Path, wished: str = "") -> Path:
    """The backend's Python: the one wished for, else named by $GREYBOX_PYTHON, made by the set-up, or in
    `source`/.venv. Raises Unavailable."""
    if wished:
        return _existing(Path(wished), "in the preferences", "Correct the path in the preferences of Greybox.")
    if named := os.environ.get(PYTHON_VARIABLE):
        return _existing(Path(named), f"in ${PYTHON_VARIABLE}", "Correct the variable.")
    for candidate in (remembered_python(folder), _in_venv(source / ".venv")):
        if candidate is not None and candidate.exists():
            return candidate
    raise NotSetUp(
        "The backend is not set up on this computer",
        "Press Set Up in the Backend panel, or run 'python install.py setup' in a checkout of Greybox.",
    )


def _existing(path: Path, where: str, remedy: str) -> Path:
    if not path.is_file():
        raise Unavailable(f"There is no Python at {path}, as named {where}", remedy)
    return path


def _in_venv(venv: Path) -> Path:
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def running(folder: Path) -> Endpoint | None:
    """The server of this folder when one listens; asks the port, since a killed server leaves its file behind."""
    try:
        endpoint = read_endpoint(folder)
        with socket.create_connection((endpoint.host, endpoint.port), timeout=0.05):
            return endpoint
    except (NotFound, OSError):
        return None


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class Launcher:
    """The backend process that this Blender has started, if any."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._process: subprocess.Popen | None = None
        self._starts: list[float] = []

    @property
    def log(self) -> Path:
        return self.backend.folder / LOG_FILE

    def ensure(self) -> bool:
        """Starts the backend unless one runs. True when a process was started. Raises Unavailable."""
        if self.alive() or running(self.backend.folder) is not None:
            return False
        now = time.monotonic()
        self._starts = [start for start in self._starts if now - start < RESTART_WINDOW]
        if len(self._starts) >= RESTARTS:
            raise Unavailable(
                f"The backend ended {RESTARTS} times within {RESTART_WINDOW:g} s: {self.last_words()}",
                f"Read {self.log}, then press Start.",
            )
        self._starts.append(now)
        self._start()
        return True

    def forgive(self) -> None:
        """A person asked for another start: the count begins again."""
        self._starts.clear()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ended(self) -> str:
        """Why the process that we started is gone, once; "" while it runs or when we started none."""
        if self._process is None or self._process.poll() is None:
            return ""
        code = self._process.returncode
        self._process = None
        if code < 0:
            return f"The backend was killed ({signal_name(-code)})"
        return f"The backend ended with code {code}: {self.last_words()}"

    def kill(self) -> None:
        """Ends the process that we started; for tests and for a backend that no longer answers."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)

    def last_words(self) -> str:
        """The last line of the log that says something."""
        try:
            with self.log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - 4096))
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return "it left no log"
        said = (line.strip() for line in reversed(lines) if line.strip() and not line.startswith("{"))  # its address
        return next(said, "it said nothing")

    def _start(self) -> None:
        backend = self.backend
        backend.folder.mkdir(parents=True, exist_ok=True)
        command = [str(backend.python), "-m", "backend.server"]
        command += ["--device", backend.device] if backend.device else []
        try:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    cwd=kept_source(backend),
                    env=environment(backend.folder),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    **detached(),
                )
        except OSError as error:
            raise Unavailable(f"The backend cannot be started: {error}", "Set the backend up again.") from error


def kept_source(backend: Backend) -> Path:
    """A folder that holds the source as it is now, for the process that is about to start: the extension may be
    updated or removed while it works. Files are linked where the file system can. Raises OSError."""
    kept = backend.folder / "source"
    shutil.rmtree(kept, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(backend.source / "backend", kept / "backend", copy_function=_link_or_copy, ignore=ignored)
    return kept


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def environment(folder: Path) -> dict[str, str]:
    """Ours without what would lead the other Python into Blender's, and without writing beside the source."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP")}
    return kept | {"GREYBOX_FOLDER": str(folder), "PYTHONPYCACHEPREFIX": str(folder / "pycache")}


def detached() -> dict:
    """The backend outlives Blender and has no window."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
