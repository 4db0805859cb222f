"""What hangs on walls: pictures, mirrors, clocks, calendars."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import front
from ..outlines import (
    Span,
    around,
    ellipse,
    fillet,
    inset,
    length,
    rounded_rectangle,
)
from ..solids import (
    box,
    cylinder,
    frame,
    lathe,
    merge,
    move,
    plate,
    prism,
    stretch,
    sweep,
    tiles,
    torus,
    tube,
    turn,
)

FRAMES = {
    "width": Range(0.6, 1.4),
    "edge": Range(0.3, 1.0),
    "depth": Range(0.6, 1.3),
    "moulding": Choice(("plain", "stepped", "round")),
}


def _moulding(style: Style, x: Span, y: Span, z: Span, width: float) -> list[Part]:
    """A picture frame of plain, stepped or rounded section."""
    parts = [frame("frame", "frame", x, y, z, width, style["edge"] * 0.3 * min(width, length(y)))]
    if style["moulding"] == "stepped":
        inner = 0.62 * width
        parts.append(
            frame(
                "inner frame",
                "inner",
                inset(x, inner),
                (y[0] + 0.2 * length(y), y[1]),
                inset(z, inner),
                width * 0.75,
                0.1 * width,
            )
        )
    elif style["moulding"] == "round":
        bead = min(style["bead"] * width, 0.45 * length(y))
        parts.append(
            frame(
                "bead",
                "inner",
                inset(x, 0.3 * width),
                around(y[0] + 0.7 * bead, bead),
                inset(z, 0.3 * width),
                bead,
                0.49 * bead,
            )
        )
    return parts


def _picture(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0, h)
    width = style["width"] * 0.1 * min(w, h)
    parts = _moulding(style, x, y, z, width)
    inner_x, inner_z = inset(x, 0.9 * width), inset(z, 0.9 * width)
    back = (y[0] + style["sink"] * d, y[1] - 0.05 * d)
    if style["mat"] == "mat":
        margin = style["margin"] * 0.2 * min(length(inner_x), length(inner_z))
        parts.append(
            frame(
                "mat",
                "mat",
                inner_x,
                (y[0] + style["depth"] * 0.4 * d, back[0] + 0.1 * d),
                inner_z,
                margin + 0.1 * width,
                0.02 * d,
            )
        )
        inner_x, inner_z = inset(inner_x, margin), inset(inner_z, margin)
    return [
        *parts,
        box("picture", "picture", inset(inner_x, -0.05 * width), back, inset(inner_z, -0.05 * width), 0.02 * d),
    ]


def _mirror(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    x, y, z = (-w / 2, w / 2), (-d / 2, d / 2), (0, h)
    width = style["width"] * 0.08 * min(w, h)
    glass = (y[0] + style["depth"] * 0.5 * d, y[1] - style["pane"] * d)
    if style["form"] == "rectangle":
        return [
            *_moulding(style, x, y, z, width),
            box("mirror", "mirror", inset(x, 0.85 * width), glass, inset(z, 0.85 * width), 0.03 * d),
        ]
    if style["form"] == "oval":
        outline = ellipse(w / 2 - width / 2, h / 2 - width / 2, 64) + np.array([0, h / 2])
    else:
        rise = style["arch"] * min(0.5 * w, 0.45 * h)
        t = np.linspace(0, np.pi, 25)
        r = w / 2 - width / 2
        crest = np.stack([r * np.cos(t), h - width / 2 - rise + rise * np.sin(t)], axis=1)
        outline = np.concatenate([crest, [(-r, width / 2), (r, width / 2)]])
    path = np.stack([outline[:, 0], 0 * outline[:, 0], outline[:, 1]], axis=1)
    section = rounded_rectangle(around(0, width), around(0, d), style["edge"] * 0.3 * min(width, d), 3)
    rim = sweep("frame", "frame", path, section, closed=True, up=(0, 1, 0), smooth=60)
    centre = np.array([0, h / 2])
    pane = prism("mirror", "mirror", (outline - centre) * (1 - 0.3 * width / min(w, h)) + centre, "y", glass, 0.02 * d)
    if style["moulding"] == "plain":
        return [rim, pane]
    bead = min(style["bead"] * width, 0.4 * d)
    return [
        rim,
        pane,
        tube(
            "bead",
            "inner",
            (path - (0, 0, h / 2)) * (1 - 0.9 * width / w) + (0, -d / 2 + 0.6 * bead, h / 2),
            bead / 2,
            8,
            closed=True,
        ),
    ]


def _clock(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, h) / 2
    rim = style["rim"] * 0.12 * r
    face_y = 0.35 * d
    if style["form"] == "round":
        ring = [(r - rim, 0), (r, 0), (r, 0.8 * d), (r - 0.4 * rim, d), (r - rim, 0.8 * d)]
        body = [
            front(lathe("rim", "case", fillet(ring, style["edge"] * 0.3 * min(rim, d), 3), sides=64), 0, d / 2, h / 2)
        ]
        face = front(
            lathe(
                "face",
                "face",
                [(0, 0.02 * d), (r - 0.5 * rim, 0.02 * d), (r - 0.5 * rim, face_y), (0, face_y)],
                sides=56,
            ),
            0,
            d / 2,
            h / 2,
        )
        (body[0], face) = (stretch(move(p, 0, 0, -h / 2), w / (2 * r), 1.0, h / (2 * r)) for p in (body[0], face))
        body, face = [move(body[0], 0, 0, h / 2)], move(face, 0, 0, h / 2)
    else:
        body = [frame("rim", "case", (-w / 2, w / 2), (-d / 2, d / 2), (0, h), rim, style["edge"] * 0.3 * min(rim, d))]
        face = box(
            "face",
            "face",
            (-w / 2 + 0.6 * rim, w / 2 - 0.6 * rim),
            (d / 2 - face_y, d / 2 - 0.02 * d),
            (0.6 * rim, h - 0.6 * rim),
            0.02 * d,
        )
    front_y = d / 2 - face_y
    inner = r - 1.5 * rim
    pin = cylinder("pin", "hands", (0, front_y, h / 2), (0, front_y - 0.34 * d, h / 2), 0.06 * inner, bevel=0.02 * d)
    return [*body, face, _marks(style, size, inner, front_y), *_hands(style, size, inner, front_y), pin]


def _marks(style: Style, size: Size, inner: float, front_y: float) -> Part:
    """Marks of the hours, all or every third."""
    _, d, h = size
    marks = []
    for k in range(12):
        if style["marks"] == 4 and k % 3:
            continue
        long = (0.16 if k % 3 == 0 else 0.09) * inner * style["mark"]
        bar = box(
            "mark",
            "hands",
            around(0, 0.035 * inner),
            (front_y - 0.04 * d, front_y + 0.02 * d),
            (h / 2 + inner - long, h / 2 + inner),
            0.005 * inner,
        )
        marks.append(turn(bar, "y", 30.0 * k, (0, 0, h / 2)))
    return merge("marks", marks)


def _hands(style: Style, size: Size, inner: float, front_y: float) -> list[Part]:
    """The hour hand and, before it, the minute hand."""
    _, d, h = size
    hands = []
    for k, (share, wide, angle) in enumerate(
        ((style["hour"], 0.06, style["time"] * 30), (style["minute"], 0.04, style["time"] * 360))
    ):
        y = (front_y - (0.16 + 0.1 * k) * d, front_y - (0.09 + 0.1 * k) * d)
        hands.append(
            turn(
                plate(
                    "hand",
                    "hands",
                    around(0, wide * inner),
                    y,
                    (h / 2 - 0.14 * inner, h / 2 + share * inner),
                    axis="y",
                    corner=0.02 * inner,
                    bevel=0.01 * d,
                ),
                "y",
                angle,
                (0, 0, h / 2),
            )
        )
    return hands


def _calendar(style: Style, size: Size) -> list[Part]:
    """Pages on a spiral; standing like a tent when its box is deep, flat on a wall when not."""
    w, d, h = size
    ring = style["ring"] * 0.05 * h
    page_h = h - ring
    lean = np.arctan2(max(d / 2 - ring, 0.0), page_h) if d > 0.15 * h else 0.0
    thick = min(style["pages"] * 0.015 * h, 0.3 * d)
    top = h - ring
    slope = page_h / np.cos(lean)

    def leaf(name: str, slot: str, x: Span, y: Span, z: Span) -> Part:
        part = box(name, slot, x, y, z, 0.15 * length(y))
        return move(turn(part, "x", -np.degrees(lean), (0, 0, 0)), 0, 0, top)

    x = (-w / 2, w / 2)
    parts = [
        leaf("pages", "paper", inset(x, 0.01 * w), (-thick, 0), (-slope, 0)),
        leaf("back", "card", x, (0, 0.4 * thick), (-slope, 0)),
    ]
    head = style["picture"] * slope
    parts.append(
        leaf("header", "picture", inset(x, style["margin"] * w), (-1.06 * thick, -0.9 * thick), (-head, -0.06 * slope))
    )
    grid = inset(x, 0.06 * w), (-0.95 * slope, -head - 0.06 * slope)
    cells = tiles(
        "days",
        "ink",
        grid[0],
        (-1.05 * thick, -0.9 * thick),
        grid[1],
        (7, 1, style["weeks"]),
        style["gap"] * 0.012 * w,
        0.01 * thick,
    )
    parts.append(move(turn(cells, "x", -np.degrees(lean)), 0, 0, top))
    if lean > 0:
        parts += [
            move(
                turn(box("stand", "card", x, (-0.4 * thick, 0), (-slope, 0), 0.06 * thick), "x", np.degrees(lean)),
                0,
                0,
                top,
            )
        ]
        parts.append(box("foot", "card", x, (-d / 2 + 0.2 * d, d / 2 - 0.02 * d), (0, 0.3 * thick), 0.05 * thick))
    rings = [
        torus("ring", "rings", (px, 0, top), 0.75 * ring, style["wire"] * ring, axis=0, sides=14)
        for px in np.linspace(-0.44, 0.44, style["rings"]) * w
    ]
    return [*parts, merge("rings", rings)]


KINDS = (
    Kind(
        "picture frame",
        "decor",
        ("picture", "painting", "photo frame", "poster", "artwork", "wall art"),
        (0.6, 0.03, 0.45),
        {"frame": "oak wood", "inner": "gold", "mat": "white paper", "picture": "colourful painting"},
        FRAMES
        | {
            "margin": Range(0.5, 1.2),
            "bead": Range(0.25, 0.4),
            "sink": Range(0.5, 0.7),
            "mat": Choice(("mat", "none")),
        },
        _picture,
    ),
    Kind(
        "mirror",
        "decor",
        ("wall mirror", "full length mirror", "looking glass"),
        (0.6, 0.04, 0.9),
        {"frame": "brass", "inner": "gold", "mirror": "mirror glass"},
        FRAMES
        | {
            "arch": Range(0.4, 1.0),
            "bead": Range(0.25, 0.4),
            "pane": Range(0.02, 0.2),
            "form": Choice(("rectangle", "oval", "arch")),
        },
        _mirror,
    ),
    Kind(
        "clock",
        "decor",
        ("wall clock", "alarm clock", "watch"),
        (0.32, 0.05, 0.32),
        {"case": "black metal", "face": "white paper", "hands": "black metal"},
        {
            "rim": Range(0.6, 1.4),
            "edge": Range(0.3, 1.0),
            "mark": Range(0.7, 1.3),
            "hour": Range(0.5, 0.62),
            "minute": Range(0.75, 0.9),
            "time": Range(0.0, 12.0),
            "form": Choice(("round", "square")),
            "marks": Choice((4, 12)),
        },
        _clock,
    ),
    Kind(
        "calendar",
        "decor",
        ("desk calendar", "wall calendar", "planner"),
        (0.22, 0.1, 0.17),
        {
            "paper": "white paper",
            "card": "dark blue paper",
            "picture": "red paper",
            "ink": "light grey paper",
            "rings": "black metal",
        },
        {
            "ring": Range(0.8, 1.4),
            "pages": Range(0.6, 1.5),
            "picture": Range(0.22, 0.5),
            "gap": Range(0.8, 2.0),
            "wire": Range(0.2, 0.4),
            "margin": Range(0.02, 0.08),
            "weeks": Choice((4, 5, 6)),
            "rings": Choice((9, 13, 17)),
        },
        _calendar,
    ),
)
