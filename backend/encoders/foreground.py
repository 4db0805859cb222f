"""The picture of one object, cut out and put on a plain background (trellis2_core spec 13, pixal3d spec 9)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

Matte = Callable[[Image.Image], Image.Image]  # RGB picture -> its alpha, mode "L", of the same size

LONGEST_SIDE = 1024
SOLID_ALPHA = 0.8 * 255  # pixels above it count as object when the crop is chosen


def crop_foreground(
    image: Image.Image,
    matte: Matte | None = None,
    margin: float = 1.0,
    background: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Image.Image:
    """A square RGB picture around the opaque part of `image`, `margin` times its longer side.

    Pictures without transparency get their alpha from `matte`. ValueError when nothing in the picture is opaque.
    """
    opaque = image.mode != "RGBA" or np.asarray(image)[..., 3].min() == 255
    image = _limited(image)
    if opaque:
        image = image.convert("RGB")
        if matte is None:
            raise ValueError("the picture has no transparency: a matting network is needed to find the object in it")
        alpha = matte(image)
        image.putalpha(alpha)
    return on_background(image.crop(_square(np.asarray(image)[..., 3], margin)), background)


def on_background(image: Image.Image, background: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Image.Image:
    """An RGBA picture over a colour (0..1), truncated to 8 bits."""
    pixels = np.asarray(image).astype(np.float32) / 255
    colour, alpha = pixels[..., :3], pixels[..., 3:]
    mixed = colour * alpha + np.asarray(background, dtype=np.float32) * (1 - alpha)
    return Image.fromarray((mixed.clip(0, 1) * 255).astype(np.uint8))


def _limited(image: Image.Image) -> Image.Image:
    scale = min(1.0, LONGEST_SIDE / max(image.size))
    if scale == 1:
        return image
    width, height = (int(side * scale) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _square(alpha: np.ndarray, margin: float) -> tuple[float, float, float, float]:
    rows, columns = np.nonzero(alpha > SOLID_ALPHA)
    if len(rows) == 0:
        raise ValueError("no pixel of the picture is opaque, so there is no object to crop")
    left, right, top, bottom = columns.min(), columns.max(), rows.min(), rows.max()
    half = int(max(right - left, bottom - top) * margin) // 2
    x, y = (left + right) / 2, (top + bottom) / 2
    return (x - half, y - half, x + half, y + half)
