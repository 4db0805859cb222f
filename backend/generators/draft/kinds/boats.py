"""Boats: a rowing boat or motor boat, and a sailing boat. Bows towards -Y.

Default material words: hull "white enamel", "white painted-wood"; wood "teak"; metal "chrome"; sail "white canvas".
"""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import box, cylinder, merge, move, prism, sheet, superellipsoid, torus, tube, turn
from .panels import both
from .proportions import steady


class Hull:
    """An open hull of a size, as a grid from gunwale to gunwale; the bow is pointed, the stern flat."""

    def __init__(self, width: float, length: float, height: float, style: Style):
        self.width, self.length, self.height, self.style = width, length, height, style

    def half(self, t: np.ndarray) -> np.ndarray:
        """Half width of the gunwale at a share of the length from the bow."""
        fullness = self.style["fullness"]
        return (
            0.5
            * self.width
            * np.clip(1.0 - (1.0 - np.clip(t / 0.55, 0, 1)) ** (1.7 * fullness), 0.015, 1)
            * (1 - 0.22 * np.clip((t - 0.6) / 0.4, 0, 1) ** 2)
        )

    def rim(self, t: np.ndarray) -> np.ndarray:
        """Height of the gunwale: it rises towards the bow."""
        return self.height * (
            0.72
            + 0.28 * self.style["sheer"] * np.clip(1 - t / 0.6, 0, 1) ** 2
            + 0.06 * np.clip((t - 0.6) / 0.4, 0, 1) ** 2
        )

    def keel(self, t: np.ndarray) -> np.ndarray:
        return self.height * 0.62 * np.clip(1 - t / 0.22, 0, 1) ** 2

    def point(self, t: np.ndarray, a: np.ndarray) -> np.ndarray:
        """Points (...,3) of the shell; `a` runs from -1 (port gunwale) over 0 (keel) to 1."""
        power = 2.0 + 1.2 * self.style["bilge"]
        x = self.half(t) * np.sign(a) * np.abs(np.sin(np.abs(a) * np.pi / 2)) ** (2 / power)
        rise = 1 - np.abs(np.cos(np.abs(a) * np.pi / 2)) ** (2 / power)
        z = self.keel(t) + (self.rim(t) - self.keel(t)) * rise
        rake = 0.12 * self.style["rake"] * self.length * np.clip(1 - t / 0.3, 0, 1) ** 2 * (1 - rise)
        return np.stack([x, (t - 0.5) * self.length + rake, z], -1)

    def shell(self, slot: str, thick: float) -> list[Part]:
        t, a = np.meshgrid(np.linspace(0.004, 1, 34), np.linspace(-1, 1, 29), indexing="ij")
        skin = sheet("hull", slot, self.point(t, a), thick)
        edge = self.point(np.full(29, 1.0), np.linspace(-1, 1, 29))
        outline = edge[:, [0, 2]]
        transom = prism(
            "transom", slot, outline, "y", (0.5 * self.length - 1.6 * thick, 0.5 * self.length - 0.4 * thick), 0.0
        )
        return [skin, transom]

    def wale(self, slot: str, thick: float) -> Part:
        t = np.linspace(0.01, 1, 24)
        right = self.point(t, np.ones(24))
        path = np.concatenate([right[::-1], right * (-1, 1, 1)])
        return tube("gunwale", slot, path, thick, sides=8)

    def deck(
        self, name: str, slot: str, span: tuple[float, float], z: float, thick: float, share: float = 0.985
    ) -> Part:
        """A board from side to side at a height."""
        t = np.linspace(*span, 15)
        half = np.array([self.width_at(float(s), z) for s in t]) * share
        y = (t - 0.5) * self.length + 0.03 * self.length * np.clip(1 - t / 0.3, 0, 1)
        outline = np.concatenate([np.column_stack([half, y]), np.column_stack([-half, y])[::-1]])
        return prism(name, slot, outline, "z", (z - thick, z), 0.0)

    def width_at(self, t: float, z: float) -> float:
        a = np.linspace(0, 1, 60)
        points = self.point(np.full(60, t), a)
        return float(max(np.interp(z, points[:, 2], points[:, 0]), 0.02 * self.width))


