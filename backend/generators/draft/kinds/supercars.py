"""Low, wide cars with the engine behind the seats: ferrari, lamborghini, mclaren, bugatti.

Default material words: as in `car_parts`; "red car-paint", "yellow car-paint", "orange car-paint", "blue car-paint";
second paint "black car-paint"; carbon "carbon".
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asset import Choice, Part, Range, Size, Style
from ..outlines import fillet
from ..solids import box, cylinder, ellipsoid, merge, mirror, plate, prism, superellipsoid, torus, tube
from .car_parts import Details, car, car_kind
from .carbody import Shape, Shell

EXTRA = {"wing_height": Range(0.02, 0.14), "intake": Range(0.8, 1.15), "wing": Choice(("none", "lip", "wing"))}


def dress(shell: Shell, style: Style, intake_z: tuple[float, float], window_end: float) -> list[Part]:
    """What all of them have: splitter, side intakes, louvres over the engine, diffuser, perhaps a wing."""
    w, length, h = shell.width, shell.length, shell.height
    y = shell.end(0.3 * w, 0.2 * h)
    splitter = plate(
        "splitter",
        "carbon",
        (-0.33 * w, 0.33 * w),
        (y - 0.012 * length, y + 0.06 * length),
        (0.1 * h, 0.125 * h),
        "z",
        0.03 * length,
        0.003,
    )
    behind = (shell.y(window_end), shell.axles[1] - 1.12 * shell.arch)
    middle, half = 0.5 * sum(intake_z) * h, 0.5 * (intake_z[1] - intake_z[0]) * h * style["intake"]
    intake = shell.flank("intake", "trim", behind, (middle - half, middle + half), 0.002)
    low = shell.shape.sill * h
    skirt = shell.flank(
        "skirt",
        "carbon",
        (shell.axles[0] + 1.1 * shell.arch, shell.axles[1] - 1.1 * shell.arch),
        (low + 0.004, low + 0.07 * h),
    )
    tail = shell.end(0.25 * w, 0.24 * h, True)
    fins = [
        box(
            "fin",
            "carbon",
            (x - 0.006 * w, x + 0.006 * w),
            (tail - 0.06 * length, tail + 0.004 * length),
            (0.1 * h, 0.27 * h),
            0.003,
        )
        for x in np.linspace(-0.3, 0.3, 6) * w
    ]
    pipes = [
        cylinder("pipe", "chrome", (x, tail - 0.08, 0.34 * h), (x, tail + 0.012 * length, 0.34 * h), 0.035 * h)
        for x in (-0.09 * w, 0.09 * w)
    ]
    return [
        splitter,
        intake,
        skirt,
        merge("diffuser", fins),
        merge("exhausts", pipes),
        louvres(shell),
        *wing(shell, style),
    ]


def louvres(shell: Shell) -> Part:
    """Slats over the engine, behind the cabin."""
    slats = []
    start, end = shell.shape.backlight[1] + 0.01, 0.93
    for share in np.linspace(start, end, 6)[:-1]:
        y = shell.y(share)
        at = np.array([y])
        _, half = shell.edge(at)
        z = float(shell.crown(at, np.zeros(1))[0])
        reach = 0.45 * float(half[0])
        slats.append(
            box(
                "slat",
                "trim",
                (-reach, reach),
                (y, y + 0.018 * shell.length),
                (z - 0.02 * shell.height, z + 0.006 * shell.height),
                0.003,
            )
        )
    return merge("louvres", slats)


def wing(shell: Shell, style: Style) -> list[Part]:
    if style["wing"] == "none":
        return []
    w, length, h = shell.width, shell.length, shell.height
    y = shell.y(0.95)
    base = float(shell.top(np.array([y]))[0])
    rise = 0.02 * h if style["wing"] == "lip" else (0.08 + style["wing_height"]) * h
    profile = fillet(
        np.array([(-0.035, 0.0), (0.04, 0.03), (0.045, 0.05), (-0.03, 0.018)]) * length * (1, 0.6), 0.004 * length, 2
    )
    blade = prism("wing", "carbon", profile + np.array([y, base + rise]), "x", (-0.44 * w, 0.44 * w), 0.004)
    if style["wing"] == "lip":
        return [blade]
    struts = [
        box(
            "strut",
            "carbon",
            (x - 0.008 * w, x + 0.008 * w),
            (y - 0.02 * length, y + 0.02 * length),
            (base - 0.05 * h, base + rise + 0.012 * h),
            0.004,
        )
        for x in (-0.25 * w, 0.25 * w)
    ]
    plates = [
        box(
            "end plate",
            "carbon",
            (s * 0.44 * w - 0.006 * w, s * 0.44 * w + 0.006 * w),
            (y - 0.045 * length, y + 0.05 * length),
            (base + rise - 0.04 * h, base + rise + 0.06 * h),
            0.003,
        )
        for s in (-1, 1)
    ]
    return [blade, merge("struts", struts), merge("end plates", plates)]


def mouths(shell: Shell, x: float, z: float, wide: float, high: float, slot: str = "trim") -> Part:
    """Openings in the nose on both sides, in shares of the width and height."""
    w, h = shell.width, shell.height
    y = shell.end((x + 0.3 * wide) * w, z * h)
    mouth = superellipsoid(
        "mouth",
        slot,
        ((x - wide / 2) * w, (x + wide / 2) * w),
        (y - 0.006, y + 0.03 * shell.length),
        ((z - high / 2) * h, (z + high / 2) * h),
        5.0,
        8,
    )
    return merge("nose intakes", [mouth, mirror(mouth)])


def rings_behind(shell: Shell, places: tuple[float, ...], z: float, r: float) -> list[Part]:
    """Round tail lamps."""
    w, h = shell.width, shell.height
    lamps, rims = [], []
    for x in places:
        y = shell.end(x * w + 0.5 * r * h, z * h, True)
        lamps.append(ellipsoid("tail lamp", "tail lamp", (x * w, y - 0.1 * r * h, z * h), (r * h, 0.4 * r * h, r * h)))
        rims.append(torus("rim", "trim", (x * w, y, z * h), r * h, 0.25 * r * h, axis=1, sides=24))
    return [merge("tail lamps", [*lamps, *map(mirror, lamps)]), merge("lamp rims", [*rims, *map(mirror, rims)])]


def without(parts: list[Part], *names: str) -> list[Part]:
    return [part for part in parts if part.name not in names]


LOW = Details(
    body=0.88,
    lamp=(0.33, 0.5, 0.065),
    tail_lamp=(0.3, 0.62, 0.05),
    grille=(0.3, 0.3, 0.0),
    bumper=0.24,
    rubber=0.24,
    mirror=0.35,
    handles=(),
)

FERRARI_SHAPE = Shape(
    top=(
        (0, 0.22),
        (0.004, 0.34),
        (0.04, 0.46),
        (0.14, 0.61),
        (0.27, 0.68),
        (0.43, 0.965),
        (0.5, 0.985),
        (0.58, 0.95),
        (0.8, 0.76),
        (0.93, 0.735),
        (0.985, 0.68),
        (1, 0.4),
    ),
    belt=((0, 0.2), (0.03, 0.4), (0.2, 0.58), (0.4, 0.62), (0.72, 0.72), (0.9, 0.7), (1, 0.36)),
    axles=(0.21, 0.8),
    wheel=0.28,
    gap=1.1,
    sill=0.13,
    taper=(0.2, 0.06),
    corner=(0.16, 0.1),
    tumble=0.55,
    windscreen=(0.275, 0.425),
    backlight=(0.6, 0.73),
    windows=((0.36, 0.56),),
    doors=(0.37, 0.6),
    soft=0.1,
    round=0.09,
)


def ferrari(style: Style, size: Size) -> list[Part]:
    shell, parts = car(FERRARI_SHAPE, LOW, style, size)
    y = shell.end(0, 0.42 * shell.height)
    horse = ellipsoid(
        "shield", "badge", (0, y - 0.004, 0.4 * shell.height), (0.022 * shell.width, 0.014, 0.05 * shell.height)
    )
    lamps = (0.3, 0.17) if style["lights"] == "four" else (0.27,)
    return [
        *without(parts, "tail lamps", "bumper"),
        *dress(shell, style, (0.34, 0.58), 0.6),
        mouths(shell, 0.0, 0.27, 0.5, 0.13),
        horse,
        *rings_behind(shell, lamps, 0.58, 0.07),
    ]


LAMBORGHINI_SHAPE = Shape(
    top=(
        (0, 0.24),
        (0.003, 0.36),
        (0.19, 0.63),
        (0.3, 0.71),
        (0.49, 0.985),
        (0.57, 0.985),
        (0.84, 0.8),
        (0.965, 0.78),
        (0.99, 0.68),
        (1, 0.46),
    ),
    belt=((0, 0.22), (0.02, 0.34), (0.19, 0.595), (0.3, 0.64), (0.62, 0.7), (0.85, 0.74), (0.97, 0.7), (1, 0.42)),
    axles=(0.2, 0.81),
    wheel=0.265,
    gap=1.1,
    sill=0.14,
    taper=(0.22, 0.02),
    corner=(0.1, 0.04),
    tumble=0.62,
    windscreen=(0.3, 0.48),
    backlight=(0.62, 0.78),
    windows=((0.4, 0.6),),
    doors=(0.38, 0.61),
    soft=0.008,
    round=0.03,
    crown=0.006,
)


def lamborghini(style: Style, size: Size) -> list[Part]:
    details = replace(LOW, lamp=(0.33, 0.46, 0.06), tail_lamp=(0.34, 0.66, 0.035))
    shell, parts = car(LAMBORGHINI_SHAPE, details, style, size)
    w, h = shell.width, shell.height
    parts = [
        *without(parts, "bumper", "tail lamps"),
        *dress(shell, style, (0.3, 0.64), 0.62),
        mouths(shell, 0.27, 0.24, 0.24, 0.14),
        *wedges(shell, style),
    ]
    y = shell.end(0.34 * w, 0.6 * h, True)
    arrows = [
        tube(
            "arrow",
            "tail lamp",
            [(0.4 * w, y + 0.004, 0.64 * h), (0.28 * w, y + 0.004, 0.6 * h), (0.4 * w, y + 0.004, 0.56 * h)],
            0.012 * h,
            sides=8,
        )
    ]
    return [*parts, merge("arrow lamps", [*arrows, *map(mirror, arrows)])]


def wedges(shell: Shell, style: Style) -> list[Part]:
    """Sharp air scoops behind the windows, or creases along the flanks."""
    w, length, h = shell.width, shell.length, shell.height
    if style["scoops"] == "none":
        return [shell.flank("crease", "trim", (shell.y(0.36), shell.y(0.62)), (0.46 * h, 0.475 * h))]
    y = shell.y(0.64)
    x = float(shell.side(np.array([y]), np.array([0.74 * h]))[0])
    outline = np.array(
        [
            (y - 0.05 * length, 0.66 * h),
            (y + 0.1 * length, 0.7 * h),
            (y + 0.09 * length, 0.83 * h),
            (y - 0.015 * length, 0.85 * h),
        ]
    )
    scoop = prism("scoop", "paint", outline, "x", (x - 0.1 * w, x + 0.015 * w), 0.006)
    return [merge("scoops", [scoop, mirror(scoop)])]


MCLAREN_SHAPE = Shape(
    top=(
        (0, 0.2),
        (0.006, 0.32),
        (0.05, 0.46),
        (0.16, 0.61),
        (0.24, 0.66),
        (0.41, 0.96),
        (0.47, 0.985),
        (0.56, 0.96),
        (0.76, 0.79),
        (0.92, 0.72),
        (0.985, 0.64),
        (1, 0.36),
    ),
    belt=((0, 0.18), (0.03, 0.36), (0.18, 0.6), (0.36, 0.58), (0.7, 0.7), (0.9, 0.66), (1, 0.32)),
    axles=(0.2, 0.8),
    wheel=0.285,
    gap=1.1,
    sill=0.12,
    taper=(0.28, 0.14),
    corner=(0.2, 0.16),
    tumble=0.75,
    windscreen=(0.245, 0.405),
    backlight=(0.58, 0.7),
    windows=((0.33, 0.55),),
    doors=(0.36, 0.6),
    soft=0.14,
    round=0.13,
    crown=0.03,
)


def mclaren(style: Style, size: Size) -> list[Part]:
    shell, parts = car(MCLAREN_SHAPE, replace(LOW, lamp=(0.32, 0.44, 0.065), tail_lamp=(0.3, 0.58, 0.03)), style, size)
    w, length, h = shell.width, shell.length, shell.height
    hooks = []
    y = shell.end(0.34 * w, 0.4 * h)
    path = [
        (0.2 * w, y + 0.01 * length, 0.36 * h),
        (0.34 * w, y + 0.035 * length, 0.38 * h),
        (0.39 * w, y + 0.08 * length, 0.5 * h),
    ]
    hooks.append(tube("socket", "trim", fillet(np.array(path), 0.05 * w, 4), 0.04 * h, sides=10))
    parts = [
        *without(parts, "bumper"),
        *dress(shell, style, (0.32, 0.66), 0.57),
        merge("lamp sockets", [*hooks, *map(mirror, hooks)]),
        mouths(shell, 0.22, 0.22, 0.26, 0.13),
    ]
    if style["snorkel"] == "snorkel":
        y, z = shell.y(0.58), 0.97 * h
        parts.append(
            superellipsoid(
                "snorkel", "carbon", (-0.07 * w, 0.07 * w), (y, y + 0.12 * length), (z - 0.1 * h, z + 0.03 * h), 3.0, 8
            )
        )
    return parts


BUGATTI_SHAPE = Shape(
    top=(
        (0, 0.26),
        (0.005, 0.42),
        (0.04, 0.53),
        (0.14, 0.62),
        (0.28, 0.69),
        (0.43, 0.965),
        (0.49, 0.985),
        (0.58, 0.96),
        (0.8, 0.79),
        (0.93, 0.74),
        (0.985, 0.66),
        (1, 0.38),
    ),
    belt=((0, 0.22), (0.03, 0.44), (0.2, 0.6), (0.4, 0.61), (0.72, 0.72), (0.9, 0.68), (1, 0.34)),
    axles=(0.2, 0.79),
    wheel=0.28,
    gap=1.1,
    sill=0.13,
    taper=(0.16, 0.08),
    corner=(0.15, 0.12),
    tumble=0.6,
    windscreen=(0.285, 0.425),
    backlight=(0.61, 0.74),
    windows=((0.36, 0.56),),
    doors=(0.36, 0.6),
    soft=0.12,
    round=0.11,
    crown=0.025,
)


def bugatti(style: Style, size: Size) -> list[Part]:
    shell, parts = car(
        BUGATTI_SHAPE,
        replace(LOW, lamp=(0.33, 0.5, 0.06), tail_lamp=(0.22, 0.62, 0.03)),
        style,
        size,
    )
    w, h = shell.width, shell.height
    y = shell.end(0.05 * w, 0.35 * h)
    angle = np.radians(np.linspace(-60, 240, 25))
    shoe = np.column_stack([0.085 * w * np.cos(angle), np.full(25, y), 0.35 * h + 0.15 * h * np.sin(angle)])
    parts = [
        *without(parts, "bumper", "number plate"),
        *dress(shell, style, (0.3, 0.5), 0.62),
        tube("horseshoe", "chrome", shoe, 0.016 * h, sides=8),
        superellipsoid("grille", "trim", (-0.08 * w, 0.08 * w), (y - 0.01, y + 0.1), (0.22 * h, 0.49 * h), 3.0, 8),
        mouths(shell, 0.25, 0.28, 0.24, 0.16),
        c_line(shell),
    ]
    if style["two_tone"] == "two-tone":
        parts.append(
            shell.flank(
                "second colour",
                "second paint",
                (shell.y(0.6), shell.axles[1] - 1.12 * shell.arch),
                (0.2 * h, 0.66 * h),
                0.001,
                0.008,
            )
        )
        parts.append(shell.screen("bonnet colour", (0.06, 0.26), "second paint", 0.35))
    if style["spine"] == "spine":
        line = np.linspace(shell.y(0.05), shell.y(0.97), 40)
        parts.append(
            tube("spine", "chrome", np.column_stack([0 * line, line, shell.crown(line, 0 * line)]), 0.008 * h, sides=6)
        )
    return parts


def c_line(shell: Shell) -> Part:
    """The chrome bow that runs from the windscreen over the door and back along the sill."""
    share = np.array([0.33, 0.42, 0.5, 0.565, 0.6, 0.605, 0.58, 0.52, 0.44, 0.36])
    height = np.array([0.68, 0.84, 0.9, 0.84, 0.7, 0.5, 0.34, 0.26, 0.23, 0.22]) * shell.height
    y = np.array([shell.y(s) for s in share])
    radius, _ = shell.edge(y)
    z = np.minimum(height, shell.top(y) - 0.7 * radius)
    path = fillet(np.column_stack([shell.side(y, z) + 0.004, y, z]), 0.1 * shell.height, 3)
    bow = tube("bow", "chrome", path, 0.012 * shell.height, sides=6)
    return merge("side bows", [bow, mirror(bow)])


CARBON = {"carbon": "carbon"}
KINDS = [
    car_kind(
        "ferrari",
        ("sports car", "race car", "supercar"),
        (2.28, 4.87, 1.27),
        ferrari,
        EXTRA | {"lights": Choice(("two", "four"))},
        CARBON | {"paint": "red car-paint", "badge": "yellow enamel"},
        {"grille": "badge"},
    ),
    car_kind(
        "lamborghini",
        ("lambo", "hypercar"),
        (2.09, 4.57, 1.12),
        lamborghini,
        EXTRA | {"scoops": Choice(("scoops", "none"))},
        CARBON | {"paint": "yellow car-paint"},
        {"grille": "badge", "lamps": "slim"},
    ),
    car_kind(
        "mclaren",
        (),
        (2.17, 4.63, 1.27),
        mclaren,
        EXTRA | {"snorkel": Choice(("snorkel", "none"))},
        CARBON | {"paint": "orange car-paint"},
        {"grille": "badge"},
    ),
    car_kind(
        "bugatti",
        ("bugatti veyron", "bugatti chiron"),
        (2.2, 4.68, 1.26),
        bugatti,
        EXTRA | {"two_tone": Choice(("two-tone", "plain")), "spine": Choice(("spine", "none"))},
        CARBON | {"paint": "blue car-paint", "second paint": "black car-paint"},
        {"grille": "badge", "lamps": "slim"},
    ),
]
