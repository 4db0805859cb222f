"""Beds: frame, headboard, mattress, duvet and pillows. The head is at +Y, the foot looks to the front."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import four_legs, leg, rod, unit
from ..outlines import Span, around, fillet, inset, length, middle, resample, split
from ..solids import box, cushion, merge, move, pillow, plate, prism, sheet, turn

BED_KNOBS = {
    "head_width": Range(0.97, 1.0),
    "frame_height": Range(0.2, 0.28),
    "mattress": Range(0.2, 0.27),
    "rail": Range(0.1, 0.16),
    "leg_width": Range(0.05, 0.08),
    "taper": Range(0.6, 1.0),
    "duvet": Range(0.6, 0.8),
    "wrinkles": Range(0.3, 1.0),
    "head": Choice(("panel", "upholstered", "slats", "arch", "channels")),
    "foot": Choice(("none", "low")),
    "pillows": Choice((1, 2)),
    "throw": Choice(("throw", "none")),
}
BED_SLOTS = {
    "frame": "oak wood",
    "duvet": "white linen fabric",
    "mattress": "white cotton fabric",
    "pillows": "white cotton fabric",
    "throw": "blue wool fabric",
    "headboard": "grey fabric",
}


def _bed(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board = min(0.03 * u, 0.06 * d, 0.06 * w)
    rail_low = (style["frame_height"] - style["rail"]) * h
    rail_z = (max(rail_low, 0.02 * h), style["frame_height"] * h)
    lie = rail_z[1] + style["mattress"] * h
    inside = inset(y, board * (1.2 if style["foot"] == "low" else 1.0), 2.2 * board)
    parts = [
        *_rails(x, inset(y, 0.3 * board, 1.5 * board), rail_z, board),
        four_legs(
            "frame",
            inset(x, 0.4 * board),
            inset(y, 0.4 * board, 1.6 * board),
            (0, rail_z[0] + 0.3 * length(rail_z)),
            style["leg_width"] * 0.7 * u,
            style["taper"],
            0.0,
            "square",
        ),
        cushion(
            "mattress",
            "mattress",
            inset(x, 1.1 * board),
            inside,
            (rail_z[1] - 0.4 * length(rail_z), lie),
            0.5,
            (0.0, 0.0, 0.05),
        ),
        *_headboard(style, around(0, style["head_width"] * w), (y[1] - 2 * board, y[1]), (0.4 * rail_z[0], h), board),
    ]
    if style["foot"] == "low":
        parts.append(
            plate(
                "footboard",
                "frame",
                x,
                (y[0], y[0] + board),
                (0.4 * rail_z[0], rail_z[1] + 0.5 * style["mattress"] * h),
                axis="y",
                corner=0.5 * board,
                bevel=0.2 * board,
                grain=0,
            )
        )
    return parts + _bedding(style, inset(x, 1.1 * board), inside, lie, rail_z[1], size)


def _rails(x: Span, y: Span, z: Span, board: float) -> list[Part]:
    sides = [box("rail", "frame", s, y, z, 0.15 * board, grain=1) for s in ((x[0], x[0] + board), (x[1] - board, x[1]))]
    foot = box("foot rail", "frame", inset(x, 0.95 * board), (y[0], y[0] + board), z, 0.15 * board, grain=0)
    slats = [
        box("slat", "frame", inset(x, 0.9 * board), s, (middle(z), middle(z) + 0.5 * board), 0.1 * board)
        for s in split(inset(y, 0.05 * length(y)), 8, 0.06 * length(y))
    ]
    return [*sides, foot, merge("slats", slats)]


def _headboard(style: Style, x: Span, y: Span, z: Span, board: float) -> list[Part]:
    if style["head"] == "panel":
        return [
            plate(
                "headboard",
                "frame",
                x,
                inset(y, 0, 0.6 * board),
                z,
                axis="y",
                corner=1.2 * board,
                bevel=0.25 * board,
                grain=0,
            )
        ]
    if style["head"] == "arch":
        t = np.linspace(0, np.pi, 25)
        rise = 0.35 * length(z)
        crest = np.stack([-np.cos(t) * length(x) / 2, z[1] - rise + rise * np.sin(t)], axis=1)
        outline = np.concatenate([[(x[1], z[0])], crest[::-1], [(x[0], z[0])]])
        return [prism("headboard", "frame", outline, "y", inset(y, 0.2 * board), 0.3 * board, 3, grain=0)]
    if style["head"] == "slats":
        posts = [
            box("post", "frame", around(px, 1.6 * board), inset(y, 0.2 * board), z, 0.25 * board, grain=2)
            for px in inset(x, 0.8 * board)
        ]
        rails = [
            box("rail", "frame", inset(x, 1.4 * board), inset(y, 0.5 * board), s, 0.2 * board, grain=0)
            for s in (
                (z[1] - 0.14 * length(z), z[1] - 0.02 * length(z)),
                around(z[0] + 0.45 * length(z), 0.06 * length(z)),
            )
        ]
        bars = [
            box(
                "slat",
                "frame",
                s,
                inset(y, 0.8 * board),
                (z[0] + 0.45 * length(z), z[1] - 0.1 * length(z)),
                0.1 * board,
                grain=2,
            )
            for s in split(inset(x, 2.4 * board), 11, 0.05 * length(x))
        ]
        return [*posts, *rails, merge("slats", bars)]
    back = box(
        "headboard", "frame", inset(x, 0.2 * board), (y[1] - 0.6 * board, y[1]), (z[0], z[1] - 0.3 * board), 0.2 * board
    )
    count = 1 if style["head"] == "upholstered" else 6
    pads = [
        cushion(
            "pad",
            "headboard",
            s,
            (y[0] - 0.6 * board, y[1] - 0.4 * board),
            (z[0] + 0.3 * length(z), z[1]),
            0.7,
            (0.01, 0.2, 0.01),
        )
        for s in split(x, count, 0.0)
    ]
    return [back, *pads]


def _bedding(style: Style, x: Span, y: Span, lie: float, low: float, size: Size) -> list[Part]:
    rng = style.random("bedding")
    thick = 0.03 * unit(size)
    end = y[0] + style["duvet"] * length(y)
    over = inset(x, -0.5 * thick)
    hem = low + 0.1 * (lie - low)
    duvet = cushion("duvet", "duvet", over, (y[0] - 0.5 * thick, end), (hem, lie + thick), 0.6, (0, 0, 0.06), 3, 20)
    fold = (end - 0.13 * length(y), end + 0.01 * length(y))
    turned = cushion("fold", "duvet", inset(over, -0.2 * thick), fold, (lie, lie + 2.0 * thick), 0.95, (0, 0, 0.1))
    parts = [_wrinkled(duvet, rng, 0.3 * style["wrinkles"] * thick), turned]
    if style["throw"] == "throw":
        band = (y[0] + 0.08 * length(y), y[0] + 0.33 * length(y))
        parts.append(_throw(inset(over, -0.5 * thick), band, lie + 1.6 * thick, 0.8 * (lie - hem), 0.4 * thick))
    return parts + _pillows(style, x, y, end, lie, size[2])


def _wrinkled(cover: Part, rng: np.random.Generator, depth: float) -> Part:
    """Waves along the cover, as cloth lies that was slept under."""
    points = cover.vertices.copy()
    across, along = np.ptp(points[:, 0]), np.ptp(points[:, 1])
    for _ in range(7):
        fx, fy = rng.uniform(-4, 4) / across, rng.uniform(-6, 6) / along
        wave = np.sin(2 * np.pi * (fx * points[:, 0] + fy * points[:, 1]) + rng.uniform(0, 6.3))
        points[:, 2] += 0.4 * depth * wave
    return replace(cover, vertices=points)


def _throw(x: Span, y: Span, top: float, drop: float, thickness: float) -> Part:
    """A folded blanket across the bed that hangs down at both sides."""
    line = fillet([(x[0], top - drop), (x[0], top), (x[1], top), (x[1], top - drop)], 4 * thickness, 5)
    across = resample(line, 41)
    along = np.linspace(y[0], y[1], 9)
    points = np.zeros((41, 9, 3))
    points[..., 0], points[..., 1], points[..., 2] = across[:, None, 0], along[None, :], across[:, None, 1]
    return sheet("throw", "throw", points, thickness)


def _pillows(style: Style, x: Span, y: Span, near: float, lie: float, height: float) -> list[Part]:
    """One pillow, or two side by side on a wide bed, and perhaps smaller ones leaning on them."""
    count = 2 if length(x) > 0.62 * length(y) else 1
    room = y[1] - near
    parts = []
    for row in range(style["pillows"]):
        shrink = 1.0 - 0.3 * row
        for span in split(inset(x, 0.05 * length(x)), count, 0.03 * length(x)):
            wide = shrink * min(length(span), 2.6 * room)
            deep = shrink * min(0.9 * room, 0.62 * wide / shrink)
            thick = min(0.34 * deep, 0.2 * height)
            flat = pillow(
                "pillow", "throw" if row else "pillows", around(middle(span), wide), around(0, deep), around(0, thick)
            )
            lean = turn(flat, "x", 20.0 + 25.0 * row)
            parts.append(
                move(lean, 0.0, y[1] - 0.55 * deep - 0.3 * room * row, lie - lean.vertices[:, 2].min() - 0.1 * thick)
            )
    return parts


def _bunk_bed(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    post = style["post"] * u * 0.045
    posts = [
        box("post", "frame", around(px, post), around(py, post), (0, h), 0.15 * post, grain=2)
        for px in inset(x, post / 2)
        for py in inset(y, post / 2)
    ]
    parts: list[Part] = [*posts]
    inner_x, inner_y = inset(x, post), inset(y, post)
    for level in (style["low"] * h, style["high"] * h):
        rail = (level - 0.05 * h, level + 0.03 * h)
        parts += [
            box("rail", "frame", around(px, 0.5 * post), inset(y, 0.8 * post), rail, 0.1 * post, grain=1)
            for px in inset(x, post / 2)
        ]
        parts += [
            box("end", "frame", inset(x, 0.8 * post), around(py, 0.5 * post), rail, 0.1 * post, grain=0)
            for py in inset(y, post / 2)
        ]
        top = level + style["mattress"] * 0.5 * h
        parts.append(
            cushion(
                "mattress", "mattress", inset(inner_x, -0.1 * post), inner_y, (level - 0.02 * h, top), 0.5, (0, 0, 0.05)
            )
        )
        parts.append(
            cushion(
                "cover",
                "duvet",
                inset(inner_x, -0.2 * post),
                (inner_y[0], inner_y[0] + style["duvet"] * length(inner_y)),
                (top - 0.4 * (top - level), top + 0.02 * h),
                0.8,
                (0, 0, 0.1),
            )
        )
        flat = pillow("pillow", "pillows", inset(inner_x, 0.12 * w), around(0, 0.16 * d), around(0, 0.06 * h))
        parts.append(move(flat, 0, inner_y[1] - 0.1 * d, top + 0.03 * h))
    parts += _guards(style, x, y, h, post)
    return parts + _ladder(style, x, y, h, post)


def _guards(style: Style, x: Span, y: Span, h: float, post: float) -> list[Part]:
    parts = []
    rows = [h - 0.03 * h] if style["guard"] == "single" else [h - 0.03 * h, h - 0.1 * h]
    for z in rows:
        parts += [
            box(
                "guard",
                "frame",
                around(px, 0.45 * post),
                inset(y, 0.8 * post),
                around(z, 0.03 * h),
                0.1 * post,
                grain=1,
            )
            for px in inset(x, post / 2)
        ]
        parts += [
            box(
                "guard",
                "frame",
                inset(x, 0.8 * post),
                around(py, 0.45 * post),
                around(z, 0.03 * h),
                0.1 * post,
                grain=0,
            )
            for py in inset(y, post / 2)
        ]
    return parts


def _ladder(style: Style, x: Span, y: Span, h: float, post: float) -> list[Part]:
    wide = style["ladder"] * length(x)
    at = x[0] + post + wide / 2 if style["ladder_side"] == "left" else x[1] - post - wide / 2
    front = y[0] + 0.2 * post
    top = style["high"] * h + 0.06 * h
    stiles = [
        box(
            "stile",
            "frame",
            around(at + s * wide / 2, 0.5 * post),
            around(front, 0.7 * post),
            (0, top),
            0.1 * post,
            grain=2,
        )
        for s in (-1, 1)
    ]
    rungs = [
        rod("rung", "frame", (at - wide / 2, front, z), (at + wide / 2, front, z), 0.45 * post)
        for z in np.linspace(0.14, 0.86, style["rungs"]) * top
    ]
    return [*stiles, merge("rungs", rungs)]


def _crib(style: Style, size: Size) -> list[Part]:
    """A cot with bars all round."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    post = style["post"] * 0.06 * u
    floor = style["floor"] * h
    shape = style["posts"]
    posts = [
        leg("post", "frame", (px, py, 0), (px, py, h), post, 1.0, shape)
        for px in inset(x, post / 2)
        for py in inset(y, post / 2)
    ]
    parts: list[Part] = [*posts]
    bar, step = 0.32 * post * style["bar"], 1.9 * post * style["spacing"]
    for low, z in ((0.75 * floor, 0.6 * post), (h - 0.05 * h - post, post)):
        band = (low, low + z)
        parts += [
            box("rail", "frame", around(px, 0.7 * post), inset(y, 0.7 * post), band, 0.15 * post, grain=1)
            for px in inset(x, post / 2)
        ]
        parts += [
            box("rail", "frame", inset(x, 0.7 * post), around(py, 0.7 * post), band, 0.15 * post, grain=0)
            for py in inset(y, post / 2)
        ]
    bars = []
    tall = (0.8 * floor, h - 0.06 * h)
    for py in inset(y, post / 2):
        bars += [
            rod("bar", "frame", (middle(s), py, tall[0]), (middle(s), py, tall[1]), bar, 8)
            for s in split(inset(x, post), max(3, round(length(x) / step)))
        ]
    for px in inset(x, post / 2):
        bars += [
            rod("bar", "frame", (px, middle(s), tall[0]), (px, middle(s), tall[1]), bar, 8)
            for s in split(inset(y, post), max(3, round(length(y) / step)))
        ]
    parts.append(merge("bars", bars[:60]))
    bed = (0.8 * floor, floor + style["mattress"] * 0.35 * h)
    parts.append(cushion("mattress", "mattress", inset(x, post), inset(y, post), bed, 0.4, (0, 0, 0.05)))
    flat = pillow("pillow", "pillows", around(0, 0.55 * w), around(0, 0.2 * d), around(0, 0.06 * h))
    parts.append(move(flat, 0, y[1] - post - 0.14 * d, bed[1] + 0.03 * h))
    if style["blanket"] == "blanket":
        parts.append(
            cushion(
                "blanket",
                "duvet",
                inset(x, 0.9 * post),
                (y[0] + post, y[0] + style["duvet"] * d),
                (bed[1] - 0.02 * h, bed[1] + 0.03 * h),
                0.9,
                (0, 0, 0.1),
            )
        )
    return parts


