"""The helicopter: a blended cabin with a glass nose, boom, rotors, skids or wheels. Nose towards -Y."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..bodies import Bone, Cover, ball, chain, skin
from ..outlines import fillet
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    merge,
    move,
    prism,
    tube,
    turn,
)
from .panels import AIR, both, vehicle


def helicopter(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    top, floor = 0.76 * height, 0.2 * height
    bones = fuselage(style, length, height)
    glass = [
        Bone(
            (0, -0.47 * length, 0.56 * height),
            (0, -0.36 * length, 0.62 * height),
            style["canopy"] * 0.3 * height,
            style["canopy"] * 0.34 * height,
        )
    ]
    parts = [
        skin(Cover("fuselage", "paint", bones, 9000)),
        skin(Cover("canopy", "glass", bones, 2500, glass, 0.006 * height, 0.02 * height)),
    ]
    keep = [ball((s * 0.5 * height, -0.19 * length, 0.55 * height), 0.3 * height) for s in (1, -1)]
    parts.append(skin(Cover("door windows", "glass", bones, 900, keep, 0.008 * height, 0.02 * height)))
    parts += rotor(style, width, length, height, top)
    parts += tail(style, length, height)
    gear = skids(height, length, floor) if style["gear"] == "skids" else landing_wheels(height, length)
    return [*parts, *gear]


def fuselage(style: Style, length: float, height: float) -> list[Bone]:
    fat, z = style["fat"] * height, 0.48 * height
    cabin = [
        ball((0, -0.3 * length, z), 0.29 * fat),
        *chain(
            [(0, -0.27 * length, z + 0.02 * height), (0, -0.12 * length, z + 0.03 * height)],
            [0.31 * fat, 0.28 * fat],
            0.1 * height,
        ),
        Bone(
            (0, -0.18 * length, 0.7 * height), (0, -0.02 * length, 0.66 * height), 0.13 * fat, 0.12 * fat, 0.12 * height
        ),
    ]
    boom = chain(
        [
            (0, -0.1 * length, z + 0.06 * height),
            (0, 0.1 * length, z + 0.1 * height),
            (0, 0.46 * length, z + 0.16 * height),
        ],
        [0.24 * fat, 0.12 * fat, 0.055 * height * style["boom"]],
        0.15 * height,
    )
    return [*cabin, *boom]


def rotor(style: Style, width: float, length: float, height: float, top: float) -> list[Part]:
    y, z = -0.12 * length, 0.95 * height
    count = style["blades"]
    angles = [style["turn"] + 360.0 * i / count for i in range(count)]
    reach = 0.5 * width / max(abs(np.cos(np.radians(a))) for a in angles)
    reach = min(reach, 0.55 * length)
    blades = []
    chord = style["chord"] * 0.035 * length
    for angle in angles:
        profile = fillet(
            np.array([(-0.5, 0.0), (-0.2, 0.12), (0.5, 0.02), (0.5, -0.02), (-0.2, -0.06)]) * (chord, chord),
            0.03 * chord,
            2,
        )
        blade = prism("blade", "trim", profile, "x", (0.06 * reach, reach), 0.004)
        blades.append(move(turn(turn(blade, "y", 1.5), "z", angle), 0, y, z))
    mast = cylinder(
        "mast", "metal", (0, y, top - 0.1 * height), (0, y, height), 0.02 * length, 0.014 * length, sides=16
    )
    hub = cylinder("hub", "metal", (0, y, z - 0.03 * height), (0, y, z + 0.03 * height), 0.035 * length, sides=20)
    return [merge("rotor blades", blades), mast, hub]


def tail(style: Style, length: float, height: float) -> list[Part]:
    z = 0.64 * height
    fin = prism(
        "fin",
        "paint",
        fillet(
            np.array(
                [
                    (0.38, z - 0.02 * height),
                    (0.465, z - 0.02 * height),
                    (0.5, z + 0.3 * height),
                    (0.455, z + 0.3 * height),
                ]
            )
            * (length, 1),
            0.01 * length,
            3,
        ),
        "x",
        (-0.008 * length, 0.008 * length),
        0.006 * length,
    )
    plane = prism(
        "plane",
        "paint",
        fillet(np.array([(0.015, 0.35), (0.1, 0.37), (0.1, 0.41), (0.015, 0.42)]) * length, 0.008 * length, 2),
        "z",
        (z - 0.02 * height, z + 0.005 * height),
        0.004 * length,
    )
    r = 0.1 * length * style["tail_rotor"]
    small = [
        turn(
            box("blade", "trim", (-0.006 * length, 0.006 * length), (-0.012 * length, 0.012 * length), (-r, r), 0.003),
            "x",
            a,
        )
        for a in ((25.0, 115.0) if style["blades"] > 2 else (40.0,))
    ]
    hub = cylinder(
        "tail hub",
        "metal",
        (0.0, 0.46 * length, z + 0.1 * height),
        (0.03 * length, 0.46 * length, z + 0.1 * height),
        0.012 * length,
        sides=12,
    )
    rotor_ = merge("tail rotor", [move(part, 0.026 * length, 0.46 * length, z + 0.1 * height) for part in small])
    lamp = ellipsoid("beacon", "lamp", (0, 0.48 * length, z + 0.31 * height), (0.01 * length,) * 3)
    return [fin, both("tail planes", [plane]), rotor_, hub, lamp]


def skids(height: float, length: float, floor: float) -> list[Part]:
    x, thick = 0.32 * height, 0.022 * height
    skid = tube(
        "skid",
        "metal",
        fillet(
            np.array([(x, -0.4 * length, 0.1 * height), (x, -0.36 * length, thick), (x, -0.02 * length, thick)]),
            0.1 * height,
            4,
        ),
        thick,
    )
    legs = [
        tube(
            "leg",
            "metal",
            fillet(
                np.array([(0.12 * height, y, floor + 0.03 * height), (0.24 * height, y, floor), (x, y, thick)]),
                0.08 * height,
                3,
            ),
            0.8 * thick,
            sides=10,
        )
        for y in (-0.29 * length, -0.12 * length)
    ]
    return [both("skids", [skid]), both("skid legs", legs)]


def landing_wheels(height: float, length: float) -> list[Part]:
    r = 0.085 * height
    places = [(0.3 * height, -0.1 * length), (0.06 * height, -0.36 * length)]
    wheels = [
        cylinder("wheel", "tyre", (x - 0.035 * height, y, r), (x + 0.035 * height, y, r), r, bevel=0.02 * height)
        for x, y in places
    ]
    legs = [
        tube("strut", "metal", [(0.6 * x, y, 0.34 * height), (x - 0.05 * height, y, r)], 0.02 * height, sides=10)
        for x, y in places
    ]
    return [both("wheels", wheels), both("struts", legs)]


KINDS = [
    vehicle(
        "helicopter",
        ("chopper aircraft", "rescue helicopter", "drone"),
        (8.5, 10.4, 3.3),
        {"paint": "car-paint"} | AIR,
        {
            "fat": Range(0.9, 1.12),
            "boom": Range(0.85, 1.3),
            "canopy": Range(0.85, 1.15),
            "turn": Range(20.0, 40.0),
            "chord": Range(0.8, 1.3),
            "tail_rotor": Range(0.8, 1.15),
            "blades": Choice((2, 4, 5)),
            "gear": Choice(("skids", "wheels")),
        },
        helicopter,
    ),
]
