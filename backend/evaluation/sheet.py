"""Pictures of made and true things side by side, with a caption each."""

import numpy as np
from numpy import ndarray
from PIL import Image, ImageDraw

TILE, CAPTION = 160, 14


def contact_sheet(rows: list[tuple[str, list[ndarray]]], columns: int = 2) -> Image.Image:
    """Each entry: a caption and its pictures (H,W,3) uint8 side by side; entries fill `columns` of entries a line."""
    width = max(len(pictures) for _, pictures in rows) * TILE
    lines = -(-len(rows) // columns)
    sheet = Image.new("RGB", (columns * (width + 8), lines * (TILE + CAPTION)), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (caption, pictures) in enumerate(rows):
        left, top = place % columns * (width + 8), place // columns * (TILE + CAPTION)
        for number, picture in enumerate(pictures):
            small = Image.fromarray(np.ascontiguousarray(picture)).resize((TILE, TILE), Image.Resampling.BICUBIC)
            sheet.paste(small, (left + number * TILE, top))
        draw.text((left + 2, top + TILE), caption[: width // 6], fill=0)
    return sheet
