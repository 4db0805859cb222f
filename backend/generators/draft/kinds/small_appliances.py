"""What stands on a kitchen counter: toaster, kettle, microwave, coffee machine, blender."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import knob, oval, rubber_feet, unit
from ..outlines import (
    Span,
    around,
    curve,
    ellipse,
    fillet,
    inset,
    length,
    middle,
    rounded_rectangle,
    split,
)
from ..solids import (
    box,
    cylinder,
    lathe,
    move,
    plate,
    prism,
    sweep,
    tiles,
    torus,
    tube,
)


def _toaster(style: Style, size: Size) -> list[Part]:
    """Slots along the width; the lever is on the right side."""
    w, d, h = size
    lever = 0.06 * w
    x, y = (-w / 2, w / 2 - lever), (-d / 2, d / 2)
    feet = style["feet"] * 0.05 * h
    toast = style["bread_height"] * h if style["bread"] == "bread" else 0.0
    top = h - toast
    corner = style["round"] * 0.45 * min(d, top)
    outline = rounded_rectangle(y, (feet, top), corner, 8)
    body = prism("body", "body", outline, "x", inset(x, 0.05 * w), 0.02 * w, 3, grain=0)
    ends = [
        prism("end", "ends", outline * (0.985, 1.0), "x", s, 0.02 * w, 3)
        for s in ((x[0], x[0] + 0.09 * w), (x[1] - 0.09 * w, x[1]))
    ]
    parts = [body, *ends, rubber_feet("ends", x, y, feet, 0.12 * d)]
    lanes = split(inset(y, 0.2 * d), style["slots"], style["gap"] * d)
    for lane in lanes:
        wide = around(middle(lane), 0.8 * min(length(lane), 0.26 * d))
        slot_x = inset(x, 0.14 * w)
        parts.append(box("slot", "dark", slot_x, wide, (top - 0.1 * h, top + 0.008 * h), 0.004 * h))
        if toast:
            slice_ = plate(
                "toast",
                "bread",
                inset(slot_x, 0.08 * w),
                around(middle(wide), 0.62 * length(wide)),
                (top - 0.1 * h, h),
                axis="y",
                corner=0.3 * toast,
                bevel=0.1 * length(wide),
            )
            parts.append(slice_)
    z = feet + style["lever"] * (top - feet)
    parts.append(
        box(
            "track",
            "dark",
            (x[1] - 0.02 * w, x[1] + 0.005 * w),
            around(0, 0.05 * d),
            inset((feet, top), 0.2 * top),
            0.002 * w,
        )
    )
    parts.append(box("lever", "ends", (x[1] - 0.01 * w, w / 2), around(0, 0.22 * d), around(z, 0.07 * h), 0.015 * h, 2))
    dial = 0.09 * h * style["dial"]
    parts.append(
        cylinder(
            "dial",
            "metal",
            (x[1] - 0.01 * w, -0.25 * d, feet + 0.25 * (top - feet)),
            (x[1] + 0.6 * lever, -0.25 * d, feet + 0.25 * (top - feet)),
            dial,
            bevel=0.1 * dial,
        )
    )
    return parts


def _kettle(style: Style, size: Size) -> list[Part]:
    """Spout to the left, handle to the right; on the hob or on its electric base."""
    w, d, h = size
    body_w = min(style["body"] * w, 0.86 * w)
    shift = -w / 2 + (w - body_w) * 0.36 + body_w / 2
    r = d / 2
    base = style["foot"] * h if style["base"] == "electric" else 0.0
    lid = style["lid"] * h
    body_h = (0.72 if style["handle"] == "arch" else 0.97) * h - lid
    forms = {
        "cone": [(1, 0), (0.98, 0.06), (0.8, 0.7), (0.66, 1)],
        "round": [(0.8, 0), (1, 0.3), (0.86, 0.75), (0.5, 1)],
        "jug": [(0.96, 0), (1, 0.08), (0.9, 0.6), (0.84, 1)],
    }[style["form"]]
    outer = curve(np.array(forms) * (r, body_h - base) + np.array([0, base]), 20)
    mouth = outer[-1, 0]
    body = lathe("body", "body", [(0, base), *outer, (0, body_h)], sides=44)
    top = [
        (0, body_h),
        (0.97 * mouth, body_h),
        (0.9 * mouth, body_h + 0.4 * lid),
        (0.2 * mouth, body_h + 0.55 * lid),
        (0.28 * mouth, body_h + 0.85 * lid),
        (0.2 * mouth, body_h + lid),
        (0, body_h + lid),
    ]
    parts = [body, lathe("lid", "lid", fillet(top, 0.1 * mouth, 3), sides=32)]
    if base:
        parts.append(
            lathe(
                "base",
                "dark",
                fillet([(0, 0), (1.0 * r, 0), (0.98 * r, 0.9 * base), (0, 0.95 * base)], 0.2 * base, 3),
                sides=40,
            )
        )
    parts = [move(part, shift) for part in oval(parts, r, body_w, d)]
    low, high = (
        (shift - 0.9 * body_w / 2, 0, base + 0.45 * (body_h - base)),
        (-w / 2 + 0.02 * w, 0, base + style["spout"] * (body_h - base)),
    )
    radius = np.linspace(0.26, style["nozzle"], 12) * min(r, 0.5 * body_h)
    path = curve(
        [(shift, 0, low[2] - 0.02 * h), low, (0.4 * low[0] + 0.6 * high[0], 0, 0.4 * low[2] + 0.6 * high[2]), high], 12
    )
    parts.append(tube("spout", "body", path, radius, 14))
    return [*parts, _kettle_handle(style, size, shift, body_w, (base, body_h))]


def _kettle_handle(style: Style, size: Size, shift: float, body_w: float, z: Span) -> Part:
    w, d, h = size
    bar = style["grip"] * 0.1 * d
    if style["handle"] == "arch":
        t = np.linspace(0, np.pi, 21)
        low = z[1] - 0.12 * h
        path = np.stack(
            [shift - 0.36 * body_w * np.cos(t), 0 * t, low + (h - low - bar / 2) * np.sin(t) ** 0.8], axis=1
        )
    else:
        x = shift + 0.32 * body_w
        high = h - bar / 2 if style["handle"] == "side" else z[1]
        path = curve(
            fillet(
                [
                    (x, 0, z[0] + 0.2 * length(z)),
                    (w / 2 - bar, 0, z[0] + 0.25 * length(z)),
                    (w / 2 - bar / 2, 0, 0.9 * high),
                    (x - 0.02 * w, 0, 0.93 * z[1]),
                ],
                0.12 * h,
                5,
            ),
            24,
        )
    return sweep("handle", "dark", path, ellipse(0.55 * bar, 0.4 * bar, 12), smooth=80)


def _microwave(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x = (-w / 2, w / 2)
    out = 0.06 * d
    y = (-d / 2 + out, d / 2)
    feet = style["feet"] * 0.05 * h
    z = (feet, h)
    cut = x[1] - style["panel"] * w
    edge = style["edge"] * 0.04 * h
    face = (y[0] - 0.35 * out, y[0] + 0.02 * d)
    parts = [box("body", "body", x, y, z, edge, 2, grain=0), rubber_feet("dark", x, y, feet, 0.08 * w)]
    parts.append(
        plate(
            "door",
            "body",
            (x[0] + 0.004 * w, cut - 0.006 * w),
            face,
            inset(z, 0.015 * h),
            axis="y",
            corner=edge,
            bevel=0.3 * out * 0.35,
            grain=0,
        )
    )
    window = (x[0] + style["window"] * w, cut - 0.11 * w), inset(z, 0.18 * h)
    parts.append(
        plate(
            "window",
            "glass",
            window[0],
            (face[0] - 0.05 * out, face[0] + 0.2 * out),
            window[1],
            axis="y",
            corner=0.05 * h,
            bevel=0.02 * out,
        )
    )
    parts += _microwave_panel(style, size, face, cut, z, edge, x, out, feet)
    bar = style["bar"] * 0.2 * out
    at = cut - 0.055 * w
    path = fillet(
        [
            (at, face[0] + 0.1 * out, z[0] + 0.15 * h),
            (at, -d / 2 + bar / 2, z[0] + 0.15 * h),
            (at, -d / 2 + bar / 2, z[1] - 0.15 * h),
            (at, face[0] + 0.1 * out, z[1] - 0.15 * h),
        ],
        0.3 * out,
        4,
    )
    return [*parts, tube("handle", "metal", path, bar / 2 + 0.006 * w, 10)]


def _microwave_panel(
    style: Style, size: Size, face: Span, cut: float, z: Span, edge: float, x: Span, out: float, feet: float
) -> list[Part]:
    """Display over buttons or two dials."""
    w, _, h = size
    parts: list[Part] = []
    parts.append(
        plate(
            "panel",
            "dark",
            (cut, x[1] - 0.004 * w),
            face,
            inset(z, 0.015 * h),
            axis="y",
            corner=edge,
            bevel=0.3 * out * 0.35,
        )
    )
    panel = inset((cut, x[1]), 0.03 * w)
    parts.append(
        box(
            "display",
            "glass",
            panel,
            (face[0] - 0.08 * out, face[0] + 0.1 * out),
            (h - 0.12 * h - style["display"] * h, h - 0.12 * h),
            0.02 * out,
        )
    )
    if style["controls"] == "buttons":
        parts.append(
            tiles(
                "buttons",
                "metal",
                panel,
                (face[0] - 0.12 * out, face[0] + 0.1 * out),
                (feet + 0.1 * h, h - 0.32 * h),
                (3, 1, style["rows"]),
                0.012 * w,
                0.02 * out,
            )
        )
    else:
        for k in range(2):
            parts.append(
                knob(
                    "dial",
                    "metal",
                    (middle(panel), face[0], feet + (0.2 + 0.27 * k) * h),
                    min(0.3 * length(panel), 0.09 * h),
                )
            )
    return parts


def _coffee_machine(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    foot = style["foot"] * 0.12 * h
    back = (y[1] - style["column"] * d, y[1])
    head = (h - style["head"] * h, h)
    edge = style["edge"] * 0.03 * u
    head_x = inset(x, 0.02 * w)
    parts = [
        box("foot", "body", x, y, (0, foot), 0.6 * edge, 2),
        box(
            "tray",
            "metal",
            inset(x, 0.1 * w),
            (y[0] + 0.05 * d, back[0] - 0.03 * d),
            (foot - 0.2 * foot, foot + 0.04 * foot),
            0.02 * foot,
        ),
        box("column", "body", inset(x, 0.03 * w), back, (0.8 * foot, head[0] + 0.5 * length(head)), edge, 2),
        box("head", "body", head_x, inset(y, 0.04 * d, 0.0), head, edge, 3),
    ]
    gap = (foot, head[0])
    cy = middle((y[0] + 0.05 * d, back[0]))
    r = min(0.36 * w, 0.42 * (back[0] - y[0] - 0.05 * d), 0.42 * length(gap))
    if style["pot"] == "pot":
        parts += _coffee_pot(style, gap, r, cy, foot)
    else:
        parts += _espresso_group(size, r, cy, head, y, foot, gap)
    face = y[0] + 0.04 * d
    parts += [
        cylinder(
            "button",
            "metal",
            (px, face + 0.01 * d, middle(head)),
            (px, face - 0.02 * d, middle(head)),
            0.14 * length(head) * style["button"],
            bevel=0.003 * d,
            sides=20,
        )
        for px in np.linspace(-0.26, 0.26, style["buttons"]) * w
    ]
    return parts


def _espresso_group(size: Size, r: float, cy: float, head: Span, y: Span, foot: float, gap: Span) -> list[Part]:
    """Spout, handle, and a cup under it."""
    _, d, h = size
    parts: list[Part] = []
    parts.append(
        cylinder("spout", "metal", (0, cy, head[0] - 0.16 * length(gap)), (0, cy, head[0] + 0.02 * h), 0.3 * r, 0.4 * r)
    )
    cup = curve(
        np.array([(0.7, 0), (0.95, 0.4), (1, 1)]) * (0.55 * r, 0.42 * length(gap)) + np.array([0, foot * 1.04]), 10
    )
    inner = cup[::-1] * (0.9, 1)
    parts.append(
        lathe(
            "cup",
            "cup",
            [(0, foot * 1.04), *cup, *inner[:-1], (0, foot * 1.04 + 0.06 * length(gap))],
            at=(0, cy, 0),
            sides=28,
        )
    )
    grip = cylinder(
        "portafilter",
        "dark",
        (0, cy - 0.2 * r, head[0] - 0.02 * h),
        (0, y[0] + 0.01 * d, head[0] - 0.03 * h),
        0.13 * r,
        0.16 * r,
        bevel=0.03 * r,
    )
    parts.append(grip)
    return parts


def _coffee_pot(style: Style, gap: Span, r: float, cy: float, foot: float) -> list[Part]:
    """A glass jug with lid and grip."""
    parts: list[Part] = []
    glass_h = style["fill"] * length(gap)
    jug = curve(np.array([(0.8, 0), (1, 0.3), (0.85, 0.75), (0.6, 1)]) * (r, glass_h) + np.array([0, foot * 1.04]), 14)
    parts.append(lathe("jug", "glass", [(0, foot * 1.04), *jug, (0, foot * 1.04 + glass_h)], at=(0, cy, 0), sides=32))
    parts.append(
        cylinder(
            "lid",
            "dark",
            (0, cy, foot * 1.04 + 0.98 * glass_h),
            (0, cy, foot * 1.04 + 1.1 * glass_h),
            0.62 * r,
            bevel=0.02 * r,
        )
    )
    grip = fillet(
        [
            (0, cy - 0.8 * r, foot + 0.8 * glass_h),
            (0, cy - 1.6 * r, foot + 0.8 * glass_h),
            (0, cy - 1.5 * r, foot + 0.25 * glass_h),
            (0, cy - 0.9 * r, foot + 0.2 * glass_h),
        ],
        0.3 * r,
        4,
    )
    parts.append(tube("grip", "dark", grip, 0.13 * r, 10))
    return parts


def _blender(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w * 0.86, d) / 2
    base_h, lid_h = style["base"] * h, style["lid"] * h
    jar_z = (base_h, h - lid_h)
    base = curve(np.array([(1, 0), (0.97, 0.3), (0.72, 0.9), (0.66, 1)]) * (r, base_h), 12)
    wall, foot, top = 0.05 * r, style["taper"] * r, 0.92 * r
    jar = [
        (0, jar_z[0]),
        (foot, jar_z[0]),
        (top, jar_z[1]),
        (top - wall, jar_z[1]),
        (foot - wall, jar_z[0] + wall),
        (0, jar_z[0] + wall),
    ]
    parts = [
        lathe("base", "body", [(0, 0), *base, (0, base_h)], sides=44),
        torus("collar", "dark", (0, 0, base_h), 0.66 * r, 0.1 * r * style["collar"]),
        lathe("jar", "glass", jar, sides=40),
        lathe(
            "lid",
            "dark",
            fillet(
                [
                    (0, jar_z[1] - 0.02 * h),
                    (1.03 * top, jar_z[1] - 0.02 * h),
                    (top, jar_z[1] + 0.45 * lid_h),
                    (0.45 * r, jar_z[1] + 0.5 * lid_h),
                    (0.4 * r, h),
                    (0, h),
                ],
                0.06 * r,
                3,
            ),
            sides=40,
        ),
    ]
    parts += _blender_details(style, foot, jar_z, base_h, top, r, wall)
    bar = style["grip"] * 0.12 * r
    reach = w / (w * 0.86) * r * 1.02
    grip = fillet(
        [
            (0.8 * foot, 0, jar_z[0] + 0.12 * length(jar_z)),
            (reach + 0.1 * r, 0, jar_z[0] + 0.2 * length(jar_z)),
            (reach + 0.1 * r, 0, jar_z[1] - 0.1 * length(jar_z)),
            (0.9 * top, 0, jar_z[1] - 0.06 * length(jar_z)),
        ],
        0.2 * r,
        4,
    )
    parts.append(tube("handle", "dark", grip, bar, 10))
    return [move(part, -0.03 * w, 0.07 * d) for part in oval(parts, r, 0.84 * w, 0.84 * d)]


def _blender_details(
    style: Style, foot: float, jar_z: Span, base_h: float, top: float, r: float, wall: float
) -> list[Part]:
    """What is in the jar, and the controls."""
    parts: list[Part] = []
    if style["filled"] == "filled":
        level = jar_z[0] + style["level"] * length(jar_z)
        edge = foot + (top - foot) * style["level"]
        parts.append(
            lathe(
                "smoothie",
                "liquid",
                [
                    (0, jar_z[0] + 1.1 * wall),
                    (foot - 1.3 * wall, jar_z[0] + 1.1 * wall),
                    (edge - 1.3 * wall, level),
                    (0, level),
                ],
                sides=36,
            )
        )
    parts.append(knob("dial", "metal", (0, -0.9 * r, 0.45 * base_h), 0.24 * base_h))
    parts += [
        cylinder(
            "button",
            "metal",
            (s * 0.42 * r, -0.78 * r, 0.45 * base_h),
            (s * 0.48 * r, -0.92 * r, 0.45 * base_h),
            0.09 * base_h,
            bevel=0.01 * r,
            sides=12,
        )
        for s in ((-1, 1) if style["buttons"] == "three" else ())
    ]
    return parts


KINDS = (
    Kind(
        "toaster",
        "kitchen",
        ("bread toaster",),
        (0.3, 0.18, 0.2),
        {
            "body": "brushed steel",
            "ends": "black plastic",
            "dark": "black metal",
            "metal": "chrome",
            "bread": "brown bread crust",
        },
        {
            "feet": Range(0.6, 1.4),
            "round": Range(0.4, 0.95),
            "bread_height": Range(0.14, 0.24),
            "lever": Range(0.5, 0.8),
            "dial": Range(0.8, 1.3),
            "gap": Range(0.06, 0.14),
            "slots": Choice((1, 2)),
            "bread": Choice(("bread", "none")),
        },
        _toaster,
    ),
    Kind(
        "kettle",
        "kitchen",
        ("electric kettle", "tea kettle", "water boiler"),
        (0.24, 0.18, 0.25),
        {"body": "brushed steel", "lid": "black plastic", "dark": "black plastic"},
        {
            "body": Range(0.62, 0.72),
            "lid": Range(0.08, 0.13),
            "spout": Range(0.75, 0.95),
            "grip": Range(0.8, 1.3),
            "foot": Range(0.04, 0.08),
            "nozzle": Range(0.1, 0.18),
            "base": Choice(("electric", "hob")),
            "form": Choice(("cone", "round", "jug")),
            "handle": Choice(("side", "arch")),
        },
        _kettle,
    ),
    Kind(
        "microwave",
        "kitchen",
        ("microwave oven",),
        (0.5, 0.38, 0.3),
        {"body": "white painted metal", "dark": "black plastic", "glass": "dark glass", "metal": "brushed steel"},
        {
            "feet": Range(0.6, 1.4),
            "panel": Range(0.2, 0.28),
            "edge": Range(0.5, 1.5),
            "window": Range(0.06, 0.12),
            "bar": Range(0.8, 1.4),
            "display": Range(0.08, 0.14),
            "controls": Choice(("buttons", "dials")),
            "rows": Choice((4, 5)),
        },
        _microwave,
    ),
    Kind(
        "coffee machine",
        "kitchen",
        ("coffee maker", "espresso machine", "coffee pot"),
        (0.26, 0.34, 0.38),
        {
            "body": "black plastic",
            "metal": "chrome",
            "glass": "dark glass",
            "dark": "black plastic",
            "cup": "white ceramic",
        },
        {
            "foot": Range(0.8, 1.3),
            "column": Range(0.34, 0.44),
            "head": Range(0.24, 0.34),
            "edge": Range(0.5, 1.8),
            "button": Range(0.7, 1.2),
            "fill": Range(0.72, 0.86),
            "pot": Choice(("pot", "espresso")),
            "buttons": Choice((2, 3, 4)),
        },
        _coffee_machine,
    ),
    Kind(
        "blender",
        "kitchen",
        ("mixer", "smoothie maker", "food processor", "juicer"),
        (0.2, 0.18, 0.4),
        {
            "body": "red plastic",
            "glass": "clear glass",
            "dark": "black plastic",
            "metal": "chrome",
            "liquid": "pink liquid",
        },
        {
            "base": Range(0.28, 0.38),
            "lid": Range(0.08, 0.13),
            "taper": Range(0.55, 0.72),
            "collar": Range(0.7, 1.4),
            "level": Range(0.4, 0.8),
            "grip": Range(0.8, 1.2),
            "filled": Choice(("filled", "empty")),
            "buttons": Choice(("one", "three")),
        },
        _blender,
    ),
)
