"""Flowers in a pot: daisies, tulips, roses."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..leaves import leaves, upright
from ..solids import ellipsoid, merge, tube
from .pots import POT_KNOBS, bow, plant, pot


def flower_pot(style: Style, size: Size) -> list[Part]:
    width, _, height = size
    parts, r, level = pot(style, width * style["pot_width"], style["pot_height"] * height)
    rng, count = style.random("flowers"), int(style["flowers"])
    stems, heads, hearts, leaf_at, leaf_way = [], [], [], [], []
    for i in range(count):
        turn, share = 2.4 * i + rng.uniform(-0.2, 0.2), np.sqrt((i + 0.3) / count)
        out = 0.34 * width * share
        top = height - 0.09 * width - 0.3 * (height - level) * share**2 * rng.uniform(0.6, 1.0)
        base = np.array([0.4 * r * share * np.cos(turn), 0.4 * r * share * np.sin(turn), level])
        end = np.array([out * np.cos(turn), out * np.sin(turn), top])
        path = bow(base, np.array([0.4 * end[0], 0.4 * end[1], 0.5 * (level + top)]), end, 7)
        stems.append(tube("stem", "stem", path, 0.007 * height * style["stem"], sides=6))
        way = path[-1] - path[-2] + np.array([0.0, 0.0, 0.02 * height])
        heads.append((end, way / np.linalg.norm(way)))
        for k in (2, 3, 4):
            leaf_at.append(path[k])
            leaf_way.append(np.array([np.cos(turn + 2.1 * k), np.sin(turn + 2.1 * k), 0.5]))
    blades = leaves(
        "leaves",
        "leaf",
        np.array(leaf_at),
        np.array(leaf_way),
        upright(leaf_way),
        0.26 * width * style["leaf_size"],
        0.09 * width * style["leaf_size"],
        "pointed",
        0.3,
        0.25,
        4,
        0.05,
    )
    petals, hearts = blossoms(style, heads, width)
    return [*parts, merge("stems", stems), blades, petals, hearts]


def blossoms(style: Style, heads: list, width: float) -> tuple[Part, Part]:
    """Petals in rings around the ends of stems, and their hearts."""
    radius = 0.1 * width * style["bloom"]
    rings = {
        "daisy": ((13, 0.15, 0.22, "strip"),),
        "tulip": ((3, 1.6, 0.62, "petal"), (3, 1.9, 0.62, "petal")),
        "rose": ((5, 0.35, 0.75, "petal"), (5, 0.9, 0.65, "petal"), (4, 1.8, 0.5, "petal")),
    }[style["kind"]]
    roots, ways, ups, lengths, widths = [], [], [], [], []
    for end, way in heads:
        side = np.cross(way, (0.3, 0.9, 0.1))
        side /= np.linalg.norm(side)
        other = np.cross(way, side)
        for ring, (count, lift, broad, _) in enumerate(rings):
            for k in range(count):
                a = 2 * np.pi * (k + 0.5 * ring) / count
                out = np.cos(a) * side + np.sin(a) * other
                roots.append(end + 0.12 * radius * out)
                ways.append(out + lift * way)
                ups.append(way - 0.4 * lift * out if lift < 1 else -out)
                lengths.append(radius * (1.0 - 0.14 * ring) * (1.3 if style["kind"] == "tulip" else 1.0))
                widths.append(1.2 * broad * radius)
    droop = {"daisy": 0.1, "tulip": -0.25, "rose": 0.05}[style["kind"]]
    petals = leaves(
        "petals",
        "flower",
        np.array(roots),
        np.array(ways),
        np.array(ups),
        np.array(lengths),
        np.array(widths),
        rings[0][3],
        droop,
        0.15,
        5,
        0.08,
    )
    size = {"daisy": 0.3, "tulip": 0.16, "rose": 0.26}[style["kind"]] * radius
    hearts = [
        ellipsoid("heart", "heart", tuple(end + 0.1 * radius * way), (size, size, 0.8 * size), 3) for end, way in heads
    ]
    return petals, merge("hearts", hearts)


KINDS = [
    plant(
        "flower pot",
        ("flower", "flowers", "tulips", "roses", "daisies", "bouquet", "potted flowers"),
        (0.36, 0.36, 0.48),
        {
            "flower": "petal",
            "pot": "terracotta",
            "soil": "soil",
            "stem": "stem",
            "leaf": "leaf",
            "heart": "yellow petal",
        },
        POT_KNOBS
        | {
            "pot_height": Range(0.3, 0.42),
            "pot_width": Range(0.5, 0.7),
            "flowers": Range(7.0, 14.0),
            "leaf_size": Range(0.85, 1.2),
            "bloom": Range(0.85, 1.3),
            "stem": Range(0.8, 1.4),
            "kind": Choice(("daisy", "tulip", "rose")),
        },
        flower_pot,
    ),
]
