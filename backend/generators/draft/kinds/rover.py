"""The mars rover: six cleated wheels on rocker arms, instrument mast, dish, robot arm. Front towards -Y.

Default material words: body "white enamel"; foil "gold"; metal "steel"; wheel "aluminium"; panel "navy dark-glass".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import fillet, split
from ..solids import box, cylinder, ellipsoid, lathe, merge, move, plate, prism, tube, turn
from .panels import both
from .proportions import steady


def rover(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r = 0.13 * length * style["wheels"]
    places = (-0.36 * length, 0.04 * length, 0.5 * length - r)
    wide, x = 0.13 * width * style["tread"], 0.5 * width
    parts = [both(part.name, [part]) for part in rover_wheels(r, wide, x - 0.5 * wide, places)]
    low, high = 0.28 * height * style["clearance"], 0.46 * height
    parts += suspension(places, x - 1.15 * wide, 0.23 * width, r, low, height)
    body = box("body", "body", (-0.24 * width, 0.24 * width), (-0.3 * length, 0.34 * length), (low, high), 0.02, 2)
    deck = plate(
        "deck",
        "metal",
        (-0.28 * width, 0.28 * width),
        (-0.33 * length, 0.36 * length),
        (high, high + 0.02 * height),
        "z",
        0.04 * length,
        0.004,
    )
    boxes = [
        box(
            "instrument",
            "foil",
            (a * width, b * width),
            (c * length, d * length),
            (high + 0.015 * height, high + e * height),
            0.01,
        )
        for a, b, c, d, e in (
            (-0.2, -0.06, -0.12, 0.05, 0.07),
            (0.04, 0.2, 0.1, 0.24, 0.055),
            (-0.18, -0.05, 0.16, 0.3, 0.1),
        )
    ]
    return [
        *parts,
        body,
        deck,
        merge("instruments", boxes),
        *mast(style, width, length, height, high),
        *dish(style, width, length, height, high),
        *robot_arm(style, width, length, height, low),
        *power(style, width, length, height, high),
    ]


def rover_wheels(r: float, wide: float, x: float, places: tuple[float, ...]) -> list[Part]:
    """Six metal drums with cleats, for the +X side."""
    drum = lathe(
        "drum",
        "wheel",
        np.array([(0.82, -0.5), (0.95, -0.5), (0.97, 0.0), (0.95, 0.5), (0.82, 0.5), (0.86, 0.0)]) * (r, wide),
        sides=32,
    )
    drum = turn(drum, "y", 90.0)
    outline = np.array([(-0.03, 0.93), (0.03, 0.93), (0.02, 1.0), (-0.02, 1.0)]) * r
    cleats = [
        turn(prism("cleat", "wheel", outline, "x", (-0.48 * wide, 0.48 * wide), 0.0), "x", 360 * i / 12)
        for i in range(12)
    ]
    hub = cylinder("hub", "metal", (-0.3 * wide, 0, 0), (0.45 * wide, 0, 0), 0.3 * r, sides=16)
    spokes = [
        turn(
            box("spoke", "metal", (0.1 * wide, 0.2 * wide), (-0.05 * r, 0.05 * r), (0.2 * r, 0.9 * r), 0.004),
            "x",
            60.0 * i,
        )
        for i in range(6)
    ]
    groups = {"drums": [drum], "cleats": cleats, "hubs": [hub, *spokes]}
    return [merge(name, [move(part, x, y, r) for part in pieces for y in places]) for name, pieces in groups.items()]


def suspension(places: tuple[float, ...], x: float, inner: float, r: float, low: float, height: float) -> list[Part]:
    front, middle, back = places
    thick = 0.016 * height
    pivot = (x, 0.5 * (front + middle), low + 0.12 * height)
    bogie = (x, 0.5 * (middle + back), low + 0.02 * height)
    rocker = tube(
        "rocker",
        "metal",
        fillet(np.array([(x, front, r), (x, front, low + 0.06 * height), pivot, bogie]), 0.04 * height, 3),
        thick,
    )
    lower = tube(
        "bogie",
        "metal",
        fillet(np.array([(x, middle, r), (x, middle, low), bogie, (x, back, low), (x, back, r)]), 0.03 * height, 3),
        thick,
    )
    joint = cylinder("joint", "metal", (inner, *pivot[1:]), (x + thick, *pivot[1:]), 1.8 * thick, sides=16)
    return [both("rockers", [rocker]), both("bogies", [lower]), both("joints", [joint])]


def mast(style: Style, width: float, length: float, height: float, deck: float) -> list[Part]:
    x, y = 0.16 * width, -0.26 * length
    top = 0.88 * height
    pole = tube("mast", "metal", [(x, y, deck), (x, y, top)], 0.018 * height * style["mast"], sides=14)
    w = 0.07 * width * style["head"]
    head = box("camera head", "body", (x - w, x + w), (y - 0.05 * length, y + 0.04 * length), (top, height), 0.015, 2)
    rims, lenses = [], []
    for dx, share in ((-0.5, 0.32), (0.45, 0.42)) if style["eyes"] == "two eyes" else ((0.0, 0.62),):
        c, radius = (x + dx * w, 0.5 * (top + height)), share * 0.5 * (height - top) * 1.3
        rims.append(turned_disc("rim", "metal", c, y - 0.05 * length, radius, 0.02 * length))
        lenses.append(
            ellipsoid("lens", "lens", (c[0], y - 0.068 * length, c[1]), (0.8 * radius, 0.008 * length, 0.8 * radius))
        )
    return [pole, head, merge("lens rims", rims), merge("lenses", lenses)]


def turned_disc(name: str, slot: str, centre: tuple[float, float], y: float, radius: float, deep: float) -> Part:
    return cylinder(
        name, slot, (centre[0], y + 0.3 * deep, centre[1]), (centre[0], y - deep, centre[1]), radius, sides=20
    )


def dish(style: Style, width: float, length: float, height: float, deck: float) -> list[Part]:
    r = 0.13 * width * style["dish"]
    bowl = lathe(
        "dish", "body", np.array([(0, 0), (0.5, 0.07), (1.0, 0.3), (1.0, 0.34), (0.5, 0.12), (0, 0.05)]) * r, sides=28
    )
    horn = cylinder("horn", "metal", (0, 0, 0.03 * r), (0, 0, 0.55 * r), 0.05 * r, 0.09 * r, sides=12)
    place = (-0.17 * width, 0.12 * length, deck + 0.26 * height)
    aimed = [move(turn(part, "x", 35.0), *place) for part in (bowl, horn)]
    stand = tube(
        "dish stand",
        "metal",
        [(place[0], place[1], deck), (place[0], place[1], place[2] + 0.02 * r)],
        0.012 * height,
        sides=10,
    )
    return [*aimed, stand]


def robot_arm(style: Style, width: float, length: float, height: float, low: float) -> list[Part]:
    x, shoulder = -0.12 * width, (-0.12 * width, -0.3 * length, low + 0.08 * height)
    if style["arm"] == "folded":
        points = [
            shoulder,
            (x, -0.38 * length, low + 0.2 * height),
            (x + 0.02, -0.44 * length, low + 0.02 * height),
            (x + 0.02, -0.47 * length, low + 0.04 * height),
        ]
    else:
        points = [
            shoulder,
            (x, -0.4 * length, low + 0.26 * height),
            (x, -0.485 * length, low + 0.0 * height),
            (x, -0.485 * length, 0.12 * height),
        ]
    links = [
        tube("link", "body", [a, b], 0.022 * height * s, sides=14)
        for a, b, s in zip(points[:-1], points[1:], (1.0, 0.85, 0.7), strict=True)
    ]
    joints = [
        cylinder(
            "joint",
            "metal",
            (p[0] - 0.03 * height, p[1], p[2]),
            (p[0] + 0.03 * height, p[1], p[2]),
            0.03 * height,
            sides=16,
        )
        for p in points[:-1]
    ]
    end = points[-1]
    drill = cylinder(
        "drill",
        "metal",
        (end[0], end[1], end[2] + 0.03 * height),
        (end[0], end[1], max(end[2] - 0.06 * height, 0.02 * height)),
        0.035 * height,
        0.02 * height,
        sides=16,
    )
    return [merge("arm links", links), merge("arm joints", joints), drill]


def power(style: Style, width: float, length: float, height: float, deck: float) -> list[Part]:
    """A generator with fins behind, or solar panels that spread over the wheels."""
    if style["power"] == "generator":
        core = cylinder(
            "generator",
            "metal",
            (0, 0.34 * length, deck),
            (0, 0.46 * length, deck + 0.1 * height),
            0.045 * length,
            sides=20,
        )
        fin = prism(
            "fin",
            "metal",
            np.array([(0.34, 0.0), (0.44, 0.1), (0.46, 0.2), (0.37, 0.13)]) * (length, height)
            + np.array([0, deck - 0.02 * height]),
            "x",
            (-0.004 * width, 0.004 * width),
            0.0,
        )
        fins = [move(fin, dx * 0.03 * length, 0, 0) for dx in (-1.5, -0.5, 0.5, 1.5)]
        return [core, merge("fins", fins)]
    y = (-0.2 * length, 0.36 * length)
    panel = box(
        "solar panel", "panel", (0.26 * width, 0.485 * width), y, (deck + 0.02 * height, deck + 0.035 * height), 0.004
    )
    bars = [
        box(
            "bar",
            "metal",
            (0.26 * width, 0.487 * width),
            (c[0] - 0.004 * length, c[0]),
            (deck + 0.018 * height, deck + 0.04 * height),
            0.001,
        )
        for c in split(y, 5)
    ]
    return [both("solar panels", [panel]), both("panel bars", bars)]


SIZE = (2.2, 2.7, 2.1)
KINDS = [
    Kind(
        "mars rover",
        "vehicles",
        ("rover", "moon rover", "lunar rover", "robot vehicle"),
        SIZE,
        {
            "body": "white enamel",
            "wheel": "aluminium",
            "metal": "steel",
            "foil": "gold",
            "panel": "navy dark-glass",
            "lens": "dark-glass",
        },
        {
            "wheels": Range(0.88, 1.12),
            "tread": Range(0.8, 1.25),
            "mast": Range(0.8, 1.4),
            "head": Range(0.85, 1.25),
            "dish": Range(0.7, 1.25),
            "clearance": Range(0.85, 1.12),
            "arm": Choice(("folded", "drilling")),
            "eyes": Choice(("two eyes", "one eye")),
            "power": Choice(("generator", "solar")),
        },
        steady(rover, SIZE),
    ),
]
