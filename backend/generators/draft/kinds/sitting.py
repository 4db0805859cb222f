"""Creatures that sit or stand upright: rabbit, kangaroo, teddy bear. Measures are in body heights.

Default material words: "grey fur", "brown fur", "light brown fur", "cream fur", "pink skin", "eye",
"nose", "red cotton" (the teddy's ribbon).
"""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np

from ..asset import Choice, Range, Style
from ..bodies import Bone, Cover, ball, both_sides, chain, reach
from .growth import Frame, Head, creature, eyes_on

RABBIT_KNOBS = {
    "girth": Range(0.9, 1.12),
    "head_size": Range(0.9, 1.12),
    "muzzle_length": Range(0.85, 1.15),
    "ears": Range(0.85, 1.2),
    "ear_spread": Range(0.15, 0.5),
    "tail_size": Range(0.8, 1.3),
    "haunch": Range(0.9, 1.12),
    "gaze": Choice(("ahead", "left", "right")),
    "ear_set": Choice(("up", "back", "lop")),
    "markings": Choice(("plain", "white belly", "dutch")),
}


def rabbit(style: Style, frame: Frame) -> list[Cover]:
    frame = frame.scaled(0.3)
    u, girth, wide = frame.unit, style["girth"], frame.widening
    torso = chain(
        [frame.at(0, 0.38, 0.36), frame.at(0, 0.1, 0.44), frame.at(0, -0.28, 0.42)],
        [0.33 * girth * u, 0.31 * girth * u, 0.2 * girth * u],
        0.1 * u,
        0.85 * wide,
        joint=0.8,
    )
    haunch = style["haunch"]
    legs = both_sides(
        [
            Bone(
                frame.at(0.24, 0.38, 0.24),
                frame.at(0.26, 0.22, 0.28),
                0.24 * haunch * u,
                0.19 * haunch * u,
                0.12 * u,
                0.7,
            ),
            *chain([frame.at(0.26, 0.42, 0.07), frame.at(0.28, 0.02, 0.06)], [0.075 * u, 0.065 * u], 0.06 * u),
            *chain(
                [frame.at(0.12, -0.28, 0.36), frame.at(0.14, -0.34, 0.18), frame.at(0.14, -0.42, 0.06)],
                [0.12 * u, 0.075 * u, 0.06 * u],
                0.08 * u,
            ),
        ]
    )
    head = Head.looking(frame.at(0, -0.48, 0.7), style["gaze"], 16, 0.2 * style["head_size"] * u)
    neck = [Bone(frame.at(0, -0.26, 0.5), head.at(0, -0.3, -0.2), 0.19 * u, 0.16 * u, 0.15 * u)]
    length = 1.1 * style["muzzle_length"]
    skull = [
        ball(head.centre, head.unit, 0.12 * u, 0.9, head.direction(1, 0, 0)),
        Bone(head.at(0, 0.3, -0.15), head.at(0, length, -0.4), 0.75 * head.unit, 0.5 * head.unit, 0.1 * u),
    ]
    skull += [ball(head.at(s * 0.3, length, -0.55), 0.42 * head.unit, 0.06 * u) for s in (1, -1)]
    body = [*torso, *legs, *neck, *skull]
    nose = ball(head.at(0, length + 0.42, -0.25), 0.17 * head.unit, 0, 0.8, head.direction(0, 0, 1))
    parts = [
        Cover("coat", "fur", body, 10000),
        Cover("ears", "fur", rabbit_ears(head, style, 1.0), 2500),
        Cover("inner ears", "nose", rabbit_ears(head, style, 0.66), 1200),
        Cover("tail", "belly", [ball(frame.at(0, 0.74, 0.3), 0.12 * style["tail_size"] * u)], 600),
        eyes_on([*neck, *skull], head, 0.16 * head.unit, 62, 18),
        Cover("nose", "nose", [nose], 300),
    ]
    if style["markings"] != "plain":
        within = chain(
            [frame.at(0, 0.1, 0.12), frame.at(0, -0.34, 0.28), frame.at(0, -0.44, 0.46)], [0.18 * u, 0.16 * u, 0.12 * u]
        )
        parts.append(Cover("belly", "belly", body, 3000, within, 0.006 * u, 0.03 * u))
    if style["markings"] == "dutch":
        blaze = [Bone(head.at(0, 0.9, 0.9), head.at(0, length, -0.4), 0.3 * head.unit, 0.75 * head.unit)]
        parts.append(Cover("blaze", "belly", body, 1500, blaze, 0.006 * u, 0.02 * u))
    return parts


