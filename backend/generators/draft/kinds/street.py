"""Fire hydrant, mailbox, trash can."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet, rounded_rectangle
from ..solids import box, cylinder, lathe, merge, mirror, move, plate, prism, sweep, torus, tube, turn
from .posts import thing


def fire_hydrant(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    r = 0.3 * min(width, depth) * style["girth"]
    neck = style["neck"]
    profile = np.array(
        [
            (0, 0),
            (1.35 * style["foot"], 0),
            (1.35 * style["foot"], 0.05),
            (1.05, 0.06),
            (0.95, 0.09),
            (0.9, 0.6 * neck),
            (1.2, 0.62 * neck),
            (1.2, 0.67 * neck),
            (1.0, 0.68 * neck),
            (1.0, 0.74 * neck),
            (0.0, 0.745 * neck),
        ]
    ) * (r, height)
    parts = [lathe("barrel", "body", fillet(profile, 0.05 * r, 2), sides=32)]
    top = 0.735 * neck * height
    high = height - top
    caps = {
        "dome": [(0, 0), (1.05, 0), (1.05, 0.08), (0.95, 0.3), (0.7, 0.6), (0.3, 0.78), (0.3, 1.0), (0, 1.0)],
        "hat": [(0, 0), (1.25, 0), (1.25, 0.15), (0.8, 0.3), (0.6, 0.65), (0.3, 0.75), (0.3, 1.0), (0, 1.0)],
    }
    parts.append(
        lathe("cap", "cap", fillet(np.array(caps[style["cap"]]) * (r, high), 0.05 * r, 2), at=(0, 0, top), sides=32)
    )
    z = style["outlet_height"] * neck * height
    side = turn(lathe("outlet", "cap", outlet(0.42 * r * style["outlets"], 0.5 * width - 0.6 * r), sides=20), "y", 90.0)
    side = move(side, 0.6 * r, 0, z)
    front = turn(
        lathe("pumper", "cap", outlet(0.58 * r * style["outlets"], 0.5 * depth - 0.6 * r), sides=24), "x", 90.0
    )
    front = move(front, 0, -0.6 * r, 0.92 * z)
    parts += [merge("outlets", [side, mirror(side)]), front]
    bolts = [
        cylinder(
            "bolt",
            "cap",
            (1.2 * r * style["foot"] * np.cos(a), 1.2 * r * style["foot"] * np.sin(a), 0.05 * height),
            (1.2 * r * style["foot"] * np.cos(a), 1.2 * r * style["foot"] * np.sin(a), 0.07 * height),
            0.09 * r,
            sides=8,
        )
        for a in np.linspace(0, 2 * np.pi, int(style["bolts"]) + 1)[:-1]
    ]
    parts.append(merge("bolts", bolts))
    if style["chain"] == "chain":
        points = [
            (0.9 * r, -0.35 * r, z + 0.3 * r),
            (0.7 * r, -0.95 * r, z - 0.55 * r),
            (0.2 * r, -1.0 * r, z - 0.2 * r),
        ]
        parts.append(tube("chain", "cap", fillet(np.array(points), 0.3 * r, 4), 0.05 * r, sides=8))
    return parts


def outlet(r: float, long: float) -> np.ndarray:
    return np.array(
        [
            (0, 0),
            (0.85 * r, 0),
            (0.85 * r, 0.4 * long),
            (1.1 * r, 0.42 * long),
            (1.1 * r, 0.75 * long),
            (0.95 * r, 0.8 * long),
            (0.4 * r, 0.82 * long),
            (0.4 * r, long),
            (0, long),
        ]
    )


def mailbox(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    if style["design"] == "pillar":
        return pillar_box(style, width, depth, height)
    w, tall = 0.46 * width, style["box"] * height
    low = height - tall
    arch = min(w * style["round"], 0.8 * tall)
    outline = (
        [(-w, 0.0), (w, 0.0), (w, tall - arch)]
        + [(w * np.cos(a), tall - arch + arch * np.sin(a)) for a in np.radians(np.linspace(10, 170, 13))]
        + [(-w, tall - arch)]
    )
    body = move(prism("box", "body", np.array(outline), "y", (-0.46 * depth, 0.48 * depth), 0.02 * width, 2), 0, 0, low)
    door = move(
        prism(
            "door", "body", np.array(outline) * style["door"], "y", (-0.485 * depth, -0.455 * depth), 0.01 * width, 2
        ),
        0,
        0,
        low + 0.5 * (1 - style["door"]) * tall,
    )
    handle = box(
        "handle",
        "metal",
        (-0.1 * width * style["handle"], 0.1 * width * style["handle"]),
        (-0.5 * depth, -0.48 * depth),
        (height - 0.22 * tall, height - 0.17 * tall),
        0.006,
    )
    pole = (
        cylinder("pole", "post", (0, 0, 0), (0, 0, low + 0.02), 0.09 * width * style["pole"], sides=20)
        if style["post"] == "round"
        else box(
            "pole",
            "post",
            (-0.1 * width * style["pole"], 0.1 * width * style["pole"]),
            (-0.1 * width * style["pole"], 0.1 * width * style["pole"]),
            (0, low + 0.02),
            0.01,
        )
    )
    foot = box(
        "board", "post", (-0.8 * w, 0.8 * w), (-0.4 * depth, 0.4 * depth), (low - 0.03 * height, low + 0.005), 0.008
    )
    staff = box(
        "flag staff",
        "flag",
        (w, w + 0.03 * width),
        (-0.1 * depth, -0.06 * depth),
        (low + 0.3 * tall, low + 0.95 * tall * style["flag"]),
        0.004,
    )
    flag = box(
        "flag",
        "flag",
        (w, w + 0.03 * width),
        (-0.1 * depth, 0.12 * depth),
        (low + 0.72 * tall * style["flag"], low + 0.95 * tall * style["flag"]),
        0.004,
    )
    return [body, door, handle, pole, foot, merge("flag", [staff]), flag]


def pillar_box(style: Style, width: float, depth: float, height: float) -> list[Part]:
    """A round box for letters that stands on the ground."""
    r = 0.43 * min(width, depth)
    crown = style["round"]
    profile = np.array(
        [
            (0, 0),
            (1.12, 0),
            (1.12, 0.07),
            (1.0, 0.08),
            (1.0, 0.8),
            (1.12, 0.82),
            (1.12, 0.86),
            (0.9, 0.86 + 0.06 * crown),
            (0.4, 1.0 - 0.02 * crown),
            (0, 1.0),
        ]
    ) * (r, height)
    parts = [lathe("pillar", "body", fillet(profile, 0.06 * r, 2), sides=40)]
    y, z = -1.0 * r, style["box"] * 1.35 * height
    slot = box(
        "slot",
        "post",
        (-0.5 * r, 0.5 * r),
        (y - 0.02 * r, y + 0.35 * r),
        (z - 0.012 * height, z + 0.012 * height),
        0.004,
    )
    hood = box(
        "hood",
        "body",
        (-0.62 * r, 0.62 * r),
        (y - 0.1 * r, y + 0.5 * r),
        (z + 0.015 * height, z + 0.035 * height),
        0.008,
    )
    sign = box(
        "notice",
        "flag",
        (-0.28 * r, 0.28 * r),
        (y - 0.03 * r, y + 0.2 * r),
        (z - 0.18 * height, z - 0.08 * height * style["flag"]),
        0.004,
    )
    door = plate(
        "door",
        "body",
        (-0.6 * r, 0.6 * r),
        (y - 0.01 * r, y + 0.5 * r),
        (0.14 * height, z - 0.2 * height),
        "y",
        0.05 * r,
        0.006,
    )
    lock = cylinder(
        "lock",
        "metal",
        (0.45 * r, y - 0.04 * r, 0.35 * height),
        (0.45 * r, y + 0.1 * r, 0.35 * height),
        0.06 * r,
        sides=14,
    )
    return [*parts, slot, hood, sign, door, lock]


def trash_can(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    if style["design"] == "wheelie":
        return wheelie_bin(style, width, depth, height)
    r = 0.47 * min(width, depth)
    taper = style["taper"]
    body_top = 0.82 * height
    wall = np.array(
        [(0, 0.02), (taper, 0.0), (1.0, body_top / height), (0.95, body_top / height), (taper - 0.05, 0.06), (0, 0.06)]
    ) * (r, height)
    parts = [lathe("can", "body", fillet(wall, 0.02 * r, 2), sides=36)]
    if style["design"] == "slats":
        bars = []
        for a in np.linspace(0, 2 * np.pi, 21)[:-1]:
            bar = box(
                "slat",
                "slat",
                (-0.09 * r * style["slats"], 0.09 * r * style["slats"]),
                (0.0, 0.05 * r),
                (0.06 * height, body_top),
                0.01 * r,
            )
            bars.append(turn(move(bar, 0, -1.06 * r, 0), "z", float(np.degrees(a))))
        parts.append(merge("slats", bars))
    rings = [
        torus(
            "ring",
            "metal",
            (0, 0, z * height),
            (taper + (1 - taper) * z / (body_top / height)) * r * 1.005,
            0.05 * r * style["rings"],
            sides=36,
        )
        for z in (0.12, 0.5, 0.8)
    ]
    lid = {
        "dome": [(0, 0.98), (0.55, 0.96), (0.55, 0.9), (0.95, 0.86), (1.02, 0.82), (1.02, 0.8), (0.0, 0.8)],
        "flat": [(0, 0.9), (0.9, 0.89), (1.03, 0.85), (1.03, 0.81), (0, 0.81)],
    }[style["lid"]]
    lid = [(x * style["rim"], 0.8 + (z - 0.8) * style["lid_height"]) for x, z in lid]
    parts += [
        merge("rings", rings),
        lathe("lid", "lid", fillet(np.array(lid[::-1]) * (r, height), 0.03 * r, 2), sides=36),
    ]
    handle = tube(
        "handle",
        "metal",
        fillet(
            np.array(
                [
                    (-0.25 * r, 0, lid[0][1] * height - 0.01),
                    (-0.25 * r, 0, height - 0.01),
                    (0.25 * r, 0, height - 0.01),
                    (0.25 * r, 0, lid[0][1] * height - 0.01),
                ]
            ),
            0.08 * r,
            3,
        ),
        0.035 * r * style["handle"],
        sides=10,
    )
    return [*parts, handle]


def wheelie_bin(style: Style, width: float, depth: float, height: float) -> list[Part]:
    """A plastic bin with two wheels and a lid that slopes to the front."""
    w, d = 0.47 * width, 0.44 * depth
    taper = style["taper"]
    section = rounded_rectangle((-1, 1), (-1, 1), 0.15, 4)
    rings = sweep(
        "bin",
        "body",
        np.array([(0, 0, 0.05 * height), (0, 0, 0.86 * height)]),
        section * (w, d),
        scale=np.array([taper, 1.0]),
    )
    lid = prism(
        "lid",
        "lid",
        fillet(
            np.array(
                [
                    (-0.5 * depth, 0.86 * height),
                    (0.48 * depth, 0.86 * height),
                    (0.48 * depth, 0.98 * height),
                    (0.3 * depth, (0.94 + 0.05 * style["lid_height"]) * height),
                    (-0.49 * depth, 0.9 * height),
                ]
            ),
            0.02 * height,
            3,
        ),
        "x",
        (-1.02 * w * style["rim"], 1.02 * w * style["rim"]),
        0.02 * width,
    )
    wheels = [
        cylinder(
            "wheel",
            "wheel",
            (0.72 * w, 0.36 * depth, 0.09 * height),
            (1.0 * w, 0.36 * depth, 0.09 * height),
            0.09 * height,
            bevel=0.01 * height,
        )
    ]
    axle = cylinder(
        "axle",
        "metal",
        (-0.9 * w, 0.36 * depth, 0.09 * height),
        (0.9 * w, 0.36 * depth, 0.09 * height),
        0.015 * height,
        sides=10,
    )
    handle = tube(
        "handle",
        "body",
        [(-0.8 * w, 0.49 * depth, 0.92 * height), (0.8 * w, 0.49 * depth, 0.92 * height)],
        0.025 * height * style["handle"],
        sides=12,
    )
    rim = box(
        "rim",
        "body",
        (-1.03 * w, 1.03 * w),
        (-1.03 * d, 1.05 * d),
        (0.83 * height, 0.865 * height * 1.0),
        0.01 * height * style["rings"],
    )
    feet = box("foot", "body", (-0.8 * w, 0.8 * w), (-0.36 * depth, -0.2 * depth), (0.0, 0.08 * height), 0.01 * height)
    return [rings, lid, merge("wheels", [*wheels, *map(mirror, wheels)]), axle, handle, rim, feet]


KINDS = [
    thing(
        "fire hydrant",
        ("hydrant", "fireplug"),
        (0.42, 0.42, 0.8),
        {"body": "red enamel", "cap": "red enamel"},
        {
            "girth": Range(0.9, 1.12),
            "neck": Range(0.92, 1.06),
            "outlets": Range(0.85, 1.2),
            "bolts": Range(6.0, 11.0),
            "outlet_height": Range(0.42, 0.54),
            "foot": Range(0.92, 1.12),
            "cap": Choice(("dome", "hat")),
            "chain": Choice(("chain", "none")),
        },
        fire_hydrant,
    ),
    thing(
        "mailbox",
        ("letter box", "post box", "postbox", "letterbox"),
        (0.38, 0.45, 1.25),
        {"body": "red enamel", "post": "pine", "flag": "yellow enamel", "metal": "steel"},
        {
            "box": Range(0.24, 0.32),
            "round": Range(0.7, 1.0),
            "flag": Range(0.9, 1.0),
            "handle": Range(0.8, 1.4),
            "pole": Range(0.8, 1.3),
            "door": Range(0.86, 0.98),
            "design": Choice(("american", "pillar")),
            "post": Choice(("round", "square")),
        },
        mailbox,
    ),
    thing(
        "litter bin",
        ("wheelie bin", "street bin", "public bin", "recycling bin"),
        (0.55, 0.58, 0.95),
        {"body": "green enamel", "lid": "black plastic", "metal": "steel", "slat": "teak", "wheel": "rubber"},
        {
            "taper": Range(0.78, 0.94),
            "rings": Range(0.8, 1.3),
            "handle": Range(0.8, 1.3),
            "slats": Range(0.7, 1.3),
            "rim": Range(0.96, 1.06),
            "lid_height": Range(0.6, 1.1),
            "design": Choice(("ribbed", "slats", "wheelie")),
            "lid": Choice(("dome", "flat")),
        },
        trash_can,
    ),
]
