"""How a creature fills its box: its skeleton is laid out, measured and stretched until it fits, and only then skinned.

Joints follow the box by axis while thicknesses, heads and feet keep their shape: an odd box gives a long-legged or
long-backed creature, not a squeezed one. What is left over, `asset.fit` corrects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..bodies import Cover, Vec, cover_bounds, skin


@dataclass(frozen=True)
class Frame:
    """From a creature's own measures to metres: `stretch` for joints by axis, `unit` for everything rigid."""

    stretch: Vec
    unit: float

    @property
    def widening(self) -> float:
        """How much wider than usual a torso is, compared with its other thicknesses."""
        return float(np.clip(self.stretch[0] / self.unit, 0.5, 1.8))

    def at(self, x: float, y: float, z: float) -> Vec:
        return (x * self.stretch[0], y * self.stretch[1], z * self.stretch[2])

    def scaled(self, factor: float) -> Frame:
        return Frame((self.stretch[0] * factor, self.stretch[1] * factor, self.stretch[2] * factor), self.unit * factor)


Species = Callable[[Style, Frame], list[Cover]]


def creature(
    name: str,
    category: str,
    words: tuple[str, ...],
    size: Size,
    slots: Mapping[str, str],
    knobs: Mapping[str, Range | Choice],
    species: Species,
) -> Kind:
    """A kind whose parts are skins of bones."""

    def build(style: Style, box: Size) -> list[Part]:
        return [skin(cover) for cover in grow(species, style, box, size)]

    return Kind(name, category, words, size, slots, knobs, build)


def grow(species: Species, style: Style, box: Size, typical: Size) -> list[Cover]:
    """The covers of one creature, laid out so that their bones nearly fill the box."""
    start = np.asarray(box) / np.asarray(typical)
    ratio = start.copy()
    for _ in range(4):
        covers = species(style, Frame(tuple(ratio), float(np.cbrt(ratio.prod()))))
        low, high = cover_bounds(covers)
        ratio = np.clip(ratio * np.asarray(box) / (high - low), 0.4 * start, 2.5 * start)
    return species(style, Frame(tuple(ratio), float(np.cbrt(ratio.prod()))))
