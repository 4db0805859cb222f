"""Bathroom: tub, toilet, washbasin, shower."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import door, unit
from ..outlines import (
    Span,
    around,
    curve,
    ellipse,
    fillet,
    inset,
    middle,
    rounded_rectangle,
    split,
)
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    lathe,
    merge,
    move,
    plate,
    prism,
    skin,
    sweep,
    tube,
    turn,
)


def _tub_skin(
    name: str, slot: str, outline: np.ndarray, levels: list[tuple[float, float]], wall: float, floor: float
) -> Part:
    """A vessel with a wall: the outline scaled to a share at each height outside, and back down inside."""
    outer = [np.column_stack([outline * share, np.full(len(outline), z)]) for share, z in levels]
    reach = np.abs(outline).max()
    rim = 1 - wall / reach
    inner = [
        np.column_stack([outline * share * rim, np.full(len(outline), max(z, floor))])
        for share, z in levels[::-1]
        if z > floor
    ]
    low_share = levels[0][0] * rim * 0.9
    inner.append(np.column_stack([outline * low_share, np.full(len(outline), floor)]))
    return skin(name, slot, np.array(outer + inner), False, 60.0, 0)


def _bathtub(style: Style, size: Size) -> list[Part]:
    """The long side to the front."""
    w, d, h = size
    tap = style["tap"] * h if style["taps"] == "stand" else 0.0
    body_h = h - tap
    wall = style["wall"] * 0.06 * min(w, d)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    feet = style["feet"] * body_h if style["form"] == "claw" else 0.0
    corner = 0.49 * min(w, d) if style["form"] != "built-in" else style["corner"] * 0.3 * min(w, d)
    outline = rounded_rectangle(x, y, corner, 10)
    z = np.array([0.0, 0.04, 0.3, 0.7, 0.96, 1.0]) * (body_h - feet) + feet
    narrow = style["narrow"]
    share = (
        [narrow, narrow + 0.02, 0.5 + 0.5 * narrow, 0.97, 1.0, 1.0]
        if style["form"] != "built-in"
        else [0.985, 1.0, 1.0, 1.0, 1.0, 0.998]
    )
    if style["form"] == "claw":
        share = [0.6 * narrow, 0.78 * narrow, 0.86, 0.9, 0.95, 1.0]
    parts = [_tub_skin("tub", "body", outline, list(zip(share, z, strict=True)), wall, feet + 0.16 * (body_h - feet))]
    if style["form"] == "claw":
        claws = [
            ellipsoid("claw", "metal", (sx * 0.3 * w, sy * 0.26 * d, 0.6 * feet), (0.03 * w, 0.05 * d, 0.62 * feet), 6)
            for sx in (-1, 1)
            for sy in (-1, 1)
        ]
        parts.append(merge("claws", claws))
    floor = feet + 0.16 * (body_h - feet)
    parts.append(
        cylinder(
            "drain",
            "metal",
            (0.25 * w, 0, floor - 0.004 * h),
            (0.25 * w, 0, floor + 0.008 * h),
            0.05 * d,
            bevel=0.002 * h,
        )
    )
    if style["filled"] == "water":
        water = outline * 0.86 * (1 - wall / np.abs(outline).max())
        parts.append(prism("water", "water", water, "z", (floor + 0.3 * body_h, floor + 0.42 * body_h), 0.01 * h))
    return parts + _bath_tap(style, size, body_h, tap)


def _bath_tap(style: Style, size: Size, body_h: float, tap: float) -> list[Part]:
    w, d, h = size
    bar = style["bar"] * 0.035 * min(d, h)
    if tap:
        at = (0.47 * w, 0, body_h)
        path = fillet(
            [
                (at[0], 0, body_h - 0.04 * h),
                (at[0], 0, h - bar / 2),
                (at[0] - 0.14 * w, 0, h - bar / 2),
                (at[0] - 0.14 * w, 0, body_h + 0.55 * tap),
            ],
            0.3 * tap,
            5,
        )
        handles = [
            cylinder(
                "handle",
                "metal",
                (at[0], s * 0.12 * d, body_h - 0.02 * h),
                (at[0], s * 0.12 * d, body_h + 0.4 * tap),
                0.7 * bar,
                bevel=0.1 * bar,
                sides=16,
            )
            for s in (-1, 1)
        ]
        return [tube("spout", "metal", path, bar / 2, 12), *handles]
    z = 0.72 * body_h
    return [
        cylinder("spout", "metal", (0.46 * w, 0, z), (0.4 * w, 0, z - 0.02 * h), 0.6 * bar, bevel=0.1 * bar, sides=16),
        cylinder("overflow", "metal", (0.455 * w, 0.16 * d, z), (0.44 * w, 0.16 * d, z), bar, bevel=0.1 * bar),
    ]


def _seat_outline(w: float, d: float, square: float) -> np.ndarray:
    """Outline of a toilet seat: round to the front, straight at the back (y from -d/2 to d/2)."""
    t = np.linspace(np.pi, 2 * np.pi, 25)
    bow = np.stack([w / 2 * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** square, 0.62 * d * np.sin(t) + 0.12 * d], axis=1)
    return fillet(np.concatenate([bow, [(0.44 * w, 0.5 * d), (-0.44 * w, 0.5 * d)]]), 0.05 * w, 3, closed=True)


def _toilet(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    tank_d = style["tank"] * d
    seat_z = style["seat"] * h
    bowl_d = d - tank_d
    bowl_y = -d / 2 + bowl_d / 2
    bowl_w = style["bowl"] * w
    outline = _seat_outline(bowl_w, bowl_d, style["square"])
    rows = [(0.62, 0.0), (0.6, 0.06), (0.56, 0.3), (0.66, 0.55), (0.92, 0.85), (1.0, 0.97), (0.98, 1.0)]
    if style["foot"] == "skirt":
        rows = [(0.86, 0.0), (0.86, 0.1), (0.88, 0.4), (0.92, 0.7), (0.98, 0.9), (1.0, 0.97), (0.98, 1.0)]
    anchor = np.array([0.0, 0.5 * bowl_d])
    rings = [
        np.column_stack([(outline - anchor) * s + anchor, np.full(len(outline), z * 0.94 * seat_z)]) for s, z in rows
    ]
    deep = [(0.74, 0.94), (0.5, 0.7), (0.25, 0.55)]
    centre = np.array([0.0, -0.05 * bowl_d])
    rings += [
        np.column_stack([(outline - centre) * s + centre, np.full(len(outline), z * 0.94 * seat_z + 0.002 * h)])
        for s, z in ((0.8, 1.0), *deep)
    ]
    parts = [move(skin("bowl", "body", np.array(rings), False, 70.0, 0), 0, bowl_y)]
    parts += _toilet_seat(style, h, outline, seat_z, bowl_y, bowl_d, bowl_w)
    tank = (d / 2 - tank_d, d / 2)
    edge = style["edge"] * 0.04 * w
    parts += _tank(style, size, edge, tank, seat_z, bowl_w)
    return parts


def _toilet_seat(
    style: Style, h: float, outline: np.ndarray, seat_z: float, bowl_y: float, bowl_d: float, bowl_w: float
) -> list[Part]:
    """Seat and lid, down or up."""
    parts: list[Part] = []
    lid_t = style["lid"] * 0.03 * h
    ring = prism(
        "seat", "seat", outline * 1.01, "z", (0.945 * seat_z, 0.945 * seat_z + lid_t), 0.4 * lid_t, 3, smooth=70
    )
    if style["lids"] == "closed":
        parts.append(move(ring, 0, bowl_y))
        parts.append(
            move(
                prism(
                    "lid",
                    "seat",
                    outline,
                    "z",
                    (0.945 * seat_z + lid_t, 0.945 * seat_z + 2 * lid_t),
                    0.45 * lid_t,
                    3,
                    smooth=70,
                ),
                0,
                bowl_y,
            )
        )
    else:
        path = np.column_stack([outline * 0.88, np.full(len(outline), 0.945 * seat_z + lid_t / 2)])
        section = rounded_rectangle(around(0, 0.12 * bowl_w), around(0, lid_t), 0.4 * lid_t, 3)
        parts.append(move(sweep("seat", "seat", path, section, closed=True, smooth=70), 0, bowl_y))
        lid = prism("lid", "seat", outline, "z", (0, lid_t), 0.4 * lid_t, 3, smooth=70)
        hinge = (0, bowl_d / 2, 0)
        parts.append(move(turn(move(lid, 0, 0, 0), "x", -96, hinge), 0, bowl_y, 0.945 * seat_z + lid_t))
    return parts


def _tank(style: Style, size: Size, edge: float, tank: Span, seat_z: float, bowl_w: float) -> list[Part]:
    """Tank, lid, link to the bowl, flush."""
    w, d, h = size
    parts: list[Part] = []
    parts += [
        box(
            "tank",
            "body",
            inset((-w / 2, w / 2), 0.02 * w),
            inset(tank, 0.03 * d, 0),
            (0.9 * seat_z, 0.96 * h),
            edge,
            2,
        ),
        box("tank lid", "body", (-w / 2, w / 2), tank, (0.95 * h, h), 0.5 * edge + 0.005 * h, 2),
        box(
            "link",
            "body",
            around(0, 0.6 * bowl_w),
            (tank[0] - 0.08 * d, tank[0] + 0.1 * d),
            (0, 0.96 * seat_z),
            edge,
            2,
        ),
    ]
    if style["flush"] == "button":
        parts.append(
            cylinder(
                "flush", "metal", (0, middle(tank), 0.99 * h), (0, middle(tank), 1.008 * h), 0.08 * w, bevel=0.003 * h
            )
        )
    else:
        parts.append(
            box(
                "flush",
                "metal",
                (-0.42 * w, -0.2 * w),
                (tank[0] - 0.01 * d, tank[0] + 0.05 * d),
                (0.84 * h, 0.87 * h),
                0.01 * h,
                2,
            )
        )
    return parts


def _washbasin(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    tap = style["tap"] * h
    top = h - tap
    deep = style["deep"] * h
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    if style["form"] == "round":
        outline = ellipse(w / 2, d / 2, 48)
    else:
        outline = rounded_rectangle(x, y, style["corner"] * 0.4 * min(w, d), 8)
    wall = style["wall"] * 0.06 * min(w, d)
    rows = [
        (0.55, top - deep),
        (0.72, top - 0.85 * deep),
        (0.93, top - 0.4 * deep),
        (1.0, top - 0.12 * deep),
        (1.0, top),
    ]
    parts = [_tub_skin("basin", "body", outline, rows, wall, top - 0.72 * deep)]
    parts.append(
        cylinder(
            "drain", "metal", (0, 0, top - 0.725 * deep), (0, 0, top - 0.7 * deep), 0.07 * min(w, d), bevel=0.002 * u
        )
    )
    parts += _basin_tap(style, size, tap, top, deep)
    low = top - 0.9 * deep
    if style["stand"] == "pedestal":
        column = curve(
            np.array([(0.2, 0), (0.17, 0.1), (0.13, 0.5), (0.16, 0.85), (0.26, 1)]) * (min(w, d), low + 0.1 * deep), 14
        )
        parts.append(lathe("pedestal", "body", [(0, 0), *column, (0, low + 0.1 * deep)], sides=36))
    else:
        parts += _vanity(style, size, low, x, y, deep)
    return parts


def _basin_tap(style: Style, size: Size, tap: float, top: float, deep: float) -> list[Part]:
    """Tap and lever at the back of the basin."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    bar = style["bar"] * 0.03 * u
    ty = 0.44 * d - bar
    path = fillet(
        [
            (0, ty, top - 0.3 * deep),
            (0, ty, h - bar / 2),
            (0, ty - 0.3 * d, h - bar / 2),
            (0, ty - 0.3 * d, h - 0.35 * tap),
        ],
        0.3 * tap,
        5,
    )
    parts += [
        tube("tap", "metal", path, bar / 2, 12),
        cylinder(
            "lever", "metal", (0, ty, h - 0.4 * tap), (0.1 * w, ty, h - 0.2 * tap), 0.3 * bar, bevel=0.1 * bar, sides=12
        ),
    ]
    return parts


