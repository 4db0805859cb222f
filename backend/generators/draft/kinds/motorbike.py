"""The motorbike: V engine in a cradle frame, classic, cruiser or sport; front wheel towards -Y."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..solids import box, cylinder, ellipsoid, lathe, merge, mirror, move, superellipsoid, turn
from .frames import LAMPS, METALS, arc_sweep, at_wheel, pair, pipe, two_wheeler
from .wheels import axle_wheel


def motorbike(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r = 0.16 * length * style["wheels"]
    front, rear = -0.5 * length + r, 0.5 * length - r
    rim = {"cast": "five spokes", "disc": "disc", "spoked": "ten spokes"}[style["rims"]]
    wide = 0.06 * length * style["tyre_width"]
    parts = [*motor_wheel(front, r, 0.8 * wide, rim), *motor_wheel(rear, r, 1.15 * wide, rim)]
    head = np.array([0.0, front + 0.6 * r + 0.1, 0.74 * height])
    parts += [
        *motor_fork(style, head, front, r, wide, height),
        *engine(front, rear, r, length),
        *tank_and_seat(style, head, rear, length, height),
    ]
    parts += [
        *exhausts(style, rear, r, length),
        *motor_bars(style, head, width, height),
        *motor_lamps(style, head, rear, length, height),
    ]
    arm = pipe("arm", "metal", [(1.1 * wide, rear, r), (1.0 * wide, 0.08 * length, 1.05 * r)], 0.018 * length)
    spine = pipe(
        "spine",
        "frame",
        [head, (0, 0.02 * length, 0.66 * height), (0, 0.16 * length, 0.55 * height), (0, 0.1 * length, 0.75 * r)],
        0.022 * length,
        0.05,
    )
    cradle = pipe(
        "cradle",
        "frame",
        [head - [0, 0.02, 0.06], (0.06 * length, front + 1.6 * r, 0.62 * r), (0.06 * length, 0.12 * length, 0.62 * r)],
        0.014 * length,
        0.06,
    )
    shock = pipe(
        "shock",
        "spring",
        [(1.15 * wide, rear - 0.25 * r, 1.25 * r), (1.1 * wide, 0.16 * length, 0.55 * height)],
        0.018 * length,
    )
    return [
        *parts,
        pair("swing arms", arm),
        spine,
        pair("cradle", cradle),
        pair("shocks", shock),
        *fenders(style, front, rear, r, wide),
    ]


def motor_wheel(y: float, r: float, wide: float, rim: str) -> list[Part]:
    parts = at_wheel(axle_wheel(r, wide, rim, 0.26), y, r)
    disc = cylinder("disc", "metal", (0.62 * wide, y, r), (0.68 * wide, y, r), 0.5 * r, sides=24)
    hub = cylinder("axle", "metal", (-1.2 * wide, y, r), (1.2 * wide, y, r), 0.08 * r, sides=12)
    return [*parts, pair("brake discs", disc), hub]


def motor_fork(style: Style, head: np.ndarray, front: float, r: float, wide: float, height: float) -> list[Part]:
    x = 0.95 * wide
    top = head + np.array([0.0, 0.03, 0.06 * height])
    leg = pipe("fork", "metal", [(x, front, r), (x, float(top[1]), float(top[2]))], 0.02 * height)
    sleeve = pipe(
        "sleeve",
        "frame",
        [(x, front, r), (x, float(0.6 * front + 0.4 * top[1]), float(0.6 * r + 0.4 * top[2]))],
        0.028 * height,
    )
    yokes = [
        box("yoke", "metal", (-1.3 * x, 1.3 * x), (at[1] - 0.03, at[1] + 0.03), (at[2] - 0.015, at[2] + 0.015), 0.006)
        for at in (top, head - [0, 0.02, 0.05 * height])
    ]
    return [pair("fork legs", leg), pair("fork sleeves", sleeve), merge("yokes", yokes)]


def engine(front: float, rear: float, r: float, length: float) -> list[Part]:
    """Crankcase and two finned cylinders in a V."""
    y, z, s = 0.0, 0.95 * r, length
    case = superellipsoid(
        "crankcase",
        "engine",
        (-0.075 * s, 0.075 * s),
        (y - 0.1 * s, y + 0.13 * s),
        (z - 0.07 * s, z + 0.05 * s),
        4.0,
        10,
    )
    cover = cylinder(
        "cover",
        "metal",
        (-0.09 * s, y + 0.03 * s, z - 0.01 * s),
        (0.09 * s, y + 0.03 * s, z - 0.01 * s),
        0.055 * s,
        sides=24,
    )
    profile = []
    for k in range(7):
        profile += [
            (0.058 * s, 0.016 * s * k),
            (0.058 * s, 0.016 * s * k + 0.007 * s),
            (0.044 * s, 0.016 * s * k + 0.009 * s),
            (0.044 * s, 0.016 * s * k + 0.0155 * s),
        ]
    jug = lathe("cylinder", "engine", np.array([(0, 0), *profile, (0.03 * s, 0.125 * s), (0, 0.125 * s)]), sides=20)
    jugs = [
        move(turn(jug, "x", angle), 0, y + dy, z + 0.02 * s) for angle, dy in ((24.0, -0.03 * s), (-24.0, 0.05 * s))
    ]
    return [case, cover, merge("cylinders", jugs)]


def tank_and_seat(style: Style, head: np.ndarray, rear: float, length: float, height: float) -> list[Part]:
    z = 0.72 * height
    fat = style["tank"]
    tank = superellipsoid(
        "tank",
        "paint",
        (-0.075 * length * fat, 0.075 * length * fat),
        (head[1] + 0.02, head[1] + 0.02 + 0.26 * length),
        (z - 0.05 * height, z + 0.12 * height * fat),
        2.6,
        12,
    )
    cap = cylinder(
        "cap",
        "metal",
        (0, head[1] + 0.11 * length, z + 0.1 * height * fat),
        (0, head[1] + 0.11 * length, z + 0.128 * height * fat),
        0.022 * length,
        sides=16,
    )
    start = head[1] + 0.25 * length
    lift = style["seat_height"] * height
    if style["body"] == "cruiser":
        seats = [
            superellipsoid(
                "seat",
                "saddle",
                (-0.08 * length, 0.08 * length),
                (start, start + 0.17 * length),
                (z - 0.13 * height + lift, z - 0.03 * height + lift),
                3.0,
                10,
            ),
            superellipsoid(
                "pillion",
                "saddle",
                (-0.06 * length, 0.06 * length),
                (start + 0.14 * length, start + 0.3 * length),
                (z - 0.1 * height, z + 0.02 * height),
                3.0,
                8,
            ),
        ]
    else:
        seats = [
            superellipsoid(
                "seat",
                "saddle",
                (-0.065 * length, 0.065 * length),
                (start - 0.01, start + 0.32 * length),
                (z - 0.06 * height + lift, z + 0.035 * height + lift),
                3.0,
                10,
            )
        ]
    tail = superellipsoid(
        "tail",
        "paint",
        (-0.05 * length, 0.05 * length),
        (start + 0.12 * length, min(start + 0.36 * length, 0.47 * length)),
        (z - 0.14 * height, z - 0.03 * height),
        3.0,
        8,
    )
    side = superellipsoid(
        "side cover",
        "paint",
        (0.03 * length, 0.07 * length),
        (start - 0.02, start + 0.14 * length),
        (z - 0.24 * height, z - 0.08 * height),
        4.0,
        8,
    )
    parts = [tank, cap, merge("seats", seats), tail, pair("side covers", side)]
    if style["body"] == "sport":
        y = head[1] - 0.05
        fairing = superellipsoid(
            "fairing",
            "paint",
            (-0.085 * length, 0.085 * length),
            (y - 0.12 * length, y + 0.14 * length),
            (0.55 * height, 0.88 * height),
            2.4,
            12,
        )
        belly = superellipsoid(
            "belly",
            "paint",
            (-0.085 * length, 0.085 * length),
            (y + 0.06 * length, y + 0.36 * length),
            (0.2 * height, 0.45 * height),
            2.8,
            10,
        )
        screen = superellipsoid(
            "screen",
            "glass",
            (-0.06 * length, 0.06 * length),
            (y - 0.08 * length, y + 0.06 * length),
            (0.8 * height, 0.99 * height),
            2.2,
            8,
        )
        parts += [fairing, belly, screen]
    return parts


def exhausts(style: Style, rear: float, r: float, length: float) -> list[Part]:
    x, s = 0.085 * length, length
    low, high = 0.75 * r, (0.75 if style["body"] == "cruiser" else 1.35) * r
    path = [
        (0.5 * x, -0.06 * s, 1.4 * r),
        (x, -0.13 * s, 1.2 * r),
        (x, -0.08 * s, low),
        (x, 0.1 * s, low),
        (x, rear - 0.2 * r, high),
    ]
    header = pipe("header", "metal", path, 0.016 * s, 0.06)
    end = np.array([x, rear + 0.35 * r, high + 0.02 * s * (style["body"] != "cruiser")])
    silencer = pipe("silencer", "metal", [(x, rear - 0.75 * r, low + 0.6 * (high - low)), end], 0.03 * s, sides=16)
    if style["pipes"] == "both sides":
        return [pair("headers", header), pair("silencers", silencer)]
    return [header, silencer]


def motor_bars(style: Style, head: np.ndarray, width: float, height: float) -> list[Part]:
    half, y, z = width / 2, head[1], head[2] + 0.08 * height
    rise = {"cruiser": 0.14, "sport": 0.0, "classic": 0.07}[style["body"]] * height
    back = {"cruiser": 0.16, "sport": 0.04, "classic": 0.1}[style["body"]]
    side = [
        (0.0, y, z),
        (0.35 * half, y, z + 0.7 * rise),
        (0.7 * half, y + 0.3 * back, z + rise),
        (half, y + back, z + rise - 0.01),
    ]
    bar = pipe("handlebar", "metal", [*((-px, py, pz) for px, py, pz in side[:0:-1]), *side], 0.014, 0.06)
    end, before = np.array(side[-1]), np.array(side[-2])
    grip = pipe("grip", "grip", [end, end + 0.6 * (before - end)], 0.022)
    root = np.array(side[2])
    mirror_at = np.add(root, (0.03, 0.0, 0.11 * height * style["mirrors"]))
    glass = ellipsoid("mirror", "metal", tuple(mirror_at), (0.05, 0.015, 0.035))
    stalk = pipe("stalk", "metal", [root, mirror_at], 0.007, sides=8)
    return [bar, pair("grips", grip), merge("mirrors", [glass, mirror(glass), stalk, mirror(stalk)])]


def motor_lamps(style: Style, head: np.ndarray, rear: float, length: float, height: float) -> list[Part]:
    y, z, r = head[1] - 0.085, head[2] + 0.01 * height, 0.075 * height * style["lamp"]
    shell = ellipsoid("lamp shell", "metal", (0, y + 0.3 * r, z), (1.08 * r, 1.1 * r, 1.08 * r))
    lens = ellipsoid("lamp", "lamp", (0, y - 0.6 * r, z), (0.95 * r, 0.45 * r, 0.95 * r))
    if style["body"] == "sport":
        lens = move(lens, 0, -0.045 * length, 0.02 * height)
    end = min(head[1] + 0.6 * length, 0.46 * length)  # of the seat
    tail = box("tail lamp", "tail lamp", (-0.04, 0.04), (end, end + 0.03), (0.61 * height, 0.65 * height), 0.008)
    blinkers = [
        ellipsoid("blinker", "blinker", (s * 0.055 * length, yy, zz), (0.022, 0.022, 0.018))
        for s in (1, -1)
        for yy, zz in ((y, z - 0.03), (end - 0.06, 0.62 * height))
    ]
    return [shell, lens, tail, merge("blinkers", blinkers)]


def fenders(style: Style, front: float, rear: float, r: float, wide: float) -> list[Part]:
    parts = []
    for name, y, span, w in (("front fender", front, (25, 150), 0.8), ("rear fender", rear, (10, 140), 1.15)):
        angle = np.radians(np.linspace(*span, 18))
        radius = 1.07 * r
        half = 0.62 * w * wide
        section = np.array(
            [(-1, -0.35), (-0.8, 0.1), (0, 0.3), (0.8, 0.1), (1, -0.35), (0.85, -0.35), (0, 0.12), (-0.85, -0.35)]
        ) * (half, half)
        path = np.column_stack([np.zeros(18), y + radius * np.cos(angle), r + radius * np.sin(angle)])
        parts.append(arc_sweep(name, "paint", path, section, (y, r)))
    return parts


KINDS = [
    two_wheeler(
        "motorbike",
        ("motorcycle", "chopper", "sport bike"),
        (0.85, 2.1, 1.22),
        {
            "paint": "car-paint",
            "frame": "black enamel",
            "engine": "aluminium",
            "spring": "black plastic",
            "glass": "dark-glass",
            "blinker": "amber plastic",
        }
        | METALS
        | LAMPS,
        {
            "wheels": Range(0.94, 1.06),
            "tyre_width": Range(0.85, 1.25),
            "tank": Range(0.88, 1.15),
            "mirrors": Range(0.7, 1.2),
            "lamp": Range(0.85, 1.2),
            "seat_height": Range(-0.02, 0.03),
            "body": Choice(("classic", "cruiser", "sport")),
            "rims": Choice(("cast", "spoked", "disc")),
            "pipes": Choice(("one side", "both sides")),
        },
        motorbike,
    ),
]
