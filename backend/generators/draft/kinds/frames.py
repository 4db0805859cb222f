"""Bent tubes, mudguards and wheels in the middle plane: what bicycle, motorbike and scooter share."""

from __future__ import annotations

import numpy as np

from ..asset import Kind, Part, Size
from ..outlines import fillet
from ..solids import merge, mirror, move, tube
from .carbody import loft
from .proportions import steady


def at_wheel(parts: list[Part], y: float, z: float) -> list[Part]:
    return [move(part, 0, y, z) for part in parts]


def pipe(name: str, slot: str, points: list, radius: float, round_: float = 0.0, sides: int = 12) -> Part:
    """A bent tube through points; `round_` is the radius of its bends."""
    path = np.asarray(points, dtype=float)
    return tube(name, slot, fillet(path, round_, 4) if round_ else path, radius, sides=sides)


def pair(name: str, part: Part) -> Part:
    return merge(name, [part, mirror(part)])


def arc_sweep(name: str, slot: str, path: np.ndarray, section: np.ndarray, centre: tuple[float, float]) -> Part:
    """A section (S,2) of (sideways = x, outwards) along an arc in the plane x = 0 about `centre` (y, z)."""
    out = path[:, 1:] - np.asarray(centre)
    out = out / np.linalg.norm(out, axis=1, keepdims=True)
    rings = np.zeros((len(path), len(section), 3))
    rings[..., 0] = section[None, :, 0]
    rings[..., 1:] = path[:, None, 1:] + section[None, :, 1, None] * out[:, None, :]
    return loft(name, slot, rings)


METALS = {"tyre": "rubber", "rim": "aluminium", "metal": "chrome", "saddle": "black leather", "grip": "rubber"}
LAMPS = {"lamp": "headlight", "tail lamp": "taillight", "brake": "iron"}


def two_wheeler(name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build) -> Kind:
    return Kind(name, "vehicles", words, size, slots, knobs, steady(build, size))
