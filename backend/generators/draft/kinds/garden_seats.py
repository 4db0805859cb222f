"""Benches and the slatted chair of a garden."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import four_legs, unit
from ..outlines import Span, around, fillet, inset, length, rounded_rectangle, split
from ..solids import (
    box,
    merge,
    move,
    plate,
    prism,
    sweep,
    turn,
)


def _garden_chair(style: Style, size: Size) -> list[Part]:
    """Slatted, low and leaned back, with broad arms."""
    w, d, h = size
    t = style["board"] * unit(size)
    arm = style["arm_height"] * h
    seat_front, seat_back = style["seat_height"] * h, 0.65 * style["seat_height"] * h
    slats = style["slats"]
    inner = around(0, w - 2 * style["arm_width"] * w)
    deep = (-0.46 * d, 0.22 * d)
    parts = []
    for side in (-1, 1):
        x = side * (inner[1] + 0.5 * t)
        outline = [
            (-0.46 * d, seat_front - 0.13 * h),
            (0.42 * d, 0.0),
            (0.5 * d, 0.0),
            (0.5 * d, 0.05 * h),
            (-0.46 * d, seat_front),
        ]
        parts.append(prism("side", "wood", outline, "x", around(x, t), 0.15 * t, grain=1))
        parts.append(box("front leg", "wood", around(x, t), (-0.42 * d, -0.3 * d), (0, arm), 0.15 * t, grain=2))
        parts.append(
            box(
                "arm",
                "wood",
                around(x + side * 0.1 * style["arm_width"] * w, style["arm_width"] * w * 1.4),
                (-0.5 * d, 0.3 * d),
                (arm, arm + t),
                0.2 * t,
                grain=1,
            )
        )
    tilt = np.degrees(np.arctan2(seat_front - seat_back, length(deep)))
    boards = [box("seat slat", "wood", inner, s, (0, t), 0.2 * t) for s in split(deep, slats, 0.012 * d)]
    parts += [move(turn(b, "x", -tilt, (0, deep[0], 0)), z=seat_front) for b in boards]
    return parts + _fan_back(style, inner, 0.14 * d, (seat_back - 0.05 * h, h), t)


def _fan_back(style: Style, x: Span, y: float, z: Span, t: float) -> list[Part]:
    boards = []
    columns = split(inset(x, 0.03 * length(x)), style["boards"], 0.015 * length(x))
    for s in columns:
        centre = (s[0] + s[1]) / 2 / (length(x) / 2)
        drop = style["arch"] * 0.2 * length(z) * centre**2
        boards.append(
            plate(
                "back board",
                "wood",
                s,
                around(0, t),
                (z[0], z[1] - drop),
                axis="y",
                corner=0.3 * length(s),
                bevel=0.2 * t,
                grain=2,
            )
        )
    boards += [
        box(
            "batten",
            "wood",
            inset(x, 0.02 * length(x)),
            (0.5 * t, 1.5 * t),
            around(z[0] + f * length(z), 0.08 * length(z)),
            0.15 * t,
        )
        for f in (0.25, 0.62)
    ]
    return [move(turn(b, "x", -style["recline"], (0, 0, z[0])), y=y) for b in boards]


def _bench(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    backed = style["back"] != "none"
    seat = h * (style["seat_height"] if backed else 1.0)
    t = min(style["board"] * unit(size), 0.2 * seat)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2 - (0.1 * d if backed else 0))
    boards = [
        box("seat board", "wood", x, s, (seat - t, seat), 0.2 * t) for s in split(y, style["boards"], style["gap"] * d)
    ]
    parts = [merge("seat", boards), *_bench_frames(style, inset(x, style["overhang"] * w), y, seat - t, t, w)]
    if backed:
        rows = split((seat + 0.12 * h, h), 3, 0.05 * h) if style["back"] == "boards" else [(seat + 0.35 * h, h)]
        back = [box("back board", "wood", x, around(0, t), row, 0.2 * t) for row in rows]
        posts = [
            box("post", "frame", around(px, 1.4 * t), (0.4 * t, 1.8 * t), (seat - 2 * t, 0.97 * h), 0.15 * t)
            for px in inset(x, style["overhang"] * w)
        ]
        parts += [move(turn(b, "x", -style["recline"], (0, 0, seat)), y=y[1] - 0.05 * d) for b in [*back, *posts]]
    return parts


def _bench_frames(style: Style, x: Span, y: Span, top: float, t: float, w: float) -> list[Part]:
    width = style["leg_width"] * top * 0.16
    if style["legs"] == "loop":
        loops = []
        for px in inset(x, width / 2):
            path = fillet(
                [
                    (px, y[0] + width, width / 2),
                    (px, y[1] - width, width / 2),
                    (px, y[1] - width, top - width / 2),
                    (px, y[0] + width, top - width / 2),
                ],
                0.3 * width,
                3,
                closed=True,
            )
            loops.append(
                sweep(
                    "loop",
                    "frame",
                    path,
                    rounded_rectangle(around(0, width), around(0, width), 0.1 * width, 2),
                    closed=True,
                    up=(1, 0, 0),
                )
            )
        return loops
    if style["legs"] == "panel":
        return [
            box("panel", "frame", around(px, 1.5 * t), inset(y, 0.04 * length(y)), (0, top + 0.1 * t), 0.2 * t, grain=2)
            for px in x
        ]
    beam = box(
        "beam", "frame", inset(x, -0.02 * w), around(sum(y) / 2, 1.2 * t), (top - 2 * t, top - 0.05 * t), 0.1 * t
    )
    return [
        four_legs(
            "frame",
            inset(x, -0.03 * w),
            inset(y, 0.03 * length(y)),
            (0, top + 0.1 * t),
            width,
            0.8,
            0.05 * length(y),
            "square",
        ),
        beam,
    ]


KINDS = (
    Kind(
        "garden chair",
        "seating",
        ("backyard chair", "patio chair", "lawn chair", "adirondack chair", "deck chair", "outdoor chair"),
        (0.76, 0.86, 0.94),
        {"wood": "teak wood"},
        {
            "board": Range(0.024, 0.034),
            "arm_height": Range(0.52, 0.6),
            "arm_width": Range(0.09, 0.13),
            "seat_height": Range(0.36, 0.43),
            "recline": Range(14, 24),
            "arch": Range(0.2, 1.0),
            "slats": Choice((5, 6, 7)),
            "boards": Choice((4, 5, 6, 7)),
        },
        _garden_chair,
    ),
    Kind(
        "bench",
        "seating",
        ("park bench", "garden bench", "hall bench"),
        (1.4, 0.48, 0.8),
        {"wood": "oak wood", "frame": "black metal"},
        {
            "seat_height": Range(0.5, 0.56),
            "board": Range(0.035, 0.05),
            "gap": Range(0.01, 0.05),
            "overhang": Range(0.04, 0.12),
            "leg_width": Range(0.7, 1.1),
            "recline": Range(4, 12),
            "boards": Choice((1, 3, 4, 5)),
            "legs": Choice(("loop", "panel", "legs")),
            "back": Choice(("none", "boards", "single")),
        },
        _bench,
    ),
)
