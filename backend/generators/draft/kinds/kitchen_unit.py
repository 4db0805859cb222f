"""The kitchen unit with worktop, basin and tap."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import door, unit
from ..outlines import Span, around, fillet, inset, length, middle, split
from ..solids import box, cylinder, frame, tube


def _sink_unit(style: Style, size: Size) -> list[Part]:
    """A kitchen base unit with doors, a worktop, a basin and a tap."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    tap = style["tap_height"] * h
    top = h - tap
    slab, plinth = style["slab"] * 0.05 * u, style["plinth"] * h
    board, gap = 0.022 * u, 0.005 * u
    body_y = inset(y, 0.04 * d + board, 0)
    basin_w = min(style["basin"] * w, 0.8 * w)
    basin = around(style["shift"] * (w - basin_w) * 0.4, basin_w), around(-0.04 * d, 0.62 * d)
    depth = 0.6 * (top - plinth) * 0.5
    rim_h = 0.012 * u
    strips = [(x[0], basin[0][0]), (basin[0][1], x[1])]
    parts = [box("worktop", "top", s, y, (top - slab, top), 0.2 * slab, grain=0) for s in strips]
    parts += [
        box("worktop", "top", basin[0], s, (top - slab, top), 0.02 * slab, grain=0)
        for s in ((y[0], basin[1][0]), (basin[1][1], y[1]))
    ]
    rim_x, rim_y = inset(basin[0], -0.02 * d), inset(basin[1], -0.02 * d)
    parts.append(frame("rim", "steel", rim_x, rim_y, (top - rim_h, top + 0.5 * rim_h), 0.05 * d, 0.3 * rim_h, axis="z"))
    parts += _basin(inset(basin[0], 0.02 * d), inset(basin[1], 0.02 * d), (top - depth, top), 0.01 * u)
    body = [
        box("side", "body", s, body_y, (plinth, top - slab), 0.1 * board, grain=2)
        for s in ((x[0], x[0] + board), (x[1] - board, x[1]))
    ]
    parts += [
        *body,
        box("floor", "body", inset(x, 0.9 * board), body_y, (plinth, plinth + board), 0.1 * board),
        box(
            "back",
            "body",
            inset(x, 0.9 * board),
            (body_y[1] - board, body_y[1] - 0.1 * board),
            (plinth, top - slab),
            0.1 * board,
        ),
    ]
    parts.append(
        box(
            "plinth",
            "body",
            inset(x, 0.02 * w),
            inset(body_y, 0.06 * d, 0.02 * d),
            (0, plinth + 0.1 * board),
            0.1 * board,
        )
    )
    for k, span in enumerate(split(inset(x, gap), max(style["doors"], round(w / (1.4 * h))), gap)):
        parts += door(
            "body",
            "handles",
            span,
            body_y[0],
            (plinth + gap, top - slab - gap),
            board,
            style["handle"],
            "left" if k % 2 == 0 else "right",
            0.02 * u,
            style["front"] == "panel",
        )
    return parts + _tap(style, middle(basin[0]), basin[1], top, tap, u)


def _basin(x: Span, y: Span, z: Span, wall: float) -> list[Part]:
    """Four walls, a floor and a drain."""
    parts = [box("wall", "steel", x, s, z, 0.1 * wall) for s in ((y[0] - wall, y[0]), (y[1], y[1] + wall))]
    parts += [
        box("wall", "steel", s, inset(y, -wall), z, 0.1 * wall) for s in ((x[0] - wall, x[0]), (x[1], x[1] + wall))
    ]
    parts.append(box("floor", "steel", inset(x, -0.5 * wall), inset(y, -0.5 * wall), (z[0] - wall, z[0]), 0.1 * wall))
    return [
        *parts,
        cylinder(
            "drain",
            "handles",
            (middle(x), middle(y), z[0] - 0.2 * wall),
            (middle(x), middle(y), z[0] + 0.3 * wall),
            0.1 * length(y),
            bevel=0.1 * wall,
        ),
    ]


def _tap(style: Style, x: float, y: Span, top: float, tall: float, u: float) -> list[Part]:
    bar = style["tap"] * 0.024 * u
    base = (x, y[1] + 0.07 * length(y), top)
    reach = style["reach"] * 0.45 * length(y)
    low = 0.45 if style["spout"] == "arch" else 0.85
    path = [(0, 0, -0.02 * tall), (0, 0, tall - bar / 2), (0, -reach, tall - bar / 2), (0, -reach, low * tall)]
    if style["spout"] == "arch":
        t = np.linspace(0, np.pi, 15)
        path = [
            (0, 0, -0.02 * tall),
            *[(0, -reach / 2 + reach / 2 * np.cos(a), 0.5 * tall + (0.5 * tall - bar / 2) * np.sin(a)) for a in t],
            (0, -reach, low * tall),
        ]
    spout = tube(
        "spout",
        "steel",
        np.array(path if style["spout"] == "arch" else fillet(path, 0.1 * tall, 5)) + base,
        bar / 2,
        14,
    )
    foot = cylinder(
        "tap foot",
        "steel",
        (base[0], base[1], top - 0.01 * tall),
        (base[0], base[1], top + 0.16 * tall),
        0.9 * bar,
        0.75 * bar,
    )
    lever = cylinder(
        "lever",
        "steel",
        (base[0] + 0.5 * bar, base[1], top + 0.12 * tall),
        (base[0] + 3.4 * bar, base[1], top + 0.22 * tall),
        0.28 * bar,
        bevel=0.1 * bar,
        sides=12,
    )
    return [spout, foot, lever]


KINDS = (
    Kind(
        "sink",
        "kitchen",
        ("kitchen sink", "kitchen unit", "kitchen cabinet", "kitchen counter", "kitchen island"),
        (1.2, 0.62, 1.2),
        {"body": "white painted wood", "top": "grey stone", "steel": "brushed steel", "handles": "brushed steel"},
        {
            "tap_height": Range(0.2, 0.28),
            "slab": Range(0.7, 1.2),
            "plinth": Range(0.07, 0.11),
            "basin": Range(0.45, 0.65),
            "shift": Range(-1.0, 1.0),
            "tap": Range(0.8, 1.3),
            "reach": Range(0.8, 1.2),
            "doors": Choice((2, 3)),
            "handle": Choice(("knob", "bar", "block")),
            "spout": Choice(("arch", "square")),
            "front": Choice(("flat", "panel")),
        },
        _sink_unit,
    ),
)
