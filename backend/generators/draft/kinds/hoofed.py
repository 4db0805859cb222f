"""Animals on hooves: horse, zebra, cow, deer, goat, sheep, pig, giraffe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asset import Choice, Style
from ..bodies import Bone, Cover, ball, chain
from .coats import HOOFED, belly_patch, coat, ears_of, lifted, muzzle_patch, socks, tail_of
from .growth import Frame, creature
from .quadrupeds import (
    KNOBS,
    Anatomy,
    Build,
    anatomy,
    ear_bones,
    eyes,
    hooves,
    horn_bones,
    mane_bones,
    nose_tip,
    nostrils,
    tail_bones,
    tail_points,
    tuft,
)


def equine(animal: Anatomy, style: Style, crest: float, fall: float) -> list[Cover]:
    """A horse or a zebra."""
    u = animal.frame.unit
    ears = ear_bones(animal, style, 0.95, 0.26, out=0.3, back=0.1, seat=0.55, flat=0.6, tip=0.3)
    points = tail_points(animal, style, 0.62, low=(-30, -86), level=(10, -60))
    mane = Cover("mane", "mane", mane_bones(animal, crest, 0.035, fall), 3500)
    tail = Cover("tail", "mane", tail_bones(points, 0.045 * u, 0.02 * u, 0.04 * u, 0.045 * u), 1500)
    return [coat(animal, []), ears_of(ears), eyes(animal), nostrils(animal), hooves(animal), mane, tail]


EQUINE = Build(
    1.55,
    body=0.88,
    chest=0.225,
    belly=0.205,
    rump=0.225,
    width=0.78,
    neck=0.5,
    neck_angle=48,
    neck_base=0.19,
    neck_top=0.1,
    neck_flat=0.7,
    head=0.105,
    pitch=42,
    muzzle=0.36,
    nose=0.058,
    muzzle_flat=0.85,
    thigh=0.14,
    forearm=0.082,
    shank=0.042,
    foot=0.05,
    stance=0.56,
    hock=0.08,
    eye=0.018,
    eye_angle=68,
    eye_raise=18,
)


def horse(style: Style, frame: Frame) -> list[Cover]:
    animal = anatomy(EQUINE, style, frame)
    head = animal.head
    parts = equine(animal, style, 0.03, {"short": 0.0, "long": 0.22, "wild": 0.16}[style["mane"]])
    if style["markings"] != "plain":
        within = [Bone(head.at(0, 0.55, 1.0), head.at(0, 2.4, 0.3), 0.35 * head.unit, 0.3 * head.unit)]
        parts.append(Cover("blaze", "belly", [*animal.neck, *animal.skull], 700, within, lifted(animal)))
    if style["markings"] == "socks":
        parts.append(socks(animal, 0.2, [], "belly"))
    return parts


HORSE = creature(
    "horse",
    "animals",
    ("pony", "stallion", "mare", "foal", "donkey"),
    (0.6, 2.45, 2.1),
    {"fur": "brown fur", "mane": "black mane", "belly": "white fur"} | HOOFED,
    KNOBS | {"mane": Choice(("long", "short", "wild")), "markings": Choice(("plain", "blaze", "socks"))},
    horse,
)


def zebra(style: Style, frame: Frame) -> list[Cover]:
    build = replace(EQUINE, withers=1.32, belly=0.23, neck=0.44, neck_base=0.2, neck_top=0.12, head=0.115, muzzle=0.35)
    animal = anatomy(build, style, frame)
    parts = equine(animal, style, {"brush": 0.08, "crest": 0.055}[style["mane"]], 0.0)
    return [*parts, muzzle_patch(animal, "mane", 1.35, 0.1)]


ZEBRA = creature(
    "zebra",
    "animals",
    (),
    (0.62, 2.15, 1.72),
    {"fur": "zebra", "mane": "black mane"} | HOOFED,
    KNOBS | {"mane": Choice(("brush", "crest"))},
    zebra,
)


def cow(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        1.35,
        body=1.06,
        chest=0.29,
        belly=0.29,
        rump=0.27,
        width=0.82,
        neck=0.36,
        neck_angle=22,
        neck_base=0.22,
        neck_top=0.15,
        neck_flat=0.7,
        head=0.13,
        pitch=38,
        muzzle=0.34,
        nose=0.085,
        thigh=0.17,
        forearm=0.1,
        shank=0.055,
        foot=0.06,
        stance=0.6,
        hock=0.07,
        eye=0.02,
        eye_angle=66,
        eye_raise=20,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 1.1, 0.36, out=2.4, back=0.2, seat=1.3, flat=0.4, tip=0.5, droop=0.4)
    points = tail_points(animal, style, 0.72, low=(-60, -88), level=(-35, -70))
    parts = [
        coat(animal, []),
        ears_of(ears),
        tail_of(tail_bones(points, 0.03 * u, 0.018 * u, 0.05 * u)),
        eyes(animal),
        muzzle_patch(animal, "udder", 1.3, 0.0),
        nostrils(animal),
        hooves(animal),
        tuft(points, "tail tuft", "mane", 0.035 * u),
    ]
    hip = animal.torso[-1].b
    if style["sex"] == "cow":
        z, y = hip[2] - 1.0 * build.rump * u, hip[1] - 0.16 * u
        teats = [
            Bone(
                (sx * 0.06 * u, y + sy * 0.05 * u, z),
                (sx * 0.065 * u, y + sy * 0.05 * u, z - 0.17 * u),
                0.03 * u,
                0.016 * u,
                0.02 * u,
            )
            for sx in (1, -1)
            for sy in (1, -1)
        ]
        parts.append(Cover("udder", "udder", [ball((0, y, z), 0.13 * u), *teats], 1200))
    horns = {
        "short": [(0.75, -0.1, 0.75), (1.35, 0.0, 0.95), (1.55, 0.15, 1.5)],
        "long": [(0.75, -0.1, 0.75), (1.8, 0.1, 0.9), (2.5, 0.3, 1.5), (2.6, 0.3, 2.1)],
    }
    if style["horns"] != "none":
        line = horns[style["horns"]]
        parts.append(Cover("horns", "horns", horn_bones(animal, line, list(np.linspace(0.22, 0.06, len(line)))), 800))
    return parts


COW = creature(
    "cow",
    "animals",
    ("bull", "cattle", "ox", "calf", "buffalo"),
    (0.7, 2.55, 1.45),
    {"fur": "cow", "udder": "pink skin", "mane": "black mane", "horns": "horn"} | HOOFED,
    KNOBS | {"horns": Choice(("short", "none", "long")), "sex": Choice(("cow", "bull"))},
    cow,
)


def deer(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        1.15,
        body=0.85,
        chest=0.2,
        belly=0.18,
        rump=0.19,
        width=0.74,
        neck=0.5,
        neck_angle=56,
        neck_base=0.15,
        neck_top=0.085,
        head=0.1,
        pitch=26,
        muzzle=0.26,
        nose=0.042,
        thigh=0.12,
        forearm=0.066,
        shank=0.034,
        foot=0.04,
        stance=0.55,
        hock=0.09,
        eye=0.02,
        eye_angle=62,
        eye_raise=20,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 1.7, 0.36, out=1.1, back=0.3, seat=0.8, flat=0.4, tip=0.25)
    points = tail_points(animal, style, 0.16, count=3)
    parts = [
        coat(animal, tail_bones(points, 0.04 * u, 0.03 * u, 0.04 * u)),
        ears_of(ears),
        eyes(animal),
        nose_tip(animal),
        hooves(animal),
        belly_patch(animal),
    ]
    if style["antlers"] != "doe":
        parts.append(Cover("antlers", "horns", antler_bones(animal, style["antlers"] == "royal"), 4500))
    return parts


def antler_bones(animal: Anatomy, royal: bool) -> list[Bone]:
    """Two beams that sweep back, out and up, with tines in front; a royal has a crown of three."""
    beam = [(0.4, -0.1, 0.85), (0.9, -0.7, 2.0), (1.9, -1.1, 3.0), (2.2, -0.7, 4.3), (1.8, -0.3, 5.2)]
    tines = [
        [(0.6, -0.35, 1.3), (0.9, 0.7, 1.9), (0.95, 1.1, 2.5)],
        [(1.4, -0.9, 2.5), (2.0, 0.1, 3.1), (2.1, 0.4, 3.7)],
        [(2.15, -0.9, 3.7), (3.0, -0.4, 4.6)],
    ]
    if royal:
        tines += [[(2.15, -0.7, 4.4), (2.8, -1.0, 5.4)], [(2.0, -0.5, 4.8), (1.3, -1.1, 5.5)]]
    bones = horn_bones(animal, beam, [0.24, 0.2, 0.17, 0.14, 0.07])
    for tine in tines:
        bones += horn_bones(animal, tine, list(np.linspace(0.15, 0.07, len(tine))))
    return bones


DEER = creature(
    "deer",
    "animals",
    ("stag", "doe", "reindeer", "elk", "moose", "antelope", "gazelle"),
    (0.75, 1.75, 1.95),
    {"fur": "brown fur", "belly": "cream fur", "horns": "horn"} | HOOFED,
    KNOBS | {"antlers": Choice(("stag", "royal", "stag", "doe"))},
    deer,
)


def goat(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.75,
        body=0.92,
        chest=0.26,
        belly=0.27,
        rump=0.24,
        width=0.76,
        neck=0.4,
        neck_angle=50,
        neck_base=0.17,
        neck_top=0.11,
        head=0.13,
        pitch=36,
        muzzle=0.3,
        nose=0.062,
        thigh=0.13,
        forearm=0.08,
        shank=0.048,
        foot=0.055,
        hock=0.08,
        eye=0.022,
        eye_angle=62,
        eye_raise=22,
    )
    animal = anatomy(build, style, frame)
    head, u = animal.head, animal.frame.unit
    ears = ear_bones(animal, style, 1.3, 0.3, out=2.0, back=0.3, seat=1.1, flat=0.4, tip=0.4, droop=0.7)
    points = tail_points(animal, style, 0.2, low=(30, 55), level=(10, 20), count=3)
    parts = [
        coat(animal, tail_bones(points, 0.05 * u, 0.03 * u, 0.05 * u)),
        ears_of(ears),
        eyes(animal),
        nostrils(animal),
        hooves(animal),
    ]
    chin = head.at(0, 1.45, -0.75)
    parts.append(
        Cover(
            "beard",
            "mane",
            [
                Bone(chin, tuple(np.add(chin, (0.0, -0.02 * u, -0.2 * u))), 0.3 * head.unit, 0.07 * head.unit),
                Bone(chin, head.at(0, 0.9, -0.6), 0.3 * head.unit, 0.2 * head.unit, 0.1 * head.unit),
            ],
            600,
        )
    )
    lines = {
        "curved": [(0.35, -0.1, 0.8), (0.5, -0.5, 2.0), (0.75, -1.5, 2.5), (1.0, -2.3, 2.1)],
        "straight": [(0.35, -0.1, 0.8), (0.5, -0.7, 1.9), (0.65, -1.3, 2.9)],
        "spiral": [(0.35, -0.1, 0.8), (0.9, -0.8, 1.6), (1.7, -0.9, 1.5), (1.9, -0.2, 0.9)],
    }
    line = lines[style["horns"]]
    parts.append(Cover("horns", "horns", horn_bones(animal, line, list(np.linspace(0.27, 0.08, len(line)))), 1200))
    return parts


GOAT = creature(
    "goat",
    "animals",
    ("billy goat", "ibex", "ram"),
    (0.36, 1.4, 1.1),
    {"fur": "cream fur", "mane": "white mane", "horns": "charcoal horn"} | HOOFED,
    KNOBS | {"horns": Choice(("curved", "straight", "spiral"))},
    goat,
)


def sheep(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.75,
        body=0.8,
        chest=0.25,
        belly=0.26,
        rump=0.25,
        width=0.85,
        neck=0.32,
        neck_angle=46,
        neck_base=0.16,
        neck_top=0.12,
        head=0.125,
        pitch=36,
        muzzle=0.28,
        nose=0.065,
        thigh=0.12,
        forearm=0.08,
        shank=0.05,
        foot=0.055,
        stance=0.55,
        hock=0.06,
        eye=0.022,
        eye_angle=62,
        eye_raise=20,
    )
    animal = anatomy(build, style, frame)
    ears = ear_bones(animal, style, 1.1, 0.3, out=2.4, back=0.2, seat=1.2, flat=0.4, tip=0.4, droop=0.6)
    skin_bones = [*animal.skull, *animal.neck, *animal.legs, *ears]
    return [
        fleece(animal, style),
        Cover("face and legs", "face", skin_bones, 6000),
        eyes(animal),
        nostrils(animal),
        hooves(animal),
    ]


def fleece(animal: Anatomy, style: Style) -> Cover:
    """Wool: the torso and the upper neck covered with locks."""
    u, rng = animal.frame.unit, style.random("fleece")
    size = {"shaggy": 0.085, "woolly": 0.07, "shorn": 0.03}[style["wool"]] * u
    shoulder, hip = animal.torso[0].a, animal.torso[-1].b
    tail = tail_bones(
        tail_points(animal, style, 0.3, low=(-30, -80), level=(0, -35), count=4), 0.08 * u, 0.05 * u, 0.08 * u
    )
    bones = [*animal.torso, *animal.neck[:1], *tail]
    for i in range(150):
        z = 1 - 2 * (i + 0.5) / 150
        turn = 2.39996 * i
        direction = np.array([np.cos(turn) * np.sqrt(1 - z * z), np.sin(turn) * np.sqrt(1 - z * z), z])
        t = np.clip(0.5 + 0.62 * direction[1], 0, 1)
        start = np.array([0.0, shoulder[1] + t * (hip[1] - shoulder[1]), shoulder[2]])
        radius = 0.27 * u
        at = start + direction * radius * [0.85, 0.75, 0.95]
        bones.append(ball(tuple(at), size * rng.uniform(0.8, 1.2), 0.35 * size))
    if style["wool"] != "shorn":
        bones += [
            ball(animal.head.at(s, -0.25, 0.75), 0.5 * animal.head.unit, 0.2 * animal.head.unit)
            for s in (-0.4, 0.0, 0.4)
        ]
    return Cover("wool", "fur", bones, 12000)


SHEEP = creature(
    "sheep",
    "animals",
    ("lamb", "ewe"),
    (0.44, 1.31, 0.97),
    {"fur": "fleece", "face": "black fur"} | HOOFED | {"eyes": "amber eye"},
    KNOBS | {"wool": Choice(("woolly", "shaggy", "shorn"))},
    sheep,
)


def pig(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.72,
        body=0.98,
        chest=0.32,
        belly=0.34,
        rump=0.31,
        width=0.84,
        neck=0.26,
        neck_angle=8,
        neck_base=0.27,
        neck_top=0.22,
        head=0.22,
        pitch=22,
        muzzle=0.42,
        nose=0.1,
        muzzle_flat=1.0,
        thigh=0.17,
        forearm=0.12,
        shank=0.07,
        foot=0.07,
        stance=0.58,
        hock=0.05,
        eye=0.024,
        eye_angle=46,
        eye_raise=26,
    )
    animal = anatomy(build, style, frame)
    head, u = animal.head, animal.frame.unit
    droop = {"upright": 0.0, "lop": 1.5}[style["ear_set"]]
    ears = ear_bones(animal, style, 1.1, 0.42, out=0.7, back=-0.2, seat=0.65, flat=0.28, tip=0.25, droop=droop)
    root = animal.tail_root
    turn = np.linspace(0, 3.2 * np.pi, 14)
    radius = 0.05 * u * style["tail_length"]
    rise = 0.02 if style["tail"] == "level" else 0.0
    sway = 0.012 if style["tail"] == "aside" else 0.0
    curl = [
        tuple(
            np.add(
                root,
                (radius * np.sin(t) + sway * u * t, 0.012 * u * t, radius * (1 - np.cos(t)) + (rise * t - 0.02) * u),
            )
        )
        for t in turn
    ]
    snout = Bone(
        animal.nose,
        tuple(np.asarray(animal.nose) + 0.07 * u * np.asarray(head.direction(0, 1, 0))),
        0.105 * u,
        0.11 * u,
        0.03 * u,
    )
    end = np.asarray(animal.nose) + 0.165 * u * np.asarray(head.direction(0, 1, 0))
    holes = [ball(tuple(end + 0.045 * u * s * np.asarray(head.direction(1, 0, 0))), 0.024 * u) for s in (1, -1)]
    disc = ball(
        tuple(end - 0.015 * u * np.asarray(head.direction(0, 1, 0))), 0.105 * u, 0, 0.3, head.direction(0, 1, 0)
    )
    return [
        coat(animal, [snout]),
        ears_of(ears),
        tail_of(chain(curl, list(np.linspace(0.03 * u, 0.018 * u, 14)))),
        eyes(animal),
        Cover("snout", "snout", [disc], 800),
        Cover("nostrils", "nose", holes, 200),
        hooves(animal),
    ]


PIG = creature(
    "pig",
    "animals",
    ("piglet", "hog", "boar", "swine"),
    (0.5, 1.5, 0.8),
    {"fur": "pink skin", "snout": "dark pink skin"} | HOOFED,
    KNOBS | {"ear_set": Choice(("upright", "lop"))},
    pig,
)


def giraffe(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        2.9,
        body=0.5,
        chest=0.15,
        belly=0.125,
        rump=0.12,
        width=0.78,
        slope=0.1,
        neck=0.68,
        neck_angle=64,
        neck_base=0.105,
        neck_top=0.05,
        neck_flat=0.85,
        head=0.055,
        pitch=30,
        muzzle=0.17,
        nose=0.03,
        thigh=0.085,
        forearm=0.05,
        shank=0.026,
        foot=0.03,
        stance=0.6,
        hock=0.04,
        eye=0.011,
        eye_angle=66,
        eye_raise=18,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 1.3, 0.3, out=2.0, back=0.3, seat=1.1, flat=0.45, tip=0.3)
    points = tail_points(animal, style, 0.36, low=(-55, -85), level=(-35, -70))
    horns = horn_bones(animal, [(0.35, -0.2, 0.8), (0.45, -0.45, 1.9)], [0.16, 0.13])
    knobs = [ball(bone.b, 0.19 * animal.head.unit) for bone in horns]
    mane = Cover(
        "mane", "mane", mane_bones(animal, 0.022 if style["mane"] == "full" else 0.012, 0.014, forelock=False), 3000
    )
    return [
        coat(animal, []),
        ears_of([*ears, *horns]),
        tail_of(tail_bones(points, 0.018 * u, 0.01 * u, 0.03 * u)),
        eyes(animal),
        nostrils(animal),
        hooves(animal),
        mane,
        tuft(points, "tail tuft", "mane", 0.028 * u),
        Cover("ossicones", "mane", knobs, 300),
    ]


GIRAFFE = creature(
    "giraffe",
    "animals",
    (),
    (0.85, 2.75, 4.5),
    {"fur": "giraffe", "mane": "brown mane"} | HOOFED,
    KNOBS | {"mane": Choice(("full", "short"))},
    giraffe,
)


KINDS = [COW, DEER, GIRAFFE, GOAT, HORSE, PIG, SHEEP, ZEBRA]
