"""A picture of many meshes beside what they were made from."""

import numpy as np
from numpy import ndarray
from PIL import Image, ImageDraw

from ..evaluation.image import look_at
from ..evaluation.views import view
from .data.draft_shapes import ShapePool, direction
from .scores import Shape

TILE = 160
CAPTION = 14
DISTANCE = 2.5  # of the camera from the middle


def draw_mesh(mesh: tuple[ndarray, ndarray], yaw: float = 0.6, pitch: float = 0.35, pixels: int = TILE) -> ndarray:
    """A shaded picture (pixels,pixels) uint8 of vertices (V,3) and outward faces (F,3) in TAR3D's axes."""
    pose = look_at(DISTANCE * direction(yaw, pitch).numpy().astype(np.float64))
    return view(*mesh, pose, pixels)[..., 0]


def enlarge(picture: ndarray) -> ndarray:
    return np.asarray(Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.BICUBIC))


def contact_sheet(rows: list[tuple[str, list[ndarray]]], columns: int = 2) -> Image.Image:
    """Each entry: a caption and its pictures (TILE,TILE) side by side; entries fill `columns` of entries a line."""
    width = max(len(pictures) for _, pictures in rows) * TILE
    lines = -(-len(rows) // columns)
    sheet = Image.new("L", (columns * (width + 8), lines * (TILE + CAPTION)), 255)
    draw = ImageDraw.Draw(sheet)
    for place, (caption, pictures) in enumerate(rows):
        left, top = place % columns * (width + 8), place // columns * (TILE + CAPTION)
        for number, picture in enumerate(pictures):
            sheet.paste(Image.fromarray(picture), (left + number * TILE, top))
        draw.text((left + 2, top + TILE), caption[: width // 6], fill=0)
    return sheet


def draw_sheet(pool: ShapePool, made: dict[str, list[Shape]], count: int = 24) -> Image.Image:
    """Picture given, then the reconstruction and what was made from each kind of input."""
    blank = np.full((TILE, TILE), 255, np.uint8)
    rows = []
    for i in range(min(count, len(pool))):
        given = enlarge(pool.images[i, 0, 0].cpu().numpy())
        meshes = [shapes[i].mesh for shapes in made.values()]
        rows.append((pool.captions[i], [given, *(blank if m is None else draw_mesh(m) for m in meshes)]))
    return contact_sheet(rows)
