"""Panes, pairs and names: small tools of the large vehicles."""

from __future__ import annotations

from ..asset import Choice, Kind, Part, Size
from ..outlines import Span
from ..solids import (
    merge,
    mirror,
    plate,
)
from .proportions import steady


def pane(name: str, slot: str, x: Span, y: Span, z: Span, axis: str, corner: float = 0.06) -> Part:
    return plate(name, slot, x, y, z, axis, corner, 0.006, 3)


def between(a: float, b: float) -> Span:
    """The span of two places, whichever is lower."""
    return (min(a, b), max(a, b))


def both(name: str, parts: list[Part]) -> Part:
    return merge(name, [*parts, *map(mirror, parts)])


def part_as(part: Part, name: str) -> Part:
    return merge(name, [part])


def vehicle(name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build) -> Kind:
    return Kind(name, "vehicles", words, size, slots, knobs, steady(build, size))


RIMS = Choice(("five spokes", "ten spokes", "disc"))

AIR = {"glass": "dark-glass", "metal": "steel", "trim": "black plastic", "tyre": "rubber", "lamp": "taillight"}
