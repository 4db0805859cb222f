"""The coats of animals: fur, patches of other colours that hug it, and the words of their materials.


Default material words (names of `materials.MATERIALS`, colours before them), slot by slot:
    fur      "brown fur", "golden fur", "ginger fur", "striped fur", "fleece", "pink skin", "hide",
             and the drawn coats "zebra", "tiger", "giraffe", "cow"
    belly    "white fur", "cream fur"    (patches that hug the body: muzzle, chest, belly, tail tip)
    mane     "mane", "black mane"    (also tail tufts and beards)
    dark     "black fur"    (socks, ear tips)
    eyes     "eye", "amber eye";  nose "nose", "pink skin";  hooves "black horn";  horns "horn";  tusks "bone"
"""

from __future__ import annotations

import numpy as np

from ..bodies import Bone, Cover, ball, chain
from .quadrupeds import Anatomy

PAWED = {"eyes": "eye", "nose": "nose"}
HOOFED = {"eyes": "eye", "nose": "nose", "hooves": "black horn"}


def lifted(animal: Anatomy) -> float:
    """How far a patch of another colour stands out of the coat, in metres."""
    return 0.006 * animal.frame.unit


def muzzle_patch(animal: Anatomy, slot: str = "belly", size: float = 1.9, back: float = 0.6) -> Cover:
    """The lower half of the face in another colour."""
    head, radius = animal.head, animal.build.nose * animal.frame.unit * size
    centre = np.asarray(animal.nose) - np.asarray(head.direction(0, back * radius, 0.35 * radius))
    return Cover(
        "muzzle", slot, [*animal.neck, *animal.skull], 1500, [ball(tuple(centre), radius)], lifted(animal), 0.3 * radius
    )


def belly_patch(animal: Anatomy, slot: str = "belly", chest: bool = True) -> Cover:
    """The underside of the torso, and the front of the neck with `chest`."""
    u, build = animal.frame.unit, animal.build
    shoulder, hip = animal.torso[0].a, animal.torso[-1].b
    drop = 0.95 * build.chest * u
    within = chain(
        [(0, shoulder[1] - 0.12 * u, shoulder[2] - drop), (0, hip[1] - 0.1 * u, hip[2] - 0.95 * build.belly * u)],
        [0.55 * drop, 0.5 * drop],
    )
    if chest:
        low, high = (np.asarray(p) for p in animal.neck_line)
        front = np.array([0.0, -1.0, -0.25]) * u * build.neck_base
        within += chain(
            [
                tuple(low + 1.1 * front - [0, 0, 0.5 * drop]),
                tuple(low + 0.9 * front),
                tuple(low * 0.25 + high * 0.75 + 0.8 * front),
            ],
            [0.5 * drop, 0.75 * build.neck_base * u, 0.6 * build.neck_base * u],
            0.05 * u,
        )
    return Cover("belly", slot, animal.bones, 3500, within, lifted(animal), 0.03 * u)


def socks(animal: Anatomy, height: float, feet: list[Bone], slot: str = "dark") -> Cover:
    """Legs in another colour up to a height in withers heights."""
    u = animal.frame.unit
    top = height * animal.frame.stretch[2]
    within = [Bone((x, y, 0.0), (x, y, top), 0.2 * u, 0.14 * u) for x, y, _ in animal.feet]
    return Cover("socks", slot, [*animal.legs, *feet], 3000, within, lifted(animal), 0.02 * u)


def coat(animal: Anatomy, extra: list[Bone], triangles: int = 10000) -> Cover:
    return Cover("coat", "fur", [*animal.bones, *extra], triangles)


def ears_of(bones: list[Bone]) -> Cover:
    return Cover("ears", "fur", bones, 1400)


def tail_of(bones: list[Bone]) -> Cover:
    return Cover("tail", "fur", bones, 1200)


def ear_tips(animal: Anatomy, ears: list[Bone], slot: str) -> Cover:
    """The outer half of both ears in another colour."""
    ends = [ball(ears[i].b, 1.1 * ears[i].ra) for i in (1, 3)]
    return Cover("ear tips", slot, ears, 600, ends, lifted(animal), 0.0)
