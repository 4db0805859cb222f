"""Poles with their feet: what things in the street share."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Size, Style
from ..outlines import fillet
from ..solids import lathe
from .proportions import Build, fitted, steady


def post(style: Style, r: float, top: float, base: str) -> list[Part]:
    """A pole with a foot: "flange", "cast" or "plain"."""
    profiles = {
        "flange": [(0, 0), (2.6, 0), (2.6, 0.012), (1.4, 0.02), (1.0, 0.05), (0.8, 1.0), (0, 1.0)],
        "cast": [
            (0, 0),
            (2.8, 0),
            (2.8, 0.02),
            (2.3, 0.05),
            (2.3, 0.1),
            (1.5, 0.13),
            (1.9, 0.15),
            (1.5, 0.17),
            (1.1, 0.22),
            (1.3, 0.24),
            (1.05, 0.26),
            (0.75, 1.0),
            (0, 1.0),
        ],
        "plain": [(0, 0), (1.1, 0), (1.1, 0.15), (1.0, 0.16), (0.8, 1.0), (0, 1.0)],
    }
    profile = fillet(np.array(profiles[base]) * (r, top), 0.3 * r, 2)
    return [lathe("post", "metal", profile, sides=24)]


def thing(name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build: Build) -> Kind:
    return Kind(name, "street", words, size, slots, knobs, steady(fitted(build), size, 2.0))


BASES = Choice(("flange", "cast", "plain"))