def _vanity(style: Style, size: Size, low: float, x: Span, y: Span, deep: float) -> list[Part]:
    """A cabinet with two doors on feet."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    board = 0.02 * u
    cab_x, cab_y = inset(x, 0.12 * w), inset(y, 0.12 * d, 0.02 * d)
    feet = style["foot"] * low
    parts.append(box("cabinet", "cabinet", cab_x, cab_y, (feet, low + 0.3 * deep), 0.2 * board, grain=2))
    parts += [
        box("foot", "cabinet", around(px, 2 * board), around(py, 2 * board), (0, feet + 0.2 * board), 0.2 * board)
        for px in inset(cab_x, 1.5 * board)
        for py in inset(cab_y, 1.5 * board)
    ]
    for k, span in enumerate(split(inset(cab_x, 0.3 * board), 2, 0.2 * board)):
        parts += door(
            "cabinet",
            "metal",
            span,
            cab_y[0],
            (feet + 0.3 * board, low - 0.02 * h),
            board,
            "knob",
            "left" if k == 0 else "right",
            0.016 * u,
            False,
        )
    return parts


def _shower(style: Style, size: Size) -> list[Part]:
    """Tray, two glass walls, riser and head."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    tray = style["tray"] * 0.05 * h
    post = style["post"] * 0.03 * u
    glass = 0.008 * u
    top = h * style["glass"]
    parts = [
        plate("tray", "body", x, y, (0, tray), corner=0.03 * min(w, d), bevel=0.2 * tray),
        cylinder("drain", "metal", (0, 0, 0.9 * tray), (0, 0, 1.05 * tray), 0.08 * min(w, d), bevel=0.01 * tray),
    ]
    side = -1 if style["open"] == "right" else 1
    wall_x = around(side * (w / 2 - post), glass)
    parts.append(box("side glass", "glass", wall_x, inset(y, post), (0.9 * tray, top), 0.2 * glass))
    half = (
        (x[0] + post, x[0] + post + style["door"] * w) if side < 0 else (x[1] - post - style["door"] * w, x[1] - post)
    )
    parts.append(box("front glass", "glass", half, around(y[0] + post, glass), (0.9 * tray, top), 0.2 * glass))
    for px in x:
        for py in y:
            sx, sy = np.sign(px), np.sign(py)
            if sx == -side and sy < 0:
                continue
            parts.append(
                box(
                    "post",
                    "metal",
                    around(px - sx * post, post),
                    around(py - sy * post, post),
                    (0.9 * tray, top),
                    0.15 * post,
                )
            )
    parts.append(box("rail", "metal", inset(x, 0.5 * post), around(y[0] + post, post), (top - post, top), 0.15 * post))
    parts.append(
        box(
            "rail",
            "metal",
            around(side * (w / 2 - post), post),
            inset(y, 0.5 * post),
            (top - post, top - 0.01 * post),
            0.15 * post,
        )
    )
    parts += _shower_head(style, size, y, post)
    return parts


