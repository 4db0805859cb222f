"""The shoe, toe towards -Y: sneaker, boot or loafer, lofted over a last; a pair when the box is wide enough.

Default material words: upper "white leather"; sole "white rubber"; lace "white cotton"; lining "grey felt";
trim "navy leather".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import box, cylinder, merge, mirror, move, sheet, tube
from .carbody import loft
from .panels import between
from .proportions import fitted, steady

STATIONS = np.array([0.0, 0.02, 0.06, 0.13, 0.23, 0.35, 0.48, 0.6, 0.72, 0.84, 0.93, 0.98, 1.0])  # toe to heel
OUTER = np.array([0.3, 0.5, 0.7, 0.86, 0.97, 1.0, 0.95, 0.84, 0.76, 0.74, 0.7, 0.58, 0.4])  # half widths
INNER = np.array([0.32, 0.52, 0.7, 0.83, 0.89, 0.88, 0.76, 0.64, 0.62, 0.68, 0.66, 0.5, 0.25])
TOPS = {  # height of the upper along the foot
    "sneaker": np.array([0.2, 0.28, 0.34, 0.39, 0.44, 0.52, 0.66, 0.8, 0.86, 0.82, 0.88, 0.92, 0.9]),
    "boot": np.array([0.14, 0.2, 0.24, 0.27, 0.3, 0.35, 0.44, 0.64, 0.93, 1.0, 1.0, 0.99, 0.97]),
    "loafer": np.array([0.2, 0.28, 0.34, 0.39, 0.44, 0.5, 0.58, 0.6, 0.6, 0.62, 0.72, 0.78, 0.76]),
}


class Last:
    """The inside of the shoe: half widths and heights along it, in metres."""

    def __init__(self, style: Style, width: float, length: float, height: float):
        self.width, self.length, self.height = width, length, height
        self.t = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.02, 0.98, 30))
        self.t = (self.t - self.t[0]) / (self.t[-1] - self.t[0])
        toe = style["toe"]
        outer = np.interp(self.t, STATIONS, OUTER)
        inner = np.interp(self.t, STATIONS, INNER)
        front = np.clip(1 - self.t / 0.3, 0, 1)
        self.outer, self.inner = (0.5 * width * w * (1 - front * (1 - toe) * 0.5) for w in (outer, inner))
        top = np.interp(self.t, STATIONS, TOPS[style["cut"]])
        self.sole = style["sole"] * 0.16 * height
        self.top = self.sole + (height - self.sole) * top * np.where(self.t < 0.45, style["vamp"], 1.0)
        self.spring = 0.08 * height * style["spring"] * np.clip(1 - self.t / 0.25, 0, 1) ** 2

    def y(self, t: np.ndarray | float) -> np.ndarray:
        return (np.asarray(t) - 0.5) * self.length

    def ring(self, grow: float, low: np.ndarray, high: np.ndarray, narrow: float) -> np.ndarray:
        """Sections (S,28,3): flat below, `narrow`ing towards the top."""
        angle = np.linspace(-np.pi / 2, 1.5 * np.pi, 29)[:-1]
        c, s = np.cos(angle), np.sin(angle)
        rings = np.zeros((len(self.t), 28, 3))
        for k, (x, z) in enumerate(zip(np.sign(c) * np.abs(c) ** 0.55, np.sign(s) * np.abs(s) ** 0.6, strict=True)):
            half = (self.outer if x > 0 else self.inner) * grow
            share = 0.5 + 0.5 * z
            rings[:, k, 0] = x * half * (1 - narrow * share**1.5)
            rings[:, k, 1] = self.y(self.t) * (1 + 0.3 * (grow - 1))
            rings[:, k, 2] = low + (high - low) * share + self.spring
        return rings

    def surface(self, t: float, side: float) -> np.ndarray:
        """A point on the instep, `side` from -1 (inner) to 1 (outer)."""
        half = float(np.interp(t, self.t, self.outer if side > 0 else self.inner))
        top = float(np.interp(t, self.t, self.top + self.spring))
        return np.array([0.62 * half * side, float(self.y(t)), top - 0.13 * self.height * abs(side) ** 2])


def shoe(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    if style["count"] == "pair":
        one = single(style, 0.47 * width, length, height)
        return [
            merge(part.name, [move(part, 0.265 * width, 0, 0), move(mirror(part), -0.265 * width, 0, 0)])
            for part in one
        ]
    return single(style, width, length, height)


def single(style: Style, width: float, length: float, height: float) -> list[Part]:
    last = Last(style, 0.94 * width, 0.97 * length, height)
    line = last.sole * (1 + (style["heel"] - 1) * np.clip((last.t - 0.45) / 0.3, 0, 1))  # thicker under the heel
    upper = loft("upper", "upper", last.ring(1.0, 0.6 * line, last.top, 0.42), 60.0)
    sole = loft("sole", "sole", last.ring(1.07, np.zeros(30), line, 0.04), 50.0)
    welt = loft("welt", "trim", last.ring(1.05, 0.92 * line, 1.12 * line, 0.0), 50.0)
    parts = [upper, sole, welt, opening(style, last)]
    if style["cut"] != "loafer":
        parts += [tongue(last), *laces(style, last)]
    else:
        parts.append(strap(last))
    return [*parts, *marks(style, last)]


def opening(style: Style, last: Last) -> Part:
    """The dark mouth that the foot goes into: a lined hollow seen from above, as an inset bowl's rim."""
    start = {"sneaker": 0.56, "boot": 0.66, "loafer": 0.42}[style["cut"]]
    t = np.linspace(start, 0.97, 14)
    u = np.linspace(-1, 1, 9)
    grid = np.zeros((14, 9, 3))
    for i, ti in enumerate(t):
        outer, inner = (float(np.interp(ti, last.t, w)) for w in (last.outer, last.inner))
        top = float(np.interp(ti, last.t, last.top + last.spring))
        round_ = np.sqrt(max(1 - ((i - 6.5) / 7.2) ** 2, 0.05))
        for j, uj in enumerate(u):
            half = 0.5 * (outer if uj > 0 else inner) * round_
            grid[i, j] = (uj * half, last.y(ti), top + 0.006 * last.height - 0.02 * last.height * uj**2)
    return sheet("lining", "lining", grid, 0.03 * last.height)


