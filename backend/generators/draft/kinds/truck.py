"""The truck: cab over the engine or behind a bonnet, with box, tank or open body."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet, split
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    merge,
    move,
    prism,
    stretch,
    superellipsoid,
    tube,
    turn,
)
from .car_parts import SLOTS as CAR_SLOTS
from .panels import RIMS, between, both, pane, part_as, vehicle
from .wheels import wheel_set


def truck(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    w, r = 0.45 * width, 0.15 * height * style["wheels"]
    cab_end = (-0.5 + style["cab"]) * length
    deck = 2.15 * r
    axles = [-0.5 * length + 0.62 * r + 0.12 * length, 0.5 * length - 1.35 * r] + (
        [0.5 * length - 3.6 * r] if style["axles"] == "three" else []
    )
    beams = [
        box(
            "beam",
            "trim",
            (s * 0.38 * w - 0.06, s * 0.38 * w + 0.06),
            (-0.45 * length, 0.49 * length),
            (deck - 0.5 * r, deck - 0.04),
            0.02,
        )
        for s in (1, -1)
    ]
    parts = [
        merge("chassis", beams),
        *truck_cab(style, w, length, height, cab_end, r, deck),
        *load(style, w, length, height, cab_end, deck),
    ]
    front, rear = axles[:1], axles[1:]
    parts += wheel_set([(w - 0.07 * w, y, r) for y in front], r, 0.2 * w, style["rims"], 0.32, style["steer"], 1)
    twins = wheel_set([(w - 0.2 * w, y, r) for y in rear], r, 0.36 * w, style["rims"], 0.32)
    bars = [cylinder("axle", "trim", (-0.7 * w, y, r), (0.7 * w, y, r), 0.22 * r, sides=12) for y in axles]
    tank = cylinder(
        "tank",
        "metal",
        (0.72 * w, cab_end + 0.03 * length, 1.15 * r),
        (0.72 * w, cab_end + 0.03 * length + 0.9 * r + 0.05 * length, 1.15 * r),
        0.45 * r,
        bevel=0.03,
    )
    guards = [
        box("mudguard", "trim", (0.5 * w, 0.98 * w), (y - 1.2 * r, y + 1.2 * r), (2.05 * r, 2.12 * r), 0.02)
        for y in rear
    ]
    return [
        *parts,
        *[part_as(part, "rear " + part.name) for part in twins],
        merge("axles", bars),
        both("tanks", [tank]),
        both("mudguards", guards),
        *truck_lamps(style, w, length, height, r),
    ]


def truck_cab(style: Style, w: float, length: float, height: float, end: float, r: float, deck: float) -> list[Part]:
    front, low, top = -0.5 * length, 0.75 * r, (0.8 + 0.06 * (style["cab_roof"] == "high")) * height
    bonnet = style["nose"] == "bonnet"
    rake = style["rake"] * length
    if bonnet:
        step = front + 0.42 * (end - front)
        outline = [
            (front + 0.01 * length, low),
            (end, low),
            (end, top),
            (step + rake, top),
            (step, 0.56 * height),
            (front + 0.02 * length, 0.5 * height),
            (front, 0.4 * height),
        ]
        foot, lower = step, 0.56 * height
    else:
        outline = [(front + 0.005 * length, low), (end, low), (end, top), (front + rake, top), (front, 0.45 * height)]
        foot, lower = front, 0.45 * height
    glass_z = (lower + 0.05 * height, top - 0.05 * height)
    glass_y = [foot + rake * (z - lower) / (top - lower) for z in glass_z]
    cab = prism("cab", "paint", fillet(np.array(outline), 0.02 * length, 3), "x", (-0.97 * w, 0.97 * w), 0.06 * w, 3)
    slope = np.degrees(np.arctan2(glass_y[1] - glass_y[0], glass_z[1] - glass_z[0]))
    tall = np.hypot(glass_y[1] - glass_y[0], glass_z[1] - glass_z[0])
    screen = pane("windscreen", "glass", (-0.86 * w, 0.86 * w), (-0.012, 0.03), (0, tall), "y", 0.06 * w)
    screen = move(turn(screen, "x", -float(slope)), 0, glass_y[0], glass_z[0])
    start = (glass_y[0] if bonnet else front) + 0.03 * length
    door = (start + 0.02 * length, min(end - 0.01 * length, start + 0.09 * length))
    window = pane(
        "door window",
        "glass",
        (0.97 * w - 0.03, 0.97 * w + 0.006),
        door,
        (0.55 * height, top - 0.07 * height),
        "x",
        0.03 * height,
    )
    line = box(
        "door line",
        "trim",
        (0.97 * w - 0.02, 0.97 * w + 0.003),
        (door[1] + 0.004 * length, door[1] + 0.006 * length),
        (1.4 * r + 0.3, top - 0.05 * height),
        0.002,
    )
    handle = box(
        "handle",
        "chrome",
        (0.97 * w, 0.97 * w + 0.02),
        (door[1] - 0.03 * length, door[1] - 0.01 * length),
        (0.5 * height, 0.515 * height),
        0.006,
    )
    arch_y = front + 0.62 * r + 0.12 * length
    arch = cylinder("wheel well", "trim", (0.6 * w, arch_y, r), (0.975 * w, arch_y, r), 1.22 * r, sides=32)
    stack = cylinder(
        "exhaust",
        "chrome",
        (0.86 * w, end + 0.012 * length, deck),
        (0.86 * w, end + 0.012 * length, 0.97 * height),
        0.06 * w,
        sides=16,
    )
    return [
        cab,
        screen,
        both("door windows", [window]),
        both("door lines", [line]),
        both("handles", [handle]),
        both("wheel wells", [arch]),
        both("exhausts", [stack]),
    ]


def truck_lamps(style: Style, w: float, length: float, height: float, r: float) -> list[Part]:
    y = -0.5 * length
    bars = [
        box("grille bar", "chrome", (-0.5 * w, 0.5 * w), (y - 0.015, y + 0.08), z, 0.006)
        for z in split((0.24 * height, (0.24 + 0.14 * style["grille"]) * height), 5, 0.015 * height)
    ]
    lamps = [
        superellipsoid("lamp", "lamp", (0.6 * w, 0.88 * w), (y - 0.02, y + 0.1), (0.22 * height, 0.28 * height), 3.0, 6)
    ]
    bumper = superellipsoid("bumper", "chrome", (-1.0 * w, 1.0 * w), (y - 0.03, y + 0.12), (0.7 * r, 1.2 * r), 5.0, 8)
    tails = [
        box("tail lamp", "tail lamp", (0.6 * w, 0.85 * w), (0.48 * length, 0.4995 * length), (1.6 * r, 1.8 * r), 0.01)
    ]
    mirror_ = superellipsoid(
        "mirror",
        "trim",
        (1.02 * w, 1.11 * w),
        (y + 0.015 * length, y + 0.025 * length),
        (0.56 * height, 0.7 * height),
        4.0,
        6,
    )
    arm = tube(
        "arm",
        "trim",
        [
            (0.95 * w, y + 0.03 * length, 0.72 * height),
            (1.07 * w, y + 0.02 * length, 0.72 * height),
            (1.07 * w, y + 0.02 * length, 0.66 * height),
        ],
        0.015,
        sides=8,
    )
    return [
        merge("grille", bars),
        both("headlamps", lamps),
        bumper,
        both("tail lamps", tails),
        both("mirrors", [mirror_]),
        both("mirror arms", [arm]),
    ]


def load(style: Style, w: float, length: float, height: float, cab_end: float, deck: float) -> list[Part]:
    y = (cab_end + 0.03 * length, 0.495 * length)
    top = style["box"] * height
    if style["load"] == "box":
        return [
            box("cargo box", "cargo", (-w, w), y, (deck, top), 0.03, 2),
            both(
                "ribs",
                [
                    box("rib", "cargo", (w - 0.01, w + 0.012), (c - 0.03, c + 0.03), (deck + 0.05, top - 0.05), 0.005)
                    for c in np.linspace(y[0], y[1], 9)[1:-1]
                ],
            ),
            both("rail", [box("rail", "metal", (w - 0.02, w + 0.014), y, (deck, deck + 0.1), 0.01)]),
        ]
    if style["load"] == "tank":
        middle, half = 0.5 * (deck + top), 0.5 * (top - deck)
        body = cylinder("tank body", "cargo", (0, y[0], 0), (0, y[1], 0), half, bevel=0.35 * half, sides=40)
        body = move(stretch(body, x=0.97 * w / half), 0, 0, middle)
        hatch = cylinder(
            "hatch",
            "metal",
            (0, sum(y) / 2, middle + 0.97 * half),
            (0, sum(y) / 2, top + 0.02 * height),
            0.25 * w,
            sides=20,
        )
        return [body, hatch]
    walls = []
    for spot in (1, -1):
        walls.append(
            box(
                "wall",
                "cargo",
                between(spot * w, spot * 0.95 * w),
                y,
                (deck, deck + 0.45 * (top - deck)),
                0.015,
            )
        )
    walls += [
        box("wall", "cargo", (-0.95 * w, 0.95 * w), span, (deck, deck + tall * (top - deck)), 0.015)
        for span, tall in (((y[0], y[0] + 0.08), 0.8), ((y[1] - 0.06, y[1]), 0.45))
    ]
    heap = ellipsoid(
        "heap",
        "gravel",
        (0, sum(y) / 2, deck + 0.2 * (top - deck)),
        (0.92 * w, 0.46 * (y[1] - y[0]), 0.42 * (top - deck)),
    )
    floor = box("bed", "trim", (-w, w), y, (deck - 0.06, deck + 0.02), 0.01)
    return [merge("side walls", walls), heap, floor]


KINDS = [
    vehicle(
        "truck",
        ("lorry", "semi truck", "dump truck", "fire truck", "garbage truck", "tanker"),
        (2.75, 8.2, 3.4),
        CAR_SLOTS | {"metal": "aluminium", "cargo": "white plastic", "gravel": "gravel"},
        {
            "wheels": Range(0.92, 1.08),
            "cab": Range(0.24, 0.3),
            "box": Range(0.88, 1.0),
            "steer": Range(-12.0, 12.0),
            "rake": Range(0.01, 0.04),
            "grille": Range(0.8, 1.25),
            "nose": Choice(("flat", "bonnet")),
            "cab_roof": Choice(("low", "high")),
            "axles": Choice(("two", "three")),
            "load": Choice(("box", "tank", "open")),
            "rims": RIMS,
        },
        truck,
    ),
]
