"""Duck, penguin and owl: birds of a shape of their own, on the anatomy of `birds`.

Default material words: plumage "brown feathers", "white feathers", "black feathers"; beak "beak"; legs "orange skin".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Style
from ..bodies import Bone, Cover, ball
from .birds import KNOBS, Bird, Plan, anatomy, beak_bones, belly, eyes, patch, tail_feathers, wing_bones
from .growth import Frame, creature


def duck(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.36,
        breast=0.28,
        vent=0.17,
        pitch=10,
        neck=((0.1, 0.14), (0.12, 0.32)),
        neck_radius=0.095,
        head=0.125,
        beak=0.2,
        beak_radius=0.07,
        leg=0.2,
        shank=0.03,
        toe=0.17,
        tail=0.22,
        tail_width=0.14,
        tail_angle=18,
        wing=0.78,
        eye=0.022,
    )
    bird = anatomy(plan, style, frame)
    head, u = bird.head, bird.unit
    length = plan.beak / plan.head * style["beak_length"]
    bill = [
        Bone(
            head.at(0, 0.7, -0.05),
            head.at(0, 0.75 + length, -0.32),
            0.07 * u,
            0.075 * u,
            0,
            0.4,
            head.direction(0, 0.2, 1),
        ),
        Bone(
            head.at(0, 0.7, -0.3),
            head.at(0, 0.72 + 0.9 * length, -0.45),
            0.05 * u,
            0.06 * u,
            0,
            0.35,
            head.direction(0, 0.2, 1),
        ),
    ]
    parts = [
        Cover("plumage", "plumage", bird.bones, 7000),
        Cover("wings", "wings", wing_bones(bird, style), 3500),
        Cover("tail", "wings", tail_feathers(bird, style, 5, 11.0, 0.3), 1800),
        Cover("bill", "beak", bill, 900),
        Cover("legs", "legs", [*bird.legs, *webs(bird)], 3000),
        eyes(bird),
    ]
    if style["sex"] == "drake":
        low, high = np.asarray(bird.neck[0].a), np.asarray(bird.neck[-1].b)
        cap = [
            ball(head.at(0, 0.1, 0.1), 1.3 * head.unit),
            Bone(tuple(0.25 * low + 0.75 * high), tuple(high), 0.13 * u, 0.13 * u),
        ]
        parts.append(Cover("hood", "hood", bird.bones, 2500, cap, 0.008 * u, 0.01 * u))
        parts.append(
            Cover(
                "collar",
                "collar",
                bird.bones,
                1200,
                [ball(tuple(0.42 * low + 0.58 * high), 0.17 * u, 0, 0.16, tuple(high - low))],
                0.012 * u,
                0.01 * u,
            )
        )
    return parts


def webs(bird: Bird) -> list[Bone]:
    """Skin between the toes."""
    return [
        Bone(
            bone.a,
            tuple(np.add(bone.a, (0.0, -0.75 * bird.plan.toe * bird.unit, -0.1 * bone.ra))),
            0.5 * bone.ra,
            0.42 * bird.plan.toe * bird.unit,
            0,
            0.14,
            (0, 0, 1),
        )
        for bone in (bird.legs[2], bird.legs[len(bird.legs) // 2 + 2])
    ]


DUCK = creature(
    "duck",
    "animals",
    ("mallard", "duckling", "goose", "swan", "drake"),
    (0.26, 0.55, 0.42),
    {
        "plumage": "brown feathers",
        "wings": "grey feathers",
        "hood": "green feathers",
        "collar": "white feathers",
        "beak": "beak",
        "legs": "orange skin",
        "eyes": "eye",
    },
    KNOBS | {"sex": Choice(("drake", "duck"))},
    duck,
)


def penguin(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.62,
        breast=0.27,
        vent=0.2,
        pitch=78,
        neck=((0.0, 0.1), (0.02, 0.24)),
        neck_radius=0.16,
        head=0.155,
        beak=0.22,
        beak_radius=0.05,
        beak_drop=4,
        leg=0.01,
        shank=0.055,
        toe=0.16,
        tail=0.2,
        tail_width=0.12,
        tail_angle=-35,
        wing=0.72,
        eye=0.022,
        eye_angle=48,
    )
    bird = anatomy(plan, style, frame)
    u, head = bird.unit, bird.head
    front = np.array([0.0, -1.0, 0.0])
    chest, low = np.asarray(bird.torso[0].a), np.asarray(bird.torso[-1].b)
    shirt = [Bone(tuple(chest + 0.2 * u * front), tuple(low + 0.2 * u * front - [0, 0, 0.02 * u]), 0.2 * u, 0.2 * u)]
    flippers = []
    drop = {"folded": 0.1, "drooping": 0.25, "half open": 0.55}[style["wings"]]
    for s in (1, -1):
        shoulder = chest + np.array([s * 0.26 * u, 0.02 * u, 0.04 * u])
        tip = shoulder + plan.wing * 0.72 * style["wing_length"] * u * np.array([s * drop, 0.12, -1.0])
        across = (1.0, 0.0, s * drop)
        flippers += [
            Bone(tuple(shoulder), tuple(0.5 * (shoulder + tip)), 0.07 * u, 0.085 * u, 0, 0.4, across),
            Bone(tuple(0.5 * (shoulder + tip)), tuple(tip), 0.085 * u, 0.035 * u, 0, 0.4, across),
        ]
    cheek = [
        ball(head.at(s * 1.05, 0.15, -0.35), (0.8 if style["crest"] == "emperor" else 0.5) * head.unit) for s in (1, -1)
    ]
    feet = [
        Bone(
            (bone.a[0], bone.a[1] + 0.04 * u, 0.045 * u),
            (bone.a[0] * 1.25, bone.a[1] - 0.17 * u, 0.025 * u),
            0.055 * u,
            0.085 * u,
            0,
            0.4,
            (0, 0, 1),
        )
        for bone in (bird.legs[0], bird.legs[len(bird.legs) // 2])
    ]
    parts = [
        Cover("plumage", "plumage", [*bird.torso, *bird.neck, *bird.skull], 6500),
        Cover("shirt", "belly", [*bird.torso, *bird.neck, *bird.skull], 3000, shirt, 0.007 * u, 0.05 * u),
        Cover("flippers", "plumage", flippers, 2000),
        Cover("tail", "plumage", tail_feathers(bird, style, 3), 700),
        Cover("beak", "beak", beak_bones(bird, style, 0.15), 600),
        Cover("cheeks", "cheek", [*bird.neck, *bird.skull], 1200, cheek, 0.006 * u, 0.02 * u),
        Cover("feet", "legs", feet, 1200),
        eyes(bird),
    ]
    if style["crest"] == "rockhopper":
        tufts = [Bone(head.at(s * 0.6, 0.3, 0.75), head.at(s * 1.15, -0.5, 1.2), 0.035 * u, 0.014 * u) for s in (1, -1)]
        parts.append(Cover("tufts", "cheek", tufts, 500))
    return parts


PENGUIN = creature(
    "penguin",
    "animals",
    ("emperor penguin", "puffin"),
    (0.38, 0.36, 0.8),
    {
        "plumage": "charcoal feathers",
        "belly": "white feathers",
        "cheek": "yellow feathers",
        "beak": "charcoal beak",
        "legs": "orange skin",
        "eyes": "eye",
    },
    KNOBS | {"crest": Choice(("emperor", "rockhopper", "plain"))},
    penguin,
)


def owl(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.3,
        breast=0.36,
        vent=0.2,
        pitch=68,
        neck=((0.02, 0.14), (0.04, 0.3)),
        neck_radius=0.3,
        head=0.33,
        beak=0.06,
        beak_radius=0.07,
        beak_drop=0,
        leg=0.16,
        shank=0.05,
        toe=0.16,
        tail=0.32,
        tail_width=0.16,
        tail_angle=-62,
        wing=0.95,
        eye=0.085,
        eye_angle=27,
    )
    bird = anatomy(plan, style, frame)
    head, u = bird.head, bird.unit
    discs, irises, pupils = [], [], []
    for s in (1, -1):
        across = head.direction(0.4 * s, 1, 0.05)
        discs.append(ball(head.at(0.4 * s, 0.8, 0.05), 0.52 * head.unit, 0, 0.3, across))
        irises.append(ball(head.at(0.42 * s, 0.93, 0.08), 0.25 * head.unit, 0, 0.5, across))
        pupils.append(ball(head.at(0.44 * s, 1.02, 0.08), 0.14 * head.unit, 0, 0.5, across))
    hook = [
        Bone(
            head.at(0, 0.95, -0.08),
            head.at(0, 1.16, -0.4),
            0.07 * u * style["beak_length"],
            0.02 * u,
            0,
            0.8,
            head.direction(1, 0, 0),
        )
    ]
    parts = [
        Cover("plumage", "plumage", bird.bones, 7500),
        Cover("wings", "wings", wing_bones(bird, style), 3500),
        Cover("tail", "wings", tail_feathers(bird, style), 1800),
        Cover("discs", "face", discs, 1600),
        Cover("eyes", "eyes", irises, 700),
        Cover("pupils", "pupil", pupils, 400),
        Cover("beak", "beak", hook, 400),
        Cover("legs", "legs", bird.legs, 2500),
        belly(bird, "face"),
    ]
    if style["tufts"] == "horned":
        horns = [
            Bone(head.at(s * 0.5, 0.1, 0.72), head.at(s * 0.85, -0.05, 1.4), 0.24 * head.unit, 0.05 * head.unit)
            for s in (1, -1)
        ]
        parts.append(Cover("tufts", "wings", horns, 700))
    if style["tufts"] == "crowned":
        parts.append(patch(bird, "crown", "wings", head.at(0, -0.1, 0.95), 0.2))
    return parts


OWL = creature(
    "owl",
    "animals",
    ("barn owl", "eagle owl", "eagle", "hawk", "parrot"),
    (0.24, 0.26, 0.42),
    {
        "plumage": "brown feathers",
        "wings": "chestnut feathers",
        "face": "cream feathers",
        "beak": "charcoal beak",
        "legs": "cream skin",
        "eyes": "amber eye",
        "pupil": "eye",
    },
    KNOBS | {"tufts": Choice(("horned", "plain", "crowned"))},
    owl,
)

KINDS = [DUCK, OWL, PENGUIN]
