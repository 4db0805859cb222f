"""A worker as a process of the system: messages over its stdin and stdout, its stderr into a log file.

A thread reads what it says and hands it to the event loop. The child is the leader of a process group of its own,
so that whatever it started dies with it; it leaves by itself when its stdin ends, that is when this process dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..protocol.errors import InvalidMessage
from ..protocol.wire import encode
from ..protocol.work import FromWorker, ToWorker, read_frames, read_from_worker, write_frames

MAX_LOG = 1 << 20  # bytes; older lines are dropped when the worker is started again
WORDS = 300  # characters of the last line of the log that a person is shown

_log = logging.getLogger(__name__)
Heard = Callable[[int, FromWorker, Mapping[str, memoryview]], None]
Ended = Callable[[int, int | None], None]


class WorkerProcess:
    """`heard` and `ended` are called on the event loop that was running when this was made."""

    def __init__(self, command: Sequence[str], epoch: int, log: Path, heard: Heard, ended: Ended) -> None:
        self._log = log
        _shorten(log)
        with open(log, "ab") as errors:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self.pid = self._child.pid
        arguments = (epoch, asyncio.get_running_loop(), heard, ended)
        threading.Thread(target=self._listen, args=arguments, name=f"worker-{epoch}", daemon=True).start()

    def send(self, message: ToWorker) -> None:
        """Never waits: messages are small and few, the pipe takes them. A dead worker is noticed by its end."""
        assert self._child.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            write_frames(self._child.stdin, encode(message))

    def kill(self) -> None:
        """Ends the process and what it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self.pid, signal.SIGKILL)
            else:
                self._child.kill()

    def last_words(self) -> str:
        """The last line of the log."""
        with contextlib.suppress(OSError):
            lines = _tail(self._log, 4096).decode("utf-8", "replace").split("\n")
            return next((line.strip()[:WORDS] for line in reversed(lines) if line.strip()), "")
        return ""

    def _listen(self, epoch: int, loop: asyncio.AbstractEventLoop, heard: Heard, ended: Ended) -> None:
        assert self._child.stdout is not None
        try:
            while (frames := read_frames(self._child.stdout)) is not None:
                message, arrays = read_from_worker(frames)
                loop.call_soon_threadsafe(heard, epoch, message, arrays)
        except InvalidMessage as error:
            _log.error("Worker %d broke the protocol: %s", self.pid, error.message)
            self.kill()
        code = self._child.wait()
        with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody wants to know
            loop.call_soon_threadsafe(ended, epoch, code)


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > MAX_LOG:
        log.write_bytes(_tail(log, MAX_LOG // 4))


def _tail(path: Path, size: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read()
