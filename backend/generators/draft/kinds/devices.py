"""Cameras, fans and game controllers."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import front
from ..outlines import Span, around, curve, fillet, inset, length, middle, split
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    merge,
    move,
    plate,
    prism,
    sheet,
    stretch,
    torus,
    tube,
    turn,
)


def _camera(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    body_d = style["body_depth"] * d
    back = d / 2
    x, y = (-w / 2, w / 2), (back - body_d, back)
    hump = style["hump"] * h
    body_h = h - hump
    r = min(style["lens"] * 0.44 * body_h, 0.3 * w)
    parts = [
        plate(
            "body",
            "leather",
            x,
            y,
            (0.1 * body_h, 0.84 * body_h),
            axis="z",
            corner=style["corner"] * 0.25 * body_d,
            bevel=0.01 * h,
            segments=6,
        ),
        plate(
            "base",
            "case",
            inset(x, -0.001 * w),
            y,
            (0, 0.12 * body_h),
            axis="z",
            corner=style["corner"] * 0.25 * body_d,
            bevel=0.01 * h,
            segments=6,
        ),
        plate(
            "top",
            "case",
            inset(x, -0.001 * w),
            y,
            (0.82 * body_h, body_h),
            axis="z",
            corner=style["corner"] * 0.25 * body_d,
            bevel=0.015 * h,
            segments=6,
        ),
    ]
    cx, cz = style["offset"] * 0.1 * w, 0.47 * body_h
    parts += _camera_top(style, size, y, x, body_d, cx, body_h, hump)
    parts += _lens(style, y, d, r, cx, cz, body_d)
    return parts


def _camera_top(
    style: Style, size: Size, y: Span, x: Span, body_d: float, cx: float, body_h: float, hump: float
) -> list[Part]:
    """Finder, mode dial and shutter button."""
    w, _, h = size
    parts: list[Part] = []
    if style["finder"] == "prism":
        outline = [(cx - 0.19 * w, body_h * 0.98), (cx + 0.19 * w, body_h * 0.98), (cx + 0.1 * w, h), (cx - 0.1 * w, h)]
        parts.append(
            prism(
                "prism", "case", fillet(outline, 0.05 * w, 3, closed=True), "y", inset(y, 0.0, 0.1 * body_d), 0.01 * h
            )
        )
    else:
        parts.append(
            box(
                "finder",
                "case",
                around(cx - 0.2 * w, 0.2 * w),
                inset(y, 0.1 * body_d),
                (0.97 * body_h, body_h + 0.7 * hump),
                0.01 * h,
                2,
            )
        )
    dial = (x[1] - 0.16 * w, middle(y))
    parts.append(
        cylinder(
            "dial",
            "rings",
            (*dial, 0.98 * body_h),
            (*dial, body_h + (0.55 if style["finder"] == "prism" else 1.0) * hump),
            style["dial"] * 0.3 * body_d,
            bevel=0.01 * h,
        )
    )
    parts.append(
        cylinder(
            "shutter",
            "rings",
            (x[0] + 0.12 * w, middle(y), 0.98 * body_h),
            (x[0] + 0.12 * w, middle(y), body_h + 0.3 * hump),
            0.14 * body_d,
            bevel=0.005 * h,
            sides=16,
        )
    )
    return parts


def _lens(style: Style, y: Span, d: float, r: float, cx: float, cz: float, body_d: float) -> list[Part]:
    """Stepped barrel, rings and front glass."""
    parts: list[Part] = []
    long = y[0] + d / 2
    steps = [
        (0, -0.2 * body_d),
        (0.92 * r, -0.2 * body_d),
        (0.92 * r, 0.2 * long),
        (r, 0.22 * long),
        (r, 0.62 * long),
        (0.86 * r, 0.64 * long),
        (0.86 * r, 0.94 * long),
        (0.82 * r, long),
        (0.72 * r, long),
        (0.66 * r, 0.8 * long),
        (0, 0.8 * long),
    ]
    parts.append(front(lathe("lens", "case", fillet(steps, 0.03 * r, 2), sides=48), cx, y[0], cz))
    parts.append(
        front(ellipsoid("glass", "glass", (0, 0, 0.78 * long), (0.64 * r, 0.64 * r, 0.12 * long), 6), cx, y[0], cz)
    )
    for k in range(style["grips"]):
        parts.append(front(torus("focus ring", "rings", (0, 0, (0.3 + 0.09 * k) * long), r, 0.05 * long), cx, y[0], cz))
    return parts


def _fan(style: Style, size: Size) -> list[Part]:
    """A desk or standing fan in its cage, blowing to the front."""
    w, d, h = size
    r = min(w / 2, 0.45 * h)
    z = h - r
    deep = min(style["cage"] * 0.5 * d, 1.0 * r)
    y = -d / 2 + deep / 2
    wire = style["wire"] * 0.012 * r
    cage = [torus("rim", "case", (0, y, z), r - 1.5 * wire, 3 * wire, axis=1, sides=48)]
    spokes = []
    for k in range(style["wires"]):
        a = 2 * np.pi * k / style["wires"]
        for s in (-1, 1):
            path = curve([(0.16 * r, s * 0.48 * deep), (0.6 * r, s * 0.46 * deep), (0.97 * r, 0.0)], 6)
            spokes.append(
                tube("wire", "case", [(p * np.cos(a), y + q, z + p * np.sin(a)) for p, q in path], 0.7 * wire, 4)
            )
    hub = cylinder("cap", "case", (0, y - 0.42 * deep, z), (0, y - 0.5 * deep, z), 0.2 * r, bevel=0.03 * r)
    blades = []
    for k in range(style["blades"]):
        u, v = np.linspace(0.15, 0.86, 9), np.linspace(-1, 1, 7)
        half = style["blade"] * 0.36 * r * np.sin(np.pi * (0.2 + 0.68 * (u - 0.15) / 0.71)) ** 0.7
        from_grid = np.zeros((9, 7, 3))
        from_grid[..., 0] = u[:, None] * r + 0 * v
        from_grid[..., 1] = half[:, None] * v
        from_grid[..., 2] = style["pitch"] * 0.25 * deep * v[None, :] * (1 - 0.4 * u[:, None])
        blades.append(turn(sheet("blade", "blades", from_grid, 0.02 * r), "z", 360 * k / style["blades"]))
    parts = [*cage, merge("wires", spokes), hub, front(merge("blades", blades), 0, y, z)]
    parts.append(cylinder("axle", "case", (0, y - 0.1 * deep, z), (0, y + 0.6 * deep, z), 0.1 * r))
    motor = (y + 0.45 * deep, max(d / 2 - 0.1 * d, y + 0.6 * deep))
    parts.append(cylinder("motor", "case", (0, motor[0], z), (0, motor[1], z), 0.3 * r, 0.2 * r, bevel=0.05 * r))
    foot_y = 0.5 * (motor[0] + motor[1])
    foot = style["foot"] * min(0.9 * w, 2 * (d / 2 - abs(foot_y))) / 2
    parts.append(cylinder("pole", "case", (0, foot_y, 0.02 * h), (0, foot_y, z), style["pole"] * 0.06 * r))
    base = lathe(
        "foot",
        "case",
        fillet([(0, 0), (foot, 0), (foot, 0.03 * h), (0.4 * foot, 0.06 * h), (0, 0.07 * h)], 0.02 * h, 3),
        sides=40,
    )
    return [*parts, move(stretch(base, min(1.6, 0.45 * w / foot)), 0, foot_y)]


def _controller(style: Style, size: Size) -> list[Part]:
    """A game pad lying flat, grips to the front."""
    w, d, h = size
    outline = [
        (-0.3, 0.5),
        (0.3, 0.5),
        (0.44, 0.36),
        (0.5, -0.2),
        (0.4, -0.5),
        (0.26, -0.42),
        (0.15, -0.08),
        (-0.15, -0.08),
        (-0.26, -0.42),
        (-0.4, -0.5),
        (-0.5, -0.2),
        (-0.44, 0.36),
    ]
    body_h = style["body"] * h
    shape = fillet(np.array(outline) * (w, d), style["soft"] * 0.16 * d, 6, closed=True)
    parts = [prism("body", "case", shape, "z", (0, body_h), 0.35 * body_h, 4, smooth=70)]
    parts += _sticks(style, size, body_h)
    parts += _pads(style, size, body_h)
    pad_z = (0.9 * body_h, body_h + 0.12 * (h - body_h) + 0.03 * h)
    for at in split((-0.06 * w, 0.06 * w), style["middle"], 0.04 * w):
        parts.append(
            plate(
                "menu",
                "sticks",
                inset(at, 0.2 * length(at)),
                around(0.3 * d, 0.05 * d),
                pad_z,
                corner=0.02 * d,
                bevel=0.004 * h,
            )
        )
    for side in (-1, 1):
        parts.append(
            box(
                "shoulder",
                "sticks",
                around(side * 0.32 * w, 0.2 * w),
                (0.4 * d, 0.52 * d),
                (0.35 * body_h, 0.85 * body_h),
                style["shoulder"] * 0.15 * body_h,
                2,
            )
        )
    return parts


def _sticks(style: Style, size: Size, body_h: float) -> list[Part]:
    """Two thumb sticks."""
    w, d, h = size
    parts: list[Part] = []
    r = style["stick"] * 0.06 * w
    low = (-0.12 * w, 0.06 * d) if style["layout"] == "even" else (-0.3 * w, 0.2 * d)
    for at in (low, (0.12 * w, 0.06 * d)):
        parts.append(
            lathe(
                "stick",
                "sticks",
                fillet(
                    [
                        (0, 0.9 * body_h),
                        (0.6 * r, 0.9 * body_h),
                        (0.5 * r, 0.6 * (h - body_h) + body_h),
                        (r, 0.8 * (h - body_h) + body_h),
                        (r, h),
                        (0.7 * r, h - 0.02 * h),
                        (0, h - 0.05 * h),
                    ],
                    0.1 * r,
                    2,
                ),
                at=(*at, 0),
                sides=24,
            )
        )
    return parts


def _pads(style: Style, size: Size, body_h: float) -> list[Part]:
    """The cross on one side, four coloured buttons on the other."""
    w, d, h = size
    parts: list[Part] = []
    cross = (-0.3 * w, 0.2 * d) if style["layout"] == "even" else (-0.12 * w, 0.06 * d)
    bar, pad_z = style["pad"] * 0.05 * w, (0.9 * body_h, body_h + 0.12 * (h - body_h) + 0.03 * h)
    arms = fillet(
        [
            (bar, bar * 0.33),
            (bar * 0.33, bar * 0.33),
            (bar * 0.33, bar),
            (-bar * 0.33, bar),
            (-bar * 0.33, bar * 0.33),
            (-bar, bar * 0.33),
            (-bar, -bar * 0.33),
            (-bar * 0.33, -bar * 0.33),
            (-bar * 0.33, -bar),
            (bar * 0.33, -bar),
            (bar * 0.33, -bar * 0.33),
            (bar, -bar * 0.33),
        ],
        0.06 * bar,
        2,
        closed=True,
    )
    parts.append(prism("cross", "sticks", arms + cross, "z", pad_z, 0.01 * h))
    for k, slot in enumerate(("red button", "green button", "blue button", "yellow button")):
        a = np.pi / 2 * k
        at = (0.3 * w + style["button"] * 0.055 * w * np.cos(a), 0.2 * d + style["button"] * 0.055 * w * np.sin(a))
        parts.append(
            cylinder("button", slot, (*at, 0.9 * body_h), (*at, pad_z[1]), 0.024 * w, bevel=0.008 * w, sides=16)
        )
    return parts


KINDS = (
    Kind(
        "camera",
        "electronics",
        ("photo camera", "dslr", "film camera", "digital camera"),
        (0.14, 0.11, 0.1),
        {"case": "black plastic", "leather": "black leather", "rings": "brushed steel", "glass": "dark glass"},
        {
            "body_depth": Range(0.42, 0.55),
            "hump": Range(0.14, 0.22),
            "lens": Range(0.85, 1.0),
            "offset": Range(-0.6, 0.6),
            "dial": Range(0.8, 1.1),
            "corner": Range(0.5, 1.2),
            "finder": Choice(("prism", "box")),
            "grips": Choice((1, 2, 3)),
        },
        _camera,
    ),
    Kind(
        "fan",
        "electronics",
        ("desk fan", "table fan", "ventilator", "electric fan"),
        (0.35, 0.26, 0.48),
        {"case": "white painted metal", "blades": "blue plastic"},
        {
            "cage": Range(0.8, 1.1),
            "blade": Range(0.8, 1.2),
            "pole": Range(0.8, 1.3),
            "pitch": Range(0.6, 1.2),
            "wire": Range(0.8, 1.3),
            "foot": Range(0.8, 1.0),
            "wires": Choice((18, 24)),
            "blades": Choice((3, 4, 5)),
        },
        _fan,
    ),
    Kind(
        "game controller",
        "electronics",
        ("gamepad", "joystick", "controller"),
        (0.16, 0.11, 0.06),
        {
            "case": "white plastic",
            "sticks": "black plastic",
            "red button": "red plastic",
            "green button": "green plastic",
            "blue button": "blue plastic",
            "yellow button": "yellow plastic",
        },
        {
            "body": Range(0.6, 0.72),
            "soft": Range(0.6, 1.2),
            "stick": Range(0.85, 1.2),
            "pad": Range(0.85, 1.2),
            "button": Range(0.9, 1.2),
            "shoulder": Range(0.6, 1.4),
            "layout": Choice(("even", "odd")),
            "middle": Choice((1, 2)),
        },
        _controller,
    ),
)
