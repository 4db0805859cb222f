"""The loop that every worker shares: get a stage, run it, report, obey a cancel, never outlive the server.

Three threads: the main one runs stages (bpy insists on it), one reads what the server says, one beats. stdout
carries messages; whatever libraries print there goes to stderr, which is the log.
"""

from __future__ import annotations

import ctypes
import errno
import faulthandler
import gc
import hashlib
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from ..generators.interface import Control
from ..protocol.errors import DiskFull, GreyboxError, OutOfMemory, StageFailed
from ..protocol.faults import point
from ..protocol.messages import ArrayHeader
from ..protocol.wire import encode
from ..protocol.work import (
    BROKEN_DEVICE,
    Beat,
    Done,
    Failed,
    FromWorker,
    Output,
    Quit,
    Ready,
    Run,
    Slow,
    Step,
    Stop,
    read_frames,
    read_to_worker,
    write_frames,
)
from ..stages.job import Files, StageJob

BEAT = 0.5  # seconds
REPORT_EVERY = 0.05  # seconds: more often nobody can look
_log = logging.getLogger(__name__)


class Worker(Protocol):
    """What one kind of worker can do."""

    def run(self, job: StageJob, control: Control, slow: Callable[[float], None]) -> tuple[Files, tuple[str, ...]]:
        """The files of the stage and notes for the user. `slow(seconds)` announces a time without beats,
        `slow(0)` its end."""
        ...

    def loaded(self) -> tuple[str, ...]:
        """Names of the generators in memory."""
        ...

    def free(self) -> None:
        """Gives memory back after running out of it."""
        ...


def serve(worker: Worker) -> None:
    """Runs stages until the server ends this process or ends itself."""
    _die_with_parent()
    faulthandler.enable()  # a crash, and SIGUSR1 of somebody who wonders, leave the stack in the log
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1)
    messages_out = _private_stdout()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    Loop(worker, sys.stdin.buffer, messages_out).run()