def rabbit_ears(head: Head, style: Style, share: float) -> list[Bone]:
    """Long ears; a `share` below 1 gives the pink lining that lies on their front."""
    bones, length = [], (3.0 if style["ear_set"] == "lop" else 2.3) * style["ears"]
    for side in (1, -1):
        out = side * style["ear_spread"]
        lean = {"up": (out, -0.15, 1.0), "back": (out, -1.1, 0.75), "lop": (1.6 * side, -0.2, 0.45)}[style["ear_set"]]
        way = np.asarray(lean) / np.linalg.norm(lean)
        end = way if style["ear_set"] != "lop" else np.array([0.25 * side, 0.25, -1.0])
        face = {"up": (0.3 * side, 1.0, 0.1), "back": (0.3 * side, 0.6, 1.0), "lop": (side, 0.5, 0.2)}[style["ear_set"]]
        face = np.asarray(face) / np.linalg.norm(face)
        root = np.array([0.38 * side, -0.25, 0.72]) + (1 - share) * 0.26 * face
        middle = root + way * length * (0.5 if style["ear_set"] != "lop" else 0.22)
        tip = middle + end * length * (0.5 if style["ear_set"] != "lop" else 0.62) * share
        across = head.direction(*face)
        unit = head.unit * share
        bones += [
            Bone(head.at(*root), head.at(*middle), 0.28 * unit, 0.42 * unit, 0.0, 0.34, across),
            Bone(head.at(*middle), head.at(*tip), 0.42 * unit, 0.16 * unit, 0.1 * unit, 0.34, across),
        ]
    return bones


RABBIT = creature(
    "rabbit",
    "animals",
    ("bunny", "hare"),
    (0.24, 0.45, 0.42),
    {"fur": "grey fur", "belly": "white fur", "nose": "pink skin", "eyes": "eye"},
    RABBIT_KNOBS,
    rabbit,
)

KANGAROO_KNOBS = {
    "girth": Range(0.9, 1.1),
    "upright": Range(-8.0, 8.0),
    "head_size": Range(0.9, 1.12),
    "ears": Range(0.85, 1.2),
    "haunch": Range(0.9, 1.12),
    "tail_thickness": Range(0.85, 1.15),
    "arms": Range(0.85, 1.15),
    "gaze": Choice(("ahead", "left", "right")),
    "joey": Choice(("none", "in the pouch")),
    "markings": Choice(("pale belly", "plain")),
}


def kangaroo(style: Style, frame: Frame) -> list[Cover]:
    frame = frame.scaled(1.35)
    u, girth = frame.unit, style["girth"]
    tilt = radians(58 + style["upright"])
    axis = np.array([0.0, -cos(tilt), sin(tilt)])
    hip = np.array([0.0, 0.12, 0.44])
    chest, neck_top = hip + 0.36 * axis, hip + 0.56 * axis + [0.0, -0.02, 0.02]
    torso = chain(
        [frame.at(*hip), frame.at(*(hip + 0.16 * axis)), frame.at(*chest)],
        [0.165 * girth * u, 0.15 * girth * u, 0.1 * girth * u],
        0.1 * u,
        0.92 * frame.widening,
        joint=0.8,
    )
    neck = [Bone(frame.at(*chest), frame.at(*neck_top), 0.095 * u, 0.06 * u, 0.1 * u)]
    head = Head.looking(
        frame.at(*np.add(neck_top, (0.0, -0.02, 0.03))), style["gaze"], 18, 0.075 * style["head_size"] * u
    )
    skull = [
        ball(head.centre, head.unit, 0.06 * u, 0.9, head.direction(1, 0, 0)),
        Bone(head.at(0, 0.3, -0.1), head.at(0, 2.0, -0.35), 0.72 * head.unit, 0.38 * head.unit, 0.03 * u),
    ]
    legs = kangaroo_legs(style, frame)
    tail = chain(
        [frame.at(0, 0.2, 0.4), frame.at(0, 0.42, 0.24), frame.at(0, 0.66, 0.1), frame.at(0, 0.98, 0.035)],
        [0.13 * style["tail_thickness"] * u, 0.085 * style["tail_thickness"] * u, 0.06 * u, 0.025 * u],
        0.1 * u,
    )
    body = [*torso, *legs, *tail, *neck, *skull]
    ears = []
    for side in (1, -1):
        across = head.direction(0.5 * side, 1, 0)
        length = 1.75 * style["ears"]
        middle, tip = head.at(side * 0.85, -0.35, 0.7 + 0.5 * length), head.at(side * 1.0, -0.4, 0.7 + length)
        ears += [
            Bone(head.at(side * 0.5, -0.2, 0.6), middle, 0.25 * head.unit, 0.42 * head.unit, 0.0, 0.35, across),
            Bone(middle, tip, 0.42 * head.unit, 0.14 * head.unit, 0.0, 0.35, across),
        ]
    parts = [
        Cover("coat", "fur", body, 12000),
        Cover("ears", "fur", ears, 1600),
        eyes_on([*neck, *skull], head, 0.19 * head.unit, 56, 20),
        Cover("nose", "nose", [ball(head.at(0, 2.32, -0.22), 0.22 * head.unit)], 300),
    ]
    front = np.array([0.0, -sin(tilt), -cos(tilt)])
    if style["markings"] == "pale belly":
        within = chain(
            [frame.at(*(p + 0.14 * front)) for p in (hip, hip + 0.2 * axis, hip + 0.42 * axis)],
            [0.11 * u, 0.1 * u, 0.07 * u],
        )
        parts.append(Cover("belly", "belly", body, 2500, within, 0.005 * u, 0.02 * u))
    if style["joey"] != "none":
        parts += joey(np.asarray(frame.at(*(hip + 0.1 * axis + 0.15 * front * girth))), u)
    return parts


