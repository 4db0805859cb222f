"""The bulldozer: tracks, blade, ripper."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import Span, fillet, split
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    merge,
    move,
    prism,
    turn,
)
from .panels import both, vehicle


def bulldozer(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    track_w, track_h = 0.15 * width * style["tracks"], 0.3 * height
    x = 0.4 * width - 0.5 * track_w
    y = (-0.3 * length, 0.42 * length if style["ripper"] == "none" else 0.32 * length)
    parts = tracks(x, track_w, y, track_h)
    w = x - 0.55 * track_w
    hood_z = 0.66 * height * style["hood"]
    outline = [
        (y[0] + 0.02 * length, 0.2 * height),
        (0.1 * length, 0.2 * height),
        (0.1 * length, hood_z),
        (y[0] + 0.02 * length, hood_z - 0.05 * height),
    ]
    parts.append(
        prism(
            "engine", "paint", fillet(np.array(outline), 0.02 * length, 3), "x", (-0.72 * w, 0.72 * w), 0.02 * width, 3
        )
    )
    parts.append(
        merge(
            "vents",
            [
                box("vent", "trim", (-0.6 * w, 0.6 * w), (y[0] + 0.012 * length, y[0] + 0.03 * length), z, 0.004)
                for z in split((0.3 * height, hood_z - 0.12 * height), 6, 0.015 * height)
            ],
        )
    )
    parts.append(
        box(
            "deck",
            "paint",
            (-1.25 * w, 1.25 * w),
            (0.08 * length, y[1] - 0.02 * length),
            (0.3 * height, 0.46 * height * style["deck"]),
            0.02,
        )
    )
    stack = cylinder(
        "exhaust",
        "trim",
        (0.3 * w, -0.1 * length, hood_z - 0.05 * height),
        (0.3 * w, -0.1 * length, hood_z + 0.22 * height * style["stack"]),
        0.035 * width,
        sides=16,
    )
    return [
        *parts,
        stack,
        *blade(style, width, length, height, x, track_w, y),
        *dozer_cab(style, w, length, height, y),
        *ripper(style, w, length, height, y),
    ]


def tracks(x: float, width: float, y: Span, height: float) -> list[Part]:
    """Belts of shoes around wheels, on both sides."""
    r, z = height / 2, height / 2
    straight = np.array([y[0] + r, y[1] - r])
    top = [(c, height) for c in np.linspace(straight[1], straight[0], 8)]
    front = [(straight[0] + r * np.cos(a), z + r * np.sin(a)) for a in np.radians(np.linspace(90, 270, 9))[1:-1]]
    bottom = [(c, 0.0) for c in np.linspace(straight[0], straight[1], 8)]
    back = [(straight[1] + r * np.cos(a), z + r * np.sin(a)) for a in np.radians(np.linspace(-90, 90, 9))[1:-1]]
    loop = np.array(top + front + bottom + back)
    inset = (loop - (loop.mean(0)[0], z)) * (1 - 0.18 * height / (y[1] - y[0]), 0.8) + np.array([loop.mean(0)[0], z])
    belt = prism(
        "belt",
        "track",
        loop * (1, 0.97) + np.array([0, 0.015 * height]),
        "x",
        (x - 0.42 * width, x + 0.42 * width),
        0.01,
    )
    side = prism("frame", "paint", inset, "x", (x - 0.46 * width, x + 0.46 * width), 0.01)
    shoes = []
    for a, b in zip(loop, np.roll(loop, -1, axis=0), strict=True):
        middle, way = (a + b) / 2, b - a
        outline = np.array([(-0.46, -0.045), (0.46, -0.045), (0.46, 0.0), (-0.46, 0.0)]) * (np.hypot(*way), height)
        shoe = prism("shoe", "track", outline, "x", (x - width / 2, x + width / 2), 0.0)
        shoes.append(move(turn(shoe, "x", float(np.degrees(np.arctan2(way[1], way[0])))), 0, *middle))
    wheels = [
        cylinder("roller", "metal", (x - 0.48 * width, c, zz), (x + 0.48 * width, c, zz), rr, sides=20)
        for c, zz, rr in (
            (straight[0], z, 0.55 * r),
            (straight[1], z, 0.6 * r),
            *((c, 0.28 * r, 0.2 * r) for c in np.linspace(straight[0], straight[1], 6)[1:-1]),
        )
    ]
    return [both("belts", [belt]), both("track frames", [side]), both("shoes", shoes), both("rollers", wheels)]


def blade(style: Style, width: float, length: float, height: float, x: float, track_w: float, y: Span) -> list[Part]:
    front, top = -0.5 * length, style["blade"] * height
    angle = np.radians(np.linspace(-50, 50, 11))
    deep = 0.09 * length
    face = [
        (
            front + 0.5 * deep - deep * (np.cos(a) - np.cos(angle[0])) * -1.2,
            0.5 * top * (1 + np.sin(a) / np.sin(angle[-1])),
        )
        for a in angle
    ]
    back = [(py + 0.035 * length, pz) for py, pz in face[::-1]]
    shield = prism("blade", "metal", np.array(face + back), "x", (-0.5 * width, 0.5 * width), 0.006)
    edge = box(
        "edge",
        "track",
        (-0.5 * width, 0.5 * width),
        (face[0][0] - 0.01, face[0][0] + 0.03 * length),
        (0.0, 0.05 * height),
        0.004,
    )
    reach = x + 0.5 * track_w + 0.025 * width
    arm = box(
        "arm",
        "paint",
        (reach - 0.02 * width, reach + 0.02 * width),
        (front + 0.08 * length, 0.1 * length),
        (0.1 * height, 0.17 * height),
        0.01,
    )
    piston = cylinder(
        "piston",
        "metal",
        (0.2 * width, front + 0.07 * length, 0.35 * height),
        (0.2 * width, y[0] + 0.06 * length, 0.5 * height),
        0.02 * width,
        sides=12,
    )
    return [shield, edge, both("push arms", [arm]), both("pistons", [piston])]


def dozer_cab(style: Style, w: float, length: float, height: float, y: Span) -> list[Part]:
    span, z = (
        (0.08 * length, min(y[1] - 0.04 * length, 0.34 * length) * style["cab_length"]),
        (0.44 * height, 0.95 * height),
    )
    roof = box(
        "roof",
        "paint",
        (-0.95 * w, 0.95 * w),
        (span[0] - 0.02 * length, span[1] + 0.02 * length),
        (0.94 * height, height),
        0.02,
        2,
    )
    posts = [
        box("post", "paint", (s * 0.86 * w - 0.03, s * 0.86 * w + 0.03), (c - 0.03, c + 0.03), z, 0.008)
        for s in (1, -1)
        for c in span
    ]
    if style["cab"] == "open":
        seat = box(
            "seat",
            "saddle",
            (-0.3 * w, 0.3 * w),
            (span[0] + 0.4 * (span[1] - span[0]), span[1] - 0.02 * length),
            (0.46 * height, 0.58 * height),
            0.03,
        )
        rest = box(
            "seat back",
            "saddle",
            (-0.3 * w, 0.3 * w),
            (span[1] - 0.04 * length, span[1] - 0.015 * length),
            (0.56 * height, 0.76 * height),
            0.03,
        )
        return [roof, merge("posts", posts), merge("seat", [seat, rest])]
    glass = box(
        "cab glass",
        "glass",
        (-0.84 * w, 0.84 * w),
        (span[0] + 0.01, span[1] - 0.01),
        (0.6 * height, 0.945 * height),
        0.01,
    )
    walls = box("cab walls", "paint", (-0.88 * w, 0.88 * w), (span[0], span[1]), (0.44 * height, 0.61 * height), 0.015)
    lamps = [ellipsoid("lamp", "lamp", (0.6 * w, span[0] - 0.02 * length, 0.965 * height), (0.04, 0.02, 0.03))]
    return [roof, merge("posts", posts), glass, walls, both("work lamps", lamps)]


def ripper(style: Style, w: float, length: float, height: float, y: Span) -> list[Part]:
    if style["ripper"] == "none":
        return [
            box(
                "tail",
                "paint",
                (-0.7 * w, 0.7 * w),
                (y[1] - 0.04 * length, 0.49 * length),
                (0.22 * height, 0.44 * height),
                0.02,
            )
        ]
    beam = box(
        "ripper beam", "paint", (-0.9 * w, 0.9 * w), (0.4 * length, 0.45 * length), (0.3 * height, 0.38 * height), 0.015
    )
    outline = fillet(
        np.array(
            [
                (0.41 * length, 0.42 * height),
                (0.46 * length, 0.42 * height),
                (0.5 * length, 0.2 * height),
                (0.46 * length, 0.0),
                (0.46 * length, 0.2 * height),
            ]
        ),
        0.01 * length,
        2,
    )
    teeth = [prism("tooth", "metal", outline, "x", (c - 0.04 * w, c + 0.04 * w), 0.005) for c in (-0.6 * w, 0, 0.6 * w)]
    arm = box(
        "ripper arm",
        "paint",
        (0.4 * w, 0.5 * w),
        (y[1] - 0.06 * length, 0.42 * length),
        (0.24 * height, 0.34 * height),
        0.01,
    )
    return [beam, merge("teeth", teeth), both("ripper arms", [arm])]


KINDS = [
    vehicle(
        "bulldozer",
        ("digger", "excavator", "crawler", "dozer", "tank"),
        (3.3, 5.6, 3.0),
        {
            "paint": "yellow machine-paint",
            "track": "iron",
            "metal": "steel",
            "trim": "black plastic",
            "glass": "window-glass",
            "lamp": "headlight",
            "saddle": "black leather",
        },
        {
            "tracks": Range(0.85, 1.2),
            "hood": Range(0.92, 1.08),
            "blade": Range(0.36, 0.5),
            "stack": Range(0.7, 1.3),
            "cab_length": Range(0.85, 1.05),
            "deck": Range(0.9, 1.1),
            "cab": Choice(("closed", "open")),
            "ripper": Choice(("ripper", "none")),
        },
        bulldozer,
    ),
]
