"""The scooter: step-through body, shield, floor; front wheel towards -Y."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import box, ellipsoid, merge, mirror, move, prism, superellipsoid, torus, turn
from .frames import LAMPS, METALS, pair, pipe, two_wheeler
from .motorbike import motor_wheel


def scooter(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r = 0.115 * length * style["wheels"]
    front, rear = -0.5 * length + 1.3 * r, 0.5 * length - 1.6 * r
    wide = 0.06 * length
    parts = [
        *motor_wheel(front, r, wide, {"cast": "five spokes", "disc": "disc"}[style["rims"]]),
        *motor_wheel(rear, r, wide, {"cast": "five spokes", "disc": "disc"}[style["rims"]]),
    ]
    head = np.array([0.0, front + 0.1 * length, 0.78 * height])
    column = pipe("column", "metal", [(0, front, r), (0, head[1], head[2])], 0.022 * length)
    parts += [
        column,
        *scooter_shell(style, head, front, rear, r, length, height, width),
        *scooter_bars(style, head, width, height, length),
    ]
    return parts


def scooter_shell(
    style: Style, head: np.ndarray, front: float, rear: float, r: float, length: float, height: float, width: float
) -> list[Part]:
    floor_z, half = 1.05 * r, 0.22 * width * style["shield"]
    y_shield = head[1] - 0.02 * length
    outline = [
        (-half, floor_z),
        (half, floor_z),
        (1.08 * half, 0.45 * height),
        (0.8 * half, 0.72 * height),
        (0.3 * half, 0.79 * height),
        (-0.3 * half, 0.79 * height),
        (-0.8 * half, 0.72 * height),
        (-1.08 * half, 0.45 * height),
    ]
    shield = prism(
        "shield",
        "paint",
        fillet(np.array(outline), 0.06 * length, 3),
        "y",
        (-0.018 * length, 0.018 * length),
        0.012 * length,
        3,
    )
    shield = move(turn(shield, "x", -12.0, (0, 0, 0.45 * height)), 0, y_shield + 0.02 * length, 0)
    board = box(
        "floor",
        "paint",
        (-0.9 * half, 0.9 * half),
        (y_shield, 0.16 * length),
        (floor_z - 0.03 * length, floor_z + 0.01 * length),
        0.012 * length,
        2,
    )
    mat = box(
        "mat",
        "grip",
        (-0.7 * half, 0.7 * half),
        (y_shield + 0.05 * length, 0.13 * length),
        (floor_z, floor_z + 0.016 * length),
        0.004,
    )
    fat = style["rear_body"]
    body = superellipsoid(
        "rear body",
        "paint",
        (-0.2 * width * fat, 0.2 * width * fat),
        (0.07 * length, 0.5 * length),
        (0.85 * r, 0.52 * height),
        2.5,
        14,
    )
    cheek = ellipsoid(
        "cheek",
        "paint",
        (0.17 * width * fat, 0.3 * length, 0.36 * height),
        (0.09 * width * fat, 0.16 * length, 0.15 * height),
    )
    seat_z = 0.5 * height
    seat = superellipsoid(
        "seat",
        "saddle",
        (-0.15 * width, 0.15 * width),
        (0.06 * length, 0.45 * length),
        (seat_z, seat_z + 0.1 * height * style["seat"]),
        3.0,
        10,
    )
    fender = superellipsoid(
        "front fender",
        "paint",
        (-0.08 * width - 0.03 * length, 0.08 * width + 0.03 * length),
        (front - 1.3 * r, front + 1.1 * r),
        (0.9 * r, 2.35 * r),
        2.4,
        12,
    )
    tail = ellipsoid(
        "tail lamp", "tail lamp", (0, 0.485 * length, 0.42 * height), (0.05 * width, 0.015 * length, 0.03 * height)
    )
    parts = [shield, board, mat, body, pair("cheeks", cheek), seat, fender, tail]
    if style["extras"] in ("rack", "top box"):
        rack_z = seat_z + 0.02 * height
        bars = [
            pipe(
                "rack",
                "metal",
                [
                    (s * 0.1 * width, 0.4 * length, rack_z),
                    (s * 0.1 * width, 0.47 * length, rack_z + 0.05 * height),
                    (s * 0.1 * width, 0.5 * length, rack_z + 0.05 * height),
                ],
                0.008 * length,
                0.02,
            )
            for s in (1, 0, -1)
        ]
        parts.append(merge("rack", bars))
    if style["extras"] == "top box":
        parts.append(
            superellipsoid(
                "top box",
                "paint",
                (-0.16 * width, 0.16 * width),
                (0.38 * length, 0.52 * length),
                (seat_z + 0.07 * height, seat_z + 0.23 * height),
                5.0,
                8,
            )
        )
    return parts


def scooter_bars(style: Style, head: np.ndarray, width: float, height: float, length: float) -> list[Part]:
    y, z = head[1], 0.86 * height
    cowl = ellipsoid("cowl", "paint", (0, y - 0.01 * length, z), (0.2 * width, 0.07 * length, 0.055 * height))
    bar = pipe(
        "handlebar",
        "metal",
        [(-0.42 * width, y + 0.03 * length, z + 0.01), (0, y, z), (0.42 * width, y + 0.03 * length, z + 0.01)],
        0.012 * length,
        0.03,
    )
    grip = pipe(
        "grip",
        "grip",
        [(0.28 * width, y + 0.02 * length, z + 0.008), (0.46 * width, y + 0.032 * length, z + 0.012)],
        0.017 * length,
    )
    r = 0.05 * height * style["lamp"]
    place = z if style["lamp_place"] == "bars" else 0.62 * height
    y_lamp = y - 0.075 * length if style["lamp_place"] == "bars" else y - 0.055 * length
    lens = ellipsoid("lamp", "lamp", (0, y_lamp, place), (r, 0.5 * r, r))
    ring = torus("ring", "metal", (0, y_lamp + 0.1 * r, place), r, 0.25 * r, axis=1, sides=24)
    out, top = 0.5 * width - 0.06 * width, z + 0.11 * height * style["mirrors"]
    glass = ellipsoid("mirror", "metal", (out, y + 0.01, top), (0.06 * width, 0.012 * length, 0.03 * height))
    stalk = pipe(
        "stalk",
        "metal",
        [(0.26 * width, y + 0.01, z), (0.36 * width, y + 0.01, top - 0.02 * height), (out, y + 0.01, top)],
        0.006 * length,
        0.04,
        8,
    )
    return [cowl, bar, pair("grips", grip), lens, ring, merge("mirrors", [glass, mirror(glass), stalk, mirror(stalk)])]


KINDS = [
    two_wheeler(
        "scooter",
        ("vespa", "moped", "motor scooter"),
        (0.72, 1.8, 1.2),
        {"paint": "car-paint"} | METALS | LAMPS,
        {
            "wheels": Range(0.92, 1.1),
            "shield": Range(0.88, 1.15),
            "rear_body": Range(0.9, 1.12),
            "lamp": Range(0.85, 1.2),
            "seat": Range(0.9, 1.3),
            "mirrors": Range(0.7, 1.2),
            "rims": Choice(("cast", "disc")),
            "lamp_place": Choice(("bars", "shield")),
            "extras": Choice(("none", "rack", "top box")),
        },
        scooter,
    ),
]
