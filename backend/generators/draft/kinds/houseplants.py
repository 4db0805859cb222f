"""The potted plant, with large, sword-shaped, feathered, small or arching leaves."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..leaves import leaves, scattered, upright
from ..solids import merge, tube
from .pots import POT_KNOBS, bow, plant, pot


def potted_plant(style: Style, size: Size) -> list[Part]:
    width, _, height = size
    pot_h = style["pot_height"] * height
    parts, r, level = pot(style, width * style["pot_width"], pot_h)
    grow = {
        "broad": broad_leaves,
        "sword": sword_leaves,
        "fern": fern_fronds,
        "tree": little_tree,
        "spider": arching_leaves,
    }[style["leaves"]]
    return [*parts, *grow(style, width, height, r, level)]


def broad_leaves(style: Style, width: float, height: float, r: float, level: float) -> list[Part]:
    """Large leaves on long stalks (monstera, rubber plant)."""
    rng, count = style.random("leaves"), int(style["count"] * 15)
    stems, roots, ways, sizes = [], [], [], []
    for i in range(count):
        turn, rise = 2.4 * i + rng.uniform(-0.3, 0.3), (i + 0.5) / count
        out = width * (0.42 - 0.24 * rise) * rng.uniform(0.8, 1.0)
        top = level + (height - level) * (0.3 + 0.62 * rise)
        end = np.array([out * np.cos(turn), out * np.sin(turn), top])
        base = np.array([0.25 * r * np.cos(turn), 0.25 * r * np.sin(turn), level - 0.01])
        middle = 0.5 * (base + end) + np.array([-0.35 * out * np.cos(turn), -0.35 * out * np.sin(turn), 0.06 * height])
        stems.append(tube("stalk", "stem", bow(base, middle, end, 7), 0.009 * height, sides=7))
        roots.append(end)
        way = np.array([np.cos(turn), np.sin(turn), -0.15 + 0.7 * rise])
        ways.append(way)
        sizes.append(0.3 * width * style["leaf_size"] * rng.uniform(0.75, 1.1))
    sizes = np.array(sizes)
    blades = leaves(
        "leaves",
        "leaf",
        np.array(roots),
        np.array(ways),
        upright(ways),
        sizes,
        0.62 * sizes * style["leaf_width"],
        "heart",
        style["droop"],
        0.2,
        6,
        0.03,
    )
    return [merge("stalks", stems), blades]


def sword_leaves(style: Style, width: float, height: float, r: float, level: float) -> list[Part]:
    """Upright blades (snake plant)."""
    rng, count = style.random("leaves"), int(style["count"] * 16)
    turn = 2.4 * np.arange(count)
    out = 0.8 * r * np.sqrt((np.arange(count) + 0.5) / count)
    roots = np.stack([out * np.cos(turn), out * np.sin(turn), np.full(count, level - 0.01)], -1)
    lean = 0.3 * out / r + rng.uniform(0, 0.1, count)
    ways = np.stack([lean * np.cos(turn), lean * np.sin(turn), np.ones(count)], -1)
    ups = np.stack([np.cos(turn + 1.2), np.sin(turn + 1.2), np.zeros(count)], -1)
    tall = (height - level) * rng.uniform(0.6, 1.0, count) * (1.05 - 0.25 * out / r)
    return [
        leaves(
            "leaves",
            "leaf",
            roots,
            ways,
            ups,
            tall,
            0.13 * width * style["leaf_width"] * style["leaf_size"],
            "strip",
            0.08 * style["droop"],
            0.35,
            8,
            0.1,
        )
    ]


def fern_fronds(style: Style, width: float, height: float, r: float, level: float) -> list[Part]:
    """Arching fronds with many leaflets."""
    rng, count = style.random("leaves"), int(style["count"] * 15)
    stems, roots, ways, sizes = [], [], [], []
    for i in range(count):
        turn, rise = 2.4 * i, (i + 0.5) / count
        out, top = width * (0.5 - 0.22 * rise), level + (height - level) * (0.25 + 0.72 * rise)
        base = np.array([0.1 * r * np.cos(turn), 0.1 * r * np.sin(turn), level])
        end = np.array([out * np.cos(turn), out * np.sin(turn), top - 0.12 * height * style["droop"]])
        path = bow(base, np.array([0.45 * out * np.cos(turn), 0.45 * out * np.sin(turn), top + 0.12 * height]), end, 15)
        stems.append(tube("rib", "stem", path, np.linspace(0.006, 0.002, 15) * height, sides=5))
        for k in range(3, 15):
            along = path[min(k + 1, 14)] - path[k - 1]
            across = np.cross(along, (0, 0, 1.0))
            for s in (1, -1):
                roots.append(path[k])
                ways.append(s * across / np.linalg.norm(across) + 0.5 * along / np.linalg.norm(along))
                sizes.append(
                    0.15 * width * style["leaf_size"] * np.sin(np.pi * (k - 1.5) / 14) ** 0.8 * rng.uniform(0.85, 1.1)
                    + 0.01 * width
                )
    sizes = np.array(sizes)
    blades = leaves(
        "leaflets",
        "leaf",
        np.array(roots),
        np.array(ways),
        upright(ways),
        sizes,
        0.26 * sizes * style["leaf_width"],
        "strip",
        0.2,
        0.2,
        3,
        0.06,
    )
    return [merge("ribs", stems), blades]


def little_tree(style: Style, width: float, height: float, r: float, level: float) -> list[Part]:
    """A thin trunk with a round head of small leaves (ficus)."""
    rng, count = style.random("leaves"), int(style["count"] * 260)
    crown = np.array([0, 0, level + 0.66 * (height - level)])
    radii = np.array([0.44 * width, 0.44 * width, 0.3 * (height - level)])
    ways = scattered(rng, count, -0.9)
    inside = rng.uniform(0.55, 1.0, (count, 1))
    roots = crown + radii * ways * inside
    trunk = bow(
        np.array([0, 0, level - 0.01]), np.array([0.06 * width, 0.03 * width, 0.5 * (level + crown[2])]), crown, 9
    )
    twigs = [
        tube(
            "twig",
            "bark",
            bow(crown - [0, 0, 0.2 * radii[2]], crown + 0.3 * radii * w, crown + 0.8 * radii * w, 5),
            np.linspace(0.008, 0.003, 5) * height,
            sides=6,
        )
        for w in ways[:: max(1, count // 14)]
    ]
    size = 0.13 * width * style["leaf_size"] * rng.uniform(0.8, 1.2, count)
    way = ways + rng.normal(0, 0.4, (count, 3))
    blades = leaves(
        "leaves",
        "leaf",
        roots,
        way,
        upright(way),
        size,
        0.5 * size * style["leaf_width"],
        "pointed",
        style["droop"],
        0.25,
        3,
        0.05,
    )
    return [tube("trunk", "bark", trunk, np.linspace(0.016, 0.01, 9) * height, sides=10), merge("twigs", twigs), blades]


def arching_leaves(style: Style, width: float, height: float, r: float, level: float) -> list[Part]:
    """Long thin leaves that fall over the pot (spider plant, dracaena)."""
    rng, count = style.random("leaves"), int(style["count"] * 46)
    turn = 2.4 * np.arange(count)
    rise = (np.arange(count) + 0.5) / count
    ways = np.stack([np.cos(turn), np.sin(turn), (0.7 + 2.2 * rise) * 0.8 * (height - level) / width], -1)
    roots = np.stack([0.15 * r * np.cos(turn), 0.15 * r * np.sin(turn), np.full(count, level)], -1)
    long = (0.55 * width + 0.5 * (height - level) * rise) * rng.uniform(0.85, 1.1, count)
    return [
        leaves(
            "leaves",
            "leaf",
            roots,
            ways,
            upright(ways),
            long,
            0.06 * width * style["leaf_width"] * style["leaf_size"],
            "strip",
            0.35 + style["droop"] * (1 - rise),
            0.4,
            9,
            0.08,
        )
    ]


KINDS = [
    plant(
        "potted plant",
        ("plant", "houseplant", "monstera", "ficus", "snake plant", "fern", "rubber plant", "indoor plant", "bonsai"),
        (0.6, 0.6, 0.95),
        {"leaf": "leaf", "pot": "terracotta", "soil": "soil", "stem": "stem", "bark": "bark"},
        POT_KNOBS
        | {
            "pot_height": Range(0.24, 0.34),
            "pot_width": Range(0.42, 0.56),
            "count": Range(0.8, 1.25),
            "leaf_size": Range(0.85, 1.2),
            "leaf_width": Range(0.8, 1.25),
            "droop": Range(0.1, 0.5),
            "leaves": Choice(("broad", "sword", "fern", "tree", "spider")),
        },
        potted_plant,
    ),
]
