"""What stands on and under a desk: keyboards, mice, printers, computers."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style, flatten
from ..fittings import front, rubber_feet, unit
from ..outlines import Span, around, curve, fillet, inset, length, middle, parts_of, split
from ..solids import (
    box,
    cylinder,
    merge,
    move,
    plate,
    prism,
    superellipsoid,
    tiles,
    torus,
    tube,
    turn,
)


def _keyboard(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    key_h = style["key_height"] * h
    case_h = h - key_h
    slope = style["slope"] * 0.3 * case_h
    outline = [(y[0], 0), (y[1], 0), (y[1], case_h), (y[0], case_h - slope)]
    parts = [
        prism(
            "case", "case", fillet(outline, 0.2 * case_h, 3, closed=True), "x", x, style["edge"] * 0.2 * case_h, grain=0
        )
    ]
    margin = style["margin"] * 0.03 * w
    inner_x, inner_y = inset(x, margin), inset(y, style["margin"] * 0.06 * d)
    blocks = [(15, 1.0)] if style["layout"] == "compact" else [(15, 0.66), (3, 0.13), (4, 0.18)]
    spans = parts_of(inner_x, [b for _, b in blocks], 0.015 * w)
    rows = style["rows"]
    keys = []
    for (columns, _), span in zip(blocks, spans, strict=True):
        for k, row in enumerate(split(inner_y, rows, style["gap"] * 0.02 * d)):
            weights = _row_weights(k, columns)
            for cell in parts_of(span, weights, style["gap"] * 0.006 * w):
                lift = case_h - slope * (1 - (middle(row) - y[0]) / d)
                keys.append(_key(style, cell, row, (lift - 0.25 * key_h, lift + key_h)))
    parts.append(merge("keys", keys))
    if style["lamp"] == "lamp":
        parts.append(
            tiles(
                "lamps",
                "lamp",
                (x[1] - margin - 0.08 * w, x[1] - margin),
                (y[1] - 0.04 * d, y[1] - 0.025 * d),
                (case_h - 0.02 * h, case_h + 0.01 * h),
                (3, 1, 1),
                0.01 * w,
                0.001 * h,
            )
        )
    return parts


def _row_weights(row: int, columns: int) -> np.ndarray:
    if columns < 10:
        return np.ones(columns)
    if row == 0:
        return np.array([1.25, 1.25, 1.25, 6.25, 1.25, 1.25, 1.25, 1.25])
    ends = {1: (2.25, 2.75), 2: (1.75, 2.25), 3: (1.5, 1.5), 4: (1.0, 2.0)}.get(row, (1.0, 1.0))
    inner = {1: 10, 2: 11, 3: 12, 4: 13}.get(row, 13)
    return np.array([ends[0], *[1.0] * inner, ends[1]])


def _key(style: Style, x: Span, y: Span, z: Span) -> Part:
    """A key cap that narrows to its top."""
    cap = box("key", "keys", x, y, z, 0.2 * min(length(x), length(y), length(z)))
    p = cap.vertices.copy()
    t = np.clip((p[:, 2] - z[0]) / length(z), 0, 1) * style["cap"] * 0.3 * min(length(x), length(y))
    p[:, 0] -= np.sign(p[:, 0] - middle(x)) * t / 2
    p[:, 1] -= np.sign(p[:, 1] - middle(y)) * t / 2
    return replace(cap, vertices=p)


def _mouse(style: Style, size: Size) -> list[Part]:
    """Its buttons and cable look to the back (+Y), as it lies before a keyboard's user."""
    w, d, h = size
    body = superellipsoid("body", "case", (-w / 2, w / 2), (-d / 2, d / 2), (-h, h), style["round"], 10)
    p = body.vertices.copy()
    p[:, 2] = np.where(p[:, 2] < 0, 0.1 * p[:, 2], p[:, 2])
    t = p[:, 1] / d + 0.5
    p[:, 2] *= 1 - style["slope"] * 0.45 * np.clip(t - 0.35, 0, 1) ** 1.2
    p[:, 0] *= 1 - style["waist"] * 0.18 * np.exp(-(((t - 0.55) / 0.2) ** 2))
    p[:, 2] += 0.1 * h
    body = flatten(replace(body, vertices=p))

    def top(y: float) -> float:
        """Height of the back's ridge above y."""
        ridge = h * (1 - abs(2 * y / d) ** style["round"]) ** (1 / style["round"])
        return ridge * (1 - style["slope"] * 0.45 * max(y / d + 0.15, 0.0) ** 1.2) + 0.1 * h

    wheel_y = style["wheel_at"] * d
    r = style["wheel"] * 0.1 * d
    parts = [
        body,
        cylinder(
            "wheel",
            "wheel",
            (-0.06 * w, wheel_y, top(wheel_y) - 0.72 * r),
            (0.06 * w, wheel_y, top(wheel_y) - 0.72 * r),
            r,
            bevel=0.02 * w,
            sides=24,
        ),
    ]
    line = [(0, y, top(y) + 0.002 * h) for y in np.linspace(0.08, 0.46, 8) * d]
    parts.append(tube("seam", "wheel", curve(line, 14), style["seam"] * 0.008 * w, 6))
    if style["split"] == "cross":
        across = [(x * w, 0.06 * d, top(0.06 * d) - 0.35 * h * (2 * x) ** 2) for x in np.linspace(-0.3, 0.3, 9)]
        parts.append(tube("cross seam", "wheel", across, style["seam"] * 0.008 * w, 6))
    if style["side"] == "buttons":
        parts.append(
            box("side button", "wheel", (-0.49 * w, -0.42 * w), (0.0, 0.18 * d), (0.38 * h, 0.5 * h), 0.02 * h, 2)
        )
    return parts


