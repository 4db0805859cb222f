"""backend/protocol/tensors.py: the safetensors format, ours against the library's, and against bad files."""

import contextlib
import json
import random

import numpy as np
import pytest
import safetensors.numpy

from backend.protocol import tensors
from backend.protocol.errors import InvalidMessage

ARRAYS = {
    "vertices": np.arange(12, dtype=np.float32).reshape(4, 3),
    "faces": np.array([[0, 1, 2]], np.int32),
    "mask": np.array([True, False]),
    "empty": np.zeros((0, 3), np.float32),
    "scalar": np.array(4.0, np.float64),
}


def test_the_library_reads_what_we_write_and_we_what_it_writes():
    theirs = safetensors.numpy.load(tensors.pack(ARRAYS, {"made": "here"}))
    ours, _ = tensors.unpack(safetensors.numpy.save(ARRAYS))
    for name, array in ARRAYS.items():
        for read in (theirs[name], ours[name]):
            assert read.dtype == array.dtype and read.shape == array.shape and np.array_equal(read, array)


def test_metadata_and_order_survive():
    arrays, meta = tensors.unpack(tensors.pack(ARRAYS, {"kind": "stuhl, grün"}))
    assert meta == {"kind": "stuhl, grün"} and list(arrays) == list(ARRAYS)
    assert not arrays["vertices"].flags.writeable


def test_an_unknown_type_is_refused():
    with pytest.raises(ValueError, match="complex"):
        tensors.pack({"z": np.zeros(2, np.complex64)})


def _file(header, body=b""):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body


def entry(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"a": {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1234567",
        (1 << 62).to_bytes(8, "little") + b"{}",
        _file(b"not json"),
        _file(b"[" * 100_000),
        _file([1]),
        _file({"a": 3}),
        _file(entry("F31"), b"1234"),
        _file(entry(offsets=(0, 8)), b"1234"),
        _file(entry(offsets=(4, 0)), b"1234"),
        _file(entry(offsets=(-4, 0)), b"1234"),
        _file(entry(shape=(2,)), b"1234"),
        _file(entry(shape=(-1, -1)), b"1234"),
        _file(entry(shape=(1,) * 9), b"1234"),
        _file(entry(shape=(1 << 40, 1 << 40)), b"1234"),
        _file({"__metadata__": {"a": 1}}),
        _file({"__metadata__": "text"}),
    ],
)
def test_bad_files_are_refused(data):
    with pytest.raises(InvalidMessage):
        tensors.unpack(data)


def test_spoiled_files_never_do_worse():
    chance = random.Random(1)
    whole = tensors.pack(ARRAYS, {"made": "here"})
    for _ in range(20_000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(InvalidMessage):
            tensors.unpack(bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data))
