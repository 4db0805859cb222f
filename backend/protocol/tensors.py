"""Named arrays as bytes, in the safetensors format: 8 bytes of length, a JSON header, raw little-endian data.

The add-on has no safetensors wheel; the format is small enough to read here, with every bound checked before
anything is allocated. NumPy only.
"""

from __future__ import annotations

import json
import math

import numpy as np

from .errors import InvalidMessage

MAX_HEADER = 1 << 20  # bytes
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "U16": "<u2",
    "U32": "<u4",
    "BOOL": "|b1",
}
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}


def pack(arrays: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    """The arrays as one safetensors file. Raises ValueError for a type that the format does not know."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    blobs: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        if little.dtype not in NAMES:
            raise ValueError(f"array '{name}' has type {array.dtype}, safetensors knows {', '.join(DTYPES)}")
        blob = little.tobytes()
        header[name] = {
            "dtype": NAMES[little.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        blobs.append(blob)
        offset += len(blob)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return b"".join([len(head).to_bytes(8, "little"), head, *blobs])


def unpack(data: bytes | memoryview) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """(arrays, metadata) of a safetensors file; the arrays are read-only views. Raises InvalidMessage."""
    view = memoryview(data)
    if len(view) < 8:
        raise InvalidMessage(f"Array file of {len(view)} bytes is too short")
    length = int.from_bytes(view[:8], "little")
    if length > min(MAX_HEADER, len(view) - 8):
        raise InvalidMessage(f"Array file says its header has {length} bytes, more than it holds or is allowed")
    try:
        header = json.loads(bytes(view[8 : 8 + length]))
        entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        body = view[8 + length :]
        arrays = {name: _array(name, entry, body) for name, entry in entries.items()}
        metadata = header.get("__metadata__", {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidMessage(f"Array file has a broken header: {error}") from error
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise InvalidMessage("Array file has metadata that is not text")
    return arrays, metadata


def _array(name: str, entry: dict, body: memoryview) -> np.ndarray:
    dtype = np.dtype(DTYPES[entry["dtype"]])
    shape = [int(n) for n in entry["shape"]]
    start, end = (int(n) for n in entry["data_offsets"])
    if len(shape) > 8 or min(shape, default=0) < 0 or not 0 <= start <= end <= len(body):
        raise ValueError(f"'{name}' lies outside the file")
    if math.prod(shape) * dtype.itemsize != end - start:
        raise ValueError(f"'{name}' has shape {shape} but {end - start} bytes")
    return np.frombuffer(body[start:end], dtype=dtype).reshape(shape)
