"""Stools and bar stools."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import foot_disc, four_legs, rod, unit
from ..outlines import Span, around, ellipse, inset, rounded_rectangle
from ..solids import (
    cushion,
    cylinder,
    merge,
    prism,
    stretch,
    sweep,
    torus,
)

STOOL_KNOBS = {
    "seat_thickness": Range(0.06, 0.11),
    "leg_width": Range(0.055, 0.085),
    "taper": Range(0.55, 0.95),
    "splay": Range(0.04, 0.14),
    "rail_height": Range(0.25, 0.45),
    "round": Range(0.05, 0.45),
    "seat": Choice(("wood", "cushion")),
    "form": Choice(("round", "square")),
    "legs": Choice(("round", "square", "turned")),
}


def _stool(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    thick = min(style["seat_thickness"] * 0.5 * unit(size), 0.3 * h)
    width = style["leg_width"] * unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    splay = style["splay"] * min(w, d)
    corner = 0.49 * min(w, d) if style["form"] == "round" else style["round"] * min(w, d)
    outline = (
        ellipse(0.49 * w, 0.49 * d, 40)
        if style["form"] == "round"
        else rounded_rectangle(inset(x, 0.01 * w), inset(y, 0.01 * d), corner, 8)
    )
    seat_base = h - thick * (2.0 if style["seat"] == "cushion" else 1.0)
    legs = four_legs(
        "legs",
        x,
        y,
        (0, seat_base + 0.2 * thick),
        width,
        style["taper"],
        splay + (0.1 * min(w, d) if style["form"] == "round" else 0),
        style["legs"],
    )
    parts = [legs, prism("seat", "seat", outline, "z", (seat_base, seat_base + thick), 0.3 * thick, 3, grain=0)]
    if style["seat"] == "cushion":
        parts.append(
            prism("pad", "cushion", outline * 0.97, "z", (seat_base + 0.9 * thick, h), 0.45 * thick, 5, smooth=80)
        )
    lean = style["rail_height"]
    return parts + _rails(
        inset(x, width / 2 + splay * lean), inset(y, width / 2 + splay * lean), lean * h, 0.45 * width, "legs"
    )


def _rails(x: Span, y: Span, z: float, thickness: float, slot: str) -> list[Part]:
    rods = [rod("rail", slot, (x[0], at, z), (x[1], at, z), thickness) for at in y]
    rods += [rod("rail", slot, (at, y[0], z * 1.12), (at, y[1], z * 1.12), thickness) for at in x]
    return [merge("rails", rods[:2]), merge("side rails", rods[2:])]


def _pedestal(style: Style, size: Size, top: float, width: float) -> list[Part]:
    w, d, h = size
    wide, rail = min(w, d), style["rail_height"] * h
    foot = foot_disc("foot", "legs", (0, 0, 0), wide / 2, 0.06 * wide)
    column = cylinder("column", "legs", (0, 0, 0.04 * wide), (0, 0, top), 0.06 * wide, 0.05 * wide)
    ring = torus("foot ring", "legs", (0, 0, rail), 0.3 * wide, 0.35 * width)
    arm = rod("ring arm", "legs", (-0.3 * wide, 0, rail), (0.3 * wide, 0, rail), 0.3 * width)
    return [stretch(foot, w / wide, d / wide), column, ring, arm]


def _bar_stool(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    low_back = style["back"] == "low"
    seat_top = h * (0.76 if low_back else 1.0)
    thick = style["seat_thickness"] * 0.5 * unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    width = style["leg_width"] * unit(size) * 0.8
    seat = cushion(
        "seat",
        "seat",
        inset(x, 0.03 * w),
        inset(y, 0.03 * d),
        (seat_top - 1.5 * thick, seat_top),
        style["softness"],
        (0.02, 0.02, 0.3),
    )
    parts = [seat]
    if style["base"] == "pedestal":
        parts += _pedestal(style, size, seat_top - 1.2 * thick, width)
    else:
        splay = style["splay"] * min(w, d)
        lean = style["rail_height"]
        parts.append(
            four_legs(
                "legs", x, y, (0, seat_top - thick), width, style["taper"], splay + 0.06 * min(w, d), style["base"]
            )
        )
        edge = width / 2 + (splay + 0.06 * min(w, d)) * lean
        parts += _rails(inset(x, edge), inset(y, edge), lean * seat_top, 0.5 * width, "legs")
    if low_back:
        path = np.stack(
            [
                0.46 * w * np.cos(a := np.linspace(0.1, np.pi - 0.1, 17)),
                0.42 * d * np.sin(a),
                np.full(17, h - 0.06 * h),
            ],
            axis=1,
        )
        section = rounded_rectangle(around(0, 0.07 * d), around(0, 0.12 * h), 0.025 * d, 4)
        parts.append(sweep("back", "seat", path, section))
        parts.append(
            merge(
                "stays",
                [
                    rod(
                        "stay",
                        "legs",
                        (s * 0.3 * w, 0.28 * d, seat_top - thick),
                        (s * 0.3 * w, 0.32 * d, h - 0.1 * h),
                        0.4 * width,
                    )
                    for s in (-1, 1)
                ],
            )
        )
    return parts


KINDS = (
    Kind(
        "stool",
        "seating",
        ("footstool", "milking stool", "step stool"),
        (0.38, 0.38, 0.46),
        {"seat": "oak wood", "legs": "oak wood", "cushion": "brown leather"},
        STOOL_KNOBS,
        _stool,
    ),
    Kind(
        "bar stool",
        "seating",
        ("counter stool", "high stool", "bar chair"),
        (0.42, 0.44, 0.96),
        {"seat": "brown leather", "legs": "black metal"},
        {
            "seat_thickness": Range(0.12, 0.2),
            "leg_width": Range(0.05, 0.075),
            "taper": Range(0.6, 1.0),
            "splay": Range(0.04, 0.1),
            "rail_height": Range(0.26, 0.36),
            "softness": Range(0.6, 0.9),
            "back": Choice(("none", "low")),
            "base": Choice(("round", "square", "pedestal")),
        },
        _bar_stool,
    ),
)
