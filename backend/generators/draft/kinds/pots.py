"""Pots with soil, and curved stems: what plants for rooms share."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Size, Style
from ..outlines import fillet, rounded_rectangle
from ..solids import box, ellipsoid, lathe, sweep
from .proportions import Build, filling, steady


def pot(style: Style, width: float, height: float) -> tuple[list[Part], float, float]:
    """A pot of a width and a height on the floor with its soil; also the radius and the height of the soil."""
    r, h = width / 2, height
    shape = style["pot"]
    if shape == "square":
        wall = [box_ring(r, h)]
    else:
        profiles = {
            "tapered": [
                (0.0, 0.0),
                (0.68, 0.0),
                (0.95, 0.8),
                (1.0, 0.8),
                (1.0, 1.0),
                (0.88, 1.0),
                (0.86, 0.85),
                (0.0, 0.83),
            ],
            "bowl": [
                (0.0, 0.0),
                (0.45, 0.0),
                (0.85, 0.3),
                (1.0, 0.65),
                (0.95, 1.0),
                (0.86, 1.0),
                (0.88, 0.8),
                (0.0, 0.8),
            ],
            "cylinder": [(0.0, 0.0), (0.96, 0.0), (1.0, 0.05), (1.0, 1.0), (0.9, 1.0), (0.9, 0.86), (0.0, 0.86)],
        }
        profile = np.array(profiles[shape]) * (r, h)
        wall = [lathe("pot", "pot", fillet(profile, 0.05 * r, 3), sides=40)]
    if shape == "square":
        return (
            [*wall, box("soil", "soil", (-0.84 * r, 0.84 * r), (-0.84 * r, 0.84 * r), (0.9 * h, 1.02 * h), 0.02 * h)],
            0.8 * r,
            h,
        )
    level = 0.86 * h
    return [*wall, ellipsoid("soil", "soil", (0, 0, level), (0.84 * r, 0.84 * r, 0.07 * h))], 0.8 * r, level


def box_ring(r: float, h: float) -> Part:
    """A square pot: its walls narrow towards the floor."""
    section = rounded_rectangle((-r, r), (-r, r), 0.12 * r, 4)
    return sweep(
        "pot",
        "pot",
        np.array([(0, 0, 0), (0, 0, 0.82 * h), (0, 0, 0.821 * h), (0, 0, h)]),
        section,
        scale=np.array([0.74, 0.93, 1.0, 1.0]),
    )


def bow(start: np.ndarray, middle: np.ndarray, end: np.ndarray, count: int) -> np.ndarray:
    """A quadratic curve (count,3)."""
    t = np.linspace(0, 1, count)[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end


POTS = Choice(("tapered", "bowl", "cylinder", "square"))
POT_KNOBS = {"pot": POTS}


def plant(
    name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build: Build, rounds: int = 2
) -> Kind:
    return Kind(name, "plants", words, size, slots, knobs, steady(filling(build, rounds), size))
