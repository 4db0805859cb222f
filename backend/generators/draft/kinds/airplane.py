"""The airplane: airliner with jets or a propeller. Nose towards -Y."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    merge,
    move,
    prism,
    superellipsoid,
    tube,
    turn,
)
from .carbody import loft
from .panels import AIR, both, vehicle


def airplane(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r, z = 0.062 * length * style["body"], 0.36 * height
    y = (
        np.concatenate([[-0.5, -0.497, -0.485, -0.46, -0.42, -0.36], np.linspace(-0.3, 0.2, 8), [0.3, 0.4, 0.47, 0.5]])
        * length
    )
    share = np.interp(
        y / length,
        [-0.5, -0.497, -0.485, -0.46, -0.42, -0.36, 0.18, 0.3, 0.4, 0.5],
        [0.06, 0.2, 0.42, 0.66, 0.87, 1.0, 1.0, 0.78, 0.5, 0.12],
    )
    lift = np.interp(y / length, [-0.5, -0.4, 0.15, 0.5], [-0.25, 0.0, 0.0, 0.8]) * r
    angle = np.linspace(0, 2 * np.pi, 29)[:-1]
    rings = np.stack(
        [
            share[:, None] * r * np.cos(angle),
            np.broadcast_to(y[:, None], (len(y), 28)),
            z + lift[:, None] + share[:, None] * r * np.sin(angle),
        ],
        -1,
    )
    parts = [loft("fuselage", "paint", rings)]
    sweep_ = style["sweep"] * length
    wing = prism(
        "wing",
        "paint",
        fillet(
            np.array(
                [
                    (0.3 * r, -0.12 * length),
                    (width / 2, -0.12 * length + sweep_),
                    (width / 2, -0.08 * length + sweep_),
                    (0.3 * r, 0.08 * length),
                ]
            ),
            0.006 * length,
            3,
        ),
        "z",
        (-0.012 * length, 0.012 * length),
        0.01 * length,
    )
    wing = move(turn(wing, "y", -style["dihedral"]), 0, 0, z - 0.45 * r)
    parts.append(both("wings", [wing]))
    fin = prism(
        "fin",
        "accent",
        fillet(
            np.array(
                [
                    (0.3 * length, z + 0.5 * r),
                    (0.47 * length, z + 0.6 * r),
                    (0.5 * length, height),
                    (0.5 * length - 0.06 * length * style["fin"], height),
                ]
            ),
            0.01 * length,
            3,
        ),
        "x",
        (-0.008 * length, 0.008 * length),
        0.006 * length,
    )
    tail_z = height - 0.06 * length if style["tail"] == "T" else z + 1.0 * r
    span = 0.19 * width * style["tail_span"]
    plane = prism(
        "tail plane",
        "accent",
        fillet(
            np.array([(0.0, 0.37 * length), (span, 0.45 * length), (span, 0.48 * length), (0.0, 0.46 * length)])
            + np.array([0.004 * length, 0.015 * length * (style["tail"] == "T")]),
            0.005 * length,
            2,
        ),
        "z",
        (tail_z - 0.006 * length, tail_z + 0.006 * length),
        0.004 * length,
    )
    parts += [
        fin,
        both("tail planes", [plane]),
        *plane_windows(style, r, z, length),
        *engines(style, width, length, r, z, sweep_),
    ]
    gear = [
        cylinder(
            "wheel",
            "tyre",
            (x - 0.012 * length, gy, 0.022 * length),
            (x + 0.012 * length, gy, 0.022 * length),
            0.022 * length,
            bevel=0.006 * length,
        )
        for x, gy in ((0.7 * r, 0.0), (0.22 * r, -0.38 * length))
    ]
    legs = [
        tube("leg", "metal", [(x, gy, 0.02 * length), (x, gy, z - 0.5 * r)], 0.007 * length, sides=10)
        for x, gy in ((0.7 * r, 0.0), (0.22 * r, -0.38 * length))
    ]
    return [*parts, both("wheels", gear), both("gear legs", legs)]


def plane_windows(style: Style, r: float, z: float, length: float) -> list[Part]:
    panes = []
    for y in np.linspace(-0.33, 0.16, style["windows"]) * length:
        panes.append(
            superellipsoid(
                "window",
                "glass",
                (0.93 * r, 1.008 * r),
                (y - 0.008 * length, y + 0.008 * length),
                (z + 0.15 * r, z + 0.42 * r),
                3.0,
                3,
            )
        )
    cockpit = superellipsoid(
        "cockpit", "glass", (-0.5 * r, 0.5 * r), (-0.478 * length, -0.43 * length), (z + 0.2 * r, z + 0.82 * r), 2.6, 8
    )
    return [both("windows", panes), cockpit]


def engines(style: Style, width: float, length: float, r: float, z: float, sweep_: float) -> list[Part]:
    n = 0.045 * length * style["engine"]
    if style["power"] == "propeller":
        nose = ellipsoid("spinner", "metal", (0, -0.5 * length, z - 0.25 * r), (0.3 * r, 0.03 * length, 0.3 * r))
        blade = prism(
            "blade",
            "metal",
            fillet(np.array([(-0.01, 0.02), (0.01, 0.02), (0.016, 0.09), (-0.016, 0.09)]) * length, 0.006 * length, 2),
            "y",
            (-0.004 * length, 0.004 * length),
            0.002,
        )
        return [
            nose,
            merge(
                "propeller", [move(turn(blade, "y", a), 0, -0.497 * length, z - 0.25 * r) for a in (30.0, 150.0, 270.0)]
            ),
        ]
    profile = np.array([(0.72, -1.0), (0.95, -1.1), (1.0, -0.8), (0.95, 0.4), (0.7, 1.1), (0.6, 1.1), (0.62, -0.2)]) * n
    shell = lathe("nacelle", "metal", fillet(profile, 0.05 * n, 2), sides=24)
    fan = ellipsoid("fan", "trim", (0, 0, 0), (0.68 * n, 0.68 * n, 0.5 * n))
    out = []
    for x, share in (
        ((0.17 * width, 0.34),) if style["power"] == "two jets" else ((0.15 * width, 0.3), (0.3 * width, 0.6))
    ):
        place = (x, -0.12 * length + share * sweep_, z - 0.5 * r - 1.1 * n + x * np.sin(np.radians(style["dihedral"])))
        out.append([move(turn(part, "x", -90.0), *place) for part in (shell, fan)])
    pylons = [
        box(
            "pylon",
            "paint",
            (p[0].vertices[:, 0].mean() - 0.15 * n, p[0].vertices[:, 0].mean() + 0.15 * n),
            (p[0].vertices[:, 1].min() + 0.5 * n, p[0].vertices[:, 1].max()),
            (p[0].vertices[:, 2].max() - 0.2 * n, p[0].vertices[:, 2].max() + 0.5 * n),
            0.05 * n,
        )
        for p in out
    ]
    return [both("nacelles", [p[0] for p in out]), both("fans", [p[1] for p in out]), both("pylons", pylons)]


KINDS = [
    vehicle(
        "airplane",
        ("plane", "aeroplane", "jet", "airliner", "aircraft"),
        (11.0, 12.0, 3.6),
        {"paint": "white enamel", "accent": "car-paint"} | AIR,
        {
            "body": Range(0.9, 1.15),
            "sweep": Range(0.04, 0.17),
            "dihedral": Range(1.0, 6.0),
            "engine": Range(0.85, 1.2),
            "fin": Range(0.7, 1.3),
            "tail_span": Range(0.85, 1.15),
            "windows": Choice((8, 12, 16)),
            "tail": Choice(("low", "T")),
            "power": Choice(("two jets", "four jets", "propeller")),
        },
        airplane,
    ),
]
