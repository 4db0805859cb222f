"""Messages to frames and back. Frame 0 is the message (msgpack, tagged by its class name); each further frame is
one raw array that the message's `arrays` describe, in their order: C order, little endian.

A decoder looks at sizes first: nothing is parsed or allocated before the number of frames, their bytes, and the
dtype and shape of each array agree. Whatever arrives, a decoder returns a message or raises InvalidMessage.
No sockets, no numpy: an array is handed on as the memoryview that arrived.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from .errors import InvalidMessage
from .messages import ArrayHeader, ClientMessage, ServerMessage

Buffer = bytes | bytearray | memoryview
Message = TypeVar("Message", bound=msgspec.Struct)

MAX_REQUEST = 1 << 20  # bytes of frame 0, client to server
MAX_ANSWER = 16 << 20  # bytes of frame 0, server to client: a list of jobs can be long
MAX_ARRAY = 64 << 20  # bytes of one array
MAX_ARRAYS_TOTAL = 256 << 20  # bytes of all arrays of one message
MAX_ARRAYS = 300  # a picture for each of 256 boxes, and some
MAX_DIMENSIONS = 8
MAX_NAME = 128  # characters
ITEM_SIZES = {
    "b1": 1, "u1": 1, "i1": 1, "u2": 2, "i2": 2, "f2": 2, "u4": 4, "i4": 4, "f4": 4, "u8": 8, "i8": 8, "f8": 8,
}  # fmt: skip

_encoder = msgspec.msgpack.Encoder()


def header(name: str, data: Buffer, dtype: str = "u1", shape: tuple[int, ...] | None = None) -> ArrayHeader:
    """What a message says about the raw frame `data`; without a shape it is one-dimensional."""
    size = memoryview(data).nbytes
    return ArrayHeader(name=name, dtype=dtype, shape=(size // ITEM_SIZES[dtype],) if shape is None else shape)


def encode(message: msgspec.Struct, arrays: Sequence[Buffer] = ()) -> list[Buffer]:
    """The frames of a message; `arrays` in the order of `message.arrays`. Raises ValueError where they disagree."""
    described: tuple[ArrayHeader, ...] = getattr(message, "arrays", ())
    try:
        _check_arrays(described, arrays)
    except InvalidMessage as error:
        raise ValueError(f"{type(message).__name__} cannot be sent: {error.message}") from error
    return [_encoder.encode(message), *arrays]


class Decoder(Generic[Message]):
    """Reads the messages of one direction. Calling it twice on the same frames gives the same twice."""

    def __init__(self, kinds: Any, max_message: int) -> None:
        self._decoder = msgspec.msgpack.Decoder(kinds)
        self.max_message = max_message

    def __call__(self, frames: Sequence[Buffer]) -> tuple[Message, Mapping[str, memoryview]]:
        """(message, its arrays by name). Raises InvalidMessage for anything that is not one whole message."""
        if not 1 <= len(frames) <= 1 + MAX_ARRAYS:
            raise InvalidMessage(f"A message has 1 to {1 + MAX_ARRAYS} frames, here are {len(frames)}")
        size = memoryview(frames[0]).nbytes
        if size > self.max_message:
            raise InvalidMessage(f"A message of {size} bytes is over the limit of {self.max_message}")
        try:
            message: Message = self._decoder.decode(frames[0])
        except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
            raise InvalidMessage(f"A message cannot be read: {error}") from error
        described: tuple[ArrayHeader, ...] = getattr(message, "arrays", ())
        _check_arrays(described, frames[1:])
        return message, {array.name: memoryview(frame) for array, frame in zip(described, frames[1:], strict=True)}


read_client: Decoder[ClientMessage] = Decoder(ClientMessage, MAX_REQUEST)
read_server: Decoder[ServerMessage] = Decoder(ServerMessage, MAX_ANSWER)


def _check_arrays(described: Sequence[ArrayHeader], frames: Sequence[Buffer]) -> None:
    if len(described) != len(frames):
        raise InvalidMessage(f"A message describes {len(described)} arrays and brings {len(frames)}")
    if len(described) > MAX_ARRAYS:
        raise InvalidMessage(f"A message brings {len(described)} arrays, at most {MAX_ARRAYS}")
    if len({array.name for array in described}) != len(described):
        raise InvalidMessage("A message has two arrays of the same name")
    total = 0
    for array, frame in zip(described, frames, strict=True):
        expected, size = _bytes_of(array), memoryview(frame).nbytes
        if expected != size:
            raise InvalidMessage(f"Array '{array.name}' {array.dtype}{list(array.shape)} brings {size} bytes")
        total += size
    if total > MAX_ARRAYS_TOTAL:
        raise InvalidMessage(f"A message brings {total} bytes of arrays, at most {MAX_ARRAYS_TOTAL}")


def _bytes_of(array: ArrayHeader) -> int:
    if len(array.name) > MAX_NAME:
        raise InvalidMessage(f"The name of an array has {len(array.name)} characters, at most {MAX_NAME}")
    if array.dtype not in ITEM_SIZES:
        raise InvalidMessage(f"Array '{array.name}' has the type '{array.dtype[:8]}', known: {', '.join(ITEM_SIZES)}")
    if len(array.shape) > MAX_DIMENSIONS or min(array.shape, default=0) < 0:
        raise InvalidMessage(f"Array '{array.name}' has {len(array.shape)} dimensions or a negative one")
    size = math.prod(array.shape) * ITEM_SIZES[array.dtype]
    if size > MAX_ARRAY:
        raise InvalidMessage(f"Array '{array.name}' of {size} bytes is over the limit of {MAX_ARRAY}")
    return size
