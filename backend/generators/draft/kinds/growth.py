"""How a creature fills its box: its skeleton is laid out, measured and stretched until it fits, and only then skinned.

Joints follow the box by axis while thicknesses, heads and feet keep their shape: an odd box gives a long-legged or
long-backed creature, not a squeezed one. What is left over, `asset.fit` corrects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..asset import bounds as asset_bounds
from ..bodies import Bone, Cover, Vec, ball, reach, skin


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


@dataclass(frozen=True)
class Head:
    """A rigid frame at the skull's centre: to the creature's +X side, along the face, and up; in metres."""

    centre: Vec
    side: np.ndarray
    forward: np.ndarray
    up: np.ndarray
    unit: float  # metres per radius of the skull

    @staticmethod
    def looking(centre: Vec, gaze: str, pitch: float, unit: float) -> Head:
        """A head that faces "ahead", "left" or "right", `pitch` degrees below the horizon."""
        yaw, pitch = radians({"ahead": 0.0, "left": 28.0, "right": -28.0}[gaze]), radians(pitch)
        forward = np.array([sin(yaw) * cos(pitch), -cos(yaw) * cos(pitch), -sin(pitch)])
        side = np.array([cos(yaw), sin(yaw), 0.0])
        return Head(centre, side, forward, np.cross(forward, side), unit)

    def direction(self, side: float, forward: float, up: float) -> Vec:
        return tuple(side * self.side + forward * self.forward + up * self.up)

    def at(self, side: float, forward: float, up: float) -> Vec:
        """A point given in skull radii."""
        return tuple(np.asarray(self.centre) + self.unit * np.asarray(self.direction(side, forward, up)))


def eyes_on(bones: Sequence[Bone], head: Head, radius: float, angle: float, lift: float, slot: str = "eyes") -> Cover:
    """A pair of balls set into the surface of a head, `angle` degrees from the nose and `lift` above its axis."""
    a, r = radians(angle), radians(lift)
    balls = []
    for side in (1, -1):
        heading = head.direction(side * sin(a) * cos(r), cos(a) * cos(r), sin(r))
        surface = reach(bones, head.centre, heading)
        balls.append(ball(tuple(np.subtract(surface, np.multiply(0.45 * radius, heading))), radius))
    return Cover("eyes", slot, balls, 500)


Species = Callable[[Style, Frame], Sequence[Cover | Part]]


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
        return [skin(piece) if isinstance(piece, Cover) else piece for piece in grow(species, style, box, size)]

    return Kind(name, category, words, size, slots, knobs, build)


def grow(species: Species, style: Style, box: Size, typical: Size) -> Sequence[Cover | Part]:
    """The pieces of one creature, laid out so that their bones nearly fill the box."""
    start = np.asarray(box) / np.asarray(typical)
    ratio = start.copy()
    for _ in range(4):
        low, high = _bounds(species(style, Frame(tuple(ratio), float(np.cbrt(ratio.prod())))))
        ratio = np.clip(ratio * np.asarray(box) / (high - low), 0.4 * start, 2.5 * start)
    return species(style, Frame(tuple(ratio), float(np.cbrt(ratio.prod()))))


def _bounds(pieces: Sequence[Cover | Part]) -> tuple[np.ndarray, np.ndarray]:
    corners = [
        piece.bounds() if isinstance(piece, Cover) else asset_bounds([piece])
        for piece in pieces
        if not (isinstance(piece, Cover) and piece.within)
    ]
    return np.min([low for low, _ in corners], axis=0), np.max([high for _, high in corners], axis=0)
