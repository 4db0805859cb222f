"""The anatomy that all four-legged animals share: torso, legs, neck, head, ears, tail as bones, with coats on top.

Measures are in withers heights (the back above the fore legs is at 1); `Frame` turns them into the metres of a box.
Joints stretch with the box, while thicknesses, heads and feet keep their shape, so an odd box gives a long-legged or a
long-backed animal, not a squeezed one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np

from ..asset import Choice, Range, Style
from ..bodies import Bone, Cover, Vec, ball, chain, reach
from .growth import Frame, Head, eyes_on


@dataclass(frozen=True)
class Build:
    """Proportions of a species, in withers heights (angles in degrees)."""

    withers: float  # metres, of a typical animal
    body: float = 1.0  # from shoulder to hip
    chest: float = 0.24  # vertical radius of the torso at the shoulder
    belly: float = 0.22  # halfway
    rump: float = 0.22  # at the hip
    width: float = 0.78  # of the torso, relative to its height
    slope: float = 0.0  # how much lower the hip is than the withers
    neck: float = 0.42
    neck_angle: float = 45.0  # above the horizon
    neck_base: float = 0.17
    neck_top: float = 0.11
    neck_flat: float = 0.85
    head: float = 0.13  # radius of the skull
    pitch: float = 30.0  # of the face below the horizon
    muzzle: float = 0.24  # from the skull's centre to the tip of the nose
    nose: float = 0.06  # radius at the tip
    muzzle_flat: float = 0.9
    thigh: float = 0.13
    forearm: float = 0.095
    shank: float = 0.05
    foot: float = 0.055
    stance: float = 0.55  # how far apart the legs stand, in half widths of the torso
    hock: float = 0.07  # how far the hind leg bends
    eye: float = 0.022
    eye_angle: float = 58.0  # from the nose towards the ear
    eye_raise: float = 22.0  # above the axis of the face


KNOBS = {
    "girth": Range(0.88, 1.14),
    "body_length": Range(0.92, 1.08),
    "legs": Range(0.88, 1.14),
    "neck_length": Range(0.88, 1.15),
    "neck_raise": Range(-10.0, 10.0),
    "head_size": Range(0.9, 1.12),
    "muzzle_length": Range(0.88, 1.12),
    "ears": Range(0.85, 1.2),
    "tail_length": Range(0.8, 1.15),
    "pose": Choice(("standing", "walking", "striding")),
    "gaze": Choice(("ahead", "left", "right")),
    "tail": Choice(("low", "level", "aside")),
}


@dataclass(frozen=True)
class Anatomy:
    """Bones by region, and the frames that extras are attached to. Metres."""

    frame: Frame
    torso: list[Bone]
    neck: list[Bone]
    skull: list[Bone]
    legs: list[Bone]
    feet: tuple[Vec, ...]  # fore +X, fore -X, hind +X, hind -X: where each sole stands
    head: Head
    nose: Vec
    neck_line: tuple[Vec, Vec]
    tail_root: Vec
    build: Build

    @property
    def bones(self) -> list[Bone]:
        return [*self.torso, *self.legs, *self.neck, *self.skull]

    def ray(self, side: float, forward: float, up: float) -> Vec:
        """The point of the head's surface in a direction of the head's frame."""
        return reach([*self.neck, *self.skull], self.head.centre, self.head.direction(side, forward, up))


def anatomy(build: Build, style: Style, frame: Frame) -> Anatomy:
    """Lay out the skeleton of one animal in the pose and proportions of its style; `frame` is in metres."""
    frame = frame.scaled(build.withers)
    girth = style["girth"]
    shoulder_y = -build.body * style["body_length"] / 2
    chest, belly, rump = build.chest * girth, build.belly * girth, build.rump * girth
    shoulder = frame.at(0, shoulder_y, 1 - chest)
    middle = frame.at(0, 0, 1 - build.slope / 2 - 0.02 - 0.95 * belly)
    hip = frame.at(0, -shoulder_y, 1 - build.slope - rump)
    u = frame.unit
    torso = chain(
        [shoulder, middle, hip], [chest * u, belly * u, rump * u], 0.2 * u, build.width * frame.widening, joint=0.8
    )
    neck_points, head = _neck_and_head(build, style, frame, shoulder_y, chest)
    neck = chain(
        neck_points,
        [build.neck_base * u * girth, 0.5 * (build.neck_base + build.neck_top) * u, build.neck_top * u],
        0.16 * u,
        build.neck_flat,
        joint=0.5,
    )
    skull, nose = _skull(build, style, head)
    legs, feet = _legs(build, style, frame, shoulder_y)
    tail_root = (0.0, hip[1] + 0.85 * rump * u, hip[2] + 0.5 * rump * u)
    return Anatomy(
        frame, torso, neck, skull, legs, feet, head, nose, (neck_points[0], neck_points[-1]), tail_root, build
    )


def _neck_and_head(build: Build, style: Style, frame: Frame, shoulder_y: float, chest: float) -> tuple[list[Vec], Head]:
    angle = radians(build.neck_angle + style["neck_raise"])
    length = build.neck * style["neck_length"]
    root = (0.0, shoulder_y - 0.25 * chest, 1 - 0.75 * chest)
    tip = (0.0, root[1] - length * cos(angle), root[2] + length * sin(angle))
    bow = (0.0, (root[1] + tip[1]) / 2 - 0.02 * length, (root[2] + tip[2]) / 2 - 0.06 * length * cos(angle))
    unit = build.head * style["head_size"] * frame.unit
    head = Head.looking(frame.at(*tip), style["gaze"], build.pitch, unit)
    head = replace(head, centre=head.at(0, 0.35, 0))
    return [frame.at(*root), frame.at(*bow), frame.at(*tip)], head


def _skull(build: Build, style: Style, head: Head) -> tuple[list[Bone], Vec]:
    """Skull, muzzle and jaw; the face is as long and as broad at the nose as the species wants."""
    length = build.muzzle / build.head * style["muzzle_length"]
    tip = build.nose / build.head
    nose = head.at(0, length - tip, -0.32)
    u = head.unit
    side = head.direction(1, 0, 0)
    return [
        ball(head.centre, u, 0.9 * u, 0.92, side),
        Bone(head.at(0, 0.25, -0.12), nose, 0.72 * u, tip * u, 0.35 * u, build.muzzle_flat, side),
        Bone(
            head.at(0, 0.1, -0.45),
            head.at(0, length - 1.6 * tip, -0.32 - 0.62 * tip),
            0.5 * u,
            0.62 * tip * u,
            0.25 * u,
            build.muzzle_flat,
            side,
        ),
    ], nose


def _legs(build: Build, style: Style, frame: Frame, shoulder_y: float) -> tuple[list[Bone], tuple[Vec, ...]]:
    u = frame.unit
    thick = style["girth"] ** 0.5
    half = build.stance * build.chest * build.width
    stride = {"standing": 0.0, "walking": 0.12, "striding": 0.2}[style["pose"]]
    swing = style["legs"]  # long-legged: joints sit higher
    top = 1 - build.chest
    bones, feet = [], []
    for hind, side in ((False, 1), (False, -1), (True, 1), (True, -1)):
        step = stride * side * (1 if hind else -1)
        x = side * half
        if hind:
            y, bend = -shoulder_y, build.hock
            points = [
                (x * 0.9, y - 0.02, 1 - build.slope - build.rump * 1.05),
                (x, y - 0.9 * bend + 0.35 * step, 0.52 * swing),
                (x, y + bend + 0.55 * step, 0.27 * swing),
                (x, y + 0.3 * bend + step, build.foot),
            ]
            radii = [build.thigh * 1.1, build.forearm, build.shank, build.shank]
        else:
            y = shoulder_y
            points = [
                (x * 0.9, y, top * 0.98),
                (x, y + 0.04 + 0.3 * step, 0.5 * swing),
                (x, y + 0.01 + 0.6 * step, 0.26 * swing),
                (x, y + step, build.foot),
            ]
            radii = [build.thigh * 0.95, build.forearm * 0.92, build.shank, build.shank]
        bones += chain([frame.at(*p) for p in points], [r * u * thick for r in radii], 0.09 * u)
        feet.append(frame.at(x, points[-1][1], 0.0))
    return bones, tuple(feet)


def paws(animal: Anatomy, size: float = 1.1, length: float = 0.9) -> list[Bone]:
    """Soft feet that point forwards, with three toes."""
    radius = animal.build.foot * animal.frame.unit * size
    bones = []
    for x, y, _ in animal.feet:
        tip = y - radius * length
        bones.append(Bone((x, y, radius * 0.8), (x, tip, radius * 0.6), radius * 0.95, radius * 0.75, radius * 0.8))
        bones += [
            ball(
                (x + s * 0.48 * radius, tip - (0.5 - 0.2 * abs(s)) * radius, radius * 0.42),
                radius * 0.42,
                0.12 * radius,
            )
            for s in (-1, 0, 1)
        ]
    return bones


def hooves(animal: Anatomy, slot: str = "hooves", size: float = 1.0) -> Cover:
    """Four horny shoes with the toe in front."""
    radius = animal.build.foot * animal.frame.unit * size * animal.build.shank / animal.build.foot * 1.25
    bones = []
    for x, y, _ in animal.feet:
        bones.append(Bone((x, y, radius * 1.5), (x, y - 0.35 * radius, radius * 0.75), radius * 0.95, radius * 1.15))
    return Cover(
        "hooves", slot, bones, 900, within=[ball((x, y, radius * 1.9), radius * 1.9) for x, y, _ in animal.feet]
    )


def eyes(animal: Anatomy, slot: str = "eyes", size: float = 1.0) -> Cover:
    """Two glossy balls, set into the head where the species carries them."""
    build = animal.build
    radius = 1.15 * build.eye * animal.frame.unit * size
    return eyes_on([*animal.neck, *animal.skull], animal.head, radius, build.eye_angle, build.eye_raise, slot)


def nose_tip(animal: Anatomy, slot: str = "nose", size: float = 0.7, raise_: float = 0.35) -> Cover:
    """The dark, moist end of a muzzle."""
    head, radius = animal.head, animal.build.nose * animal.frame.unit
    centre = np.asarray(animal.nose) + radius * (
        0.78 * np.asarray(head.direction(0, 1, 0)) + raise_ * np.asarray(head.direction(0, 0, 1))
    )
    return Cover("nose", slot, [ball(tuple(centre), size * radius, 0, 0.75, head.direction(0, 0, 1))], 300)


def nostrils(animal: Anatomy, slot: str = "nose", spread: float = 0.5) -> Cover:
    head, radius = animal.head, animal.build.nose * animal.frame.unit
    balls = []
    for side in (spread, -spread):
        heading = head.direction(side, 0.8, 0.25)
        point = reach(animal.skull, animal.nose, heading)
        balls.append(ball(tuple(np.asarray(point) - 0.06 * radius * np.asarray(heading)), 0.17 * radius))
    return Cover("nostrils", slot, balls, 200)


def ear_bones(
    animal: Anatomy,
    style: Style,
    length: float,
    breadth: float,
    out: float = 0.5,
    back: float = 0.2,
    seat: float = 0.55,
    flat: float = 0.35,
    tip: float = 0.25,
    droop: float = 0.0,
) -> list[Bone]:
    """Two ears, in skull radii: `out` and `back` lean the ear, `droop` hangs its second half, `tip` rounds its end."""
    head = animal.head
    u = head.unit
    length, breadth = length * style["ears"], breadth * style["ears"] ** 0.5
    root_to_tip = 0.62 + 0.45 * tip
    bones = []
    for side in (1, -1):
        root = np.asarray(animal.ray(side * seat, -0.15, 0.8)) - 0.18 * u * np.asarray(
            head.direction(side * seat, 0, 0.8)
        )
        lean = np.asarray(head.direction(side * out, -back, 1.0))
        lean /= np.linalg.norm(lean)
        middle = root + 0.5 * length * u * lean
        fall = lean + droop * np.asarray(head.direction(0.25 * side * out, 0.1, -1.6))
        end = middle + 0.5 * length * u * fall / np.linalg.norm(fall)
        face = np.cross(np.cross(lean, np.asarray(head.direction(0.35 * side, 1, 0))), lean)
        across = tuple(face / np.linalg.norm(face))
        bones += [
            Bone(tuple(root), tuple(middle), breadth * u, root_to_tip * breadth * u, 0.0, flat, across),
            Bone(tuple(middle), tuple(end), breadth * u, tip * breadth * u, 0.1 * u, flat, across),
        ]
    return bones


def tail_points(
    animal: Anatomy,
    style: Style,
    length: float,
    low: tuple[float, float] = (-40, -80),
    level: tuple[float, float] = (-5, -35),
    count: int = 6,
) -> list[Vec]:
    """A line of points from the rump; angles above the horizon at the root and at the end, for the tail's carriage."""
    first, last = low if style["tail"] != "level" else level
    sway = 30.0 if style["tail"] == "aside" else 0.0
    step = length * style["tail_length"] * animal.frame.unit / (count - 1)
    points = [np.asarray(animal.tail_root)]
    for i in range(count - 1):
        angle = radians(first + (last - first) * i / (count - 2))
        turn = radians(sway * i / (count - 2))
        points.append(points[-1] + step * np.array([sin(turn) * cos(angle), cos(turn) * cos(angle), sin(angle)]))
    return [(float(x), float(y), max(float(z), 0.03 * animal.frame.unit)) for x, y, z in points]


