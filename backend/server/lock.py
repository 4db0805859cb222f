"""One server per data folder. The system holds the lock as long as the process lives, so it can never be stale;
the process id and its start are written into the file for people and for a check without the lock."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO

import msgspec

FILE = "server.lock"


class Owner(msgspec.Struct, frozen=True):
    pid: int
    started: float  # wall clock, for display


class FolderLock:
    """Held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """True when this process now owns the folder; False when another one does."""
        file = open(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")  # noqa: SIM115 - held open on purpose
        if not _lock(file):
            file.close()
            return False
        file.truncate(0)
        file.seek(0)
        file.write(msgspec.json.encode(Owner(os.getpid(), time.time())))
        file.flush()
        self._file = file
        return True

    def owner(self) -> Owner | None:
        """Who holds it, as the file says."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Owner)
        except (OSError, msgspec.MsgspecError):
            return None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


if os.name == "posix":
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

else:
    import msvcrt

    _BEHIND = 1 << 20  # a byte that nobody writes: on Windows a locked byte cannot be read by others

    def _lock(file: IO[bytes]) -> bool:
        file.seek(_BEHIND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
