"""The elephant: trunk, tusks and ears like sheets."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Style
from ..bodies import Bone, Cover, ball, chain
from .coats import coat, tail_of
from .growth import Frame, creature
from .quadrupeds import (
    KNOBS,
    Anatomy,
    Build,
    anatomy,
    eyes,
    horn_bones,
    tail_bones,
    tail_points,
    tuft,
)


def elephant(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        2.9,
        body=0.82,
        chest=0.34,
        belly=0.35,
        rump=0.32,
        width=0.85,
        slope=0.04,
        neck=0.22,
        neck_angle=20,
        neck_base=0.24,
        neck_top=0.2,
        head=0.21,
        pitch=48,
        muzzle=0.3,
        nose=0.11,
        thigh=0.17,
        forearm=0.14,
        shank=0.115,
        foot=0.115,
        stance=0.56,
        hock=0.0,
        eye=0.016,
        eye_angle=60,
        eye_raise=14,
    )
    animal = anatomy(build, style, frame)
    head, u = animal.head, animal.frame.unit
    points = tail_points(animal, style, 0.5, low=(-62, -88), level=(-50, -75))
    dome = [ball(head.at(s * 0.3, -0.25, 0.65), 0.62 * head.unit, 0.3 * head.unit) for s in (1, -1)]
    feet = [
        Bone((x, y, 0.1 * u), (x, y - 0.015 * u, 0.05 * u), 0.115 * u, 0.122 * u, 0.03 * u) for x, y, _ in animal.feet
    ]
    trunk = trunk_bones(animal, style)
    tail = tail_bones(points, 0.028 * u, 0.016 * u, 0.05 * u)
    nails = [
        ball((x + s * 0.06 * u, y - 0.115 * u + abs(s) * 0.025 * u, 0.035 * u), 0.028 * u)
        for x, y, _ in animal.feet
        for s in (-1, 0, 1)
    ]
    parts = [
        coat(animal, [*dome, *feet, *trunk], 12000),
        tail_of(tail),
        fan_ears(animal, style),
        eyes(animal),
        tuft(points, "tail tuft", "mane", 0.025 * u),
        Cover("toenails", "tusks", nails, 900),
    ]
    length = {"long": 1.0, "short": 0.55, "none": 0.0}[style["tusks"]]
    if length:
        lines = [
            (0.42, 1.05, -0.35),
            (0.55, 1.35 + 0.2 * length, -0.9 * length - 0.25),
            (0.6, 1.5 + 0.9 * length, -1.0 * length - 0.2),
        ]
        parts.append(Cover("tusks", "tusks", horn_bones(animal, lines, [0.15, 0.13, 0.1, 0.04]), 800))
    return parts


def trunk_bones(animal: Anatomy, style: Style) -> list[Bone]:
    """A trunk from the face to the ground, or curled forwards or up."""
    u, head = animal.frame.unit, animal.head
    start = head.at(0, 1.1, -0.25)
    turn = {"hanging": 5.0, "curled": 22.0, "raised": 34.0}[style["trunk"]]
    heading, points = -72.0, [np.asarray(start)]
    forward = np.array([head.forward[0], head.forward[1], 0.0])
    forward /= np.linalg.norm(forward)
    span = (start[2] - 0.12 * u) / (0.92 if style["trunk"] == "hanging" else 1.12)
    for i in range(9):
        a = np.radians(heading)
        points.append(points[-1] + span / 9 * (forward * np.cos(a) + np.array([0, 0, np.sin(a)])))
        heading += turn * (-0.4 if i < 3 else 1.0) if style["trunk"] != "hanging" else (-6.0 if i < 4 else 12.0)
    points = [(float(x), float(y), max(float(z), 0.05 * u)) for x, y, z in points]
    return chain(points, [float(r) * u for r in np.linspace(0.125, 0.042, 10)], 0.04 * u)


def fan_ears(animal: Anatomy, style: Style) -> Cover:
    """Two thin sheets that hang from behind the eyes and stand off the neck."""
    head, grow = animal.head, style["ears"]
    flank, back = np.array([head.side[0], head.side[1], 0.0]), -np.array([head.forward[0], head.forward[1], 0.0])
    back /= np.linalg.norm(back)
    bones = []
    for s in (1, -1):
        spread = s * 0.62 * flank + 0.78 * back
        across = np.cross(spread, [0.0, 0.0, 1.0])
        root = np.asarray(head.centre) + head.unit * (s * 0.72 * flank - 0.1 * back)
        at = [(0.3, 0.6, 0.6), (1.15, 0.4, 0.85), (1.05, -0.5, 0.72), (0.6, -1.25, 0.38)]  # outwards, up, radius
        points = [tuple(root + head.unit * grow * (o * spread + np.array([0, 0, z]))) for o, z, _ in at]
        bones += chain(points, [r * head.unit * grow for _, _, r in at], 0.0, 0.14, tuple(across), joint=0.6)
    return Cover("ears", "fur", bones, 3000)


ELEPHANT = creature(
    "elephant",
    "animals",
    ("mammoth",),
    (2.0, 5.2, 3.2),
    {"fur": "hide", "tusks": "bone", "mane": "black mane", "eyes": "eye"},
    KNOBS | {"trunk": Choice(("hanging", "curled", "raised")), "tusks": Choice(("long", "short", "none"))},
    elephant,
)


KINDS = [ELEPHANT]
