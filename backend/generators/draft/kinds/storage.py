"""Cupboards: shelves with books, wardrobes, cabinets, chests of drawers."""

from itertools import pairwise

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import books, carcass, door, drawer_front, four_legs, unit
from ..outlines import Span, around, fillet, inset, length, middle, parts_of, split
from ..solids import box, cylinder, ellipsoid, lathe

BOOKS = ("red books", "blue books", "green books", "cream books", "brown books", "black books")
BOOK_SLOTS = {
    "red books": "dark red cloth",
    "blue books": "navy blue cloth",
    "green books": "green cloth",
    "cream books": "cream paper",
    "brown books": "brown leather",
    "black books": "black cloth",
    "ornaments": "white ceramic",
    "boxes": "wicker",
}
HANDLES = Choice(("knob", "bar", "block", "cup"))


def _feet(style: Style, slot: str, x: Span, y: Span, top: float, u: float) -> list[Part]:
    """What a cupboard stands on: legs, a plinth set back, or nothing but its sides."""
    if style["feet"] == "plinth":
        return [
            box(
                "plinth",
                slot,
                inset(x, 0.02 * length(x)),
                inset(y, 0.05 * length(y), 0.0),
                (0, top + 0.01 * u),
                0.005 * u,
                grain=0,
            )
        ]
    shape = "square" if style["feet"] == "block" else "round"
    width = min(style["leg_width"] * 0.7 * u, 1.5 * top)
    taper = 1.0 if shape == "square" else 0.55
    return [four_legs(slot, inset(x, 0.01 * u), inset(y, 0.01 * u), (0, top + 0.01 * u), width, taper, 0.0, shape)]


