"""The socket to the backend, on a thread of its own. No bpy.

The main thread calls `send`, `fetch` and reads `inbox`; it never waits for the network. The thread owns the DEALER
socket, says Hello and Ping, connects again when the other side is gone, repeats what was not answered, and gathers
results in pieces. Events that were missed are sent again by the server, from the cursor that Hello names.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import zmq
from zmq.utils.monitor import recv_monitor_message

from ..backend.protocol import messages as m
from ..backend.protocol import wire
from ..backend.protocol.endpoint import KeyPair
from ..backend.protocol.errors import GreyboxError, InvalidMessage

HEARTBEAT = 1.0  # seconds between pings
SILENCE = 5.0  # seconds without a word after which the other side is taken to be gone
RETRY = (0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between attempts to connect; the last one stays
CHUNK = 1 << 20  # bytes asked for at once
WINDOW = 4  # pieces under way for one result
MAX_RESULT = 1 << 30  # bytes; a larger artifact is refused before anything is allocated


@dataclass(frozen=True)
class Target:
    """Where the server listens, its public key and ours."""

    address: str
    server_key: str
    client: KeyPair


@dataclass(frozen=True)
class Link:
    """The state of the connection changed: "connecting", "online", "lost", "refused", "closed"."""

    state: str
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Received:
    message: Any
    arrays: dict[str, bytes]


@dataclass(frozen=True)
class Fetched:
    """A whole artifact whose hash was checked."""

    sha256: str
    data: bytes


@dataclass(frozen=True)
class FetchFailed:
    sha256: str
    reason: str
    remedy: str = ""


Item = Link | Received | Fetched | FetchFailed


@dataclass
class _Download:
    sha256: str
    data: bytearray
    asked: int = 0
    got: int = 0


@dataclass
class _Wish:
    """What the main thread wants done: frames to send, or a result to fetch."""

    request: str = ""
    frames: list = field(default_factory=list)
    artifact: m.ArtifactInfo | None = None


class Connection:
    """One backend, found by `find`, which is asked again for each attempt: a server started again has another port.

    `find` runs on the thread and raises GreyboxError while there is no server.
    """

    def __init__(self, find: Callable[[], Target], app: str) -> None:
        self.inbox: SimpleQueue[Item] = SimpleQueue()
        self._find = find
        self._app = app
        self._wishes: SimpleQueue[_Wish] = SimpleQueue()
        self._doorbell: zmq.Socket | None = None
        self._thread = threading.Thread(target=self._run, name="greybox-connection", daemon=True)
        self._closing = threading.Event()

    def open(self) -> None:
        self._context = zmq.Context()
        self._doorbell = self._context.socket(zmq.PAIR)
        self._doorbell.bind("inproc://doorbell")
        self._thread.start()

    def close(self, wait: float = 1.0) -> None:
        """Ends the thread; jobs go on in the backend."""
        self._closing.set()
        if self._doorbell is None:
            return
        self._ring()
        self._thread.join(wait)
        self._doorbell.close(linger=0)
        self._doorbell = None
        if not self._thread.is_alive():
            self._context.term()

    def send(self, message: Any, arrays: Sequence[wire.Buffer] = ()) -> None:
        """Sends a request, now or when connected, and again after each reconnect until it is answered."""
        self._wishes.put(_Wish(getattr(message, "request", ""), wire.encode(message, arrays)))
        self._ring()

    def fetch(self, artifact: m.ArtifactInfo) -> None:
        """Asks for a result; Fetched or FetchFailed follows in the inbox."""
        self._wishes.put(_Wish(artifact=artifact))
        self._ring()

    def _ring(self) -> None:
        if self._doorbell is None:
            return  # not open yet: what is wished for is found when it is
        with contextlib.suppress(zmq.Again):  # it rings already
            self._doorbell.send(b"", zmq.DONTWAIT)

    # ---- the thread

    def _run(self) -> None:
        bell = self._context.socket(zmq.PAIR)
        bell.connect("inproc://doorbell")
        talk = _Talk(self.inbox, self._app)
        attempt = 0
        try:
            while not self._closing.is_set():
                self.inbox.put(Link("connecting"))
                self._take_wishes(bell, talk)
                reason = self._converse(bell, talk)
                if talk.welcomed:
                    attempt = 0
                if not self._closing.is_set():
                    self.inbox.put(reason)
                    bell.poll(int(1000 * RETRY[min(attempt, len(RETRY) - 1)]))
                    self._take_wishes(bell, talk)
                    attempt += 1
        finally:
            bell.close(linger=0)
            self.inbox.put(Link("closed"))

    def _converse(self, bell: zmq.Socket, talk: _Talk) -> Link:
        """One connection from Hello to its end; returns why it ended."""
        talk.welcomed = False
        try:
            target = self._find()
        except GreyboxError as error:
            return Link("lost", error.message, error.remedy)
        dealer = self._context.socket(zmq.DEALER)
        try:
            _secure(dealer, target)
            monitor = dealer.get_monitor_socket()
            dealer.connect(target.address)
            talk.begin(dealer)
            return self._loop(bell, dealer, monitor, talk)
        except (zmq.ZMQError, ValueError) as error:
            return Link("lost", f"The connection to {target.address} failed: {error}", "Start the backend again.")
        finally:
            talk.end()
            dealer.disable_monitor()
            dealer.close(linger=200)

    def _loop(self, bell: zmq.Socket, dealer: zmq.Socket, monitor: zmq.Socket, talk: _Talk) -> Link:
        poller = zmq.Poller()
        for socket in (bell, dealer, monitor):
            poller.register(socket, zmq.POLLIN)
        heard = pinged = time.monotonic()
        while not self._closing.is_set():
            ready = dict(poller.poll(int(HEARTBEAT * 1000 / 2)))
            now = time.monotonic()
            if bell in ready:
                self._take_wishes(bell, talk)
            if dealer in ready:
                heard = now
                if end := talk.read(dealer):
                    return end
            if monitor in ready and (end := _ended(recv_monitor_message(monitor)["event"])):
                return (talk.read(dealer) if dealer.poll(50) else None) or end  # its last words first
            if now - pinged >= HEARTBEAT:
                pinged = now
                talk.transmit(wire.encode(m.Ping(time=time.time())))
            if now - heard > SILENCE:
                return Link("lost", f"The backend has not answered for {SILENCE:g} s", "It is being asked again.")
        return Link("closed")

    def _take_wishes(self, bell: zmq.Socket, talk: _Talk) -> None:
        while bell.poll(0):
            bell.recv()
        while not self._wishes.empty():
            talk.wish(self._wishes.get())


class _Talk:
    """What has been said and what is still owed; lives as long as the connection, over every reconnect."""

    def __init__(self, inbox: SimpleQueue[Item], app: str) -> None:
        self.inbox = inbox
        self.app = app
        self.welcomed = False
        self._dealer: zmq.Socket | None = None
        self._cursor = m.FROM_NOW
        self._unanswered: dict[str, list] = {}
        self._downloads: dict[str, _Download] = {}

    def begin(self, dealer: zmq.Socket) -> None:
        self._dealer = dealer
        self.transmit(wire.encode(m.Hello(protocol=m.PROTOCOL, app=self.app, cursor=self._cursor)))

    def end(self) -> None:
        """The connection is gone; what is asked for meanwhile waits for the next."""
        self._dealer = None

    def transmit(self, frames: list) -> None:
        """Sends when there is room; a full pipe is a silent peer, which the heartbeat notices."""
        if self._dealer is None:
            return
        with contextlib.suppress(zmq.Again):
            self._dealer.send_multipart(frames, zmq.DONTWAIT, copy=False)

    def wish(self, wish: _Wish) -> None:
        if wish.artifact is not None:
            self._start_download(wish.artifact)
        elif wish.request:
            self._ask(wish.request, wish.frames)
        else:
            self.transmit(wish.frames)

    def read(self, dealer: zmq.Socket) -> Link | None:
        """Takes everything that has arrived; returns the end of the connection when that is what it said."""
        while True:
            try:
                frames = dealer.recv_multipart(zmq.DONTWAIT, copy=True)
            except zmq.Again:
                return None
            try:
                message, arrays = wire.read_server(frames)
            except InvalidMessage as error:
                return Link("lost", error.message, "Update the add-on and the backend to the same version.")
            if end := self._handle(message, {name: bytes(data) for name, data in arrays.items()}):
                return end

    def _handle(self, message: Any, arrays: dict[str, bytes]) -> Link | None:
        request = getattr(message, "request", "")
        known = self._unanswered.pop(request, None) is not None
        if isinstance(message, m.Welcome):
            self._welcome(message)
        elif isinstance(message, m.Chunk):
            self._take_chunk(message, arrays.get("bytes", b""))
            return None
        elif isinstance(message, m.Refused) and request in {"", "hello"} and not self.welcomed:
            return Link("refused", message.message, message.remedy)
        elif isinstance(message, m.Refused) and known and request.startswith("fetch-"):
            self._fail(request.split("-")[1], message.message, message.remedy)
            return None
        elif isinstance(message, m.Event):
            self._cursor = max(self._cursor, message.cursor)
        elif isinstance(message, m.Goodbye):
            return Link("lost", f"The backend has ended: {message.reason}", "Start the backend again.")
        if not isinstance(message, m.Pong):
            self.inbox.put(Received(message, arrays))
        return None

    def _welcome(self, message: m.Welcome) -> None:
        first = self._cursor == m.FROM_NOW
        self.welcomed = True
        if first or message.cursor < self._cursor:  # a new client, or a journal that begins again
            self._cursor = message.cursor
            self.inbox.put(Link("online"))
            request = f"list-{uuid.uuid4().hex}"
            self._unanswered[request] = wire.encode(m.ListJobs(request=request))
        else:
            self.inbox.put(Link("online"))
        for frames in list(self._unanswered.values()):
            self.transmit(frames)

    def _ask(self, request: str, frames: list) -> None:
        self._unanswered[request] = frames
        if self.welcomed:
            self.transmit(frames)

    def _start_download(self, artifact: m.ArtifactInfo) -> None:
        if artifact.sha256 in self._downloads:
            return
        if not 0 <= artifact.size <= MAX_RESULT:
            self._fail(artifact.sha256, f"{artifact.name} has {artifact.size} bytes, at most {MAX_RESULT}")
            return
        download = _Download(artifact.sha256, bytearray(artifact.size))
        self._downloads[artifact.sha256] = download
        if artifact.size == 0:
            self._finish(download)
        for _ in range(WINDOW):
            self._ask_next(download)

    def _ask_next(self, download: _Download) -> None:
        if download.asked >= len(download.data):
            return
        request = f"fetch-{download.sha256}-{download.asked}"
        message = m.Fetch(request=request, sha256=download.sha256, offset=download.asked, length=CHUNK)
        download.asked += CHUNK
        self._ask(request, wire.encode(message))

    def _take_chunk(self, chunk: m.Chunk, data: bytes) -> None:
        download = self._downloads.get(chunk.sha256)
        if download is None:
            return
        expected = min(CHUNK, len(download.data) - chunk.offset)
        if chunk.size != len(download.data) or chunk.offset % CHUNK or len(data) != expected:
            self._fail(chunk.sha256, f"A piece of {len(data)} bytes came where {expected} were asked for")
            return
        download.data[chunk.offset : chunk.offset + len(data)] = data
        download.got += len(data)
        if download.got >= len(download.data):
            self._finish(download)
        else:
            self._ask_next(download)

    def _finish(self, download: _Download) -> None:
        if hashlib.sha256(download.data).hexdigest() != download.sha256:
            self._fail(download.sha256, "The result arrived damaged: its hash is another one", "Fetch it again.")
            return
        del self._downloads[download.sha256]
        self.inbox.put(Fetched(download.sha256, bytes(download.data)))

    def _fail(self, sha256: str, reason: str, remedy: str = "") -> None:
        self._downloads.pop(sha256, None)
        for request in [r for r in self._unanswered if r.startswith(f"fetch-{sha256}-")]:
            del self._unanswered[request]
        self.inbox.put(FetchFailed(sha256, reason, remedy))


def _secure(dealer: zmq.Socket, target: Target) -> None:
    dealer.curve_serverkey = target.server_key.encode()
    dealer.curve_publickey = target.client.public.encode()
    dealer.curve_secretkey = target.client.secret.encode()
    dealer.setsockopt(zmq.RECONNECT_IVL, 600_000)  # we connect again ourselves, with a new Hello; -1 loses last words
    dealer.setsockopt(zmq.HANDSHAKE_IVL, 5000)
    dealer.setsockopt(zmq.MAXMSGSIZE, wire.MAX_ARRAY)


def _ended(event: int) -> Link | None:
    """What a socket event means for the conversation; None for those that mean nothing."""
    if event in (zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL):
        return Link("refused", "The backend does not know the key of this user", "Pair with the backend again.")
    if event in (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL):
        return Link("lost", "The backend closed the connection", "It is started again when it is needed.")
    return None
