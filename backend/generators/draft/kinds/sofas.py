"""Upholstered seats: sofas, armchairs, ottomans."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import four_legs, unit
from ..outlines import Span, around, fillet, inset, length, rounded_rectangle, split
from ..solids import (
    box,
    cushion,
    cylinder,
    lathe,
    merge,
    mirror,
    move,
    pillow,
    prism,
    stretch,
    sweep,
    turn,
)

SOFA_KNOBS = {
    "seat_height": Range(0.46, 0.54),
    "arm_height": Range(0.66, 0.8),
    "arm_width": Range(0.85, 1.35),
    "back_depth": Range(0.17, 0.23),
    "leg_height": Range(0.1, 0.19),
    "softness": Range(0.45, 0.9),
    "crown": Range(0.2, 0.42),
    "recline": Range(5.0, 13.0),
    "arm": Choice(("square", "round", "rolled", "slim")),
    "feet": Choice(("tapered", "block", "sled")),
    "back": Choice(("cushions", "tufted", "low")),
    "pillows": Choice((0, 1, 2)),
}


def _couch(style: Style, size: Size, seats: int) -> list[Part]:
    w, d, h = size
    seat_top = style["seat_height"] * h
    feet = style["leg_height"] * h
    arm_w = min(style["arm_width"] * 0.2 * min(d, h) * (0.6 if style["arm"] == "slim" else 1.0), 0.2 * w)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    inner = inset(x, arm_w)
    base_top = feet + 0.42 * (seat_top - feet)
    back_y = d / 2 - style["back_depth"] * d
    frame_top = h * (0.97 if style["back"] == "low" else 0.9)
    parts = [
        box("base", "upholstery", inset(x, 0.3 * arm_w), inset(y, 0.03 * d, 0.01 * d), (feet, base_top), 0.03 * h, 2),
        cushion(
            "back",
            "upholstery",
            inset(x, 0.25 * arm_w),
            (back_y + 0.25 * (d / 2 - back_y), d / 2),
            (feet, frame_top),
            0.6,
            (0, 0, 0),
        ),
        *_arms(style, x, y, (feet, style["arm_height"] * h), arm_w),
        *_feet(style, x, y, feet, unit(size)),
    ]
    front_y = -d / 2
    for span in split(inner, seats, 0.004 * unit(size)):
        parts.append(
            cushion(
                "seat",
                "upholstery",
                span,
                (front_y, back_y + 0.02 * d),
                (base_top, seat_top),
                style["softness"],
                (0.0, 0.03, style["crown"]),
            )
        )
        parts += _back_cushion(style, span, (back_y - 0.1 * d, back_y + 0.06 * d), (seat_top - 0.02 * h, h))
    return parts + _pillows(style, inner, back_y - 0.1 * d, seat_top, h)


def _back_cushion(style: Style, x: Span, y: Span, z: Span) -> list[Part]:
    if style["back"] == "low":
        z = (z[0], z[0] + 0.86 * length(z))
    if style["back"] == "tufted":
        rows = [
            turn(
                cushion("back", "upholstery", s, y, z, 0.9, (0.02, 0.25, 0.02)), "x", -style["recline"], (0, y[1], z[0])
            )
            for s in split(x, 2, 0.0)
        ]
        return rows
    soft = cushion(
        "back cushion", "upholstery", inset(x, 0.003 * length(x)), y, z, style["softness"], (0.02, 0.3, 0.06)
    )
    return [turn(soft, "x", -style["recline"], (0, y[1], z[0]))]


def _arms(style: Style, x: Span, y: Span, z: Span, width: float) -> list[Part]:
    top, y = z[1], inset(y, 0.01 * length(y), 0.0)
    left = (x[0], x[0] + width)
    if style["arm"] == "round":
        outline = rounded_rectangle(left, z, 0.48 * width, 8)
        arm = [prism("arm", "upholstery", outline, "y", y, 0.15 * width, 3)]
    elif style["arm"] == "rolled":
        roll = 0.5 * width
        panel = box(
            "arm",
            "upholstery",
            inset(left, 0.12 * width),
            inset(y, 0.02 * length(y)),
            (z[0], top - roll),
            0.1 * width,
            2,
        )
        centre = (x[0] + roll, top - roll)
        arm = [
            panel,
            cylinder(
                "roll",
                "upholstery",
                (centre[0], y[0], centre[1]),
                (centre[0], y[1], centre[1]),
                roll,
                bevel=0.3 * roll,
                sides=32,
            ),
        ]
    else:
        soft = 0.3 if style["arm"] == "square" else 0.6
        arm = [cushion("arm", "upholstery", left, y, z, soft, (0.06, 0.0, 0.02))]
    return arm + [mirror(piece) for piece in arm]


def _feet(style: Style, x: Span, y: Span, height: float, u: float) -> list[Part]:
    width = 0.045 * u
    x, y, z = inset(x, 1.2 * width), inset(y, 1.2 * width), (0.0, height + 0.2 * width)
    if style["feet"] == "sled":
        runners = []
        for side in inset(x, width):
            path = fillet(
                [(side, y[0], z[1]), (side, y[0], 0.25 * width), (side, y[1], 0.25 * width), (side, y[1], z[1])],
                width,
                4,
            )
            runners.append(
                sweep(
                    "runner",
                    "legs",
                    path,
                    rounded_rectangle(around(0, width), around(0, 0.5 * width), 0.1 * width, 2),
                    up=(1, 0, 0),
                )
            )
        return [merge("runners", runners)]
    if style["feet"] == "block":
        return [four_legs("legs", x, y, z, 1.4 * width, 0.95, 0.0, "square")]
    return [four_legs("legs", x, y, z, width, 0.55, 0.3 * width, "round")]


def _pillows(style: Style, inner: Span, y: float, seat: float, top: float) -> list[Part]:
    side = min(0.95 * (top - seat), 0.45 * length(inner))
    parts = []
    for k in range(style["pillows"]):
        flat = pillow("pillow", "pillows", around(0, side), around(0, side), around(0, 0.32 * side))
        leaned = turn(turn(flat, "x", 72.0), "z", 12.0 - 24.0 * k)
        x = inner[0] + 0.55 * side if k == 0 else inner[1] - 0.55 * side
        low = leaned.vertices[:, 2].min()
        parts.append(move(leaned, x, y - 0.16 * side, seat - low - 0.02 * side))
    return parts


SOFA_SLOTS = {"upholstery": "grey fabric", "legs": "dark walnut wood", "pillows": "cream linen"}


def _sofa(style: Style, size: Size) -> list[Part]:
    w, d, _ = size
    least, most = min(6, max(1, int(w / (1.5 * d)))), max(1, int(w / (0.55 * d)))
    return _couch(style, size, min(max(style["seats"], least), most))


def _armchair(style: Style, size: Size) -> list[Part]:
    return _couch(style, size, 1)


def _corner_sofa(style: Style, size: Size) -> list[Part]:
    """A sofa along the back and a chaise that comes forward on one side."""
    w, d, h = size
    deep = min(0.58 * d, 0.5 * w)
    wide = min(0.36 * w, 0.8 * d)
    parts = [move(part, y=(d - deep) / 2) for part in _couch(style, (w, deep, h), style["seats"])]
    feet, seat_top = style["leg_height"] * h, style["seat_height"] * h
    base_top = feet + 0.42 * (seat_top - feet)
    arm = 0.18 * wide
    x, y = (-w / 2, -w / 2 + wide), (-d / 2, d / 2 - deep + 0.04 * d)
    soft = style["softness"]
    chaise = [
        box("chaise base", "upholstery", x, inset(y, 0.02 * d, 0), (feet, base_top), 0.03 * h, 2),
        cushion(
            "chaise", "upholstery", inset(x, 0.15 * arm), y, (base_top, seat_top), soft, (0.0, 0.03, style["crown"])
        ),
        four_legs(
            "legs",
            inset(x, 0.5 * arm),
            inset(y, 0.5 * arm),
            (0, feet + 0.01 * h),
            0.045 * unit(size),
            0.7,
            0.0,
            "round",
        ),
    ]
    if style["side"] == "right":
        chaise = [mirror(part) for part in chaise]
    return parts + chaise


def _ottoman(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    feet = style["leg_height"] * h * (0.2 if style["feet"] == "hidden" else 1.0)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    lid = feet + (h - feet) * style["lid"]
    soft, width = style["softness"], 0.09 * unit(size) * style["leg_width"]
    if style["form"] == "round":
        parts = [_round_pouf(style, size, feet, lid)]
    else:
        parts = [
            box("body", "upholstery", inset(x, 0.02 * w), inset(y, 0.02 * d), (feet, lid), 0.04 * h, 2),
            cushion("top", "upholstery", x, y, (lid, h), soft, (0.01, 0.01, style["crown"])),
        ]
    inside = (0.16, 0.16) if style["form"] == "round" else (0.04, 0.04)
    legs = four_legs(
        "legs",
        inset(x, inside[0] * w),
        inset(y, inside[1] * d),
        (0, feet + 0.03 * h),
        width,
        style["taper"],
        0.0,
        "round",
    )
    return [*parts, legs]


def _round_pouf(style: Style, size: Size, feet: float, lid: float) -> Part:
    w, d, h = size
    fat = 0.5 * min(style["softness"], 0.8) * (h - feet)
    r = np.sqrt(w * d) / 2
    side = [(r, feet + 0.3 * fat), (r, lid - 0.02 * h), (0.96 * r, lid), (r, lid + 0.02 * h), (r, h - 0.6 * fat)]
    profile = [(0, feet), (0.92 * r, feet), *side, (0.84 * r, h - 0.03 * h), (0.4 * r, h), (0, h)]
    turned = lathe("pouf", "upholstery", fillet(profile, 0.3 * fat, 4), sides=48)
    return stretch(turned, w / (2 * r), d / (2 * r))


KINDS = (
    Kind(
        "sofa",
        "seating",
        ("couch", "settee", "loveseat", "three seater"),
        (2.1, 0.92, 0.84),
        SOFA_SLOTS,
        SOFA_KNOBS | {"seats": Choice((2, 3))},
        _sofa,
    ),
    Kind(
        "armchair",
        "seating",
        ("easy chair", "lounge chair", "club chair", "reading chair", "recliner"),
        (0.92, 0.9, 0.86),
        SOFA_SLOTS | {"upholstery": "teal velvet fabric"},
        SOFA_KNOBS | {"pillows": Choice((0, 1))},
        _armchair,
    ),
    Kind(
        "corner sofa",
        "seating",
        ("sectional", "sectional sofa", "chaise sofa", "l-shaped sofa"),
        (2.7, 1.7, 0.84),
        SOFA_SLOTS,
        SOFA_KNOBS | {"seats": Choice((2, 3)), "side": Choice(("left", "right"))},
        _corner_sofa,
    ),
    Kind(
        "ottoman",
        "seating",
        ("pouf", "hassock", "pouffe"),
        (0.6, 0.5, 0.42),
        SOFA_SLOTS,
        {
            "leg_height": Range(0.15, 0.32),
            "lid": Range(0.5, 0.7),
            "leg_width": Range(0.7, 1.2),
            "taper": Range(0.5, 0.9),
            "softness": Range(0.5, 0.95),
            "crown": Range(0.1, 0.35),
            "form": Choice(("square", "round")),
            "feet": Choice(("shown", "hidden")),
        },
        _ottoman,
    ),
)
