"""What the server and a worker process say to each other, over the worker's stdin and stdout.

A worker gets Run, works, and answers with Step ... and one Done or Failed that repeats the `ticket`; tickets grow
and are never used twice, so an answer to an older assignment is known as such. Beat comes from a thread of its
own: a worker that is busy beats, a stopped one does not. Files do not travel here: both sides see the job folder.

A message is a run of frames as in wire.py, each behind its length: count (u32), then per frame length (u32), bytes.
"""

from __future__ import annotations

import struct
from typing import IO

from msgspec import Struct

from .errors import InvalidMessage
from .messages import ArrayHeader, Device
from .stages import StageTask
from .wire import MAX_ARRAY, MAX_ARRAYS, Buffer, Decoder

MAX_WORK = 4 << 20  # bytes of frame 0
INPUTS = "inputs"  # folder of what the client sent, in the job folder
BROKEN_DEVICE = 70  # exit code of a worker after a GPU error that lives as long as the process
REQUEST = "request.msgpack"  # the JobRequest, in the job folder

# ---- server to worker


class Run(Struct, frozen=True, kw_only=True, tag=True):
    ticket: int
    task: StageTask
    folder: str  # of the job: the request and all inputs of the stage lie there
    output: str  # an empty folder for what the stage makes
    crashes: int = 0  # how often the stage took its worker along before


class Stop(Struct, frozen=True, kw_only=True, tag=True):
    """The user no longer wants what this ticket makes."""

    ticket: int


class Quit(Struct, frozen=True, kw_only=True, tag=True):
    """Leave at once."""


ToWorker = Run | Stop | Quit

# ---- worker to server


class Output(Struct, frozen=True, kw_only=True):
    """One file that a stage made, written and synced in the output folder as `file`."""

    file: str
    box: str
    name: str
    sha256: str
    size: int


class Ready(Struct, frozen=True, kw_only=True, tag=True):
    pid: int
    devices: tuple[Device, ...] = ()


class Beat(Struct, frozen=True, kw_only=True, tag=True):
    quiet: float  # seconds since the stage last reported


class Slow(Struct, frozen=True, kw_only=True, tag=True):
    """For so many seconds beats may be missing: a large library or model is being loaded."""

    ticket: int
    seconds: float


class Step(Struct, frozen=True, kw_only=True, tag=True):
    ticket: int
    step: int
    of: int
    text: str
    arrays: tuple[ArrayHeader, ...] = ()  # optional "preview"


class Done(Struct, frozen=True, kw_only=True, tag=True):
    ticket: int
    seconds: float
    outputs: tuple[Output, ...]
    notes: tuple[str, ...]
    loaded: tuple[str, ...]  # generators that are in memory now


class Failed(Struct, frozen=True, kw_only=True, tag=True):
    ticket: int
    code: str  # "cancelled" after a Stop
    message: str
    remedy: str = ""
    loaded: tuple[str, ...] = ()


FromWorker = Ready | Beat | Slow | Step | Done | Failed

read_to_worker: Decoder[ToWorker] = Decoder(ToWorker, MAX_WORK)
read_from_worker: Decoder[FromWorker] = Decoder(FromWorker, MAX_WORK)


def write_frames(stream: IO[bytes], frames: list[Buffer]) -> None:
    """One message onto a stream. Raises OSError when the other side is gone."""
    lengths = [memoryview(frame).nbytes for frame in frames]
    head = struct.pack("<I", len(frames))
    stream.write(b"".join([head, *(struct.pack("<I", n) + bytes(f) for n, f in zip(lengths, frames, strict=True))]))
    stream.flush()


def read_frames(stream: IO[bytes]) -> list[bytes] | None:
    """The frames of the next message, or None at the end of the stream. Raises InvalidMessage past a limit."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (count,) = struct.unpack("<I", head)
    if not 1 <= count <= 1 + MAX_ARRAYS:
        raise InvalidMessage(f"A message has 1 to {1 + MAX_ARRAYS} frames, here are {count}")
    frames = []
    for _ in range(count):
        prefix = stream.read(4)
        if len(prefix) < 4:
            return None
        (length,) = struct.unpack("<I", prefix)
        if length > MAX_ARRAY:
            raise InvalidMessage(f"A frame of {length} bytes is over the limit of {MAX_ARRAY}")
        frame = stream.read(length)
        if len(frame) < length:
            return None
        frames.append(frame)
    return frames
