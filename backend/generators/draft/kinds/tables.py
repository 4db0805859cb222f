"""Tables and desks."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import carcass, drawer_front, foot_disc, four_legs, leg, unit
from ..outlines import Span, around, between, ellipse, fillet, inset, length, rounded_rectangle, split
from ..solids import box, cylinder, lathe, merge, move, plate, prism, stretch, sweep, tube

TABLE_KNOBS = {
    "top": Range(0.035, 0.06),
    "overhang": Range(0.0, 0.06),
    "leg_width": Range(0.065, 0.1),
    "taper": Range(0.55, 0.95),
    "splay": Range(0.0, 0.06),
    "apron": Range(0.07, 0.12),
    "corner": Range(0.01, 0.2),
    "edge": Range(0.1, 0.45),
    "form": Choice(("rectangle", "rounded", "oval")),
    "legs": Choice(("round", "square", "turned", "trestle", "pedestal")),
}
TABLE_SLOTS = {"top": "oak wood", "legs": "oak wood"}


def _outline(style: Style, x: Span, y: Span) -> np.ndarray:
    w, d = length(x), length(y)
    if style["form"] == "oval":
        return ellipse(w / 2, d / 2, 56)
    share = 0.03 if style["form"] == "rectangle" else 0.12 + style["corner"]
    return rounded_rectangle(x, y, share * min(w, d), 6)


def _board(name: str, slot: str, outline: np.ndarray, z: Span, edge: float) -> Part:
    grain = int(np.ptp(outline[:, 1]) > np.ptp(outline[:, 0]))
    return prism(name, slot, outline, "z", z, edge * length(z), 3, grain=grain)


def _table(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    thick = min(style["top"] * unit(size), 0.2 * h)
    under = h - thick
    parts = [_board("top", "top", _outline(style, x, y), (under, h), style["edge"])]
    margin = style["overhang"] + (0.12 if style["form"] == "oval" else 0.0)
    return parts + _understructure(style, inset(x, margin * w), inset(y, margin * d), under, unit(size))


def _understructure(style: Style, x: Span, y: Span, under: float, u: float) -> list[Part]:
    width = min(style["leg_width"] * 0.8 * u, 0.2 * length(x), 0.2 * length(y))
    if style["legs"] == "pedestal":
        return _pedestal(style, x, y, under, width)
    if style["legs"] == "trestle":
        return _trestle(x, y, under, width)
    splay = style["splay"] * min(length(x), length(y))
    high = min(style["apron"] * u, 0.3 * under)
    legs = four_legs("legs", x, y, (0, under), width, style["taper"], splay, style["legs"])
    return [
        legs,
        *_aprons(inset(x, width * 0.5 + splay), inset(y, width * 0.5 + splay), (under - high, under), 0.35 * width),
    ]


def _aprons(x: Span, y: Span, z: Span, thickness: float) -> list[Part]:
    z = (z[0], z[1] - 0.001 * length(z))
    sides = [box("apron", "legs", around(at, thickness), y, z, 0.1 * thickness, grain=1) for at in x]
    return sides + [box("apron", "legs", x, around(at, thickness), z, 0.1 * thickness, grain=0) for at in y]


def _pedestal(style: Style, x: Span, y: Span, under: float, width: float) -> list[Part]:
    """One column, or two under a long table, with three or four feet or a disc."""
    across = min(length(x), length(y))
    long = max(length(x), length(y)) > 1.7 * across
    r = 0.36 * across
    profile = np.array(
        [(0, 0.04), (1.1, 0.04), (1.2, 0.1), (0.7, 0.2), (0.55, 0.45), (0.75, 0.8), (1.3, 0.97), (1.3, 1), (0, 1)]
    )
    column = lathe("column", "legs", fillet(profile * (1.15 * width, under), 0.25 * width, 3), sides=28)
    foot = foot_disc("foot", "legs", (0, 0, 0), r, 0.1 * under)
    one = [column, foot]
    if not long:
        return one
    shift = 0.28 * max(length(x), length(y))
    axis = 0 if length(x) > length(y) else 1
    return [move(part, *np.eye(3)[axis] * sign * shift) for sign in (-1, 1) for part in one]


def _trestle(x: Span, y: Span, under: float, width: float) -> list[Part]:
    """Two crossed frames at the ends, tied by a beam."""
    along_x = length(x) >= length(y)
    long, short = (x, y) if along_x else (y, x)
    axis = "x" if along_x else "y"
    frames = []
    reach = 0.92 * length(short) / 2
    for at in inset(long, 0.1 * length(long)):
        span = around(at, 0.9 * width)
        foot = [(-reach, 0), (reach, 0), (0.9 * reach, 1.1 * width), (-0.9 * reach, 1.1 * width)]
        head = [
            (-0.8 * reach, under - 1.1 * width),
            (0.8 * reach, under - 1.1 * width),
            (0.9 * reach, under),
            (-0.9 * reach, under),
        ]
        post = [
            (-1.2 * width, 1.0 * width),
            (1.2 * width, 1.0 * width),
            (0.8 * width, under / 2),
            (1.2 * width, under - width),
            (-1.2 * width, under - width),
            (-0.8 * width, under / 2),
        ]
        frames += [prism("trestle", "legs", outline, axis, span, 0.08 * width) for outline in (foot, head)]
        frames.append(
            prism("post", "legs", fillet(post, width, 3, True), axis, around(at, 0.7 * width), 0.08 * width, grain=2)
        )
    beam = box(
        "beam",
        "legs",
        inset(long, 0.08 * length(long)),
        around(0, 0.5 * width),
        around(0.42 * under, 1.3 * width),
        0.1 * width,
    )
    if not along_x:
        beam = box(
            "beam",
            "legs",
            around(0, 0.5 * width),
            inset(long, 0.08 * length(long)),
            around(0.42 * under, 1.3 * width),
            0.1 * width,
        )
    return [*frames, beam]


def _coffee_table(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    u = unit(size)
    thick = min(style["top"] * u, 0.2 * h)
    under = h - thick
    parts = [_board("top", "top", _outline(style, x, y), (under, h), style["edge"])]
    margin = style["overhang"] + (0.13 if style["form"] == "oval" else 0.01)
    x, y = inset(x, margin * w), inset(y, margin * d)
    width = style["leg_width"] * 0.7 * u
    if style["legs"] == "hairpin":
        parts += _hairpins(x, y, under, 0.25 * width)
    elif style["legs"] == "frame":
        parts += _loop_legs(x, y, under, 0.5 * width)
    elif style["legs"] == "panel":
        ends = ((x[0], x[0] + thick), (x[1] - thick, x[1]))
        deep = y if style["form"] == "rectangle" else inset(y, 0.2 * d)  # within a round top
        parts += [box("panel", "legs", end, deep, (0, under), 0.1 * thick, grain=1) for end in ends]
    else:
        splay = style["splay"] * min(w, d)
        parts.append(four_legs("legs", x, y, (0, under), width, style["taper"], splay, style["legs"]))
    if style["shelf"] == "shelf":
        level = style["shelf_height"] * h
        lower = _outline(style, inset(x, 0.02 * w), inset(y, 0.02 * d)) * (0.92 if style["form"] == "oval" else 1.0)
        parts.append(_board("shelf", "top", lower, (level, level + 0.6 * thick), style["edge"]))
    return parts


def _hairpins(x: Span, y: Span, under: float, thickness: float) -> list[Part]:
    pins = []
    spread = 0.16 * min(length(x), length(y))
    for sx in (0, 1):
        for sy in (0, 1):
            foot = np.array([inset(x, thickness)[sx], inset(y, thickness)[sy], thickness / 2])
            ax, ay = (1 - 2 * sx) * spread, (1 - 2 * sy) * spread
            path = [
                (foot[0] + 1.2 * ax, foot[1] + 0.2 * ay, under),
                foot,
                (foot[0] + 0.2 * ax, foot[1] + 1.2 * ay, under),
            ]
            pins.append(tube("hairpin", "legs", fillet(path, 0.12 * spread, 4), thickness / 2))
            top = (foot[0] + 0.7 * ax, foot[1] + 0.7 * ay)
            pins.append(
                box(
                    "plate",
                    "legs",
                    around(top[0], 1.3 * spread),
                    around(top[1], 1.3 * spread),
                    (under - 0.7 * thickness, under),
                    0.1 * thickness,
                )
            )
    return [merge("hairpins", pins[0::2]), merge("plates", pins[1::2])]


def _loop_legs(x: Span, y: Span, under: float, thickness: float) -> list[Part]:
    section = rounded_rectangle(around(0, thickness), around(0, thickness), 0.12 * thickness, 2)
    loops = []
    for at in inset(x, thickness / 2):
        a, b = inset(y, thickness / 2)
        path = [
            (at, a, thickness / 2),
            (at, b, thickness / 2),
            (at, b, under - thickness / 2),
            (at, a, under - thickness / 2),
        ]
        loops.append(sweep("loop", "legs", path, section, closed=True, up=(1, 0, 0)))
    return [merge("loops", loops)]


def _side_table(style: Style, size: Size) -> list[Part]:
    """A small top on a column or on three legs."""
    w, d, h = size
    wide, u = min(w, d), unit(size)
    thick = min(style["top"] * u, 0.12 * h)
    under = h - thick
    form = (
        ellipse(w / 2, d / 2, 48)
        if style["form"] == "round"
        else rounded_rectangle((-w / 2, w / 2), (-d / 2, d / 2), style["corner"] * wide, 6)
    )
    parts = [_board("top", "top", form, (under, h), style["edge"])]
    if style["rim"] == "rim":
        path = np.concatenate([form * 0.985, np.full((len(form), 1), h)], axis=1)
        parts = [_board("top", "top", form, (under, h - 0.01 * h), style["edge"])]
        parts.append(
            sweep(
                "rim",
                "top",
                path - (0, 0, 0.014 * h),
                rounded_rectangle(around(0, 0.012 * wide), around(0, 0.03 * h), 0.005 * wide, 2),
                closed=True,
            )
        )
    radius = style["leg_width"] * 0.4 * u
    if style["legs"] == "column":
        foot = foot_disc("foot", "legs", (0, 0, 0), style["foot"] * wide / 2, 0.05 * h)
        return [
            *parts,
            stretch(foot, w / wide, d / wide),
            cylinder("column", "legs", (0, 0, 0.03 * h), (0, 0, under), radius),
        ]
    count = 3 if style["legs"] == "three" else 4
    for k in range(count):
        a = 2 * np.pi * (k + 0.5) / count
        at = np.array([np.sin(a) * w / 2, -np.cos(a) * d / 2, 0])
        spread = style["splay"]
        parts.append(
            leg("leg", "legs", at * 0.86, (*(at[:2] * (0.86 - spread)), under), 2 * radius, style["taper"], "round")
        )
    level = style["shelf_height"] * h
    ring = 0.8 - 0.5 * style["splay"]
    return [*parts, _board("shelf", "top", form * ring, (level, level + 0.7 * thick), style["edge"])]


# --- desks and cabinets with a top ------------------------------------------------------------------------------------


def _desk(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    u = unit(size)
    thick = min(style["top"] * 0.8 * u, 0.1 * h)
    under = h - thick
    parts = [
        plate(
            "top",
            "top",
            x,
            y,
            (under, h),
            corner=style["corner"] * 0.2 * min(w, d),
            bevel=style["edge"] * thick,
            grain=0,
        )
    ]
    x, y = inset(x, style["overhang"] * w), inset(y, style["overhang"] * d)
    wide = min(style["chest"] * w, 0.42 * w)
    width = style["leg_width"] * 0.7 * u
    sides = {"left": (True, False), "right": (False, True), "both": (True, True), "none": (False, False)}[
        style["drawers"]
    ]
    chests = [(x[0], x[0] + wide), (x[1] - wide, x[1])]
    for k, chest in enumerate(sides):
        if chest:
            parts += _desk_chest(style, chests[k], y, (0, under), u)
        else:
            parts += _desk_end(style, chests[k][0] if k == 0 else chests[k][1], y, under, width, 1 if k == 0 else -1)
    panel = (y[1] - 0.05 * d, y[1] - 0.05 * d + 0.5 * thick)
    return [
        *parts,
        box(
            "modesty panel",
            "body",
            inset(x, 0.6 * width),
            panel,
            (under - style["panel"] * h, under),
            0.1 * thick,
            grain=0,
        ),
    ]


def _desk_end(style: Style, at: float, y: Span, under: float, width: float, sign: int) -> list[Part]:
    if style["legs"] == "panel":
        return [box("end", "body", between(at, at + sign * 0.5 * width), y, (0, under), 0.05 * width, grain=2)]
    x = at + sign * width / 2
    legs = [
        leg("leg", "legs", (x, p, 0), (x, p, under), width, style["taper"], style["legs"]) for p in inset(y, width / 2)
    ]
    return [
        *legs,
        box("rail", "legs", around(x, 0.4 * width), inset(y, 0.6 * width), (under - 0.8 * width, under), 0.05 * width),
    ]


def _desk_chest(style: Style, x: Span, y: Span, z: Span, u: float) -> list[Part]:
    board = 0.022 * u
    gap = 0.004 * u
    parts = [box("chest", "body", x, inset(y, board, 0), (z[0] + 0.04 * length(z), z[1]), 0.1 * board, grain=2)]
    parts.append(
        box("plinth", "body", inset(x, board), inset(y, 2 * board, board), (z[0], z[0] + 0.05 * length(z)), 0.1 * board)
    )
    for row in split((z[0] + 0.05 * length(z), z[1] - gap), style["rows"], gap):
        parts += drawer_front(
            "body", "handles", inset(x, 0.5 * gap), y[0] + board, row, board, style["handle"], 1, 0.018 * u
        )
    return parts


def _nightstand(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y, u = (-w / 2, w / 2), (-d / 2, d / 2), unit(size)
    board = min(style["board"] * u, 0.07 * d, 0.09 * h)
    gap = 0.2 * board
    feet = style["leg_height"] * h
    over = style["overhang"] * u * 0.5
    body_x, body_y = inset(x, over), inset(y, over + 0.5 * board, over)
    parts = [
        plate("top", "body", x, y, (h - board, h), corner=style["corner"] * 0.3 * min(w, d), bevel=0.3 * board, grain=0)
    ]
    parts += carcass("body", body_x, body_y, (feet, h - 0.95 * board), board)
    parts.append(
        four_legs(
            "legs",
            inset(body_x, 0.1 * board),
            inset(body_y, 0.1 * board),
            (0, feet + 0.1 * board),
            style["leg_width"] * u,
            style["taper"],
            0.0,
            style["legs"],
        )
    )
    inside = inset(body_x, board + 0.3 * gap)
    rows = split((feet + board + gap, h - 2 * board - gap), style["rows"], gap)
    for k, row in enumerate(rows):
        if k == 0 and style["open"] == "open" and len(rows) > 1:
            parts.append(
                box(
                    "shelf",
                    "body",
                    inset(body_x, 0.9 * board),
                    inset(body_y, 0.1 * board),
                    (row[1] - 0.6 * board, row[1] + 0.4 * gap),
                    0.1 * board,
                    grain=0,
                )
            )
            continue
        parts += drawer_front(
            "fronts", "handles", inside, body_y[0] + 0.2 * board, row, 0.7 * board, style["handle"], 1, 0.03 * u
        )
        parts.append(
            box(
                "drawer body",
                "fronts",
                inset(inside, 2 * gap),
                (body_y[0] + 0.3 * board, body_y[1] - board),
                inset(row, gap),
                0.1 * board,
            )
        )
    return parts


NIGHTSTAND_KNOBS = {
    "board": Range(0.035, 0.05),
    "leg_height": Range(0.12, 0.3),
    "leg_width": Range(0.06, 0.09),
    "taper": Range(0.55, 0.95),
    "overhang": Range(0.0, 0.08),
    "corner": Range(0.02, 0.3),
    "rows": Choice((2, 3)),
    "handle": Choice(("knob", "bar", "block", "cup")),
    "legs": Choice(("round", "square")),
    "open": Choice(("open", "closed")),
}

KINDS = (
    Kind("table", "tables", ("kitchen table", "wooden table"), (1.4, 0.85, 0.75), TABLE_SLOTS, TABLE_KNOBS, _table),
    Kind(
        "dining table",
        "tables",
        ("dinner table", "refectory table", "farmhouse table", "conference table"),
        (1.9, 0.95, 0.75),
        {"top": "walnut wood", "legs": "walnut wood"},
        TABLE_KNOBS | {"top": Range(0.03, 0.05)},
        _table,
    ),
    Kind(
        "coffee table",
        "tables",
        ("low table", "cocktail table", "living room table"),
        (1.1, 0.6, 0.42),
        {"top": "oak wood", "legs": "black metal"},
        {name: knob for name, knob in TABLE_KNOBS.items() if name != "apron"}
        | {"shelf_height": Range(0.2, 0.45), "shelf": Choice(("shelf", "none"))}
        | {"legs": Choice(("round", "square", "hairpin", "frame", "panel"))},
        _coffee_table,
    ),
    Kind(
        "side table",
        "tables",
        ("end table", "occasional table", "bistro table", "lamp table", "round table"),
        (0.45, 0.45, 0.55),
        {"top": "oak wood", "legs": "black metal"},
        {
            "top": Range(0.04, 0.07),
            "leg_width": Range(0.08, 0.13),
            "taper": Range(0.55, 0.9),
            "splay": Range(0.05, 0.3),
            "foot": Range(0.6, 0.85),
            "shelf_height": Range(0.2, 0.45),
            "corner": Range(0.05, 0.3),
            "edge": Range(0.1, 0.45),
            "form": Choice(("round", "square")),
            "legs": Choice(("column", "three", "four")),
            "rim": Choice(("rim", "plain")),
        },
        _side_table,
    ),
    Kind(
        "desk",
        "tables",
        ("writing desk", "computer desk", "office desk", "work desk", "study table", "workbench"),
        (1.4, 0.7, 0.75),
        {"top": "oak wood", "body": "white painted wood", "legs": "oak wood", "handles": "brushed steel"},
        {
            "top": Range(0.035, 0.055),
            "overhang": Range(0.0, 0.03),
            "chest": Range(0.24, 0.34),
            "leg_width": Range(0.07, 0.1),
            "taper": Range(0.55, 0.95),
            "panel": Range(0.2, 0.5),
            "corner": Range(0.02, 0.4),
            "edge": Range(0.1, 0.4),
            "rows": Choice((2, 3, 4)),
            "drawers": Choice(("left", "right", "both", "none")),
            "legs": Choice(("round", "square", "panel")),
            "handle": Choice(("knob", "bar", "block", "cup")),
        },
        _desk,
    ),
    Kind(
        "nightstand",
        "tables",
        ("bedside table", "night table", "bedside cabinet", "night stand"),
        (0.48, 0.42, 0.56),
        {"body": "oak wood", "fronts": "oak wood", "legs": "oak wood", "handles": "brass"},
        NIGHTSTAND_KNOBS,
        _nightstand,
    ),
)
