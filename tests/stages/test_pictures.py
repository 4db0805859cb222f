"""backend/stages/pictures.py: pictures in and out, and those that are none."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from backend.protocol.errors import InvalidMessage
from backend.stages import pictures


@pytest.mark.parametrize("channels", [3, 4])
def test_a_picture_survives_bit_for_bit(channels):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    mode = "RGB" if channels == 3 else "RGBA"
    assert np.array_equal(pictures.decode(pictures.encode_png(pixels), mode), pixels)


def test_jpeg_is_read_and_converted():
    stream = io.BytesIO()
    Image.new("L", (9, 4), 128).save(stream, "jpeg")
    assert pictures.decode(stream.getvalue()).shape == (4, 9, 3)


def bomb(width, height):
    """A PNG that promises far more pixels than it has bytes."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", bomb(20_000, 20_000), bomb(8001, 8001), bomb(9, 9)]
)
def test_what_is_no_picture_or_a_bomb_is_refused(data):
    with pytest.raises(InvalidMessage):
        pictures.decode(data)


def test_a_truncated_picture_is_refused():
    whole = pictures.encode_png(np.random.default_rng(0).integers(0, 256, (50, 50, 3), np.uint8))
    with pytest.raises(InvalidMessage, match="cannot be read"):
        pictures.decode(whole[: len(whole) // 2])
