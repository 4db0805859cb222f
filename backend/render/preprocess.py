"""The condition picture on its way into the image model (spec 6), bit for bit. NumPy and Pillow.

The reference compresses its render twice as JPEG by accident. We hand over a lossless picture; `recompressed` is the
switch that repeats the accident.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SIDE = 512
RENDER_QUALITY = 90  # of Blender's JPEG


def condition(picture: np.ndarray, recompress: bool = False) -> np.ndarray:
    """(H,W,3) uint8 render -> (512,512,3) uint8 as the model gets it; `recompress`: through both JPEGs."""
    image = Image.fromarray(picture)
    if recompress:
        image = recompressed(_jpeg(image, quality=RENDER_QUALITY))
    return shrunk(image)


def recompressed(jpeg: bytes) -> Image.Image:
    """A JPEG saved again as Pillow does by default (quality 75, 4:2:0): step 2."""
    with Image.open(io.BytesIO(jpeg)) as first, Image.open(io.BytesIO(_jpeg(first))) as second:
        return second.convert("RGB")


def shrunk(image: Image.Image) -> np.ndarray:
    """RGB picture -> (512,512,3) uint8: steps 3 to 6. The way through [-1,1] and back loses a level now and then."""
    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    half = np.float32(0.5)
    signed = (np.asarray(small, np.float32) / np.float32(255) - half) / half
    return (np.clip(signed * half + half, 0, 1) * np.float32(255)).astype(np.uint8)


def model_input(condition_picture: np.ndarray) -> np.ndarray:
    """(512,512,3) uint8 -> (3,512,512) float32 in [-1,1]: step 7, what the VAE encodes."""
    scaled = condition_picture.astype(np.float32) / np.float32(255)
    return np.ascontiguousarray((2 * scaled - 1).transpose(2, 0, 1))


def _jpeg(image: Image.Image, **settings: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **settings)
    return out.getvalue()
