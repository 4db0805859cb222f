"""People in clothes: man, woman, child. Measures are in body heights.

Default material words: skin "skin"; hair "mane"; clothes "blue cotton", "grey cotton", "denim",
"red cotton"; shoes "brown leather"; eyes "white eye" with pupils "eye"; lips "pink skin".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..asset import Choice, Range, Style
from ..bodies import Bone, Cover, Vec, ball, chain
from .growth import Frame, Head, creature


@dataclass(frozen=True)
class Figure:
    """Proportions, in body heights."""

    height: float  # metres
    head: float = 0.066  # radius of the skull
    shoulder: float = 0.112  # half width
    chest: float = 0.082
    waist: float = 0.07
    hip: float = 0.082
    legs: float = 0.5  # height of the hip joint
    limb: float = 1.0  # thickness of arms and legs


@dataclass(frozen=True)
class Body:
    """Joints in metres. Pairs are (+X side, -X side)."""

    figure: Figure
    frame: Frame
    head: Head
    pelvis: Vec
    waist: Vec
    chest: Vec
    neck: Vec
    shoulders: tuple[Vec, Vec]
    elbows: tuple[Vec, Vec]
    wrists: tuple[Vec, Vec]
    hips: tuple[Vec, Vec]
    knees: tuple[Vec, Vec]
    ankles: tuple[Vec, Vec]


KNOBS = {
    "girth": Range(0.88, 1.2),
    "shoulders": Range(0.92, 1.1),
    "hips": Range(0.92, 1.1),
    "head_size": Range(0.94, 1.08),
    "leg_length": Range(0.95, 1.05),
    "stride": Range(0.07, 0.14),
    "arm_swing": Range(0.4, 1.2),
    "arm_spread": Range(0.03, 0.09),
    "gaze": Choice(("ahead", "left", "right")),
    "pose": Choice(("walking", "talking", "waving")),
    "leading": Choice(("left", "right")),
}


def anatomy(figure: Figure, style: Style, frame: Frame) -> Body:
    """Joints of a figure in a pose: one foot leads, the arms swing against it, talk or wave."""
    frame = frame.scaled(figure.height)
    at, lead = frame.at, 1 if style["leading"] == "left" else -1
    hip_z = figure.legs * style["leg_length"]
    stride, swing, spread = style["stride"], style["arm_swing"], style["arm_spread"]
    hip_x, shoulder_x = 0.052 * style["hips"], figure.shoulder * style["shoulders"]
    neck_z = 1.0 - 2.35 * figure.head
    shoulder_z = neck_z - 0.042
    unit = figure.head * style["head_size"] * frame.unit
    head = Head.looking(at(0, -0.012, 1.0 - 1.08 * figure.head), style["gaze"], 3, unit)
    hips, knees, ankles, elbows, wrists = [], [], [], [], []
    for side in (1, -1):
        step = stride * side * lead  # > 0: this foot leads
        hips.append(at(side * hip_x, -0.1 * step, hip_z))
        knees.append(
            at(side * hip_x * 1.05, -0.5 * step - 0.02 - 0.2 * abs(step), 0.54 * hip_z + (0.012 if step < 0 else 0))
        )
        ankles.append(at(side * hip_x * 1.1, -step, 0.045 + (0.03 if step < 0 else 0.0)))
        elbow, wrist = _arm(style["pose"], side * lead, swing, spread)
        elbows.append(at(side * (shoulder_x + elbow[0]), elbow[1], shoulder_z + elbow[2]))
        wrists.append(at(side * (shoulder_x + wrist[0]), wrist[1], shoulder_z + wrist[2]))
    shoulders = (at(shoulder_x, 0.01, shoulder_z), at(-shoulder_x, 0.01, shoulder_z))
    middle = 0.5 * (hip_z + shoulder_z)
    return Body(
        figure,
        frame,
        head,
        at(0, 0, hip_z + 0.02),
        at(0, -0.002, middle),
        at(0, 0, shoulder_z - 0.07),
        at(0, 0.004, neck_z),
        shoulders,
        tuple(elbows),
        tuple(wrists),
        tuple(hips),
        tuple(knees),
        tuple(ankles),
    )


def _arm(pose: str, side: int, swing: float, spread: float) -> tuple[Vec, Vec]:
    """Elbow and wrist as seen from the shoulder: outwards, back, up. `side` > 0 is the side of the leading foot."""
    back = 0.055 * swing * side
    if pose == "waving" and side < 0:
        return (0.1 + spread, -0.02, -0.06), (0.11 + spread, -0.06, 0.1)
    if pose == "talking":
        return (0.03 + spread, 0.02, -0.15), (0.02 + 0.5 * spread, -0.13 * swing, -0.16 + 0.05 * side)
    return (0.02 + spread, back, -0.165), (0.025 + 1.4 * spread, 2.0 * back - 0.045, -0.315)


def torso_bones(body: Body, style: Style, extra: float = 0.0) -> list[Bone]:
    """Pelvis to shoulders, thicker by `extra` body heights (clothes)."""
    figure, u, girth = body.figure, body.frame.unit, style["girth"]
    deep = 0.72 + 0.25 * (girth - 1.0)
    radius = {
        name: (value * girth + extra) * u
        for name, value in (
            ("hip", figure.hip * style["hips"]),
            ("waist", figure.waist),
            ("chest", figure.chest * style["shoulders"]),
        )
    }
    bones = chain(
        [body.pelvis, body.waist, body.chest],
        [radius["hip"], radius["waist"], radius["chest"]],
        0.0,
        deep,
        (0, 1, 0),
        joint=0.7,
    )
    arm = (0.035 * figure.limb + extra) * u
    for side, joint in zip((1, -1), body.shoulders, strict=True):
        bones.append(
            Bone(
                body.chest,
                tuple(np.add(joint, (-0.03 * side * u, 0, -0.03 * u))),
                radius["chest"] * 0.9,
                arm,
                0.03 * u,
                deep,
                (0, 1, 0),
            )
        )
        base = np.multiply(body.neck, (1, 1, 0.985))
        bones.append(
            Bone(tuple(base), tuple(np.add(joint, (-0.012 * side * u, 0, -0.004 * u))), 0.03 * u, 0.92 * arm, 0.03 * u)
        )
    return bones


def arm_bones(body: Body, start: float, end: float, extra: float = 0.0) -> list[Bone]:
    """Both arms between two fractions (0 = shoulder, 1 = elbow, 2 = wrist)."""
    u, limb = body.frame.unit, body.figure.limb
    bones = []
    for shoulder, elbow, wrist in zip(body.shoulders, body.elbows, body.wrists, strict=True):
        radii = [0.035 * limb + extra, 0.027 * limb + extra, 0.019 * limb + extra]
        bones += _between([shoulder, elbow, wrist], [r * u for r in radii], start, end, 0.03 * u)
    return bones


def leg_bones(body: Body, end: float, extra: float = 0.0) -> list[Bone]:
    """Both legs down to a fraction (1 = knee, 2 = ankle)."""
    u, limb = body.frame.unit, body.figure.limb
    bones = []
    for hip, knee, ankle in zip(body.hips, body.knees, body.ankles, strict=True):
        radii = [0.056 * limb + extra, 0.039 * limb + extra, 0.026 * limb + 1.3 * extra]
        bones += _between([hip, knee, ankle], [r * u for r in radii], 0.0, end, 0.03 * u)
    return bones


def _between(joints: list[Vec], radii: list[float], start: float, end: float, blend: float) -> list[Bone]:
    def point(t: float) -> tuple[Vec, float]:
        i, f = min(int(t), 1), t - min(int(t), 1)
        return tuple(np.multiply(joints[i], 1 - f) + np.multiply(joints[i + 1], f)), radii[i] * (1 - f) + radii[
            i + 1
        ] * f

    stations = [start, *([1.0] if start < 1.0 < end else []), end]
    points, sizes = zip(*(point(t) for t in stations), strict=True)
    return chain(points, sizes, blend)


def hands(body: Body) -> Cover:
    u = body.frame.unit * (0.5 + 0.5 * body.figure.limb)
    bones = []
    for side, elbow, wrist in zip((1, -1), body.elbows, body.wrists, strict=True):
        way = np.subtract(wrist, elbow)
        way = way / np.linalg.norm(way)
        palm_normal = np.array([side, 0.0, 0.0]) - side * way[0] * way
        palm_normal = palm_normal / np.linalg.norm(palm_normal)
        across = np.cross(way, palm_normal)
        across = across if across[1] < 0 else -across  # towards the thumb: forwards
        palm = np.add(wrist, 0.028 * u * way)
        bones.append(Bone(wrist, tuple(palm), 0.02 * u, 0.026 * u, 0.0, 0.55, tuple(palm_normal)))
        for i in range(4):
            root = palm + (0.016 - 0.011 * i) * u * across + 0.012 * u * way
            tip = root + (0.036 - 0.004 * abs(i - 1.3)) * u * way - 0.01 * u * side * palm_normal
            bones.append(Bone(tuple(root), tuple(tip), 0.0085 * u, 0.0065 * u, 0.004 * u))
        thumb = np.add(wrist, 0.012 * u * way + 0.016 * u * across)
        bones.append(
            Bone(tuple(thumb), tuple(thumb + u * (0.026 * way + 0.02 * across)), 0.0095 * u, 0.007 * u, 0.006 * u)
        )
    return Cover("hands", "skin", bones, 2600)


def face_bones(body: Body) -> list[Bone]:
    """Skull, jaw, nose, ears and neck."""
    head = body.head
    unit, side = head.unit, head.direction(1, 0, 0)
    bones = [
        ball(head.at(0, -0.08, 0.12), 0.95 * unit, 0, 0.86, side),
        Bone(head.at(0, 0.12, -0.25), head.at(0, 0.38, -0.78), 0.72 * unit, 0.36 * unit, 0.35 * unit, 0.88, side),
        Bone(head.at(0, 0.84, 0.0), head.at(0, 1.06, -0.26), 0.08 * unit, 0.13 * unit, 0.12 * unit),
        Bone(head.at(0, -0.15, -0.4), body.neck, 0.5 * unit, 0.55 * unit, 0.25 * unit),
        Bone(
            body.neck,
            tuple(np.multiply(0.35, body.chest) + np.multiply(0.65, body.neck)),
            0.55 * unit,
            0.65 * unit,
            0.1 * unit,
        ),
    ]
    for s in (1, -1):
        bones.append(ball(head.at(0.78 * s, -0.08, -0.08), 0.24 * unit, 0.05 * unit, 0.45, head.direction(s, 0.4, 0)))
        bones.append(ball(head.at(0.36 * s, 0.56, -0.28), 0.26 * unit, 0.25 * unit))
    return bones


def face(body: Body) -> list[Cover]:
    """Eyes with pupils, brows, lips."""
    head = body.head
    unit = head.unit
    eyes = [ball(head.at(0.31 * s, 0.73, 0.06), 0.15 * unit) for s in (1, -1)]
    pupils = [ball(head.at(0.315 * s, 0.815, 0.065), 0.08 * unit) for s in (1, -1)]
    brows = [
        Bone(head.at(0.14 * s, 0.85, 0.3), head.at(0.46 * s, 0.74, 0.29), 0.045 * unit, 0.03 * unit) for s in (1, -1)
    ]
    lips = [
        Bone(head.at(-0.2, 0.8, -0.56), head.at(0.2, 0.8, -0.56), 0.055 * unit, 0.055 * unit),
        ball(head.at(0, 0.86, -0.57), 0.075 * unit, 0.08 * unit),
    ]
    return [
        Cover("eyes", "eyes", eyes, 400),
        Cover("pupils", "pupils", pupils, 240),
        Cover("brows", "hair", brows, 300),
        Cover("lips", "lips", lips, 300),
    ]


def hair(body: Body, cut: str) -> list[Cover]:
    """A cap of hair over the skull, longer where the cut wants it."""
    if cut == "bald":
        return []
    head = body.head
    unit, side = head.unit, head.direction(1, 0, 0)
    thick = {"short": 0.08, "curly": 0.2, "parted": 0.12}.get(cut, 0.13)
    scalp = [ball(head.at(0, -0.1, 0.14), (0.98 + thick) * unit, 0, 0.87, side)]
    within = [ball(head.at(0, -0.75, 0.78), 1.32 * unit)]
    extra = {
        "parted": [Bone(head.at(0.3, 0.62, 0.86), head.at(-0.55, 0.45, 0.7), 0.22 * unit, 0.2 * unit, 0.2 * unit)],
        "bob": [
            Bone(head.at(s * 0.72, -0.25, 0.2), head.at(s * 0.78, -0.2, -0.85), 0.3 * unit, 0.27 * unit, 0.1 * unit)
            for s in (1, -1)
        ]
        + [Bone(head.at(0, -0.65, 0.2), head.at(0, -0.72, -0.8), 0.6 * unit, 0.5 * unit, 0.1 * unit)],
        "long": [
            Bone(head.at(s * 0.62, -0.45, 0.2), head.at(s * 0.7, -0.62, -2.0), 0.34 * unit, 0.22 * unit, 0.1 * unit)
            for s in (1, -1)
        ]
        + [Bone(head.at(0, -0.6, 0.2), head.at(0, -0.95, -2.3), 0.6 * unit, 0.36 * unit, 0.2 * unit)],
        "ponytail": chain(
            [head.at(0, -0.95, 0.35), head.at(0, -1.5, 0.3), head.at(0, -1.65, -0.6), head.at(0, -1.45, -1.5)],
            [0.24 * unit, 0.3 * unit, 0.28 * unit, 0.08 * unit],
        ),
        "bun": [ball(head.at(0, -0.75, 1.0), 0.42 * unit, 0.05 * unit)],
        "curly": [
            ball(
                head.at(
                    np.cos(i * 2.4) * np.sqrt(1 - z * z) * 0.95,
                    -0.25 + 0.9 * np.sin(i * 2.4) * np.sqrt(1 - z * z),
                    0.3 + 0.85 * z,
                ),
                0.3 * unit,
                0.05 * unit,
            )
            for i, z in enumerate(np.linspace(0.05, 1, 22))
            if np.sin(i * 2.4) * np.sqrt(1 - z * z) < 0.75
        ],
    }.get(cut, [])
    covers = [Cover("hair", "hair", scalp, 1600, within, 0.0, 0.06 * unit)]
    return [*covers, Cover("locks", "hair", extra, 1800)] if extra else covers


def shoes(body: Body, slot: str = "shoes", heel: float = 0.0) -> Cover:
    u, limb = body.frame.unit, 0.5 + 0.5 * body.figure.limb
    bones = []
    for x, y, z in body.ankles:
        lift = z - 0.045 * body.frame.stretch[2]
        toe = (x * 1.08, y - 0.105 * u, 0.018 * u + 0.3 * lift)
        bones += [
            Bone((x, y + 0.012 * u, 0.022 * u + lift), toe, 0.026 * u * limb, 0.021 * u * limb, 0.0, 1.0),
            Bone((x, y, z), (x, y + 0.01 * u, 0.03 * u + lift), 0.029 * u * limb, 0.027 * u * limb, 0.02 * u),
        ]
        if heel:
            bones.append(
                Bone((x, y + 0.02 * u, 0.02 * u + lift), (x, y + 0.025 * u, 0.006 * u + lift), 0.014 * u, 0.01 * u)
            )
    return Cover("shoes", slot, bones, 1500)


def skirt_bones(body: Body, style: Style, flare: float, extra: float) -> list[Bone]:
    """Cloth that falls from the waist around both thighs, whatever stride they make."""
    figure, u, girth = body.figure, body.frame.unit, style["girth"]
    hip = (figure.hip * style["hips"] * girth + extra) * u
    bones = chain([body.waist, body.pelvis], [(figure.waist * girth + extra) * u, hip], 0.0, 0.75, (0, 1, 0))
    middle = tuple(np.mean(body.knees, axis=0))
    bones.append(Bone(body.pelvis, middle, hip, hip * (0.85 + 0.15 * flare), 0.0, 0.8, (0, 1, 0)))
    for joint, knee in zip(body.hips, body.knees, strict=True):
        thigh, low = (0.06 * figure.limb + extra) * u, (0.045 * figure.limb + 0.02 * flare + extra) * u
        bones.append(Bone(joint, knee, thigh, low, 0.08 * u))
    return bones


def below(z: float, size: float) -> list[Bone]:
    """Everything under the height z (a ball so large that its top is flat)."""
    return [ball((0.0, 0.0, z - 30 * size), 30 * size)]


def above(z: float, size: float) -> list[Bone]:
    return [ball((0.0, 0.0, z + 30 * size), 30 * size)]


def dressed(body: Body, style: Style, top: str, bottom: str) -> list[Cover]:
    """Bare skin where it shows, and clothes: `top` t-shirt, blouse, sweater or coat; `bottom` trousers or skirt."""
    u, knee_z = body.frame.unit, body.knees[0][2]
    sleeve = {"t-shirt": 0.75, "blouse": 0.6, "sweater": 1.9, "coat": 1.92}[top]
    thick = 0.016 if top == "coat" else 0.008
    shirt = [*torso_bones(body, style, thick), *arm_bones(body, 0.0, sleeve, thick)]
    if top == "coat":
        shirt += skirt_bones(body, style, 0.9, 0.018)
    hem = body.pelvis[2] - (0.0 if top != "coat" else 0.16 * u)
    parts = [
        Cover("skin", "skin", [*face_bones(body), *arm_bones(body, sleeve * 0.85, 2.0)], 5000),
        hands(body),
        Cover("shirt", "shirt", shirt, 4500, above(hem, u), 0.0, 0.01 * u),
        shoes(body),
    ]
    if bottom == "skirt":
        length = 0.5 * (body.hips[0][2] + knee_z) - 0.06 * u
        parts += [
            Cover("skirt", "trousers", skirt_bones(body, style, 1.4, 0.012), 2500, above(length, u), 0.0, 0.008 * u),
            Cover("legs", "skin", leg_bones(body, 2.0), 2200),
        ]
        return parts
    hips = torso_bones(body, style, 0.004)[:1]
    end = 1.98 if bottom == "trousers" else 0.85
    parts.append(
        Cover(
            "trousers", "trousers", [*hips, *leg_bones(body, end, 0.007)], 3500, below(body.waist[2], u), 0.0, 0.01 * u
        )
    )
    if bottom == "shorts":
        parts.append(Cover("legs", "skin", leg_bones(body, 2.0), 2200))
    return parts


SLOTS = {
    "shirt": "blue cotton",
    "trousers": "denim",
    "skin": "skin",
    "hair": "hair",
    "shoes": "brown leather",
    "eyes": "white eye",
    "pupils": "eye",
    "lips": "pink skin",
}


def person(figure: Figure, style: Style, frame: Frame) -> list[Cover]:
    body = anatomy(figure, style, frame)
    return [*dressed(body, style, style["top"], style["bottom"]), *face(body), *hair(body, style["hair"])]


def man(style: Style, frame: Frame) -> list[Cover]:
    body = anatomy(MAN_FIGURE, style, frame)
    head = body.head
    parts = person(MAN_FIGURE, style, frame)
    if style["beard"] == "beard":
        bones = [replace(bone, blend=0.3 * head.unit) for bone in face_bones(body)[:2]]
        within = [Bone(head.at(0, 0.7, -1.0), head.at(0, 0.1, -0.75), 0.55 * head.unit, 0.6 * head.unit)]
        parts.append(Cover("beard", "hair", bones, 1500, within, 0.09 * head.unit, 0.05 * head.unit))
    return parts


MAN_FIGURE = Figure(1.75)
MAN = creature(
    "man",
    "people",
    ("person", "guy", "gentleman", "worker", "boy", "people", "human", "businessman", "father"),
    (0.72, 0.62, 1.76),
    SLOTS,
    KNOBS
    | {
        "hair": Choice(("short", "parted", "bald", "curly")),
        "top": Choice(("t-shirt", "sweater", "coat")),
        "bottom": Choice(("trousers", "trousers", "shorts")),
        "beard": Choice(("shaven", "beard")),
    },
    man,
)

WOMAN_FIGURE = Figure(1.66, shoulder=0.1, chest=0.076, waist=0.06, hip=0.085, limb=0.9)


def woman(style: Style, frame: Frame) -> list[Cover]:
    body = anatomy(WOMAN_FIGURE, style, frame)
    u = body.frame.unit
    parts = person(WOMAN_FIGURE, style, frame)
    bust = [ball(tuple(np.add(body.chest, (s * 0.042 * u, -0.045 * u, 0.0))), 0.042 * u, 0.03 * u) for s in (1, -1)]
    return [replace(part, bones=[*part.bones, *bust]) if part.name == "shirt" else part for part in parts]


WOMAN = creature(
    "woman",
    "people",
    ("lady", "girl", "mother", "businesswoman"),
    (0.68, 0.58, 1.68),
    SLOTS | {"shirt": "red cotton"},
    KNOBS
    | {
        "hair": Choice(("long", "bob", "ponytail", "bun")),
        "top": Choice(("blouse", "sweater", "coat")),
        "bottom": Choice(("trousers", "skirt")),
    },
    woman,
)

CHILD_FIGURE = Figure(1.1, head=0.092, shoulder=0.1, chest=0.082, waist=0.08, hip=0.08, legs=0.43, limb=1.05)


def child(style: Style, frame: Frame) -> list[Cover]:
    return person(CHILD_FIGURE, style, frame)


CHILD = creature(
    "child",
    "people",
    ("kid", "toddler", "baby"),
    (0.52, 0.44, 1.12),
    SLOTS | {"shirt": "yellow cotton", "shoes": "white rubber"},
    KNOBS
    | {
        "hair": Choice(("short", "bob", "curly", "ponytail")),
        "top": Choice(("t-shirt", "sweater")),
        "bottom": Choice(("trousers", "shorts", "skirt")),
    },
    child,
)

KINDS = [MAN, WOMAN, CHILD]
