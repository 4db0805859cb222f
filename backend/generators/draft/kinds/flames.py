"""Lanterns and candles."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import oval, rod
from ..outlines import around, fillet
from ..solids import box, cylinder, lathe, merge, sweep, torus, turn


def _lantern(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    ring = style["ring"] * 0.16 * h
    top = h - ring
    roof = style["roof"] * top
    base = style["base"] * 0.12 * top
    post = style["post"] * 0.1 * r
    parts: list[Part] = []
    cage = 0.82 * r
    if style["form"] == "square":
        parts += _square_cage(style, r, base, post, top, roof)
    else:
        parts += _round_cage(style, post, base, cage, top, roof, r)
    hoop = ring * 0.55
    parts.append(
        torus("ring", "stand", (0, 0, h - hoop - 0.06 * r * style["wire"]), hoop, 0.12 * r * style["wire"], axis=1)
    )
    return oval(parts, r, w, d)


def _round_cage(style: Style, post: float, base: float, cage: float, top: float, roof: float, r: float) -> list[Part]:
    """Bars around a glass under a hat."""
    parts: list[Part] = []
    parts += [
        lathe(
            "base",
            "stand",
            fillet([(0, 0), (r, 0), (r, 0.5 * base), (0.8 * r, base), (0, base)], 0.2 * base, 3),
            sides=32,
        )
    ]
    posts = [
        turn(rod("post", "stand", (cage, 0, 0.8 * base), (cage, 0, top - 0.95 * roof), post, 8), "z", a)
        for a in np.arange(style["posts"]) * (360 / style["posts"])
    ]
    parts.append(merge("posts", posts))
    parts.append(cylinder("glass", "glass", (0, 0, base), (0, 0, top - roof), 0.93 * cage, bevel=0.01 * r, sides=32))
    parts.append(
        lathe(
            "roof",
            "stand",
            fillet(
                [
                    (0, top - roof),
                    (r, top - roof),
                    (0.95 * r, top - 0.8 * roof),
                    (1.15 * style["neck"] * r, top - 0.25 * roof),
                    (style["neck"] * r, top),
                    (0, top),
                ],
                0.08 * r,
                3,
            ),
            sides=32,
        )
    )
    return parts


def _square_cage(style: Style, r: float, base: float, post: float, top: float, roof: float) -> list[Part]:
    """Four posts around glass under a tent roof."""
    parts: list[Part] = []
    side = 0.78 * r
    parts += [box("base", "stand", around(0, 2 * r), around(0, 2 * r), (0, base), 0.3 * base, 2)]
    parts += [
        box("post", "stand", around(sx * side, post), around(sy * side, post), (0.9 * base, top - roof), 0.1 * post)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    parts.append(box("glass", "glass", around(0, 2 * side), around(0, 2 * side), (base, top - roof), 0.02 * r))
    section = np.array([(-r, -r), (r, -r), (r, r), (-r, r)])
    parts.append(
        sweep(
            "roof",
            "stand",
            [(0, 0, top - roof), (0, 0, top - 0.75 * roof), (0, 0, top)],
            section,
            scale=np.array([1.0, 0.97, style["neck"]]),
            up=(0, 1, 0),
            smooth=30,
        )
    )
    return parts


def _candle(style: Style, size: Size) -> list[Part]:
    """One or more candles on a dish or in a glass; the flames reach the top of the box."""
    w, d, h = size
    r = min(w, d) / 2
    flame = style["flame"] * 0.16 * h
    dish = style["dish"] * 0.08 * h
    inner = style["rim"] * r
    lip = 0.8 * dish if style["holder"] == "dish" else 0.15 * dish
    bowl = [(0, 0), (inner, 0), (r, lip), (0.97 * r, lip + 0.2 * dish), (0.95 * inner, 0.35 * dish), (0, 0.35 * dish)]
    parts = [lathe("dish", "dish", fillet(bowl, 0.2 * dish, 3), sides=40)]
    count = style["count"]
    thick = (0.62 if count == 1 else 0.34) * r * style["thickness"]
    for k in range(count):
        a = 2 * np.pi * k / count + 0.6
        at = np.array([np.cos(a), np.sin(a)]) * (0.0 if count == 1 else 0.44 * r)
        top = (h - flame) * (1.0 if k == 0 else 1 - style["steps"] * k)
        melt = style["melt"] * 0.5 * thick
        wax = [
            (0, 0.3 * dish),
            (thick, 0.3 * dish),
            (thick, top),
            (0.85 * thick, top + 0.1 * melt),
            (0.5 * thick, top - melt),
            (0, top - melt),
        ]
        parts.append(lathe("wax", "wax", fillet(wax, 0.1 * thick, 3), at=(*at, 0), sides=32))
        parts.append(rod("wick", "wick", (*at, top - 1.2 * melt), (*at, top + 0.25 * flame), 0.08 * thick, 8))
        drop = np.array([(0, 0.1), (0.22, 0.16), (0.3, 0.34), (0.2, 0.6), (0.07, 0.88), (0, 1)]) * (flame, flame)
        parts.append(lathe("flame", "flame", fillet(drop, 0.1 * flame, 3), at=(*at, top), sides=16))
    return oval(parts, r, w, d)


KINDS = (
    Kind(
        "lantern",
        "lighting",
        ("candle lantern", "garden lantern", "storm lantern", "oil lamp"),
        (0.2, 0.2, 0.4),
        {"stand": "black metal", "glass": "clear glass"},
        {
            "ring": Range(0.7, 1.2),
            "roof": Range(0.22, 0.34),
            "base": Range(0.7, 1.3),
            "post": Range(0.8, 1.4),
            "wire": Range(0.7, 1.3),
            "neck": Range(0.25, 0.4),
            "form": Choice(("square", "round")),
            "posts": Choice((4, 6, 8)),
        },
        _lantern,
    ),
    Kind(
        "candle",
        "lighting",
        ("candles", "candle holder", "tealight"),
        (0.12, 0.12, 0.15),
        {"wax": "white wax", "dish": "brass", "flame": "glowing flame", "wick": "black cloth"},
        {
            "flame": Range(0.8, 1.3),
            "dish": Range(0.7, 1.4),
            "thickness": Range(0.8, 1.1),
            "steps": Range(0.1, 0.25),
            "melt": Range(0.2, 0.8),
            "rim": Range(0.6, 0.8),
            "count": Choice((1, 3)),
            "holder": Choice(("dish", "plate")),
        },
        _candle,
    ),
)
