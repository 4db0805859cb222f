"""The cactus in a pot: column, ball or pads."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..bodies import Bone, Cover, skin
from ..leaves import leaves, scattered, upright
from ..outlines import fillet
from ..solids import merge, sweep
from .pots import POT_KNOBS, plant, pot


def cactus(style: Style, size: Size) -> list[Part]:
    width, _, height = size
    parts, _, level = pot(style, width * style["pot_width"], style["pot_height"] * height)
    tall = height - level
    tops: list[np.ndarray] = []
    if style["form"] == "column":
        girth = 0.12 * width * style["girth"]
        bodies = [ribbed(np.linspace((0, 0, level - 0.02), (0, 0, level + 0.9 * tall), 9), 1.15 * girth, style)]
        tops.append(np.array([0, 0, level + 0.95 * tall]))
        for side, at, reach in ((1, 0.34, 0.3), (-1, 0.5, 0.27))[: style["arms"]]:
            z, x = level + at * tall, side * reach * width * style["reach"]
            path = fillet(np.array([(0, 0, z), (x, 0, z + 0.02 * tall), (x, 0, z + 0.36 * tall)]), 0.1 * width, 5)
            bodies.append(ribbed(path, 0.75 * girth, style))
            tops.append(path[-1] + np.array([0, 0, 0.06 * tall]))
    elif style["form"] == "ball":
        bodies = [barrel(style, 0.36 * width * style["girth"], tall, level)]
        tops.append(np.array([0, 0, level + 0.98 * tall]))
    else:
        bodies, tops = pads(style, width, tall, level)
    parts.append(merge("cactus", bodies) if style["form"] != "pads" else bodies[0])
    parts.append(spines(style, parts[-1], width))
    if style["bloom"] == "blooming":
        heads = [(top - [0, 0, 0.02 * tall], np.array([0.0, 0.0, 1.0])) for top in tops]
        around = scattered(style.random("petals"), 9 * len(heads), 0.2)
        roots = np.repeat([head for head, _ in heads], 9, axis=0)
        parts.append(
            leaves(
                "flowers",
                "flower",
                roots,
                around,
                upright(around),
                0.13 * width,
                0.06 * width,
                "petal",
                0.1,
                0.2,
                4,
                0.1,
            )
        )
    return parts


def ribbed(path: np.ndarray, radius: float, style: Style) -> Part:
    """A fluted column with a round end along a path."""
    count = style["ribs"]
    angle = np.linspace(0, 2 * np.pi, 6 * count + 1)[:-1]
    section = (1 + style["flute"] * np.cos(count * angle))[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    fine = np.concatenate(
        [
            path,
            path[-1:]
            + (path[-1] - path[-2])
            / np.linalg.norm(path[-1] - path[-2])
            * radius
            * np.sin(np.radians([[20], [40], [60], [75], [87]])),
        ]
    )
    scale = np.concatenate([np.full(len(path), radius), radius * np.cos(np.radians([20, 40, 60, 75, 87]))])
    return sweep("column", "cactus", fine, section, scale=scale, up=(0.0, 1.0, 0.0), smooth=60.0)


def barrel(style: Style, radius: float, tall: float, level: float) -> Part:
    count = style["ribs"] * 2
    angle = np.linspace(0, 2 * np.pi, 6 * count + 1)[:-1]
    section = (1 + 0.7 * style["flute"] * np.cos(count * angle))[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    lift = np.radians(np.linspace(-60, 86, 15))
    path = np.stack([0 * lift, 0 * lift, level + 0.45 * tall + 0.5 * tall * np.sin(lift)], -1)
    return sweep("ball", "cactus", path, section, scale=radius * np.cos(lift), up=(0.0, 1.0, 0.0), smooth=60.0)


def pads(style: Style, width: float, tall: float, level: float) -> tuple[list[Part], list[np.ndarray]]:
    """Flat discs growing out of each other (prickly pear)."""
    rng = style.random("pads")
    grown = [(np.array([0.0, 0.0, level]), np.array([0.05, 0.0, 1.0]), 0.42 * tall, 0.0)]
    bones, tops = [], []
    while grown:
        root, way, long, face = grown.pop()
        way = way / np.linalg.norm(way)
        end = root + long * way
        middle = 0.5 * (root + end)
        sideways = np.array([np.cos(face), np.sin(face), 0.0])
        across = np.cross(sideways, way)
        bones.append(
            Bone(
                tuple(root + 0.25 * long * way),
                tuple(root + 0.66 * long * way),
                0.26 * long * style["girth"],
                0.34 * long * style["girth"],
                0.02 * long,
                0.3,
                tuple(across),
            )
        )
        tops.append(end)
        if long > 0.24 * tall:
            for side in (1, -1):
                tilt = side * rng.uniform(0.35, 0.8) * style["reach"]
                start = middle + 0.36 * long * way + side * 0.16 * long * sideways
                grown.append(
                    (start, way + tilt * sideways, long * rng.uniform(0.62, 0.78), face + rng.uniform(0.6, 1.3))
                )
    return [skin(Cover("pads", "cactus", bones, 6000))], tops[-4:]


def spines(style: Style, body: Part, width: float) -> Part:
    """Needles that stand on the skin."""
    rng = style.random("spines")
    corner = body.vertices[body.faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = np.linalg.norm(normal, axis=1)
    chosen = rng.choice(len(area), 170, p=area / area.sum())
    weights = rng.dirichlet((1.0, 1.0, 1.0), 170)
    ways = normal[chosen] / area[chosen, None] + rng.normal(0, 0.15, (170, 3))
    return leaves(
        "spines",
        "spine",
        (corner[chosen] * weights[..., None]).sum(1),
        ways,
        upright(ways),
        0.05 * width * style["spines"],
        0.006 * width,
        "needle",
        0.0,
        0.4,
        2,
        0.5,
    )


KINDS = [
    plant(
        "cactus",
        ("saguaro", "prickly pear", "succulent"),
        (0.4, 0.4, 0.62),
        {"cactus": "cactus", "pot": "terracotta", "soil": "soil", "spine": "bone", "flower": "petal"},
        POT_KNOBS
        | {
            "pot_height": Range(0.24, 0.36),
            "pot_width": Range(0.5, 0.7),
            "girth": Range(0.88, 1.15),
            "reach": Range(0.85, 1.15),
            "flute": Range(0.06, 0.15),
            "spines": Range(0.7, 1.4),
            "ribs": Choice((7, 9, 11)),
            "arms": Choice((0, 1, 2)),
            "form": Choice(("column", "ball", "pads")),
            "bloom": Choice(("blooming", "bare")),
        },
        cactus,
    ),
]
