"""Blender's AgX view transform on an sRGB display, as a table: no OpenColorIO needed. NumPy only.

The table samples the transform at linear values 1.2 (k/32)^3 on each axis (spec 3.7); between them trilinear in the
cube root.
"""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import numpy as np

BRIGHTEST = 1.2  # linear; the table ends here


@cache
def table() -> np.ndarray:
    """(33,33,33,3) float32 display values in 0..1, indexed by R, G, B."""
    with np.load(Path(__file__).with_name("agx_lut.npz"), allow_pickle=False) as data:
        return data["rgb"].astype(np.float32) / 65535


def display(linear: np.ndarray) -> np.ndarray:
    """(...,3) scene-linear -> (...,3) float32 display-encoded, 0..1."""
    lut = table()
    last = lut.shape[0] - 1
    coordinate = np.cbrt(np.clip(linear, 0, BRIGHTEST) / BRIGHTEST).astype(np.float32) * last
    low = np.minimum(coordinate.astype(np.int32), last - 1)
    part = coordinate - low
    out = np.zeros(linear.shape, np.float32)
    for r, g, b in itertools.product((0, 1), repeat=3):
        weight = np.ones(linear.shape[:-1], np.float32)
        for axis, step in enumerate((r, g, b)):
            weight *= part[..., axis] if step else 1 - part[..., axis]
        out += weight[..., None] * lut[low[..., 0] + r, low[..., 1] + g, low[..., 2] + b]
    return out


def to_bytes(linear: np.ndarray) -> np.ndarray:
    """(...,3) scene-linear -> uint8 picture."""
    return (display(linear) * 255 + 0.5).astype(np.uint8)
