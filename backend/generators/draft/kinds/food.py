"""Fruit, bread and cake."""

from dataclasses import replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style, flatten
from ..fittings import oval
from ..outlines import circle, curve, fillet
from ..solids import cylinder, ellipsoid, lathe, merge, move, prism, sheet, skin, sweep, torus, tube, turn


def _apple(style: Style, r: float, height: float, turned: float) -> list[Part]:
    """One apple standing on the floor about the z axis; r is its radius and `height` includes the stem."""
    h = height * (1 - style["stem"])
    dip, waist = style["dip"], style["waist"]
    if style.values.get("form") == "tall":
        waist += 0.12
    profile = [
        (0, 0.06),
        (0.3, 0.0),
        (waist, 0.12),
        (1, style["widest"]),
        (0.86, 0.86),
        (0.45, 1.0),
        (0.12, 1 - 0.6 * dip),
        (0, 1 - dip),
    ]
    body = lathe("apple", "skin", curve(np.array(profile) * (r, h), 34), sides=36)
    p = body.vertices.copy()
    angle = np.arctan2(p[:, 1], p[:, 0])
    p[:, 2] *= 1 + style["lobes"] * 0.03 * np.cos(5 * angle) * np.linalg.norm(p[:, :2], axis=1) / r
    body = flatten(replace(body, vertices=p))
    low = h * (1 - dip) - 0.05 * h
    lean = style["lean"] * 0.25 * r
    stem = tube(
        "stem",
        "stem",
        curve([(0, 0, low), (0.2 * lean, 0, 0.5 * (low + height)), (lean, 0, height)], 8),
        np.linspace(0.05, 0.08, 8) * r,
        8,
    )
    parts = [body, stem]
    if style["leaf"] == "leaf":
        parts.append(_leaf("leaf", "leaf", 0.75 * r, (0.3 * lean, 0, 0.5 * (low + height)), 20.0))
    return [turn(part, "z", turned) for part in parts]


def _leaf(name: str, slot: str, long: float, at: tuple[float, float, float], rise: float) -> Part:
    u, v = np.linspace(0, 1, 9), np.linspace(-1, 1, 5)
    half = 0.26 * long * np.sin(np.pi * (0.04 + 0.92 * u)) ** 0.8
    points = np.zeros((9, 5, 3))
    points[..., 0] = u[:, None] * long
    points[..., 1] = half[:, None] * v
    points[..., 2] = 0.25 * half[:, None] * v**2 - 0.25 * long * u[:, None] ** 2
    return move(turn(sheet(name, slot, points, 0.02 * long), "y", -rise), *at)


