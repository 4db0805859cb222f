"""Trees: broad-leaved tree, conifer, palm.

Default material words: bark "bark", "birch-bark"; foliage "foliage"; leaf "leaf"; needles "dark green leaf";
fruit "red fruit"; earth "soil".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..bodies import Bone, Cover, ball, skin
from ..leaves import leaves, scattered, upright
from ..solids import cylinder, ellipsoid, lathe, merge, prism, tube
from .pots import bow, plant
from .shrubs import coat_of_leaves


def tree(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    rng = style.random("tree")
    trunk_top = style["trunk"] * height
    crown = {"round": (0.5, 0.62, 0.5), "oval": (0.42, 0.62, 0.62), "spreading": (0.5, 0.7, 0.32)}[style["form"]]
    middle = np.array([0.0, 0.0, trunk_top + crown[1] * 0.62 * (height - trunk_top)])
    radii = np.array([0.36 * width, 0.36 * depth, 0.5 * crown[2] * (height - trunk_top) * 1.25])
    ways = scattered(rng, int(style["clumps"]), -0.75)
    centres = middle + radii * ways * rng.uniform(0.75, 1.0, (len(ways), 1))
    sizes = 0.13 * min(width, depth) * style["clump_size"] * rng.uniform(0.8, 1.25, len(ways))
    blobs = [
        Bone(
            tuple(middle - [0, 0, 0.4 * radii[2]]),
            tuple(np.add(middle, (0, 0, 0.3 * radii[2]))),
            0.6 * radii[0],
            0.55 * radii[0],
            0.0,
        )
    ]
    blobs += [ball(tuple(c), float(s), 0.4 * float(s), 0.8, (0, 0, 1)) for c, s in zip(centres, sizes, strict=True)]
    foliage = skin(Cover("crown", "foliage", blobs, 5500))
    parts = [foliage, *coat_of_leaves(style, foliage, int(style["density"] * 620), 0.075 * width * style["leaf_size"])]
    parts += wood(style, rng, width, depth, trunk_top, middle, centres[:: max(1, len(centres) // 9)])
    if style["fruit"] == "fruit":
        corner = foliage.vertices[foliage.faces].mean(1)
        low = corner[corner[:, 2] < middle[2] + 0.4 * radii[2]]
        parts.append(
            merge(
                "fruit",
                [ellipsoid("fruit", "fruit", tuple(p), (0.021 * width,) * 3, 3) for p in rng.permutation(low)[:34]],
            )
        )
    return parts


def wood(
    style: Style, rng: np.random.Generator, width: float, depth: float, top: float, middle: np.ndarray, ends: np.ndarray
) -> list[Part]:
    """Trunk with roots that spread, and branches into the crown."""
    r = 0.045 * width * style["girth"]
    sway = rng.uniform(-0.03, 0.03, 2) * width
    count = 9
    trunks = []
    for k in range(1 if style["trunks"] == "single" else 3):
        foot = (
            np.array([0.0, 0.0, 0.0])
            if k == 0
            else np.array([0.09 * width * np.cos(2.4 * k), 0.09 * depth * np.sin(2.4 * k), 0.0])
        )
        path = bow(
            foot, np.array([sway[0] + 1.6 * foot[0], sway[1] + 1.6 * foot[1], 0.5 * top]), middle + 2.2 * foot, count
        )
        share = np.linspace(1.0, 0.45, count) + 0.5 * np.linspace(1, 0, count) ** 6
        trunks.append(tube("trunk", "bark", path, r * share * (1.0 if k == 0 else 0.7), sides=12))
    roots = []
    for k in range(5):
        turn = 2 * np.pi * k / 5 + rng.uniform(-0.3, 0.3)
        out = np.array([np.cos(turn), np.sin(turn), 0.0])
        roots.append(
            tube(
                "root",
                "bark",
                bow(
                    0.4 * r * out + [0, 0, 1.6 * r],
                    1.3 * r * out + [0, 0, 0.3 * r],
                    2.6 * r * out + [0, 0, 0.12 * r],
                    6,
                ),
                np.linspace(0.45, 0.12, 6) * r,
                sides=7,
            )
        )
    branches = []
    for end in ends:
        start = np.array([sway[0] * 0.8, sway[1] * 0.8, top * rng.uniform(0.78, 1.0)])
        bend = 0.5 * (start + end) + np.array(
            [0.15 * (end[0] - start[0]), 0.15 * (end[1] - start[1]), -0.06 * (end[2] - start[2])]
        )
        branches.append(tube("branch", "bark", bow(start, bend, end, 7), np.linspace(0.42, 0.12, 7) * r, sides=7))
    return [merge("trunks", trunks), merge("roots", roots), merge("branches", branches)]


def conifer(style: Style, size: Size) -> list[Part]:
    width, _, height = size
    rng, tiers = style.random("twigs"), int(style["tiers"])
    low = style["trunk"] * height
    roots, ways, lengths, boughs = [], [], [], []
    for i in range(tiers):
        share = i / (tiers - 1)
        share = 1 - (1 - share) ** 1.35  # the tiers draw together towards the top
        z = low + (0.955 * height - low) * share
        reach = 0.5 * width * (1 - share) ** style["taper"] + 0.03 * width
        count = int(7 + 9 * (1 - share))
        for k in range(count):
            turn = 2 * np.pi * (k + 0.5 * (i % 2)) / count + rng.uniform(-0.1, 0.1)
            out = np.array([np.cos(turn), np.sin(turn), -style["hang"] * (1 - 0.8 * share)])
            tip = reach * rng.uniform(*((0.9, 1.02) if style["order"] == "regular" else (0.6, 1.05)))
            if share < 0.8 and k % 2 == 0:
                boughs.append(
                    tube(
                        "bough",
                        "bark",
                        [(0, 0, z), tuple(np.array([0, 0, z]) + 0.72 * tip * out)],
                        np.array([0.008, 0.003]) * width,
                        sides=5,
                    )
                )
            for f, side in (
                ((0.25, 0.0), (0.5, 0.55), (0.5, -0.55), (0.74, 0.4), (0.74, -0.4)) if share < 0.93 else ((0.0, 0.0),)
            ):
                across = np.array([-np.sin(turn), np.cos(turn), 0.0])
                roots.append(np.array([0, 0, z]) + f * tip * out)
                ways.append(out + side * across + rng.normal(0, 0.05, 3))
                lengths.append(tip * (1 - f) * (1.0 if side == 0 else 0.85) + 0.06 * width * (1 - share))
    lengths = np.array(lengths)
    twigs = leaves(
        "twigs",
        "needles",
        np.array(roots),
        np.array(ways),
        upright(ways),
        lengths,
        0.22 * lengths * style["bushy"] + 0.012 * width,
        "pointed",
        0.22,
        -0.35,
        3,
        0.16,
    )
    trunk = cylinder(
        "trunk", "bark", (0, 0, 0), (0, 0, 0.96 * height), 0.035 * width * style["girth"], 0.006 * width, sides=14
    )
    top = leaves(
        "leader",
        "needles",
        np.tile([0.0, 0.0, 0.9 * height], (6, 1)),
        scattered(rng, 6, 0.75),
        upright(scattered(rng, 6, 0.75)),
        0.1 * height,
        0.03 * width,
        "pointed",
        0.0,
        0.3,
        3,
        0.2,
    )
    return [
        twigs,
        top,
        trunk,
        inner_cone(style, width, height, low, tiers),
        merge("boughs", boughs),
        *dressing(style, rng, width, height, low),
    ]


def inner_cone(style: Style, width: float, height: float, low: float, tiers: int) -> Part:
    """The dark inside of the tree: one skirt under another, so that no sky shows between the twigs."""
    profile = [(0.0, low + 0.02 * height)]
    for i in range(tiers):
        share = 1 - (1 - i / tiers) ** 1.35
        after = 1 - (1 - (i + 1) / tiers) ** 1.35
        reach = 0.3 * width * (1 - share) ** style["taper"] + 0.012 * width
        z, higher = (low + (0.93 * height - low) * s for s in (share, after))
        profile += [(reach, z - 0.02 * height * (1 - share)), (0.5 * reach, higher - 0.01 * height)]
    return lathe("inner cone", "needles", np.array([*profile, (0.0, 0.94 * height)]), sides=18)


def dressing(style: Style, rng: np.random.Generator, width: float, height: float, low: float) -> list[Part]:
    """Cones in the forest, balls and a star at Christmas, nothing otherwise."""
    if style["dress"] == "plain":
        return []
    spots = []
    for i in range(38):
        share = (i + 0.5) / 38
        turn, z = 2.4 * i, low + (0.9 * height - low) * share
        reach = 0.47 * width * (1 - share) ** style["taper"] + 0.02 * width
        spots.append((reach * np.cos(turn), reach * np.sin(turn), z - 0.1 * height * style["hang"] * (1 - share)))
    if style["dress"] == "cones":
        cones = [
            lathe(
                "cone",
                "bark",
                np.array([(0, -0.05), (0.012, -0.04), (0.018, -0.02), (0.008, 0.0), (0, 0.0)]) * width * 1.4,
                at=p,
                sides=10,
            )
            for p in spots[::2]
        ]
        return [merge("cones", cones)]
    baubles = [ellipsoid("bauble", "bauble", p, (0.028 * width,) * 3, 4) for p in spots]
    angle = np.linspace(0, 2 * np.pi, 11)[:-1] + np.pi / 2
    radius = np.where(np.arange(10) % 2 == 0, 0.055, 0.024) * width
    star = prism(
        "star",
        "star",
        np.column_stack([radius * np.cos(angle), 0.965 * height + radius * np.sin(angle)]),
        "y",
        (-0.012 * width, 0.012 * width),
        0.003 * width,
    )
    return [merge("baubles", baubles), star]


def palm(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    rng, count = style.random("palm"), int(style["fronds"])
    top = np.array([style["lean"] * width, 0.0, style["trunk"] * height])
    path = bow(np.zeros(3), np.array([-0.2 * style["lean"] * width, 0.0, 0.5 * top[2]]), top, 34)
    rings = (1 + 0.1 * (np.arange(34) % 2)) * np.linspace(1.0, 0.62, 34) + 0.5 * np.linspace(1, 0, 34) ** 12
    parts = [tube("trunk", "bark", path, 0.04 * width * style["girth"] * rings, sides=14)]
    ribs, roots, ways, lengths = [], [], [], []
    for i in range(count):
        turn, rise = 2.4 * i, (i + 0.5) / count
        reach = 0.46 * width * (1.0 - 0.35 * rise) * rng.uniform(0.9, 1.02)
        out = np.array([np.cos(turn), np.sin(turn) * depth / width, 0.0])
        high = (height - top[2]) * (0.35 + 0.75 * rise)
        end = top + reach * out + [0, 0, high - style["droop"] * 0.5 * reach - 0.1 * height * (1 - rise)]
        line = bow(top, top + 0.5 * reach * out + [0, 0, high], end, 13)
        ribs.append(tube("rib", "stem", line, np.linspace(0.011, 0.003, 13) * width, sides=6))
        for k in range(2, 13):
            along = line[min(k + 1, 12)] - line[k - 1]
            across = np.cross(along, (0, 0, 1.0))
            across /= np.linalg.norm(across)
            for s in (1, -1):
                roots.append(line[k])
                ways.append(s * across + 0.75 * along / np.linalg.norm(along) + [0, 0, -0.25])
                lengths.append(0.2 * width * style["leaflets"] * np.sin(np.pi * (k - 0.5) / 13) ** 0.6)
    lengths = np.array(lengths)
    parts += [
        merge("ribs", ribs),
        leaves(
            "leaflets",
            "leaf",
            np.array(roots),
            np.array(ways),
            upright(ways),
            lengths,
            0.15 * lengths + 0.006 * width,
            "strip",
            0.25,
            0.3,
            3,
            0.06,
        ),
    ]
    heart = [ball(tuple(top), 0.06 * width, 0.0, 0.8, (0, 0, 1))]
    parts.append(skin(Cover("heart", "stem", heart, 500)))
    if style["fruit"] == "coconuts":
        nuts = [
            ellipsoid(
                "nut",
                "fruit",
                (top[0] + 0.075 * width * np.cos(a), top[1] + 0.075 * width * np.sin(a), top[2] - 0.035 * width),
                (0.035 * width, 0.035 * width, 0.042 * width),
                4,
            )
            for a in np.linspace(0, 2 * np.pi, 6)[:-1]
        ]
        parts.append(merge("coconuts", nuts))
    if style["ground"] == "mound":
        parts.append(ellipsoid("mound", "earth", (0, 0, 0.008 * height), (0.14 * width, 0.14 * depth, 0.018 * height)))
    return parts


KINDS = [
    plant(
        "tree",
        ("oak tree", "apple tree", "birch", "maple tree", "deciduous tree", "fruit tree"),
        (3.6, 3.6, 5.2),
        {"leaf": "leaf", "foliage": "foliage", "bark": "bark", "fruit": "red fruit"},
        {
            "trunk": Range(0.24, 0.36),
            "girth": Range(0.8, 1.25),
            "clumps": Range(20.0, 34.0),
            "clump_size": Range(0.85, 1.2),
            "density": Range(0.85, 1.15),
            "leaf_size": Range(0.8, 1.2),
            "form": Choice(("round", "oval", "spreading")),
            "trunks": Choice(("single", "several")),
            "fruit": Choice(("none", "fruit")),
        },
        tree,
        1,
    ),
    plant(
        "pine tree",
        ("conifer", "fir", "spruce", "christmas tree", "pine", "evergreen"),
        (2.4, 2.4, 4.2),
        {"needles": "dark green leaf", "bark": "bark", "bauble": "red ceramic", "star": "gold"},
        {
            "trunk": Range(0.08, 0.16),
            "girth": Range(0.8, 1.3),
            "taper": Range(0.85, 1.25),
            "hang": Range(0.25, 0.6),
            "bushy": Range(0.85, 1.25),
            "tiers": Range(13.0, 18.0),
            "dress": Choice(("plain", "cones", "christmas")),
            "order": Choice(("regular", "wild")),
        },
        conifer,
    ),
    plant(
        "palm tree",
        ("palm", "coconut palm", "date palm"),
        (3.4, 3.4, 4.6),
        {"leaf": "leaf", "bark": "bark", "stem": "stem", "fruit": "brown fruit", "earth": "sand"},
        {
            "trunk": Range(0.68, 0.8),
            "girth": Range(0.8, 1.2),
            "lean": Range(-0.12, 0.12),
            "fronds": Range(11.0, 16.0),
            "droop": Range(0.5, 1.2),
            "leaflets": Range(0.85, 1.15),
            "fruit": Choice(("none", "coconuts")),
            "ground": Choice(("mound", "bare")),
        },
        palm,
    ),
]
