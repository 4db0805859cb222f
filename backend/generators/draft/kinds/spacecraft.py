"""Spaceship (a fighter or a flying saucer) and rocket (it stands)."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import (
    cylinder,
    ellipsoid,
    lathe,
    merge,
    move,
    prism,
    stretch,
    torus,
    tube,
    turn,
)
from .carbody import loft
from .panels import both, vehicle


def spaceship(style: Style, size: Size) -> list[Part]:
    return saucer(style, size) if style["shape"] == "saucer" else starfighter(style, size)


def saucer(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r, high = width / 2, height
    rim = 0.4 * high
    profile = np.array(
        [
            (0, 0.22),
            (0.35, 0.22),
            (0.62, 0.3),
            (0.97, 0.375),
            (1.0, 0.4),
            (0.97, 0.43),
            (0.55, 0.58),
            (0.36, 0.64),
            (0, 0.64),
        ]
    ) * (r, high)
    hull = stretch(lathe("hull", "paint", fillet(profile, 0.03 * high, 2), sides=48), y=length / width)
    dome = ellipsoid(
        "dome",
        "glass",
        (0, 0, 0.6 * high),
        (0.34 * r * style["dome"], 0.34 * r * style["dome"] * length / width, 0.4 * high),
    )
    lights = [
        ellipsoid(
            "light",
            "glow",
            (0.88 * r * np.cos(a), 0.88 * 0.5 * length * np.sin(a), rim + 0.075 * high),
            (0.035 * r, 0.035 * r, 0.03 * high),
        )
        for a in np.linspace(0, 2 * np.pi, int(style["lights"]) + 1)[:-1]
    ]
    ring = stretch(
        torus("ring", "metal", (0, 0, rim), 0.985 * r, 0.05 * high * style["engine"], sides=48), y=length / width
    )
    legs = [
        tube(
            "leg",
            "metal",
            [
                (0.45 * r * np.cos(a), 0.45 * r * np.sin(a), 0.28 * high),
                (0.62 * r * np.cos(a), 0.62 * r * np.sin(a), 0.03 * high),
            ],
            0.025 * r,
            sides=10,
        )
        for a in np.radians((90, 210, 330))
    ]
    feet = [
        cylinder(
            "foot",
            "metal",
            (0.62 * r * np.cos(a), 0.62 * r * np.sin(a), 0),
            (0.62 * r * np.cos(a), 0.62 * r * np.sin(a), 0.03 * high),
            0.08 * r,
            sides=16,
        )
        for a in np.radians((90, 210, 330))
    ]
    return [hull, dome, merge("lights", lights), ring, merge("legs", legs), merge("feet", feet)]


def starfighter(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    z, fat = 0.42 * height, 0.2 * height
    along = np.array([-0.5, -0.49, -0.4, -0.25, -0.05, 0.15, 0.35, 0.44])
    half = np.array([0.03, 0.09, 0.35, 0.62, 0.95, 1.1, 1.0, 0.85]) * 0.12 * width * style["hull"]
    tall = np.array([0.05, 0.12, 0.42, 0.75, 1.0, 1.0, 0.9, 0.75]) * fat
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    c, s = np.cos(angle), np.sin(angle)
    section = np.stack([np.sign(c) * np.abs(c) ** 0.7, np.sign(s) * np.abs(s) ** 0.8], -1)
    rings = np.stack(
        [
            half[:, None] * section[:, 0],
            np.broadcast_to(along[:, None] * length, (8, 24)),
            z + tall[:, None] * section[:, 1],
        ],
        -1,
    )
    hull = loft("hull", "paint", rings)
    canopy = ellipsoid(
        "canopy",
        "glass",
        (0, -0.12 * length, z + 0.75 * fat),
        (0.055 * width * style["dome"], 0.13 * length, 0.62 * fat),
    )
    outline = np.array(
        [
            (0.05 * width, -0.05 * length),
            (0.47 * width, 0.05 * length + style["sweep"] * length),
            (0.47 * width, 0.16 * length + style["sweep"] * length),
            (0.05 * width, 0.33 * length),
        ]
    )
    wing = prism(
        "wing", "paint", fillet(outline, 0.01 * length, 2), "z", (z - 0.03 * height, z + 0.03 * height), 0.012 * height
    )
    stripe = prism(
        "wing mark",
        "accent",
        fillet(outline * (0.55, 0.5) + np.array([0.17 * width, 0.12 * length]), 0.01 * length, 2),
        "z",
        (z - 0.034 * height, z + 0.034 * height),
        0.004 * height,
    )
    gun = cylinder(
        "gun", "metal", (0.475 * width, -0.12 * length, z), (0.475 * width, 0.2 * length, z), 0.035 * height, sides=14
    )
    nozzles, flames = [], []
    for x in (-0.07, 0.07) if style["lights"] < 10 else (-0.09, 0.0, 0.09):
        profile = np.array([(0.6, 0), (0.85, 0), (1.0, 1.4), (0.85, 1.4), (0.7, 0.6)]) * 0.11 * height * style["engine"]
        bell = move(turn(lathe("nozzle", "metal", profile, sides=24), "x", -90.0), x * width, 0.41 * length, z)
        nozzles.append(bell)
        flames.append(
            ellipsoid(
                "glow",
                "glow",
                (x * width, 0.45 * length, z),
                (0.08 * height * style["engine"], 0.03 * length, 0.08 * height * style["engine"]),
            )
        )
    fin = turn(
        prism(
            "fin",
            "accent",
            fillet(
                np.array([(0.14, 0.0), (0.4, 0.0), (0.45, 0.5 * style["fin"]), (0.34, 0.5 * style["fin"])])
                * (length, height),
                0.01 * length,
                2,
            )
            + np.array([0, z + 0.02 * height]),
            "x",
            (-0.008 * width, 0.008 * width),
            0.004 * width,
        ),
        "y",
        14.0,
        (0, 0, z),
    )
    legs = [
        cylinder("leg", "metal", (x, y, 0), (x, y, z - 0.3 * fat), 0.022 * height, sides=10)
        for x, y in ((0.16 * width, 0.15 * length), (-0.16 * width, 0.15 * length), (0, -0.25 * length))
    ]
    pads = [
        cylinder("pad", "metal", (x, y, 0), (x, y, 0.03 * height), 0.06 * height, sides=16)
        for x, y in ((0.16 * width, 0.15 * length), (-0.16 * width, 0.15 * length), (0, -0.25 * length))
    ]
    marks = [both("wing marks", [stripe])] if style["marks"] == "marked" else []
    return [
        hull,
        canopy,
        both("wings", [wing]),
        *marks,
        both("guns", [gun]),
        merge("nozzles", nozzles),
        merge("flames", flames),
        both("fins", [move(fin, 0.08 * width, 0, 0)]),
        merge("legs", legs),
        merge("pads", pads),
    ]


def rocket(style: Style, size: Size) -> list[Part]:
    width, _, height = size
    r = 0.24 * width * style["belly"]
    base, nose = 0.14 * height * style["base"], style["nose"]
    profile = np.array(
        [
            (0, base),
            (0.7, base),
            (0.85, base + 0.08 * height),
            (1.0, 0.4 * height),
            (0.97, 0.6 * height),
            (0.72, 0.8 * height),
            (0.32 / nose, 0.92 * height),
            (0, 0.985 * height),
        ]
    ) * (r, 1)
    hull = lathe("hull", "paint", fillet(profile, 0.12 * height, 6), sides=40)
    cut = 0.78 * height
    cone = lathe(
        "nose",
        "accent",
        np.concatenate(
            [
                [(0.0, cut)],
                [(p[0] + 0.004 * height, p[1]) for p in fillet(profile, 0.12 * height, 6) if p[1] >= cut and p[0] > 0],
                [(0.0, 0.992 * height)],
            ]
        ),
        sides=40,
    )
    tip = cylinder("tip", "metal", (0, 0, 0.97 * height), (0, 0, height), 0.008 * height, 0.003 * height, sides=10)
    fins = []
    count = style["fins"]
    reach = 0.5 * width * (1.15 if count == 3 else 1.0)
    outline = np.array(
        [
            (0.75 * r, 0.34 * height),
            (reach, 0.12 * height * style["sweep"]),
            (reach, 0.0),
            (0.88 * reach, 0.0),
            (0.75 * r, base + 0.02 * height),
        ]
    )
    for i in range(count):
        fin = prism(
            "fin", "accent", fillet(outline, 0.02 * height, 3), "y", (-0.018 * width, 0.018 * width), 0.012 * width
        )
        fins.append(turn(fin, "z", 360.0 * i / count - 90.0))
    bell = lathe(
        "engine",
        "metal",
        np.array([(0.3, 0), (0.42, 0), (0.6 * style["bell"], -0.55), (0.52 * style["bell"], -0.55)]) * r
        + np.array([0, base + 0.06 * r]),
        sides=28,
    )
    rims, panes = [], []
    for z in np.linspace(0.66, 0.66 - 0.13 * (style["windows"] - 1), style["windows"]) * height:
        x = float(np.interp(z, profile[1:, 1], profile[1:, 0]))
        rims.append(torus("rim", "metal", (0, -x, z), 0.3 * r * style["window_size"], 0.1 * r, axis=1, sides=24))
        panes.append(
            ellipsoid(
                "pane",
                "glass",
                (0, -x, z),
                (0.29 * r * style["window_size"], 0.06 * r, 0.29 * r * style["window_size"]),
            )
        )
    parts = [hull, cone, tip, merge("fins", fins), bell, merge("window rims", rims), merge("windows", panes)]
    if style["band"] == "banded":
        x = float(np.interp(0.45 * height, profile[1:, 1], profile[1:, 0])) * 1.01
        parts.append(
            lathe(
                "band",
                "accent",
                np.array(
                    [
                        (x - 0.02 * width, 0.42 * height),
                        (x, 0.42 * height),
                        (x, 0.46 * height),
                        (x - 0.02 * width, 0.46 * height),
                    ]
                ),
                sides=40,
            )
        )
    return parts


KINDS = [
    vehicle(
        "spaceship",
        ("ufo", "flying saucer", "spacecraft", "starship", "starfighter", "space shuttle"),
        (7.0, 8.0, 3.0),
        {
            "paint": "silver enamel",
            "accent": "car-paint",
            "glass": "dark-glass",
            "metal": "titanium",
            "glow": "cyan glow",
        },
        {
            "dome": Range(0.85, 1.2),
            "engine": Range(0.8, 1.25),
            "lights": Range(6.0, 16.0),
            "hull": Range(0.85, 1.2),
            "sweep": Range(0.0, 0.2),
            "fin": Range(0.8, 1.2),
            "shape": Choice(("fighter", "saucer")),
            "marks": Choice(("marked", "plain")),
        },
        spaceship,
    ),
    vehicle(
        "rocket",
        ("space rocket", "missile", "rocket ship"),
        (2.2, 2.2, 5.2),
        {"paint": "white enamel", "accent": "red enamel", "glass": "dark-glass", "metal": "steel"},
        {
            "belly": Range(0.85, 1.2),
            "nose": Range(0.85, 1.3),
            "sweep": Range(0.6, 1.5),
            "window_size": Range(0.8, 1.2),
            "base": Range(0.9, 1.1),
            "bell": Range(0.9, 1.2),
            "fins": Choice((3, 4)),
            "windows": Choice((1, 2, 3)),
            "band": Choice(("banded", "plain")),
        },
        rocket,
    ),
]
