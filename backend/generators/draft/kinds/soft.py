"""Soft and small things of a room: rugs, cushions, books, toys."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import Span, around, between, ellipse, inset, length, middle, rounded_rectangle, split
from ..solids import (
    box,
    cushion,
    ellipsoid,
    lathe,
    merge,
    move,
    pillow,
    plate,
    prism,
    sheet,
    skin,
    stretch,
    sweep,
    torus,
    tube,
    turn,
)


def _rug(style: Style, size: Size) -> list[Part]:
    """A pile with a border and perhaps fringes; slightly wavy as cloth on a floor is."""
    w, d, h = size
    fringe = style["fringe_length"] * 0.04 * w if style["fringe"] == "fringe" and style["form"] == "rectangle" else 0.0
    x, y = (-w / 2 + fringe, w / 2 - fringe), (-d / 2, d / 2)
    band = style["band"] * 0.12 * min(w, d)
    pile = h * (1 - style["relief"] * 0.3)

    def outline(margin: float) -> np.ndarray:
        if style["form"] == "rectangle":
            corner = style["corner"] * 0.1 * min(w, d)
            return rounded_rectangle(inset(x, margin), inset(y, margin), corner, 4)
        return ellipse(length(x) / 2 - margin, d / 2 - margin, 72)

    parts = [
        prism("border", "border", outline(0.0), "z", (0, pile), style["edge"] * 0.45 * pile, 3, smooth=70, grain=0)
    ]
    if style["border"] == "double":
        parts.append(
            prism(
                "line",
                "line",
                outline(0.55 * band),
                "z",
                (0.5 * pile, 0.5 * pile + 0.5 * h),
                0.2 * h,
                2,
                smooth=70,
                grain=0,
            )
        )
        parts.append(prism("field", "field", outline(band), "z", (0.52 * h, h), 0.2 * h, 2, smooth=70, grain=0))
    else:
        parts.append(
            prism("field", "field", outline(band), "z", (0.5 * pile, h), 0.3 * (h - 0.5 * pile), 2, smooth=70, grain=0)
        )
    if fringe:
        count = min(90, max(12, int(style["threads"] * d / fringe)))
        rng = style.random("fringe")
        threads = []
        for side in (-1, 1):
            for span in split(inset(y, 0.01 * d), count, 0.35 * d / count):
                sway = float(rng.uniform(-0.3, 0.3)) * length(span)
                path = [
                    (side * (w / 2 - 1.2 * fringe), middle(span), 0.35 * pile),
                    (side * (w / 2 - 0.001 * w), middle(span) + sway, 0.2 * pile),
                ]
                flat = ellipse(0.4 * length(span), 0.2 * pile, 5)
                threads.append(sweep("thread", "fringe", path, flat, smooth=80))
        parts.append(merge("fringe", threads))
    return parts


def _cushion(style: Style, size: Size) -> list[Part]:
    """A thrown pillow, standing on an edge when its box stands, lying when it lies."""
    w, d, h = size
    standing = h > d
    thick, tall = (d, h) if standing else (h, d)
    x, y, z = (-w / 2, w / 2), (-tall / 2, tall / 2), (-thick / 2, thick / 2)
    if style["form"] == "round":
        parts = [ellipsoid("cushion", "cover", (0, 0, 0), (w / 2, tall / 2, thick / 2), 10)]
    elif style["form"] == "box":
        parts = [cushion("cushion", "cover", x, y, z, style["softness"], (0.02, 0.02, style["crown"]))]
    else:
        parts = [pillow("cushion", "cover", x, y, z, style["pinch"], 14)]
    if style["trim"] == "piping" and style["form"] != "pillow":
        bar = style["piping"] * 0.03 * min(w, tall)
        outline = (
            ellipse(w / 2, tall / 2, 48)
            if style["form"] == "round"
            else rounded_rectangle(inset(x, 0.4 * bar), inset(y, 0.4 * bar), 0.06 * min(w, tall), 5)
        )
        path = np.concatenate(
            [outline * (0.985 if style["form"] == "round" else 1), np.zeros((len(outline), 1))], axis=1
        )
        parts.append(tube("piping", "trim", path, bar / 2, 8, closed=True))
    if style["trim"] == "button":
        r = style["button"] * 0.05 * min(w, tall)
        parts += [ellipsoid("button", "trim", (0, 0, s * 0.46 * thick), (r, r, 0.08 * thick), 4) for s in (-1, 1)]
    if style["trim"] == "tassels":
        r = style["tassel"] * 0.03 * min(w, tall)
        for sx in (-1, 1):
            for sy in (-1, 1):
                tassel = lathe(
                    "tassel",
                    "trim",
                    np.array([(0, 0), (0.6, 0.3), (0.35, 0.9), (0.8, 1.4), (1.1, 3.2), (0, 3.3)]) * r,
                    sides=10,
                )
                parts.append(
                    move(
                        turn(turn(tassel, "x", -90), "z", -45 * sx if sy > 0 else -135 * sx),
                        sx * 0.44 * w,
                        sy * 0.44 * tall,
                    )
                )
    if not standing:
        return parts
    return [turn(part, "x", 90 - style["lean"]) for part in parts]


def _book(style: Style, size: Size) -> list[Part]:
    """Lying when its box is flat, standing with its back to the front when it is tall."""
    w, d, h = size
    if h <= min(w, d) * 1.2:
        return _lying(style, (-w / 2, w / 2), (-d / 2, d / 2), (0, h), "cover")
    parts = _lying(style, (-d / 2, d / 2), (-h / 2, h / 2), (-w / 2, w / 2), "cover")
    return [turn(turn(part, "x", 90), "z", 90) for part in parts]


def _lying(style: Style, x: Span, y: Span, z: Span, cover: str) -> list[Part]:
    """Covers, back, pages that stand back from the edges, a ribbon, a plate with the title."""
    thick = length(z)
    board = style["board"] * 0.12 * thick
    edge = style["overlap"] * 0.02 * min(length(x), length(y))
    parts = [
        box("pages", "pages", (x[0] + 0.5 * board, x[1] - edge), inset(y, edge), inset(z, 0.9 * board), 0.05 * board)
    ]
    parts += [
        plate(
            "cover", cover, x, y, s, corner=style["corner"] * 0.01 * length(x) + 0.2 * board, bevel=0.3 * board, grain=1
        )
        for s in ((z[0], z[0] + board), (z[1] - board, z[1]))
    ]
    if style["back"] == "round":
        t = np.linspace(-np.pi / 2, np.pi / 2, 9)
        outer = np.stack(
            [x[0] + 0.4 * board - style["spine"] * 0.16 * thick * np.cos(t), middle(z) + 0.5 * thick * np.sin(t)],
            axis=1,
        )
        outline = np.concatenate([outer, [(x[0] + 1.2 * board, z[1]), (x[0] + 1.2 * board, z[0])]])
        parts.append(prism("back", cover, outline, "y", y, 0.1 * board, 1, smooth=60))
    else:
        parts.append(box("back", cover, (x[0], x[0] + board), y, z, 0.3 * board))
    if style["ribbon"] == "ribbon":
        parts.append(
            box(
                "ribbon",
                "ribbon",
                around(middle(x) + 0.1 * length(x), 0.025 * length(x)),
                (y[0] - 0.05 * length(y), y[0] + 0.1 * length(y)),
                around(middle(z), 0.06 * thick),
                0.01 * thick,
            )
        )
    if style["title"] == "title":
        parts.append(
            box(
                "title",
                "title",
                around(middle(x), style["margin"] * length(x)),
                around(middle(y) + 0.2 * length(y), style["title_height"] * length(y)),
                (z[1] - 0.2 * board, z[1] + 0.1 * board),
                0.02 * board,
            )
        )
    return parts


def _book_stack(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    rng = style.random("stack")
    weights = rng.uniform(0.6, 1.4, style["count"])
    levels = np.concatenate([[0], np.cumsum(weights / weights.sum())]) * h
    slots = ("cover", "second cover", "third cover")
    parts: list[Part] = []
    for k in range(style["count"]):
        grow = 1.0 if k == 0 else float(rng.uniform(0.72, 0.94))
        book = _lying(
            style, around(0, grow * w * 0.94), around(0, grow * d * 0.94), (levels[k], levels[k + 1]), slots[k % 3]
        )
        turned = 0.0 if k == 0 else style["mess"] * float(rng.uniform(-14, 14))
        parts += [turn(part, "z", turned + (180 if k % 2 else 0)) for part in book]
    return parts


def _rubiks_cube(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    n = style["cells"]
    gap = style["gap"] * 0.02
    spans = [split((-side / 2, side / 2), n, gap * side) for side in (w, d)] + [split((0, h), n, gap * h)]
    bevel = style["edge"] * 0.1 * min(w, d, h) / n
    pieces = []
    for i, sx in enumerate(spans[0]):
        for j, sy in enumerate(spans[1]):
            for k, sz in enumerate(spans[2]):
                if any(index in (0, n - 1) for index in (i, j, k)):
                    piece = box(
                        "piece", "body", inset(sx, 0.004 * w), inset(sy, 0.004 * d), inset(sz, 0.004 * h), bevel
                    )
                    pieces.append(piece)
    sunk = style["core"] / n
    core = box(
        "core",
        "body",
        inset((-w / 2, w / 2), sunk * w),
        inset((-d / 2, d / 2), sunk * d),
        inset((0, h), sunk * h),
        0.01 * w,
    )
    parts = [merge("pieces", pieces), core]
    colours = ("red", "orange", "blue", "green", "white", "yellow")
    rng = style.random("scramble")
    faces = np.repeat(np.arange(6), n * n)
    if style["state"] == "scrambled":
        rng.shuffle(faces)
    stickers: dict[str, list[Part]] = {name: [] for name in colours}
    sides = ((0, 1), (0, 0), (1, 1), (1, 0), (2, 1), (2, 0))
    for index, face in enumerate(faces):
        axis, side = sides[index // (n * n)]
        row, column = divmod(index % (n * n), n)
        a, b = [k for k in range(3) if k != axis]
        size_ = (w, d, h)
        cell = {
            a: inset(spans[a][row], style["margin"] * 0.12 * size_[a] / n),
            b: inset(spans[b][column], style["margin"] * 0.12 * size_[b] / n),
        }
        end = ((-w / 2, w / 2), (-d / 2, d / 2), (0, h))[axis][side]
        out = style["relief"] * 0.012 * size_[axis] * (1 if side else -1)
        cell[axis] = between(end - 2 * out, end + out * 0.01)
        name = colours[int(face)]
        corner = style["round"] * 0.3 * min(length(cell[a]), length(cell[b]))
        stickers[name].append(
            plate(
                "sticker",
                name,
                cell[0],
                cell[1],
                cell[2],
                axis="xyz"[axis],
                corner=corner,
                bevel=0.2 * abs(out),
                segments=3,
            )
        )
    return parts + [
        replace(merge(f"{name} stickers", pieces), slot=name) for name, pieces in stickers.items() if pieces
    ]


def _ball(style: Style, size: Size) -> list[Part]:
    """A football of panels, a basketball with ribs, a beach ball of wedges."""
    w, d, h = size
    parts = {"football": _football, "basketball": _basketball, "beach": _beach_ball}[style["form"]](style)
    turned = [turn(turn(part, "z", style["turn"]), "x", style["tilt"]) for part in parts]
    return [stretch(move(part, 0, 0, 1.0), w / 2, d / 2, h / 2) for part in turned]


def _football(style: Style) -> list[Part]:
    gold = (1 + 5**0.5) / 2
    corners = np.array([(a, b * gold, 0) for a in (-1, 1) for b in (-1, 1)])
    centres = np.concatenate([np.roll(corners, k, axis=1) for k in range(3)])
    centres /= np.linalg.norm(centres, axis=1)[:, None]
    body = ellipsoid("ball", "cover", (0, 0, 0), (0.985, 0.985, 0.985), 12)
    patches = []
    for centre in centres:
        side = np.cross(centre, (0.3, 0.5, 0.81))
        side /= np.linalg.norm(side)
        other = np.cross(centre, side)
        near = centres[np.argsort(-(centres @ centre))[1]]
        start = np.arctan2(near @ other, near @ side)
        u = np.linspace(0.12, 1, 5)
        a = start + np.arange(5) * 2 * np.pi / 5
        ring = np.concatenate(
            [
                (1 - t) * np.stack([np.cos(a), np.sin(a)], 1)
                + t * np.stack([np.cos(np.roll(a, -1)), np.sin(np.roll(a, -1))], 1)
                for t in (0, 0.34, 0.67)
            ]
        )
        ring = ring[np.argsort(np.arctan2(ring[:, 1], ring[:, 0]))] * style["patch"] * 0.36
        layers = []
        for radius, scales in ((0.96, (1.0,)), (1.0, u[::-1])):
            for s in scales:
                p = centre + s * (ring[:, :1] * side + ring[:, 1:] * other)
                layers.append(radius * p / np.linalg.norm(p, axis=1)[:, None])
        patches.append(skin("patch", "patches", np.array(layers), False, 60.0, 0))
    return [body, merge("patches", patches)]


def _basketball(style: Style) -> list[Part]:
    body = ellipsoid("ball", "cover", (0, 0, 0), (0.99, 0.99, 0.99), 12)
    bar = style["seam"] * 0.03
    rings = [torus("rib", "patches", (0, 0, 0), 0.985, bar, axis) for axis in range(3)]
    t = np.linspace(0, 2 * np.pi, 65)[:-1]
    for side in (-1, 1):
        path = np.stack([side * (0.75 + 0.16 * style["curve"] * np.cos(2 * t)), np.cos(t), np.sin(t)], axis=1)
        path *= 0.985 / np.linalg.norm(path, axis=1)[:, None]
        rings.append(tube("rib", "patches", path, bar / 2, 8, closed=True))
    return [body, *rings]


def _beach_ball(style: Style) -> list[Part]:
    count = style["wedges"]
    parts = []
    for k in range(count):
        u, v = np.linspace(-1, 1, 15), np.linspace(0, 1, 9)
        lat = u * np.pi / 2 * 0.97
        lon = 2 * np.pi * (k + 0.01 + 0.98 * v) / count
        points = np.stack(
            [np.cos(lat)[:, None] * np.cos(lon), np.cos(lat)[:, None] * np.sin(lon), np.sin(lat)[:, None] + 0 * lon],
            axis=2,
        )
        parts.append(sheet("wedge", ("cover", "patches", "third")[k % 3], points * 0.99, 0.02 + 0.01 * style["seam"]))
    cap = style["cap"] * 0.12
    parts += [ellipsoid("cap", "third", (0, 0, s * 0.97), (cap, cap, 0.03), 4) for s in (-1, 1)]
    return [*parts, ellipsoid("core", "cover", (0, 0, 0), (0.96, 0.96, 0.96), 10)]


KINDS = (
    Kind(
        "rug",
        "decor",
        ("carpet", "mat", "doormat", "persian rug"),
        (2.2, 1.5, 0.02),
        {
            "field": "red wool fabric",
            "border": "navy blue wool fabric",
            "line": "cream wool fabric",
            "fringe": "cream wool fabric",
        },
        {
            "fringe_length": Range(0.6, 1.3),
            "band": Range(0.6, 1.4),
            "relief": Range(0.3, 1.0),
            "corner": Range(0.05, 0.6),
            "edge": Range(0.4, 1.0),
            "threads": Range(1.0, 2.0),
            "form": Choice(("rectangle", "rectangle", "oval")),
            "border": Choice(("single", "double")),
            "fringe": Choice(("fringe", "none")),
        },
        _rug,
    ),
    Kind(
        "cushion",
        "decor",
        ("pillow", "throw pillow", "floor cushion", "scatter cushion"),
        (0.45, 0.18, 0.45),
        {"cover": "teal velvet fabric", "trim": "cream fabric"},
        {
            "softness": Range(0.6, 0.95),
            "crown": Range(0.2, 0.5),
            "pinch": Range(0.04, 0.16),
            "piping": Range(0.7, 1.3),
            "button": Range(0.8, 1.4),
            "tassel": Range(0.8, 1.4),
            "lean": Range(2.0, 14.0),
            "form": Choice(("pillow", "pillow", "box", "round")),
            "trim": Choice(("none", "piping", "button", "tassels")),
        },
        _cushion,
    ),
    Kind(
        "book",
        "decor",
        ("novel", "hardcover book", "textbook", "diary", "magazine"),
        (0.16, 0.23, 0.035),
        {"cover": "dark red cloth", "pages": "cream paper", "ribbon": "gold fabric", "title": "gold"},
        {
            "board": Range(0.6, 1.1),
            "overlap": Range(0.8, 2.0),
            "corner": Range(0.0, 2.0),
            "spine": Range(0.5, 1.2),
            "margin": Range(0.4, 0.7),
            "title_height": Range(0.08, 0.24),
            "back": Choice(("round", "flat")),
            "ribbon": Choice(("ribbon", "none")),
            "title": Choice(("title", "none")),
        },
        _book,
    ),
    Kind(
        "book stack",
        "decor",
        ("stack of books", "pile of books", "books"),
        (0.28, 0.22, 0.2),
        {
            "cover": "dark red cloth",
            "second cover": "navy blue cloth",
            "third cover": "green cloth",
            "pages": "cream paper",
            "ribbon": "gold fabric",
            "title": "gold",
        },
        {
            "board": Range(0.6, 1.1),
            "overlap": Range(0.8, 2.0),
            "corner": Range(0.0, 2.0),
            "spine": Range(0.5, 1.2),
            "margin": Range(0.4, 0.7),
            "title_height": Range(0.08, 0.24),
            "mess": Range(0.2, 1.0),
            "count": Choice((3, 4, 5, 6)),
            "back": Choice(("round", "flat")),
            "ribbon": Choice(("ribbon", "none")),
            "title": Choice(("title", "none")),
        },
        _book_stack,
    ),
    Kind(
        "rubik's cube",
        "toys",
        ("rubiks cube", "magic cube", "puzzle cube", "cube"),
        (0.057, 0.057, 0.057),
        {
            "body": "black plastic",
            "red": "red plastic",
            "orange": "orange plastic",
            "blue": "blue plastic",
            "green": "green plastic",
            "white": "white plastic",
            "yellow": "yellow plastic",
        },
        {
            "gap": Range(0.3, 1.0),
            "edge": Range(0.6, 1.6),
            "margin": Range(0.5, 1.4),
            "relief": Range(0.5, 1.2),
            "round": Range(0.2, 1.2),
            "core": Range(0.1, 0.3),
            "cells": Choice((3, 3, 3, 2)),
            "state": Choice(("scrambled", "scrambled", "solved")),
        },
        _rubiks_cube,
    ),
    Kind(
        "ball",
        "toys",
        ("football", "soccer ball", "basketball", "beach ball"),
        (0.22, 0.22, 0.22),
        {"cover": "white leather", "patches": "black leather", "third": "red plastic"},
        {
            "patch": Range(0.9, 1.1),
            "seam": Range(0.6, 1.4),
            "curve": Range(0.5, 1.5),
            "cap": Range(0.7, 1.4),
            "tilt": Range(-40.0, 40.0),
            "turn": Range(0.0, 90.0),
            "form": Choice(("football", "football", "basketball", "beach")),
            "wedges": Choice((6, 9)),
        },
        _ball,
    ),
)
