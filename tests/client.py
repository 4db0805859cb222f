"""A small synchronous client and a way to start servers, for tests and for trying things by hand."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import zmq

from backend.protocol import messages as m
from backend.protocol.endpoint import Endpoint, KeyPair, read_client_key
from backend.protocol.scene import Box, SceneSpec
from backend.protocol.wire import Buffer, encode, header, read_server

ROOT = Path(__file__).resolve().parent.parent


class Client:
    """One connection. `events` keeps every event that came, `progress` the latest ones."""

    def __init__(self, endpoint: Endpoint, key: KeyPair, cursor: int = 0, hello: bool = True) -> None:
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.curve_serverkey = endpoint.public_key.encode()
        self.socket.curve_publickey, self.socket.curve_secretkey = key.public.encode(), key.secret.encode()
        self.socket.connect(endpoint.address)
        self.cursor = cursor
        self.events: list[m.Event] = []
        self.progress: list[m.Progress] = []
        self.previews: list[bytes] = []
        self.answers: dict[str, tuple[m.ServerMessage, Mapping[str, memoryview]]] = {}
        self._numbers = itertools.count(1)
        self.welcome: m.Welcome | None = None
        if hello:
            self.say(m.Hello(protocol=m.PROTOCOL, app="test", cursor=cursor))
            self.until(lambda: self.welcome is not None, 10)

    def close(self) -> None:
        self.socket.close()
        self.context.term()

    def say(self, message: m.ClientMessage, arrays: Sequence[Buffer] = ()) -> None:
        self.socket.send_multipart(encode(message, arrays))

    def ask(self, kind: Callable[..., m.ClientMessage], frames: Sequence[Buffer] = (), **fields) -> m.ServerMessage:
        return self.ask_arrays(kind, frames, **fields)[0]

    def ask_arrays(self, kind: Callable[..., m.ClientMessage], frames: Sequence[Buffer] = (), timeout=10.0, **fields):
        request = str(next(self._numbers))
        self.say(kind(request=request, **fields), frames)
        self.until(lambda: request in self.answers, timeout)
        return self.answers.pop(request)

    def submit(self, job: m.JobRequest, uploads: Mapping[str, bytes] | None = None) -> m.ServerMessage:
        uploads = uploads or {}
        headers = tuple(header(name, data) for name, data in uploads.items())
        return self.ask(m.Submit, list(uploads.values()), job=job, arrays=headers)

    def fetch(self, artifact: m.ArtifactInfo) -> bytes:
        data = b""
        while len(data) < artifact.size:
            chunk, arrays = self.ask_arrays(m.Fetch, sha256=artifact.sha256, offset=len(data))
            assert isinstance(chunk, m.Chunk), chunk
            data += bytes(arrays["bytes"])
        return data

    def listen(self, seconds: float) -> bool:
        """Takes in what has come, waiting at most so long for something. False when nothing did."""
        if not self.socket.poll(max(seconds, 0) * 1000):
            return False
        message, arrays = read_server(self.socket.recv_multipart())
        match message:
            case m.Welcome():
                self.welcome = message
            case m.Progress():
                self.progress.append(message)
                self.previews += [bytes(preview) for preview in arrays.values()]
            case m.StageStarted() | m.StageDone() | m.StageError() | m.Finished():
                self.events.append(message)
                self.cursor = message.cursor
            case m.Goodbye() | m.Pong():
                self.answers[type(message).__name__] = message, {}
            case _:
                self.answers[message.request] = message, arrays
        return True

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Listens until something holds. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s; the last event was {self.events[-1:]}")
            self.listen(min(end - time.monotonic(), 0.05))

    def finished(self, job: str) -> m.Finished | None:
        return next((e for e in reversed(self.events) if isinstance(e, m.Finished) and e.job == job), None)

    def wait(self, job: str, seconds: float = 30) -> m.Finished:
        self.until(lambda: self.finished(job) is not None, seconds)
        end = self.finished(job)
        assert end is not None
        return end


class Backend:
    """A server process on a folder. `fake`: with the generator of tests/fake_backend.py."""

    def __init__(self, folder: Path, *arguments: str, fake: bool = True, **environment: str) -> None:
        self.folder = folder
        module = ["tests.fake_backend", "server"] if fake else ["backend.server"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module, "--folder", str(folder), *arguments],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.seconds = time.monotonic() - self.began
        self.endpoint = msgspec.json.decode(self.line, type=Endpoint)

    @property
    def pid(self) -> int:
        return self.process.pid

    def client(self, cursor: int = 0) -> Client:
        return Client(self.endpoint, read_client_key(self.folder), cursor)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> int:
        """Asks it to end, as Ctrl-C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[Backend, Client]]:
    """A server with fake generators and a client, both gone afterwards."""
    backend = Backend(folder, *arguments, **environment)
    client = backend.client()
    try:
        yield backend, client
    finally:
        client.close()
        backend.end()


def box(name: str, prompt: str = "a thing", **fields) -> Box:
    return Box(id=name, prompt=prompt, location=(0, 0, 0), size=(1, 1, 1), **fields)


def job(name: str, *boxes: Box, **settings) -> m.JobRequest:
    """A job of these boxes without a condition, with small textures."""
    chosen = {"condition": False, "texture_size": 64, **settings}
    return m.JobRequest(id=name, scene=SceneSpec(boxes=boxes), settings=m.JobSettings(**chosen))
