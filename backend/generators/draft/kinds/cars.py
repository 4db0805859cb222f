"""Cars with a cabin of glass on a painted shell: sedan, coupe, suv, vw beetle, jeep, pickup truck, van."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asset import Choice, Part, Size, Style
from ..solids import box, cylinder, ellipsoid, lathe, merge, mirror, move, sweep, torus, tube, turn
from .car_parts import Details, car, car_kind, lip, rails
from .carbody import Shape, Shell


def sedan(style: Style, size: Size) -> list[Part]:
    shell, parts = car(SEDAN_SHAPE, Details(), style, size)
    return [*parts, lip(shell, 0.955, -0.005)] if style["boot"] == "lip" else parts


def coupe(style: Style, size: Size) -> list[Part]:
    shell, parts = car(
        COUPE_SHAPE,
        Details(lamp=(0.33, 0.43, 0.065), tail_lamp=(0.33, 0.56, 0.055), handles=(0.56,), rubber=0.28),
        style,
        size,
    )
    if style["roof"] == "sunroof":
        parts.append(shell.screen("sunroof", (0.47 + style["cabin"], 0.57 + style["cabin"]), margin=0.3))
    return [*parts, lip(shell, 0.965, 0.0)] if style["roof"] == "spoiler" else parts


def suv(style: Style, size: Size) -> list[Part]:
    details = Details(
        lamp=(0.34, 0.51, 0.055),
        tail_lamp=(0.38, 0.6, 0.06),
        grille=(0.44, 0.48, 0.13),
        bumper=0.25,
        flare=0.018,
        rubber=0.36,
    )
    shell, parts = car(SUV_SHAPE, details, style, size)
    low = shell.shape.sill * shell.height
    parts.append(
        shell.flank(
            "rocker",
            "trim",
            (shell.axles[0] + 1.12 * shell.arch, shell.axles[1] - 1.12 * shell.arch),
            (low + 0.005, low + 0.07 * shell.height),
        )
    )
    return [*parts, rails(shell, (0.4, 0.86))] if style["roof"] == "rails" else parts


def beetle(style: Style, size: Size) -> list[Part]:
    details = Details(
        body=0.86,
        lamp=(0.34, 0.42, 0.07),
        tail_lamp=(0.36, 0.36, 0.045),
        grille=(0.3, 0.2, 0.0),
        bumper=0.2,
        rubber=0.42,
        mirror=0.31,
        handles=(0.53,),
    )
    shell, parts = car(BEETLE_SHAPE, details, style, size)
    parts = [part for part in parts if part.name not in ("bumper", "headlamps", "lamp rings")]
    parts += [fenders(shell), running_boards(shell), *beetle_bumpers(shell)]
    parts += fender_lamps(shell)
    if style["bonnet_line"] == "chrome":
        y = np.linspace(shell.y(0.03), shell.y(0.25), 14)
        parts.append(
            tube(
                "bonnet line",
                "chrome",
                np.column_stack([0 * y, y, shell.crown(y, 0 * y)]),
                0.008 * shell.height,
                sides=8,
            )
        )
    return parts


def fenders(shell: Shell) -> Part:
    """Wings that stand off the body: thick half rings over the wheels."""
    wings = []
    for axle in shell.axles:
        x = float(shell.half(np.array([axle]))[0])
        angle = np.radians(np.linspace(-20, 200, 25))
        radius = 1.02 * shell.arch
        section = np.column_stack(
            [np.linspace(-1, 1, 9), 0.42 * np.sqrt(np.maximum(1 - np.linspace(-1, 1, 9) ** 2, 0))]
        )
        section = np.concatenate([section, section[-2:0:-1] * (1, 0) - (0, 0.1)]) * 0.11 * shell.width
        path = np.column_stack(
            [np.full_like(angle, x), axle + radius * np.cos(angle), shell.wheel + radius * np.sin(angle)]
        )
        wings.append(sweep("fender", "paint", path, section, up=(1.0, 0.0, 0.0)))
    return merge("fenders", [*wings, *(mirror(wing) for wing in wings)])


def fender_lamps(shell: Shell) -> list[Part]:
    """Round lamps in bowls on the front wings."""
    x = float(shell.half(np.array([shell.axles[0]]))[0]) + 0.0 * shell.width
    r = 0.075 * shell.height
    y, z = shell.axles[0] - 0.82 * shell.arch, shell.wheel + 0.78 * shell.arch
    bowl = ellipsoid("bowl", "paint", (x, y + 0.7 * r, z), (1.05 * r, 1.6 * r, 1.05 * r))
    lens = ellipsoid("lamp", "lamp", (x, y - 0.55 * r, z), (0.85 * r, 0.5 * r, 0.85 * r))
    ring = torus("ring", "chrome", (x, y - 0.5 * r, z), 0.86 * r, 0.2 * r, axis=1, sides=24)
    return [
        merge(name, [part, mirror(part)])
        for name, part in (("lamp bowls", bowl), ("headlamps", lens), ("lamp rings", ring))
    ]


def running_boards(shell: Shell) -> Part:
    x, z = 0.5 * shell.width, shell.shape.sill * shell.height
    board = box(
        "board",
        "trim",
        (0.8 * x, 1.05 * x),
        (shell.axles[0] + shell.arch, shell.axles[1] - shell.arch),
        (z - 0.02 * shell.height, z + 0.02 * shell.height),
        0.01,
    )
    return merge("running boards", [board, mirror(board)])


def beetle_bumpers(shell: Shell) -> list[Part]:
    """Bent chrome bars in front and behind."""
    bars, z = [], 0.24 * shell.height
    for sign in (-1, 1):
        y = sign * 0.492 * shell.length
        path = [
            (s * x * shell.width, y - sign * back * shell.length, z)
            for s, x, back in (
                (-1, 0.46, 0.06),
                (-1, 0.4, 0.012),
                (-1, 0.2, 0),
                (1, 0.2, 0),
                (1, 0.4, 0.012),
                (1, 0.46, 0.06),
            )
        ]
        bars.append(tube("bumper", "chrome", path, 0.025 * shell.height, sides=10))
    return [merge("bumpers", bars)]


def jeep(style: Style, size: Size) -> list[Part]:
    details = Details(
        long=0.94,
        lamp=(0.29, 0.5, 0.055),
        tail_lamp=(0.4, 0.5, 0.05),
        grille=(0.36, 0.5, 0.0),
        bumper=0.27,
        rubber=0.42,
        mirror=0.4,
        flare=0.035,
        handles=(0.6,),
    )
    fixed = {"bonnet": 0.3 * style["bonnet"], "rake": 0.3 * style["rake"]}
    shell, parts = car(JEEP_SHAPE, details, replace(style, values={**style.values, **fixed}), size)
    y, h = shell.end(0, 0.5 * shell.height), shell.height
    slots = [
        box(
            "slot",
            "trim",
            (c - 0.016 * shell.width, c + 0.016 * shell.width),
            (y - 0.006, y + 0.02),
            (0.42 * h, 0.58 * h),
            0.006,
        )
        for c in (np.arange(7) - 3) * 0.062 * shell.width
    ]
    parts.append(merge("grille slots", slots))
    if style["spare"] == "spare wheel":
        tail = shell.end(0, 0.55 * h, True)
        tyre = turn(lathe("spare", "tyre", spare_profile(1.0 * shell.wheel, 0.11 * shell.width), sides=32), "x", -90.0)
        parts.append(move(tyre, 0, tail - 0.01, 0.55 * h))
    bar = cylinder(
        "bumper",
        "trim",
        (-0.47 * shell.width, y - 0.02 * shell.length, 0.27 * h),
        (0.47 * shell.width, y - 0.02 * shell.length, 0.27 * h),
        0.045 * h,
    )
    return [*parts, bar]


def spare_profile(radius: float, width: float) -> np.ndarray:
    return np.array(
        [
            (0, 0),
            (radius, 0),
            (radius, width),
            (0.6 * radius, width),
            (0.55 * radius, 0.8 * width),
            (0.2 * radius, 0.85 * width),
            (0, 0.85 * width),
        ]
    )


def pickup(style: Style, size: Size) -> list[Part]:
    details = Details(
        lamp=(0.36, 0.5, 0.055),
        tail_lamp=(0.41, 0.5, 0.05),
        grille=(0.5, 0.47, 0.15),
        bumper=0.27,
        flare=0.018,
        rubber=0.36,
        mirror=0.33,
    )
    shell, parts = car(PICKUP_SHAPE, details, style, size)
    front, back = shell.y(0.655 + 0.5 * style["cabin"]), shell.y(0.985)
    half = 0.475 * shell.width
    low, high = 0.4 * shell.height, (0.61 + style["tail"]) * shell.height
    thick = 0.035 * shell.width
    low = max(low, shell.wheel + 1.01 * shell.arch - 0.06 * shell.height)
    walls = [
        box("wall", "paint", (half - thick, half), (front, back), (low, high), 0.012),
        box("wall", "paint", (-half, thick - half), (front, back), (low, high), 0.012),
    ]
    gate = box("tailgate", "paint", (thick - half, half - thick), (back - thick, back), (low, high), 0.012)
    head = box("headboard", "paint", (thick - half, half - thick), (front, front + thick), (low, high), 0.012)
    parts += [merge("bed walls", walls), gate, head]
    if style["bed"] == "bar":
        posts = [
            tube(
                "bar",
                "chrome",
                [
                    (-0.9 * half, front + 2 * thick, high - 0.02),
                    (-0.8 * half, front + thick, 0.93 * shell.height),
                    (0.8 * half, front + thick, 0.93 * shell.height),
                    (0.9 * half, front + 2 * thick, high - 0.02),
                ],
                0.018 * shell.height,
            )
        ]
        parts.append(merge("roll bar", posts))
    if style["bed"] == "load":
        rng = style.random("load")
        for i in range(3):
            y = front + (0.2 + 0.27 * i) * (back - front)
            a = rng.uniform(0.07, 0.11) * shell.length
            parts.append(
                box(
                    "crate",
                    "load",
                    (-0.7 * half, rng.uniform(0.2, 0.7) * half),
                    (y - a / 2, y + a / 2),
                    (low, low + rng.uniform(0.2, 0.3) * shell.height),
                    0.01,
                )
            )
    return parts


def van(style: Style, size: Size) -> list[Part]:
    details = Details(
        lamp=(0.37, 0.4, 0.05),
        tail_lamp=(0.42, 0.5, 0.05),
        grille=(0.42, 0.35, 0.08),
        bumper=0.2,
        rubber=0.36,
        mirror=0.2,
        handles=(0.3, 0.42),
    )
    shape = VAN_SHAPE if style["load"] == "passengers" else replace(VAN_SHAPE, windows=VAN_SHAPE.windows[:1])
    shell, parts = car(shape, details, style, size)
    y = (shell.y(0.42), shell.y(0.9))
    return [*parts, shell.flank("slide rail", "trim", y, (0.53 * shell.height, 0.545 * shell.height), 0.003)]


SEDAN_SHAPE = Shape(
    top=(
        (0, 0.3),
        (0.004, 0.42),
        (0.03, 0.5),
        (0.12, 0.555),
        (0.285, 0.615),
        (0.43, 0.955),
        (0.52, 0.98),
        (0.63, 0.955),
        (0.81, 0.68),
        (0.95, 0.665),
        (0.985, 0.62),
        (1, 0.36),
    ),
    belt=((0, 0.28), (0.02, 0.42), (0.28, 0.57), (0.6, 0.605), (0.85, 0.63), (1, 0.34)),
    soft=0.06,
)

COUPE_SHAPE = Shape(
    top=(
        (0, 0.3),
        (0.004, 0.4),
        (0.03, 0.48),
        (0.15, 0.56),
        (0.32, 0.63),
        (0.47, 0.95),
        (0.54, 0.98),
        (0.64, 0.95),
        (0.88, 0.7),
        (0.965, 0.67),
        (0.988, 0.6),
        (1, 0.36),
    ),
    belt=((0, 0.28), (0.02, 0.4), (0.3, 0.58), (0.6, 0.62), (0.8, 0.66), (0.9, 0.64), (1, 0.34)),
    axles=(0.18, 0.8),
    wheel=0.255,
    tumble=0.42,
    windscreen=(0.32, 0.46),
    backlight=(0.67, 0.85),
    windows=((0.35, 0.58), (0.6, 0.74)),
    doors=(0.34, 0.595),
    taper=(0.16, 0.1),
    corner=(0.13, 0.08),
    soft=0.08,
)

SUV_SHAPE = Shape(
    top=(
        (0, 0.34),
        (0.003, 0.52),
        (0.025, 0.58),
        (0.12, 0.62),
        (0.25, 0.65),
        (0.36, 0.93),
        (0.42, 0.97),
        (0.6, 0.975),
        (0.88, 0.94),
        (0.965, 0.68),
        (0.99, 0.6),
        (1, 0.36),
    ),
    belt=((0, 0.32), (0.015, 0.5), (0.25, 0.61), (0.9, 0.64), (0.98, 0.58), (1, 0.34)),
    axles=(0.18, 0.8),
    wheel=0.225,
    sill=0.2,
    tumble=0.2,
    windscreen=(0.26, 0.36),
    backlight=(0.895, 0.955),
    windows=((0.29, 0.48), (0.495, 0.68), (0.695, 0.85)),
    doors=(0.29, 0.487, 0.69),
    taper=(0.07, 0.05),
    corner=(0.06, 0.05),
    soft=0.05,
)

BEETLE_SHAPE = Shape(
    top=(
        (0, 0.26),
        (0.01, 0.36),
        (0.05, 0.47),
        (0.14, 0.57),
        (0.27, 0.63),
        (0.36, 0.88),
        (0.42, 0.96),
        (0.5, 0.985),
        (0.6, 0.96),
        (0.7, 0.88),
        (0.8, 0.74),
        (0.9, 0.56),
        (0.97, 0.4),
        (1, 0.26),
    ),
    belt=((0, 0.24), (0.06, 0.42), (0.27, 0.56), (0.5, 0.59), (0.7, 0.56), (0.88, 0.42), (1, 0.24)),
    axles=(0.2, 0.79),
    wheel=0.215,
    gap=1.25,
    taper=(0.4, 0.32),
    corner=(0.05, 0.05),
    tumble=0.26,
    windscreen=(0.278, 0.375),
    backlight=(0.66, 0.79),
    windows=((0.315, 0.52), (0.54, 0.68)),
    doors=(0.325, 0.53),
    round=0.1,
    soft=0.12,
    crown=0.035,
)

JEEP_SHAPE = Shape(
    top=(
        (0, 0.34),
        (0.002, 0.6),
        (0.012, 0.63),
        (0.16, 0.64),
        (0.36, 0.655),
        (0.414, 0.955),
        (0.44, 0.975),
        (0.75, 0.98),
        (0.968, 0.97),
        (0.987, 0.66),
        (0.995, 0.4),
        (1, 0.3),
    ),
    belt=((0, 0.3), (0.012, 0.6), (0.32, 0.625), (0.97, 0.625), (1, 0.28)),
    axles=(0.172, 0.83),
    wheel=0.215,
    gap=1.2,
    sill=0.25,
    tumble=0.08,
    taper=(0.16, 0.0),
    corner=(0.012, 0.015),
    windscreen=(0.368, 0.411),
    backlight=(0.97, 0.984),
    windows=((0.44, 0.63), (0.65, 0.925)),
    doors=(0.43, 0.64),
    ledge=0.03,
    crown=0.008,
    soft=0.025,
    round=0.035,
)

PICKUP_SHAPE = Shape(
    top=(
        (0, 0.34),
        (0.003, 0.54),
        (0.02, 0.58),
        (0.12, 0.61),
        (0.25, 0.635),
        (0.345, 0.93),
        (0.4, 0.965),
        (0.58, 0.97),
        (0.63, 0.93),
        (0.652, 0.62),
        (0.656, 0.44),
        (0.99, 0.43),
        (1, 0.34),
    ),
    belt=((0, 0.32), (0.015, 0.5), (0.25, 0.59), (0.65, 0.6), (0.657, 0.41), (0.99, 0.41), (1, 0.32)),
    axles=(0.17, 0.78),
    wheel=0.215,
    sill=0.2,
    tumble=0.22,
    windscreen=(0.258, 0.345),
    backlight=(0.633, 0.648),
    windows=((0.29, 0.455), (0.475, 0.61)),
    doors=(0.29, 0.465, 0.625),
    taper=(0.05, 0.0),
    corner=(0.05, 0.012),
    soft=0.03,
)

VAN_SHAPE = Shape(
    top=(
        (0, 0.24),
        (0.004, 0.36),
        (0.03, 0.43),
        (0.11, 0.5),
        (0.25, 0.93),
        (0.3, 0.975),
        (0.6, 0.985),
        (0.94, 0.975),
        (0.975, 0.93),
        (0.995, 0.5),
        (1, 0.24),
    ),
    belt=((0, 0.22), (0.02, 0.36), (0.12, 0.47), (0.3, 0.52), (0.9, 0.53), (0.99, 0.48), (1, 0.22)),
    axles=(0.17, 0.79),
    wheel=0.165,
    sill=0.12,
    tumble=0.11,
    taper=(0.1, 0.03),
    corner=(0.07, 0.03),
    windscreen=(0.125, 0.245),
    backlight=(0.978, 0.99),
    windows=((0.19, 0.36), (0.4, 0.64), (0.66, 0.92)),
    doors=(0.24, 0.385, 0.65),
    round=0.07,
    soft=0.06,
)


KINDS = [
    car_kind(
        "sedan",
        ("car", "saloon", "automobile", "taxi", "police car", "limousine"),
        (2.0, 4.6, 1.5),
        sedan,
        {"boot": Choice(("plain", "lip"))},
    ),
    car_kind(
        "coupe",
        ("sports coupe", "fastback", "muscle car"),
        (2.05, 4.5, 1.36),
        coupe,
        {"roof": Choice(("plain", "sunroof", "spoiler"))},
    ),
    car_kind(
        "suv",
        ("off-roader", "crossover", "hatchback", "minivan", "station wagon"),
        (2.1, 4.75, 1.76),
        suv,
        {"roof": Choice(("rails", "plain"))},
    ),
    car_kind(
        "vw beetle",
        ("beetle", "volkswagen beetle", "bug", "vintage car", "fiat"),
        (1.72, 4.3, 1.65),
        beetle,
        {"bonnet_line": Choice(("chrome", "plain"))},
        fixed={"lamps": "round", "grille": "badge"},
    ),
    car_kind(
        "jeep",
        ("wrangler", "off-road vehicle", "military jeep", "land rover"),
        (2.05, 4.2, 1.95),
        jeep,
        {"spare": Choice(("spare wheel", "none"))},
        {"paint": "green car-paint"},
        {"lamps": "round", "grille": "badge"},
    ),
    car_kind(
        "pickup truck",
        ("pickup", "ute"),
        (2.2, 5.5, 1.85),
        pickup,
        {"bed": Choice(("empty", "bar", "load"))},
        {"load": "cardboard"},
    ),
    car_kind(
        "van",
        ("minibus", "camper", "campervan", "delivery van", "ambulance"),
        (2.3, 5.1, 2.35),
        van,
        {"load": Choice(("passengers", "cargo"))},
        {"paint": "white car-paint"},
    ),
]