def _one_apple(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    return oval(_apple(style, r, h, style["turn"]), r, w, d)


def _apples(style: Style, size: Size) -> list[Part]:
    """A small heap: some on the floor, one on top."""
    w, d, h = size
    count = style["count"]
    rng = style.random("heap")
    ring = min(count, 4)
    r = min(w, d) * (0.3 if ring == 3 else 0.275)
    tall = h if count == ring else 0.62 * h
    parts: list[Part] = []
    for k in range(count):
        a = 2 * np.pi * k / ring + 0.4
        spread = 1.0 if k < ring else 0.0
        x, y = np.cos(a) * (w / 2 - r) * spread, np.sin(a) * (d / 2 - r) * spread
        z = 0.0 if k < ring else h - tall
        share = float(rng.uniform(0.92, 1.0)) if k else 1.0
        fruit = _apple(style, r * share, tall * share, float(rng.uniform(0, 360)))
        tilt = float(rng.uniform(-14, 14))
        fruit = [move(turn(part, "x", tilt, (0, 0, tall / 2)), x, y, z) for part in fruit]
        slot = "skin" if k % 3 else "second skin"
        parts += [replace(part, slot=slot) if part.slot == "skin" else part for part in fruit]
    return parts


def _orange(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    t = np.linspace(0, np.pi, 25)
    rng = style.random("pores")
    radius = np.sin(t) ** style["round"]
    height = 0.5 - 0.5 * np.cos(t)
    height = (
        height
        - style["navel"] * 0.04 * np.exp(-((t / 0.25) ** 2)) * -1
        - style["dip"] * 0.05 * np.exp(-(((np.pi - t) / 0.22) ** 2))
    )
    profile = np.stack([radius * r, height * h], axis=1)
    profile[0, 0] = profile[-1, 0] = 0
    body = lathe("orange", "peel", profile, sides=40)
    p = body.vertices.copy()
    for _ in range(5):
        n = rng.normal(size=3)
        wave = np.sin(p @ n * (4 / r) + rng.uniform(0, 6))
        p[:, :2] *= 1 + style["bumps"] * 0.006 * wave[:, None]
    body = flatten(replace(body, vertices=p))
    top = profile[-1, 1]
    star = prism(
        "calyx",
        "leaf",
        _star(0.12 * r * style["calyx"], style["points"]),
        "z",
        (top - 0.01 * h, top + 0.015 * h),
        0.002 * h,
    )
    parts = [body, star]
    if style["leaf"] == "leaf":
        parts.append(turn(_leaf("leaf", "leaf", 0.8 * r * style["leaf_size"], (0, 0, top), 25.0), "z", 30))
    return oval(parts, r, w, d)


def _star(r: float, points: int) -> np.ndarray:
    a = np.arange(2 * points) * np.pi / points
    radius = np.where(np.arange(2 * points) % 2 == 0, r, 0.55 * r)
    return np.stack([radius * np.cos(a), radius * np.sin(a)], axis=1)


def _banana(style: Style, size: Size) -> list[Part]:
    """A hand of bananas lying on its side, bent upward at both ends, tips to the left."""
    w, d, h = size
    count = min(style["count"], max(1, round(d / (0.14 * w))))
    thick = min(0.16 * w * style["thickness"], 0.7 * h, 0.9 * d / (1 + 0.75 * (count - 1)))
    parts: list[Part] = []
    t = np.linspace(-1, 1, 25)
    for k in range(count):
        y = (k - (count - 1) / 2) * (d - thick) / max(count - 1, 1)
        bend = (h - thick) * (1 - style["spread"] * 0.15 * k)
        path = np.stack(
            [
                0.5 * w * t,
                y * (1 - 0.6 * np.clip(t, 0, 1) ** 2),
                thick / 2 + bend * (0.15 * t + 0.85 * np.abs(t) ** (1.5 + style["bend"])) * 0.9,
            ],
            axis=1,
        )
        radius = (
            thick
            / 2
            * np.interp(t, [-1, -0.94, -0.82, -0.3, 0.4, 0.78, 0.9, 1], [0.22, 0.3, 0.72, 1, 0.98, 0.6, 0.3, 0.34])
        )
        section = circle(1.0, style["edges"] * 3)
        facet = 1 + style["ridge"] * 0.05 * np.cos(style["edges"] * np.arctan2(section[:, 1], section[:, 0]))
        parts.append(sweep("banana", "skin", path, section * facet[:, None], scale=radius, smooth=75))
        tip = path[0]
        parts.append(ellipsoid("tip", "stem", tip, np.array([0.14, 0.13, 0.13]) * style["tip"] * thick, 4))
    end = np.array([0.5 * w, 0, thick / 2 + 0.9 * (h - thick)])
    parts.append(
        ellipsoid("crown", "stem", end, (0.2 * thick * style["crown"], 0.35 * thick * count**0.5, 0.25 * thick), 4)
    )
    return parts


def _bread(style: Style, size: Size) -> list[Part]:
    """A loaf with cuts across its crust, or a tin loaf."""
    w, d, h = size
    t = np.linspace(-1, 1, 33)
    end = (1 - np.abs(t) ** style["blunt"]) ** 0.5
    if style["form"] == "tin":
        end = np.where(np.abs(t) > 0.97, 0.9, 1.0)
        section = fillet(
            [(-0.86, 0), (0.86, 0), (0.92, 0.55), (1.0, 0.7), (0.75, 1), (-0.75, 1), (-1.0, 0.7), (-0.92, 0.55)],
            0.2,
            4,
            closed=True,
        )
    else:
        a = np.linspace(0, np.pi, 21)
        arch = np.stack([np.cos(a), np.sin(a) ** style["arch"]], axis=1)
        section = np.concatenate([arch, [(-0.85, -0.04), (0.85, -0.04)]])
        section[:, 1] = (section[:, 1] + 0.04) / 1.04
    rings = []
    for s, e in zip(t[1:-1], end[1:-1], strict=True):
        cuts = style["cuts"]
        phase = (s * 0.5 + 0.5) * cuts + style["slant"] * section[:, 0]
        notch = style["cut_depth"] * 0.14 * np.exp(-(((phase % 1 - 0.5) / 0.16) ** 2))
        grow = np.clip(section[:, 1], 0, 1) ** 2
        z = section[:, 1] * h * (0.45 + 0.55 * e) * (1 - notch * grow)
        rings.append(
            np.stack(
                [
                    np.full(len(section), s * w / 2),
                    section[:, 0] * d / 2 * (0.25 + 0.75 * e) * (1 - style["swell"] * s**2),
                    z,
                ],
                axis=1,
            )
        )
    loaf = skin("loaf", "crust", np.array(rings), False, 75.0, 0)
    rng = style.random("flour")
    seeds = []
    for _ in range(26 if style["seeds"] == "seeds" else 0):
        x, y = rng.uniform(-0.38, 0.38) * w, rng.uniform(-0.2, 0.2) * d
        near = loaf.vertices[
            np.argmin((loaf.vertices[:, 0] - x) ** 2 + (loaf.vertices[:, 1] - y) ** 2 - 0.5 * loaf.vertices[:, 2] ** 2)
        ]
        seeds.append(
            ellipsoid("seed", "seeds", near, np.array([0.022, 0.012, 0.008]) * style["seed_size"] * min(w, d), 2)
        )
    return [loaf, merge("seeds", seeds)] if seeds else [loaf]


def _cake(style: Style, size: Size) -> list[Part]:
    """Layers on a stand or plate, icing that runs down, candles or cherries on top."""
    w, d, h = size
    r = min(w, d) / 2
    stand = style["stand"] * h
    topping = style["topping_height"] * h
    body = r * style["body"]
    top = h - topping
    parts = [
        lathe(
            "stand",
            "plate",
            fillet(
                [(0, 0), (0.5 * r, 0), (0.3 * r, 0.5 * stand), (r, 0.7 * stand), (r, stand), (0, stand)], 0.1 * stand, 2
            ),
            sides=48,
        )
    ]
    icing = style["icing"] * 0.18 * (top - stand)
    count = style["layers"]
    edge = 0.1 * body
    for k in range(count):
        z0 = stand + (top - stand) * k / count
        z1 = stand + (top - stand) * (k + 1) / count
        shrink = 1 - style["taper"] * 0.3 * k / max(count - 1, 1)
        fill = 0.12 * (z1 - z0)
        parts.append(
            lathe(
                "sponge",
                "sponge",
                fillet([(0, z0), (shrink * body, z0), (shrink * body, z1 - fill), (0, z1 - fill)], 0.3 * edge, 3),
                sides=48,
            )
        )
        parts.append(
            lathe(
                "cream",
                "icing",
                fillet(
                    [
                        (0, z1 - 1.3 * fill),
                        (shrink * body * 1.015, z1 - 1.3 * fill),
                        (shrink * body * 1.015, z1),
                        (0, z1),
                    ],
                    0.4 * fill,
                    3,
                ),
                sides=48,
            )
        )
    last = body * (1 - style["taper"] * 0.3) if count > 1 else body
    cap = lathe(
        "icing",
        "icing",
        fillet([(0, top - icing), (1.03 * last, top - icing), (1.03 * last, top), (0, top + 0.02 * h)], 0.4 * icing, 3),
        sides=72,
    )
    p = cap.vertices.copy()
    angle = np.arctan2(p[:, 1], p[:, 0])
    drip = (
        np.clip(np.sin(angle * style["drips"]) + 0.4 * np.sin(angle * 5 + 1), 0, 1.4)
        * (p[:, 2] < top - 0.5 * icing)
        * (np.hypot(p[:, 0], p[:, 1]) > 0.9 * last)
    )
    p[:, 2] -= style["run"] * drip * icing
    parts.append(flatten(replace(cap, vertices=p)))
    return oval(parts + _toppings(style, last, top, topping), r, w, d)


def _toppings(style: Style, r: float, z: float, height: float) -> list[Part]:
    parts: list[Part] = []
    count = style["pieces"]
    for k in range(count):
        a = 2 * np.pi * k / count + 0.3
        x, y = 0.72 * r * np.cos(a), 0.72 * r * np.sin(a)
        if style["top"] == "candles":
            stick = 0.05 * r
            parts.append(
                cylinder("candle", "candles", (x, y, z - 0.05 * height), (x, y, z + 0.72 * height), stick, sides=10)
            )
            drop = np.array([(0, 0), (0.9, 0.3), (0.35, 0.75), (0, 1)]) * (stick, 0.28 * height)
            parts.append(lathe("flame", "flame", drop, at=(x, y, z + 0.72 * height), sides=8))
        else:
            b = min(0.5 * height, 0.16 * r)
            parts.append(torus("rosette", "icing", (x, y, z + 0.25 * b), 0.9 * b, 0.8 * b, sides=16))
            parts.append(
                ellipsoid(
                    "cherry",
                    "cherries",
                    (x, y, z + 0.2 * b + 0.5 * (height - 0.2 * b)),
                    (b, b, 0.5 * (height - 0.2 * b)),
                    5,
                )
            )
    return parts


def _donut(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    hole = style["hole"] * r
    mid, thick = (r + hole) / 2, (r - hole) / 2
    a = np.linspace(0, 2 * np.pi, 29)[:-1]
    ring = np.stack([mid + thick * np.cos(a), 0.47 * h * (1 + np.sin(a) * (0.92 + 0.08 * style["flat"]))], axis=1)
    dough = lathe("dough", "dough", ring, sides=56, smooth=80)
    b = np.linspace(np.radians(-8), np.radians(188), 17)
    grow = 1 + 0.05 * style["glaze"]
    outer = np.stack([mid + grow * thick * np.cos(b), 0.47 * h * (1 + grow * np.sin(b))], axis=1)
    inner = np.stack(
        [mid + style["crust"] * thick * np.cos(b[::-1]), 0.47 * h * (1 + style["crust"] * np.sin(b[::-1]))], axis=1
    )
    glaze = lathe("glaze", "glaze", np.concatenate([outer, inner]), sides=72, smooth=80)
    p = glaze.vertices.copy()
    angle = np.arctan2(p[:, 1], p[:, 0])
    low = np.clip((0.75 * h - p[:, 2]) / (0.3 * h), 0, 1)
    p[:, 2] += low * 0.1 * h * style["waves"] * np.sin(angle * style["drips"])
    parts = [dough, flatten(replace(glaze, vertices=p))]
    rng = style.random("sprinkles")
    bits: dict[str, list[Part]] = {"sprinkles": [], "more sprinkles": []}
    for k in range(style["sprinkles"]):
        t, s = rng.uniform(0, 2 * np.pi), rng.uniform(np.radians(35), np.radians(145))
        at = (mid + grow * thick * np.cos(s), 0.47 * h * (1 + grow * np.sin(s)))
        long = 0.06 * r * style["sprinkle_size"]
        bit = turn(
            ellipsoid("sprinkle", "sprinkles", (0, 0, 0), (long, 0.3 * long, 0.3 * long), 2),
            "z",
            float(rng.uniform(0, 180)),
        )
        bits["sprinkles" if k % 2 else "more sprinkles"].append(move(bit, at[0] * np.cos(t), at[0] * np.sin(t), at[1]))
    parts += [replace(merge(slot, pieces), slot=slot) for slot, pieces in bits.items() if pieces]
    return oval(parts, grow * r, w, d)


APPLE_KNOBS = {
    "stem": Range(0.08, 0.18),
    "dip": Range(0.1, 0.18),
    "waist": Range(0.6, 0.78),
    "widest": Range(0.5, 0.64),
    "lobes": Range(0.3, 1.4),
    "lean": Range(0.0, 1.0),
    "turn": Range(0.0, 360.0),
    "leaf": Choice(("leaf", "none")),
}

KINDS = (
    Kind(
        "apple",
        "food",
        ("red apple", "green apple", "pear"),
        (0.08, 0.08, 0.085),
        {"skin": "red apple skin", "stem": "brown wood", "leaf": "green leaf"},
        APPLE_KNOBS | {"form": Choice(("round", "tall"))},
        _one_apple,
    ),
    Kind(
        "apples",
        "food",
        ("fruit", "fruits", "heap of apples", "pile of apples"),
        (0.2, 0.2, 0.12),
        {"skin": "red apple skin", "second skin": "green apple skin", "stem": "brown wood", "leaf": "green leaf"},
        {name: knob for name, knob in APPLE_KNOBS.items() if name != "turn"} | {"count": Choice((3, 4, 5))},
        _apples,
    ),
    Kind(
        "orange",
        "food",
        ("lemon", "tangerine", "mandarin", "citrus", "grapefruit", "peach"),
        (0.08, 0.08, 0.078),
        {"peel": "orange peel", "leaf": "green leaf"},
        {
            "round": Range(0.85, 1.0),
            "navel": Range(0.2, 1.0),
            "dip": Range(0.3, 1.2),
            "bumps": Range(0.4, 1.4),
            "calyx": Range(0.7, 1.4),
            "leaf_size": Range(0.7, 1.3),
            "points": Choice((5, 6)),
            "leaf": Choice(("leaf", "none")),
        },
        _orange,
    ),
    Kind(
        "banana",
        "food",
        ("bananas", "bunch of bananas"),
        (0.2, 0.12, 0.08),
        {"skin": "yellow banana skin", "stem": "dark brown wood"},
        {
            "thickness": Range(0.9, 1.15),
            "spread": Range(0.0, 1.0),
            "ridge": Range(0.4, 1.3),
            "crown": Range(0.8, 1.4),
            "bend": Range(0.7, 1.0),
            "tip": Range(0.8, 1.3),
            "count": Choice((3, 4)),
            "edges": Choice((5, 6)),
        },
        _banana,
    ),
    Kind(
        "bread",
        "food",
        ("loaf", "loaf of bread", "baguette", "toast bread"),
        (0.3, 0.13, 0.11),
        {"crust": "brown bread crust", "seeds": "beige seeds"},
        {
            "blunt": Range(2.2, 4.0),
            "arch": Range(0.55, 0.9),
            "cut_depth": Range(0.4, 1.3),
            "seed_size": Range(0.8, 1.4),
            "slant": Range(-0.3, 0.3),
            "swell": Range(0.0, 0.12),
            "cuts": Choice((3, 4, 5)),
            "form": Choice(("loaf", "tin")),
            "seeds": Choice(("seeds", "none")),
        },
        _bread,
    ),
    Kind(
        "cake",
        "food",
        ("birthday cake", "pie", "gateau", "dessert", "cupcake", "muffin"),
        (0.26, 0.26, 0.22),
        {
            "icing": "pink icing",
            "sponge": "brown bread crust",
            "plate": "white porcelain",
            "candles": "blue wax",
            "flame": "glowing flame",
            "cherries": "red plastic",
        },
        {
            "stand": Range(0.06, 0.2),
            "topping_height": Range(0.14, 0.25),
            "body": Range(0.78, 0.88),
            "icing": Range(0.8, 1.6),
            "taper": Range(0.0, 1.0),
            "run": Range(0.5, 1.5),
            "layers": Choice((1, 2, 3)),
            "drips": Choice((9, 13, 17)),
            "pieces": Choice((6, 8, 10)),
            "top": Choice(("candles", "cherries")),
        },
        _cake,
    ),
    Kind(
        "donut",
        "food",
        ("doughnut", "bagel"),
        (0.1, 0.1, 0.04),
        {
            "glaze": "pink icing",
            "dough": "brown bread crust",
            "sprinkles": "blue plastic",
            "more sprinkles": "yellow plastic",
        },
        {
            "hole": Range(0.22, 0.36),
            "flat": Range(0.0, 1.0),
            "glaze": Range(0.6, 1.2),
            "waves": Range(0.4, 1.2),
            "sprinkle_size": Range(0.8, 1.4),
            "crust": Range(0.85, 0.95),
            "sprinkles": Choice((0, 24, 40)),
            "drips": Choice((5, 7, 9)),
        },
        _donut,
    ),
)