def tongue(last: Last) -> Part:
    t, across = np.linspace(0.42, 0.66, 9), np.linspace(-0.85, 0.85, 7)
    grid = np.array([[last.surface(float(ti), float(s)) for s in across] for ti in t]) * (0.75, 1.0, 1.0)
    grid[..., 2] += last.height * (0.012 + 0.72 * np.maximum(t - 0.55, 0.0))[:, None]
    return sheet("tongue", "upper", grid, 0.03 * last.height)


def laces(style: Style, last: Last) -> list[Part]:
    """Bars over the tongue from eyelet to eyelet, and a bow on the last one."""
    rows, up = style["eyelets"], np.array([0.0, 0.0, last.height])
    thick = 0.016 * last.height * style["laces"] + 0.0016 * last.length
    bars, eyes = [], []
    for t in np.linspace(0.36, 0.56 if style["cut"] == "sneaker" else 0.68, rows):
        left, right = last.surface(float(t), -0.8), last.surface(float(t), 0.8)
        top = last.surface(float(t), 0.0) + 0.035 * up
        line = [left, 0.5 * (left + top) + 0.02 * up, top, 0.5 * (right + top) + 0.02 * up, right]
        bars.append(tube("lace", "lace", fillet(np.array(line), 0.03 * last.width, 3), thick, sides=8))
        eyes += [
            cylinder("eyelet", "trim", p - 0.02 * up, p + 0.018 * up, 1.8 * thick, sides=12) for p in (left, right)
        ]
    knot = top + 0.01 * up
    for s in (1, -1):
        shape = [
            (0, 0, 0),
            (0.16 * s, -0.02, 0.02),
            (0.3 * s, -0.03, -0.08),
            (0.16 * s, 0.03, -0.02),
            (0.02 * s, 0.01, 0),
        ]
        loop = knot + np.array(shape) * (last.width, last.length, last.height)
        bars.append(tube("bow", "lace", fillet(loop, 0.04 * last.width, 3), thick, sides=8))
    return [merge("laces", bars), merge("eyelets", eyes)]


def strap(last: Last) -> Part:
    t = np.linspace(0.34, 0.43, 5)
    grid = np.array(
        [
            [
                np.add(last.surface(float(ti), float(s)), (0, 0, 0.012 * last.height))
                for s in np.linspace(-1.15, 1.15, 11)
            ]
            for ti in t
        ]
    )
    return sheet("strap", "trim", grid, 0.03 * last.height)


def marks(style: Style, last: Last) -> list[Part]:
    """Stripes on the flanks, a toe cap or a heel patch in the second colour."""
    if style["marks"] == "plain":
        return []
    if style["marks"] == "toe cap":
        keep = last.t < 0.2
        low = np.full(30, 1.02 * last.sole)
        rings = last.ring(1.015, low, last.top * 1.01 + 0.004 * last.height, 0.42)[keep]
        return [loft("toe cap", "trim", rings, 60.0)]
    bars = []
    for t in (0.44, 0.5, 0.56):
        for side, half_of in ((1, last.outer), (-1, last.inner)):
            half = float(np.interp(t, last.t, half_of))
            top = float(np.interp(t, last.t, last.top))
            y = float(last.y(t))
            bars.append(
                box(
                    "stripe",
                    "trim",
                    between(side * half * 0.84, side * half),
                    (y, y + 0.022 * last.length),
                    (1.3 * last.sole, last.sole + 0.58 * (top - last.sole)),
                    0.002,
                )
            )
    return [merge("stripes", bars)]


SIZE = (0.115, 0.3, 0.13)
KINDS = [
    Kind(
        "shoe",
        "clothing",
        ("sneaker", "boot", "shoes", "trainers", "loafer", "running shoe", "boots"),
        SIZE,
        {
            "upper": "leather",
            "sole": "white rubber",
            "lace": "white cotton",
            "lining": "charcoal felt",
            "trim": "navy leather",
        },
        {
            "toe": Range(0.7, 1.15),
            "sole": Range(0.8, 1.4),
            "vamp": Range(0.9, 1.12),
            "spring": Range(0.3, 1.6),
            "laces": Range(0.8, 1.3),
            "heel": Range(0.9, 1.7),
            "cut": Choice(("sneaker", "boot", "loafer")),
            "eyelets": Choice((4, 5, 6)),
            "marks": Choice(("stripes", "toe cap", "plain")),
            "count": Choice(("single", "single", "pair")),
        },
        steady(fitted(shoe), SIZE, 2.0),
    ),
]