def boat(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    hull = Hull(0.97 * width, 0.99 * length, (0.9 if style["use"] == "rowing" else 0.75) * height, style)
    thick = 0.022 * width
    parts = [*hull.shell("hull", thick), hull.wale("wood", 0.9 * thick)]
    floor_z = 0.16 * hull.height
    parts.append(hull.deck("floor", "wood", (0.22, 0.97), floor_z, 0.7 * thick, 0.93))
    if style["use"] == "rowing":
        return [*parts, *rowing(style, hull, width, length, height, thick)]
    return [*parts, *motor(style, hull, width, length, height, thick)]


def rowing(style: Style, hull: Hull, width: float, length: float, height: float, thick: float) -> list[Part]:
    seats = []
    for t in np.linspace(0.3, 0.88, style["benches"]):
        z = 0.56 * float(hull.rim(np.array(t)))
        seats.append(hull.deck("bench", "wood", (t - 0.035, t + 0.035), z, thick, 0.97))
    parts = [merge("benches", seats)]
    y, out = (0.56 - 0.5) * length, 0.5 * width
    z = float(hull.rim(np.array(0.56)))
    oar = tube(
        "oar",
        "wood",
        [
            (0.08 * width, y + 0.05 * length, z + 0.2 * height),
            (0.42 * width, y, z + 0.03 * height),
            (out - 0.04 * width, y - 0.26 * length, 0.9 * z),
        ],
        0.022 * width * style["oars"],
        sides=10,
    )
    blade = superellipsoid(
        "blade", "wood", (out - 0.08 * width, out), (y - 0.36 * length, y - 0.24 * length), (0.86 * z, 0.9 * z), 3.0, 6
    )
    lock = torus("lock", "metal", (0.46 * width, y, z + 0.03 * height), 0.035 * width, 0.015 * width, axis=0, sides=16)
    return [*parts, both("oars", [oar]), both("blades", [blade]), both("locks", [lock])]


def motor(style: Style, hull: Hull, width: float, length: float, height: float, thick: float) -> list[Part]:
    z = 0.9 * float(hull.rim(np.array(0.45)))
    bow = hull.deck("fore deck", "wood", (0.14, 0.42), z, thick)
    seats = [
        box(
            "seat",
            "cushion",
            (s * 0.2 * width - 0.12 * width, s * 0.2 * width + 0.12 * width),
            (0.08 * length, 0.17 * length),
            (0.24 * hull.height, 0.5 * hull.height),
            0.02 * width,
            2,
        )
        for s in (1, -1)
    ]
    seats.append(
        box(
            "bench",
            "cushion",
            (-0.3 * width, 0.3 * width),
            (0.36 * length, 0.44 * length),
            (0.26 * hull.height, 0.52 * hull.height),
            0.02 * width,
            2,
        )
    )
    backs = [
        box(
            "back",
            "cushion",
            (s * 0.2 * width - 0.12 * width, s * 0.2 * width + 0.12 * width),
            (0.16 * length, 0.19 * length),
            (0.3 * hull.height, 0.78 * hull.height),
            0.02 * width,
            2,
        )
        for s in (1, -1)
    ]
    y = -0.08 * length
    half = 0.9 * hull.width_at(0.42, z)
    outline = [
        (-half, 0.0),
        (half, 0.0),
        (0.85 * half, 0.24 * height * style["screen"]),
        (-0.85 * half, 0.24 * height * style["screen"]),
    ]
    screen = move(
        turn(
            prism(
                "windscreen",
                "glass",
                fillet(np.array(outline), 0.04 * width, 3),
                "y",
                (-0.008 * width, 0.008 * width),
                0.002,
            ),
            "x",
            -25.0,
        ),
        0,
        y,
        z - 0.01,
    )
    wheel = move(
        turn(torus("wheel", "metal", (0, 0, 0), 0.08 * width, 0.02 * width, axis=1, sides=24), "x", -20.0),
        0.25 * width,
        0.0 * length,
        0.75 * hull.height,
    )
    engine = superellipsoid(
        "motor",
        "engine",
        (-0.1 * width, 0.1 * width),
        (0.46 * length, 0.55 * length),
        (0.62 * hull.height, 1.0 * height),
        3.0,
        8,
    )
    leg = box(
        "leg",
        "engine",
        (-0.035 * width, 0.035 * width),
        (0.495 * length, 0.535 * length),
        (0.0, 0.7 * hull.height),
        0.01 * width,
    )
    prop = [
        turn(
            superellipsoid(
                "blade",
                "metal",
                (-0.02 * width, 0.02 * width),
                (-0.006 * width, 0.006 * width),
                (0.01 * width, 0.08 * width),
                2.2,
                4,
            ),
            "y",
            120.0 * i,
        )
        for i in range(3)
    ]
    propeller = merge("propeller", [move(part, 0, 0.545 * length, 0.09 * width) for part in prop])
    rail = tube(
        "rail",
        "metal",
        fillet(
            np.array(
                [
                    (s * hull.width_at(t, z) * 0.9, (t - 0.5) * length, z + dz)
                    for s, t, dz in (
                        (1, 0.38, 0),
                        (1, 0.34, 0.1 * height),
                        (1, 0.1, 0.13 * height),
                        (-1, 0.1, 0.13 * height),
                        (-1, 0.34, 0.1 * height),
                        (-1, 0.38, 0),
                    )
                ]
            ),
            0.04 * length,
            3,
        ),
        0.01 * width,
        sides=8,
    )
    return [bow, merge("seats", seats), merge("backs", backs), screen, wheel, engine, leg, propeller, rail]


def sailboat(style: Style, size: Size) -> list[Part]:
    width, length, height = size
    hull = Hull(0.98 * width, 0.99 * length, 0.17 * height * style["freeboard"], style)
    thick = 0.02 * width
    top = 0.92 * float(hull.rim(np.array(0.6)))
    parts = [
        *hull.shell("hull", thick),
        hull.wale("wood", 0.9 * thick),
        hull.deck("deck", "wood", (0.13, 0.98), top, thick),
    ]
    cabin = superellipsoid(
        "cabin",
        "hull",
        (-0.26 * width, 0.26 * width),
        (-0.2 * length, 0.12 * length),
        (top - 0.02 * height, top + 0.07 * height),
        5.0,
        10,
    )
    panes = [
        superellipsoid(
            "window",
            "glass",
            (0.24 * width, 0.266 * width),
            (y - 0.03 * length, y + 0.03 * length),
            (top + 0.015 * height, top + 0.04 * height),
            4.0,
            4,
        )
        for y in (-0.12 * length, -0.04 * length, 0.04 * length)
    ]
    mast_y = -0.08 * length
    mast = cylinder(
        "mast",
        "metal",
        (0, mast_y, top),
        (0, mast_y, height),
        0.018 * width * style["mast"],
        0.01 * width * style["mast"],
        sides=14,
    )
    boom_z = top + 0.13 * height
    boom = cylinder("boom", "metal", (0, mast_y, boom_z), (0, 0.42 * length, boom_z), 0.014 * width, sides=10)
    sails = [
        sail(
            (0.0, mast_y + 0.02 * length, boom_z + 0.01 * height),
            (0.0, 0.4 * length, boom_z + 0.015 * height),
            (0.0, mast_y + 0.015 * length, 0.97 * height),
            style["belly"] * width,
            "mainsail",
        )
    ]
    if style["rig"] == "sloop":
        sails.append(
            sail(
                (0.0, -0.47 * length, top + 0.05 * height),
                (0.0, mast_y - 0.02 * length, top + 0.12 * height),
                (0.0, mast_y - 0.01 * length, 0.86 * height),
                0.8 * style["belly"] * width,
                "foresail",
            )
        )
    rudder = box(
        "rudder",
        "wood",
        (-0.015 * width, 0.015 * width),
        (0.47 * length, 0.5 * length),
        (0.02 * height, top),
        0.005 * width,
    )
    tiller = cylinder(
        "tiller",
        "wood",
        (0, 0.48 * length, top + 0.01 * height),
        (0, 0.36 * length, top + 0.04 * height),
        0.012 * width,
        sides=10,
    )
    keel = prism(
        "keel",
        "keel",
        fillet(
            np.array(
                [
                    (-0.12 * length, 0.04 * height),
                    (0.14 * length, 0.03 * height),
                    (0.1 * length, 0.0),
                    (-0.04 * length, 0.0),
                ]
            ),
            0.01 * length,
            2,
        ),
        "x",
        (-0.02 * width, 0.02 * width),
        0.004 * width,
    )
    extras = (
        [cabin, both("windows", panes)]
        if style["cabin"] == "cabin"
        else [
            box(
                "cockpit",
                "trim",
                (-0.26 * width, 0.26 * width),
                (0.12 * length, 0.4 * length),
                (top - 0.005, top + 0.006 * height),
                0.002,
            )
        ]
    )
    return [*parts, mast, boom, *sails, rudder, tiller, keel, *extras]


def sail(tack: tuple, clew: tuple, head: tuple, belly: float, name: str) -> Part:
    """A triangle of cloth, filled by the wind."""
    u, v = np.meshgrid(np.linspace(0, 1, 13), np.linspace(0.0, 0.985, 17), indexing="ij")
    low = np.asarray(tack) + u[..., None] * np.subtract(clew, tack)
    points = low + v[..., None] * (np.asarray(head) - low)
    points[..., 0] += belly * np.sin(np.pi * u) * np.sin(np.pi * v) ** 0.8
    return sheet(name, "sail", points, 0.012)


HULL_KNOBS = {"fullness": Range(0.85, 1.3), "sheer": Range(0.6, 1.2), "bilge": Range(0.0, 1.0), "rake": Range(0.5, 1.4)}
BOAT, SAIL = (1.6, 4.2, 1.0), (1.9, 4.8, 5.6)
KINDS = [
    Kind(
        "boat",
        "vehicles",
        ("rowing boat", "rowboat", "motorboat", "dinghy", "canoe", "ship", "speedboat"),
        BOAT,
        {
            "hull": "white painted-wood",
            "wood": "teak",
            "metal": "chrome",
            "glass": "dark-glass",
            "cushion": "red leather",
            "engine": "black plastic",
        },
        HULL_KNOBS
        | {
            "oars": Range(0.8, 1.25),
            "screen": Range(0.8, 1.2),
            "use": Choice(("rowing", "motor")),
            "benches": Choice((2, 3)),
        },
        steady(boat, BOAT),
    ),
    Kind(
        "sailboat",
        "vehicles",
        ("sailing boat", "yacht", "sailing ship"),
        SAIL,
        {
            "hull": "white enamel",
            "wood": "teak",
            "metal": "aluminium",
            "sail": "white canvas",
            "glass": "dark-glass",
            "keel": "iron",
            "trim": "black plastic",
        },
        HULL_KNOBS
        | {
            "freeboard": Range(0.9, 1.15),
            "mast": Range(0.85, 1.3),
            "belly": Range(0.05, 0.3),
            "rig": Choice(("sloop", "cat")),
            "cabin": Choice(("cabin", "open")),
        },
        steady(sailboat, SAIL),
    ),
]