KINDS = (
    Kind(
        "bed",
        "beds",
        ("double bed", "king size bed", "queen bed", "bedstead"),
        (1.65, 2.1, 1.05),
        BED_SLOTS,
        BED_KNOBS,
        _bed,
    ),
    Kind(
        "single bed",
        "beds",
        ("twin bed", "daybed", "guest bed", "child bed", "kids bed"),
        (0.98, 2.06, 0.95),
        BED_SLOTS,
        BED_KNOBS | {"pillows": Choice((1, 2)), "duvet": Range(0.55, 0.75)},
        _bed,
    ),
    Kind(
        "bunk bed",
        "beds",
        ("loft bed", "double decker bed"),
        (1.0, 2.05, 1.7),
        BED_SLOTS,
        {
            "post": Range(0.8, 1.2),
            "low": Range(0.16, 0.22),
            "high": Range(0.66, 0.72),
            "mattress": Range(0.12, 0.17),
            "duvet": Range(0.6, 0.75),
            "ladder": Range(0.28, 0.4),
            "guard": Choice(("single", "double")),
            "ladder_side": Choice(("left", "right")),
            "rungs": Choice((4, 5, 6)),
        },
        _bunk_bed,
    ),
    Kind(
        "crib",
        "beds",
        ("cot", "baby bed", "cradle"),
        (0.7, 1.3, 0.95),
        BED_SLOTS,
        {
            "post": Range(0.8, 1.3),
            "floor": Range(0.28, 0.4),
            "bar": Range(0.8, 1.2),
            "spacing": Range(0.8, 1.2),
            "mattress": Range(0.25, 0.4),
            "duvet": Range(0.4, 0.6),
            "posts": Choice(("square", "round")),
            "blanket": Choice(("blanket", "none")),
        },
        _crib,
    ),
)
