"""Pictures as arrays and as files. Sizes are checked before a picture is unpacked."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from ..protocol.errors import InvalidMessage

MAX_PIXELS = 64_000_000
_COMPRESSION = 3  # of 9: half the time of the default at a few percent more bytes


def encode_png(pixels: np.ndarray) -> bytes:
    """pixels (H,W) | (H,W,3) | (H,W,4) uint8, row 0 the top."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "png", compress_level=_COMPRESSION)
    return stream.getvalue()


def decode(data: bytes, mode: str = "RGB") -> np.ndarray:
    """A PNG, JPEG or WebP as (H,W,C) uint8. Raises InvalidMessage for one that is damaged or too large."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidMessage(
                    f"The picture has {picture.width} x {picture.height} pixels, at most {MAX_PIXELS / 1e6:g} million",
                    "Scale it down.",
                )
            return np.asarray(picture.convert(mode))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidMessage(f"The picture cannot be read: {error}", "Save it again as PNG.") from error
