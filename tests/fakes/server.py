"""A backend that speaks the protocol and makes coloured cubes at once. It can be told to wait, fail, die and return.

One thread, one ROUTER socket with CURVE; jobs and events live in `Journal`, which survives a restart as the real
server's does. `python -m tests.fakes.server FOLDER` runs it by hand, for a window.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import zmq
from greybox.backend.generators.catalogue import GENERATORS
from greybox.backend.protocol import artifacts, endpoint, wire
from greybox.backend.protocol import messages as m

from . import assets

STAGES = {"mesh": ("mesh.safetensors",), "material": ("base_color.png", "orm.png", "normal.png"),
          "placement": ("placement.json", "preview.png")}  # fmt: skip
PICTURE = {"condition": "condition.png", "image": "image.png"}  # of the whole scene, box ""
COLOURS = ((200, 60, 40), (40, 90, 200), (60, 160, 70), (220, 160, 40), (150, 60, 170))


@dataclass
class Journal:
    """What a server knows of its jobs; handed on to the next one it is a restart."""

    events: list = field(default_factory=list)
    jobs: dict[str, m.JobRequest] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, list[m.ArtifactInfo]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    todo: list[tuple[str, str, str]] = field(default_factory=list)  # (job, box, stage)

    @property
    def cursor(self) -> int:
        return self.events[-1].cursor if self.events else 0


class FakeServer:
    """Use as a context manager; `folder` is the data folder that a client is given."""

    def __init__(self, folder: Path, journal: Journal | None = None, delay: float = 0.0) -> None:
        self.folder = folder
        self.journal = journal or Journal()
        self.delay = delay  # seconds a stage takes
        self.hold = threading.Event()  # while set, no stage is worked on
        self.fail_boxes: set[str] = set()
        self.refuse: tuple[str, str] | None = None  # (message, remedy) for every Submit
        self.damage = False  # pieces of results arrive with a wrong byte
        self.error = ("worker-lost", "The worker died", "Press Retry.")  # of `fail_boxes`: code, message, remedy
        self.generators = GENERATORS
        self.devices = (m.Device(name="cpu", label="Fake CPU", memory_gb=16, free_gb=8),)
        self.make = assets.files  # size of a box, colour -> its files
        self._allowed = 0  # stages that are worked on although `hold` is set
        self.received: list = []
        self._stop = threading.Event()
        self._silent = threading.Event()
        self._clients: set[bytes] = set()
        self._context = zmq.Context()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> FakeServer:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """As kill -9: nothing is said, the connection file stays."""
        self._stop.set()
        self._thread.join(5)
        self._context.term()

    def fall_silent(self) -> None:
        """Keeps the socket open and answers nothing: a hang."""
        self._silent.set()

    def allow(self, stages: int) -> None:
        """Lets so many stages be worked on while `hold` is set."""
        self._allowed += stages

    def count(self, kind: type) -> int:
        return sum(isinstance(message, kind) for message in self.received)

    def _run(self) -> None:
        socket = self._context.socket(zmq.ROUTER)
        public, secret = zmq.curve_keypair()
        socket.curve_server, socket.curve_secretkey, socket.curve_publickey = True, secret, public
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        self._announce(port, public.decode())
        self._socket = socket
        self._ready.set()
        try:
            self._serve(socket)
        finally:
            socket.close(linger=200)  # else nobody could end the context

    def _serve(self, socket: zmq.Socket) -> None:
        while not self._stop.is_set():
            if socket.poll(10) and not self._silent.is_set():
                identity, *frames = socket.recv_multipart()
                self._handle(identity, frames)
            if self.journal.todo and self._may_work():
                self._work(*self.journal.todo.pop(0))

    def _may_work(self) -> bool:
        if self._silent.is_set() or (self.hold.is_set() and not self._allowed):
            return False
        self._allowed = max(0, self._allowed - 1)
        return True

    def _announce(self, port: int, public: str) -> None:
        keys = self.folder / "keys"
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        client = self.folder / endpoint.CLIENT_KEY_FILE
        if not client.exists():
            client_public, client_secret = zmq.curve_keypair()
            pair = endpoint.KeyPair(public=client_public.decode(), secret=client_secret.decode())
            client.write_bytes(msgspec.json.encode(pair))
            client.chmod(0o600)
        self.session = f"{time.time_ns():x}"
        here = endpoint.Endpoint(
            port=port, session=self.session, public_key=public, folder=str(self.folder), version="fake", pid=0
        )
        (self.folder / endpoint.CONNECTION_FILE).write_bytes(msgspec.json.encode(here))

    def _send(self, identity: bytes, message: msgspec.Struct, arrays: tuple = ()) -> None:
        self._socket.send_multipart([identity, *wire.encode(message, arrays)])

    def _tell(self, message: msgspec.Struct, arrays: tuple = ()) -> None:
        for client in self._clients:
            self._send(client, message, arrays)

    def _event(self, kind: type, **fields: object) -> None:
        event = kind(cursor=self.journal.cursor + 1, **fields)
        self.journal.events.append(event)
        self._tell(event)

    def _handle(self, identity: bytes, frames: list) -> None:
        message, _arrays = wire.read_client(frames)
        self.received.append(message)
        journal = self.journal
        match message:
            case m.Hello():
                self._clients.add(identity)
                self._send(identity, self._welcome())
                for event in [e for e in journal.events if e.cursor > message.cursor]:
                    self._send(identity, event)
            case m.Ping():
                self._send(identity, m.Pong(time=message.time))
            case m.Submit():
                self._submit(identity, message)
            case m.Cancel() | m.Retry() | m.Delete():
                self._change(identity, message)
            case m.ListJobs():
                jobs = tuple(self._summary(name) for name in journal.jobs if not message.jobs or name in message.jobs)
                self._send(identity, m.JobList(request=message.request, jobs=jobs, cursor=journal.cursor))
            case m.Fetch():
                self._chunk(identity, message)
            case m.Shutdown():
                self._send(identity, m.Accepted(request=message.request, job="", state="done"))
                self._tell(m.Goodbye(reason="asked to stop"))
                self._stop.set()

    def _welcome(self) -> m.Welcome:
        return m.Welcome(
            protocol=m.PROTOCOL, version="fake", session=self.session, generators=self.generators,
            devices=self.devices, renderers=("raster",), cursor=self.journal.cursor,
        )  # fmt: skip

    def _submit(self, identity: bytes, message: m.Submit) -> None:
        job, journal = message.job, self.journal
        if self.refuse:
            why, remedy = self.refuse
            self._send(identity, m.Refused(request=message.request, code="invalid-scene", message=why, remedy=remedy))
            return
        if job.id not in journal.jobs:
            journal.jobs[job.id], journal.states[job.id], journal.artifacts[job.id] = job, "queued", []
            upto = list(PICTURE).index(job.settings.stop_after) + 1 if job.settings.stop_after else 0
            journal.todo += [(job.id, "", stage) for stage in list(PICTURE)[:upto]]
            wanted = () if upto else job.boxes or tuple(box.id for box in job.scene.boxes)
            journal.todo += [(job.id, box, stage) for box in wanted for stage in STAGES]
        self._send(identity, m.Accepted(request=message.request, job=job.id, state=journal.states[job.id]))

    def _change(self, identity: bytes, message: m.Cancel | m.Retry | m.Delete) -> None:
        journal, job = self.journal, message.job
        if isinstance(message, m.Cancel):
            journal.todo = [task for task in journal.todo if task[0] != job]
            journal.states[job] = "cancelled"
            self._event(m.Finished, job=job, state="cancelled", seconds=0.1, code="cancelled", message="Cancelled")
        elif isinstance(message, m.Retry):
            journal.states[job] = "queued"
            made = {(a.box, a.stage) for a in journal.artifacts[job]}
            boxes = journal.jobs[job].boxes
            journal.todo += [(job, box, stage) for box in boxes for stage in STAGES if (box, stage) not in made]
        else:
            journal.jobs.pop(job, None)
        self._send(identity, m.Accepted(request=message.request, job=job, state=journal.states.get(job, "done")))

    def _summary(self, job: str) -> m.JobSummary:
        made, request = self.journal.artifacts[job], self.journal.jobs[job]
        return m.JobSummary(
            job=job, title=request.title, state=self.journal.states[job], created=1.0,
            done=len({(a.stage, a.box) for a in made}), of=len(request.boxes) * len(STAGES), artifacts=tuple(made),
        )  # fmt: skip

    def _chunk(self, identity: bytes, message: m.Fetch) -> None:
        data = self.journal.files.get(message.sha256)
        if data is None:
            refusal = m.Refused(request=message.request, code="not-found", message="No such result")
            self._send(identity, refusal)
            return
        piece = bytearray(data[message.offset : message.offset + message.length])
        if self.damage and piece:
            piece[0] ^= 1
        described = (wire.header("bytes", piece),)
        chunk = m.Chunk(
            request=message.request, sha256=message.sha256, offset=message.offset, size=len(data), arrays=described
        )
        self._send(identity, chunk, (bytes(piece),))

    def _work(self, job: str, box: str, stage: str) -> None:
        journal = self.journal
        journal.states[job] = "running"
        self._event(m.StageStarted, job=job, stage=stage, box=box)
        if box in self.fail_boxes:
            code, why, remedy = self.error
            self._event(m.StageError, job=job, stage=stage, box=box, code=code, message=why, remedy=remedy)
            journal.todo = [task for task in journal.todo if task[:2] != (job, box)]
            self._finish(job)
            return
        for step in (1, 2):
            preview = assets.picture(journal.jobs[job].scene.seed, 64, blur=4 - step) if stage == "image" else b""
            described = (wire.header("preview", preview),) if preview else ()
            told = m.Progress(job=job, stage=stage, box=box, step=step, of=2, seconds_left=1.0, arrays=described)
            self._tell(told, (preview,) if preview else ())
            time.sleep(self.delay / 2)
        colour = COLOURS[len(journal.files) % len(COLOURS)]
        if stage in PICTURE:
            request = journal.jobs[job]
            count = int(request.settings.options.get("seethrough3d", {}).get("pictures", 1)) if stage == "image" else 1
            names = [artifacts.scene_image(n) if stage == "image" else PICTURE[stage] for n in range(count)]
            made = [assets.picture(request.scene.seed + n) for n in range(count)]
            infos = tuple(self._keep(stage, "", name, data) for name, data in zip(names, made, strict=True))
        else:
            spec = next(b for b in journal.jobs[job].scene.boxes if b.id == box)
            made = self.make(spec.size, colour)
            infos = tuple(self._keep(stage, box, name, made[name]) for name in STAGES[stage])
        journal.artifacts[job] += infos
        notes = ("Made a cube",) if stage == "mesh" else ()
        self._event(m.StageDone, job=job, stage=stage, box=box, seconds=self.delay, artifacts=infos, notes=notes)
        self._finish(job)

    def _finish(self, job: str) -> None:
        """Ends the job when nothing is left to do: done, or failed when a box has no placement."""
        if any(task[0] == job for task in self.journal.todo):
            return
        placed = {made.box for made in self.journal.artifacts[job] if made.stage == "placement"}
        request = self.journal.jobs[job]
        wanted = set(request.boxes or (box.id for box in request.scene.boxes))
        failed = not request.settings.stop_after and placed != wanted
        state = "failed" if failed else "done"
        self.journal.states[job] = state
        message = "One box could not be made" if failed else ""
        self._event(m.Finished, job=job, state=state, seconds=0.5, message=message)

    def _keep(self, stage: str, box: str, name: str, data: bytes) -> m.ArtifactInfo:
        sha256 = hashlib.sha256(data).hexdigest()
        self.journal.files[sha256] = data
        return m.ArtifactInfo(stage=stage, box=box, name=name, sha256=sha256, size=len(data), media="")


def main() -> None:
    folder = Path(sys.argv[1])
    with FakeServer(folder, delay=0.4) as server:
        print(json.dumps({"folder": str(folder), "session": server.session}), flush=True)
        server._thread.join()


if __name__ == "__main__":
    main()
