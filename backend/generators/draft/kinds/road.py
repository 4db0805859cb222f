"""Road sign, traffic cone, barrier, fence."""

from __future__ import annotations

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import circle, fillet, rounded_rectangle, split
from ..solids import box, cylinder, lathe, merge, move, plate, prism, sweep, tube
from .posts import thing


def road_sign(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    r = 0.05 * width * style["thickness"]
    s = 0.5 * width
    z = height - s
    y = -0.5 * depth
    outlines = {
        "octagon": 1.08
        * s
        * circle(1.0, 8)
        @ np.array([[np.cos(np.pi / 8), np.sin(np.pi / 8)], [-np.sin(np.pi / 8), np.cos(np.pi / 8)]]),
        "round": s * circle(1.0, 36),
        "triangle": fillet(np.array([(-s, -0.75 * s), (s, -0.75 * s), (0, s)]), 0.14 * s, 4),
        "diamond": fillet(np.array([(0, -s), (s, 0), (0, s), (-s, 0)]), 0.1 * s, 4),
        "square": rounded_rectangle((-s, s), (-s, s), 0.1 * s, 4),
    }
    outline = outlines[style["shape"]]
    if style["shape"] == "octagon":
        outline = outline * (s / np.abs(outline).max())
    rim = style["border"]
    plate_ = move(
        prism("border", "border", outline, "y", (y + 0.3 * (depth - 2.4 * r), y + 0.5 * (depth - 2.4 * r)), 0.002),
        0,
        0,
        z,
    )
    face = move(
        prism(
            "face",
            "face",
            outline * (1 - rim) - np.array([0, 0.02 * s if style["shape"] == "triangle" else 0.0]),
            "y",
            (y, y + 0.32 * (depth - 2.4 * r)),
            0.001,
        ),
        0,
        0,
        z,
    )
    mark = symbol(
        style["mark"],
        s * style["mark_size"] * (0.75 if style["shape"] == "triangle" else 1.0),
        y,
        z - (0.15 * s if style["shape"] == "triangle" else 0),
    )
    top = z + 0.6 * s
    pole = move(cylinder("pole", "metal", (0, 0, 0), (0, 0, top), r, sides=18), 0, 0.5 * depth - 1.2 * r, 0)
    clamps = [
        box(
            "clamp",
            "metal",
            (-1.5 * r, 1.5 * r),
            (y + 0.45 * (depth - 2.4 * r), 0.5 * depth - 0.05 * r),
            (c - 0.04 * s * style["clamps"], c + 0.04 * s * style["clamps"]),
            0.003,
        )
        for c in (z - 0.35 * s, z + 0.35 * s)
    ]
    foot = lathe(
        "foot",
        "metal",
        np.array([(0, 0), (2.4, 0), (2.4, 0.15), (1.2, 0.3), (0, 0.3)]) * r * style["foot"],
        at=(0, 0.5 * depth - 1.2 * r, 0),
        sides=20,
    )
    parts = [plate_, face, *mark, pole, merge("clamps", clamps), foot]
    if style["extra"] == "plate":
        low = z - 1.45 * s
        parts.append(
            plate(
                "second plate",
                "face",
                (-0.8 * s, 0.8 * s),
                (y, y + 0.3 * depth),
                (low, low + 0.32 * s * style["second"]),
                "y",
                0.04 * s,
                0.002,
            )
        )
    return parts


def symbol(mark: str, s: float, y: float, z: float) -> list[Part]:
    """A raised mark on the plate."""
    depth = (y - 0.004 * s - 0.002, y + 0.002)
    if mark == "bar":
        return [move(box("bar", "mark", (-0.55 * s, 0.55 * s), depth, (-0.13 * s, 0.13 * s), 0.0008), 0, 0, z)]
    if mark == "arrow":
        outline = (
            np.array([(-0.1, -0.55), (0.1, -0.55), (0.1, 0.05), (0.34, 0.05), (0.0, 0.55), (-0.34, 0.05), (-0.1, 0.05)])
            * s
        )
        return [move(prism("arrow", "mark", outline, "y", depth, 0.0), 0, 0, z)]
    return [
        move(
            prism(
                "exclamation",
                "mark",
                np.array([(-0.07, -0.12), (0.07, -0.12), (0.12, 0.5), (-0.12, 0.5)]) * s,
                "y",
                depth,
                0.0,
            ),
            0,
            0,
            z,
        ),
        move(prism("dot", "mark", 0.1 * s * circle(1.0, 16), "y", depth, 0.0), 0, 0, z - 0.32 * s),
    ]


def traffic_cone(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    w = 0.5 * min(width, depth)
    base_h = 0.06 * height * style["base"]
    if style["foot"] == "square":
        foot = plate(
            "foot",
            "foot",
            (-width / 2, width / 2),
            (-depth / 2, depth / 2),
            (0, base_h),
            "z",
            0.12 * w * style["edge"],
            0.1 * base_h,
        )
    else:
        foot = prism(
            "foot",
            "foot",
            w * circle(1.0, 8) @ np.array([[0.924, 0.383], [-0.383, 0.924]]) * 1.08,
            "z",
            (0, base_h),
            0.1 * base_h * style["edge"],
        )
    low, top = 0.72 * w * style["girth"], 0.16 * w * style["tip"]
    parts = [
        foot,
        lathe(
            "cone",
            "body",
            fillet(
                np.array(
                    [
                        (0, base_h),
                        (low, base_h),
                        (0.94 * low, base_h + 0.03 * height),
                        (top, height),
                        (0.75 * top * style["hole"], height),
                        (0.6 * top * style["hole"], 0.97 * height),
                        (0, 0.97 * height),
                    ]
                ),
                0.02 * w,
                2,
            ),
            sides=36,
        ),
    ]
    bands = {"one band": ((0.45, 0.65),), "two bands": ((0.3, 0.45), (0.6, 0.72))}[style["bands"]]
    for i, (a, b) in enumerate(bands):
        b = a + (b - a) * style["band"]
        z = np.array([a, b]) * height
        radii = np.interp(z, [base_h + 0.03 * height, height], [0.94 * low, top]) + 0.012 * w
        parts.append(
            lathe(
                f"band {i + 1}",
                "reflector",
                np.array(
                    [(radii[0] - 0.03 * w, z[0]), (radii[0], z[0]), (radii[1], z[1]), (radii[1] - 0.03 * w, z[1])]
                ),
                sides=36,
            )
        )
    return parts


def barrier(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    if style["design"] == "concrete":
        f = style["foot"]
        outline = np.array(
            [
                (-0.5 * depth, 0),
                (0.5 * depth, 0),
                (0.5 * depth, 0.1 * height),
                (0.28 * depth * f, 0.36 * height),
                (0.16 * depth, height),
                (-0.16 * depth, height),
                (-0.28 * depth * f, 0.36 * height),
                (-0.5 * depth, 0.1 * height),
            ]
        )
        body = prism("wall", "concrete", outline, "x", (-0.5 * width, 0.5 * width), 0.012 * height)
        marks = [
            plate(
                "reflector",
                "stripe",
                (x - 0.03 * width, x + 0.03 * width),
                (-0.235 * depth, -0.17 * depth),
                (0.62 * height, 0.7 * height),
                "y",
                0.01 * height,
                0.003,
            )
            for x in np.linspace(-0.35, 0.35, int(style["stripes"] / 2)) * width
        ]
        slots = [
            box(
                "lifting slot",
                "metal",
                (x - 0.06 * width, x + 0.06 * width),
                (-0.51 * depth, 0.51 * depth),
                (0, 0.05 * height * style["rail"]),
                0.004,
            )
            for x in (-0.3 * width, 0.3 * width)
        ]
        return [body, merge("reflectors", marks), merge("slots", slots)]
    rails = []
    count = {"planks": 2, "bar": 1}[style["design"]]
    tall = 0.2 * height * style["rail"]
    board_y = (-0.03 * depth - 0.02 * height, 0.03 * depth + 0.01 * height)
    tops = [height - 0.02 * height - k * style["gap"] * height for k in range(count)]
    stripes = []
    lean = style["slant"] * tall
    for top in tops:
        rails.append(box("board", "board", (-0.5 * width, 0.5 * width), board_y, (top - tall, top), 0.006))
        for x in np.linspace(-0.5, 0.5, int(style["stripes"]) + 1)[:-1] * width:
            step = 0.5 * width / int(style["stripes"])
            outline = np.array(
                [
                    (x + 0.1 * step, top - tall),
                    (x + 1.0 * step, top - tall),
                    (min(x + 1.0 * step + lean, 0.5 * width), top),
                    (min(x + 0.1 * step + lean, 0.5 * width - 0.02 * width), top),
                ]
            )
            stripes.append(
                prism("stripe", "stripe", outline, "y", (board_y[0] - 0.004 * height, board_y[0] + 0.01 * height), 0.0)
            )
    legs = []
    for x in (-style["legs"] * width, style["legs"] * width):
        legs += [
            tube(
                "leg",
                "metal",
                [(x, s * 0.48 * depth, 0.012 * height), (x, 0.0, 0.97 * height)],
                0.02 * height * style["foot"],
                sides=10,
            )
            for s in (1, -1)
        ]
        legs.append(
            tube(
                "foot",
                "metal",
                [(x, -0.5 * depth, 0.015 * height), (x, 0.5 * depth, 0.015 * height)],
                0.02 * height * style["foot"],
                sides=10,
            )
        )
    parts = [merge("boards", rails), merge("stripes", stripes), merge("legs", legs)]
    if style["lamp"] == "lamp":
        lamps = [
            cylinder(
                "lamp",
                "lamp",
                (x, -0.04 * height, 1.05 * height),
                (x, 0.03 * height, 1.05 * height),
                0.07 * height,
                sides=20,
            )
            for x in (-0.44 * width, 0.44 * width)
        ]
        stands = [
            box(
                "stand",
                "metal",
                (x - 0.02 * width, x + 0.02 * width),
                (-0.03 * height, 0.02 * height),
                (0.95 * height, 1.0 * height),
                0.003,
            )
            for x in (-0.44 * width, 0.44 * width)
        ]
        parts += [merge("lamps", lamps), merge("lamp stands", stands)]
    return parts


def fence(style: Style, size: Size) -> list[Part]:
    width, depth, height = size
    thick = depth * 0.22
    count = int(style["boards"])
    tops = {
        "pointed": lambda w: [(w, 0.93), (0.0, 1.0), (-w, 0.93)],
        "round": lambda w: [
            (w * np.cos(a), 0.95 + 0.05 * np.sin(a)) for a in np.radians((0, 30, 60, 90, 120, 150, 180))
        ],
        "flat": lambda w: [(w, 1.0), (-w, 1.0)],
    }
    board_top, parts = 0.95 * height, []
    gap = style["gap"] * width / count
    boards = []
    for k, (a, b) in enumerate(split((-0.47 * width, 0.47 * width), count, gap)):
        x, w = 0.5 * (a + b), 0.5 * (b - a)
        rise = board_top * (1 - style["wave"] * np.cos(2 * np.pi * (k + 0.5) / count) ** 2)
        outline = [
            (x - w, 0.05 * height),
            (x + w, 0.05 * height),
            *((x + dx, share * rise) for dx, share in tops[style["tops"]](w)),
        ]
        boards.append(prism("board", "wood", np.array(outline), "y", (-0.5 * depth, -0.5 * depth + thick), 0.1 * thick))
    rails = [
        box(
            "rail",
            "wood",
            (-0.49 * width, 0.49 * width),
            (-0.5 * depth + thick, -0.5 * depth + 2.2 * thick),
            (z * height, (z + 0.09 * style["rail"]) * height),
            0.1 * thick,
        )
        for z in (0.18, 0.68)
    ]
    p = 0.035 * width * style["post"]
    posts = []
    for x in (
        (-0.5 * width + p, 0.5 * width - p) if style["posts"] == "two" else (-0.5 * width + p, 0.0, 0.5 * width - p)
    ):
        back = (-0.5 * depth + 2.0 * thick, 0.5 * depth)
        posts.append(box("post", "wood", (x - p, x + p), back, (0, 0.97 * height), 0.1 * p))
        posts.append(
            sweep(
                "cap",
                "wood",
                np.array(
                    [(x, sum(back) / 2, 0.97 * height), (x, sum(back) / 2, 0.985 * height), (x, sum(back) / 2, height)]
                ),
                rounded_rectangle((-1, 1), (-1, 1), 0.05, 1) * (1.15 * p, 0.5 * (back[1] - back[0])),
                scale=np.array([1.0, 1.0, 0.2]),
            )
        )
    nails = [
        cylinder(
            "nail",
            "metal",
            (sum(ab) / 2, -0.5 * depth - 0.004, z * height),
            (sum(ab) / 2, -0.5 * depth + 0.01, z * height),
            0.008 * height * style["nail"],
            sides=8,
        )
        for ab in split((-0.47 * width, 0.47 * width), count, gap)
        for z in (0.225, 0.725)
    ]
    return [*parts, merge("boards", boards), merge("rails", rails), merge("posts", posts), merge("nails", nails)]


KINDS = [
    thing(
        "road sign",
        ("traffic sign", "stop sign", "warning sign", "street sign", "signpost"),
        (0.7, 0.18, 2.4),
        {"face": "white enamel", "border": "red enamel", "mark": "black enamel", "metal": "steel"},
        {
            "thickness": Range(0.8, 1.2),
            "border": Range(0.08, 0.18),
            "foot": Range(0.8, 1.3),
            "mark_size": Range(0.75, 1.1),
            "clamps": Range(0.7, 1.4),
            "second": Range(0.7, 1.15),
            "shape": Choice(("octagon", "round", "triangle", "diamond", "square")),
            "mark": Choice(("bar", "arrow", "exclamation")),
            "extra": Choice(("none", "plate")),
        },
        road_sign,
    ),
    thing(
        "traffic cone",
        ("cone", "road cone", "pylon"),
        (0.38, 0.38, 0.7),
        {"body": "orange plastic", "foot": "black rubber", "reflector": "white plastic"},
        {
            "base": Range(0.75, 1.3),
            "girth": Range(0.9, 1.08),
            "tip": Range(0.8, 1.3),
            "band": Range(0.8, 1.15),
            "edge": Range(0.4, 1.8),
            "hole": Range(0.6, 1.1),
            "bands": Choice(("one band", "two bands")),
            "foot": Choice(("square", "octagon")),
        },
        traffic_cone,
    ),
    thing(
        "barrier",
        ("road barrier", "roadblock", "barricade", "jersey barrier", "road block"),
        (1.6, 0.55, 1.0),
        {
            "board": "white painted-wood",
            "stripe": "red enamel",
            "metal": "steel",
            "concrete": "concrete",
            "lamp": "amber glow",
        },
        {
            "rail": Range(0.8, 1.2),
            "foot": Range(0.85, 1.2),
            "slant": Range(0.2, 1.0),
            "stripes": Range(5.0, 9.0),
            "legs": Range(0.3, 0.42),
            "gap": Range(0.36, 0.46),
            "design": Choice(("planks", "bar", "concrete")),
            "lamp": Choice(("none", "lamp")),
        },
        barrier,
    ),
    thing(
        "fence",
        ("picket fence", "garden fence", "wooden fence", "railing"),
        (1.8, 0.16, 1.1),
        {"wood": "white painted-wood", "metal": "steel"},
        {
            "boards": Range(9.0, 15.0),
            "gap": Range(0.15, 0.45),
            "wave": Range(0.0, 0.14),
            "rail": Range(0.8, 1.2),
            "post": Range(0.85, 1.25),
            "nail": Range(0.7, 1.4),
            "tops": Choice(("pointed", "round", "flat")),
            "posts": Choice(("two", "three")),
        },
        fence,
    ),
]
