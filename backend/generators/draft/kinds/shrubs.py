"""Grass tuft and bush."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..bodies import Bone, Cover, ball, skin
from ..leaves import leaves, scattered, upright
from ..solids import ellipsoid, merge, move, tube
from .pots import bow, plant


def grass_tuft(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    rng, count = style.random("blades"), int(style["density"] * 240)
    turn = rng.uniform(0, 2 * np.pi, count)
    out = np.sqrt(rng.uniform(0, 1, count)) * style["spread"]
    roots = np.stack(
        [0.28 * width * out * np.cos(turn), 0.28 * depth * out * np.sin(turn), np.full(count, 0.01 * height)], -1
    )
    lean = (0.08 + 0.33 * out * style["lean"]) * width / height
    ways = np.stack([lean * np.cos(turn), lean * np.sin(turn), np.ones(count)], -1)
    tall = height * (rng.uniform(0.55, 1.08, count) if style["cut"] == "wild" else rng.uniform(0.88, 0.98, count))
    blades = leaves(
        "blades",
        "grass",
        roots,
        ways,
        upright(ways),
        tall,
        0.028 * width * style["blade"],
        "strip",
        style["droop"],
        0.35,
        5,
        0.12,
    )
    parts = [
        blades,
        ellipsoid(
            "clod", "soil", (0, 0, 0.0), (0.32 * width * style["clod"], 0.32 * depth * style["clod"], 0.04 * height)
        ),
    ]
    if style["seeds"] != "none":
        parts += seed_heads(style, width, depth, height)
    return [part if part.name != "clod" else move(part, 0, 0, 0.04 * height) for part in parts]


def seed_heads(style: Style, width: float, depth: float, height: float) -> list[Part]:
    """Stalks with plumes or with small flowers."""
    rng = style.random("seeds")
    stalks, ends = [], []
    for i in range(9):
        turn, out = 2.4 * i, rng.uniform(0.1, 0.32)
        end = np.array([out * width * np.cos(turn), out * depth * np.sin(turn), height * rng.uniform(0.8, 0.95)])
        base = np.array([0.2 * end[0], 0.2 * end[1], 0.02 * height])
        stalks.append(
            tube(
                "stalk",
                "grass",
                bow(base, np.array([0.4 * end[0], 0.4 * end[1], 0.7 * end[2]]), end, 6),
                0.006 * width,
                sides=5,
            )
        )
        ends.append(end)
    if style["seeds"] == "flowers":
        ways = scattered(rng, 7 * len(ends), -0.1)
        petals = leaves(
            "flowers",
            "flower",
            np.repeat(ends, 7, axis=0),
            ways,
            upright(ways),
            0.07 * width,
            0.04 * width,
            "petal",
            0.1,
            0.2,
            3,
            0.1,
        )
        return [merge("stalks", stalks), petals]
    plumes = [ellipsoid("plume", "seed", tuple(end), (0.02 * width, 0.02 * depth, 0.08 * height), 4) for end in ends]
    return [merge("stalks", stalks), merge("plumes", plumes)]


def bush(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    rng = style.random("bush")
    ways = scattered(rng, int(style["lobes"]), -0.25)
    low, radii = (
        np.array([0, 0, 0.5 * height]),
        np.array([0.3 * width, 0.3 * depth, 0.3 * height * style["squash"]])
        * (1.0 if style["form"] == "wild" else 0.9),
    )
    sizes = 0.17 * min(width, depth, height) * rng.uniform(0.85, 1.3, len(ways)) * style["lobe_size"]
    core = [Bone((0, 0, 0.3 * height), (0, 0, 0.58 * height), 0.26 * min(width, depth), 0.24 * min(width, depth), 0.0)]
    core += [ball(tuple(low + radii * way), float(s), 0.25 * float(s)) for way, s in zip(ways, sizes, strict=True)]
    if style["form"] == "clipped":
        core = [
            Bone(
                (0, 0, 0.5 * height),
                (0, 0, 0.52 * height),
                0.38 * min(width, depth),
                0.38 * min(width, depth),
                0.0,
                style["squash"],
                (0, 0, 1),
            )
        ]
    crown = skin(Cover("crown", "foliage", core, 3500))
    return [
        crown,
        *coat_of_leaves(style, crown, int(style["density"] * 420), 0.085 * width * style["leaf_size"]),
        *stems_below(style, rng, width, depth, height),
        *berries(style, crown, width),
    ]


def coat_of_leaves(style: Style, crown: Part, count: int, size: float, slot: str = "leaf") -> list[Part]:
    """Leaves that stand out of a crown all over."""
    rng = style.random("coat")
    corner = crown.vertices[crown.faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = np.linalg.norm(normal, axis=1)
    chosen = rng.choice(len(area), count, p=area / area.sum())
    out = normal[chosen] / area[chosen, None]
    ways = out + rng.normal(0, 0.55, (count, 3)) + np.array([0, 0, 0.15])
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    long = size * rng.uniform(0.75, 1.25, count)
    return [
        leaves(
            "leaves",
            slot,
            corner[chosen].mean(1) - 0.15 * size * out,
            ways,
            out + 0.4 * upright(ways),
            long,
            0.55 * long,
            "pointed",
            0.2,
            0.25,
            3,
            0.06,
        )
    ]


def stems_below(style: Style, rng: np.random.Generator, width: float, depth: float, height: float) -> list[Part]:
    stems = []
    for i in range(6):
        turn = 2.4 * i + rng.uniform(-0.3, 0.3)
        end = np.array([0.2 * width * np.cos(turn), 0.2 * depth * np.sin(turn), 0.4 * height])
        stems.append(
            tube(
                "stem",
                "bark",
                bow(
                    np.array([0.05 * end[0], 0.05 * end[1], 0.0]),
                    np.array([0.3 * end[0], 0.3 * end[1], 0.2 * height]),
                    end,
                    6,
                ),
                np.linspace(0.02, 0.01, 6) * width * style["stems"],
                sides=8,
            )
        )
    return [merge("stems", stems)]


def berries(style: Style, crown: Part, width: float) -> list[Part]:
    if style["fruit"] == "none":
        return []
    rng = style.random("berries")
    corner = crown.vertices[crown.faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    chosen = rng.choice(len(corner), 46)
    out = normal[chosen] / np.linalg.norm(normal[chosen], axis=1, keepdims=True)
    at = corner[chosen].mean(1) + 0.035 * width * out
    if style["fruit"] == "berries":
        return [merge("berries", [ellipsoid("berry", "berry", tuple(p), (0.018 * width,) * 3, 2) for p in at])]
    side = np.repeat(out, 5, axis=0) + 0.9 * scattered(rng, 46 * 5, -1.0)
    return [
        leaves(
            "blossoms",
            "flower",
            np.repeat(at, 5, axis=0),
            side,
            upright(side),
            0.05 * width,
            0.032 * width,
            "petal",
            0.1,
            0.2,
            3,
            0.1,
        )
    ]


KINDS = [
    plant(
        "grass tuft",
        ("grass", "reeds", "ornamental grass", "wheat"),
        (0.7, 0.7, 0.6),
        {"grass": "grass", "soil": "soil", "seed": "straw", "flower": "petal"},
        {
            "density": Range(0.75, 1.2),
            "spread": Range(0.75, 1.2),
            "lean": Range(0.7, 1.3),
            "blade": Range(0.8, 1.4),
            "droop": Range(0.2, 0.55),
            "clod": Range(0.7, 1.3),
            "seeds": Choice(("none", "plumes", "flowers")),
            "cut": Choice(("wild", "even")),
        },
        grass_tuft,
    ),
    plant(
        "bush",
        ("shrub", "hedge", "boxwood", "rose bush"),
        (1.3, 1.3, 1.1),
        {"foliage": "foliage", "leaf": "leaf", "bark": "bark", "berry": "red fruit", "flower": "petal"},
        {
            "lobes": Range(16.0, 30.0),
            "lobe_size": Range(0.85, 1.15),
            "density": Range(0.8, 1.2),
            "leaf_size": Range(0.8, 1.25),
            "squash": Range(0.85, 1.15),
            "stems": Range(0.7, 1.3),
            "form": Choice(("wild", "clipped")),
            "fruit": Choice(("none", "berries", "blossoms")),
        },
        bush,
    ),
]
