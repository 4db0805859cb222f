"""Robots: one that walks upright, one with four legs. Fronts towards -Y.

Default material words: body "white plastic", "yellow enamel"; joint "iron"; metal "steel"; eyes "cyan glow";
screen "dark-glass".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import split
from ..solids import box, cylinder, ellipsoid, lathe, merge, move, superellipsoid, torus, tube
from .panels import both
from .proportions import Build, fitted, steady


def robot(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    power = {"round": 2.6, "boxy": 9.0}[style["shape"]]
    w, d = 0.27 * width * style["girth"], 0.3 * depth
    hip, shoulder = 0.44 * height * style["legs"], 0.76 * height
    parts = [
        superellipsoid("chest", "body", (-w, w), (-d, d), (hip + 0.1 * height, shoulder + 0.03 * height), power, 12),
        superellipsoid(
            "pelvis",
            "body",
            (-0.72 * w, 0.72 * w),
            (-0.7 * d, 0.7 * d),
            (hip - 0.05 * height, hip + 0.06 * height),
            power,
            10,
        ),
        cylinder("waist", "joint", (0, 0, hip), (0, 0, hip + 0.16 * height), 0.42 * w, sides=20),
        *robot_head(style, w, d, shoulder, height, power),
    ]
    parts += [
        *robot_arms(style, w, width, depth, shoulder, height, power),
        *robot_legs(style, w, depth, hip, height, power),
        *chest_details(style, w, d, hip, shoulder, height),
    ]
    return parts


def robot_head(style: Style, w: float, d: float, shoulder: float, height: float, power: float) -> list[Part]:
    r = 0.62 * w * style["head"]
    low, top = shoulder + 0.055 * height, (0.955 if style["aerial"] != "none" else 1.0) * height
    head = superellipsoid("head", "body", (-r, r), (-0.85 * d, 0.85 * d), (low, top), power, 10)
    neck = cylinder("neck", "joint", (0, 0, shoulder), (0, 0, low + 0.02 * height), 0.35 * r, sides=16)
    z, y = low + 0.56 * (top - low), -0.83 * d
    if style["face"] == "visor":
        visor = superellipsoid(
            "visor",
            "screen",
            (-0.78 * r, 0.78 * r),
            (y - 0.06 * d, y + 0.4 * d),
            (z - 0.17 * (top - low), z + 0.17 * (top - low)),
            4.0,
            8,
        )
        eyes = [
            ellipsoid("eye", "eyes", (s * 0.34 * r, y - 0.05 * d, z), (0.12 * r, 0.04 * d, 0.09 * (top - low)))
            for s in (1, -1)
        ]
        face = [visor, merge("eyes", eyes)]
    else:
        rims = [
            torus("rim", "metal", (s * 0.42 * r, y, z), 0.2 * r * style["eyes"], 0.1 * r, axis=1, sides=24)
            for s in (1, -1)
        ]
        eyes = [
            ellipsoid("eye", "eyes", (s * 0.42 * r, y, z), (0.2 * r * style["eyes"], 0.08 * d, 0.2 * r * style["eyes"]))
            for s in (1, -1)
        ]
        mouth = [
            box("bar", "joint", (-0.42 * r, 0.42 * r), (y - 0.02 * d, y + 0.2 * d), band, 0.004)
            for band in split((low + 0.12 * (top - low), low + 0.32 * (top - low)), 3, 0.01 * height)
        ]
        face = [merge("rims", rims), merge("eyes", eyes), merge("mouth", mouth)]
    ears = cylinder("ear", "joint", (0.96 * r, 0, z), (1.12 * r, 0, z), 0.24 * r, sides=20)
    parts = [head, neck, *face, both("ears", [ears])]
    if style["aerial"] == "one":
        parts += [
            cylinder("aerial", "metal", (0, 0, top - 0.01 * height), (0, 0, 0.99 * height), 0.04 * r, sides=10),
            ellipsoid("aerial tip", "eyes", (0, 0, 0.985 * height), (0.1 * r, 0.1 * r, 0.015 * height)),
        ]
    if style["aerial"] == "two":
        rod = tube("aerial", "metal", [(1.05 * r, 0, z), (1.05 * r, 0, height)], 0.04 * r, sides=8)
        parts.append(both("aerials", [rod]))
    return parts


def robot_arms(
    style: Style, w: float, width: float, depth: float, shoulder: float, height: float, power: float
) -> list[Part]:
    x, r = 0.5 * width - 0.13 * width, 0.085 * width * style["limbs"]
    swing = style["swing"] * depth
    joint = ellipsoid(
        "shoulder", "joint", (0.5 * (x + w), 0, shoulder - 0.03 * height), (0.1 * width, 0.1 * width, 0.045 * height)
    )
    elbow_z, hand_z = shoulder - 0.17 * height, shoulder - 0.33 * height
    uppers, lowers, elbows, hands = [], [], [], []
    for s in (1, -1):
        bend = s * swing
        hand = (s * (x + 0.02 * width), -0.3 * depth + bend * 0.5, hand_z + 0.05 * height)
        uppers.append(
            move(
                superellipsoid("upper arm", "body", (-r, r), (-r, r), (elbow_z, shoulder - 0.01 * height), power, 6),
                s * x,
                0.2 * bend,
                0,
            )
        )
        elbows.append(ellipsoid("elbow", "joint", (s * x, 0.3 * bend, elbow_z), (0.8 * r, 0.8 * r, 0.8 * r)))
        lowers.append(
            cylinder(
                "fore arm", "body", (s * x, 0.3 * bend, elbow_z), hand, 0.75 * r, 0.95 * r, bevel=0.2 * r, sides=16
            )
        )
        hands += claw(style, np.array(hand), r, s)
    return [
        both("shoulders", [joint]),
        merge("upper arms", uppers),
        merge("elbows", elbows),
        merge("fore arms", lowers),
        merge("hands", hands),
    ]


def claw(style: Style, at: np.ndarray, r: float, side: int) -> list[Part]:
    palm = ellipsoid("palm", "joint", tuple(at - (0, 0.4 * r, 0.5 * r)), (0.8 * r, 0.8 * r, 0.8 * r))
    count = 2 if style["hands"] == "grippers" else 4
    fingers = []
    for k in range(count):
        x = (k - (count - 1) / 2) * (1.2 if count == 2 else 0.45) * r
        base = at + np.array([0.8 * x, -0.8 * r, -0.8 * r])
        fingers.append(
            tube(
                "finger",
                "joint",
                [base, np.add(base, (0.5 * x, -0.7 * r, -0.5 * r)), np.add(base, (0.1 * x, -1.3 * r, -0.9 * r))],
                0.2 * r if count == 4 else 0.28 * r,
                sides=8,
            )
        )
    return [palm, *fingers]


def robot_legs(style: Style, w: float, depth: float, hip: float, height: float, power: float) -> list[Part]:
    x, r = 0.42 * w, 0.26 * w * style["limbs"]
    step = style["stride"] * depth
    knee_z, ankle_z = 0.52 * hip, 0.09 * height
    groups: dict[str, list[Part]] = {}

    def add(part: Part) -> None:
        groups.setdefault(part.name, []).append(part)

    for s in (1, -1):
        y = s * step
        add(ellipsoid("hip", "joint", (s * x, 0, hip - 0.03 * height), (1.05 * r, 1.05 * r, 1.05 * r)))
        add(
            cylinder(
                "thigh",
                "body",
                (s * x, 0.3 * y, knee_z),
                (s * x, 0, hip - 0.04 * height),
                0.85 * r,
                1.05 * r,
                bevel=0.2 * r,
                sides=18,
            )
        )
        add(ellipsoid("knee", "joint", (s * x, 0.35 * y - 0.1 * r, knee_z), (0.9 * r, 0.9 * r, 0.9 * r)))
        add(
            cylinder(
                "shin",
                "body",
                (s * x, 0.9 * y, ankle_z),
                (s * x, 0.35 * y, knee_z),
                1.1 * r,
                0.8 * r,
                bevel=0.2 * r,
                sides=18,
            )
        )
        add(
            superellipsoid(
                "foot",
                "body",
                (s * x - 1.25 * r, s * x + 1.25 * r),
                (y - 0.28 * depth, y + 0.16 * depth),
                (0, 0.075 * height),
                power + 1,
                8,
            )
        )
        add(
            cylinder(
                "ankle",
                "joint",
                (s * x, 0.95 * y, 0.05 * height),
                (s * x, 0.9 * y, ankle_z + 0.02 * height),
                0.6 * r,
                sides=14,
            )
        )
    return [merge(name + "s" if name != "foot" else "feet", pieces) for name, pieces in groups.items()]


def chest_details(style: Style, w: float, d: float, hip: float, shoulder: float, height: float) -> list[Part]:
    y, z = -0.98 * d, hip + 0.6 * (shoulder - hip)
    if style["chest"] == "screen":
        return [
            superellipsoid(
                "screen",
                "screen",
                (-0.5 * w, 0.5 * w),
                (y - 0.06 * d, y + 0.4 * d),
                (z - 0.055 * height, z + 0.06 * height),
                5.0,
                8,
            )
        ]
    if style["chest"] == "light":
        ring = torus("ring", "metal", (0, y + 0.03 * d, z), 0.3 * w, 0.09 * w, axis=1, sides=28)
        return [ring, ellipsoid("core", "eyes", (0, y + 0.04 * d, z), (0.28 * w, 0.08 * d, 0.28 * w))]
    knobs = [
        ellipsoid("button", "button", (dx * w, y + 0.03 * d, z + dz * height), (0.1 * w, 0.07 * d, 0.1 * w), 5)
        for dx in (-0.4, 0.0, 0.4)
        for dz in (0.03, -0.03)
    ]
    return [merge("buttons", knobs)]


def robot_dog(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    w, r = 0.3 * width * style["girth"], 0.055 * height * style["limbs"]
    low, top = (0.62 + 0.05 * style["clearance"]) * height, 0.93 * height
    power = {"round": 3.0, "boxy": 8.0}[style["shape"]]
    body = superellipsoid("body", "body", (-w, w), (-0.4 * length, 0.4 * length), (low, top), power, 12)
    back = superellipsoid(
        "back",
        "joint",
        (-0.7 * w, 0.7 * w),
        (-0.3 * length * style["back"], 0.3 * length * style["back"]),
        (top - 0.05 * height, top + 0.03 * height),
        6.0,
        8,
    )
    ends = [
        superellipsoid(
            "end",
            "joint",
            (-0.9 * w, 0.9 * w),
            (s * 0.45 * length - 0.06 * length, s * 0.45 * length + 0.05 * length),
            (low + 0.02 * height, top - 0.04 * height),
            power,
            8,
        )
        for s in (1, -1)
    ]
    y = -0.525 * length
    lenses = [
        ellipsoid(
            "lens",
            "screen",
            (x * w, y + 0.012 * length, low + 0.6 * (top - low)),
            (0.16 * w, 0.02 * length, 0.16 * w * style["eyes"]),
        )
        for x in (-0.45, 0.45)
    ]
    lamps = [
        ellipsoid(
            "lamp", "eyes", (x * w, y + 0.012 * length, low + 0.25 * (top - low)), (0.14 * w, 0.012 * length, 0.05 * w)
        )
        for x in (-0.45, 0.45)
    ]
    parts = [
        body,
        back,
        merge("ends", ends),
        merge("lenses", lenses),
        merge("lamps", lamps),
        *dog_legs(style, w, width, length, low, height, r),
    ]
    if style["top"] == "arm":
        base = np.array([0.0, -0.2 * length, top])
        elbow, wrist = np.add(base, (0, 0.22 * length, 0.14 * height)), np.add(base, (0, -0.12 * length, 0.24 * height))
        links = [tube("link", "body", [base, elbow], 0.9 * r), tube("link", "body", [elbow, wrist], 0.75 * r)]
        joints = [ellipsoid("joint", "joint", tuple(p), (1.3 * r, 1.3 * r, 1.3 * r)) for p in (base, elbow, wrist)]
        jaws = [
            box(
                "jaw",
                "joint",
                (-0.5 * r, 0.5 * r),
                (wrist[1] - 0.1 * length, wrist[1]),
                (wrist[2] + dz - 0.3 * r, wrist[2] + dz + 0.3 * r),
                0.004,
            )
            for dz in (0.5 * r, -0.7 * r)
        ]
        parts += [merge("arm", links), merge("arm joints", joints), merge("jaws", jaws)]
    if style["top"] == "scanner":
        parts += [
            cylinder(
                "scanner",
                "joint",
                (0, -0.22 * length, top),
                (0, -0.22 * length, height),
                0.45 * w,
                bevel=0.01,
                sides=24,
            ),
            lathe(
                "scanner band",
                "screen",
                np.array([(0.4, 0.3), (0.46, 0.3), (0.46, 0.7), (0.4, 0.7)]) * (w, height - top),
                at=(0, -0.22 * length, top),
                sides=24,
            ),
        ]
    return parts


def dog_legs(style: Style, w: float, width: float, length: float, low: float, height: float, r: float) -> list[Part]:
    x = 0.5 * width - 1.3 * r
    groups: dict[str, list[Part]] = {"hips": [], "thighs": [], "shins": [], "knees": [], "feet": []}
    gait = {"standing": 0.0, "trotting": 0.07}[style["gait"]] * length
    for front in (True, False):
        for s in (1, -1):
            step = gait * s * (1 if front else -1)
            hip = np.array([s * x, (-0.33 if front else 0.33) * length, low + 0.1 * height])
            knee = np.add(hip, (0, 0.13 * length * style["knee"], -0.36 * low - 0.05 * height))
            foot = np.array([s * x, hip[1] - 0.02 * length + step, 1.1 * r])
            groups["hips"].append(
                cylinder(
                    "hip",
                    "joint",
                    (s * 0.8 * w, hip[1], hip[2]),
                    (s * (x + 1.1 * r), hip[1], hip[2]),
                    1.7 * r,
                    bevel=0.3 * r,
                    sides=20,
                )
            )
            groups["thighs"].append(
                cylinder("thigh", "body", tuple(knee), tuple(hip), 1.0 * r, 1.5 * r, bevel=0.3 * r, sides=16)
            )
            groups["knees"].append(ellipsoid("knee", "joint", tuple(knee), (1.15 * r, 1.15 * r, 1.15 * r)))
            groups["shins"].append(tube("shin", "joint", [knee, foot], np.array([0.75 * r, 0.55 * r]), sides=12))
            groups["feet"].append(ellipsoid("foot", "rubber", tuple(foot), (1.1 * r, 1.1 * r, 1.1 * r), 6))
    return [merge(name, pieces) for name, pieces in groups.items()]


def machine(name: str, words: tuple[str, ...], size: Size, slots: dict[str, str], knobs: dict, build: Build) -> Kind:
    return Kind(name, "robots", words, size, slots, knobs, steady(fitted(build), size, 2.0))


SLOTS = {"joint": "iron", "metal": "steel", "eyes": "cyan glow", "screen": "dark-glass"}
KINDS = [
    machine(
        "robot",
        ("android", "droid", "cyborg", "mech", "humanoid robot"),
        (0.85, 0.6, 1.7),
        {"body": "white plastic", "button": "red plastic"} | SLOTS,
        {
            "girth": Range(0.88, 1.15),
            "legs": Range(0.92, 1.06),
            "head": Range(0.85, 1.2),
            "limbs": Range(0.85, 1.2),
            "swing": Range(-0.2, 0.2),
            "stride": Range(-0.2, 0.2),
            "eyes": Range(0.85, 1.25),
            "shape": Choice(("round", "boxy")),
            "face": Choice(("visor", "lenses")),
            "aerial": Choice(("none", "one", "two")),
            "hands": Choice(("grippers", "fingers")),
            "chest": Choice(("screen", "light", "buttons")),
        },
        robot,
    ),
    machine(
        "robot dog",
        ("robotic dog", "quadruped robot", "robot pet"),
        (0.5, 1.1, 0.8),
        {"body": "yellow enamel", "rubber": "rubber"} | SLOTS,
        {
            "girth": Range(0.88, 1.12),
            "limbs": Range(0.85, 1.2),
            "clearance": Range(-1.0, 0.6),
            "knee": Range(0.8, 1.3),
            "eyes": Range(0.8, 1.3),
            "back": Range(0.7, 1.1),
            "shape": Choice(("round", "boxy")),
            "gait": Choice(("standing", "trotting")),
            "top": Choice(("plain", "arm", "scanner")),
        },
        robot_dog,
    ),
]
