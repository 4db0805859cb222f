"""The bicycle: wire wheels, a frame of tubes, fork, bars, drive, saddle; front wheel towards -Y."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import box, cylinder, lathe, merge, move, prism, tube, turn
from .frames import METALS, arc_sweep, at_wheel, pair, pipe, two_wheeler
from .panels import between
from .wheels import wire_wheel


def bicycle(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    r = 0.19 * length * style["wheels"]
    thick = 0.011 * length * style["tubes"]
    tyre = {"road": 0.028, "city": 0.042, "mountain": 0.062}[style["tyres"]] * r * 2
    front, rear = -0.5 * length + r, 0.5 * length - r
    seat_z, bar_z = 0.84 * height * style["seat"], 0.9 * height * style["bar_height"]
    crank = (0.0, 0.36 * rear + 0.02, 0.78 * r)
    saddle = np.array([0.0, 0.62 * rear, seat_z])
    head_low = np.array([0.0, front + 0.32 * r + 0.03, 1.12 * 2 * r])
    head_top = head_low + np.array([0.0, 0.05 * style["head_angle"], 0.16 * height])
    parts = [*at_wheel(wire_wheel(r, tyre), front, r), *at_wheel(wire_wheel(r, tyre), rear, r)]
    parts += frame(style, crank, saddle, head_low, head_top, (0.0, rear, r), thick)
    parts += fork(head_low, head_top, front, r, tyre, thick)
    parts += [
        *handlebar(style, head_top, bar_z, width, thick),
        *drive(style, crank, (0.0, rear, r), r, thick),
        *saddle_of(style, saddle, length),
    ]
    if style["extras"] in ("mudguards", "basket"):
        parts += mudguards(front, rear, r, tyre)
    if style["extras"] == "basket":
        parts.append(basket(front, head_top, r, width))
    return parts


def frame(
    style: Style,
    crank: tuple,
    saddle: np.ndarray,
    head_low: np.ndarray,
    head_top: np.ndarray,
    axle: tuple,
    thick: float,
) -> list[Part]:
    seat_joint = saddle - np.array([0.0, -0.02, 0.16 * saddle[2]]) + 0.12 * (np.asarray(crank) - saddle)
    low = 0.55 if style["frame"] == "step-through" else 0.97
    joint = np.asarray(crank) + low * (seat_joint - np.asarray(crank))
    bars = [
        pipe("seat tube", "frame", [crank, seat_joint], thick),
        pipe("down tube", "frame", [crank, np.add(head_low, (0, 0, 0.02))], 1.1 * thick),
        pipe("top tube", "frame", [joint, head_low + 0.7 * (head_top - head_low)], 0.95 * thick),
        pipe("head", "frame", [head_low, head_top], 1.35 * thick),
    ]
    stays = [
        pipe(
            "stay",
            "frame",
            [end + np.array([0.5 * s * thick, 0, 0]), np.asarray(axle) + np.array([s * 2.6 * thick, 0, 0])],
            0.6 * thick,
        )
        for end in (np.asarray(crank), seat_joint)
        for s in (1, -1)
    ]
    post = pipe("seat post", "metal", [seat_joint - 0.1 * (seat_joint - np.asarray(crank)), saddle], 0.75 * thick)
    return [*bars, merge("stays", stays), post]


def fork(low: np.ndarray, top: np.ndarray, front: float, r: float, tyre: float, thick: float) -> list[Part]:
    arm = max(0.8 * tyre, 2.2 * thick)
    blades = [
        pipe(
            "blade",
            "frame",
            [np.add(low, (s * 0.4 * arm, 0, 0.01)), np.add(low, (s * arm, -0.02, -0.06)), (s * arm, front, r)],
            0.7 * thick,
            0.05,
        )
        for s in (1, -1)
    ]
    return [merge("fork", blades)]


def handlebar(style: Style, head: np.ndarray, z: float, width: float, thick: float) -> list[Part]:
    half, (_, y, _) = width / 2, head
    stem = pipe("stem", "metal", [head - [0, 0.005, 0.02], (0, y, z - 0.03), (0, y - 0.06, z)], 0.8 * thick, 0.03)
    shapes = {
        "flat": [(0, y - 0.06, z), (0.4 * half, y - 0.06, z + 0.01), (half, y - 0.02, z + 0.015)],
        "city": [
            (0, y - 0.06, z),
            (0.35 * half, y - 0.1, z + 0.05),
            (0.8 * half, y - 0.05, z + 0.07),
            (half, y + 0.16, z + 0.05),
        ],
        "drop": [
            (0, y - 0.06, z),
            (0.88 * half, y - 0.06, z),
            (0.95 * half, y - 0.19, z - 0.03),
            (0.97 * half, y - 0.17, z - 0.13),
            (half, y - 0.04, z - 0.14),
        ],
    }
    side = shapes[style["bars"]]
    path = [*((-x, py, pz) for x, py, pz in side[:0:-1]), *side]
    bar = pipe("handlebar", "metal", path, 0.65 * thick, 0.045)
    end, before = np.array(side[-1]), np.array(side[-2])
    grip = pipe("grip", "grip", [end, end + 0.35 * (before - end)], 0.95 * thick)
    return [stem, bar, pair("grips", grip)]


def drive(style: Style, crank: tuple, axle: tuple, r: float, thick: float) -> list[Part]:
    """Chainring, chain, cranks and pedals."""
    x, big, small = 3.0 * thick, 0.3 * r * style["chainring"], 0.12 * r
    ring = turn(
        lathe(
            "ring",
            "metal",
            np.array([(0.78 * big, -0.003), (big, -0.003), (big, 0.003), (0.78 * big, 0.003)]),
            sides=32,
        ),
        "y",
        90.0,
    )
    sprocket = cylinder(
        "sprocket", "metal", (x - 0.006, axle[1], axle[2]), (x + 0.006, axle[1], axle[2]), small, sides=20
    )
    ups = [
        pipe(
            "chain",
            "grip",
            [(x, crank[1], crank[2] + s * big * 0.96), (x, axle[1], axle[2] + s * small * 0.96)],
            0.35 * thick,
            sides=6,
        )
        for s in (1, -1)
    ]
    arms, pedals = [], []
    for s in (1, -1):
        turned = np.radians(style["crank"])
        foot = np.array(
            [s * 5.2 * thick, crank[1] - s * 0.48 * r * np.cos(turned), crank[2] - s * 0.48 * r * np.sin(turned)]
        )
        arms.append(
            pipe(
                "arm",
                "metal",
                [(s * 4.0 * thick, crank[1], crank[2]), (s * 4.2 * thick, foot[1], foot[2])],
                0.6 * thick,
            )
        )
        pedals.append(
            box(
                "pedal",
                "grip",
                between(foot[0] - s * 0.01, foot[0] + s * 0.09),
                (foot[1] - 0.045, foot[1] + 0.045),
                (foot[2] - 0.012, foot[2] + 0.012),
                0.006,
            )
        )
    spider = cylinder(
        "spider", "metal", (x - 0.004, crank[1], crank[2]), (x + 0.004, crank[1], crank[2]), 0.5 * big, sides=20
    )
    bottom = cylinder(
        "bottom bracket",
        "metal",
        (-4.2 * thick, crank[1], crank[2]),
        (4.2 * thick, crank[1], crank[2]),
        0.9 * thick,
        sides=14,
    )
    return [
        merge("chainring", [move(ring, x, crank[1], crank[2]), spider, sprocket]),
        merge("chain", ups),
        merge("cranks", arms),
        merge("pedals", pedals),
        bottom,
    ]


def saddle_of(style: Style, at: np.ndarray, length: float) -> list[Part]:
    long, wide = 0.15 * length, {"narrow": 0.045, "wide": 0.065}[style["saddle"]] * length
    profile = [(-1.0, 0.18), (-0.6, 0.26), (-0.1, 0.4), (0.35, 0.85), (0.75, 1.0), (1.0, 0.75), (1.04, 0.3)]
    outline = [(w * wide * 0.7, t * long / 2) for t, w in profile] + [
        (-w * wide * 0.7, t * long / 2) for t, w in profile[::-1]
    ]
    seat = prism("saddle", "saddle", fillet(np.array(outline), 0.01, 2), "z", (0.0, 0.05), 0.018, 3)
    return [move(seat, 0, at[1], at[2] - 0.01)]


def mudguards(front: float, rear: float, r: float, tyre: float) -> list[Part]:
    guards = []
    for y, span in ((front, (20, 150)), (rear, (-5, 160))):
        angle = np.radians(np.linspace(*span, 20))
        path = np.column_stack(
            [np.zeros(20), y + (r + 0.6 * tyre) * np.cos(angle), r + (r + 0.6 * tyre) * np.sin(angle)]
        )
        section = np.array([(-0.8, -0.1), (0.8, -0.1), (0.55, 0.1), (-0.55, 0.1)]) * tyre
        guards.append(arc_sweep("guard", "frame", path, section, (y, r)))
    return [merge("mudguards", guards)]


def basket(front: float, head: np.ndarray, r: float, width: float) -> Part:
    wide = 0.3 * width
    y, z = head[1] - 0.2, head[2] - 0.02
    bars = []
    for k in range(5):
        s = 0.8 + 0.2 * k / 4
        path = [
            (s * x * wide, y + s * 0.5 * wide * t, z - 0.2 + 0.055 * k) for x, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        bars.append(tube("hoop", "metal", path, 0.004, sides=6, closed=True))
    for i in range(12):
        x, t = [(-1 + 2 * i / 3, -1), (1, -1 + 2 * (i - 4) / 3), (1 - 2 * (i - 8) / 3, 1)][i // 4]
        bars.append(
            tube(
                "rib",
                "metal",
                [(0.8 * x * wide, y + 0.4 * wide * t, z - 0.2), (x * wide, y + 0.5 * wide * t, z + 0.02)],
                0.004,
                sides=6,
            )
        )
    return merge("basket", bars)


KINDS = [
    two_wheeler(
        "bicycle",
        ("bike", "cycle", "mountain bike", "racing bike", "city bike"),
        (0.55, 1.78, 1.06),
        {"frame": "enamel"} | METALS,
        {
            "wheels": Range(0.95, 1.06),
            "tubes": Range(0.85, 1.3),
            "seat": Range(0.95, 1.08),
            "bar_height": Range(0.96, 1.05),
            "head_angle": Range(0.7, 1.5),
            "chainring": Range(0.8, 1.25),
            "crank": Range(0.0, 85.0),
            "saddle": Choice(("narrow", "wide")),
            "tyres": Choice(("road", "city", "mountain")),
            "frame": Choice(("diamond", "step-through")),
            "bars": Choice(("flat", "city", "drop")),
            "extras": Choice(("none", "mudguards", "basket")),
        },
        bicycle,
    ),
]
