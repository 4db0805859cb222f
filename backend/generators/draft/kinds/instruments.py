"""Musical instruments: guitar, piano, drum."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import front, leg, rod, unit
from ..outlines import (
    Span,
    around,
    curve,
    fillet,
    inset,
    length,
    middle,
    split,
)
from ..solids import (
    box,
    cylinder,
    lathe,
    merge,
    move,
    plate,
    prism,
    stretch,
    torus,
    turn,
)


def _guitar_outline(style: Style, w: float, h: float) -> np.ndarray:
    """Closed outline of a body of width w and height h, bottom at z = 0."""
    waist, upper = style["waist"], style["upper"]
    right = [
        (0.0, 0.0),
        (0.3, 0.02),
        (0.5, 0.26),
        (0.5 * waist, 0.6),
        (0.5 * upper, 0.82),
        (0.3 * upper, 0.985),
        (0.0, 1.0),
    ]
    if style["cutaway"] == "cutaway":
        right[4:] = [(0.5 * upper, 0.8), (0.42 * upper, 0.95), (0.24 * upper, 0.84), (0.0, 0.86)]
    left = [
        (-x, z)
        for x, z in (
            [
                (0.0, 0.0),
                (0.3, 0.02),
                (0.5, 0.26),
                (0.5 * waist, 0.6),
                (0.5 * upper, 0.82),
                (0.3 * upper, 0.985),
                (0.0, 1.0),
            ]
        )[1:-1]
    ][::-1]
    half = curve(np.array(right), 36)
    other = curve(np.array([right[-1], *left, (0.0, 0.0)]), 36)
    return np.concatenate([half, other[1:-1]]) * (w, h)


def _guitar(style: Style, size: Size) -> list[Part]:
    """Standing upright, strings to the front."""
    w, d, h = size
    body_h = style["body"] * h
    deep = d * 0.8
    y = (d / 2 - deep, d / 2)
    outline = _guitar_outline(style, w, body_h)
    parts = [
        prism("body", "body", outline, "y", y, 0.02 * deep, 2, smooth=60, grain=2),
        prism(
            "top",
            "top",
            outline * 0.985 + np.array([0, 0.007 * body_h]),
            "y",
            (y[0] - 0.03 * d, y[0] + 0.02 * d),
            0.01 * d,
            1,
            smooth=60,
            grain=2,
        ),
    ]
    face = y[0] - 0.03 * d
    hole = style["hole"] * min(0.14 * w, 0.12 * body_h)
    hole_z = 0.62 * body_h
    parts += _sound_hole(hole, face, hole_z, d)
    bridge_z = 0.3 * body_h
    parts.append(
        plate(
            "bridge",
            "dark",
            around(0, 0.36 * w),
            (face - 0.05 * d, face + 0.01 * d),
            around(bridge_z, 0.045 * body_h),
            axis="y",
            corner=0.02 * body_h,
            bevel=0.01 * d,
        )
    )
    head_h = style["head"] * h
    neck_w = style["neck"] * 0.13 * w
    neck_z = (0.84 * body_h if style["cutaway"] == "cutaway" else 0.96 * body_h, h - head_h)
    neck = fillet(
        [(-neck_w / 2, face), (neck_w / 2, face), (0.32 * neck_w, face + 0.3 * d), (-0.32 * neck_w, face + 0.3 * d)],
        0.2 * neck_w,
        3,
        closed=True,
    )
    parts.append(prism("neck", "neck", neck, "z", neck_z, 0.002 * h, 1, smooth=60))
    board = (face - 0.05 * d, face + 0.01 * d)
    board_z = (hole_z + 0.9 * hole, h - head_h)
    parts.append(box("fingerboard", "dark", around(0, neck_w), board, board_z, 0.005 * d))
    parts += _frets(style, size, neck_w, board, board_z)
    parts += _guitar_head(size, neck_w, head_h, face)
    pegs = []
    for z in np.linspace(h - 0.7 * head_h, h - 0.15 * head_h, 3):
        for s in (-1, 1):
            pegs.append(
                cylinder(
                    "peg",
                    "metal",
                    (s * 0.6 * neck_w, face + 0.08 * d, z),
                    (s * 1.25 * neck_w, face + 0.08 * d, z),
                    0.1 * neck_w,
                    0.16 * neck_w,
                    bevel=0.03 * neck_w,
                    sides=12,
                )
            )
    strings = [
        rod(
            "string",
            "metal",
            (s * neck_w, board[0] - 0.03 * d, bridge_z),
            (0.9 * s * neck_w, board[0] - 0.03 * d, h - 0.6 * head_h),
            style["string"] * 0.004 * w,
            5,
        )
        for s in np.linspace(-0.38, 0.38, 6)
    ]
    return [*parts, merge("pegs", pegs), merge("strings", strings)]


def _frets(style: Style, size: Size, neck_w: float, board: Span, board_z: Span) -> list[Part]:
    """Frets, closer the nearer the body."""
    _, d, h = size
    parts: list[Part] = []
    frets = [
        box(
            "fret",
            "metal",
            around(0, 0.96 * neck_w),
            (board[0] - 0.012 * d, board[0] + 0.01 * d),
            around(board_z[1] - length(board_z) * (1 - 2 ** (-k / 9)), 0.003 * h),
            0.001 * d,
        )
        for k in range(1, style["frets"])
    ]
    parts.append(merge("frets", frets))
    return parts


def _guitar_head(size: Size, neck_w: float, head_h: float, face: float) -> list[Part]:
    """The head at the end of the neck."""
    _, d, h = size
    parts: list[Part] = []
    head = [
        (-0.5 * neck_w, h - head_h),
        (0.5 * neck_w, h - head_h),
        (0.85 * neck_w, h - 0.8 * head_h),
        (0.75 * neck_w, h),
        (-0.75 * neck_w, h),
        (-0.85 * neck_w, h - 0.8 * head_h),
    ]
    parts.append(
        prism(
            "head",
            "neck",
            fillet(head, 0.2 * neck_w, 3, closed=True),
            "y",
            (face - 0.02 * d, face + 0.18 * d),
            0.01 * d,
            grain=2,
        )
    )
    return parts


def _sound_hole(hole: float, face: float, hole_z: float, d: float) -> list[Part]:
    """The hole and its rosette."""
    parts: list[Part] = []
    parts.append(
        cylinder(
            "hole", "dark", (0, face + 0.01 * d, hole_z), (0, face - 0.006 * d, hole_z), hole, bevel=0.001 * d, sides=40
        )
    )
    parts.append(front(torus("rosette", "trim", (0, 0, 0), 1.14 * hole, 0.12 * hole, sides=40), 0, face, hole_z))
    return parts


def _piano(style: Style, size: Size) -> list[Part]:
    """An upright piano, keys to the front."""
    w, d, h = size
    u = unit(size)
    x, y = (-w / 2, w / 2), (-d / 2, d / 2)
    side = style["side"] * 0.05 * w
    body_y = (y[0] + style["keys_depth"] * d, y[1])
    key_z = style["key_height"] * h
    bed = 0.07 * h
    edge = style["edge"] * 0.012 * u
    inner = inset(x, side)
    parts = [
        box("body", "case", inset(x, 0.5 * side), inset(body_y, 0.02 * d, 0), (0.04 * h, 0.97 * h), edge, grain=2),
        box("lid", "case", x, inset(body_y, -0.02 * d, 0), (0.96 * h, h), edge, 2, grain=0),
        *[
            box("side", "case", s, inset(body_y, -0.01 * d, 0), (0, 0.965 * h), edge, grain=2)
            for s in ((x[0], x[0] + side), (x[1] - side, x[1]))
        ],
        box("key bed", "case", x, (y[0], body_y[0] + 0.05 * d), (key_z - bed, key_z), edge, 2, grain=0),
        *[
            box(
                "cheek",
                "case",
                s,
                (y[0] + 0.02 * d, body_y[0] + 0.03 * d),
                (key_z - 0.2 * bed, key_z + 0.05 * h),
                edge,
                2,
            )
            for s in ((x[0], x[0] + side), (x[1] - side, x[1]))
        ],
    ]
    parts += _piano_keys(style, size, inner, y, body_y, key_z, bed)
    desk = plate(
        "music desk",
        "case",
        around(0, style["desk"] * w),
        (-0.015 * d, 0.015 * d),
        (0, 0.22 * h),
        axis="y",
        corner=0.03 * h,
        bevel=0.005 * d,
        grain=0,
    )
    parts.append(move(turn(desk, "x", -12), 0, body_y[0] - 0.04 * d, key_z + 0.08 * h))
    parts += _piano_legs(style, size, x, side, key_z, edge, y, bed, body_y)
    pedals = [
        plate(
            "pedal",
            "metal",
            around(px, 0.025 * w),
            (body_y[0] - 0.12 * d, body_y[0] + 0.05 * d),
            (0.05 * h, 0.065 * h),
            corner=0.01 * w,
            bevel=0.004 * h,
        )
        for px in np.linspace(-0.06, 0.06, style["pedals"]) * w
    ]
    return [*parts, merge("pedals", pedals)]


def _piano_keys(style: Style, size: Size, inner: Span, y: Span, body_y: Span, key_z: float, bed: float) -> list[Part]:
    """White and black keys over whole octaves."""
    w, d, h = size
    parts: list[Part] = []
    white = style["octaves"] * 7 + 1
    keys = split(inset(inner, 0.005 * w), white, 0.04 * w / white)
    key_y = (y[0] + 0.02 * d, body_y[0] + 0.02 * d)
    parts.append(
        merge(
            "white keys",
            [box("key", "white keys", k, key_y, (key_z - 0.1 * bed, key_z + 0.018 * h), 0.1 * length(k)) for k in keys],
        )
    )
    wide = 0.55 * length(keys[0])
    black = [
        box(
            "key",
            "black keys",
            around(a[1], wide),
            (key_y[0] + 0.4 * length(key_y), key_y[1]),
            (key_z, key_z + 0.034 * h),
            0.15 * wide,
        )
        for n, a in enumerate(keys[:-1])
        if n % 7 in (0, 1, 3, 4, 5)
    ]
    parts.append(merge("black keys", black))
    return parts


def _piano_legs(
    style: Style, size: Size, x: Span, side: float, key_z: float, edge: float, y: Span, bed: float, body_y: Span
) -> list[Part]:
    """Legs or brackets under the key bed."""
    w, d, h = size
    u = unit(size)
    parts: list[Part] = []
    if style["legs"] != "none":
        shape = "turned" if style["legs"] == "turned" else "square"
        parts += [
            leg(
                "leg",
                "case",
                (px, y[0] + 0.07 * d, 0),
                (px, y[0] + 0.07 * d, key_z - 0.8 * bed),
                style["leg"] * 0.05 * u,
                0.8,
                shape,
            )
            for px in inset(x, 0.5 * side + 0.01 * w)
        ]
    else:
        for px in inset(x, 0.5 * side):
            parts.append(
                prism(
                    "bracket",
                    "case",
                    [
                        (y[0] + 0.04 * d, key_z - 0.9 * bed),
                        (body_y[0] + 0.02 * d, 0.15 * h),
                        (body_y[0] + 0.02 * d, key_z - 0.9 * bed),
                    ],
                    "x",
                    around(px, 0.8 * side),
                    0.2 * edge,
                    grain=2,
                )
            )
    return parts


def _drum(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    hoop = style["hoop"] * 0.07 * h
    legs = style["legs_height"] * h if style["legs"] == "stand" else 0.0
    shell_r = 0.94 * r
    belly = style["belly"] * 0.1
    t = np.linspace(-1, 1, 13)
    side = np.stack([shell_r * (1 - belly * t**2), legs + (h - legs) * (0.5 + 0.47 * t)], axis=1)
    shell = lathe("shell", "shell", [(0, side[0, 1]), *side, (0, side[-1, 1])], sides=48)
    parts = [shell]
    edge = shell_r * (1 - belly)
    parts += _drum_head(legs, h, hoop, edge)
    parts += _lugs(style, r, shell_r, legs, h, hoop)
    if legs:
        feet = [
            turn(rod("leg", "metal", (0.9 * r, 0, 0), (0.7 * r, 0, legs + 0.2 * (h - legs)), 0.05 * r), "z", a)
            for a in (90, 210, 330)
        ]
        parts.append(merge("legs", feet))
    if style["sticks"] == "sticks":
        for s in (-1, 1):
            stick = cylinder(
                "stick",
                "sticks",
                (0.5 * s * r, -0.7 * r, h - 0.2 * hoop),
                (0.1 * s * r, 0.6 * r, h - 0.2 * hoop),
                style["stick"] * 0.035 * r,
                0.02 * r,
                bevel=0.005 * r,
                sides=10,
            )
            parts.append(stick)
    return [stretch(part, w / (2 * r), d / (2 * r)) for part in parts]


def _drum_head(legs: float, h: float, hoop: float, edge: float) -> list[Part]:
    """Hoops and skin."""
    parts: list[Part] = []
    for z, name in ((legs + hoop / 2, "lower hoop"), (h - hoop / 2, "upper hoop")):
        parts.append(
            lathe(
                name,
                "hoops",
                fillet(
                    [
                        (0.9 * edge, z - hoop / 2),
                        (1.04 * edge, z - hoop / 2),
                        (1.04 * edge, z + hoop / 2),
                        (0.9 * edge, z + hoop / 2),
                    ],
                    0.2 * hoop,
                    2,
                ),
                sides=48,
            )
        )
    parts.append(
        lathe(
            "skin",
            "skin",
            [(0, h - 0.8 * hoop), (0.93 * edge, h - 0.8 * hoop), (0.93 * edge, h - 0.35 * hoop), (0, h - 0.3 * hoop)],
            sides=48,
        )
    )
    return parts


def _lugs(style: Style, r: float, shell_r: float, legs: float, h: float, hoop: float) -> list[Part]:
    """Tension rods around the shell."""
    parts: list[Part] = []
    lugs = []
    for k in range(style["lugs"]):
        a = 360.0 * k / style["lugs"] + 10
        lug = [
            rod(
                "tension rod",
                "metal",
                (1.015 * shell_r, 0, legs + 0.8 * hoop),
                (1.015 * shell_r, 0, h - 0.8 * hoop),
                style["rod"] * 0.03 * r,
                8,
            )
        ]
        if style["lacing"] == "lugs":
            lug.append(
                box(
                    "lug",
                    "metal",
                    around(0.99 * shell_r, 0.08 * r),
                    around(0, 0.1 * r),
                    around(middle((legs, h)), style["lug"] * 0.22 * (h - legs)),
                    0.02 * r,
                    2,
                )
            )
        lugs += [turn(piece, "z", a) for piece in lug]
    parts.append(merge("lugs", lugs))
    return parts


KINDS = (
    Kind(
        "guitar",
        "music",
        ("acoustic guitar", "electric guitar", "ukulele", "violin", "bass"),
        (0.38, 0.12, 1.0),
        {
            "body": "mahogany wood",
            "top": "spruce wood",
            "neck": "walnut wood",
            "dark": "dark walnut wood",
            "trim": "white plastic",
            "metal": "chrome",
        },
        {
            "body": Range(0.46, 0.52),
            "waist": Range(0.56, 0.7),
            "upper": Range(0.7, 0.82),
            "hole": Range(0.8, 1.1),
            "head": Range(0.13, 0.18),
            "neck": Range(0.9, 1.2),
            "string": Range(0.8, 1.4),
            "cutaway": Choice(("cutaway", "full")),
            "frets": Choice((12, 15, 18)),
        },
        _guitar,
    ),
    Kind(
        "piano",
        "music",
        ("upright piano", "grand piano", "keyboard instrument", "organ"),
        (1.48, 0.6, 1.2),
        {"case": "black lacquer", "white keys": "white plastic", "black keys": "black plastic", "metal": "brass"},
        {
            "side": Range(0.7, 1.2),
            "keys_depth": Range(0.36, 0.46),
            "key_height": Range(0.52, 0.6),
            "edge": Range(0.5, 1.6),
            "desk": Range(0.4, 0.7),
            "leg": Range(0.8, 1.3),
            "octaves": Choice((6, 7)),
            "legs": Choice(("turned", "square", "none")),
            "pedals": Choice((2, 3)),
        },
        _piano,
    ),
    Kind(
        "drum",
        "music",
        ("snare drum", "drums", "bongo", "djembe"),
        (0.36, 0.36, 0.34),
        {"shell": "red plastic", "hoops": "chrome", "skin": "white plastic", "metal": "chrome", "sticks": "oak wood"},
        {
            "hoop": Range(0.8, 1.4),
            "legs_height": Range(0.2, 0.4),
            "belly": Range(0.0, 1.0),
            "rod": Range(0.7, 1.3),
            "lug": Range(0.7, 1.2),
            "stick": Range(0.7, 1.3),
            "legs": Choice(("stand", "none")),
            "lugs": Choice((6, 8, 10)),
            "lacing": Choice(("lugs", "rods")),
            "sticks": Choice(("sticks", "none")),
        },
        _drum,
    ),
)
