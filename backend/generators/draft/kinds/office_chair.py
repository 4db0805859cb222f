"""The chair that rolls, turns and tilts."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import rod, unit
from ..outlines import Span, around, fillet, length, rounded_rectangle
from ..solids import (
    box,
    cushion,
    cylinder,
    merge,
    mirror,
    stretch,
    sweep,
    tube,
    turn,
)


def _office_chair(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = 0.5 * min(w, d)
    caster = 0.032 * h * style["caster"]
    hub = 2 * caster + 0.035 * h
    seat = style["seat_height"] * h
    base = _star_base(style["spokes"], r, caster, hub)
    base = [stretch(part, w / (2 * r), d / (2 * r)) for part in base]
    seat_x, seat_y = around(0, 0.76 * w), (-0.46 * d, 0.3 * d)
    thick = style["seat_thickness"] * h
    lift = cylinder("gas lift", "metal", (0, 0, hub), (0, 0, seat - thick), 0.035 * min(w, d), bevel=0.002)
    sleeve = cylinder("sleeve", "base", (0, 0, hub * 0.9), (0, 0, hub + 0.45 * (seat - thick - hub)), 0.055 * min(w, d))
    tilt = box(
        "mechanism",
        "base",
        around(0, 0.2 * w),
        around(0, 0.3 * d),
        (seat - thick - 0.03 * h, seat - thick + 0.01 * h),
        0.008 * h,
        2,
    )
    cushioned = cushion("seat", "seat", seat_x, seat_y, (seat - thick, seat), style["softness"], (0.02, 0.03, 0.25))
    parts = [*base, lift, sleeve, tilt, cushioned, *_office_back(style, size, seat)]
    return parts + _armrests(style, size, seat, thick)


def _star_base(spokes: int, r: float, caster: float, hub: float) -> list[Part]:
    arms, wheels, forks = [], [], []
    reach = r - 1.1 * caster
    for k in range(spokes):
        a = 360.0 * k / spokes + 90.0
        outline_path = [(0.1 * r, 0, hub), (reach, 0, 2.25 * caster)]
        section = rounded_rectangle(around(0, 0.14 * r), around(0, 0.1 * r), 0.03 * r, 3)
        arms.append(turn(sweep("spoke", "base", outline_path, section, scale=np.array([1.0, 0.6])), "z", a))
        pair = [
            cylinder(
                "caster",
                "wheels",
                (reach, s * 0.9 * caster, caster),
                (reach, s * 0.25 * caster, caster),
                caster,
                bevel=0.2 * caster,
                sides=20,
            )
            for s in (-1, 1)
        ]
        wheels += [turn(piece, "z", a) for piece in pair]
        forks.append(
            turn(
                cylinder("pin", "base", (reach, 0, 0.7 * caster), (reach, 0, 2.3 * caster), 0.2 * caster, sides=12),
                "z",
                a,
            )
        )
    middle = cylinder("hub", "base", (0, 0, hub - 0.07 * r), (0, 0, hub + 0.06 * r), 0.15 * r, 0.1 * r, bevel=0.01 * r)
    return [merge("spokes", arms), merge("casters", wheels), merge("pins", forks), middle]


def _office_back(style: Style, size: Size, seat: float) -> list[Part]:
    w, d, h = size
    low = seat + 0.05 * h
    top = h * (0.84 if style["headrest"] == "headrest" else 1.0)
    y = 0.3 * d
    wide = style["back_width"] * w
    curved = _bent_back(wide, y, (low, top), 0.05 * d, style["back"] == "mesh")
    spine = tube(
        "spine",
        "base",
        fillet(
            [(0, 0.05 * d, seat - 0.06 * h), (0, 0.46 * d, seat - 0.05 * h), (0, 0.44 * d, low + 0.4 * (top - low))],
            0.06 * h,
            5,
        ),
        0.028 * min(w, d),
    )
    tilted = [curved]
    if style["headrest"] == "headrest":
        tilted.append(
            cushion(
                "headrest",
                "seat",
                around(0, 0.5 * wide),
                (y - 0.02 * d, y + 0.09 * d),
                (top + 0.025 * h, h),
                0.9,
                (0.05, 0.2, 0.1),
            )
        )
        tilted.append(rod("stem", "metal", (0, y + 0.09 * d, top - 0.1 * h), (0, y + 0.05 * d, h - 0.05 * h), 0.03 * w))
    return [spine, *[turn(part, "x", -style["recline"], (0, y, low)) for part in tilted]]


def _bent_back(width: float, y: float, z: Span, depth: float, thin: bool) -> Part:
    """A backrest that embraces the sitter and bulges forward at the loins."""
    thick = depth * (0.7 if thin else 1.8)
    soft = cushion("backrest", "seat", around(0, width), around(0, thick), z, 0.9, (0.02, 0.15, 0.02), cells=8)
    p = soft.vertices.copy()
    u, v = p[:, 0] / (width / 2), (p[:, 2] - z[0]) / length(z)
    p[:, 0] *= 1 - 0.18 * np.clip(v - 0.3, 0, 1) ** 2
    p[:, 1] += y + depth * 0.9 - 0.9 * depth * u**2 - 0.8 * depth * np.exp(-(((v - 0.25) / 0.25) ** 2))
    return replace(soft, vertices=p)


def _armrests(style: Style, size: Size, seat: float, thick: float) -> list[Part]:
    w, d, h = size
    if style["arms"] == "none":
        return []
    x, top = -0.46 * w, seat + style["arm_height"] * h
    pad = box("arm pad", "base", (-w / 2, -w / 2 + 0.1 * w), (-0.25 * d, 0.2 * d), (top - 0.025 * h, top), 0.012 * h, 2)
    if style["arms"] == "loop":
        path = fillet(
            [
                (0.8 * x, -0.2 * d, seat - thick),
                (x, -0.22 * d, top - 0.015 * h),
                (x, 0.2 * d, top - 0.015 * h),
                (0.8 * x, 0.18 * d, seat - thick),
            ],
            0.06 * h,
            5,
        )
        post = tube("arm", "base", path, 0.016 * unit(size))
    else:
        path = fillet(
            [(0.4 * x, 0, seat - thick * 0.9), (x, 0, seat - thick * 0.9), (x, 0, top - 0.01 * h)], 0.04 * h, 5
        )
        post = tube("arm", "base", path, 0.022 * unit(size))
    return [pad, post, mirror(pad), mirror(post)]


KINDS = (
    Kind(
        "office chair",
        "seating",
        ("desk chair", "swivel chair", "task chair", "gaming chair"),
        (0.66, 0.68, 1.08),
        {"seat": "black fabric", "base": "black plastic", "metal": "chrome", "wheels": "black rubber"},
        {
            "seat_height": Range(0.42, 0.48),
            "seat_thickness": Range(0.06, 0.09),
            "caster": Range(0.85, 1.15),
            "softness": Range(0.6, 0.95),
            "recline": Range(3, 10),
            "back_width": Range(0.62, 0.76),
            "arm_height": Range(0.15, 0.21),
            "spokes": Choice((5, 6)),
            "arms": Choice(("post", "loop", "none")),
            "back": Choice(("padded", "mesh")),
            "headrest": Choice(("headrest", "none")),
        },
        _office_chair,
    ),
)
