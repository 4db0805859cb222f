"""The fireplace."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import unit
from ..outlines import (
    Span,
    around,
    curve,
    inset,
    length,
    middle,
)
from ..solids import (
    box,
    cylinder,
    frame,
    lathe,
    move,
    prism,
    stretch,
    turn,
)


def _fireplace(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    shelf, over = style["shelf"] * 0.06 * h, 0.05 * w
    hearth_h = style["hearth"] * 0.06 * h
    hearth_d = 0.28 * d
    wall_y = (y[0] + hearth_d, y[1])
    side = style["side"] * w
    body_x = inset(x, over)
    opening = inset(body_x, side)
    lintel = h - shelf - style["lintel"] * h
    edge = 0.012 * u
    parts = [
        box("hearth", "stone", x, y, (0, hearth_h), 0.5 * edge, 2),
        box("shelf", "mantel", x, inset(wall_y, -0.3 * hearth_d, 0), (h - shelf, h), 0.6 * edge, 2, grain=0),
        *[
            box("pillar", "stone", s, wall_y, (0.98 * hearth_h, lintel), edge, 2)
            for s in ((body_x[0], opening[0]), (opening[1], body_x[1]))
        ],
        box("lintel", "stone", body_x, wall_y, (lintel, h - shelf), edge, 2),
        box(
            "back", "soot", inset(opening, -0.01 * w), (y[1] - 0.1 * d, y[1] - 0.01 * d), (hearth_h, lintel), 0.002 * u
        ),
        *[
            box("cheek", "soot", around(px, 0.01 * w), inset(wall_y, 0.05 * d, 0.05 * d), (hearth_h, lintel), 0.002 * u)
            for px in opening
        ],
        box("bed", "soot", opening, inset(wall_y, 0.02 * d), (hearth_h, hearth_h + 0.01 * h), 0.002 * u),
    ]
    if style["trim"] == "corbels":
        for px in (middle((body_x[0], opening[0])), middle((opening[1], body_x[1]))):
            corbel = [
                (wall_y[0], lintel),
                (wall_y[0] - 0.25 * hearth_d, h - shelf),
                (wall_y[0] + 0.05 * d, h - shelf),
                (wall_y[0] + 0.05 * d, lintel),
            ]
            parts.append(prism("corbel", "mantel", corbel, "x", around(px, 0.5 * side), 0.3 * edge))
    elif style["trim"] == "frame":
        for s in ((body_x[0], opening[0]), (opening[1], body_x[1])):
            parts.append(
                frame(
                    "moulding",
                    "mantel",
                    inset(s, 0.1 * side),
                    (wall_y[0] - 0.03 * d, wall_y[0] + 0.02 * d),
                    (hearth_h + 0.05 * h, lintel - 0.02 * h),
                    0.16 * side,
                    0.2 * edge,
                )
            )
    return parts + _fire(style, opening, (wall_y[0] + 0.1 * d, y[1] - 0.15 * d), (hearth_h + 0.01 * h, lintel), u)


def _fire(style: Style, x: Span, y: Span, z: Span, u: float) -> list[Part]:
    rng = style.random("logs")
    r = min(0.06 * u * style["logs"], 0.2 * length(y))
    wide = 0.7 * length(x)
    parts = []
    for py, pz in ((0.25, 1), (0.75, 1), (0.5, 2.6)):
        log = cylinder("log", "wood", (-wide / 2, 0, 0), (wide / 2, 0, 0), r, bevel=0.1 * r, sides=14)
        parts.append(
            move(
                turn(log, "z", float(rng.uniform(-14, 14)) * min(1.0, length(y) / wide)),
                middle(x),
                y[0] + py * length(y),
                z[0] + pz * r,
            )
        )
    if style["fire"] == "burning":
        for k in range(style["flames"]):
            at = x[0] + length(x) * (0.25 + 0.5 * (k + 0.5) / style["flames"])
            tall = length(z) * float(rng.uniform(0.4, 0.72)) * style["flame_height"]
            wide_f = 0.5 * length(x) / style["flames"] * 0.9
            drop = curve(
                np.array([(0, 0), (0.7, 0.12), (1, 0.3), (0.6, 0.62), (0.2, 0.88), (0, 1)]) * (wide_f, tall), 14
            )
            drop[0, 0] = drop[-1, 0] = 0
            flame = stretch(lathe("flame", "flame", drop, sides=16), 1.0, min(1.0, 0.4 * length(y) / wide_f))
            parts.append(move(flame, at, middle(y), z[0] + 2.0 * r))
    return parts


KINDS = (
    Kind(
        "fireplace",
        "openings",
        ("hearth", "chimney", "mantelpiece", "fire place"),
        (1.4, 0.5, 1.15),
        {
            "stone": "grey stone",
            "mantel": "white painted wood",
            "soot": "black brick",
            "wood": "brown bark",
            "flame": "glowing flame",
        },
        {
            "shelf": Range(0.7, 1.3),
            "hearth": Range(0.6, 1.4),
            "side": Range(0.16, 0.24),
            "lintel": Range(0.16, 0.24),
            "logs": Range(0.8, 1.2),
            "flame_height": Range(0.8, 1.2),
            "trim": Choice(("corbels", "frame", "none")),
            "fire": Choice(("burning", "burning", "cold")),
            "flames": Choice((3, 4, 5)),
        },
        _fireplace,
    ),
)
