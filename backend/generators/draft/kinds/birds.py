"""Birds that stand: crow, pigeon, sparrow, hen, flamingo. Measures are in body lengths (breast to vent).

Default material words: plumage "black feathers", "grey feathers", "brown feathers", "white feathers", "pink feathers";
wings and belly the same words in other colours; beak "charcoal beak", "beak"; legs "orange skin", "pink skin".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np

from ..asset import Choice, Range, Style
from ..bodies import Bone, Cover, Vec, ball, chain, reach
from .growth import Frame, Head, creature, eyes_on


@dataclass(frozen=True)
class Plan:
    """Proportions of a bird, in body lengths (angles in degrees)."""

    length: float  # metres from breast to vent
    breast: float = 0.3  # radius
    vent: float = 0.16
    pitch: float = 30.0  # how upright the body stands
    neck: tuple[tuple[float, float], ...] = ((0.08, 0.14), (0.14, 0.34))  # (forward, up) of its joints from the breast
    neck_radius: float = 0.15
    head: float = 0.17
    beak: float = 0.24
    beak_radius: float = 0.055
    beak_drop: float = 8.0
    leg: float = 0.42  # from the sole to the belly
    shank: float = 0.026
    toe: float = 0.2
    tail: float = 0.5
    tail_width: float = 0.12
    tail_angle: float = -22.0
    wing: float = 0.85
    eye: float = 0.035
    eye_angle: float = 62.0


@dataclass(frozen=True)
class Bird:
    """Bones by region and the frames that extras are attached to. Metres."""

    plan: Plan
    unit: float
    torso: list[Bone]
    neck: list[Bone]
    skull: list[Bone]
    thighs: list[Bone]
    legs: list[Bone]
    head: Head
    axis: np.ndarray  # of the body, towards the breast
    vent: Vec

    @property
    def bones(self) -> list[Bone]:
        return [*self.torso, *self.thighs, *self.neck, *self.skull]


KNOBS = {
    "girth": Range(0.9, 1.15),
    "upright": Range(-8.0, 10.0),
    "neck_length": Range(0.85, 1.15),
    "head_size": Range(0.9, 1.15),
    "beak_length": Range(0.8, 1.25),
    "legs": Range(0.85, 1.2),
    "tail_length": Range(0.8, 1.2),
    "wing_length": Range(0.92, 1.1),
    "gaze": Choice(("ahead", "left", "right")),
    "wings": Choice(("folded", "drooping", "half open")),
    "stand": Choice(("still", "stepping")),
}


def anatomy(plan: Plan, style: Style, frame: Frame) -> Bird:
    frame = frame.scaled(plan.length)
    u, girth = frame.unit, style["girth"]
    tilt = radians(plan.pitch + style["upright"])
    axis = np.array([0.0, -cos(tilt), sin(tilt)])
    leg = plan.leg * style["legs"]
    low = 0.45 * sin(tilt) + 0.9 * plan.vent - 0.14 * cos(tilt)  # how deep the tail end of an upright body hangs
    height = leg + max(plan.breast * 0.75, low)
    centre = np.array([0.0, 0.0, height])
    ends = [centre + 0.28 * axis, centre - 0.1 * axis, centre - 0.45 * axis]
    torso = chain(
        [frame.at(*p) for p in ends],
        [plan.breast * girth * u, 0.93 * plan.breast * girth * u, plan.vent * u],
        0.1 * u,
        0.92 * frame.widening,
        joint=0.8,
    )
    joints = [ends[0], *(ends[0] + np.array([0.0, -f, z]) * style["neck_length"] for f, z in plan.neck)]
    radii = np.linspace(min(1.5 * plan.neck_radius, 0.8 * plan.breast), plan.neck_radius, len(joints)) * u
    neck = chain([frame.at(*p) for p in joints], list(radii), 0.22 * u, joint=0.5)
    unit = plan.head * style["head_size"] * u
    head = Head.looking(frame.at(*joints[-1]), style["gaze"], plan.beak_drop, unit)
    head = replace(head, centre=head.at(0, 0.3, 0.2))
    thighs, legs = _legs(plan, style, frame, leg, height)
    skull = [ball(head.centre, unit, 0.7 * unit)]
    return Bird(plan, u, torso, neck, skull, thighs, legs, head, axis, frame.at(*ends[2]))


def _legs(plan: Plan, style: Style, frame: Frame, leg: float, height: float) -> tuple[list[Bone], list[Bone]]:
    u, shank = frame.unit, plan.shank * frame.unit
    step = 0.22 * leg if style["stand"] == "stepping" else 0.0
    thighs, legs = [], []
    for side in (1, -1):
        x = side * 0.42 * plan.breast
        y = 0.04 + side * step
        hip, knee = frame.at(x, 0.06, height - 0.45 * plan.breast), frame.at(x, 0.08 + 0.3 * side * step, 0.62 * leg)
        thighs.append(Bone(hip, knee, 0.42 * plan.breast * u, 1.6 * shank, 0.12 * u))
        foot = frame.at(x, y, plan.shank)
        legs += chain([knee, frame.at(x, y + 0.04, 0.35 * leg), foot], [1.2 * shank, shank, 1.1 * shank])
        for turn in (-35, 0, 35, 180):
            reach_out = plan.toe * u * (0.6 if turn == 180 else 1.0)
            tip = (foot[0] + reach_out * sin(radians(turn)), foot[1] - reach_out * cos(radians(turn)), 0.6 * shank)
            legs.append(Bone(foot, tip, 0.95 * shank, 0.55 * shank, 0.5 * shank))
    return thighs, legs


def wing_bones(bird: Bird, style: Style) -> list[Bone]:
    """Two folded wings: shoulder, covert and the long feathers that end over the tail."""
    u, plan = bird.unit, bird.plan
    open_, drop = {"folded": (0.0, 0.0), "drooping": (0.05, -0.16), "half open": (0.3, 0.02)}[style["wings"]]
    bones = []
    for side in (1, -1):
        start = np.add(bird.torso[0].a, 0.05 * u * bird.axis)
        shoulder = np.asarray(reach(bird.torso, tuple(start), (side, 0.0, 0.35)))
        shoulder[0] += side * 0.02 * u
        back = -bird.axis + np.array([side * (open_ - 0.12), 0.0, drop + 0.04])
        back /= np.linalg.norm(back)
        across = np.array([side * 1.0, 0.0, 0.3 - 0.6 * open_])
        length = plan.wing * style["wing_length"] * u
        bones += [
            Bone(tuple(shoulder), tuple(shoulder + 0.45 * length * back), 0.19 * u, 0.22 * u, 0.0, 0.36, tuple(across)),
            Bone(
                tuple(shoulder + 0.4 * length * back),
                tuple(shoulder + length * back),
                0.2 * u,
                0.085 * u,
                0.03 * u,
                0.3,
                tuple(across),
            ),
        ]
        for lower, share in ((0.09, 0.82), (0.17, 0.64)):
            root = shoulder + 0.35 * length * back - np.array([0.0, 0.0, 0.4 * lower * u])
            tip = shoulder + share * length * back - np.array([0.0, 0.0, lower * u])
            bones.append(Bone(tuple(root), tuple(tip), 0.12 * u, 0.07 * u, 0.01 * u, 0.34, tuple(across)))
    return bones


def tail_feathers(bird: Bird, style: Style, count: int = 5, fan: float = 10.0, curl: float = 0.0) -> list[Bone]:
    """A fan of flat feathers from the vent; `curl` bends them upwards (a cock's tail)."""
    u, plan = bird.unit, bird.plan
    length = plan.tail * style["tail_length"] * u
    bones = []
    for i in range(count):
        turn = radians(fan * (i - (count - 1) / 2))
        angle = radians(plan.tail_angle)
        way = np.array([sin(turn), cos(turn) * cos(angle), sin(angle)])
        across = np.cross(way, [1.0, 0.0, 0.0]) if curl == 0.0 else np.array([1.0, 0.0, 0.0])
        root = np.asarray(bird.vent) - 0.1 * u * way
        middle = root + 0.6 * (length + 0.1 * u) * way
        bend = way + curl * np.array([0.0, -0.5, 0.3])
        tip = middle + 0.5 * length * bend / np.linalg.norm(bend)
        width = plan.tail_width * u * 0.85
        bones += [
            Bone(tuple(root), tuple(middle), 0.7 * width, width, 0.01 * u, 0.32, tuple(across)),
            Bone(tuple(middle), tuple(tip), width, 0.6 * width, 0.01 * u, 0.32, tuple(across)),
        ]
    return bones


def beak_bones(bird: Bird, style: Style, hook: float = 0.0) -> list[Bone]:
    head, plan = bird.head, bird.plan
    length, r = plan.beak / plan.head * style["beak_length"], plan.beak_radius * bird.unit
    tip = head.at(0, 0.75 + length, -0.1 - hook)
    side = head.direction(1, 0, 0)
    return [
        Bone(head.at(0, 0.72, 0.05), tip, r, 0.16 * r, 0.0, 0.8, side),
        Bone(
            head.at(0, 0.7, -0.15),
            head.at(0, 0.72 + 0.85 * length, -0.2 - hook),
            0.8 * r,
            0.14 * r,
            0.05 * r,
            0.8,
            side,
        ),
    ]


def eyes(bird: Bird) -> Cover:
    return eyes_on(bird.skull, bird.head, bird.plan.eye * bird.unit, bird.plan.eye_angle, 18.0)


def standard(bird: Bird, style: Style, hook: float = 0.0) -> list[Cover]:
    """What every small bird has."""
    return [
        Cover("plumage", "plumage", bird.bones, 7000),
        Cover("wings", "wings", wing_bones(bird, style), 4000),
        Cover("tail", "wings", tail_feathers(bird, style), 2200),
        Cover("beak", "beak", beak_bones(bird, style, hook), 600),
        Cover("legs", "legs", bird.legs, 3000),
        eyes(bird),
    ]


def patch(bird: Bird, name: str, slot: str, centre: Vec, radius: float) -> Cover:
    u = bird.unit
    return Cover(name, slot, bird.bones, 1800, [ball(centre, radius * u)], 0.008 * u, 0.03 * u)


def belly(bird: Bird, slot: str = "belly") -> Cover:
    """The breast and the belly in another colour."""
    centre = np.asarray(bird.torso[0].a) + bird.unit * (0.12 * bird.axis - np.array([0.0, 0.0, 0.24]))
    return patch(bird, "belly", slot, tuple(centre), 0.36)


def crow(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.2,
        breast=0.28,
        pitch=28,
        neck=((0.1, 0.16), (0.19, 0.32)),
        neck_radius=0.14,
        head=0.165,
        beak=0.36,
        beak_radius=0.085,
        leg=0.4,
        shank=0.034,
        tail=0.62,
        tail_width=0.15,
        wing=1.12,
    )
    bird = anatomy(plan, style, frame)
    parts = standard(bird, style, 0.12)
    if style["throat"] == "shaggy":
        head, u = bird.head, bird.unit
        locks = [
            Bone(head.at(s * 0.35, 0.1, -0.6), head.at(s * 0.45, 0.35, -1.5 - 0.2 * (s == 0)), 0.06 * u, 0.015 * u)
            for s in (-1, 0, 1)
        ]
        parts.append(Cover("throat", "plumage", locks, 500))
    return parts


CROW = creature(
    "crow",
    "animals",
    ("raven", "blackbird", "magpie", "bird"),
    (0.145, 0.415, 0.25),
    {
        "plumage": "black feathers",
        "wings": "black feathers",
        "beak": "charcoal beak",
        "legs": "charcoal beak",
        "eyes": "eye",
    },
    KNOBS | {"throat": Choice(("smooth", "shaggy"))},
    crow,
)


def pigeon(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.17,
        breast=0.32,
        pitch=24,
        neck=((0.1, 0.2), (0.15, 0.38)),
        neck_radius=0.115,
        head=0.125,
        beak=0.14,
        beak_radius=0.04,
        leg=0.26,
        shank=0.03,
        toe=0.16,
        tail=0.46,
        tail_width=0.13,
        wing=1.0,
        eye=0.028,
    )
    bird = anatomy(plan, style, frame)
    low, high = np.asarray(bird.neck[0].a), np.asarray(bird.neck[-1].b)
    neck = patch(bird, "neck", "neck", tuple(0.42 * low + 0.58 * high), 0.2)
    cere = Cover("cere", "belly", [ball(bird.head.at(s * 0.2, 1.0, 0.22), 0.028 * bird.unit) for s in (1, -1)], 200)
    parts = [*standard(bird, style), neck, cere]
    if style["markings"] == "barred":
        parts.append(wing_bar(bird, style))
    if style["markings"] == "white belly":
        parts.append(belly(bird))
    return parts


def wing_bar(bird: Bird, style: Style) -> Cover:
    """A dark band across both wings."""
    wings, rise = wing_bones(bird, style), np.array([0.0, 0.0, 0.4 * bird.unit])
    half = len(wings) // 2
    within = []
    for first in (wings[0], wings[half]):
        at = 0.25 * np.asarray(first.a) + 0.75 * np.asarray(first.b)
        within.append(
            Bone(
                tuple(at - rise),
                tuple(at + rise),
                0.07 * bird.unit,
                0.07 * bird.unit,
            )
        )
    return Cover("wing bars", "bars", wings, 900, within, 0.006 * bird.unit)


PIGEON = creature(
    "pigeon",
    "animals",
    ("dove", "gull", "seagull"),
    (0.14, 0.31, 0.225),
    {
        "plumage": "grey feathers",
        "wings": "light grey feathers",
        "neck": "green feathers",
        "belly": "white feathers",
        "bars": "black feathers",
        "beak": "charcoal beak",
        "legs": "pink skin",
        "eyes": "orange eye",
    },
    KNOBS | {"markings": Choice(("barred", "plain", "white belly"))},
    pigeon,
)


def sparrow(style: Style, frame: Frame) -> list[Cover]:
    plan = Plan(
        0.085,
        breast=0.35,
        vent=0.18,
        pitch=32,
        neck=((0.06, 0.2), (0.12, 0.33)),
        neck_radius=0.19,
        head=0.215,
        beak=0.19,
        beak_radius=0.085,
        leg=0.32,
        shank=0.028,
        toe=0.2,
        tail=0.6,
        tail_width=0.12,
        wing=0.9,
        eye=0.046,
    )
    bird = anatomy(plan, style, frame)
    parts = [*standard(bird, style), belly(bird)]
    if style["bib"] != "none":
        centre = bird.head.at(0, 0.75, -0.85)
        parts.append(patch(bird, "bib", "bib", centre, 0.13 if style["bib"] == "small" else 0.2))
    return parts


SPARROW = creature(
    "sparrow",
    "animals",
    ("robin", "finch", "tit", "songbird", "canary", "budgie"),
    (0.05, 0.152, 0.098),
    {
        "plumage": "brown feathers",
        "wings": "dark brown feathers",
        "belly": "cream feathers",
        "bib": "black feathers",
        "beak": "charcoal beak",
        "legs": "pink skin",
        "eyes": "eye",
    },
    KNOBS | {"bib": Choice(("small", "large", "none"))},
    sparrow,
)


def hen(style: Style, frame: Frame) -> list[Cover]:
    cock = style["sex"] == "cock"
    plan = Plan(
        0.28,
        breast=0.34,
        vent=0.22,
        pitch=8,
        neck=((0.14, 0.22), (0.13, 0.5 if cock else 0.42)),
        neck_radius=0.125,
        head=0.14,
        beak=0.15,
        beak_radius=0.045,
        leg=0.42,
        shank=0.034,
        toe=0.2,
        tail=0.62 if cock else 0.42,
        tail_width=0.17,
        tail_angle=52,
        wing=0.62,
        eye=0.026,
    )
    bird = anatomy(plan, style, frame)
    head, u = bird.head, bird.unit
    tail = tail_feathers(bird, style, 7, 9.0, 0.6 if cock else 0.2)
    size = 1.35 if cock else 1.0
    comb = [
        Bone(
            head.at(0, 0.7 - 0.45 * i, 0.75),
            head.at(0, 0.75 - 0.55 * i, 0.95 + size * (0.55 - 0.08 * abs(i - 1.5))),
            0.05 * u,
            0.028 * u,
            0.02 * u,
            0.5,
        )
        for i in range(4)
    ]
    wattles = [
        Bone(head.at(s * 0.3, 0.95, -0.55), head.at(s * 0.34, 0.95, -0.85 - 0.4 * size), 0.03 * u, 0.045 * u, 0.0, 0.6)
        for s in (1, -1)
    ]
    parts = [
        Cover("plumage", "plumage", bird.bones, 8000),
        Cover("wings", "wings", wing_bones(bird, style), 3500),
        Cover("tail", "wings", tail, 3500),
        Cover("beak", "beak", beak_bones(bird, style), 500),
        Cover("legs", "legs", bird.legs, 3000),
        Cover("comb", "comb", comb, 900),
        Cover("wattles", "comb", wattles, 400),
        eyes(bird),
    ]
    if style["collar"] == "collared":
        parts.append(patch(bird, "collar", "wings", bird.neck[-1].a, 0.2))
    return parts


HEN = creature(
    "hen",
    "animals",
    ("chicken", "rooster", "cock", "turkey"),
    (0.286, 0.41, 0.375),
    {
        "plumage": "white feathers",
        "wings": "brown feathers",
        "comb": "red skin",
        "beak": "beak",
        "legs": "orange skin",
        "eyes": "eye",
    },
    KNOBS | {"sex": Choice(("hen", "cock")), "collar": Choice(("plain", "collared"))},
    hen,
)


def flamingo(style: Style, frame: Frame) -> list[Cover]:
    neck = {
        "high": ((0.16, 0.04), (0.3, 0.22), (0.26, 0.5), (0.08, 0.72), (0.04, 0.98), (0.14, 1.16), (0.26, 1.14)),
        "arched": ((0.18, 0.02), (0.36, 0.18), (0.4, 0.46), (0.28, 0.72), (0.26, 0.92), (0.38, 1.04), (0.5, 0.94)),
    }[style["neck"]]
    plan = Plan(
        0.42,
        breast=0.26,
        vent=0.14,
        pitch=14,
        neck=neck,
        neck_radius=0.052,
        head=0.085,
        beak=0.2,
        beak_radius=0.05,
        beak_drop=38,
        leg=1.35,
        shank=0.022,
        toe=0.17,
        tail=0.24,
        tail_width=0.14,
        wing=0.85,
        eye=0.02,
    )
    bird = anatomy(plan, style, frame)
    head, u = bird.head, bird.unit
    beak = [
        Bone(head.at(0, 0.7, 0), head.at(0, 1.7, 0.0), 0.055 * u, 0.05 * u),
        Bone(head.at(0, 1.7, 0.0), head.at(0, 2.3, -0.85 * style["beak_length"]), 0.05 * u, 0.03 * u),
    ]
    tip = Cover(
        "beak tip", "beak", beak, 400, [ball(head.at(0, 2.35, -0.85 * style["beak_length"]), 0.095 * u)], 0.004 * u
    )
    legs = bird.legs if style["rest"] == "two legs" else one_leg(bird, frame.scaled(plan.length))
    return [
        Cover("plumage", "plumage", bird.bones, 8000),
        Cover("wings", "wings", wing_bones(bird, style), 4000),
        Cover("tail", "wings", tail_feathers(bird, style, 3), 1000),
        Cover("beak", "belly", beak, 700),
        tip,
        Cover("legs", "legs", legs, 4000),
        eyes(bird),
    ]


def one_leg(bird: Bird, frame: Frame) -> list[Bone]:
    """The other leg is drawn up against the belly."""
    half = len(bird.legs) // 2
    standing, shank = bird.legs[:half], bird.plan.shank * bird.unit
    x, y, z = bird.legs[half].a
    knee = (x, y - 0.32 * bird.unit, z + 0.06 * frame.stretch[2])
    return [
        *standing,
        *chain(
            [(x, y, z + 0.1 * bird.unit), knee, (0.3 * x, y + 0.22 * bird.unit, z - 0.05 * frame.stretch[2])],
            [1.2 * shank, 1.3 * shank, shank],
        ),
    ]


FLAMINGO = creature(
    "flamingo",
    "animals",
    ("heron", "stork", "crane", "ostrich"),
    (0.3, 0.75, 1.25),
    {
        "plumage": "pink feathers",
        "wings": "dark pink feathers",
        "belly": "cream beak",
        "beak": "black beak",
        "legs": "pink skin",
        "eyes": "yellow eye",
    },
    KNOBS | {"neck": Choice(("high", "arched")), "rest": Choice(("one leg", "two legs"))},
    flamingo,
)

KINDS = [CROW, FLAMINGO, HEN, PIGEON, SPARROW]
