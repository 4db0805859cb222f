"""What stands in or under openings of a wall: doors, windows, curtains, radiators."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import panel_door, rod
from ..outlines import (
    Span,
    around,
    between,
    fillet,
    inset,
    length,
    middle,
    split,
)
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    frame,
    merge,
    move,
    plate,
    sheet,
    tiles,
    torus,
    tube,
)


def _door(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    jamb = style["jamb"] * 0.08 * w
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    wall = inset(y, 0.22 * d)
    parts = [
        box("jamb", "frame", s, wall, (0, h - jamb), 0.06 * jamb, grain=2)
        for s in ((x[0], x[0] + jamb), (x[1] - jamb, x[1]))
    ]
    parts.append(box("lintel", "frame", x, wall, (h - jamb, h), 0.06 * jamb, grain=0))
    gap = 0.005 * w
    leaf_x, leaf_z = inset(x, jamb + gap), (gap, h - jamb - gap)
    thick = style["leaf"] * 0.4 * length(wall)
    leaf_y = (wall[0] + style["sink"] * d, wall[0] + style["sink"] * d + thick)
    rail = style["rail"] * 0.14 * w
    if style["form"] == "flush":
        parts.append(box("leaf", "leaf", leaf_x, leaf_y, leaf_z, 0.05 * thick, grain=2))
    elif style["form"] == "glass":
        parts.append(frame("leaf", "leaf", leaf_x, leaf_y, leaf_z, rail, 0.08 * thick))
        parts.append(
            box(
                "glass",
                "glass",
                inset(leaf_x, 0.9 * rail),
                around(middle(leaf_y), 0.2 * thick),
                inset(leaf_z, 0.9 * rail),
                0.01 * thick,
            )
        )
        bars = [
            box(
                "bar",
                "leaf",
                inset(leaf_x, 0.9 * rail),
                inset(leaf_y, 0.15 * thick),
                around(z, 0.3 * rail),
                0.05 * thick,
                grain=0,
            )
            for z in np.linspace(leaf_z[0] + rail, leaf_z[1] - rail, style["panels"] + 2)[1:-1]
        ]
        parts += bars
    else:
        cuts = split(leaf_z, style["panels"], 0.0)
        parts += [piece for cut in cuts for piece in panel_door("leaf", leaf_x, leaf_y, cut, rail)]
    return parts + _lever(style, leaf_x, leaf_y, h, w)


def _lever(style: Style, x: Span, y: Span, h: float, w: float) -> list[Part]:
    side = -1 if style["hinge"] == "right" else 1
    at = (side * (length(x) / 2 - 0.08 * w), style["lever_height"] * h)
    thick = style["lever"] * 0.022 * w
    parts = []
    for face, out in ((y[0], -1), (y[1], 1)):
        parts.append(
            box(
                "rose",
                "handle",
                around(at[0], 3 * thick),
                between(face, face + out * 0.5 * thick),
                around(at[1], 9 * thick),
                0.2 * thick,
                2,
            )
        )
        path = fillet(
            [
                (at[0], face, at[1]),
                (at[0], face + out * 2.2 * thick, at[1]),
                (at[0] - side * 0.13 * w, face + out * 2.2 * thick, at[1]),
            ],
            1.2 * thick,
            4,
        )
        parts.append(tube("lever", "handle", path, 0.6 * thick, 10))
    return parts


def _window(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0, h)
    sill = style["sill"] * 0.05 * h
    width = style["frame"] * 0.06 * min(w, h)
    body_y = (y[0] + style["depth"] * d, y[1])
    z = (sill, h)
    parts = [
        frame("frame", "frame", inset(x, 0.02 * w), body_y, z, width, 0.1 * width),
        box("sill", "frame", x, y, (0, sill), 0.25 * sill, 2, grain=0),
    ]
    inner_x, inner_z = inset(inset(x, 0.02 * w), 0.9 * width), inset(z, 0.9 * width)
    sash = 0.8 * width
    for k, span in enumerate(split(inner_x, style["sashes"], 0.004 * w)):
        sash_y = inset(body_y, 0.15 * length(body_y))
        parts.append(frame("sash", "frame", span, sash_y, inner_z, sash, 0.1 * sash))
        parts.append(
            box(
                "glass",
                "glass",
                inset(span, 0.9 * sash),
                around(middle(sash_y), 0.12 * d),
                inset(inner_z, 0.9 * sash),
                0.01 * d,
            )
        )
        bar = style["bar"] * 0.35 * sash
        if style["bars"] != "none":
            parts.append(
                box(
                    "bar",
                    "frame",
                    inset(span, 0.9 * sash),
                    inset(sash_y, 0.2 * length(sash_y)),
                    around(inner_z[0] + style["cross"] * length(inner_z), bar),
                    0.1 * bar,
                    grain=0,
                )
            )
        if style["bars"] == "cross":
            parts.append(
                box(
                    "bar",
                    "frame",
                    around(middle(span), bar),
                    inset(sash_y, 0.22 * length(sash_y)),
                    inset(inner_z, 0.9 * sash),
                    0.1 * bar,
                    grain=2,
                )
            )
        edge = span[1] - 0.5 * sash if k % 2 == 0 else span[0] + 0.5 * sash
        grip = style["grip"] * 0.1 * h
        parts.append(
            box(
                "handle",
                "handle",
                around(edge, 0.4 * sash),
                (sash_y[0] - 0.1 * d, sash_y[0] + 0.02 * d),
                around(middle(inner_z), grip),
                0.1 * sash,
                2,
            )
        )
    return parts


def _curtain(style: Style, size: Size) -> list[Part]:
    """Folds that hang from rings on a rod."""
    w, d, h = size
    bar = style["rod"] * 0.16 * d
    top = h - 1.6 * bar
    parts = [rod("rod", "rod", (-w / 2 + bar, 0, h - bar), (w / 2 - bar, 0, h - bar), bar)]
    parts += [
        ellipsoid("finial", "rod", (s * (w / 2 - bar), 0, h - bar), np.full(3, style["finial"] * bar), 6)
        for s in (-1, 1)
    ]
    spans = [(-w / 2 + bar, -w / 2 + bar + style["drawn"] * w), (w / 2 - bar - style["drawn"] * w, w / 2 - bar)]
    spans = spans if style["panels"] == 2 else [(-w / 2 + bar, w / 2 - bar)]
    rng = style.random("folds")
    for span in spans:
        folds = max(2, round(style["folds"] * length(span) / w))
        u, v = np.linspace(0, 1, 8 * folds + 1), np.linspace(0, 1, 9)
        phase = 2 * np.pi * folds * u[:, None] + style["sway"] * np.sin(2 * np.pi * u[:, None] + rng.uniform(0, 6))
        tie = 1 - style["tie"] * 0.45 * np.exp(-(((v - 0.55) / 0.25) ** 2)) if style["tied"] == "tied" else np.ones(9)
        points = np.zeros((len(u), 9, 3))
        outer = span[0] if middle(span) < 0 else span[1]
        points[..., 0] = outer + (span[0] + length(span) * u[:, None] - outer) * tie
        deep = (0.3 + 0.2 * v) * d * style["depth"]
        points[..., 1] = deep * np.sin(phase) * 0.95
        points[..., 2] = top * (1 - v)
        parts.append(sheet("curtain", "cloth", points, 0.04 * d))
        rings = [
            torus("ring", "rod", (px, 0, h - bar), 0.85 * bar, 0.2 * bar, axis=0, sides=14)
            for px in np.linspace(*inset(span, 0.03 * length(span)), folds + 1)
        ]
        parts.append(merge("rings", rings))
    return parts


def _radiator(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    valve = 0.05 * w
    body_x = inset(x, 0.0, valve)
    feet = style["feet"] * h
    count = style["columns"]
    parts: list[Part] = []
    if style["form"] == "columns":
        parts += _radiator_columns(style, size, body_x, count, y, feet)
    else:
        parts += _radiator_panels(style, size, body_x, y, feet, count)
    parts += [
        box("foot", "body", around(px, 0.04 * w), inset(y, 0.2 * d), (0, feet + 0.04 * h), 0.005 * w)
        for px in inset(body_x, 0.12 * w)
    ]
    parts.append(
        cylinder(
            "valve",
            "valve",
            (body_x[1] - 0.01 * w, 0, feet + 0.1 * h),
            (x[1], 0, feet + 0.1 * h),
            style["valve"] * 0.16 * d,
            bevel=0.02 * d,
        )
    )
    return [
        *parts,
        rod(
            "pipe",
            "valve",
            (body_x[1] + 0.4 * valve, 0, 0),
            (body_x[1] + 0.4 * valve, 0, feet + 0.1 * h),
            style["pipe"] * 0.12 * d,
        ),
    ]


def _radiator_panels(style: Style, size: Size, body_x: Span, y: Span, feet: float, count: int) -> list[Part]:
    """Two panels with ribs and a grille on top."""
    w, d, h = size
    parts: list[Part] = []
    parts.append(box("panel", "body", body_x, inset(y, 0.0, 0.75 * d), (feet, h), 0.08 * d, 2))
    parts.append(box("panel", "body", body_x, inset(y, 0.75 * d, 0.0), (feet, h), 0.08 * d, 2))
    ribs = [
        box("rib", "body", s, (y[0] - 0.0, y[0] + 0.1 * d), (feet + 0.06 * h, h - 0.06 * h), 0.03 * d)
        for s in split(inset(body_x, 0.03 * w), count, style["gap"] * 0.03 * w)
    ]
    parts += [
        move(merge("ribs", ribs), 0, -0.05 * d),
        tiles(
            "grille",
            "body",
            inset(body_x, 0.01 * w),
            inset(y, 0.2 * d),
            (h - 0.03 * h, h - 0.005 * h),
            (count * 2, 1, 1),
            0.01 * w,
            0.002 * h,
        ),
    ]
    return parts


def _radiator_columns(style: Style, size: Size, body_x: Span, count: int, y: Span, feet: float) -> list[Part]:
    """Two rows of rounded columns on pipes."""
    w, d, h = size
    parts: list[Part] = []
    for span in split(body_x, count, style["gap"] * 0.02 * w):
        for row in split(y, 2, 0.14 * d):
            parts.append(
                plate(
                    "column",
                    "body",
                    span,
                    row,
                    (feet, h),
                    axis="x",
                    corner=0.45 * length(row),
                    bevel=style["edge"] * 0.4 * length(span),
                    segments=5,
                )
            )
    parts += [
        rod("pipe", "body", (body_x[0] + 0.01 * w, 0, z), (body_x[1] - 0.01 * w, 0, z), style["joint"] * d)
        for z in (feet + 0.1 * h, h - 0.1 * h)
    ]
    return parts


KINDS = (
    Kind(
        "door",
        "openings",
        ("front door", "interior door", "wooden door", "entrance"),
        (0.9, 0.16, 2.05),
        {"leaf": "oak wood", "frame": "white painted wood", "handle": "brushed steel", "glass": "frosted glass"},
        {
            "jamb": Range(0.7, 1.3),
            "leaf": Range(0.7, 1.3),
            "rail": Range(0.7, 1.2),
            "lever_height": Range(0.46, 0.54),
            "lever": Range(0.8, 1.3),
            "sink": Range(0.0, 0.2),
            "form": Choice(("panels", "flush", "glass")),
            "panels": Choice((1, 2, 3)),
            "hinge": Choice(("left", "right")),
        },
        _door,
    ),
    Kind(
        "window",
        "openings",
        ("casement", "window frame"),
        (1.2, 0.2, 1.3),
        {"frame": "white painted wood", "glass": "clear glass", "handle": "brushed steel"},
        {
            "sill": Range(0.6, 1.4),
            "frame": Range(0.7, 1.3),
            "bar": Range(0.7, 1.3),
            "cross": Range(0.5, 0.7),
            "grip": Range(0.7, 1.3),
            "depth": Range(0.2, 0.4),
            "sashes": Choice((1, 2, 3)),
            "bars": Choice(("none", "bar", "cross")),
        },
        _window,
    ),
    Kind(
        "curtain",
        "openings",
        ("curtains", "drapes", "drape"),
        (1.6, 0.16, 2.2),
        {"cloth": "grey linen fabric", "rod": "black metal"},
        {
            "rod": Range(0.8, 1.3),
            "drawn": Range(0.24, 0.4),
            "tie": Range(0.4, 1.2),
            "depth": Range(0.85, 1.0),
            "sway": Range(0.2, 0.8),
            "finial": Range(0.8, 1.0),
            "folds": Choice((10, 14, 18)),
            "panels": Choice((1, 2)),
            "tied": Choice(("tied", "loose")),
        },
        _curtain,
    ),
    Kind(
        "radiator",
        "openings",
        ("heater", "heating"),
        (0.9, 0.12, 0.6),
        {"body": "white painted metal", "valve": "chrome"},
        {
            "feet": Range(0.08, 0.18),
            "gap": Range(0.6, 1.4),
            "edge": Range(0.5, 1.0),
            "valve": Range(0.8, 1.4),
            "pipe": Range(0.8, 1.4),
            "joint": Range(0.3, 0.5),
            "form": Choice(("columns", "panel")),
            "columns": Choice((8, 10, 12)),
        },
        _radiator,
    ),
)
