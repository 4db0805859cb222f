"""Lamps that stand on the floor, on a table or on a wall."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import bulb, foot_disc, lamp_shade, oval, rod, spider, unit
from ..outlines import arc, around, fillet, resample
from ..solids import box, cylinder, ellipsoid, lathe, merge, move, tube, turn

LAMP_SLOTS = {"shade": "cream linen fabric", "stand": "black metal", "bulb": "glowing glass"}
SHADES = Choice(("cone", "drum", "dome", "globe"))
SHADE_KNOBS = {"cone": Range(0.45, 0.85), "shade": SHADES}


def _floor_lamp(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    wide = min(w, d)
    r = wide / 2
    pole = style["pole"] * 0.022 * h
    foot_r = style["foot"] * r
    if style["stand"] == "arc":
        return _arc_lamp(style, size, pole)
    low = h * (1 - style["shade_height"] * 0.3)
    z = (low, h)
    parts = lamp_shade(style, r, z, 0.01 * r)
    top = low + 0.55 * (h - low)
    if style["stand"] == "tripod":
        hub = style["hub"] * low
        legs = [
            turn(rod("leg", "stand", (0, -0.96 * r + pole, 0.4 * pole), (0, 0, hub), 1.2 * pole), "z", a)
            for a in (0, 120, 240)
        ]
        parts += [
            merge("legs", legs),
            cylinder("hub", "stand", (0, 0, hub - 1.5 * pole), (0, 0, hub + 1.5 * pole), 1.8 * pole),
        ]
        parts.append(rod("pole", "stand", (0, 0, hub), (0, 0, top), pole))
    else:
        parts += [
            foot_disc("foot", "stand", (0, 0, 0), foot_r, style["foot_height"] * 0.03 * h),
            rod("pole", "stand", (0, 0, 0.01 * h), (0, 0, top), pole, 16),
        ]
        if style["stand"] == "beads":
            beads = [
                ellipsoid("bead", "stand", (0, 0, at * low), (1.5 * pole, 1.5 * pole, 1.1 * pole), 5)
                for at in (0.3, 0.36, 0.85)
            ]
            parts.append(merge("beads", beads))
    if style["shade"] != "globe":
        parts.append(bulb("bulb", "bulb", (0, 0, top - 0.5 * pole), min(0.16 * r, 0.12 * (h - low))))
        parts.append(
            spider(0.93 * r * (style["cone"] if style["shade"] == "cone" else 0.9), low + 0.5 * (h - low), 0.3 * pole)
        )
    return oval(parts, r, w, d)


def _arc_lamp(style: Style, size: Size, pole: float) -> list[Part]:
    """A pole that bends over to the left and lets the shade hang."""
    w, d, h = size
    r = min(0.5 * d, 0.42 * w)
    foot = min(style["foot"] * 0.5 * d, 0.22 * w)
    base_x, lamp_x = 0.5 * w - foot, -0.5 * w + r
    drop = style["shade_height"] * 0.24 * h
    low = h * 0.62
    bend = arc((0, 0), 1.0, 0, 180, 24) * np.array([(base_x - lamp_x) / 2, 0.36 * h])
    path = [(base_x, 0, 0.01 * h), *[((base_x + lamp_x) / 2 + a, 0, 0.62 * h + b) for a, b in bend]]
    path = [p for k, p in enumerate(path) if k < 2 or (p[0] > lamp_x - 1e-6 and not (k > 12 and p[2] < 0.8 * h))]
    end = path[-1]
    parts = [
        tube("pole", "stand", resample(np.array(path), 40), pole / 2),
        foot_disc("foot", "stand", (base_x, 0, 0), foot, 0.03 * h),
    ]
    lamp_x = max(end[0], -0.5 * w + r)
    lamp = [
        *lamp_shade(style, r, (low, low + drop), 0.01 * r),
        rod("cord", "stand", (0, 0, low + 0.4 * drop), (0, 0, end[2]), 0.5 * pole),
    ]
    if style["shade"] != "globe":
        lamp.append(bulb("bulb", "bulb", (0, 0, low + 0.12 * drop), 0.2 * r))
        lamp.append(
            spider(0.93 * r * (style["cone"] if style["shade"] == "cone" else 0.9), low + 0.6 * drop, 0.3 * pole)
        )
    link = rod("link", "stand", (lamp_x, 0, end[2]), (end[0] + 1e-3, 0, end[2]), pole)
    joined = [link] if abs(lamp_x - end[0]) > pole else []
    return [*parts, *joined, *[move(part, lamp_x) for part in lamp]]


def _table_lamp(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    low = h * (1 - style["shade_height"])
    neck = style["neck"] * 0.08 * r
    body = style["body"] * r
    foot = min(style["foot"] * r, 0.9 * r)
    top = low + 0.5 * (h - low)
    profile = fillet(np.array(_base_profile(style["base"], foot, body, neck)) * (1, low * 0.98), 0.3 * body, 6)
    parts = [
        lathe("base", "base", profile, sides=40),
        rod("stem", "stand", (0, 0, 0.95 * low), (0, 0, top), 1.4 * neck * style["stem"]),
        *lamp_shade(style, r, (low, h), 0.012 * r),
    ]
    if style["shade"] != "globe":
        parts.append(bulb("bulb", "bulb", (0, 0, top - 0.1 * neck), min(0.2 * r, 0.13 * (h - low))))
        parts.append(
            spider(0.92 * r * (style["cone"] if style["shade"] == "cone" else 0.85), low + 0.5 * (h - low), 0.25 * neck)
        )
    return oval(parts, r, w, d)


def _base_profile(form: str, foot: float, body: float, neck: float) -> list[tuple[float, float]]:
    """The turned foot of a table lamp: radii in metres at shares of its height."""
    return {
        "gourd": [
            (0, 0),
            (foot, 0),
            (foot, 0.06),
            (0.5 * body, 0.1),
            (body, 0.32),
            (0.55 * body, 0.56),
            (0.68 * body, 0.72),
            (neck, 0.94),
            (neck, 1),
            (0, 1),
        ],
        "column": [
            (0, 0),
            (foot, 0),
            (foot, 0.06),
            (0.5 * body, 0.1),
            (0.42 * body, 0.5),
            (0.5 * body, 0.92),
            (neck, 0.96),
            (neck, 1),
            (0, 1),
        ],
        "ball": [
            (0, 0),
            (0.6 * foot, 0),
            (0.55 * foot, 0.05),
            (0.8 * body, 0.25),
            (body, 0.5),
            (0.8 * body, 0.75),
            (neck, 0.95),
            (neck, 1),
            (0, 1),
        ],
        "bottle": [
            (0, 0),
            (0.9 * body, 0),
            (body, 0.04),
            (body, 0.5),
            (0.75 * body, 0.68),
            (neck * 1.5, 0.78),
            (neck, 1),
            (0, 1),
        ],
        "cone": [(0, 0), (foot, 0), (foot, 0.05), (0.12 * foot + neck, 0.92), (neck, 0.94), (neck, 1), (0, 1)],
    }[form]


def _desk_lamp(style: Style, size: Size) -> list[Part]:
    """Two jointed arms and a reflector that looks down to the front."""
    w, d, h = size
    r = 0.5 * min(w, 0.55 * d)
    foot = 0.94 * r * style["foot"]
    back = 0.5 * d - foot
    bar = style["arm"] * 0.02 * h
    head = style["head"] * r
    elbow = np.array([0.0, 0.5 * d - 1.2 * bar, style["elbow"] * h])
    wrist = np.array([0.0, -0.5 * d + 1.25 * head, h - 0.75 * head])
    base = np.array([0.0, back, 0.05 * h])
    parts = [foot_disc("foot", "stand", (0, back, 0), foot, 0.05 * h)]
    for a, b in ((base, elbow), (elbow, wrist)):
        if style["arms"] == "double":
            sideways = np.array([1.3 * bar, 0.0, 0.0])
            rods = [rod("arm", "stand", a + s * sideways, b + s * sideways, bar) for s in (-1, 1)]
            parts.append(merge("arms", rods))
        else:
            parts.append(rod("arm", "stand", a, b, 1.6 * bar))
    for joint in (base, elbow, wrist):
        x, y, z = joint
        parts.append(
            cylinder(
                "joint",
                "stand",
                (x - 2.2 * bar, y, z),
                (x + 2.2 * bar, y, z),
                1.6 * bar * style["joint"],
                bevel=0.2 * bar,
                sides=20,
            )
        )
    return parts + [move(turn(part, "x", style["tilt"]), *wrist) for part in _reflector(style, head)]


def _reflector(style: Style, r: float) -> list[Part]:
    """An open bell that looks down, its socket at the origin."""
    wall = 0.03 * r
    bell = (
        [(0.3, 0.25), (0.38, 0.0), (0.62, -0.35), (0.96, -0.95), (1.0, -1.0)]
        if style["shade"] == "bell"
        else [(0.3, 0.2), (0.55, 0.0), (0.8, -0.3), (0.95, -0.65), (1.0, -0.9)]
    )
    outer = fillet(np.array(bell) * r, 0.3 * r, 4)
    inner = outer[::-1] * (0.96, 1) - (0, 0.0)
    inner = np.stack([np.maximum(outer[::-1, 0] - wall, 0.05 * r), outer[::-1, 1] - 0.5 * wall], axis=1)
    inner[0, 1] = outer[-1, 1]
    cap = lathe(
        "socket",
        "stand",
        [(0, -0.05 * r), (0.32 * r, -0.05 * r), (0.32 * r, 0.35 * r), (0.2 * r, 0.45 * r), (0, 0.45 * r)],
        sides=24,
    )
    glow = move(turn(bulb("bulb", "bulb", (0, 0, 0), 0.26 * r), "x", 180), 0, 0, -0.02 * r)
    return [lathe("reflector", "shade", np.concatenate([outer, inner]), sides=40), cap, glow]


def _wall_lamp(style: Style, size: Size) -> list[Part]:
    """A plate on the wall behind (+Y), an arm, a shade in front."""
    w, d, h = size
    u = unit(size)
    plate_d = style["plate"] * 0.1 * d
    wall = 0.5 * d
    r = min(0.5 * w, 0.36 * d)
    shade_h = style["shade_height"] * h
    centre = -0.5 * d + r
    bar = style["bar"] * 0.05 * u
    low = h - shade_h
    tall = style["backplate"] * h
    if style["back"] == "round":
        back = cylinder(
            "plate",
            "stand",
            (0, wall, 0.5 * tall),
            (0, wall - plate_d, 0.5 * tall),
            0.42 * min(w, tall),
            bevel=0.3 * plate_d,
            sides=32,
        )
    else:
        back = box("plate", "stand", around(0, 0.5 * w), (wall - plate_d, wall), (0, tall), 0.3 * plate_d, 2)
    start = 0.5 * tall
    path = fillet(
        [(0, wall - 0.5 * plate_d, start), (0, centre, start), (0, centre, low + 0.4 * shade_h)],
        0.5 * min(abs(centre - wall), 0.3 * h),
        6,
    )
    lamp = lamp_shade(style, r, (low, h), 0.015 * r)
    if style["shade"] != "globe":
        lamp.append(bulb("bulb", "bulb", (0, 0, low + 0.35 * shade_h), 0.2 * r))
        lamp.append(
            spider(
                0.92
                * r
                * (style["cone"] if style["shade"] == "cone" else 0.9)
                * (0.8 if style["shade"] == "dome" else 1),
                low + 0.36 * shade_h,
                0.4 * bar * style["spokes"],
            )
        )
    return [back, tube("arm", "stand", path, bar / 2), *[move(part, 0, centre) for part in lamp]]


KINDS = (
    Kind(
        "floor lamp",
        "lighting",
        ("standing lamp", "standard lamp", "arc lamp", "torchiere"),
        (0.5, 0.5, 1.6),
        LAMP_SLOTS,
        SHADE_KNOBS
        | {
            "shade_height": Range(0.75, 1.15),
            "pole": Range(0.7, 1.2),
            "foot": Range(0.5, 0.75),
            "foot_height": Range(0.6, 1.3),
        }
        | {"hub": Range(0.55, 0.85), "stand": Choice(("pole", "tripod", "arc", "beads"))},
        _floor_lamp,
    ),
    Kind(
        "table lamp",
        "lighting",
        ("bedside lamp", "lamp", "night lamp", "nightstand lamp", "light"),
        (0.32, 0.32, 0.5),
        LAMP_SLOTS | {"base": "blue ceramic", "stand": "brass"},
        SHADE_KNOBS
        | {
            "shade_height": Range(0.36, 0.5),
            "neck": Range(0.7, 1.3),
            "body": Range(0.4, 0.65),
            "foot": Range(0.45, 0.7),
        }
        | {"stem": Range(0.7, 1.4), "base": Choice(("gourd", "column", "ball", "bottle", "cone"))},
        _table_lamp,
    ),
    Kind(
        "desk lamp",
        "lighting",
        ("reading lamp", "work lamp", "anglepoise", "study lamp", "architect lamp"),
        (0.2, 0.45, 0.5),
        {"shade": "black metal", "stand": "black metal", "bulb": "glowing glass"},
        {
            "foot": Range(0.7, 1.0),
            "arm": Range(0.8, 1.3),
            "head": Range(0.75, 1.0),
            "elbow": Range(0.5, 0.68),
            "tilt": Range(-25.0, 5.0),
            "joint": Range(0.8, 1.3),
            "shade": Choice(("bell", "bowl")),
            "arms": Choice(("single", "double")),
        },
        _desk_lamp,
    ),
    Kind(
        "wall lamp",
        "lighting",
        ("sconce", "wall light", "wall sconce"),
        (0.2, 0.28, 0.34),
        LAMP_SLOTS | {"stand": "brass"},
        SHADE_KNOBS
        | {
            "shade_height": Range(0.5, 0.65),
            "plate": Range(0.7, 1.3),
            "bar": Range(0.7, 1.2),
            "backplate": Range(0.4, 0.6),
        }
        | {"spokes": Range(0.8, 1.4), "back": Choice(("round", "square"))},
        _wall_lamp,
    ),
)
