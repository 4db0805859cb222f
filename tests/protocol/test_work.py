"""backend/protocol/work.py: messages on a pipe."""

import io
import random
import struct

import pytest

from backend.protocol.errors import InvalidMessage
from backend.protocol.work import read_frames, read_from_worker, write_frames
from tests.protocol import samples


def test_messages_follow_each_other_on_a_stream():
    stream = io.BytesIO()
    sent = samples.encoded(samples.FROM_WORKER)
    for frames in sent:
        write_frames(stream, frames)
    stream.seek(0)
    assert [read_frames(stream) for _ in sent] == sent
    assert read_frames(stream) is None


def test_a_stream_that_ends_in_the_middle_is_an_end():
    stream = io.BytesIO()
    write_frames(stream, [b"abc", b"defg"])
    whole = stream.getvalue()
    for cut in range(len(whole)):
        assert read_frames(io.BytesIO(whole[:cut])) is None


@pytest.mark.parametrize("data", [struct.pack("<I", 0), struct.pack("<I", 1 << 30), struct.pack("<II", 1, 0xFFFFFFFF)])
def test_a_promise_past_the_limit_is_refused_before_it_is_read(data):
    with pytest.raises(InvalidMessage):
        read_frames(io.BytesIO(data))


def test_spoiled_streams_end_or_are_refused():
    chance = random.Random(5)
    valid = samples.encoded(samples.FROM_WORKER)
    for _ in range(20_000):
        stream = io.BytesIO()
        write_frames(stream, chance.choice(valid))
        data = bytearray(stream.getvalue())
        data[chance.randrange(min(len(data), 12))] = chance.randrange(256)
        try:
            frames = read_frames(io.BytesIO(bytes(data)))
            if frames is not None:
                read_from_worker(frames)
        except InvalidMessage:
            pass
