"""One asyncio loop: frames in, decisions by the other files of this room, frames out.

A client is known from its Hello until its connection ends. Events reach it from the journal, by its
cursor, as fast as it reads them: a slow client costs nothing but its own time. Progress is sent once and dropped
where it does not fit. Answers wait in a short queue; a client that lets it overflow is forgotten and comes back
with its cursor.
No torch, no bpy, no numpy.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import zmq
import zmq.asyncio
from zmq.auth.asyncio import AsyncioAuthenticator

from ..protocol import messages as m
from ..protocol.endpoint import CONNECTION_FILE, Endpoint, write_private
from ..protocol.errors import GreyboxError, Incompatible, InvalidMessage
from ..protocol.options import GeneratorInfo
from ..protocol.stages import WorkerKind
from ..protocol.wire import MAX_ARRAY, Buffer, encode, header, read_client
from ..protocol.work import Beat, Step
from . import devices
from .dispatch import Dispatch
from .jobs import Jobs
from .journal import Journal
from .keys import open_keys
from .process import WorkerProcess
from .store import Store
from .supervisor import Limits, Supervisor

DOMAIN = "greybox"  # of the keys
MAX_CLIENTS = 8
MAX_WAITING = 1000  # answers to one client that it has not read
MAX_CHUNK = 1 << 20  # bytes of an artifact in one answer
HIGH_WATER = 32  # messages on their way to one client
PROBE = 2.0  # seconds between unasked Pongs: they find out whether a client is still there
TICK = 0.1  # seconds
LATE = 0.5  # seconds between two turns after which the server itself was held up
EVENTS_AT_ONCE = 64
LOOK_AGAIN = 4.0  # seconds between two looks at the GPUs' memory
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    folder: Path
    generators: tuple[GeneratorInfo, ...]
    workers: tuple[tuple[WorkerKind, str], ...]  # (kind, device) of each seat
    command: Callable[[WorkerKind, str], Sequence[str]]  # how a worker of that kind and device is started
    renderers: tuple[str, ...] = ("eevee", "cycles", "raster")
    host: str = "127.0.0.1"
    port: int = 0  # 0: any free one
    idle_limit: float = 600.0  # seconds without client and work until it ends itself; 0: never
    limits: Limits = field(default_factory=Limits)


@dataclass
class Client:
    name: bytes
    app: str
    cursor: int  # of the last event that was sent
    probed: float = 0.0
    waiting: deque[m.Fetch | list[Buffer]] = field(default_factory=deque)


class Server:
    """Owns the socket and everything behind it. `start`, then `run` until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.session = secrets.token_hex(8)
        self.clients: dict[bytes, Client] = {}
        self.refused = 0  # messages that were none
        self._began = self._busy = self._turned = time.monotonic()
        self._stopping: str | None = None
        self._stop_when_idle = False
        self._changed = asyncio.Event()
        self._gpus: tuple[m.Device, ...] = ()
        self._on_gpu = {info.name for info in settings.generators if info.memory_gb}
        self._looked = time.monotonic()  # at how much memory is free
        self._tasks: set[asyncio.Task] = set()
        self.keys = open_keys(settings.folder)
        self.journal = Journal(settings.folder)
        self.store = Store(settings.folder)
        self.jobs = Jobs(self.journal, self.store, settings.generators, settings.renderers, time.time)
        (settings.folder / "logs").mkdir(exist_ok=True)
        seats = [
            Supervisor(seat, kind, device, self._spawner(seat, kind, device), time.monotonic, settings.limits)
            for seat, (kind, device) in enumerate(settings.workers)
        ]
        self.dispatch = Dispatch(self.jobs, self.store, seats, settings.generators, time.monotonic, self._tell_progress)

    def start(self) -> Endpoint:
        """Binds the socket; from here on clients can come. Returns what is to be announced."""
        self._context = zmq.asyncio.Context()
        self._guard = AsyncioAuthenticator(self._context)
        self._guard.start()
        self._guard.configure_curve_callback(DOMAIN, self.keys)
        self._socket = self._context.socket(zmq.ROUTER)
        self._protect(self._socket)
        port = self.settings.port or "*"
        self._socket.bind(f"tcp://{self.settings.host}:{port}")
        address = self._socket.get_string(zmq.LAST_ENDPOINT)
        endpoint = Endpoint(
            host="127.0.0.1" if self.settings.host in ("*", "0.0.0.0") else self.settings.host,
            port=int(address.rpartition(":")[2]),
            session=self.session,
            public_key=self.keys.server.public,
            folder=str(self.settings.folder),
            version=m.VERSION,
            pid=os.getpid(),
        )
        write_private(self.settings.folder / CONNECTION_FILE, msgspec.json.encode(endpoint))
        return endpoint

    async def run(self) -> None:
        """Serves until a shutdown, a signal, or the idle limit."""
        asyncio.get_running_loop().set_exception_handler(self._broken)
        self.jobs.recover()
        self._changed.set()
        self._spawn_task(self._find_gpus())
        self._spawn_task(self._receive())
        try:
            while self._stopping is None:
                try:
                    self._turn()
                except (OSError, sqlite3.Error) as error:  # a full disk, most likely: the next turn tries again
                    _log.error("The data folder cannot be written: %s", error)
                    await asyncio.sleep(1.0)
                    self._changed.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), TICK)
        finally:
            await self._close()

    def stop(self, reason: str) -> None:
        self._stopping = reason
        self._changed.set()

    # ---- one turn of the loop

    def _turn(self) -> None:
        late = time.monotonic() - self._turned
        if late > LATE:
            self.dispatch.forgive(late)
        lost = self.dispatch.tick()
        if lost or self._changed.is_set() or self.dispatch.resting():
            self._changed.clear()
            self.dispatch.step()
        now = time.monotonic()
        for client in list(self.clients.values()):
            self._pump(client)
            if now - client.probed > PROBE:
                client.probed = now
                self._send(client.name, encode(m.Pong(time=0.0)))
        if self.clients or self.jobs.active:
            self._busy = now
        self._turned = time.monotonic()
        if self._stop_when_idle and not self.jobs.active:
            self.stop("shutdown was asked for")
        elif self.settings.idle_limit and now - self._busy > self.settings.idle_limit:
            self.stop("nothing to do")

    async def _receive(self) -> None:
        while True:
            frames = await self._socket.recv_multipart()
            try:
                self._handle(frames[0], frames[1:])
            except Exception:
                _log.exception("A message could not be served")  # the loop goes on: the next client is not to blame
            self._changed.set()

    def _handle(self, name: bytes, frames: Sequence[bytes]) -> None:
        try:
            message, arrays = read_client(frames)
        except InvalidMessage as error:
            self.refused += 1
            self._send(name, encode(m.Refused(request="", code=error.code, message=error.message)))
            return
        client = self.clients.get(name)
        if isinstance(message, m.Hello):
            self._welcome(name, message)
        elif client is None:
            request = getattr(message, "request", "")
            refusal = m.Refused(request=request, code="hello", message="Say Hello first", remedy="Connect again.")
            self._send(name, encode(refusal))
        elif isinstance(message, m.Ping):
            self._answer(client, m.Pong(time=message.time))
        elif isinstance(message, m.Fetch):
            self._queue(client, message)
        else:
            self._answer(client, self._serve(message, arrays))

    def _serve(self, message: m.ClientMessage, arrays: Mapping[str, memoryview]) -> m.ServerMessage:
        try:
            return self._decide(message, arrays)
        except (GreyboxError, OSError, sqlite3.Error) as error:
            return _refusal(message.request, error)  # type: ignore[union-attr]

    def _decide(self, message: m.ClientMessage, arrays: Mapping[str, memoryview]) -> m.ServerMessage:
        match message:
            case m.Submit(request=request, job=job):
                state, warnings = self.jobs.submit(job, arrays)
                return m.Accepted(request=request, job=job.id, state=state, warnings=warnings)
            case m.Cancel(request=request, job=name):
                state, tickets = self.jobs.cancel(name)
                self.dispatch.stop(tickets)
                return m.Accepted(request=request, job=name, state=state)
            case m.Retry(request=request, job=name):
                self.dispatch.wake()
                return m.Accepted(request=request, job=name, state=self.jobs.retry(name))
            case m.Delete(request=request, job=name):
                return m.Accepted(request=request, job=name, state=self.jobs.delete(name))
            case m.ListJobs(request=request, jobs=names, limit=limit):
                found = self.journal.summaries(names[:500], max(0, min(limit, 1000)))
                return m.JobList(request=request, jobs=tuple(found), cursor=self.journal.cursor)
            case m.Status(request=request):
                return self._report(request)
            case m.Shutdown(request=request, when_idle=when_idle):
                self._stop_when_idle = True
                if not when_idle:
                    self.stop("shutdown was asked for")
                return m.Accepted(request=request, job="", state="done")
        raise InvalidMessage(f"{type(message).__name__} is no request")

    def _welcome(self, name: bytes, hello: m.Hello) -> None:
        if hello.protocol[0] != m.PROTOCOL[0]:
            ours, theirs = ".".join(map(str, m.PROTOCOL)), ".".join(map(str, hello.protocol))
            text = f"The add-on speaks protocol {theirs}, this backend {ours}"
            refusal = m.Refused(request="", code=Incompatible.code, message=text, remedy="Update the older of the two.")
            self._send(name, encode(refusal))
            return
        if name not in self.clients and len(self.clients) >= MAX_CLIENTS:
            text = f"{MAX_CLIENTS} clients are connected already"
            self._send(name, encode(m.Refused(request="", code="busy", message=text, remedy="Close one of them.")))
            return
        newest = self.journal.cursor
        cursor = hello.cursor if 0 <= hello.cursor <= newest else 0  # of another journal: from the beginning
        if hello.cursor == m.FROM_NOW:
            cursor = newest
        client = Client(name, hello.app[:200], cursor)
        self.clients[name] = client
        welcome = m.Welcome(
            protocol=m.PROTOCOL,
            version=m.VERSION,
            session=self.session,
            generators=self.settings.generators,
            devices=self._devices(),
            renderers=self.settings.renderers,
            cursor=newest,
            notices=tuple(filter(None, (self.journal.notice,))),
        )
        self._answer(client, welcome)

    def _report(self, request: str) -> m.StatusReport:
        self._look_at_gpus_again()
        running = sum(job.row.state == "running" for job in self.jobs.active.values())
        return m.StatusReport(
            request=request,
            session=self.session,
            uptime=time.monotonic() - self._began,
            workers=tuple(supervisor.status() for supervisor in self.dispatch.supervisors),
            devices=self._devices(),
            queued=len(self.jobs.active) - running,
            running=running,
            clients=len(self.clients),
            folder=str(self.settings.folder),
            disk_free_gb=round(self.store.free_gb(), 2),
        )

    # ---- out

    def _answer(self, client: Client, message: m.ServerMessage) -> None:
        self._queue(client, encode(message))

    def _queue(self, client: Client, item: m.Fetch | list[Buffer]) -> None:
        if len(client.waiting) >= MAX_WAITING:
            self._forget(client)
            return
        client.waiting.append(item)
        self._pump(client)

    def _pump(self, client: Client) -> None:
        """Sends what the client has room for: answers first, then events from where it is."""
        while client.waiting:
            item = client.waiting[0]
            frames = self._chunk(item) if isinstance(item, m.Fetch) else item
            if not self._send(client.name, frames):
                return
            client.waiting.popleft()
        while client.cursor < self.journal.cursor:
            missed = self.journal.events_after(client.cursor, EVENTS_AT_ONCE)
            for cursor, body in missed:
                if not self._send(client.name, [body]):
                    return
                client.cursor = cursor
            if not missed:  # what lies between was of jobs that have been deleted
                client.cursor = self.journal.cursor

    def _chunk(self, fetch: m.Fetch) -> list[Buffer]:
        try:
            data, size = self.store.read(fetch.sha256, max(0, fetch.offset), max(0, min(fetch.length, MAX_CHUNK)))
        except (GreyboxError, OSError, sqlite3.Error) as error:
            return encode(_refusal(fetch.request, error))
        chunk = m.Chunk(
            request=fetch.request, sha256=fetch.sha256, offset=fetch.offset, size=size, arrays=(header("bytes", data),)
        )
        return encode(chunk, [data])

    def _tell_progress(self, progress: m.Progress, arrays: Sequence[memoryview]) -> None:
        frames = encode(progress, arrays)
        for client in list(self.clients.values()):
            if client.cursor == self.journal.cursor:  # never before the events that explain it
                self._send(client.name, frames)

    def _send(self, name: bytes, frames: Sequence[Buffer]) -> bool:
        """False when the client has no room now. A client that is gone is forgotten."""
        sending = cast(asyncio.Future, self._socket.send_multipart([name, *frames], zmq.NOBLOCK))
        error = sending.exception() if sending.done() else None
        if error is None:
            return True
        if isinstance(error, zmq.Again):
            return False
        client = self.clients.get(name)
        if client is not None:
            self._forget(client)
        return False

    def _forget(self, client: Client) -> None:
        self.clients.pop(client.name, None)
        client.waiting.clear()
        client.cursor = self.journal.cursor

    # ---- workers and devices

    def _spawner(self, seat: int, kind: WorkerKind, device: str) -> Callable[[int], WorkerProcess]:
        log = self.settings.folder / "logs" / f"worker-{kind}-{seat}.log"

        def heard(epoch: int, message, arrays) -> None:
            self.dispatch.heard(seat, epoch, message, arrays)
            if not isinstance(message, Beat | Step):
                self._changed.set()

        def ended(epoch: int, code: int | None) -> None:
            self.dispatch.ended(seat, epoch, code)
            self._changed.set()

        return lambda epoch: WorkerProcess(self.settings.command(kind, device), epoch, log, heard, ended)

    def _devices(self) -> tuple[m.Device, ...]:
        return (devices.cpu(), *self._gpus)

    def _look_at_gpus_again(self) -> None:
        """What is free for a job: not while a worker of ours holds a model there, which it would give up for one."""
        now = time.monotonic()
        ours = any(supervisor.view().loaded & self._on_gpu for supervisor in self.dispatch.supervisors)
        if self._gpus and not ours and not self.jobs.active and now - self._looked > LOOK_AGAIN:
            self._looked = now
            self._spawn_task(self._find_gpus())

    async def _find_gpus(self) -> None:
        self._gpus = await asyncio.to_thread(devices.gpus)
        for supervisor in self.dispatch.supervisors:
            device = "cuda:0" if supervisor.device == "auto" else supervisor.device
            found = next((gpu for gpu in self._gpus if gpu.name == device), None)
            supervisor.memory_gb = found.memory_gb if found else None

    # ---- beginning and end

    def _protect(self, socket: zmq.asyncio.Socket) -> None:
        socket.curve_server = True
        socket.curve_secretkey = self.keys.server.secret.encode()
        socket.curve_publickey = self.keys.server.public.encode()
        socket.zap_domain = DOMAIN.encode()
        for option, value in (
            (zmq.ROUTER_MANDATORY, 1),
            (zmq.MAXMSGSIZE, MAX_ARRAY),
            (zmq.HANDSHAKE_IVL, 2000),
            (zmq.SNDHWM, HIGH_WATER),
            (zmq.RCVHWM, HIGH_WATER),
            (zmq.BACKLOG, 64),
            (zmq.HEARTBEAT_IVL, 1000),
            (zmq.HEARTBEAT_TIMEOUT, 5000),
            (zmq.LINGER, 200),
        ):
            socket.setsockopt(option, value)

    def _spawn_task(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken(task.get_loop(), {"message": "A task of the server failed", "exception": error})

    def _broken(self, loop: asyncio.AbstractEventLoop, context: dict) -> None:
        """Something failed that must not, the journal most likely: what is in it is true, so begin again from it."""
        error = context.get("exception")
        _log.critical("%s", context.get("message"), exc_info=error)
        self.stop(f"an error in the server: {error}")

    async def _close(self) -> None:
        _log.info("The server ends: %s", self._stopping)
        self.dispatch.quit()
        for name in list(self.clients):
            self._send(name, encode(m.Goodbye(reason=self._stopping or "")))
        for task in list(self._tasks):
            task.cancel()
        (self.settings.folder / CONNECTION_FILE).unlink(missing_ok=True)
        self.journal.close()
        self._socket.close()
        self._guard.stop()
        self._context.term()


def _refusal(request: str, error: GreyboxError | OSError | sqlite3.Error) -> m.Refused:
    if isinstance(error, GreyboxError):
        return m.Refused(request=request, code=error.code, message=error.message, remedy=error.remedy)
    text = f"The data folder cannot be used: {error}"
    return m.Refused(request=request, code="disk", message=text, remedy="Make room, or choose another folder.")
