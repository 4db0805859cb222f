"""Loudspeakers, headphones and radios."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import front, rubber_feet
from ..outlines import Span, around, fillet, inset, length, middle, rounded_rectangle, split
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    move,
    plate,
    sweep,
    tiles,
    torus,
    tube,
    turn,
)


def _speaker(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    depth = 0.03 * d
    feet = style["feet"] * 0.04 * h
    edge = style["edge"] * 0.08 * min(w, d)
    case_y = (y[0] + depth, y[1])
    parts = [
        plate(
            "case",
            "case",
            x,
            case_y,
            (feet, h),
            axis="y",
            corner=edge + 0.01 * w,
            bevel=0.4 * edge + 0.002 * w,
            segments=6,
            grain=2,
        )
    ]
    parts.append(rubber_feet("cones", x, case_y, feet, 0.1 * w))
    tall = h - feet
    cones = style["cones"]
    big = min(style["cone"] * 0.42 * w, 0.42 * tall / (1 + 0.62 * (cones - 1)))
    at = feet + 0.06 * tall + big
    for k in range(cones):
        r = big if k < max(1, cones - 1) else 0.5 * big
        if k:
            at += r + 0.05 * tall
        parts += _driver(style, r, y[0] + depth, depth, at)
        at += r
    if style["port"] == "port" and at + 0.1 * w < h:
        parts.append(
            front(
                torus("port", "cones", (0, 0, 0), style["port_size"] * 0.07 * w, 0.03 * w),
                0.25 * w,
                y[0] + depth,
                h - 0.1 * w,
            )
        )
    if style["light"] == "light":
        parts.append(
            cylinder(
                "light",
                "light",
                (-0.38 * w, y[0] + depth, feet + 0.05 * h),
                (-0.38 * w, y[0] + 0.6 * depth, feet + 0.05 * h),
                0.018 * w,
                bevel=0.002 * w,
                sides=12,
            )
        )
    return parts


def _driver(style: Style, r: float, y: float, depth: float, z: float) -> list[Part]:
    """A loudspeaker cone with its ring, sunk into the front at y."""
    ring = lathe(
        "ring",
        "rings",
        [
            ((1 - 0.14 * style["ring"]) * r, 0),
            (r, 0),
            (r, 0.6 * depth),
            (0.95 * r, depth),
            ((1 - 0.14 * style["ring"]) * r, 0.7 * depth),
        ],
        sides=40,
    )
    roll = torus("surround", "cones", (0, 0, 0.35 * depth), 0.8 * r, 0.16 * r, sides=40)
    dish = [
        (0, -0.5 * depth),
        (0.84 * r, -0.5 * depth),
        (0.74 * r, 0.3 * depth),
        (0.3 * r, -0.2 * depth),
        (0, -0.2 * depth),
    ]
    dome = ellipsoid("dome", "cones", (0, 0, -0.1 * depth), (0.3 * r, 0.3 * r, style["dome"] * 0.16 * r), 5)
    return [front(part, 0, y, z) for part in (ring, roll, lathe("cone", "cones", dish, sides=40), dome)]


def _headphones(style: Style, size: Size) -> list[Part]:
    """Standing on their cups, the band over them."""
    w, d, h = size
    cup_r = min(style["cup"] * 0.48 * d, 0.34 * h)
    cup_t = min(style["cup_depth"] * 0.16 * w, 0.3 * w)
    band_w = style["band"] * 0.3 * d
    t = np.linspace(0, np.pi, 29)
    radius_x = w / 2 - 0.55 * cup_t
    rise = h - 1.05 * cup_r
    path = np.stack([-radius_x * np.cos(t), 0 * t, 1.05 * cup_r + (rise - 0.03 * h) * np.sin(t) ** 0.9], axis=1)
    section = rounded_rectangle(around(0, band_w), around(0, 0.055 * h * style["band_depth"]), 0.02 * h, 3)
    parts = [sweep("band", "case", path, section, up=(1.0, 0.0, 0.0), smooth=70)]
    pad_path = path[8:21] - np.array([0, 0, 0.035 * h])
    pad = rounded_rectangle(around(0, 0.85 * band_w), around(0, 0.05 * h), 0.024 * h, 3)
    parts.append(sweep("band pad", "pads", pad_path, pad, up=(1.0, 0.0, 0.0), smooth=70))
    for side in (-1, 1):
        shell = lathe(
            "shell",
            "case",
            fillet(
                [(0, 0), (cup_r, 0), (cup_r, 0.45 * cup_t), (0.7 * cup_r, 0.62 * cup_t), (0, 0.65 * cup_t)],
                0.1 * cup_r,
                4,
            ),
            sides=36,
        )
        cap = lathe(
            "cap",
            "metal",
            fillet(
                [(0, 0.6 * cup_t), (0.5 * cup_r, 0.6 * cup_t), (0.45 * cup_r, 0.72 * cup_t), (0, 0.72 * cup_t)],
                0.05 * cup_r,
                2,
            ),
            sides=28,
        )
        pad_ring = torus(
            "ear pad", "pads", (0, 0, -0.22 * cup_t), 0.7 * cup_r, style["pad"] * 0.5 * min(cup_t, cup_r), sides=36
        )
        ear = [
            turn(part, "y", 90.0 * side)
            for part in ((shell, cap, pad_ring) if style["cap"] == "disc" else (shell, pad_ring))
        ]
        x = side * (w / 2 - 0.72 * cup_t)
        parts += [move(part, x, 0, cup_r) for part in ear]
    if style["fork"] == "fork":
        for side in (-1, 1):
            a = np.linspace(-0.2 * np.pi, 1.2 * np.pi, 17)
            x = side * (w / 2 - 0.45 * cup_t)
            ring = np.stack([np.full(17, x), 1.06 * cup_r * np.cos(a), cup_r + 1.06 * cup_r * np.sin(a)], axis=1)
            parts.append(tube("fork", "metal", ring, style["fork_width"] * 0.012 * h, 8))
    return parts


def _radio(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    top = style["handle_height"] * h if style["handle"] == "handle" else 0.0
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0.02 * h, h - top)
    tall = length(z)
    knob_d = style["knob_depth"] * 0.08 * d
    case_y = (y[0] + knob_d, y[1])
    parts = [
        plate(
            "case",
            "case",
            x,
            case_y,
            z,
            axis="y",
            corner=style["corner"] * 0.3 * tall,
            bevel=0.06 * d,
            segments=6,
            grain=0,
        ),
        rubber_feet("cones", x, case_y, 0.025 * h, 0.06 * w),
    ]
    split_x = x[0] + style["grille"] * w
    grille_x, face = (x[0] + 0.06 * w, split_x), (case_y[0] - 0.15 * knob_d, case_y[0] + 0.02 * d)
    if style["grille_form"] == "slats":
        parts.append(
            tiles("grille", "grille", grille_x, face, inset(z, 0.14 * tall), (1, 1, 9), 0.03 * tall, 0.05 * knob_d)
        )
    else:
        parts.append(
            plate(
                "grille",
                "grille",
                grille_x,
                face,
                inset(z, 0.12 * tall),
                axis="y",
                corner=0.1 * tall,
                bevel=0.05 * knob_d,
            )
        )
    parts += _tuning(style, size, split_x, face, x, tall, knob_d, z, y, case_y)
    if style["handle"] == "handle":
        bar = style["bar"] * 0.05 * h
        path = fillet(
            [
                (-0.36 * w, 0, z[1] - 0.03 * h),
                (-0.36 * w, 0, h - bar / 2),
                (0.36 * w, 0, h - bar / 2),
                (0.36 * w, 0, z[1] - 0.03 * h),
            ],
            0.6 * top,
            5,
        )
        parts.append(tube("handle", "knobs", path, bar / 2, 10))
    return parts


def _tuning(
    style: Style,
    size: Size,
    split_x: float,
    face: Span,
    x: Span,
    tall: float,
    knob_d: float,
    z: Span,
    y: Span,
    case_y: Span,
) -> list[Part]:
    """The scale with its needle, and the knobs under it."""
    w, d, _ = size
    parts: list[Part] = []
    right = (split_x + 0.05 * w, x[1] - 0.06 * w)
    parts.append(
        plate(
            "scale",
            "scale",
            right,
            face,
            (z[0] + 0.58 * tall, z[0] + 0.86 * tall),
            axis="y",
            corner=0.03 * tall,
            bevel=0.05 * knob_d,
        )
    )
    parts.append(
        box(
            "needle",
            "knobs",
            around(right[0] + style["needle"] * length(right), 0.006 * w),
            (face[0] - 0.05 * knob_d, face[1]),
            (z[0] + 0.6 * tall, z[0] + 0.84 * tall),
            0.001 * w,
        )
    )
    for cell in split(right, style["knobs"], 0.03 * w):
        r = min(0.42 * length(cell), 0.14 * tall)
        parts.append(
            cylinder(
                "knob",
                "knobs",
                (middle(cell), case_y[0] + 0.01 * d, z[0] + 0.3 * tall),
                (middle(cell), y[0], z[0] + 0.3 * tall),
                r,
                bevel=0.15 * knob_d,
            )
        )
    return parts


KINDS = (
    Kind(
        "speaker",
        "electronics",
        ("loudspeaker", "bookshelf speaker", "speakers", "subwoofer", "sound box"),
        (0.2, 0.22, 0.34),
        {"case": "walnut wood", "cones": "black rubber", "rings": "brushed steel", "light": "glowing blue glass"},
        {
            "feet": Range(0.4, 1.2),
            "edge": Range(0.2, 1.4),
            "cone": Range(0.85, 1.0),
            "dome": Range(0.6, 1.4),
            "ring": Range(0.8, 1.4),
            "port_size": Range(0.8, 1.3),
            "cones": Choice((1, 2, 3)),
            "port": Choice(("port", "none")),
            "light": Choice(("light", "none")),
        },
        _speaker,
    ),
    Kind(
        "headphones",
        "electronics",
        ("headset", "earphones"),
        (0.18, 0.09, 0.2),
        {"case": "black plastic", "pads": "black leather", "metal": "brushed steel"},
        {
            "cup": Range(0.8, 1.05),
            "cup_depth": Range(0.9, 1.4),
            "band": Range(0.8, 1.4),
            "band_depth": Range(0.7, 1.3),
            "pad": Range(0.8, 1.2),
            "fork_width": Range(0.7, 1.3),
            "fork": Choice(("fork", "none")),
            "cap": Choice(("disc", "plain")),
        },
        _headphones,
    ),
    Kind(
        "radio",
        "electronics",
        ("stereo", "boombox", "retro radio"),
        (0.3, 0.11, 0.22),
        {
            "case": "walnut wood",
            "grille": "cream fabric",
            "scale": "cream paper",
            "knobs": "brass",
            "cones": "black rubber",
        },
        {
            "handle_height": Range(0.12, 0.22),
            "knob_depth": Range(0.8, 1.4),
            "corner": Range(0.2, 0.9),
            "grille": Range(0.5, 0.62),
            "bar": Range(0.7, 1.3),
            "needle": Range(0.2, 0.8),
            "grille_form": Choice(("slats", "cloth")),
            "knobs": Choice((2, 3)),
            "handle": Choice(("handle", "none")),
        },
        _radio,
    ),
)
