"""backend/protocol/wire.py: every message survives the way, and nothing else gets through."""

import contextlib
import random
import tracemalloc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.protocol import messages as m
from backend.protocol import wire
from backend.protocol.errors import InvalidMessage
from backend.protocol.work import FromWorker, ToWorker, read_from_worker, read_to_worker
from tests.protocol import samples

DIRECTIONS = {
    "client": (wire.read_client, samples.CLIENT),
    "server": (wire.read_server, samples.SERVER),
    "to worker": (read_to_worker, samples.TO_WORKER),
    "from worker": (read_from_worker, samples.FROM_WORKER),
}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_message_arrives_as_it_was_sent(direction):
    read, messages = DIRECTIONS[direction]
    for message, arrays in messages:
        frames = [bytes(frame) for frame in wire.encode(message, arrays)]
        arrived, by_name = read(frames)
        assert arrived == message
        names = [array.name for array in getattr(message, "arrays", ())]
        assert {name: bytes(data) for name, data in by_name.items()} == dict(zip(names, arrays, strict=True))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_samples_cover_every_kind(direction):
    kinds = {"client": m.ClientMessage, "server": m.ServerMessage, "to worker": ToWorker, "from worker": FromWorker}
    assert {type(message) for message, _ in DIRECTIONS[direction][1]} == set(kinds[direction].__args__)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_100_000_spoiled_messages_are_read_or_refused(direction):
    read, messages = DIRECTIONS[direction]
    valid = samples.encoded(messages)
    chance = random.Random(f"wire {direction}")
    refused = 0
    for number in range(100_000):
        frames = samples.spoiled(chance.choice(valid), chance)
        try:
            read(frames)
        except InvalidMessage:
            refused += 1
        except BaseException as error:
            raise AssertionError(f"message {number}: {frames!r}") from error
    assert refused > 50_000


@given(st.lists(st.binary(max_size=200), max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(frames):
    for read, _ in DIRECTIONS.values():
        with contextlib.suppress(InvalidMessage):
            read(frames)


@given(st.binary(max_size=300), st.sampled_from(sorted(wire.ITEM_SIZES)))
def test_an_array_comes_back_whole(data, dtype):
    data = data[: len(data) // wire.ITEM_SIZES[dtype] * wire.ITEM_SIZES[dtype]]
    message = m.Submit(request="r", job=samples.JOB, arrays=(wire.header("panorama", data, dtype),))
    arrived, arrays = wire.read_client([bytes(frame) for frame in wire.encode(message, [data])])
    assert bytes(arrays["panorama"]) == data and arrived.arrays[0].shape == (len(data) // wire.ITEM_SIZES[dtype],)


def _submit(**array):
    header = {"name": "panorama", "dtype": "u1", "shape": (4,), **array}
    return msgspec.msgpack.encode(m.Submit(request="r", job=samples.JOB, arrays=(m.ArrayHeader(**header),)))


@pytest.mark.parametrize(
    ("array", "frame", "words"),
    [
        ({"shape": (5,)}, b"1234", "brings 4 bytes"),
        ({"shape": (-4,)}, b"1234", "negative"),
        ({"shape": (2,) * 9}, b"1234", "9 dimensions"),
        ({"dtype": "O"}, b"1234", "type 'O'"),
        ({"dtype": "V9999999"}, b"1234", "type"),
        ({"name": "x" * 200}, b"1234", "name of an array"),
        ({"shape": (1 << 40, 1 << 40)}, b"1234", "over the limit"),
        ({"shape": (0, 1 << 62)}, b"1", "brings 1 bytes"),
    ],
)
def test_an_array_that_is_not_what_it_says_is_refused(array, frame, words):
    with pytest.raises(InvalidMessage, match=words):
        wire.read_client([_submit(**array), frame])


def test_the_numbers_of_frames_must_agree():
    with pytest.raises(InvalidMessage, match="describes 1 arrays and brings 0"):
        wire.read_client([_submit()])
    with pytest.raises(InvalidMessage, match="describes 0 arrays and brings 1"):
        wire.read_client([msgspec.msgpack.encode(m.Status(request="r")), b"x"])
    with pytest.raises(InvalidMessage, match="1 to 301 frames"):
        wire.read_client([])
    with pytest.raises(InvalidMessage, match="1 to 301 frames"):
        wire.read_client([b""] * 400)


def test_two_arrays_of_one_name_are_refused():
    twice = m.ArrayHeader(name="panorama", dtype="u1", shape=(1,))
    message = msgspec.msgpack.encode(m.Submit(request="r", job=samples.JOB, arrays=(twice, twice)))
    with pytest.raises(InvalidMessage, match="same name"):
        wire.read_client([message, b"a", b"b"])


def test_a_message_over_the_limit_is_refused_unread():
    with pytest.raises(InvalidMessage, match="over the limit"):
        wire.read_client([b"\xc1" * (wire.MAX_REQUEST + 1)])


def test_nesting_and_promised_lengths_cost_no_memory():
    tracemalloc.start()
    for bomb in (b"\x91" * 1_000_000, b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\x81" * 500_000):
        with pytest.raises(InvalidMessage):
            wire.read_client([bomb])
    assert tracemalloc.get_traced_memory()[1] < 8e6
    tracemalloc.stop()


def test_what_cannot_be_described_cannot_be_sent():
    with pytest.raises(ValueError, match="Submit cannot be sent"):
        wire.encode(m.Submit(request="r", job=samples.JOB), [b"not described"])


def test_a_newer_minor_version_may_say_more():
    known = msgspec.msgpack.decode(msgspec.msgpack.encode(m.Ping(time=1.0)))
    later = msgspec.msgpack.encode({**known, "mood": "good"})
    assert wire.read_client([later])[0] == m.Ping(time=1.0)


def test_a_setting_that_is_unknown_is_refused_not_ignored():
    submit = msgspec.msgpack.decode(msgspec.msgpack.encode(m.Submit(request="r", job=samples.JOB)))
    submit["job"]["settings"]["texture_sise"] = 4096
    with pytest.raises(InvalidMessage, match="texture_sise"):
        wire.read_client([msgspec.msgpack.encode(submit)])