def kangaroo_legs(style: Style, frame: Frame) -> list[Bone]:
    u, haunch, arm = frame.unit, style["haunch"], style["arms"]
    hind = chain(
        [frame.at(0.13, 0.14, 0.42), frame.at(0.17, -0.1, 0.3), frame.at(0.16, 0.16, 0.1)],
        [0.13 * haunch * u, 0.085 * haunch * u, 0.035 * u],
        0.08 * u,
    )
    foot = chain([frame.at(0.16, 0.18, 0.05), frame.at(0.17, -0.14, 0.03)], [0.036 * u, 0.026 * u], 0.02 * u)
    fore = chain(
        [frame.at(0.09, -0.08, 0.72), frame.at(0.13, -0.12, 0.58), frame.at(0.1, -0.26 * arm, 0.54)],
        [0.04 * u, 0.028 * u, 0.022 * u],
        0.04 * u,
    )
    hand = [ball((fore[-1].b[0], fore[-1].b[1] - 0.02 * u, fore[-1].b[2]), 0.032 * u, 0.02 * u)]
    return both_sides([*hind, *foot, *fore, *hand])


def joey(at: np.ndarray, u: float) -> list[Cover]:
    """A small head that looks out of the pouch."""
    head = Head(tuple(at), np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]), np.array([0.0, 0.0, 1.0]), 0.045 * u)
    skull = [
        ball(head.centre, head.unit),
        Bone(head.at(0, 0.3, 0), head.at(0, 1.7, -0.3), 0.7 * head.unit, 0.4 * head.unit, 0.02 * u),
    ]
    ears = [
        Bone(head.at(s * 0.5, 0, 0.6), head.at(s * 0.9, -0.1, 2.0), 0.3 * head.unit, 0.16 * head.unit, 0.01 * u)
        for s in (1, -1)
    ]
    return [Cover("joey", "fur", [*skull, *ears], 1500), eyes_on(skull, head, 0.2 * head.unit, 55, 15)]


KANGAROO = creature(
    "kangaroo",
    "animals",
    ("wallaby",),
    (0.62, 1.74, 1.37),
    {"fur": "fawn fur", "belly": "cream fur", "nose": "nose", "eyes": "eye"},
    KANGAROO_KNOBS,
    kangaroo,
)

TEDDY_KNOBS = {
    "girth": Range(0.88, 1.12),
    "head_size": Range(0.9, 1.12),
    "ears": Range(0.85, 1.25),
    "muzzle": Range(0.9, 1.15),
    "limbs": Range(0.9, 1.12),
    "arm_raise": Range(-25.0, 35.0),
    "leg_spread": Range(18.0, 34.0),
    "bow": Choice(("ribbon", "bow tie", "none")),
    "gaze": Choice(("ahead", "left", "right")),
    "stitching": Choice(("patched", "plain")),
}


