"""Street lamp and traffic light."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet, rounded_rectangle
from ..solids import box, ellipsoid, lathe, merge, move, plate, prism, sweep, torus, tube
from .posts import BASES, post, thing


def street_lamp(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    r = 0.016 * height * style["thickness"]
    if style["design"] == "lantern":
        return lanterns(style, width, depth, height, r)
    top = 0.93 * height
    shaft = post(style, r, top, style["base"])
    shaft = [move(part, 0, 0.5 * depth - 2.7 * r, 0) for part in shaft]
    back, front = 0.5 * depth - 2.7 * r, -0.5 * depth
    reach = front + 0.28 * depth
    rise = style["rise"] * height
    arms = [
        tube(
            "arm",
            "metal",
            fillet(
                np.array(
                    [
                        (0, back, top - 0.04 * height),
                        (0, back, top + 0.4 * rise),
                        (0, 0.4 * (back + reach), top + rise),
                        (0, reach, top + rise),
                    ]
                ),
                0.12 * height,
                6,
            ),
            0.62 * r * style["arm"],
        )
    ]
    z = top + rise
    if style["design"] == "cobra":
        head = prism(
            "head",
            "metal",
            fillet(
                np.array(
                    [
                        (-0.13 * depth, 0.0),
                        (0.2 * depth, 0.02 * height),
                        (0.2 * depth, 0.035 * height),
                        (-0.1 * depth, 0.045 * height),
                    ]
                ),
                0.012 * height,
                3,
            ),
            "x",
            (-0.42 * width, 0.42 * width),
            0.012 * height,
        )
        lens = plate(
            "lens",
            "lamp",
            (-0.34 * width * style["lens"], 0.34 * width * style["lens"]),
            (-0.09 * depth, 0.08 * depth),
            (-0.008 * height, 0.012 * height),
            "z",
            0.03 * depth,
            0.004,
        )
        parts = [
            move(head, 0, reach - 0.1 * depth, z - 0.018 * height),
            move(lens, 0, reach - 0.1 * depth, z - 0.016 * height),
        ]
    else:
        s = 0.46 * width * style["head"]
        shade = lathe(
            "shade",
            "metal",
            fillet(
                np.array([(0, 0.0), (0.3, 0.0), (0.5, -0.25), (1.0, -0.75), (1.0, -0.82), (0.86, -0.78), (0.0, -0.3)])
                * s,
                0.08 * s,
                3,
            ),
            at=(0, reach, z),
            sides=28,
        )
        bulb = ellipsoid(
            "bulb", "lamp", (0, reach, z - 0.55 * s), (0.42 * s * style["lens"], 0.42 * s * style["lens"], 0.34 * s)
        )
        parts = [shade, bulb]
    door = box(
        "hatch",
        "metal",
        (-0.75 * r, 0.75 * r),
        (back - 1.25 * r, back),
        (style["hatch"] * height, (style["hatch"] + 0.07) * height),
        0.004,
    )
    return [*shaft, *arms, *parts, door]


def lanterns(style: Style, width: float, depth: float, height: float, r: float) -> list[Part]:
    """An old lamp post that carries two glass lanterns on a cross arm."""
    top = 0.83 * height
    w = min(0.38 * width, 0.2 * depth) * style["head"]
    y = 0.5 * depth - 1.2 * w
    parts = post(style, r, 0.98 * height, style["base"])
    arms = [
        tube(
            "arm",
            "metal",
            fillet(
                np.array(
                    [(0, 0, 0.66 * height), (0, s * 0.5 * y, 0.7 * height), (0, s * y, 0.76 * height), (0, s * y, top)]
                ),
                0.08 * height,
                4,
            ),
            0.55 * r * style["arm"],
            sides=10,
        )
        for s in (1, -1)
    ]
    curls = [
        torus("curl", "metal", (0, s * 0.45 * y, 0.76 * height), 0.025 * height, 0.8 * r, axis=0, sides=20)
        for s in (1, -1)
    ]
    finial = lathe(
        "finial",
        "metal",
        np.array([(0, 0), (1.1, 0), (0.7, 0.8), (1.4, 1.8), (0.5, 2.8), (0.0, 3.4)]) * r,
        at=(0, 0, 0.97 * height),
        sides=16,
    )
    hatch = box(
        "hatch",
        "metal",
        (-0.75 * r, 0.75 * r),
        (-1.25 * r, 0),
        (style["hatch"] * height, (style["hatch"] + 0.07) * height),
        0.004,
    )
    heads: dict[str, list[Part]] = {}
    for s in (1, -1):
        for part in lantern(style, w, 0.97 * height - top):
            heads.setdefault(part.name, []).append(move(part, 0, s * y, top))
    return [
        *parts,
        merge("arms", arms),
        merge("curls", curls),
        finial,
        hatch,
        *(merge(name, pieces) for name, pieces in heads.items()),
    ]


def lantern(style: Style, w: float, tall: float) -> list[Part]:
    """Tray, four panes in one, bars and a roof, on the floor about the origin."""
    square = rounded_rectangle((-1, 1), (-1, 1), 0.05, 2)
    high = 0.62 * tall
    glass = sweep(
        "glass",
        "lamp",
        np.array([(0, 0, 0.06 * tall), (0, 0, high)]),
        square,
        scale=np.array([0.62, 0.97]) * w * (0.8 + 0.2 * style["lens"]),
    )
    bars = [
        tube("bar", "metal", [(0.65 * w * x, 0.65 * w * y, 0.02 * tall), (w * x, w * y, high)], 0.08 * w, sides=8)
        for x, y in ((1, 1), (-1, 1), (-1, -1), (1, -1))
    ]
    tray = box("tray", "metal", (-0.7 * w, 0.7 * w), (-0.7 * w, 0.7 * w), (0, 0.08 * tall), 0.004)
    roof = sweep(
        "roof",
        "metal",
        np.array([(0, 0, high), (0, 0, high + 0.06 * tall), (0, 0, 0.86 * tall)]),
        square,
        scale=np.array([1.15 * w, 1.2 * w, 0.2 * w]),
    )
    knob = lathe(
        "knob",
        "metal",
        np.array([(0, 0), (0.2, 0), (0.12, 0.2), (0.24, 0.4), (0.1, 0.6), (0.0, 0.75)]) * w,
        at=(0, 0, 0.855 * tall),
        sides=14,
    )
    return [glass, merge("bars", bars), tray, roof, knob]


def traffic_light(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    r = 0.018 * height * style["thickness"]
    w = 0.44 * width * style["head"]
    tall = style["case"] * height
    top = 0.97 * height
    lamp = min(0.3 * tall / 2.1, 0.8 * w) * style["lamp"]
    y = -0.5 * depth + 1.5 * lamp
    parts = [move(part, 0, y + 0.5 * w + r, 0) for part in post(style, r, top, style["base"])]
    case = box("case", "case", (-w, w), (y, y + 0.55 * w), (top - tall, top), 0.25 * w, 3)
    parts += [case]
    if style["board"] == "board":
        parts.append(
            plate(
                "board",
                "case",
                (-1.35 * w, 1.35 * w),
                (y + 0.4 * w, y + 0.48 * w),
                (top - 1.1 * tall, top + 0.03 * height),
                "y",
                0.3 * w,
                0.004,
            )
        )
    hoods = []
    for slot, z in zip(
        ("red lamp", "amber lamp", "green lamp"), (top - (k + 0.5) * tall / 3 for k in range(3)), strict=True
    ):
        parts.append(ellipsoid(slot, slot, (0, y - 0.05 * lamp, z), (lamp, 0.3 * lamp, lamp)))
        angle = np.radians(np.linspace(-20, 200, 17)) if style["hood"] == "hood" else np.linspace(0, 2 * np.pi, 25)[:-1]
        outer = 1.16 * lamp * np.stack([np.cos(angle), np.sin(angle)], -1)
        inner = 1.06 * lamp * np.stack([np.cos(angle), np.sin(angle)], -1)[::-1]
        if style["hood"] == "hood":
            hoods.append(
                move(
                    prism(
                        "hood",
                        "case",
                        np.concatenate([outer, inner]),
                        "y",
                        (y - 1.4 * lamp * style["hoods"], y + 0.05 * lamp),
                        0.0,
                    ),
                    0,
                    0,
                    z,
                )
            )
        else:
            hoods.append(
                torus(
                    "rim", "case", (0, y - 0.05 * lamp, z), 1.1 * lamp, 0.16 * lamp * style["hoods"], axis=1, sides=24
                )
            )
    parts.append(merge("hoods", hoods))
    button = box(
        "button box",
        "button",
        (-1.6 * r, 1.6 * r),
        (y + 0.5 * w - 1.2 * r, y + 0.5 * w + 0.4 * r),
        (style["button"] * height, style["button"] * height + 5 * r),
        0.006,
    )
    return [*parts, button]


KINDS = [
    thing(
        "street lamp",
        ("lamp post", "lamppost", "street light", "lantern post"),
        (0.7, 1.7, 5.0),
        {"metal": "powder-coat", "lamp": "glow"},
        {
            "thickness": Range(0.85, 1.25),
            "rise": Range(0.03, 0.07),
            "head": Range(0.85, 1.2),
            "arm": Range(0.8, 1.3),
            "lens": Range(0.8, 1.1),
            "hatch": Range(0.06, 0.2),
            "design": Choice(("cobra", "shade", "lantern")),
            "base": BASES,
        },
        street_lamp,
    ),
    thing(
        "traffic light",
        ("traffic lights", "stoplight", "traffic signal"),
        (0.5, 0.46, 3.2),
        {
            "case": "black enamel",
            "metal": "steel",
            "red lamp": "red glow",
            "amber lamp": "amber plastic",
            "green lamp": "green plastic",
            "button": "yellow plastic",
        },
        {
            "thickness": Range(0.85, 1.3),
            "head": Range(0.85, 1.1),
            "case": Range(0.26, 0.34),
            "lamp": Range(0.85, 1.0),
            "hoods": Range(0.7, 1.2),
            "button": Range(0.27, 0.38),
            "hood": Choice(("hood", "rim")),
            "board": Choice(("board", "none")),
            "base": BASES,
        },
        traffic_light,
    ),
]
