"""The tractor: large lugged wheels behind, cab or roll bar."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import circle, fillet, split
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    merge,
    mirror,
    move,
    prism,
    superellipsoid,
    tube,
    turn,
)
from .panels import between, both, part_as, vehicle
from .wheels import axle_wheel


def cleated(radius: float, width: float, lugs: int = 18) -> list[Part]:
    """A tractor wheel about the origin: tyre with slanting lugs, dished rim."""
    tyre, rim, brake = axle_wheel(0.95 * radius, width, "disc", 0.42)
    bars = []
    for i in range(lugs):
        for side in (1, -1):
            outline = np.array([(-0.04, 0.9), (0.04, 0.9), (0.026, 1.0), (-0.026, 1.0)]) * radius
            bar = prism("lug", "tyre", outline, "x", between(side * 0.02 * width, side * 0.5 * width), 0.0)
            bars.append(turn(turn(bar, "z", side * 28.0), "x", 360.0 * (i + 0.25 * side) / lugs))
    return [tyre, rim, brake, merge("lugs", bars)]


def axle_pair(radius: float, width: float, x: float, y: float, turned: float = 0.0, lugs: int = 18) -> list[Part]:
    parts = []
    for piece in cleated(radius, width, lugs):
        both_sides = [move(turn(p, "z", turned), s * x, y, radius) for p, s in ((piece, 1), (mirror(piece), -1))]
        parts.append(merge(piece.name + "s", both_sides))
    return parts


def tractor(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    big, small = (
        min(0.29 * height, 0.24 * length) * style["wheels"],
        min(0.18 * height, 0.14 * length) * style["wheels"],
    )
    rear, front = 0.5 * length - 1.03 * big, -0.5 * length + 1.35 * small
    wide = 0.16 * width * style["tyre_width"]
    x_rear, x_front = 0.5 * width - 0.5 * wide - 0.01, 0.42 * width - 0.4 * wide
    parts = axle_pair(big, wide, x_rear, rear)
    parts += [part_as(p, "front " + p.name) for p in axle_pair(small, 0.75 * wide, x_front, front, style["steer"], 13)]
    w, hood_z = 0.13 * width * style["hood"], 0.55 * height * style["hood_height"]
    hood_y = (-0.47 * length, 0.02 * length)
    outline = [
        (hood_y[0], 0.3 * height),
        (hood_y[1], 0.3 * height),
        (hood_y[1], hood_z),
        (hood_y[0] + (0.09 if style["nose"] == "sloping" else 0.02) * length, hood_z - 0.02 * height),
        (hood_y[0], hood_z - 0.1 * height),
    ]
    parts.append(prism("bonnet", "paint", fillet(np.array(outline), 0.03 * length, 3), "x", (-w, w), 0.03 * width, 4))
    parts.append(
        merge(
            "grille",
            [
                box("bar", "trim", (-0.75 * w, 0.75 * w), (hood_y[0] - 0.01, hood_y[0] + 0.03), z, 0.004)
                for z in split((0.32 * height, hood_z - 0.13 * height), 7, 0.012 * height)
            ],
        )
    )
    lamps = ellipsoid(
        "lamp",
        "lamp",
        (0.62 * w, hood_y[0] + 0.01 * length, hood_z - 0.075 * height),
        (0.3 * w, 0.02 * length, 0.03 * height),
    )
    parts.append(both("headlamps", [lamps]))
    parts.append(
        box(
            "gearbox",
            "frame",
            (-0.8 * w, 0.8 * w),
            (-0.4 * length, rear + 0.3 * big),
            (0.2 * height, 0.38 * height),
            0.03,
        )
    )
    parts += [
        cylinder("rear axle", "frame", (-x_rear, rear, big), (x_rear, rear, big), 0.14 * big, sides=16),
        cylinder("front axle", "frame", (-x_front, front, small), (x_front, front, small), 0.16 * small, sides=12),
    ]
    stack_y = -0.2 * length
    stack = lathe(
        "exhaust",
        "metal",
        np.array([(0, 0), (0.6, 0), (0.6, 0.2), (1.0, 0.25), (1.0, 0.6), (0.5, 0.66), (0.5, 1.0), (0, 1.0)])
        * (0.022 * length, style["stack"] * height * 0.36),
        sides=16,
    )
    parts.append(move(stack, 0.6 * w, stack_y, hood_z - 0.02))
    return [*parts, *tractor_cab(style, w, width, length, height, rear, big, wide, x_rear)]


def tractor_cab(
    style: Style,
    w: float,
    width: float,
    length: float,
    height: float,
    rear: float,
    big: float,
    wide: float,
    x_rear: float,
) -> list[Part]:
    """Mudguards, seat, steering wheel, and a cab or a roll bar over them."""
    angle = np.radians(np.linspace(-15, 165, 19))
    half = 0.62 * wide
    path = [(rear + 1.08 * big * np.cos(a), big + 1.08 * big * np.sin(a)) for a in angle]
    inner = [(rear + 1.03 * big * np.cos(a), big + 1.03 * big * np.sin(a)) for a in angle[::-1]]
    guard = prism(
        "mudguard", "paint", np.array(path + inner), "x", (x_rear - half, x_rear + half - 0.005 * width), 0.004
    )
    cab_w, y = (x_rear - half) * 0.98, (0.03 * length, min(rear + 0.55 * big, 0.47 * length))
    floor = box("platform", "frame", (-cab_w, cab_w), y, (0.34 * height, 0.38 * height), 0.01)
    seat = [
        box(
            "seat",
            "saddle",
            (-0.12 * width, 0.12 * width),
            (y[0] + 0.4 * (y[1] - y[0]), y[0] + 0.75 * (y[1] - y[0])),
            (0.46 * height, 0.51 * height),
            0.02,
        ),
        box(
            "back",
            "saddle",
            (-0.12 * width, 0.12 * width),
            (y[0] + 0.72 * (y[1] - y[0]), y[0] + 0.8 * (y[1] - y[0])),
            (0.49 * height, 0.65 * height),
            0.02,
        ),
    ]
    wheel = turn(
        tube(
            "steering",
            "trim",
            np.column_stack([circle(0.1 * width, 24), np.zeros(24)]),
            0.012 * width,
            sides=8,
            closed=True,
        ),
        "x",
        35.0,
    )
    wheel = move(wheel, 0, y[0] + 0.22 * (y[1] - y[0]), 0.61 * height)
    column = cylinder(
        "column",
        "trim",
        (0, y[0], 0.5 * height),
        (0, y[0] + 0.22 * (y[1] - y[0]), 0.61 * height),
        0.015 * width,
        sides=10,
    )
    parts = [both("mudguards", [guard]), floor, merge("seat", seat), wheel, column]
    top = 0.98 * height
    if style["cab"] == "roll bar":
        bar = tube(
            "roll bar",
            "frame",
            fillet(
                np.array(
                    [(-cab_w, y[1], 0.4 * height), (-cab_w, y[1], top), (cab_w, y[1], top), (cab_w, y[1], 0.4 * height)]
                ),
                0.08 * width,
                4,
            ),
            0.02 * width,
        )
        return [*parts, bar]
    posts = [
        tube(
            "post",
            "paint",
            [(s * cab_w, yy, 0.37 * height), (s * 0.9 * cab_w, yy + lean, top - 0.04 * height)],
            0.018 * width,
            sides=8,
        )
        for s in (1, -1)
        for yy, lean in ((y[0], 0.02 * length), (y[1], 0.0))
    ]
    roof = superellipsoid(
        "roof",
        "paint",
        (-1.04 * cab_w, 1.04 * cab_w),
        (y[0] - 0.03 * length, y[1] + 0.03 * length),
        (top - 0.07 * height, height),
        5.0,
        10,
    )
    z = (0.39 * height, top - 0.06 * height)
    glass = [
        box(
            "front glass",
            "glass",
            (-0.9 * cab_w, 0.9 * cab_w),
            (y[0] + 0.008, y[0] + 0.016),
            (0.5 * height, z[1]),
            0.003,
        ),
        box(
            "rear glass",
            "glass",
            (-0.9 * cab_w, 0.9 * cab_w),
            (y[1] - 0.012, y[1] - 0.004),
            (0.5 * height, z[1]),
            0.003,
        ),
    ]
    sides = box(
        "door glass",
        "glass",
        (0.93 * cab_w, 0.945 * cab_w),
        (y[0] + 0.03 * length, y[1] - 0.03 * length),
        (0.5 * height, z[1]),
        0.003,
    )
    return [*parts, merge("posts", posts), roof, *glass, both("door glass", [sides])]


KINDS = [
    vehicle(
        "tractor",
        ("farm tractor", "combine"),
        (2.5, 3.9, 2.75),
        {
            "paint": "machine-paint",
            "frame": "iron",
            "tyre": "rubber",
            "rim": "yellow enamel",
            "brake": "iron",
            "trim": "black plastic",
            "glass": "window-glass",
            "lamp": "headlight",
            "metal": "steel",
            "saddle": "black leather",
        },
        {
            "wheels": Range(0.92, 1.06),
            "tyre_width": Range(0.85, 1.2),
            "hood": Range(0.88, 1.15),
            "stack": Range(0.8, 1.15),
            "steer": Range(-18.0, 18.0),
            "hood_height": Range(0.94, 1.08),
            "cab": Choice(("cab", "roll bar")),
            "nose": Choice(("sloping", "upright")),
        },
        tractor,
    ),
]
