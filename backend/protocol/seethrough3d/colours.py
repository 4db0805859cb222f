"""What colours mean in SeeThrough3D's condition (spec 3.3, 3.4). Linear RGB. World = the model's own frame."""

from __future__ import annotations

import colorsys

import numpy as np

EDGE_BRIGHTNESS = 0.10
SEGMASK_BRIGHTNESS = (0.35, 0.2, 0.65, 0.9, 0.5, 0.5)  # polygons 0 to 5

# Faces say which way a thing looks: -X left blue, +Y front red, all others green. Order: -X +Y +X -Y bottom top.
FACES = np.array([[0, 0, 0.5], [0.5, 0, 0], [0, 0.5, 0], [0, 0.5, 0], [0, 0.5, 0], [0, 0.5, 0]])

PALETTE = (
    (1.0, 0.0, 0.0), (0.0, 0.8, 0.2), (0.0, 0.0, 1.0), (1.0, 1.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0),
    (1.0, 0.6, 0.0), (0.6, 0.0, 0.8), (0.0, 0.4, 0.0), (0.8, 0.8, 0.8), (0.2, 0.2, 0.2),
)  # fmt: skip  # of the preview, by index
PALETTE_BRIGHTNESS = (0.3, 0.3, 0.3, 0.3, 1.0, 0.3)


SWATCHES = (
    (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.5, 0.0, 0.5),
    (1.0, 0.5, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0),
)  # fmt: skip  # of the boxes in SeeThrough3D's own interface, by index


def position(x: float, y: float, z: float) -> tuple[float, float, float]:
    """The colour of a box whose floor centre is at (x, y, z): nearness, side, height (not clipped)."""
    t = min(max((x + 12) / 11, 0.0), 1.0)
    half = 4.5 - 4 * t
    return t, min(max((y + half) / (2 * half), 0.0), 1.0), z / 2.5


def brightened(colour: tuple[float, ...], factor: float) -> tuple[float, float, float, float]:
    """The colour with its HSV value times the factor, at most 1; alpha kept, or 1."""
    hue, saturation, value = colorsys.rgb_to_hsv(*colour[:3])
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, min(max(value * factor, 0.0), 1.0))
    return red, green, blue, colour[3] if len(colour) > 3 else 1.0


def edge(x: float, y: float, z: float) -> tuple[float, float, float, float]:
    """RGBA of the edge bars of a box whose floor centre is at (x, y, z)."""
    return brightened(position(x, y, z), EDGE_BRIGHTNESS)


def position_faces(x: float, y: float, z: float) -> list[tuple[float, float, float, float]]:
    """RGBA of the six faces in the position-coloured variant."""
    return [brightened(position(x, y, z), k) for k in SEGMASK_BRIGHTNESS]


def preview_faces(index: int) -> list[tuple[float, float, float, float]]:
    """RGBA of the six faces of the index-th box in the preview."""
    return [brightened(PALETTE[index % len(PALETTE)], k) for k in PALETTE_BRIGHTNESS]
