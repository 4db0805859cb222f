"""Builders that work in absolute measures stay in the proportions they are made for; the rest is stretching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..asset import Part, Size, Style, bounds

Build = Callable[[Style, Size], list[Part]]


def steady(build: Build, typical: Size, limit: float = 1.5) -> Build:
    """The builder, asked only for assets of the typical volume whose sides differ at most by `limit` from the typical
    ones, and scaled afterwards: a car for a shoe box has no thicker door seams than a real one."""

    def near(style: Style, size: Size) -> list[Part]:
        ratio = np.asarray(size) / np.asarray(typical)
        scale = float(np.cbrt(ratio.prod()))
        shape = np.clip(ratio / scale, 1 / limit, limit) * np.asarray(typical)
        parts = build(style, (float(shape[0]), float(shape[1]), float(shape[2])))
        return [replace(part, vertices=part.vertices * scale, uvs=part.uvs * scale) for part in parts]

    return near


def filling(build: Build, rounds: int = 2) -> Build:
    """A builder whose things grow to a size of their own: asked again for what fills the box, round stays round."""

    def grown(style: Style, size: Size) -> list[Part]:
        spread, rise = 1.0, 1.0
        for _ in range(rounds):
            low, high = bounds(build(style, (size[0] * spread, size[1] * spread, size[2] * rise)))
            spread *= float(np.sqrt(size[0] * size[1] / ((high - low)[0] * (high - low)[1])))
            rise *= float(size[2] / (high - low)[2])
        return build(style, (size[0] * spread, size[1] * spread, size[2] * rise))

    return grown


def fitted(build: Build, rounds: int = 2) -> Build:
    """The same for things that answer to each side of the box by itself."""

    def grown(style: Style, size: Size) -> list[Part]:
        wanted = np.asarray(size)
        asked = wanted.copy()
        for _ in range(rounds):
            low, high = bounds(build(style, (float(asked[0]), float(asked[1]), float(asked[2]))))
            asked = np.clip(asked * wanted / (high - low), 0.6 * wanted, 1.6 * wanted)
        return build(style, (float(asked[0]), float(asked[1]), float(asked[2])))

    return grown