class Loop:
    def __init__(self, worker: Worker, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._worker = worker
        self._incoming, self._outgoing = incoming, outgoing
        self._writing = threading.Lock()
        self._runs: queue.SimpleQueue[Run] = queue.SimpleQueue()
        self._stopped: set[int] = set()  # tickets that the user cancelled
        self._reported = time.monotonic()

    def run(self) -> None:
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        self._send(Ready(pid=os.getpid()))
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        while True:
            run = self._runs.get()
            self._reported = time.monotonic()
            self._send(self._attempt(run))
            self._stopped.discard(run.ticket)

    def _attempt(self, run: Run) -> Done | Failed:
        """Runs the stage; whatever goes wrong becomes a message that a person understands."""
        began = time.monotonic()
        try:
            outputs, notes = self._stage(run)
        except GreyboxError as error:
            return self._failed(run, error)
        except MemoryError as error:
            return self._failed(run, self._out_of_memory(error))
        except OSError as error:
            _log.exception("Stage %s", run.task.key)
            return self._failed(run, _system_error(error))
        except Exception as error:
            _log.exception("Stage %s", run.task.key)
            if _is_gpu_memory(error):
                return self._failed(run, self._out_of_memory(error))
            if _is_gpu_broken(error):
                os._exit(BROKEN_DEVICE)
            return self._failed(run, _unexpected(error))
        seconds = time.monotonic() - began
        return Done(ticket=run.ticket, seconds=seconds, outputs=outputs, notes=notes, loaded=self._worker.loaded())

    def _stage(self, run: Run) -> tuple[tuple[Output, ...], tuple[str, ...]]:
        point(f"{run.task.stage}.start")
        control = Control(
            report=lambda step, of, text, preview: self._report(run, step, of, text, preview),
            cancelled=lambda: run.ticket in self._stopped,
        )
        control.check()
        job = StageJob.open(Path(run.folder), run.task, run.crashes)
        files, notes = self._worker.run(job, control, lambda seconds: self._slow(run, seconds))
        control.check()
        point(f"{run.task.stage}.end")
        return save(Path(run.output), files), notes

    def _failed(self, run: Run, error: GreyboxError) -> Failed:
        return Failed(
            ticket=run.ticket,
            code=error.code,
            message=error.message,
            remedy=error.remedy,
            loaded=self._worker.loaded(),
        )

    def _out_of_memory(self, error: BaseException) -> OutOfMemory:
        traceback.clear_frames(error.__traceback__)
        self._worker.free()
        gc.collect()
        what = str(error).split("\n")[0][:200]
        return OutOfMemory(
            f"Memory ran out{f': {what}' if what else ''}.", "Choose smaller settings, then press Retry."
        )

    def _report(self, run: Run, step: int, of: int, text: str, preview: bytes | None) -> None:
        point(f"{run.task.stage}.step")
        now = time.monotonic()
        if now - self._reported < REPORT_EVERY and preview is None and step < of:
            return
        self._reported = now
        arrays = () if preview is None else (ArrayHeader(name="preview", dtype="u1", shape=(len(preview),)),)
        message = Step(ticket=run.ticket, step=step, of=of, text=text, arrays=arrays)
        self._send(message, () if preview is None else (preview,))

    def _slow(self, run: Run, seconds: float) -> None:
        self._reported = time.monotonic()
        self._send(Slow(ticket=run.ticket, seconds=seconds))

    def _send(self, message: FromWorker, arrays: tuple[bytes, ...] = ()) -> None:
        try:
            with self._writing:
                write_frames(self._outgoing, encode(message, arrays))
        except OSError:
            os._exit(0)  # the server is gone

    def _beat(self) -> None:
        while True:
            self._send(Beat(quiet=time.monotonic() - self._reported))
            time.sleep(BEAT)

    def _listen(self) -> None:
        while (frames := read_frames(self._incoming)) is not None:
            message, _ = read_to_worker(frames)
            match message:
                case Run():
                    self._runs.put(message)
                case Stop():
                    self._stopped.add(message.ticket)
                case Quit():
                    break
        os._exit(0)  # the server is gone, or wants us to be; a stage in the middle is not waited for


def save(folder: Path, files: Files) -> tuple[Output, ...]:
    """Writes and syncs the files of a stage; the server takes them over. Raises DiskFull."""
    outputs = []
    for number, ((box, name), data) in enumerate(files.items()):
        file = f"{number}.part"
        try:
            point("save.write")
            with open(folder / file, "xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            need = sum(map(len, files.values())) / 1e6
            raise DiskFull(f"The disk is full: {name} needs {need:.1f} MB", "Make room, then press Retry.") from error
        digest = hashlib.sha256(data).hexdigest()
        outputs.append(Output(file=file, box=box, name=name, sha256=digest, size=len(data)))
    return tuple(outputs)


def _system_error(error: OSError) -> GreyboxError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("The disk is full", "Make room, then press Retry.")
    where = f" ({error.filename})" if error.filename else ""
    return StageFailed(f"The system refused: {error.strerror or error}{where}", "Look into the log of the worker.")


def _unexpected(error: Exception) -> StageFailed:
    message = f"An error inside Greybox: {type(error).__name__}: {str(error)[:300]}"
    return StageFailed(message, "Please report it, with the log of the worker.")


def _is_gpu_memory(error: Exception) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(error, torch.OutOfMemoryError)


def _is_gpu_broken(error: Exception) -> bool:
    """True for errors after which the device answers nothing but errors to this process."""
    return "CUDA error" in str(error) or "CUDA driver error" in str(error)


def _private_stdout() -> IO[bytes]:
    """The stream to the server; what anybody prints from now on goes to stderr."""
    sys.stdout.flush()
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return private


def _die_with_parent() -> None:
    """On Linux the kernel ends us with the server; elsewhere the end of stdin does (see Loop._listen)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the server's terminal is the server's business
    if sys.platform != "linux":
        return
    parent = os.getppid()
    set_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
