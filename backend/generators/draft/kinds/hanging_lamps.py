"""Lamps that hang from the ceiling, which is the top of their box."""

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..fittings import bulb, lamp_shade, oval, rod, shade, spider
from ..outlines import fillet
from ..solids import cylinder, lathe, merge, move, tube, turn


def _pendant(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    cord = style["cord"] * 0.02 * r
    drop = style["shade_height"] * h
    canopy = lathe(
        "canopy",
        "stand",
        fillet(
            [
                (0, h - 0.16 * r),
                ((0.1 if style["canopy_form"] == "cone" else 0.9 * style["canopy"]) * r, h - 0.16 * r),
                (style["canopy"] * r, h - 0.03 * r),
                (style["canopy"] * r, h),
                (0, h),
            ],
            0.05 * r,
            3,
        ),
        sides=32,
    )
    parts = [canopy, rod("cord", "stand", (0, 0, 0.8 * drop), (0, 0, h - 0.05 * r), cord)]
    parts.append(
        cylinder(
            "socket",
            "stand",
            (0, 0, 0.72 * drop),
            (0, 0, 0.72 * drop + style["socket"] * 0.25 * drop),
            0.11 * r,
            bevel=0.02 * r,
        )
    )
    if style["shade"] == "rings":
        parts += _rings(r, cord, drop)
    else:
        parts += lamp_shade(style, r, (0, drop), 0.012 * r)
        if style["shade"] != "globe":
            parts.append(
                spider(
                    0.85
                    * r
                    * (style["cone"] if style["shade"] == "cone" else 0.9)
                    * (0.6 if style["shade"] == "dome" else 1.0),
                    0.76 * drop,
                    cord,
                )
            )
    if style["shade"] != "globe":
        glow = turn(bulb("bulb", "bulb", (0, 0, 0), style["bulb"] * 0.14 * r), "x", 180)
        parts.append(move(glow, 0, 0, 0.74 * drop))
    return oval(parts, r, w, d)


def _rings(r: float, cord: float, drop: float) -> list[Part]:
    """Slanted rings, one above the other."""
    parts: list[Part] = []
    count = 5
    for k in range(count):
        t = k / (count - 1)
        radius = r * (0.35 + 0.63 * np.sin(np.pi * (0.15 + 0.7 * t)))
        parts.append(
            lathe(
                "ring",
                "shade",
                [
                    (radius, t * 0.8 * drop),
                    (radius * 0.8, t * 0.8 * drop + 0.14 * drop),
                    (radius * 0.79, t * 0.8 * drop + 0.13 * drop),
                    (radius * 0.985, t * 0.8 * drop),
                ],
                sides=48,
            )
        )
    parts.append(spider(0.55 * r, 0.76 * drop, cord))
    return parts


def _chandelier(style: Style, size: Size) -> list[Part]:
    w, d, h = size
    r = min(w, d) / 2
    bar = style["bar"] * 0.03 * r
    hub = style["hub"] * h
    cup = 0.11 * r
    reach = r - cup
    rise = hub + style["rise"] * 0.25 * h
    column = np.array(
        [
            (0, 0),
            (0.05, 0.01),
            (0.1, 0.05),
            (0.05, 0.1),
            (0.12, 0.22),
            (0.05, 0.34),
            (0.08, 0.45),
            (0.04, 0.55),
            (0, 0.55),
        ]
    ) * (r * style["column"], h * 1.0)
    parts = [lathe("column", "stand", fillet(column, 0.04 * r, 3), sides=24)]
    parts.append(rod("chain", "stand", (0, 0, 0.5 * h), (0, 0, h - 0.02 * h), 0.7 * bar * style["chain"]))
    parts.append(
        lathe(
            "canopy",
            "stand",
            fillet([(0, 0.95 * h), (0.05 * r, 0.95 * h), (0.2 * r, 0.985 * h), (0.2 * r, h), (0, h)], 0.02 * h, 3),
            sides=24,
        )
    )
    dip = style["dip"] * 0.16 * h
    curve = fillet(
        [(0, 0, hub), (0.3 * reach, 0, hub - dip), (0.8 * reach, 0, hub - dip), (reach, 0, rise)], 0.3 * reach, 6
    )
    arms, cups, lights = [], [], []
    for angle in 360.0 / style["arms"] * np.arange(style["arms"]):
        arm = tube("arm", "stand", curve, bar / 2, sides=8)
        metal, light, flame = (_held(style, cup, part) for part in ("metal", "light", "flame"))
        at_end = [move(merge("piece", group), reach, 0, rise) for group in (metal, light, flame)]
        arms.append(turn(arm, "z", angle))
        cups.append(turn(at_end[0], "z", angle))
        lights.append(turn(at_end[1], "z", angle))
        parts.append(turn(at_end[2], "z", angle))
    return oval([*parts, merge("arms", arms), merge("cups", cups), merge("lights", lights)], r, w, d)


def _held(style: Style, cup: float, part: str) -> list[Part]:
    """What the end of an arm holds, standing on the origin: the cup, a candle or a shaded bulb, its light."""
    shaded = style["lights"] == "shades"
    if part == "flame":
        return [bulb("flame", "bulb", (0, 0, 1.88 * cup), 0.3 * cup)]
    if part == "light" and shaded:
        return [shade("shade", "shade", (0, 0, 1.2 * cup), 0.98 * cup, 0.5 * cup, 1.5 * cup, 0.06 * cup, 20)]
    if part == "light":
        return [cylinder("candle", "shade", (0, 0, 0.3 * cup), (0, 0, 1.9 * cup), 0.28 * cup, sides=12)]
    dish = fillet([(0, 0), (0.4 * cup, 0), (cup, 0.4 * cup), (cup, 0.5 * cup), (0, 0.3 * cup)], 0.1 * cup, 2)
    pin = [rod("candle pin", "stand", (0, 0, 0), (0, 0, 2.0 * cup), 0.3 * cup, 8)] if shaded else []
    return [lathe("cup", "stand", dish, sides=20), *pin]


def _ceiling_lamp(style: Style, size: Size) -> list[Part]:
    """A flat lamp right under the ceiling (the top of the box)."""
    w, d, h = size
    r = min(w, d) / 2
    plate_z = h * (1 - style["plate"])
    parts = [
        lathe(
            "plate",
            "stand",
            fillet(
                [
                    (0, plate_z),
                    (0.9 * r, plate_z),
                    (style["rim"] * r, plate_z + 0.3 * (h - plate_z)),
                    (style["rim"] * r, h),
                    (0, h),
                ],
                0.08 * h * style["edge"],
                3,
            ),
            sides=48,
        )
    ]
    if style["form"] == "dome":
        t = np.linspace(-np.pi / 2, 0, 10)
        bowl = np.stack([r * style["bowl"] * np.cos(t) ** style["curve"], plate_z * (1 + np.sin(t))], axis=1)
        bowl[0, 0] = 0
        parts.append(lathe("bowl", "shade", [*bowl, (0, plate_z)], sides=48))
    else:
        steps = style["steps"]
        for k in range(steps):
            z0, z1 = plate_z * (1 - (k + 1) / steps), plate_z * (1 - k / steps)
            radius = r * style["bowl"] * (1 - 0.25 * style["curve"] * k / steps)
            edge = 0.3 * style["edge"] * (z1 - z0)
            parts.append(
                lathe(
                    "disc",
                    "shade" if k % 2 == 0 else "stand",
                    fillet([(0, z0), (radius, z0), (radius, z1), (0, z1)], edge, 3),
                    sides=48,
                )
            )
    knob = np.array([(0, 0), (0.06, 0), (0.05, 0.1), (0, 0.1)]) * style["finial_size"] * (r, h)
    if style["finial"] == "finial":
        parts.append(lathe("finial", "stand", fillet(knob, 0.02 * r, 3), sides=20))
    return oval(parts, r, w, d)


KINDS = (
    Kind(
        "pendant lamp",
        "lighting",
        ("hanging lamp", "pendant light", "hanging light", "suspension lamp"),
        (0.45, 0.45, 0.9),
        {"shade": "white painted metal", "stand": "black metal", "bulb": "glowing glass"},
        {
            "cone": Range(0.15, 0.6),
            "cord": Range(0.8, 1.6),
            "shade_height": Range(0.25, 0.4),
            "canopy": Range(0.2, 0.3),
            "socket": Range(0.7, 1.3),
            "bulb": Range(0.8, 1.2),
            "shade": Choice(("cone", "drum", "dome", "globe", "rings")),
            "canopy_form": Choice(("cone", "disc")),
        },
        _pendant,
    ),
    Kind(
        "chandelier",
        "lighting",
        ("candelabra", "crystal lamp"),
        (0.8, 0.8, 0.8),
        {"stand": "brass", "shade": "white wax", "bulb": "glowing glass"},
        {
            "bar": Range(0.8, 1.3),
            "hub": Range(0.24, 0.34),
            "rise": Range(0.1, 0.6),
            "column": Range(0.9, 1.5),
            "dip": Range(0.3, 1.2),
            "chain": Range(0.7, 1.3),
            "arms": Choice((5, 6, 8)),
            "lights": Choice(("candles", "shades")),
        },
        _chandelier,
    ),
    Kind(
        "ceiling lamp",
        "lighting",
        ("ceiling light", "flush light", "plafond lamp"),
        (0.42, 0.42, 0.14),
        {"shade": "frosted white glass", "stand": "brushed steel"},
        {
            "plate": Range(0.2, 0.35),
            "rim": Range(0.92, 1.0),
            "bowl": Range(0.86, 1.0),
            "curve": Range(0.45, 1.0),
            "finial": Choice(("finial", "none")),
            "finial_size": Range(0.8, 1.4),
            "edge": Range(0.6, 1.4),
            "form": Choice(("dome", "discs")),
            "steps": Choice((1, 2, 3)),
        },
        _ceiling_lamp,
    ),
)
