"""Encoded pictures as icons, previews and images. Blender itself decodes them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import bpy
import bpy.utils.previews
import numpy as np

ICON_SIDE = 256  # pixels, at most: a panel shows no more
MAX_BYTES = 64 << 20
_collections: list = []  # none or one: the icons that are drawn now
_seen: dict[str, str] = {}  # what an icon shows, by key


def show(key: str, data: bytes) -> None:
    """Makes the icon of this name show the picture. Not from a panel: Blender makes no images while it draws."""
    digest = hashlib.sha256(data).hexdigest()
    if not data or len(data) > MAX_BYTES or _seen.get(key) == digest:
        return
    if not _collections:
        _collections.append(bpy.utils.previews.new())
    known = _collections[0]
    if fill(known[key] if key in known else known.new(key), data):
        _seen[key] = digest


def icon(key: str) -> int:
    """The number to draw the icon with; 0 while it shows nothing."""
    return _collections[0][key].icon_id if key in _seen else 0


def shown(key: str) -> bool:
    """Whether the icon shows something; without a window icons have no number."""
    return key in _seen


def prune(keys: Iterable[str]) -> None:
    """Forgets every icon but these."""
    for key in set(_seen) - set(keys):
        del _seen[key]
        if _collections and key in _collections[0]:
            del _collections[0][key]


def set_preview(block: bpy.types.ID, data: bytes) -> bool:
    """Gives a datablock this picture as its preview, which is kept in the file."""
    preview = block.preview_ensure()
    return preview is not None and fill(preview, data)


def fill(preview: bpy.types.ImagePreview, data: bytes) -> bool:
    pixels = decode(data)
    if pixels is None:
        return False
    height, width = pixels.shape[:2]
    preview.image_size = preview.icon_size = (width, height)
    preview.image_pixels_float.foreach_set(pixels.ravel())
    preview.icon_pixels_float.foreach_set(pixels.ravel())
    return True


def decode(data: bytes) -> np.ndarray | None:
    """(H,W,4) float32, row 0 the bottom, at most ICON_SIDE a side; None for what is no picture."""
    image = bpy.data.images.new("Greybox Preview", 1, 1)
    try:
        image.pack(data=data, data_len=len(data))
        image.source = "FILE"
        width, height = image.size
        if not width or not height or not image.channels:
            return None
        if max(width, height) > ICON_SIDE:
            share = ICON_SIDE / max(width, height)
            image.scale(max(1, round(width * share)), max(1, round(height * share)))
        width, height = image.size
        pixels = np.zeros(width * height * image.channels, np.float32)
        image.pixels.foreach_get(pixels)
        return _with_alpha(pixels.reshape(height, width, image.channels))
    finally:
        bpy.data.images.remove(image)


def _with_alpha(pixels: np.ndarray) -> np.ndarray:
    if pixels.shape[2] == 4:
        return np.ascontiguousarray(pixels)
    opaque = np.ones((*pixels.shape[:2], 4), np.float32)
    opaque[..., : min(3, pixels.shape[2])] = pixels[..., :3]
    return opaque


def register() -> None:
    """Icons are made when they are drawn."""


def unregister() -> None:
    _seen.clear()
    while _collections:
        bpy.utils.previews.remove(_collections.pop())