def _bookshelf(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board = style["board"] * u * 0.06
    base = style["base"] * h
    parts = [
        *carcass("frame", x, y, (base, h), board, style["back"] == "back"),
        *_feet(style, "frame", x, inset(y, 0.02 * d), base, u),
    ]
    columns = split(inset(x, board), style["columns"], board)
    for left, right in pairwise(columns):
        parts.append(
            box(
                "divider",
                "frame",
                (left[1], right[0]),
                inset(y, 0.02 * d),
                inset((base, h), 0.9 * board),
                0.1 * board,
                grain=2,
            )
        )
    rng = style.random("contents")
    levels = split((base + board, h - board), style["rows"], 0.8 * board)
    most = max(3, 240 // (len(levels) * len(columns)))
    for k, level in enumerate(levels):
        if k:
            parts.append(
                box(
                    "shelf",
                    "frame",
                    inset(x, 0.9 * board),
                    inset(y, (0.01 + style["shelf_depth"]) * d, 0.03 * d),
                    (levels[k - 1][1], level[0]),
                    0.1 * board,
                    grain=0,
                )
            )
        for column in columns:
            parts += _bay(style, rng, inset(column, 0.02 * length(column)), inset(y, 0.04 * d, 0.1 * d), level, most)
    return parts


def _bay(style: Style, rng: np.random.Generator, x: Span, y: Span, z: Span, most: int) -> list[Part]:
    """What stands in one bay of a shelf."""
    if rng.uniform() > style["fullness"]:
        return []
    what = rng.choice(["books", "books", "books", "vase", "pile", "box"]) if style["contents"] == "mixed" else "books"
    if what == "books":
        return books(rng, BOOKS, x, y, z, style["fill"] * float(rng.uniform(0.75, 1.0)), most)
    if what == "box":
        span = around(middle(x), min(0.8 * length(x), 1.6 * length(z)))
        return [
            box("box", "boxes", span, inset(y, 0.05 * length(y)), (z[0], z[0] + 0.62 * length(z)), 0.05 * length(z), 2)
        ]
    if what == "pile":
        return _pile(rng, x, y, z)
    part = books(rng, BOOKS, (x[0], x[0] + 0.6 * length(x)), y, z, 0.9, max(2, int(0.6 * most)))
    return [
        *part,
        _vase(
            (x[0] + 0.8 * length(x), middle(y), z[0]), min(0.16 * length(x), 0.35 * length(y)), 0.75 * length(z), rng
        ),
    ]


def _vase(at: tuple[float, float, float], radius: float, height: float, rng: np.random.Generator) -> Part:
    belly, neck = rng.uniform(0.3, 0.6), rng.uniform(0.35, 0.6)
    profile = np.array(
        [(0, 0), (0.6, 0), (1, belly), (neck, 0.85), (neck + 0.12, 1), (neck, 1), (0.6 * neck, 0.8), (0, 0.78)]
    )
    return lathe("vase", "ornaments", fillet(profile * (radius, height), 0.5 * radius, 5), at=at, sides=24)


def _pile(rng: np.random.Generator, x: Span, y: Span, z: Span) -> list[Part]:
    """Lying books with a bowl on top of them."""
    parts: list[Part] = []
    at, wide = z[0], min(0.85 * length(x), 1.2 * length(y))
    for k in range(3):
        thick = float(rng.uniform(0.09, 0.14)) * length(z)
        scale = 1 - 0.08 * k
        slot = BOOKS[int(rng.integers(len(BOOKS)))]
        parts.append(
            box(
                "book",
                slot,
                around(middle(x), scale * wide),
                around(middle(y), scale * 0.8 * length(y)),
                (at, at + thick),
                0.1 * thick,
            )
        )
        at += thick
    r = 0.3 * min(wide, length(y))
    parts.append(ellipsoid("ornament", "ornaments", (middle(x), middle(y), at + 0.75 * r), (r, r, 0.78 * r), 6))
    return parts


def _shelf_unit(style: Style, size: Size) -> list[Part]:
    """Open shelves between posts."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    post = style["post"] * 0.045 * u
    board = style["board"] * 0.05 * u
    shape = style["posts"]
    parts: list[Part] = []
    for px in inset(x, post / 2):
        for py in inset(y, post / 2):
            if shape == "round":
                parts.append(cylinder("post", "posts", (px, py, 0), (px, py, h), post / 2, bevel=0.1 * post, sides=16))
            else:
                parts.append(box("post", "posts", around(px, post), around(py, post), (0, h), 0.1 * post, grain=2))
    rng = style.random("contents")
    levels = np.linspace(style["low"] * h, h * (1.0 - style["headroom"]) - board, style["rows"])
    for k, level in enumerate(levels):
        parts.append(
            box(
                "shelf",
                "frame",
                inset(x, 0.4 * post),
                inset(y, 0.4 * post),
                (level, level + board),
                0.15 * board,
                grain=0,
            )
        )
        above = levels[k + 1] if k + 1 < len(levels) else h
        room = (level + board, level + board + 0.85 * max(above - level - board, 0.02 * h))
        if style["contents"] != "empty" and above - level > 0.1 * h:
            for bay in split(inset(x, 1.5 * post), 2, 0.04 * w):
                parts += _bay(style, rng, bay, inset(y, 0.6 * post), room, 16)
    if style["brace"] == "cross":
        t = 0.25 * post
        for a, b in ((0.03, 0.97), (0.97, 0.03)):
            y_at = y[1] - 0.3 * t - 0.01 * d * (a > b)
            parts.append(
                cylinder(
                    "brace", "posts", (x[0] + post, y_at - t, a * h), (x[1] - post, y_at - t, b * h), t / 2, sides=8
                )
            )
    return parts


def _wardrobe(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board, gap = style["board"] * 0.03 * u, 0.004 * u
    base = style["base"] * h
    crown = style["crown"] * h if style["cornice"] == "cornice" else 0.0
    over = 0.03 * u if crown else 0.0
    body_x, body_y = inset(x, over), inset(y, over + 1.2 * board, over)
    parts = [
        box("body", "frame", body_x, body_y, (base, h - crown), 0.2 * board, grain=2),
        *_feet(style, "frame", body_x, body_y, base, u),
    ]
    if crown:
        parts.append(box("cornice", "frame", x, y, (h - 0.55 * crown, h), 0.3 * crown, 2, grain=0))
        parts.append(
            box(
                "cornice",
                "frame",
                inset(x, 0.4 * over),
                inset(y, 0.4 * over),
                (h - crown, h - 0.5 * crown),
                0.2 * crown,
                grain=0,
            )
        )
    face = body_y[0]
    low = base + gap
    if style["drawers"] == "drawers":
        split_at = base + style["drawer_height"] * h
        for span in split(inset(body_x, gap), 2, gap):
            parts += drawer_front("frame", "handles", span, face, (low, split_at), board, style["handle"], 1, 0.015 * u)
        low = split_at + gap
    doors = split(inset(body_x, gap), max(style["doors"], min(6, round(2.4 * w / h))), gap)
    for k, span in enumerate(doors):
        hinge = "left" if k % 2 == 0 else "right"
        slot = "mirror" if style["front"] == "mirror" and k == len(doors) // 2 else "frame"
        parts += door(
            "frame",
            "handles",
            span,
            face,
            (low, h - crown - gap),
            board,
            style["handle"],
            hinge,
            0.014 * u,
            style["front"] == "panel",
        )
        if slot == "mirror":
            inner = inset(span, style["mirror_margin"] * length(span))
            parts.append(
                box(
                    "mirror",
                    "mirror",
                    inner,
                    (face - 1.15 * board, face - 0.9 * board),
                    inset((low, h - crown), 0.08 * h),
                    0.05 * board,
                )
            )
    return parts


def _cabinet(style: Style, size: Size) -> list[Part]:
    """Doors, and drawers over them or beside them."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board, gap = style["board"] * 0.03 * u, 0.005 * u
    base = style["base"] * h
    over = style["overhang"] * u
    body_x, body_y = inset(x, over), inset(y, over + board, 0)
    parts = [
        box("top", "frame", x, y, (h - 1.3 * board, h), style["rounding"] * board, 2, grain=0),
        box("body", "frame", body_x, body_y, (base, h - 1.25 * board), 0.2 * board, grain=0),
        *_feet(style, "legs", body_x, body_y, base, u),
    ]
    front = inset(body_x, gap), (base + gap, h - 1.3 * board - gap)
    return parts + _fronts(style, front[0], body_y[0], front[1], board, gap, 0.018 * u)


def _fronts(style: Style, x: Span, y: float, z: Span, board: float, gap: float, knob: float) -> list[Part]:
    doors = max(style["doors"], min(6, round(0.6 * length(x) / length(z))))
    parts: list[Part] = []
    if style["drawers"] == "top":
        cut = z[1] - style["drawer_height"] * length(z)
        for span in split(x, doors, gap):
            parts += drawer_front("fronts", "handles", span, y, (cut + gap, z[1]), board, style["handle"], 1, knob)
        z = (z[0], cut)
    columns = split(x, doors, gap)
    if style["drawers"] == "side":
        rows = split(z, 3, gap)
        for row in rows:
            parts += drawer_front("fronts", "handles", columns[-1], y, row, board, style["handle"], 1, knob)
        columns = columns[:-1]
    for k, span in enumerate(columns):
        hinge = "left" if k % 2 == 0 else "right"
        parts += door("fronts", "handles", span, y, z, board, style["handle"], hinge, knob, style["front"] == "panel")
    return parts


def _dresser(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board, gap = style["board"] * 0.03 * u, 0.007 * u
    base = style["base"] * h
    over = style["overhang"] * u
    body_x, body_y = inset(x, over), inset(y, over + board, 0)
    parts = [
        box("top", "frame", x, y, (h - 1.3 * board, h), style["rounding"] * board, 2, grain=0),
        box("body", "frame", body_x, body_y, (base, h - 1.25 * board), 0.2 * board, grain=0),
        *_feet(style, "legs", body_x, body_y, base, u),
    ]
    weights = 1 + style["growth"] * np.arange(style["rows"])[::-1]
    rows = parts_of((base + gap, h - 1.3 * board - gap), weights, gap)
    for k, row in enumerate(rows):
        columns = style["columns"] if k < len(rows) - 1 or style["top_row"] == "same" else style["columns"] + 1
        for span in split(inset(body_x, gap), columns, gap):
            wide = 2 if length(span) > 4 * length(row) else 1
            parts += drawer_front("fronts", "handles", span, body_y[0], row, board, style["handle"], wide, 0.02 * u)
    return parts


def _tv_stand(style: Style, size: Size) -> list[Part]:
    """Low and wide: open in the middle, doors or drawers at its ends."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    board, gap = style["board"] * 0.04 * u, 0.006 * u
    base = style["base"] * h
    parts = [
        *carcass("frame", x, inset(y, 0.0), (base, h), board),
        *_feet(style, "legs", inset(x, 0.02 * w), inset(y, 0.02 * d), base, u),
    ]
    side = style["side"]
    cells = parts_of(inset(x, board), (side, 1 - 2 * side, side), board)
    for left, right in pairwise(cells):
        parts.append(
            box(
                "divider",
                "frame",
                (left[1], right[0]),
                inset(y, 0.01 * d, 0),
                inset((base, h), 0.9 * board),
                0.1 * board,
                grain=2,
            )
        )
    z = inset((base, h), board)
    level = z[0] + style["shelf"] * length(z)
    parts.append(
        box(
            "shelf",
            "frame",
            inset(cells[1], -0.1 * board),
            inset(y, style["shelf_depth"] * d, 0.04 * d),
            (level, level + 0.8 * board),
            0.1 * board,
            grain=0,
        )
    )
    face = y[0] + 0.8 * board
    for k, cell in enumerate((cells[0], cells[2])):
        cell = inset(cell, gap)
        if style["ends"] == "drawers":
            for row in split(inset(z, gap), 2, gap):
                parts += drawer_front("fronts", "handles", cell, face, row, 0.7 * board, style["handle"], 1, 0.025 * u)
        else:
            hinge = "left" if k == 0 else "right"
            parts += door(
                "fronts",
                "handles",
                cell,
                face,
                inset(z, gap),
                0.7 * board,
                style["handle"],
                hinge,
                0.02 * u,
                style["ends"] == "panels",
            )
        parts.append(box("inside", "frame", cell, (face + 0.3 * board, y[1] - board), inset(z, gap), 0.1 * board))
    return parts


def _filing_cabinet(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    sheet, gap = 0.03 * u * style["board"], style["gap"] * u
    base = style["base"] * h
    parts = [
        box("body", "frame", x, inset(y, sheet, 0), (base, h), style["edge"] * u, 2, grain=2),
        box("plinth", "legs", inset(x, 0.03 * w), inset(y, 2 * sheet, sheet), (0, base + 0.01 * h), 0.1 * sheet),
    ]
    for row in split(inset((base, h), 2 * gap), style["rows"], gap):
        parts += drawer_front(
            "fronts",
            "handles",
            inset(x, 2 * gap),
            y[0] + sheet,
            row,
            sheet,
            style["handle"],
            1,
            style["grip"] * 0.03 * u,
        )
        if style["label"] == "label":
            label = around(middle(row) + 0.3 * length(row), 0.12 * length(row))
            parts.append(
                box(
                    "label",
                    "label",
                    around(0, style["label_width"] * w),
                    (y[0] - 0.15 * sheet, y[0] + 0.1 * sheet),
                    label,
                    0.03 * sheet,
                )
            )
    return parts


CUPBOARD = {
    "board": Range(0.8, 1.2),
    "base": Range(0.06, 0.2),
    "leg_width": Range(0.05, 0.08),
    "overhang": Range(0.0, 0.03),
    "feet": Choice(("legs", "block", "plinth")),
    "handle": HANDLES,
}
WITHOUT_TOP = {name: knob for name, knob in CUPBOARD.items() if name != "overhang"}
CUPBOARD_SLOTS = {"frame": "oak wood", "fronts": "oak wood", "legs": "oak wood", "handles": "brushed steel"}

KINDS = (
    Kind(
        "bookshelf",
        "storage",
        ("bookcase", "book shelf", "library shelf", "shelf with books"),
        (0.9, 0.32, 1.9),
        {"frame": "oak wood"} | BOOK_SLOTS,
        {
            "board": Range(0.7, 1.1),
            "base": Range(0.03, 0.07),
            "leg_width": Range(0.05, 0.08),
            "fill": Range(0.75, 1.0),
            "fullness": Range(0.8, 1.0),
            "shelf_depth": Range(0.0, 0.08),
            "rows": Choice((4, 5, 6)),
            "columns": Choice((1, 2)),
            "back": Choice(("back", "open")),
            "contents": Choice(("mixed", "books")),
            "feet": Choice(("plinth", "block")),
        },
        _bookshelf,
    ),
    Kind(
        "shelf",
        "storage",
        ("shelving unit", "shelves", "rack", "storage rack", "storage shelf", "display shelf"),
        (0.9, 0.4, 1.7),
        {"frame": "oak wood", "posts": "black metal"} | BOOK_SLOTS,
        {
            "post": Range(0.8, 1.3),
            "board": Range(0.8, 1.3),
            "low": Range(0.04, 0.14),
            "headroom": Range(0.0, 0.08),
            "fill": Range(0.7, 1.0),
            "fullness": Range(0.5, 1.0),
            "rows": Choice((3, 4, 5, 6)),
            "posts": Choice(("square", "round")),
            "contents": Choice(("mixed", "empty", "books")),
            "brace": Choice(("cross", "none")),
        },
        _shelf_unit,
    ),
    Kind(
        "wardrobe",
        "storage",
        ("closet", "armoire", "clothes cabinet"),
        (1.3, 0.6, 2.05),
        {"frame": "oak wood", "handles": "brushed steel", "mirror": "mirror glass"},
        WITHOUT_TOP
        | {"base": Range(0.03, 0.09), "crown": Range(0.03, 0.06), "drawer_height": Range(0.13, 0.22)}
        | {"mirror_margin": Range(0.1, 0.2)}
        | {"doors": Choice((2, 3)), "drawers": Choice(("drawers", "none")), "cornice": Choice(("cornice", "none"))}
        | {"front": Choice(("flat", "panel", "mirror"))},
        _wardrobe,
    ),
    Kind(
        "cabinet",
        "storage",
        ("cupboard", "storage cabinet", "locker"),
        (0.8, 0.42, 1.2),
        CUPBOARD_SLOTS,
        CUPBOARD
        | {"drawer_height": Range(0.18, 0.28), "doors": Choice((1, 2)), "drawers": Choice(("top", "none"))}
        | {"front": Choice(("flat", "panel")), "rounding": Range(0.1, 0.6)},
        _cabinet,
    ),
    Kind(
        "sideboard",
        "storage",
        ("credenza", "buffet", "low cabinet", "console"),
        (1.6, 0.45, 0.8),
        CUPBOARD_SLOTS | {"frame": "walnut wood", "fronts": "walnut wood", "legs": "walnut wood", "handles": "brass"},
        CUPBOARD
        | {"base": Range(0.12, 0.26), "drawer_height": Range(0.22, 0.32), "doors": Choice((2, 3, 4))}
        | {"drawers": Choice(("top", "side", "none")), "front": Choice(("flat", "panel")), "rounding": Range(0.1, 0.6)},
        _cabinet,
    ),
    Kind(
        "dresser",
        "storage",
        ("chest of drawers", "drawers", "commode", "bureau"),
        (0.9, 0.48, 0.95),
        CUPBOARD_SLOTS,
        CUPBOARD
        | {"growth": Range(0.0, 0.25), "rounding": Range(0.1, 0.6), "rows": Choice((3, 4, 5))}
        | {"columns": Choice((1, 2)), "top_row": Choice(("same", "split"))},
        _dresser,
    ),
    Kind(
        "tv stand",
        "storage",
        ("media console", "tv unit", "tv cabinet", "media unit", "lowboard", "television stand"),
        (1.6, 0.42, 0.5),
        CUPBOARD_SLOTS | {"legs": "black metal"},
        WITHOUT_TOP
        | {
            "base": Range(0.1, 0.28),
            "side": Range(0.26, 0.36),
            "shelf": Range(0.35, 0.6),
            "shelf_depth": Range(0.02, 0.2),
        }
        | {"ends": Choice(("doors", "panels", "drawers"))},
        _tv_stand,
    ),
    Kind(
        "filing cabinet",
        "storage",
        ("file cabinet", "metal cabinet", "office cabinet"),
        (0.42, 0.6, 1.0),
        {"frame": "grey painted metal", "fronts": "grey painted metal", "legs": "black plastic"}
        | {"handles": "chrome", "label": "white paper"},
        {
            "board": Range(0.8, 1.2),
            "gap": Range(0.006, 0.012),
            "base": Range(0.02, 0.05),
            "edge": Range(0.008, 0.02),
            "grip": Range(0.8, 1.2),
            "label_width": Range(0.2, 0.45),
            "rows": Choice((2, 3, 4)),
            "handle": HANDLES,
            "label": Choice(("label", "none")),
        },
        _filing_cabinet,
    ),
)