def _printer(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    tray = style["tray"] * d
    x, y = (-w / 2, w / 2), (-d / 2 + tray, d / 2)
    paper_h = style["paper"] * h if style["feed"] == "sheet" else 0.0
    top = h - paper_h
    edge = style["edge"] * 0.05 * u
    slot_z = style["slot"] * top
    gap = 0.16 * top
    parts = [
        box("base", "case", x, y, (0, slot_z), edge, 2),
        box("head", "case", x, y, (slot_z + gap, top), edge, 2),
        box(
            "core",
            "dark",
            inset(x, 0.04 * w),
            inset(y, 0.1 * length(y), 0.02 * d),
            (slot_z - edge, slot_z + gap + edge),
            0.1 * edge,
        ),
        *[
            box("cheek", "case", s, inset(y, 0.01 * d, 0.01 * d), (slot_z - edge, slot_z + gap + edge), 0.2 * edge)
            for s in ((x[0], x[0] + 0.09 * w), (x[1] - 0.09 * w, x[1]))
        ],
    ]
    parts += _paper_tray(style, size, x, slot_z, y, tray)
    out = inset(x, 0.14 * w)
    if style["feed"] == "sheet":
        parts += _paper_support(size, top, out, y)
    else:
        lid = box(
            "lid",
            "dark",
            inset(x, 0.04 * w),
            inset(y, 0.12 * length(y), 0.04 * d),
            (top - 0.01 * h, top + 0.025 * h),
            0.01 * h,
            2,
        )
        parts.append(lid)
    return parts + _printer_panel(style, x, y, slot_z + gap, top)


def _paper_tray(style: Style, size: Size, x: Span, slot_z: float, y: Span, tray: float) -> list[Part]:
    """Where the printed sheet comes out."""
    w, d, h = size
    parts: list[Part] = []
    out = inset(x, 0.14 * w)
    parts.append(
        turn(
            plate(
                "tray",
                "dark",
                out,
                (-d / 2, y[0] + 0.25 * length(y)),
                (slot_z - 0.02 * h, slot_z),
                corner=0.03 * w,
                bevel=0.004 * h,
            ),
            "x",
            -style["tilt"],
            (0, y[0] + 0.2 * length(y), slot_z),
        )
    )
    parts.append(
        plate(
            "paper",
            "paper",
            inset(out, 0.04 * w),
            (-d / 2 + 0.3 * tray, y[0] + 0.3 * length(y)),
            (slot_z + 0.005 * h, slot_z + 0.02 * h),
            corner=0.002 * w,
            bevel=0.001 * h,
        )
    )
    return parts


def _paper_support(size: Size, top: float, out: Span, y: Span) -> list[Part]:
    """A board behind the feed, with sheets on it."""
    w, d, h = size
    parts: list[Part] = []
    support = turn(
        plate(
            "support",
            "case",
            inset(out, 0.0),
            (-0.015 * d, 0.015 * d),
            (top - 0.1 * h, h),
            axis="y",
            corner=0.04 * w,
            bevel=0.005 * d,
        ),
        "x",
        -10,
        (0, 0, top),
    )
    sheet = turn(
        box(
            "sheets",
            "paper",
            inset(out, 0.04 * w),
            (-0.03 * d, -0.016 * d),
            (top - 0.1 * h, h - 0.02 * h),
            0.002 * d,
        ),
        "x",
        -10,
        (0, 0, top),
    )
    parts += [move(part, 0, y[1] - 0.3 * length(y)) for part in (support, sheet)]
    return parts


def _printer_panel(style: Style, x: Span, y: Span, low: float, top: float) -> list[Part]:
    w, tall = length(x), top - low
    z = around(low + 0.55 * tall, style["panel"] * 0.5 * tall)
    parts = [
        plate(
            "panel",
            "dark",
            (x[1] - 0.45 * w, x[1] - 0.06 * w),
            (y[0] - 0.006 * w, y[0] + 0.02 * w),
            z,
            axis="y",
            corner=0.1 * tall,
            bevel=0.003 * w,
        )
    ]
    parts.append(
        box(
            "display",
            "screen",
            (x[1] - 0.43 * w, x[1] - 0.27 * w),
            (y[0] - 0.009 * w, y[0]),
            inset(z, 0.1 * tall),
            0.002 * w,
        )
    )
    for k in range(style["buttons"]):
        at = x[1] - 0.22 * w + 0.13 * w * k / max(style["buttons"] - 1, 1)
        parts.append(
            cylinder(
                "button",
                "buttons",
                (at, y[0], middle(z)),
                (at, y[0] - 0.014 * w, middle(z)),
                min(0.016 * w, 0.16 * tall),
                bevel=0.003 * w,
                sides=16,
            )
        )
    return parts


def _computer(style: Style, size: Size) -> list[Part]:
    """A tower with a front panel, drives, a power button and vents, or with a window and fans."""
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    feet = style["feet"] * 0.03 * h
    face = style["face"] * 0.06 * d
    body_y = (y[0] + face, y[1])
    edge = style["edge"] * 0.04 * w
    parts = [
        box("case", "case", x, body_y, (feet, h), edge, 2),
        box("front", "front", inset(x, 0.01 * w), (y[0], y[0] + 1.2 * face), (feet + 0.01 * h, h - 0.01 * h), edge, 2),
        rubber_feet("cones", x, y, feet, 0.12 * w),
    ]
    if style["fronts"] == "fans":
        parts += _fans(style, size, feet, y)
    else:
        parts += _drives(style, size, x, face, feet, y)
    parts.append(
        front(
            cylinder("power", "light", (0, 0, 0), (0, 0, 0.25 * face), style["power"] * 0.06 * w, bevel=0.05 * face),
            0.3 * w,
            y[0],
            0.58 * h,
        )
    )
    if style["side"] == "window":
        parts.append(
            box(
                "window",
                "glass",
                (x[0] - 0.012 * w, x[0] + 0.02 * w),
                inset(body_y, 0.1 * d),
                inset((feet, h), style["window"] * h),
                0.005 * w,
            )
        )
    return parts


def _drives(style: Style, size: Size, x: Span, face: float, feet: float, y: Span) -> list[Part]:
    """Drive bays above, vents below."""
    w, _, h = size
    parts: list[Part] = []
    for k in range(style["count"]):
        z = h * (0.9 - 0.075 * k)
        parts.append(
            box(
                "drive",
                "case",
                inset(x, 0.1 * w),
                (y[0] - 0.15 * face, y[0] + 0.2 * face),
                around(z, 0.055 * h),
                0.08 * face,
            )
        )
    parts.append(
        tiles(
            "vents",
            "case",
            inset(x, 0.2 * w),
            (y[0] - 0.1 * face, y[0] + 0.2 * face),
            (feet + 0.08 * h, feet + 0.3 * h),
            (1, 1, 7),
            style["vent"] * 0.015 * h,
            0.05 * face,
        )
    )
    return parts


def _fans(style: Style, size: Size, feet: float, y: Span) -> list[Part]:
    """Fans behind lit rings, one above the other."""
    w, d, h = size
    parts: list[Part] = []
    r = min(0.38 * w, 0.14 * h)
    for k in range(style["count"]):
        z = feet + (h - feet) * (k + 0.7) / (style["count"] + 0.4)
        ring = front(torus("fan ring", "light", (0, 0, 0), r, 0.1 * r), 0, y[0], z)
        blades = [
            turn(
                box("blade", "front", (0.1 * r, 0.85 * r), around(0, 0.3 * r), around(0, 0.02 * r), 0.005 * r),
                "z",
                360 * b / 7,
            )
            for b in range(7)
        ]
        parts += [
            ring,
            front(merge("blades", blades), 0, y[0] - 0.01 * d, z),
            front(cylinder("hub", "front", (0, 0, -0.02 * d), (0, 0, 0.015 * d), 0.2 * r), 0, y[0], z),
        ]
    return parts


KINDS = (
    Kind(
        "keyboard",
        "electronics",
        ("computer keyboard", "mechanical keyboard"),
        (0.44, 0.14, 0.035),
        {"case": "black plastic", "keys": "dark grey plastic", "lamp": "glowing green glass"},
        {
            "key_height": Range(0.25, 0.4),
            "slope": Range(0.3, 1.2),
            "edge": Range(0.5, 1.2),
            "margin": Range(0.6, 1.4),
            "gap": Range(0.6, 1.4),
            "cap": Range(0.5, 1.2),
            "layout": Choice(("full", "compact")),
            "rows": Choice((5, 6)),
            "lamp": Choice(("lamp", "none")),
        },
        _keyboard,
    ),
    Kind(
        "mouse",
        "electronics",
        ("computer mouse", "wireless mouse"),
        (0.064, 0.115, 0.04),
        {"case": "black plastic", "wheel": "grey rubber"},
        {
            "round": Range(2.3, 3.2),
            "slope": Range(0.4, 1.0),
            "waist": Range(0.0, 1.0),
            "wheel": Range(0.8, 1.2),
            "wheel_at": Range(0.2, 0.3),
            "seam": Range(0.7, 1.5),
            "side": Choice(("buttons", "plain")),
            "split": Choice(("line", "cross")),
        },
        _mouse,
    ),
    Kind(
        "printer",
        "electronics",
        ("inkjet printer", "laser printer", "copier", "scanner"),
        (0.45, 0.42, 0.3),
        {
            "case": "white plastic",
            "dark": "dark grey plastic",
            "paper": "white paper",
            "screen": "screen",
            "buttons": "grey plastic",
        },
        {
            "tray": Range(0.18, 0.28),
            "edge": Range(0.7, 1.5),
            "slot": Range(0.28, 0.42),
            "paper": Range(0.25, 0.38),
            "tilt": Range(4.0, 12.0),
            "panel": Range(0.6, 1.2),
            "feed": Choice(("sheet", "lid")),
            "buttons": Choice((2, 3, 4)),
        },
        _printer,
    ),
    Kind(
        "computer",
        "electronics",
        ("desktop tower", "pc", "computer tower", "gaming pc", "server"),
        (0.21, 0.45, 0.46),
        {
            "case": "black metal",
            "front": "dark grey plastic",
            "light": "glowing blue glass",
            "glass": "dark glass",
            "cones": "black rubber",
        },
        {
            "feet": Range(0.6, 1.4),
            "face": Range(0.7, 1.4),
            "edge": Range(0.4, 1.4),
            "vent": Range(0.6, 1.2),
            "window": Range(0.06, 0.16),
            "power": Range(0.8, 1.3),
            "fronts": Choice(("fans", "drives")),
            "count": Choice((2, 3)),
            "side": Choice(("window", "closed")),
        },
        _computer,
    ),
)
