"""Animals on paws: cat, dog, wolf, fox, lion, tiger, bear."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Style
from ..bodies import Bone, Cover, ball
from .coats import PAWED, belly_patch, coat, ear_tips, ears_of, lifted, muzzle_patch, socks, tail_of
from .growth import Frame, creature
from .quadrupeds import (
    KNOBS,
    Anatomy,
    Build,
    anatomy,
    ear_bones,
    eyes,
    nose_tip,
    paws,
    tail_bones,
    tail_points,
    tuft,
)


def cat(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.25,
        body=1.02,
        chest=0.25,
        belly=0.23,
        rump=0.24,
        width=0.82,
        neck=0.3,
        neck_angle=42,
        neck_base=0.17,
        neck_top=0.13,
        head=0.165,
        pitch=14,
        muzzle=0.235,
        nose=0.075,
        muzzle_flat=1.25,
        thigh=0.14,
        forearm=0.085,
        shank=0.058,
        foot=0.06,
        stance=0.62,
        hock=0.1,
        eye=0.036,
        eye_angle=38,
        eye_raise=14,
    )
    animal = anatomy(build, style, frame)
    ears = ear_bones(animal, style, 1.1, 0.52, out=0.45, back=0.05, seat=0.62, flat=0.4, tip=0.12)
    u, feet = animal.frame.unit, paws(animal)
    points = tail_points(animal, style, 0.95, low=(8, 40), level=(-30, 5), count=8)
    parts = [
        coat(animal, feet),
        ears_of(ears),
        tail_of(tail_bones(points, 0.05 * u, 0.035 * u, 0.06 * u)),
        eyes(animal),
        nose_tip(animal, size=0.35),
    ]
    if style["markings"] != "plain":
        parts += [muzzle_patch(animal, size=1.25), belly_patch(animal)]
    if style["markings"] == "tuxedo":
        parts.append(socks(animal, 0.16, feet, "belly"))
    return parts


CAT = creature(
    "cat",
    "animals",
    ("kitten", "kitty", "tomcat", "feline"),
    (0.16, 0.5, 0.3),
    {"fur": "striped grey fur", "belly": "white fur", "eyes": "green eye", "nose": "pink skin"},
    KNOBS | {"markings": Choice(("plain", "white chest", "tuxedo"))},
    cat,
)


def canine(
    build: Build, style: Style, frame: Frame, brush: float, floppy: bool, tail_up: bool
) -> tuple[Anatomy, list[Bone], list[Bone], list[Bone]]:
    """Skeleton, ears, feet and tail of a dog, a wolf or a fox."""
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    if floppy:
        ears = ear_bones(animal, style, 1.5, 0.42, out=0.9, back=0.1, seat=0.8, flat=0.35, tip=0.6, droop=1.6)
    else:
        ears = ear_bones(animal, style, 1.25, 0.45, out=0.3, back=0.1, seat=0.55, flat=0.4, tip=0.1)
    points = tail_points(animal, style, 0.72, *(((30, 80), (5, 40)) if tail_up else ((-30, -62), (-5, -20))))
    tail = tail_bones(points, 0.04 * u, 0.025 * u, 0.08 * u, brush * u)
    return animal, ears, paws(animal), tail


def dog(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.58,
        body=0.92,
        chest=0.24,
        belly=0.19,
        rump=0.2,
        width=0.72,
        neck=0.36,
        neck_angle=50,
        neck_base=0.16,
        neck_top=0.12,
        head=0.13,
        pitch=18,
        muzzle=0.29,
        nose=0.062,
        thigh=0.13,
        forearm=0.08,
        shank=0.048,
        foot=0.055,
        hock=0.1,
        eye=0.024,
        eye_angle=48,
        eye_raise=24,
    )
    animal, ears, feet, tail = canine(build, style, frame, 0.02, style["breed"] != "shepherd", True)
    u = animal.frame.unit
    parts = [coat(animal, feet), ears_of(ears), tail_of(tail), eyes(animal), nose_tip(animal)]
    if style["breed"] == "retriever":
        parts.append(belly_patch(animal))
    if style["breed"] == "beagle":
        parts += [belly_patch(animal), muzzle_patch(animal, size=1.7), socks(animal, 0.2, feet, "belly")]
    low, high = (np.asarray(p) for p in animal.neck_line)
    at = low + 0.62 * (high - low)
    across = (high - low) / np.linalg.norm(high - low)
    radius = (0.38 * build.neck_base + 0.62 * build.neck_top) * u * 1.14
    parts.append(Cover("collar", "collar", [ball(tuple(at), radius, flat=0.22, across=tuple(across))], 900))
    return parts


DOG = creature(
    "dog",
    "animals",
    ("puppy", "hound", "retriever", "labrador", "beagle", "shepherd", "canine"),
    (0.25, 1.0, 0.75),
    {"fur": "golden fur", "belly": "cream fur", "collar": "red leather"} | PAWED,
    KNOBS | {"breed": Choice(("retriever", "beagle", "shepherd"))},
    dog,
)


def wolf(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.8,
        body=0.94,
        chest=0.26,
        belly=0.21,
        rump=0.2,
        width=0.68,
        neck=0.38,
        neck_angle=30,
        neck_base=0.21,
        neck_top=0.15,
        head=0.14,
        pitch=14,
        muzzle=0.33,
        nose=0.058,
        thigh=0.14,
        forearm=0.085,
        shank=0.046,
        foot=0.056,
        hock=0.11,
        eye=0.02,
        eye_angle=42,
        eye_raise=26,
    )
    animal, ears, feet, tail = canine(build, style, frame, 0.055, False, False)
    parts = [coat(animal, feet), ears_of(ears), tail_of(tail), eyes(animal), nose_tip(animal)]
    if style["markings"] != "plain":
        parts += [belly_patch(animal), muzzle_patch(animal, size=1.8)]
    if style["markings"] == "pale legs":
        parts.append(socks(animal, 0.3, feet, "belly"))
    return parts


WOLF = creature(
    "wolf",
    "animals",
    ("husky", "coyote"),
    (0.38, 1.52, 0.95),
    {"fur": "dark grey fur", "belly": "white fur"} | PAWED | {"eyes": "amber eye"},
    KNOBS | {"markings": Choice(("plain", "pale chest", "pale legs"))},
    wolf,
)


def fox(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        0.4,
        body=0.98,
        chest=0.21,
        belly=0.19,
        rump=0.19,
        width=0.76,
        neck=0.34,
        neck_angle=36,
        neck_base=0.16,
        neck_top=0.12,
        head=0.15,
        pitch=14,
        muzzle=0.32,
        nose=0.042,
        thigh=0.12,
        forearm=0.07,
        shank=0.042,
        foot=0.046,
        hock=0.1,
        eye=0.024,
        eye_angle=42,
        eye_raise=22,
    )
    animal, ears, feet, tail = canine(build, style, frame, 0.1, False, False)
    tip = Cover("tail tip", "belly", tail, 700, [ball(tail[-1].b, 0.2 * animal.frame.unit)], lifted(animal))
    parts = [
        coat(animal, feet),
        ears_of(ears),
        tail_of(tail),
        eyes(animal),
        nose_tip(animal),
        tip,
        muzzle_patch(animal, size=2.3, back=0.8),
    ]
    if style["markings"] != "pale":
        parts += [socks(animal, 0.32, feet), ear_tips(animal, ears, "dark")]
    if style["markings"] != "dark":
        parts.append(belly_patch(animal))
    return parts


FOX = creature(
    "fox",
    "animals",
    ("vixen",),
    (0.22, 1.01, 0.58),
    {"fur": "ginger fur", "belly": "white fur", "dark": "black fur"} | PAWED,
    KNOBS | {"markings": Choice(("red", "dark", "pale"))},
    fox,
)


def lion(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        1.1,
        body=1.08,
        chest=0.25,
        belly=0.2,
        rump=0.21,
        width=0.72,
        neck=0.3,
        neck_angle=32,
        neck_base=0.2,
        neck_top=0.16,
        head=0.16,
        pitch=20,
        muzzle=0.29,
        nose=0.085,
        muzzle_flat=1.05,
        thigh=0.16,
        forearm=0.11,
        shank=0.066,
        foot=0.075,
        hock=0.09,
        eye=0.022,
        eye_angle=40,
        eye_raise=22,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 0.55, 0.36, out=0.8, seat=0.75, flat=0.5, tip=0.9)
    points = tail_points(animal, style, 0.85, low=(-45, -60))
    parts = [
        coat(animal, paws(animal)),
        ears_of(ears),
        tail_of(tail_bones(points, 0.035 * u, 0.022 * u, 0.05 * u)),
        eyes(animal),
        nose_tip(animal, size=0.6),
        muzzle_patch(animal, size=1.25),
        tuft(points, "tail tuft", "mane", 0.05 * u),
    ]
    if style["mane"] != "lioness":
        parts.append(lion_mane(animal, 1.0 if style["mane"] == "full" else 0.82))
    return parts


def lion_mane(animal: Anatomy, volume: float) -> Cover:
    """A ruff of locks around the face that runs down the neck and the chest."""
    head, u = animal.head, animal.frame.unit
    low = np.asarray(animal.neck_line[0])
    bones = [ball(head.at(0, -0.75, 0.0), 1.32 * volume * head.unit, 0.1 * u, 0.75, head.direction(0, 1, 0))]
    for ring, (back, radius, lock) in enumerate(((-0.35, 1.2, 0.5), (-0.95, 1.45, 0.6))):
        for i in range(14):
            angle = 2 * np.pi * (i + 0.5 * ring) / 14
            out = radius * volume * (1.0 + 0.08 * (-1) ** i)
            across, up = np.sin(angle) * out, np.cos(angle) * out
            bones.append(
                Bone(
                    head.at(0.8 * across, back + 0.1, 0.75 * up),
                    head.at(1.05 * across, back - 0.5, up - 0.15),
                    lock * volume * head.unit,
                    0.22 * head.unit,
                    0.05 * u,
                )
            )
    bones.append(
        Bone(
            head.at(0, -0.9, -0.6),
            tuple(np.add(low, (0.0, -0.2 * u, -0.1 * u))),
            1.2 * volume * head.unit,
            0.8 * head.unit,
            0.15 * u,
        )
    )
    bones.append(
        Bone(
            head.at(0, -1.1, 0.2),
            tuple(np.add(low, (0.0, 0.12 * u, 0.04 * u))),
            1.1 * volume * head.unit,
            0.8 * head.unit,
            0.15 * u,
        )
    )
    return Cover("mane", "mane", bones, 7000)


LION = creature(
    "lion",
    "animals",
    ("lioness", "big cat"),
    (0.7, 2.55, 1.45),
    {"fur": "golden fur", "mane": "mane", "belly": "cream fur"} | PAWED,
    KNOBS | {"mane": Choice(("full", "young", "full", "lioness"))},
    lion,
)


def tiger(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        1.0,
        body=1.25,
        chest=0.26,
        belly=0.22,
        rump=0.23,
        width=0.74,
        neck=0.32,
        neck_angle=26,
        neck_base=0.2,
        neck_top=0.16,
        head=0.17,
        pitch=18,
        muzzle=0.29,
        nose=0.085,
        muzzle_flat=1.1,
        thigh=0.17,
        forearm=0.115,
        shank=0.07,
        foot=0.08,
        hock=0.09,
        eye=0.023,
        eye_angle=40,
        eye_raise=22,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 0.55, 0.38, out=0.8, seat=0.7, flat=0.5, tip=0.9)
    points = tail_points(animal, style, 1.0, low=(-35, 5), level=(-20, 25), count=8)
    ruff = [
        ball(animal.head.at(s * 0.55, -0.15, -0.35), 0.62 * animal.head.unit, 0.3 * animal.head.unit) for s in (1, -1)
    ]
    parts = [
        coat(animal, [*ruff, *paws(animal)]),
        ears_of(ears),
        tail_of(tail_bones(points, 0.055 * u, 0.04 * u, 0.06 * u)),
        eyes(animal),
        nose_tip(animal, "nose", 0.6),
        muzzle_patch(animal, size=1.35),
    ]
    if style["markings"] != "plain":
        parts.append(belly_patch(animal, chest=style["markings"] == "white chest"))
    return parts


TIGER = creature(
    "tiger",
    "animals",
    ("leopard", "jaguar", "panther"),
    (0.6, 3.05, 1.3),
    {"fur": "tiger", "belly": "white fur"} | PAWED | {"nose": "pink skin"},
    KNOBS | {"markings": Choice(("plain", "white belly", "white chest"))},
    tiger,
)


def bear(style: Style, frame: Frame) -> list[Cover]:
    build = Build(
        1.15,
        body=1.02,
        chest=0.31,
        belly=0.31,
        rump=0.29,
        width=0.86,
        neck=0.34,
        neck_angle=16,
        neck_base=0.27,
        neck_top=0.2,
        head=0.18,
        pitch=12,
        muzzle=0.31,
        nose=0.07,
        thigh=0.2,
        forearm=0.15,
        shank=0.105,
        foot=0.1,
        stance=0.6,
        hock=0.02,
        eye=0.02,
        eye_angle=38,
        eye_raise=22,
    )
    animal = anatomy(build, style, frame)
    u = animal.frame.unit
    ears = ear_bones(animal, style, 0.5, 0.36, out=0.7, seat=0.75, flat=0.55, tip=0.95)
    hump = (
        [ball((0, animal.torso[0].a[1] + 0.12 * u, animal.torso[0].a[2] + 0.2 * u), 0.2 * u, 0.3 * u)]
        if style["back"] == "humped"
        else []
    )
    points = tail_points(animal, style, 0.14, count=3)
    feet = paws(animal, 1.15, 1.1)
    parts = [
        coat(animal, [*hump, *feet, *tail_bones(points, 0.06 * u, 0.05 * u, 0.08 * u)]),
        ears_of(ears),
        eyes(animal),
        nose_tip(animal),
        muzzle_patch(animal, size=1.6),
    ]
    claws = [
        Bone(
            (x + s * 0.05 * u, y - 0.17 * u, 0.045 * u),
            (x + s * 0.055 * u, y - 0.23 * u, 0.02 * u),
            0.018 * u,
            0.007 * u,
        )
        for x, y, _ in animal.feet
        for s in (-1, 0, 1)
    ]
    return [*parts, Cover("claws", "nose", claws, 900)]


BEAR = creature(
    "bear",
    "animals",
    ("grizzly", "polar bear", "brown bear", "panda"),
    (0.85, 2.15, 1.35),
    {"fur": "brown fur", "belly": "light brown fur"} | PAWED,
    KNOBS | {"back": Choice(("humped", "straight"))},
    bear,
)


KINDS = [BEAR, CAT, DOG, FOX, LION, TIGER, WOLF]
