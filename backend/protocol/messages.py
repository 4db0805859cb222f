"""Everything that the add-on and the server say to each other. Plain data, bounded, versioned. No torch, no bpy.

A message is one msgpack frame; bulk arrays follow as raw frames that its `arrays` describe (see wire.py).
Requests carry an id; the answer repeats it. Events carry a cursor: a client that reconnects says the last
cursor it saw and is told what it missed. Progress has no cursor: it is not kept.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from .options import GeneratorInfo, Value
from .scene import SceneSpec

PROTOCOL = (1, 2)  # major, minor: another major is refused, another minor is served
VERSION = "0.1.0"  # of Greybox, as in pyproject.toml
FROM_NOW = 2**62  # the cursor of a client that asks for the list of jobs instead of their past

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
StageState = Literal["waiting", "running", "done", "failed", "cancelled"]


class ArrayHeader(Struct, frozen=True, kw_only=True):
    """One raw frame behind the message: C order, little endian."""

    name: str
    dtype: str  # "u1", "i4", "f4" ... (numpy's short names)
    shape: tuple[int, ...]


class JobSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    condition: bool = True  # render the layout as the image model would see it
    renderer: Literal["eevee", "cycles", "raster"] = "eevee"
    image_generator: str = "seethrough3d"
    material_generator: str = "draft"  # for meshes whose own generator makes no material
    room_generator: str = "inspace"
    views: Literal["seen", "alone"] = "seen"  # cut out of the scene's picture, or each thing drawn by itself
    texture_size: int = 1024  # pixels a side
    triangles: int = 40_000  # at most, per asset
    fit: Literal["inside", "fill", "keep"] = "inside"
    stop_after: Literal["", "condition", "image"] = ""  # only that picture of the scene, to be looked at first
    options: dict[str, dict[str, Value]] = {}  # generator -> option -> value


class JobRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str  # chosen by the client: the same id again is the same job
    scene: SceneSpec
    boxes: tuple[str, ...] = ()  # ids to generate; empty: all that are not locked
    settings: JobSettings = JobSettings()
    title: str = ""


# ---- client to server


class Hello(Struct, frozen=True, kw_only=True, tag=True):
    protocol: tuple[int, int]
    app: str  # "greybox-addon 0.1.0, Blender 4.5.3"
    cursor: int = 0  # last event seen; events after it are sent again. FROM_NOW: none of them


class Submit(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    job: JobRequest
    arrays: tuple[ArrayHeader, ...] = ()  # inputs: "panorama", "image/<box>" ... as encoded pictures (u1)


class Cancel(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    job: str


class Retry(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    job: str


class ListJobs(Struct, frozen=True, kw_only=True, tag=True):
    """Newest first. An id that the server does not know is missing from the answer: it is not done, it is unknown."""

    request: str
    jobs: tuple[str, ...] = ()  # only these; empty: all
    limit: int = 200


class Fetch(Struct, frozen=True, kw_only=True, tag=True):
    """A piece of an artifact, by content hash."""

    request: str
    sha256: str
    offset: int = 0
    length: int = 1 << 20


class Delete(Struct, frozen=True, kw_only=True, tag=True):
    """Forget a finished job and its results. Nothing else ever deletes a result."""

    request: str
    job: str


class Status(Struct, frozen=True, kw_only=True, tag=True):
    request: str


class Shutdown(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    when_idle: bool = True


class Ping(Struct, frozen=True, kw_only=True, tag=True):
    """Answered by Pong; by Refused with the code "hello" where the server does not know the client (any more)."""

    time: float


ClientMessage = Hello | Submit | Cancel | Retry | ListJobs | Fetch | Delete | Status | Shutdown | Ping


# ---- server to client


class Device(Struct, frozen=True, kw_only=True):
    name: str  # "cpu", "cuda:0"
    label: str
    memory_gb: float
    free_gb: float


class Welcome(Struct, frozen=True, kw_only=True, tag=True):
    protocol: tuple[int, int]
    version: str
    session: str  # changes when the server was started again
    generators: tuple[GeneratorInfo, ...]
    devices: tuple[Device, ...]
    renderers: tuple[str, ...]
    cursor: int  # newest event
    notices: tuple[str, ...] = ()  # what a person should know about this backend, a journal that was damaged say


class Accepted(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    job: str
    state: JobState
    warnings: tuple[str, ...] = ()


class Refused(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    code: str
    message: str
    remedy: str = ""


class ArtifactInfo(Struct, frozen=True, kw_only=True):
    """One file that a stage made."""

    stage: str
    box: str
    name: str  # "condition.png", "mesh.safetensors", "base_color.png", "asset.glb", "placement.json"
    sha256: str
    size: int  # bytes
    media: str  # "image/png", "model/gltf-binary" ...


class JobSummary(Struct, frozen=True, kw_only=True):
    job: str
    title: str
    state: JobState
    created: float  # seconds since 1970
    done: int  # stages finished
    of: int  # stages planned
    code: str = ""
    message: str = ""
    remedy: str = ""
    artifacts: tuple[ArtifactInfo, ...] = ()


class JobList(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    jobs: tuple[JobSummary, ...]
    cursor: int


class Chunk(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    sha256: str
    offset: int
    size: int  # of the whole artifact
    arrays: tuple[ArrayHeader, ...]  # one, "bytes", u1


class WorkerStatus(Struct, frozen=True, kw_only=True):
    kind: str
    state: str  # "starting", "idle", "busy", "broken"
    pid: int
    device: str
    task: str
    restarts: int


class StatusReport(Struct, frozen=True, kw_only=True, tag=True):
    request: str
    session: str
    uptime: float
    workers: tuple[WorkerStatus, ...]
    devices: tuple[Device, ...]
    queued: int
    running: int
    clients: int
    folder: str
    disk_free_gb: float


class Progress(Struct, frozen=True, kw_only=True, tag=True):
    """Where a running stage is. Not kept: a missed one is replaced by the next."""

    job: str
    stage: str
    box: str
    step: int
    of: int
    text: str = ""
    seconds_left: float | None = None  # of the whole job
    arrays: tuple[ArrayHeader, ...] = ()  # optional "preview": an encoded picture (u1)


class StageStarted(Struct, frozen=True, kw_only=True, tag=True):
    cursor: int
    job: str
    stage: str
    box: str


class StageDone(Struct, frozen=True, kw_only=True, tag=True):
    cursor: int
    job: str
    stage: str
    box: str
    seconds: float
    artifacts: tuple[ArtifactInfo, ...]
    notes: tuple[str, ...] = ()  # what the user should know: "no kind for 'zorb', made a sphere lamp"


class StageError(Struct, frozen=True, kw_only=True, tag=True):
    """A stage failed; the rest of the job goes on where it can."""

    cursor: int
    job: str
    stage: str
    box: str
    code: str
    message: str
    remedy: str = ""


class Finished(Struct, frozen=True, kw_only=True, tag=True):
    """The job has reached its end: done, failed or cancelled."""

    cursor: int
    job: str
    state: JobState
    seconds: float
    code: str = ""
    message: str = ""
    remedy: str = ""


class Goodbye(Struct, frozen=True, kw_only=True, tag=True):
    """The server is going away, and why."""

    reason: str


class Pong(Struct, frozen=True, kw_only=True, tag=True):
    """The answer to Ping, with its time; sent every two seconds unasked too, with time 0."""

    time: float


Event = StageStarted | StageDone | StageError | Finished
ServerMessage = (
    Welcome | Accepted | Refused | JobList | Chunk | StatusReport | Progress
    | StageStarted | StageDone | StageError | Finished | Goodbye | Pong
)  # fmt: skip