def _shower_head(style: Style, size: Size, y: Span, post: float) -> list[Part]:
    """Riser, mixer and head."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    bar, back = 0.02 * u, y[1] - 2 * post
    reach = style["reach"] * d
    path = fillet(
        [(0, back, 0.45 * h), (0, back, h - bar / 2), (0, back - reach, h - bar / 2), (0, back - reach, 0.94 * h)],
        0.1 * d,
        6,
    )
    head = style["head"] * 0.16 * min(w, d)
    parts += [
        tube("riser", "metal", path, bar / 2, 10),
        cylinder("mixer", "metal", (-0.12 * w, back, 0.46 * h), (0.12 * w, back, 0.46 * h), 1.1 * bar, bevel=0.2 * bar),
    ]
    if style["heads"] == "round":
        parts.append(
            lathe(
                "head",
                "metal",
                fillet(
                    [(0, 0.92 * h), (head, 0.92 * h), (0.9 * head, 0.935 * h), (0.2 * head, 0.95 * h), (0, 0.95 * h)],
                    0.005 * h,
                    2,
                ),
                at=(0, back - reach, 0),
                sides=36,
            )
        )
    else:
        parts.append(
            box(
                "head",
                "metal",
                around(0, 2 * head),
                around(back - reach, 2 * head),
                (0.925 * h, 0.943 * h),
                0.004 * h,
                2,
            )
        )
    return parts


KINDS = (
    Kind(
        "bathtub",
        "bathroom",
        ("bath", "tub", "bath tub", "hot tub", "jacuzzi"),
        (1.7, 0.8, 0.62),
        {"body": "white porcelain", "metal": "chrome", "water": "clear water"},
        {
            "wall": Range(0.8, 1.4),
            "narrow": Range(0.72, 0.88),
            "feet": Range(0.1, 0.18),
            "corner": Range(0.2, 0.8),
            "tap": Range(0.12, 0.22),
            "bar": Range(0.8, 1.4),
            "form": Choice(("oval", "claw", "built-in")),
            "taps": Choice(("stand", "wall")),
            "filled": Choice(("water", "empty")),
        },
        _bathtub,
    ),
    Kind(
        "toilet",
        "bathroom",
        ("wc", "lavatory", "loo", "water closet"),
        (0.4, 0.68, 0.78),
        {"body": "white porcelain", "seat": "white plastic", "metal": "chrome"},
        {
            "tank": Range(0.24, 0.32),
            "seat": Range(0.5, 0.58),
            "bowl": Range(0.86, 0.98),
            "square": Range(0.6, 1.0),
            "lid": Range(0.8, 1.4),
            "edge": Range(0.5, 1.5),
            "foot": Choice(("pedestal", "skirt")),
            "lids": Choice(("closed", "open")),
            "flush": Choice(("button", "lever")),
        },
        _toilet,
    ),
    Kind(
        "washbasin",
        "bathroom",
        ("basin", "bathroom sink", "wash basin", "hand basin", "vanity"),
        (0.6, 0.48, 1.0),
        {"body": "white porcelain", "metal": "chrome", "cabinet": "oak wood"},
        {
            "tap": Range(0.12, 0.18),
            "deep": Range(0.14, 0.2),
            "corner": Range(0.2, 0.9),
            "wall": Range(0.7, 1.3),
            "bar": Range(0.8, 1.3),
            "foot": Range(0.08, 0.16),
            "form": Choice(("round", "square")),
            "stand": Choice(("pedestal", "cabinet")),
        },
        _washbasin,
    ),
    Kind(
        "shower",
        "bathroom",
        ("shower cabin", "shower stall", "shower cubicle"),
        (0.9, 0.9, 2.1),
        {"body": "white porcelain", "glass": "clear glass", "metal": "chrome"},
        {
            "tray": Range(0.7, 1.3),
            "post": Range(0.8, 1.4),
            "glass": Range(0.88, 0.97),
            "door": Range(0.4, 0.6),
            "reach": Range(0.25, 0.4),
            "head": Range(0.8, 1.3),
            "open": Choice(("left", "right")),
            "heads": Choice(("round", "square")),
        },
        _shower,
    ),
)