def tail_bones(points: list[Vec], first: float, last: float, blend: float, swell: float = 0.0) -> list[Bone]:
    """A tail of radius `first` to `last` along the points, thicker by `swell` in its middle (a brush)."""
    t = np.linspace(0, 1, len(points))
    radii = first + (last - first) * t + swell * np.sin(np.pi * np.minimum(t * 1.05, 1.0)) ** 1.2
    return chain(points, [float(r) for r in radii], blend)


def tuft(points: list[Vec], name: str, slot: str, radius: float) -> Cover:
    """A tassel at the end of a tail."""
    end, before = np.asarray(points[-1]), np.asarray(points[-2])
    way = (end - before) / np.linalg.norm(end - before)
    low = end + 3.2 * radius * way
    low[2] = max(low[2], 0.4 * radius)
    return Cover(
        name,
        slot,
        [
            Bone(tuple(end), tuple(end + 1.2 * radius * way), 0.6 * radius, radius, 0.3 * radius),
            Bone(tuple(end + 1.2 * radius * way), tuple(low), radius, 0.3 * radius, 0.3 * radius),
        ],
        400,
    )


def mane_bones(
    animal: Anatomy, height: float, thickness: float, reach_down: float = 0.0, forelock: bool = True
) -> list[Bone]:
    """A crest of hair along the neck, from the poll to the withers; `reach_down` lets it fall to one side."""
    u, build = animal.frame.unit, animal.build
    root, tip = (np.asarray(p) for p in animal.neck_line)
    across = np.cross(tip - root, [1.0, 0.0, 0.0])
    across /= np.linalg.norm(across)
    across = across if across[2] > 0 else -across
    bones = []
    stations = np.linspace(0.05, 1.15, 9)
    for i, t in enumerate(stations):
        radius = build.neck_base + (build.neck_top - build.neck_base) * min(t, 1.0)
        wave = 1.0 + 0.12 * (-1) ** i
        crest = np.asarray(reach(animal.bones, tuple(root + (tip - root) * t), tuple(across)))
        bones.append(
            Bone(
                tuple(crest - 0.3 * height * u * across),
                tuple(crest + height * u * wave * across),
                thickness * u,
                0.7 * thickness * u,
                0.9 * thickness * u,
            )
        )
        if reach_down:
            fall = crest + np.array([1.15 * radius * build.neck_flat * u + 0.02 * u, 0.0, -reach_down * u * wave])
            knee = crest + np.array([0.85 * radius * build.neck_flat * u, 0.0, -0.1 * radius * u])
            bones += chain(
                [tuple(crest + 0.3 * height * u * across), tuple(knee), tuple(fall)],
                [thickness * u * 1.3, thickness * u * 1.3, thickness * u * 0.5],
                thickness * u,
            )
    if forelock:
        bones.append(
            Bone(
                animal.head.at(0, -0.2, 0.95),
                animal.head.at(0, 0.75, 0.75),
                thickness * u * 1.3,
                thickness * u * 0.6,
                thickness * u,
            )
        )
    return bones


def horn_bones(animal: Anatomy, points: list[tuple[float, float, float]], radii: list[float]) -> list[Bone]:
    """A pair of horns along points of the head's frame, in skull radii, given for the +X side."""
    u = animal.head.unit
    bones = []
    for side in (1, -1):
        bones += chain([animal.head.at(side * x, f, z) for x, f, z in points], [r * u for r in radii], 0.08 * u)
    return bones
