"""Compares a part of a screenshot with what it looked like when somebody last accepted it.

Both are averaged over blocks first, so that a letter that is drawn a shade lighter does not count, and a button that is
gone does. A golden keeps 48 colours: a few kilobytes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

BLOCK = 4  # pixels a side that are averaged
SHADE = 16  # of 255: a block that differs more is different
SHARE = 0.03  # of the blocks that may be different
COLOURS = 48
VIEW = (0.823, 0.905)  # share of the screen that the 3D view has, from the top left
PUBLISHED = 1000  # pixels of the longer side

Part = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Comparison:
    different: float  # share of blocks
    words: str
    picture: Image.Image  # golden, now, and where they differ, side by side

    @property
    def same(self) -> bool:
        return self.different <= SHARE


def accept(path: Path, part: Part, golden: Path) -> None:
    golden.parent.mkdir(parents=True, exist_ok=True)
    crop = Image.open(path).convert("RGB").crop(part)
    crop.quantize(COLOURS, dither=Image.Dither.NONE).save(golden, optimize=True)


def compare(path: Path, part: Part, golden: Path) -> Comparison:
    """How far the part of the picture is from the golden; one of another size is different altogether."""
    now, then = Image.open(path).convert("RGB").crop(part), Image.open(golden).convert("RGB")
    if now.size != then.size:
        words = f"{now.size[0]} x {now.size[1]} pixels, {then.size[0]} x {then.size[1]} accepted"
        return Comparison(1.0, words, beside(then, now))
    apart = np.abs(blocks(now) - blocks(then)).max(-1) > SHADE
    share = float(apart.mean())
    mask = Image.fromarray((apart * 255).astype(np.uint8)).resize(now.size, Image.Resampling.NEAREST).convert("RGB")
    return Comparison(share, f"{share:.1%} of it, at most {SHARE:.0%}", beside(then, now, mask))


def blocks(picture: Image.Image) -> np.ndarray:
    """(H/BLOCK, W/BLOCK, 3) averages."""
    pixels = np.asarray(picture, np.float32)
    height, width = (n // BLOCK * BLOCK for n in pixels.shape[:2])
    cut = pixels[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return cut.mean((1, 3))


def publish(path: Path, target: Path) -> None:
    """The 3D view and its sidebar as a small JPEG, for the README."""
    picture = Image.open(path).convert("RGB")
    picture = picture.crop((0, 0, int(picture.width * VIEW[0]), int(picture.height * VIEW[1])))
    picture.thumbnail((PUBLISHED, PUBLISHED), Image.Resampling.LANCZOS)
    picture.save(target, quality=80, optimize=True)


def beside(*pictures: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)))
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet
