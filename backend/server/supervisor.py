"""One worker seat: start it, watch it, stop it, replace it. Events and ticks in, losses out; the clock and the
process are given, so that tests replay histories.

off ─start─► starting ─Ready─► idle ─assign─► busy ─Done/Failed─► idle
any ─dies, silent, over its deadline─► off (killed, replaced when needed) ─too often─► resting | broken

A worker is replaced at most `restarts` times within `window` seconds. Past that it rests until the window allows
another one, if it had finished something meanwhile; if not it is broken, and only the user's retry wakes it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ..protocol.errors import GreyboxError, WorkerLost, WorkerStalled
from ..protocol.messages import WorkerStatus
from ..protocol.stages import WorkerKind
from ..protocol.work import BROKEN_DEVICE, Beat, Done, Failed, FromWorker, Quit, Ready, Run, Slow, Step, Stop, ToWorker
from .scheduler import Seat

_AGAIN = "Press Retry. If it happens again, send the log of the worker."
State = Literal["off", "starting", "idle", "busy", "resting", "broken"]


@dataclass(frozen=True)
class Limits:
    """Seconds, on a clock that only runs forward."""

    start: float = 120.0  # from the start of the process to Ready: libraries are read from a cold disk
    beat: float = 5.0  # without a beat it is taken for dead
    stop: float = 0.9  # from a cancel to the end of the stage
    quiet: float = 1800.0  # a stage that reports nothing for so long hangs
    restarts: int = 3
    window: float = 60.0


class Process(Protocol):
    """A worker process, or what a test puts in its place."""

    pid: int

    def send(self, message: ToWorker) -> None: ...
    def kill(self) -> None: ...
    def last_words(self) -> str: ...


@dataclass(frozen=True)
class Lost:
    """The worker is gone. What it was doing, why, and whether it was to blame."""

    run: Run | None
    error: GreyboxError
    cancelled: bool = False  # it was ended because its stage would not stop


class Supervisor:
    def __init__(
        self,
        seat: int,
        kind: WorkerKind,
        device: str,
        spawn: Callable[[int], Process],
        clock: Callable[[], float],
        limits: Limits | None = None,
        memory_gb: float | None = None,
    ) -> None:
        self.seat, self.device, self.memory_gb = seat, device, memory_gb
        self.kind: WorkerKind = kind
        self.limits = limits or Limits()
        self.state: State = "off"
        self.epoch = 0  # grows with each process; what an older one says is dropped
        self.restarts = 0
        self.loaded: frozenset[str] = frozenset()
        self.run: Run | None = None
        self._spawn, self._clock = spawn, clock
        self._process: Process | None = None
        self._losses: list[float] = []  # when it was lost, within the window
        self._useful = True  # a stage was finished since the last loss
        self._alive_by = 0.0  # a beat, or Ready, must arrive before
        self._slow_until = 0.0  # the worker said that it will not answer until then
        self._hangs = False  # it beats, but its stage has reported nothing for too long
        self._stop_by: float | None = None
        self._words = ""

    # ---- what the dispatcher asks

    def start(self) -> None:
        """Starts the process when there is none and it may have one."""
        if self.state == "resting" and self._may_restart():
            self.state = "off"
        while self.state == "off":
            self.epoch += 1
            self.restarts += self.epoch > 1
            try:
                self._process = self._spawn(self.epoch)
            except OSError as error:  # no memory for a process, no Python where it was
                self._words = str(error)
                self._count_loss()
                continue
            self.state = "starting"
            self._alive_by = self._clock() + self.limits.start

    def assign(self, run: Run) -> None:
        """Gives the idle worker a stage."""
        assert self.state == "idle" and self._process is not None
        self.state, self.run, self._stop_by, self._hangs = "busy", run, None, False
        self._process.send(run)

    def cancel(self, ticket: int) -> None:
        """Asks the worker to stop the stage; `tick` ends it when it does not."""
        if self.run is None or self.run.ticket != ticket or self._stop_by is not None or self._process is None:
            return
        self._stop_by = self._clock() + self.limits.stop
        self._process.send(Stop(ticket=ticket))

    def wake(self) -> None:
        """The user wants another try: forgets the losses."""
        if self.state in ("resting", "broken"):
            self.state = "off"
            self._losses.clear()

    def forgive(self, seconds: float) -> None:
        """The server itself was held up for so long (stopped, or by a slow disk): what the worker said meanwhile has
        not been read yet, so every deadline moves."""
        self._alive_by += seconds
        self._slow_until += seconds
        if self._stop_by is not None:
            self._stop_by += seconds

    def quit(self) -> None:
        if self._process is not None:
            self._process.send(Quit())
            self._process.kill()
        self.state, self._process, self.run = "off", None, None

    def view(self) -> Seat:
        return Seat(self.seat, self.kind, self.loaded, self.memory_gb)

    def status(self) -> WorkerStatus:
        return WorkerStatus(
            kind=self.kind,
            state=self.state,
            pid=self._process.pid if self._process else 0,
            device=self.device,
            task=self.run.task.key if self.run else "",
            restarts=self.restarts,
        )

    def why_broken(self) -> WorkerLost:
        times = f"{len(self._losses)} times within {self.limits.window:g} s"
        words = f" Its last words: {self._words}" if self._words else ""
        message = f"The {self.kind} worker came to an end {times} without finishing anything.{words}"
        return WorkerLost(message, "Look into the log of the worker, then press Retry.")

    # ---- what happens

    def received(self, epoch: int, message: FromWorker) -> Step | Done | Failed | None:
        """A message of the worker; what it says about the stage that it was given, or None."""
        if epoch != self.epoch or self._process is None:
            return None
        if not isinstance(message, Slow):
            self._alive_by = max(self._alive_by, self._clock() + self.limits.beat)
        match message:
            case Ready():
                if self.state == "starting":
                    self.state = "idle"
                    self._alive_by = self._clock() + self.limits.beat
            case Beat():
                self._hangs = self.run is not None and message.quiet >= self.limits.quiet
            case Slow():
                self._hangs, self._slow_until = False, self._clock() + message.seconds
                self._alive_by = max(self._slow_until, self._clock() + self.limits.beat)
            case Step():
                return message if self._mine(message.ticket) else None
            case Done() | Failed():
                if self._mine(message.ticket):
                    self._useful = self._useful or isinstance(message, Done)
                    self.loaded = frozenset(message.loaded)
                    self.state, self.run, self._stop_by = "idle", None, None
                    return message
        return None

    def ended(self, epoch: int, code: int | None) -> Lost | None:
        """The process has come to an end by itself."""
        if epoch != self.epoch or self._process is None:
            return None
        return self._lose(self._reason(code))

    def tick(self) -> Lost | None:
        """Looks at the clock: a worker that is past a deadline is ended."""
        if self._process is None:
            if self.state == "broken" and self._may_restart():
                self.state = "off"  # the window is over: the next job may try again
            return None
        now = self._clock()
        if self._stop_by is not None and now >= self._stop_by:
            return self._lose(WorkerStalled("Stopped"), cancelled=True)
        if self._hangs and now >= self._slow_until:
            message = (
                f"The {self.kind} worker reported nothing for {self.limits.quiet:g} s{self._during()} and was ended."
            )
            return self._lose(WorkerStalled(message, _AGAIN))
        if now >= self._alive_by:
            waited = self.limits.start if self.state == "starting" else self.limits.beat
            doing = "did not get ready" if self.state == "starting" else "gave no sign of life"
            message = f"The {self.kind} worker {doing} for {waited:g} s{self._during()} and was ended."
            return self._lose(WorkerStalled(message, _AGAIN))
        return None

    # ---- inside

    def _mine(self, ticket: int) -> bool:
        return self.run is not None and self.run.ticket == ticket

    def _lose(self, error: GreyboxError, cancelled: bool = False) -> Lost:
        assert self._process is not None
        self._process.kill()
        self._words = self._process.last_words()
        lost = Lost(self.run, error, cancelled or self._stop_by is not None)
        self._process, self.run, self._stop_by, self.loaded = None, None, None, frozenset()
        self._slow_until, self._hangs = 0.0, False
        self.state = "off"
        if not lost.cancelled:
            self._count_loss()
        return lost

    def _count_loss(self) -> None:
        useful, self._useful = self._useful, False
        self._losses.append(self._clock())
        if not self._may_restart():
            self.state = "resting" if useful else "broken"

    def _may_restart(self) -> bool:
        since = self._clock() - self.limits.window
        self._losses = [time for time in self._losses if time > since]
        return len(self._losses) <= self.limits.restarts

    def _during(self) -> str:
        return f" during {self.run.task.title}" if self.run else ""

    def _reason(self, code: int | None) -> GreyboxError:
        if code is not None and code in (-getattr(signal, "SIGKILL", 9), 137):
            message = f"The system ended the {self.kind} worker{self._during()}, most often because memory ran out."
            return WorkerLost(message, "Close other programs or choose smaller settings, then press Retry.")
        if code == BROKEN_DEVICE:
            message = f"The GPU failed{self._during()}, and its worker was replaced."
            return WorkerLost(message, "Press Retry. If it happens again, update the GPU driver or restart.")
        how = _signal_name(-code) if code is not None and code < 0 else f"exit code {code}"
        message = f"The {self.kind} worker crashed ({how}){self._during()}."
        return WorkerLost(message, _AGAIN)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
