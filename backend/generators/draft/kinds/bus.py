"""The bus: a long box of windows with doors on the right-hand side."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet, split
from ..solids import (
    box,
    merge,
    mirror,
    prism,
    superellipsoid,
    tube,
)
from .car_parts import SLOTS as CAR_SLOTS
from .panels import RIMS, both, pane, vehicle
from .wheels import wheel_set


def arched_side(
    length: float, low: float, high: float, holes: list[tuple[float, float, float]], corners: float
) -> np.ndarray:
    """Outline (N,2) in (y, z) of a side with round openings for wheels (y, z, radius) below, front first."""
    front, back = -length / 2, length / 2
    points = [(front, low)]
    for y, z, radius in holes:
        start = np.degrees(np.arcsin(np.clip((low - z) / radius, -1, 1)))
        for angle in np.linspace(180 - start, start, 13):
            points.append((y + radius * np.cos(np.radians(angle)), z + radius * np.sin(np.radians(angle))))
    points += [(back, low), *arc_corner(back, high, corners, 0), *arc_corner(front, high, corners, 90)]
    return np.array(points)


def arc_corner(y: float, z: float, radius: float, start: float) -> list[tuple[float, float]]:
    sign = 1 if start == 0 else -1
    return [
        (y - sign * radius + radius * np.cos(np.radians(a)), z - radius + radius * np.sin(np.radians(a)))
        for a in np.linspace(start, start + 90, 6)
    ]


def bus(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    body_w, w = 0.9 * width, 0.45 * width
    r, low, high = (
        0.155 * height * style["wheels"],
        0.12 * height,
        (0.97 if style["roof"] == "plain" else 0.92) * height,
    )
    axles = (-0.5 * length + 0.2 * length, 0.5 * length - 0.24 * length)
    outline = arched_side(length * 0.995, low, high, [(y, r, 1.15 * r) for y in axles], style["corner"] * height)
    parts = [prism("body", "paint", outline, "x", (-w, w), 0.05 * body_w, 4, grain=1)]
    parts += bus_windows(style, w, length, height, high)
    parts += bus_ends(style, w, length, height, high)
    inner = w - 0.14 * body_w
    parts.append(
        box("floor", "trim", (-inner, inner), (axles[0] - 1.2 * r, axles[1] + 1.2 * r), (0.8 * low, 0.5 * height), 0.02)
    )
    parts += wheel_set(
        [(w - 0.055 * body_w, y, r) for y in axles], r, 0.1 * body_w, style["rims"], 0.3, style["steer"], 1
    )
    band_z = (0.42 * height, (0.42 + style["stripe"]) * height)
    parts.append(
        both("stripe", [box("stripe", "stripe", (w - 0.02, w + 0.004), (-0.47 * length, 0.47 * length), band_z, 0.004)])
    )
    parts += bus_mirrors(w, width, length, height, high)
    if style["roof"] == "air conditioning":
        parts.append(
            superellipsoid(
                "roof unit",
                "trim",
                (-0.6 * w, 0.6 * w),
                (-0.1 * length, 0.25 * length),
                (high - 0.05 * height, height),
                6.0,
                8,
            )
        )
    return parts


def bus_windows(style: Style, w: float, length: float, height: float, high: float) -> list[Part]:
    low_z, top_z = style["sill"] * height, high - 0.1 * height
    count = {"many": 7, "wide": 4}[style["windows"]]
    door_y = (-0.475 * length, -0.395 * length)
    spans = split((-0.375 * length, 0.47 * length), count, 0.012 * length)
    right = [pane("window", "glass", (w - 0.02, w + 0.006), span, (low_z, top_z), "x", 0.03 * height) for span in spans]
    door = [
        pane("door", "glass", (w - 0.02, w + 0.008), leaf, (0.15 * height, top_z), "x", 0.02 * height)
        for leaf in split(door_y, 2, 0.008 * length)
    ]
    seam = [
        box(
            "door frame",
            "trim",
            (w - 0.02, w + 0.003),
            (door_y[0] - 0.012, door_y[1] + 0.012),
            (0.14 * height, top_z + 0.015),
            0.004,
        )
    ]
    second = (0.06 * length, 0.14 * length)
    middle = [
        pane("door", "glass", (w - 0.01, w + 0.012), leaf, (0.15 * height, top_z), "x", 0.02 * height)
        for leaf in split(second, 2, 0.008 * length)
    ]
    return [
        both("side windows", right),
        merge("door", [mirror(part) for part in door]),
        merge("door frames", [mirror(part) for part in seam]),
        merge("middle door", [mirror(part) for part in middle]),
    ]


def bus_ends(style: Style, w: float, length: float, height: float, high: float) -> list[Part]:
    y = -0.4975 * length
    screen = pane(
        "windscreen",
        "glass",
        (-0.92 * w, 0.92 * w),
        (y - 0.008, y + 0.04),
        (0.36 * height, high - 0.14 * height),
        "y",
        0.05 * height,
    )
    sign = pane(
        "destination",
        "sign",
        (-0.6 * w * style["destination"], 0.6 * w * style["destination"]),
        (y - 0.012, y + 0.04),
        (high - 0.12 * height, high - 0.04 * height),
        "y",
        0.01 * height,
    )
    lamps = [
        superellipsoid("lamp", "lamp", (0.6 * w, 0.88 * w), (y - 0.015, y + 0.1), (0.2 * height, 0.27 * height), 3.0, 6)
    ]
    bumper = superellipsoid(
        "bumper", "trim", (-0.97 * w, 0.97 * w), (y - 0.02, y + 0.15), (0.11 * height, 0.17 * height), 5.0, 8
    )
    plate_ = box("number plate", "plate", (-0.26, 0.26), (y - 0.03, y), (0.12 * height, 0.155 * height), 0.004)
    back = 0.4975 * length
    rear = pane(
        "rear window",
        "glass",
        (-0.8 * w, 0.8 * w),
        (back - 0.04, back + 0.006),
        (0.55 * height, high - 0.12 * height),
        "y",
        0.04 * height,
    )
    tails = [
        superellipsoid(
            "tail lamp",
            "tail lamp",
            (0.78 * w, 0.9 * w),
            (back - 0.06, back + 0.012),
            (0.24 * height, 0.4 * height),
            4.0,
            6,
        )
    ]
    grille = [
        box("vent", "trim", (-0.5 * w, 0.5 * w), (back - 0.02, back + 0.006), z, 0.004)
        for z in split((0.22 * height, 0.42 * height), 6, 0.012 * height)
    ]
    wipers = [
        tube(
            "wiper",
            "trim",
            [(s * 0.5 * w, y - 0.012, 0.365 * height), (s * 0.1 * w, y - 0.02, 0.44 * height)],
            0.01,
            sides=6,
        )
        for s in (-1, 1)
    ]
    return [
        screen,
        sign,
        both("headlamps", lamps),
        bumper,
        plate_,
        rear,
        both("tail lamps", tails),
        merge("vents", grille),
        merge("wipers", wipers),
    ]


def bus_mirrors(w: float, width: float, length: float, height: float, high: float) -> list[Part]:
    out, y = width / 2, -0.49 * length
    glass = superellipsoid(
        "mirror",
        "trim",
        (out - 0.035 * width, out),
        (y - 0.04, y + 0.03),
        (high - 0.32 * height, high - 0.18 * height),
        4.0,
        6,
    )
    arm = tube(
        "arm",
        "trim",
        fillet(
            np.array(
                [
                    (0.95 * w, y + 0.05, high - 0.08 * height),
                    (out - 0.017 * width, y, high - 0.07 * height),
                    (out - 0.017 * width, y, high - 0.2 * height),
                ]
            ),
            0.05,
            3,
        ),
        0.016,
        sides=8,
    )
    return [both("mirrors", [glass]), both("mirror arms", [arm])]


KINDS = [
    vehicle(
        "bus",
        ("coach", "school bus", "city bus", "tram", "train"),
        (3.0, 12.2, 3.05),
        CAR_SLOTS | {"sign": "glow", "stripe": "white car-paint"},
        {
            "wheels": Range(0.92, 1.05),
            "corner": Range(0.05, 0.16),
            "stripe": Range(0.02, 0.08),
            "sill": Range(0.48, 0.54),
            "steer": Range(-12.0, 12.0),
            "destination": Range(0.8, 1.1),
            "windows": Choice(("many", "wide")),
            "roof": Choice(("plain", "air conditioning")),
            "rims": RIMS,
        },
        bus,
    ),
]
