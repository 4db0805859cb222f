"""Pots and pans, and what lies beside them: boards, knives, cutlery."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style, flatten
from ..fittings import oval
from ..outlines import around, curve, ellipse, fillet, length, rounded_rectangle, split
from ..solids import (
    ellipsoid,
    lathe,
    merge,
    mirror,
    move,
    plate,
    prism,
    sweep,
    torus,
    tube,
    turn,
)


def _frying_pan(style: Style, size: Size) -> list[Part]:
    """The handle comes forward."""
    w, d, h = size
    r = w / 2
    pan_d = min(w * 1.0, d * (1 - style["handle_length"]))
    wall = style["wall"] * 0.03 * r
    side = style["side"] * h
    foot = style["foot"] * r
    profile = [
        (0, 0),
        (foot, 0),
        (r, side),
        (r - 0.4 * wall, side + 0.4 * wall),
        (r - wall, side),
        (foot - wall, wall),
        (0, wall),
    ]
    (pan,) = oval([lathe("pan", "body", fillet(profile, 0.08 * r, 3), sides=56)], r, w, pan_d)
    centre = d / 2 - pan_d / 2
    edge = centre - pan_d / 2
    thick = style["handle"] * 0.07 * w
    path = fillet(
        [
            (0, edge + 0.06 * d, 0.72 * side),
            (0, edge - 0.06 * d, style["hook"] * side),
            (0, -d / 2 + 0.3 * thick, h - 0.4 * thick),
        ],
        0.1 * d,
        6,
    )
    grip = curve(path, 20)
    section = rounded_rectangle(around(0, thick), around(0, 0.55 * thick), 0.25 * thick, 4)
    scale = np.interp(np.linspace(0, 1, 20), [0, 0.25, 0.6, 1], [0.7, 0.6, 1.0, 0.85])
    parts = [move(pan, 0, centre), sweep("handle", "handle", grip, section, scale=scale, smooth=70)]
    if style["rivets"] > 0:
        heads = [
            ellipsoid(
                "rivet",
                "rivets",
                (s * 0.22 * thick, edge + 0.035 * d, 0.76 * side),
                (0.09 * thick, 0.12 * thick, 0.09 * thick),
                3,
            )
            for s in (-1, 1)
        ][: style["rivets"]]
        parts.append(merge("rivets", heads))
    if style["egg"] == "egg":
        white = lathe(
            "egg white",
            "egg",
            [(0, wall), (0.42 * foot, wall), (0.4 * foot, wall + 0.06 * side), (0, wall + 0.1 * side)],
            sides=24,
        )
        parts += [
            move(white, 0.1 * r, centre),
            ellipsoid("yolk", "yolk", (0.1 * r, centre, wall + 0.1 * side), (0.16 * foot, 0.16 * foot, 0.12 * side), 5),
        ]
    return parts


def _cooking_pot(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    ears = style["ears"] * w
    body_w = w - 2 * ears
    r = d / 2
    wall = style["wall"] * 0.035 * r
    lid = style["lid"] == "lid"
    body_h = h * (0.74 if lid else 0.97)
    belly = style["belly"]
    outer = (
        [(0.93 * r, 0), (r * belly, 0.5 * body_h), (r, body_h)]
        if style["form"] == "belly"
        else [(0.97 * r, 0), (r, 0.06 * body_h), (r, body_h)]
    )
    outer = np.asarray(outer) * (min(1.0, 1 / max(belly, 1)), 1)
    profile = np.concatenate([[(0, 0)], outer, [(0.96 * r - wall, body_h), (0.9 * r - wall, wall), (0, wall)]])
    parts = [
        lathe("pot", "body", fillet(profile, 0.07 * r, 4), sides=48),
        torus("rim", "body", (0, 0, body_h), r - wall, 1.6 * wall, sides=48),
    ]
    if lid:
        top = [
            (0, body_h),
            (1.0 * r - wall, body_h),
            (0.97 * r, body_h + 0.03 * h),
            (0.5 * r, body_h + style["dome"] * 0.14 * h),
            (0, body_h + style["dome"] * 0.15 * h),
        ]
        parts.append(lathe("lid", "body", fillet(top, 0.2 * r, 5), sides=48))
        base = body_h + style["dome"] * 0.14 * h
        parts.append(
            lathe(
                "knob",
                "handles",
                fillet(
                    [
                        (0, base),
                        (0.08 * r, base),
                        (0.07 * r, base + 0.3 * (h - base)),
                        (0.2 * r, base + 0.6 * (h - base)),
                        (0.16 * r, h),
                        (0, h),
                    ],
                    0.04 * r,
                    3,
                ),
                sides=24,
            )
        )
    parts = oval(parts, r, body_w, d)
    at = style["ear_height"] * body_h
    x = body_w / 2
    bar = style["bar"] * 0.22 * ears
    wide = 0.3 * d
    path = fillet(
        [(x - 0.06 * w, -wide, at), (x + ears - bar, -wide, at), (x + ears - bar, wide, at), (x - 0.06 * w, wide, at)],
        0.8 * ears,
        5,
    )
    ear = tube("ear", "handles", path, bar, sides=10)
    return [*parts, ear, mirror(ear)]


def _cutting_board(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board_h = h if style["knife"] == "none" else 0.6 * h
    grip = style["grip"] * 0.25 * d
    if style["form"] == "paddle":
        neck = style["neck"] * 0.1 * w
        outline = [
            (x[0], y[0] + grip),
            (-1.6 * neck, y[0] + grip),
            (-neck, y[0]),
            (neck, y[0]),
            (1.6 * neck, y[0] + grip),
            (x[1], y[0] + grip),
            (x[1], y[1]),
            (x[0], y[1]),
        ]
        board = prism(
            "board",
            "wood",
            fillet(outline, style["corner"] * 0.3 * w, 6, closed=True),
            "z",
            (0, board_h),
            style["edge"] * 0.4 * board_h,
            3,
            grain=1,
        )
    else:
        board = plate(
            "board",
            "wood",
            x,
            y,
            (0, board_h),
            corner=style["corner"] * 0.3 * min(w, d),
            bevel=style["edge"] * 0.4 * board_h,
            segments=6,
            grain=1,
        )
    if style["knife"] == "none":
        return [board]
    return [board, *_knife_on_board(style, size, board_h)]


def _knife_on_board(style: Style, size: Size, z: float) -> list[Part]:
    w, d, h = size
    long, thick = 0.8 * d, h - z
    blade = _blade(long * 0.62, style["blade"] * 0.1 * w, 0.25 * thick)
    handle = plate(
        "handle", "handle", (-0.03 * w, 0.03 * w), (-0.38 * long, 0), (z, h), corner=0.02 * w, bevel=0.3 * thick
    )
    parts = [move(blade, -0.02 * w, 0, z + 0.35 * thick), handle]
    return [move(turn(part, "z", style["turn"]), 0.2 * w, -0.06 * d) for part in parts]


def _blade(long: float, wide: float, thickness: float) -> Part:
    """A blade that points to +Y with its edge at -X, 0..thickness high."""
    outline = [
        (0, -0.01 * long),
        (0.7 * wide, 0),
        (0.7 * wide, 0.6 * long),
        (0.3 * wide, 0.9 * long),
        (0, long),
        (-0.3 * wide, 0.7 * long),
        (-0.3 * wide, 0),
    ]
    return prism(
        "blade", "steel", fillet(outline, 0.6 * wide, 4, closed=True), "z", (0, thickness), 0.3 * thickness, grain=1
    )


def _cutlery(style: Style, size: Size) -> list[Part]:
    """Fork, knife and spoon side by side, handles to the front."""
    w, d, h = size
    spans = split((-w / 2, w / 2), 3, style["gap"] * w)
    wide = length(spans[0])
    order = {"fork first": ("fork", "knife", "spoon"), "spoon first": ("spoon", "fork", "knife")}[style["order"]]
    parts = []
    for tool, span in zip(order, spans, strict=True):
        grip = _cutlery_handle(style, tool, d, h, wide)
        head = {"fork": _fork_head, "knife": _knife_head, "spoon": _spoon_head}[tool](style, d, h, wide)
        parts += [move(part, sum(span) / 2) for part in (grip, head)]
    return parts


def _cutlery_handle(style: Style, tool: str, d: float, h: float, wide: float) -> Part:
    neck = style["neck"] * 0.1 * wide
    y = np.linspace(-0.5, 0.14, 17) * d
    rise = 0.0 if tool == "knife" else style["arch"] * 0.3
    z = h * (0.28 + rise * np.clip(y / (0.14 * d), 0, 1) ** 2)
    path = np.stack([0 * y, y, z], axis=1)
    t = np.linspace(0, 1, 17)
    broad = style["broad"] * 0.42 * wide
    half = np.interp(t, [0, 0.06, 0.35, 0.75, 1], [0.5 * broad, broad, 0.7 * broad, neck, neck])
    section = ellipse(1.0, min(0.6, 0.25 * h / broad), 12)
    return sweep("handle", "steel", path, section, scale=half, smooth=80)


def _fork_head(style: Style, d: float, h: float, wide: float) -> Part:
    half, tines = 0.44 * wide, style["tines"]
    gap = 0.28 * 2 * half / tines
    root, base, tip = 0.12 * d, 0.24 * d, 0.5 * d
    outline = [(-0.12 * wide, root), (-half, base)]
    for k, (a, b) in enumerate(split((-half, half), tines, gap)):
        outline += [(a, base + 0.07 * d), (a + 0.2 * (b - a), tip), (b - 0.2 * (b - a), tip), (b, base + 0.07 * d)]
        if k < tines - 1:
            outline.append((b + gap / 2, base + 0.055 * d))
    outline += [(half, base), (0.12 * wide, root)]
    head = prism("fork", "steel", outline[::-1], "z", (0, 0.16 * h), 0.03 * h, 1, grain=1)
    return _bend(head, root, tip, h, style["bend"])


def _bend(part: Part, root: float, tip: float, h: float, amount: float) -> Part:
    """Dish a flat head: it dips behind the neck and rises to the tip."""
    p = part.vertices.copy()
    t = np.clip((p[:, 1] - root) / (tip - root), 0, 1)
    p[:, 2] += h * (0.42 * (1 - t) ** 2 + (0.84 - 0.3 * (1 - amount)) * t**2 * 0.98 + 0.02)
    return flatten(replace(part, vertices=p))


def _knife_head(style: Style, d: float, h: float, wide: float) -> Part:
    blade = _blade(0.38 * d, 0.8 * wide, 0.14 * h)
    return move(blade, 0, 0.12 * d, 0.21 * h)


def _spoon_head(style: Style, d: float, h: float, wide: float) -> Part:
    """A flat ball bent up around its middle."""
    half, mid, reach = 0.48 * wide, 0.32 * d, 0.18 * d
    flat = ellipsoid("spoon", "steel", (0, mid, 0.16 * h), (half, reach, 0.1 * h), 7)
    p = flat.vertices.copy()
    p[:, 2] += style["bowl"] * 0.5 * h * ((p[:, 0] / half) ** 2 + ((p[:, 1] - mid) / reach) ** 2)
    return flatten(replace(flat, vertices=p))


COOK_SLOTS = {"body": "brushed steel", "handles": "black plastic"}

KINDS = (
    Kind(
        "frying pan",
        "tableware",
        ("pan", "skillet", "wok"),
        (0.28, 0.5, 0.09),
        {
            "body": "black iron",
            "handle": "black plastic",
            "rivets": "steel",
            "egg": "white ceramic",
            "yolk": "orange ceramic",
        },
        {
            "handle_length": Range(0.4, 0.48),
            "wall": Range(0.8, 1.4),
            "side": Range(0.5, 0.72),
            "foot": Range(0.68, 0.86),
            "handle": Range(0.8, 1.3),
            "hook": Range(0.6, 0.9),
            "rivets": Choice((0, 1, 2)),
            "egg": Choice(("egg", "empty")),
        },
        _frying_pan,
    ),
    Kind(
        "cooking pot",
        "tableware",
        ("saucepan", "stockpot", "casserole", "stew pot", "dutch oven"),
        (0.36, 0.26, 0.24),
        COOK_SLOTS,
        {
            "ears": Range(0.08, 0.13),
            "wall": Range(0.8, 1.4),
            "belly": Range(1.0, 1.08),
            "dome": Range(0.5, 1.2),
            "ear_height": Range(0.7, 0.85),
            "bar": Range(0.7, 1.1),
            "form": Choice(("straight", "belly")),
            "lid": Choice(("lid", "open")),
        },
        _cooking_pot,
    ),
    Kind(
        "cutting board",
        "tableware",
        ("chopping board", "bread board", "knife", "kitchen knife"),
        (0.28, 0.42, 0.04),
        {"wood": "oak wood", "steel": "polished steel", "handle": "black plastic"},
        {
            "grip": Range(0.7, 1.2),
            "neck": Range(0.9, 1.4),
            "corner": Range(0.2, 0.6),
            "edge": Range(0.3, 0.9),
            "blade": Range(0.8, 1.3),
            "turn": Range(-25.0, 25.0),
            "form": Choice(("plain", "paddle")),
            "knife": Choice(("knife", "none")),
        },
        _cutting_board,
    ),
    Kind(
        "cutlery",
        "tableware",
        ("silverware", "fork", "spoon", "fork and knife", "flatware"),
        (0.16, 0.21, 0.02),
        {"steel": "polished steel"},
        {
            "gap": Range(0.1, 0.2),
            "neck": Range(0.8, 1.3),
            "broad": Range(0.8, 1.1),
            "arch": Range(0.4, 1.0),
            "bend": Range(0.6, 1.0),
            "bowl": Range(0.7, 1.1),
            "order": Choice(("fork first", "spoon first")),
            "tines": Choice((3, 4)),
        },
        _cutlery,
    ),
)
