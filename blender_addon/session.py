"""One backend as this Blender sees it: the connection, the process, the jobs. None or one at a time."""

from __future__ import annotations

import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import bpy

from ..backend.protocol import messages as m
from ..backend.protocol.errors import Unavailable
from ..backend.protocol.options import GeneratorInfo
from . import preferences, watchdog
from .connection import Connection, Link
from .job_book import JobBook
from .launcher import Launcher, running

if TYPE_CHECKING:
    from .arrivals import Arrival, Placing

FALLBACK = (GeneratorInfo(name="draft", label="Draft", description="", gives=("mesh", "material"), takes=("box",)),)


@dataclass
class Session:
    settings: preferences.Settings
    connection: Connection
    launcher: Launcher | None = None
    book: JobBook = field(default_factory=JobBook)
    link: Link = field(default_factory=lambda: Link("connecting"))
    welcome: m.Welcome | None = None
    status: m.StatusReport | None = None
    message: str = ""  # the last thing a person should know, what to do, and the error's code
    remedy: str = ""
    code: str = ""
    wanted: set[tuple[str, str]] = field(default_factory=set)  # (job, box) asked for in this session
    imported: set[tuple[str, str]] = field(default_factory=set)
    inquired: set[str] = field(default_factory=set)  # jobs that the .blend names and the backend was asked about
    arrivals: dict[tuple[str, str], Arrival] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    imports: deque[Arrival] = field(default_factory=deque)
    placing: Placing | None = None  # the result that is being put into the scene, slice by slice
    requests: dict[str, str] = field(default_factory=dict)  # request id -> job id
    stopped: bool = False  # the user stopped the backend: do not start it again
    preview: bytes = b""  # a picture that is being made, to be shown in the next tick
    restarting: bool = False  # it was asked to end so that it begins anew
    asked_status: float = 0.0  # when the backend was last asked how it is

    @property
    def online(self) -> bool:
        return self.link.state == "online"

    @property
    def busy(self) -> bool:
        return bool(self.imports or self.arrivals or self.placing or self.book.running())

    @property
    def devices(self) -> tuple[m.Device, ...]:
        """What the backend computes on, as it last said."""
        if self.status is not None:
            return self.status.devices
        return self.welcome.devices if self.welcome else ()

    @property
    def longest_tick(self) -> float:
        return watchdog.longest(watchdog.TICK)

    @property
    def longest_import(self) -> float:
        return watchdog.longest(watchdog.SLICE)

    def ensure_backend(self) -> bool:
        """Starts a backend of our own unless one serves the folder. True when one was started. Raises Unavailable."""
        if self.settings.remote or running(self.settings.folder) is not None:
            return False
        self.launcher = self.launcher or Launcher(self.settings.backend())
        return self.launcher.ensure()

    def say(self, message: str, remedy: str = "", code: str = "") -> None:
        self.message, self.remedy, self.code = message, remedy, code

    def ask(self, kind: type, job: str) -> None:
        """Cancel, Retry or Delete of a job."""
        request = f"{kind.__name__.lower()}-{uuid.uuid4().hex}"
        self.requests[request] = job
        self.connection.send(kind(request=request, job=job))


_sessions: list[Session] = []  # none or one


def session() -> Session | None:
    return _sessions[0] if _sessions else None


def known_generators() -> tuple[GeneratorInfo, ...] | None:
    """What the backend offers, as its hello told; None before the first hello."""
    current = session()
    return current.welcome.generators if current and current.welcome else None


def generators(gives: str = "") -> tuple[GeneratorInfo, ...]:
    """Those that can do a stage; before the first hello, Draft."""
    return tuple(info for info in known_generators() or FALLBACK if not gives or gives in info.gives)


def open_session(context: bpy.types.Context, start: bool = True) -> Session:
    """The session, opened where there is none; starts a local backend unless one runs. Raises Unavailable."""
    current = session()
    if current is None:
        settings = preferences.read(context)
        app = f"greybox-addon {m.VERSION}, Blender {bpy.app.version_string}"
        current = Session(settings, Connection(settings.target, app))
        if start:
            current.ensure_backend()
        current.connection.open()
        _sessions.append(current)
    elif start and not current.online:
        current.ensure_backend()
    current.stopped = current.stopped and not start
    return current


def disconnect() -> None:
    """Closes the session; the backend and its jobs go on."""
    while _sessions:
        _sessions.pop().connection.close()


def disconnect_dead() -> None:
    """Closes a session that cannot go on by itself, so that the next begins anew with the present preferences."""
    current = session()
    if current is not None and not current.online and not current.book.running():
        disconnect()
    elif current is not None and current.launcher is not None:
        current.launcher.forgive()


def stop_backend() -> None:
    """Asks the backend to end, at once; its unfinished jobs wait for the next start."""
    current = session()
    if current is not None:
        current.stopped = True
        current.connection.send(m.Shutdown(request=f"shutdown-{uuid.uuid4().hex}", when_idle=False))


def restart_backend() -> None:
    """Ends a backend of our own and starts it again, so that it looks anew at what is installed."""
    current = session()
    if current is not None and current.online and not current.settings.remote:
        current.restarting = True
        stop_backend()


def watch_backend(current: Session) -> bool:
    """Notices that the backend has ended, and starts it again while there is work. True when something changed."""
    launcher = current.launcher
    if current.restarting and current.link.state == "lost" and running(current.settings.folder) is None:
        current.restarting = current.stopped = False
        return _ensure(current)
    ended = launcher.ended() if launcher is not None else ""
    if launcher is not None and ended and not current.stopped:
        current.say(ended, f"See {launcher.log}.", "backend-ended")
    if current.stopped or current.link.state != "lost" or not current.book.running():
        return bool(ended)
    return _ensure(current)


def _ensure(current: Session) -> bool:
    try:
        return current.ensure_backend()
    except Unavailable as error:
        current.stopped = True
        current.say(error.message, error.remedy, error.code)
        return True
