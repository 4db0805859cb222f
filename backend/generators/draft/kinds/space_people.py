"""Figures from space: astronaut and alien. The same skeleton as `people`, other bodies.

Default material words: suit "white canvas", trim "orange canvas", hard parts "white plastic", visor "gold";
the alien's skin "green skin", eyes "eye".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Style
from ..bodies import Bone, Cover, ball, chain
from ..solids import superellipsoid, tube
from .growth import Frame, Head, creature
from .people import KNOBS, Body, Figure, anatomy, arm_bones, face_bones, hands, leg_bones, shoes, torso_bones

SUIT = Figure(1.85, head=0.075, shoulder=0.115, chest=0.105, waist=0.1, hip=0.1, legs=0.46, limb=1.55)


def astronaut(style: Style, frame: Frame) -> list[Cover | Part]:
    body = anatomy(SUIT, style, frame)
    u, head = body.frame.unit, body.head
    helmet = 1.42 * head.unit
    centre = head.at(0, 0.05, -0.15)
    suit = [*torso_bones(body, style, 0.01), *arm_bones(body, 0.0, 1.95, 0.004), *leg_bones(body, 1.95, 0.004)]
    sight = [ball(head.at(0, 1.15, -0.05), {"wide": 1.25, "narrow": 1.0}[style["visor"]] * helmet * 0.8)]
    parts: list[Cover | Part] = [
        Cover("suit", "suit", suit, 8500),
        Cover("helmet", "hard", [ball(centre, helmet)], 2500),
        Cover("visor", "visor", [ball(centre, helmet)], 1500, sight, 0.006 * u, 0.01 * u),
        Cover("collar", "trim", [ball(tuple(np.add(body.neck, (0, 0, 0.012 * u))), 0.1 * u, 0, 0.3, (0, 0, 1))], 900),
        hands(body),
        shoes(body, "hard"),
        Cover("cuffs", "trim", cuffs(body), 1800),
        *backpack(body, style),
    ]
    return parts


def cuffs(body: Body) -> list[Bone]:
    """Coloured rings at wrists, elbows and knees."""
    u, bones = body.frame.unit, []
    for before, joint, radius in (
        (body.elbows, body.wrists, 0.042),
        (body.shoulders, body.elbows, 0.053),
        (body.knees, body.ankles, 0.058),
    ):
        for a, b in zip(before, joint, strict=True):
            way = np.subtract(b, a)
            at = np.add(a, 0.88 * way)
            bones.append(ball(tuple(at), radius * u, 0, 0.3, tuple(way)))
    return bones


def backpack(body: Body, style: Style) -> list[Part]:
    u, (x, y, z) = body.frame.unit, body.chest
    high = {"tall": 0.3, "square": 0.22}[style["pack"]] * u
    back, low = y + 0.05 * u, z - 0.62 * high
    pack = superellipsoid(
        "backpack", "hard", (x - 0.13 * u, x + 0.13 * u), (back, back + 0.13 * u), (low, low + high * 1.1), 6.0, 10
    )
    panel = superellipsoid(
        "chest panel",
        "hard",
        (x - 0.06 * u, x + 0.06 * u),
        (y - 0.12 * u, y - 0.05 * u),
        (z - 0.07 * u, z + 0.0 * u),
        6.0,
        6,
    )
    hose = tube(
        "hose",
        "trim",
        [
            (x + 0.05 * u, y - 0.1 * u, z - 0.04 * u),
            (x + 0.12 * u, y - 0.1 * u, z - 0.1 * u),
            (x + 0.14 * u, y, z - 0.1 * u),
            (x + 0.1 * u, back + 0.04 * u, z - 0.08 * u),
        ],
        0.012 * u,
    )
    return [pack, panel, hose]


ASTRONAUT = creature(
    "astronaut",
    "people",
    ("spaceman", "cosmonaut", "space suit"),
    (0.9, 0.75, 1.88),
    {
        "suit": "white canvas",
        "hard": "white plastic",
        "trim": "orange canvas",
        "visor": "gold",
        "skin": "white canvas",
    },
    KNOBS | {"visor": Choice(("wide", "narrow")), "pack": Choice(("tall", "square"))},
    astronaut,
)

GREY = Figure(1.3, head=0.105, shoulder=0.085, chest=0.062, waist=0.045, hip=0.056, legs=0.44, limb=0.68)


def alien(style: Style, frame: Frame) -> list[Cover]:
    body = anatomy(GREY, style, frame)
    head, u = body.head, body.frame.unit
    skull = alien_skull(head, style["skull"], body)
    tall = style["eye_size"]
    eyes = []
    for s in (1, -1):
        low, high = head.at(0.26 * s, 0.78, -0.28), head.at(0.26 * s + 0.4 * s * tall, 0.62, -0.02 + 0.28 * tall)
        eyes.append(
            Bone(
                low, high, 0.16 * tall * head.unit, 0.27 * tall * head.unit, 0.0, 0.6, head.direction(0.35 * s, 1, 0.1)
            )
        )
    nostrils = [ball(head.at(0.05 * s, 0.74, -0.52), 0.03 * head.unit) for s in (1, -1)]
    mouth = Bone(head.at(-0.12, 0.63, -0.75), head.at(0.12, 0.63, -0.75), 0.03 * head.unit, 0.03 * head.unit)
    body_bones = [*torso_bones(body, style), *arm_bones(body, 0.0, 2.0), *leg_bones(body, 2.0), *skull]
    parts = [
        Cover("skin", "skin", body_bones, 11000),
        hands(body),
        shoes(body, "skin"),
        Cover("eyes", "eyes", eyes, 1000),
        Cover("mouth", "eyes", [*nostrils, mouth], 500),
    ]
    if style["feelers"] != "none":
        feelers, tips = [], []
        for s in (1, -1):
            points = [head.at(0.3 * s, -0.1, 0.9), head.at(0.42 * s, 0.05, 1.5), head.at(0.62 * s, 0.2, 1.9)]
            feelers += chain(points, [0.06 * head.unit, 0.045 * head.unit, 0.035 * head.unit])
            tips.append(ball(points[-1], 0.12 * head.unit))
        parts += [Cover("feelers", "skin", feelers, 800), Cover("feeler tips", "eyes", tips, 400)]
    if style["belt"] == "belt":
        parts.append(Cover("belt", "belt", [ball(body.pelvis, 0.085 * style["girth"] * u, 0, 0.3, (0, 0, 1))], 900))
    return parts


def alien_skull(head: Head, shape: str, body: Body) -> list[Bone]:
    unit, side = head.unit, head.direction(1, 0, 0)
    crown = {"bulb": (0, -0.1, 0.25, 1.0), "long": (0, -0.75, 0.35, 0.9)}[shape]
    neck = [bone for bone in face_bones(body)[-6:-4]]
    return [
        *neck,
        ball(head.at(*crown[:3]), crown[3] * unit, 0.3 * unit, 0.92, side),
        Bone(head.at(0, 0.1, 0.0), head.at(0, 0.42, -0.78), 0.78 * unit, 0.26 * unit, 0.4 * unit, 0.9, side),
    ]


ALIEN = creature(
    "alien",
    "people",
    ("extraterrestrial", "martian", "monster", "creature"),
    (0.62, 0.5, 1.3),
    {"skin": "green skin", "eyes": "eye", "belt": "silver"},
    KNOBS
    | {
        "eye_size": Range(0.85, 1.25),
        "skull": Choice(("bulb", "long")),
        "feelers": Choice(("none", "feelers")),
        "belt": Choice(("belt", "bare")),
    },
    alien,
)

KINDS = [ASTRONAUT, ALIEN]