def teddy(style: Style, frame: Frame) -> list[Cover]:
    frame = frame.scaled(0.28)
    u, girth, limb = frame.unit, style["girth"], style["limbs"]
    torso = chain(
        [frame.at(0, 0.06, 0.24), frame.at(0, 0.05, 0.5)],
        [0.25 * girth * u, 0.18 * girth * u],
        0.05 * u,
        frame.widening,
        joint=0.5,
    )
    head = Head.looking(frame.at(0, 0.0, 0.78), style["gaze"], 6, 0.22 * style["head_size"] * u)
    skull = [ball(head.centre, head.unit, 0.05 * u, 1.08, head.direction(1, 0, 0))]
    muzzle = [
        Bone(head.at(0, 0.6, -0.25), head.at(0, 0.95 * style["muzzle"], -0.28), 0.5 * head.unit, 0.42 * head.unit)
    ]
    spread, lift = radians(style["leg_spread"]), radians(style["arm_raise"])
    legs, arms, soles = [], [], []
    for side in (1, -1):
        foot = frame.at(side * (0.13 + 0.5 * sin(spread)), 0.04 - 0.5 * cos(spread), 0.12)
        legs += chain([frame.at(side * 0.13, 0.0, 0.14), foot], [0.13 * limb * u, 0.115 * limb * u], 0.03 * u)
        legs.append(
            Bone(foot, (foot[0], foot[1] - 0.02 * u, foot[2] + 0.06 * u), 0.12 * limb * u, 0.12 * limb * u, 0.03 * u)
        )
        way = np.array([side * sin(spread), -cos(spread), 0.0])
        soles.append(
            ball(tuple(np.asarray(foot) + 0.075 * u * limb * way + [0, 0, 0.03 * u]), 0.1 * u, 0, 0.5, tuple(way))
        )
        hand = frame.at(side * (0.17 + 0.3 * cos(lift)), -0.16, 0.52 + 0.3 * sin(lift - 0.35))
        arms += chain([frame.at(side * 0.15, 0.03, 0.54), hand], [0.095 * limb * u, 0.09 * limb * u], 0.02 * u)
    ears = [
        ball(head.at(s * 0.8, -0.05, 0.75), 0.42 * style["ears"] * head.unit, 0, 0.5, head.direction(0, 1, 0))
        for s in (1, -1)
    ]
    linings = [
        ball(head.at(s * 0.8, 0.14, 0.75), 0.26 * style["ears"] * head.unit, 0, 0.5, head.direction(0, 1, 0))
        for s in (1, -1)
    ]
    parts = [
        Cover("body", "fur", torso, 3500),
        Cover("head", "fur", skull, 2500),
        Cover("legs", "fur", legs, 2500),
        Cover("arms", "fur", arms, 2000),
        Cover("ears", "fur", ears, 1000),
        Cover("ear linings", "belly", linings, 500),
        Cover("muzzle", "belly", muzzle, 1000),
        Cover("soles", "belly", soles, 800),
        eyes_on([*skull, *muzzle], head, 0.11 * head.unit, 30, 22),
        Cover(
            "nose",
            "nose",
            [ball(head.at(0, 1.32 * style["muzzle"], -0.12), 0.16 * head.unit, 0, 0.75, head.direction(0, 0, 1))],
            400,
        ),
    ]
    if style["stitching"] == "patched":
        front = reach(torso, torso[0].a, (0.25, -1, 0.5))
        parts.append(Cover("patch", "belly", torso, 1200, [ball(front, 0.1 * u)], 0.006 * u, 0.01 * u))
    return [*parts, *ribbon(style, head, frame)]


def ribbon(style: Style, head: Head, frame: Frame) -> list[Cover]:
    """A ribbon around the neck with a bow in front, or the bow alone."""
    if style["bow"] == "none":
        return []
    u = frame.unit
    knot = np.add(frame.at(0, 0.04, 0.6), (0.0, -0.22 * u, -0.01 * u))
    loops = [
        Bone(
            tuple(knot),
            tuple(np.add(knot, (s * 0.13 * u, -0.01 * u, 0.02 * u))),
            0.025 * u,
            0.075 * u,
            0.02 * u,
            0.5,
            (0, 1, 0),
        )
        for s in (1, -1)
    ]
    if style["bow"] == "ribbon":
        loops += [
            Bone(
                tuple(knot),
                tuple(np.add(knot, (s * 0.07 * u, -0.03 * u, -0.16 * u))),
                0.025 * u,
                0.03 * u,
                0.01 * u,
                0.6,
                (0, 1, 0),
            )
            for s in (1, -1)
        ]
    band = ball(frame.at(0, 0.04, 0.6), 0.205 * u, 0, 0.16, (0, 0, 1))
    return [
        Cover("bow", "ribbon", [*loops, ball(tuple(knot), 0.04 * u, 0.01 * u)], 1600),
        Cover("ribbon", "ribbon", [band], 900),
    ]


TEDDY = creature(
    "teddy",
    "animals",
    ("teddy bear", "plush bear", "stuffed animal", "plush toy", "soft toy"),
    (0.27, 0.22, 0.32),
    {
        "fur": "caramel plush",
        "belly": "cream plush",
        "nose": "nose",
        "eyes": "eye",
        "ribbon": "red silk",
    },
    TEDDY_KNOBS,
    teddy,
)

KINDS = [KANGAROO, RABBIT, TEDDY]
