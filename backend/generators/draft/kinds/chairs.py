"""Chairs of wood and of one shell."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import four_legs, leg, rod, unit
from ..outlines import Span, around, fillet, inset, length, rounded_rectangle, split
from ..solids import (
    box,
    cushion,
    merge,
    move,
    plate,
    sheet,
    sweep,
    tube,
    turn,
)

CHAIR_KNOBS = {
    "seat_height": Range(0.49, 0.55),
    "seat_thickness": Range(0.028, 0.045),
    "leg_width": Range(0.06, 0.09),
    "taper": Range(0.55, 0.95),
    "splay": Range(0.0, 0.05),
    "recline": Range(4.0, 11.0),
    "seat_round": Range(0.05, 0.3),
    "bars": Choice((3, 4, 5, 6)),
    "back": Choice(("slats", "ladder", "panel", "spindles")),
    "legs": Choice(("round", "square", "turned")),
    "seat": Choice(("wood", "cushion")),
}


def _chair(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    thick = style["seat_thickness"] * h
    seat = style["seat_height"] * h
    width = style["leg_width"] * min(w, d, 0.6 * h)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2 - 0.12 * d)
    splay = style["splay"] * min(w, d)
    legs = four_legs(
        "frame",
        inset(x, 0.02 * w),
        inset(y, 0.02 * d),
        (0, seat - 0.4 * thick),
        width,
        style["taper"],
        splay,
        style["legs"],
    )
    corner = style["seat_round"] * min(w, d)
    parts = [
        legs,
        plate("seat", "frame", inset(x, 0.0), y, (seat - thick, seat), corner=corner, bevel=0.35 * thick, grain=1),
        *_aprons(
            inset(x, 0.02 * w + splay), inset(y, 0.02 * d + splay), (seat - 2.6 * thick, seat - 0.8 * thick), width
        ),
        *[
            turn(part, "x", -style["recline"], (0, y[1] - 0.06 * d, seat))
            for part in _chair_back(style, inset(x, 0.05 * w), y[1] - 0.06 * d, (seat - thick * 0.5, h), width)
        ],
    ]
    if style["seat"] == "cushion":
        parts.append(
            cushion(
                "cushion",
                "cushion",
                inset(x, 0.05 * w),
                inset(y, 0.04 * d, 0.13 * d),
                (seat - 0.1 * thick, seat + 1.3 * thick),
                0.85,
                (0.02, 0.02, 0.35),
            )
        )
    return parts


def _aprons(x: Span, y: Span, z: Span, width: float) -> list[Part]:
    t = 0.5 * width
    mids = inset(x, 0.5 * width), inset(y, 0.5 * width)
    sides = [box("apron", "frame", around(at, t), mids[1], z, 0.1 * t) for at in mids[0]]
    ends = [box("apron", "frame", mids[0], around(at, t), z, 0.1 * t) for at in mids[1]]
    return sides + ends


def _chair_back(style: Style, x: Span, y: float, z: Span, width: float) -> list[Part]:
    post = 0.85 * width
    shape = "square" if style["legs"] == "square" else "round"
    posts = [
        leg("post", "frame", (px, y, z[0]), (px, y, z[1] - 0.02 * length(z)), post, 1.0, shape)
        for px in inset(x, post / 2)
    ]
    inner, tall = inset(x, post), length(z)
    deep = around(y, 0.55 * post)
    rail = (z[1] - 0.2 * tall, z[1])
    parts = [*posts]
    if style["back"] == "ladder":
        rows = split((z[0] + 0.3 * tall, z[1]), style["bars"], 0.09 * tall)
        return parts + [_curved_slat(inset(inner, -0.25 * post), y, row, 0.5 * post) for row in rows]
    if style["back"] == "panel":
        return [*parts, _curved_slat(inset(inner, -0.25 * post), y, (z[0] + 0.3 * tall, z[1]), 0.5 * post)]
    parts.append(_curved_slat(inset(x, -0.1 * post), y, rail, 0.9 * post))
    low = (z[0] + 0.22 * tall, z[0] + 0.32 * tall)
    parts.append(box("lower rail", "frame", inset(inner, -0.2 * post), deep, low, 0.1 * post))
    bars = style["bars"] + 2
    spans = split(inset(inner, 0.06 * length(inner)), bars, 0.5 * length(inner) / bars)
    upright = (low[1] - 0.02 * tall, rail[0] + 0.06 * tall)
    if style["back"] == "spindles":
        rods = [
            rod("spindle", "frame", (sum(s) / 2, y, upright[0]), (sum(s) / 2, y + 0.25 * post, upright[1]), 0.35 * post)
            for s in spans
        ]
    else:
        rods = [box("slat", "frame", s, around(y + 0.1 * post, 0.3 * post), upright, 0.08 * post) for s in spans]
    return [*parts, merge("bars", rods)]


def _curved_slat(x: Span, y: float, z: Span, thickness: float) -> Part:
    """A board bent backward between the posts."""
    half = length(x) / 2
    t = np.linspace(-1, 1, 11)
    path = np.stack([t * half, y + 0.12 * half * (1 - t**2), np.full(11, sum(z) / 2)], axis=1)
    section = rounded_rectangle(around(0, thickness), around(0, length(z)), 0.35 * thickness, 3)
    return sweep("slat", "frame", path, section)


def _shell_chair(style: Style, size: Size) -> list[Part]:
    """A moulded one-piece seat on four slanted legs."""
    w, d, h = size
    seat, u = style["seat_height"] * h, unit(size)
    v = np.linspace(0, 1, 25)
    curl, recline = style["curl"], np.radians(style["recline"])
    bend = np.clip((v - 0.42) / 0.22, 0, 1)
    angle = (np.pi / 2 - recline) * bend * bend * (3 - 2 * bend) - 0.5 * np.clip(0.12 - v, 0, 1) * 8 * style["lip"]
    run = np.stack([np.cos(angle), np.sin(angle)], axis=1).cumsum(axis=0)
    run = (run - run.min(axis=0)) / np.ptp(run, axis=0)
    y = -d / 2 + run[:, 0] * d
    z = seat + run[:, 1] * (h - seat)
    t = np.linspace(-1, 1, 17)
    width = (
        (w / 2)
        * (0.86 + 0.14 * np.sin(np.pi * np.clip(v * 1.3, 0, 1)))
        * np.where(v > 0.85, np.sqrt(np.clip(1 - ((v - 0.85) / 0.22) ** 2, 0.1, 1)), 1)
    )
    rise = curl * 0.16 * min(w, h - seat) * np.abs(t[None, :]) ** 3
    points = np.zeros((25, 17, 3))
    points[..., 0] = width[:, None] * t
    points[..., 1] = y[:, None] - rise * np.sin(angle)[:, None]
    points[..., 2] = z[:, None] + rise * np.cos(angle)[:, None]
    shell = sheet("shell", "shell", points, style["thickness"] * u)
    parts = [shell, *_shell_legs(style, size, seat)]
    if style["pad"] == "pad":
        parts.append(
            cushion(
                "pad",
                "pad",
                around(0, 0.7 * w),
                (-0.4 * d, 0.12 * d),
                (seat + 0.005 * h, seat + 0.05 * h),
                0.9,
                (0, 0, 0.4),
            )
        )
    return parts


def _shell_legs(style: Style, size: Size, seat: float) -> list[Part]:
    w, d, _ = size
    width = style["leg_width"] * unit(size)
    top = seat - 0.01 * size[2]
    if style["legs"] == "sled":
        runners = []
        for side in (-1, 1):
            x = side * 0.42 * w
            path = fillet(
                [
                    (0.5 * x, -0.3 * d, top),
                    (x, -0.42 * d, width / 2),
                    (x, 0.42 * d, width / 2),
                    (0.5 * x, 0.1 * d, top),
                ],
                0.1 * d,
                5,
            )
            runners.append(tube("runner", "legs", path, 0.4 * width))
        return [merge("runners", runners)]
    legs = []
    for sx in (-1, 1):
        for foot, head in ((-0.46, -0.22), (0.44, 0.1)):
            stand, under = (sx * 0.44 * w, foot * d, 0), (sx * 0.2 * w, head * d, top)
            legs.append(leg("leg", "legs", stand, under, 1.1 * width, 0.6, "round"))
    plate_under = box(
        "bracket",
        "legs",
        around(0, 0.46 * w),
        (-0.26 * d, 0.14 * d),
        (top - 0.3 * width, top + 0.2 * width),
        0.1 * width,
    )
    return [*legs, plate_under]


def _rocking_chair(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    t = 0.035 * unit(size)
    rise = style["rocker"] * 0.1 * h
    body = _chair(style, (0.9 * w, 0.72 * d, h - rise))
    parts = [move(part, z=rise * 0.9, y=-0.06 * d) for part in body]
    s = np.linspace(-1, 1, 21)
    for side in (-1, 1):
        x = side * 0.4 * w
        path = np.stack([np.full(21, x), s * 0.5 * d, t / 2 + 0.8 * rise * s**2], axis=1)
        parts.append(sweep("rocker", "frame", path, rounded_rectangle(around(0, 1.3 * t), around(0, t), 0.2 * t, 2)))
        arm_z = rise + style["arm_height"] * h
        parts.append(box("arm", "frame", around(x, 2 * t), (-0.36 * d, 0.22 * d), (arm_z, arm_z + t), 0.3 * t, 2))
        parts.append(rod("arm post", "frame", (x, -0.28 * d, rise + 0.45 * h), (x, -0.3 * d, arm_z + 0.2 * t), 0.9 * t))
    return parts


KINDS = (
    Kind(
        "chair",
        "seating",
        ("dining chair", "wooden chair", "kitchen chair", "side chair", "seat"),
        (0.46, 0.54, 0.86),
        {"frame": "oak wood", "cushion": "beige linen fabric"},
        CHAIR_KNOBS,
        _chair,
    ),
    Kind(
        "shell chair",
        "seating",
        ("plastic chair", "eames chair", "modern chair", "moulded chair", "molded chair"),
        (0.5, 0.54, 0.82),
        {"shell": "white plastic", "legs": "oak wood", "pad": "grey fabric"},
        {
            "seat_height": Range(0.5, 0.56),
            "curl": Range(0.6, 1.2),
            "recline": Range(8, 18),
            "lip": Range(0.2, 0.9),
            "thickness": Range(0.012, 0.02),
            "leg_width": Range(0.045, 0.065),
            "legs": Choice(("dowel", "sled")),
            "pad": Choice(("bare", "pad")),
        },
        _shell_chair,
    ),
    Kind(
        "rocking chair",
        "seating",
        ("rocker",),
        (0.62, 0.9, 1.05),
        {"frame": "walnut wood", "cushion": "beige linen fabric"},
        CHAIR_KNOBS
        | {
            "rocker": Range(0.8, 1.4),
            "arm_height": Range(0.62, 0.68),
            "splay": Range(0.0, 0.02),
            "seat_height": Range(0.38, 0.43),
        },
        _rocking_chair,
    ),
)
