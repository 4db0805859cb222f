"""What all cars share: knobs, glass, wheels, lamps, grille, bumpers, mirrors, put on the shell of `carbody`.

Default material words: paint "car-paint"; glass "dark-glass"; trim "black plastic"; chrome "chrome"; tyre "rubber";
rim "aluminium"; brake "iron"; lamp "headlight"; tail lamp "taillight"; plate "white plastic".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..asset import Choice, Kind, Part, Range, Size, Style
from ..solids import (
    box,
    cylinder,
    ellipsoid,
    merge,
    mirror,
    move,
    plate,
    superellipsoid,
    torus,
    tube,
    turn,
)
from .carbody import Shape, Shell
from .panels import between
from .proportions import steady
from .wheels import RIMS, wheel_set

SLOTS = {
    "paint": "car-paint",
    "glass": "dark-glass",
    "trim": "black plastic",
    "chrome": "chrome",
    "tyre": "rubber",
    "rim": "aluminium",
    "brake": "iron",
    "lamp": "headlight",
    "tail lamp": "taillight",
    "plate": "white plastic",
}

KNOBS = {
    "bonnet": Range(-0.02, 0.02),  # height, share of the car's height
    "cabin": Range(-0.02, 0.02),  # place along the car
    "rake": Range(-0.015, 0.02),  # slope of the windscreen
    "tumble": Range(0.85, 1.2),
    "wheels": Range(0.95, 1.07),
    "ride": Range(-0.015, 0.02),
    "tail": Range(-0.02, 0.025),
    "steer": Range(-14.0, 14.0),
    "rim": Choice(RIMS),
    "lamps": Choice(("round", "wide", "slim")),
    "grille": Choice(("bars", "mouth", "badge")),
    "mirrors": Choice(("oval", "square", "slim")),
}


@dataclass(frozen=True)
class Details:
    """What a car wears: places are shares of the width, the height and the length."""

    body: float = 0.9  # width without mirrors, share of the box
    long: float = 1.0  # length without what hangs on the tail, share of the box
    lamp: tuple[float, float, float] = (0.33, 0.43, 0.062)  # (aside, up, size)
    tail_lamp: tuple[float, float, float] = (0.34, 0.53, 0.06)
    grille: tuple[float, float, float] = (0.42, 0.36, 0.11)  # (wide, up, high)
    bumper: float = 0.22  # height of its middle
    rubber: float = 0.33
    mirror: float = 0.335  # place along the car
    flare: float = 0.0  # thickness of the arches' lips, share of the height
    handles: tuple[float, ...] = (0.47, 0.68)


def styled(shape: Shape, style: Style) -> Shape:
    """Move the lines of a shape as the style wants."""
    top = []
    for t, z in shape.top:
        shift = style["cabin"] * np.clip(4 * (z - 0.55), 0, 1)
        lift = style["bonnet"] * (t < shape.windscreen[0] + 0.01) * np.clip(t / 0.1, 0, 1)
        lift += style["tail"] * np.clip((t - shape.backlight[1]) / 0.1, 0, 1) * (z > 0.45)
        top.append(
            (
                t + shift + (style["rake"] if shape.windscreen[1] - 0.06 < t < shape.windscreen[1] + 0.06 else 0),
                min(z + lift, 1.0),
            )
        )
    belt = [(t, z + 0.6 * style["bonnet"] * (t < shape.windscreen[0])) for t, z in shape.belt]

    def moved(span: tuple[float, float]) -> tuple[float, float]:
        return (span[0] + style["cabin"], span[1] + style["cabin"])

    return replace(
        shape,
        top=top,
        belt=belt,
        windscreen=moved(shape.windscreen),
        backlight=moved(shape.backlight),
        windows=tuple(moved(span) for span in shape.windows),
        tumble=shape.tumble * style["tumble"],
        wheel=shape.wheel * style["wheels"],
        sill=shape.sill + style["ride"],
    )


def car(shape: Shape, details: Details, style: Style, size: Size) -> tuple[Shell, list[Part]]:
    """Body, glass, wheels, lamps and trim of a car; kinds add what is their own."""
    shell = Shell(styled(shape, style), (size[0] * details.body, size[1] * details.long, size[2]))
    parts = [
        shell.skin(),
        *glazing(shell),
        *shell.seams(),
        *running_gear(shell, details, style),
        *front_end(shell, details, style),
        *rear_end(shell, details),
        *mirrors(shell, details, style, size[0]),
    ]
    if details.handles:
        parts.append(handles(shell, details.handles))
    if details.flare:
        parts.append(flares(shell, details.flare * shell.height))
    return shell, parts


def glazing(shell: Shell) -> list[Part]:
    parts = [shell.screen("windscreen", shell.shape.windscreen)]
    if shell.shape.backlight[1] > shell.shape.backlight[0]:
        parts.append(shell.screen("backlight", shell.shape.backlight))
    return parts + [pane for pane in (shell.window(span) for span in shell.shape.windows) if pane is not None]


def running_gear(shell: Shell, details: Details, style: Style) -> list[Part]:
    """Wheels, and the dark floor that closes the arches between them."""
    width = 0.125 * shell.width
    places = [(float(shell.half(np.array([axle]))[0]) - 0.52 * width, axle, shell.wheel) for axle in shell.axles]
    inner = min(x for x, _, _ in places) - 0.62 * width
    front, rear = shell.axles[0] - 1.02 * shell.arch, shell.axles[1] + 1.02 * shell.arch
    low = shell.shape.sill * shell.height
    roof = float((shell.belt(np.linspace(front, rear, 60)) - 0.04 * shell.height).min())
    floor = box(
        "floor", "trim", (-inner, inner), (front, rear), (0.75 * low, min(roof, shell.wheel + shell.arch)), 0.01
    )
    return [*wheel_set(places, shell.wheel, width, style["rim"], details.rubber, style["steer"], 1), floor]


def front_end(shell: Shell, details: Details, style: Style) -> list[Part]:
    x, z, r = (details.lamp[0] * shell.width, details.lamp[1] * shell.height, details.lamp[2] * shell.height)
    parts = [*lamps(shell, style["lamps"], x, z, r), *grille(shell, details, style["grille"])]
    parts += bumper(shell, details.bumper * shell.height, rear=False)
    return parts


def lamps(shell: Shell, design: str, x: float, z: float, r: float) -> list[Part]:
    """A pair of headlamps; round ones have a chrome ring."""
    if design == "round":
        y = shell.end(x + 0.5 * r, z) + 0.1 * r
        lens = ellipsoid("lamp", "lamp", (x, y, z), (r, 0.55 * r, r))
        ring = torus("ring", "chrome", (x, y - 0.05 * r, z), r, 0.22 * r, axis=1, sides=24)
        return [merge("headlamps", [lens, mirror(lens)]), merge("lamp rings", [ring, mirror(ring)])]
    wide, high = {"wide": (1.5, 0.75), "slim": (2.0, 0.42)}[design]
    wide = min(wide, (0.44 * shell.width - x) / r)
    lens = superellipsoid(
        "lamp", "lamp", (x - wide * r, x + wide * r), (-0.5 * r, 0.5 * r), (z - high * r, z + high * r), 3.0, 8
    )
    inner, outer = shell.end(x - 0.7 * wide * r, z), shell.end(x + 0.7 * wide * r, z)
    lens = turn(lens, "z", float(np.degrees(np.arctan2(outer - inner, 1.4 * wide * r))), (x, 0, z))
    lens = move(lens, 0, 0.5 * (inner + outer) + 0.22 * r)
    return [merge("headlamps", [lens, mirror(lens)])]


def grille(shell: Shell, details: Details, design: str) -> list[Part]:
    wide, up, high = details.grille[0] * shell.width, details.grille[1] * shell.height, details.grille[2] * shell.height
    if high <= 0:
        return []
    y = shell.end(0.35 * wide, up)
    deep = 0.02 * shell.length
    dark = plate(
        "grille",
        "trim",
        (-wide / 2, wide / 2),
        (y - 0.004, y + deep),
        (up - high / 2, up + high / 2),
        "y",
        0.3 * high,
        0.004,
    )
    if design == "bars":
        count = 4
        bars = [
            box(
                "bar",
                "chrome",
                (-0.46 * wide, 0.46 * wide),
                (y - 0.012, y + 0.5 * deep),
                (c - 0.06 * high, c + 0.06 * high),
                0.003,
            )
            for c in up + (np.arange(count) - (count - 1) / 2) * 0.24 * high
        ]
        return [dark, merge("grille bars", bars)]
    if design == "mouth":
        return [dark, torus_frame(wide, high, y, up, 0.09 * high)]
    badge = ellipsoid("badge", "chrome", (0, y - 0.006, up), (0.24 * high, 0.02, 0.24 * high))
    return [dark, badge]


def torus_frame(wide: float, high: float, y: float, up: float, thick: float) -> Part:
    """A chrome frame with round corners."""
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    c, s = np.cos(angle), np.sin(angle)
    path = np.column_stack(
        [0.5 * wide * np.sign(c) * np.abs(c) ** 0.4, np.full(32, y), up + 0.5 * high * np.sign(s) * np.abs(s) ** 0.5]
    )
    return tube("grille frame", "chrome", path, thick, sides=8, closed=True)


def bumper(shell: Shell, z: float, rear: bool) -> list[Part]:
    """A dark band low at an end, with a number plate above it."""
    wide, high = 0.66 * shell.width, 0.075 * shell.height
    y = shell.end(0.25 * shell.width, z, rear)
    sign = 1 if rear else -1
    band = superellipsoid(
        "bumper",
        "trim",
        (-wide / 2, wide / 2),
        between(y + sign * 0.008, y - sign * 0.05 * shell.length),
        (z - high, z + high),
        5.0,
        8,
    )
    wide = 0.26 * shell.width
    depth = between(y + sign * 0.014, y - sign * 0.03)
    number = box("number plate", "plate", (-wide / 2, wide / 2), depth, (z - 0.1 * wide, z + 0.12 * wide), 0.003)
    return [band, number]


def rear_end(shell: Shell, details: Details) -> list[Part]:
    x, z, r = (
        details.tail_lamp[0] * shell.width,
        details.tail_lamp[1] * shell.height,
        details.tail_lamp[2] * shell.height,
    )
    y = shell.end(x + 0.8 * r, z, True)
    lamp = superellipsoid(
        "tail lamp",
        "tail lamp",
        (x - 1.7 * r, x + 1.2 * r),
        (y - 1.6 * r, y + 0.25 * r),
        (z - 0.8 * r, z + 0.8 * r),
        4.0,
        6,
    )
    pipe_y = shell.end(0.25 * shell.width, details.bumper * shell.height, True)
    pipe = cylinder(
        "exhaust",
        "chrome",
        (0.26 * shell.width, pipe_y - 0.15, 0.15 * shell.height),
        (0.26 * shell.width, pipe_y + 0.004, 0.15 * shell.height),
        0.03 * shell.height,
    )
    return [merge("tail lamps", [lamp, mirror(lamp)]), pipe, *bumper(shell, details.bumper * shell.height, rear=True)]


def mirrors(shell: Shell, details: Details, style: Style, width: float) -> list[Part]:
    """Outside mirrors that reach to the sides of the box."""
    y = shell.y(details.mirror + style["cabin"])
    base = float(shell.side(np.array([y]), shell.belt(np.array([y])) * 1.02)[0])
    z = float(shell.belt(np.array([y]))[0]) + 0.055 * shell.height
    out, h = width / 2, 0.05 * shell.height
    slot, power, flat = {"oval": ("chrome", 2.2, 0.9), "square": ("trim", 6.0, 1.0), "slim": ("paint", 3.0, 0.65)}[
        style["mirrors"]
    ]
    shell_part = superellipsoid(
        "mirror", slot, (out - 0.1 * width, out), (y - 0.9 * h, y + 0.7 * h), (z - flat * h, z + flat * h), power, 6
    )
    stalk = cylinder(
        "stalk", slot, (base - 0.02, y, z - 0.8 * h), (out - 0.06 * width, y, z - 0.2 * h), 0.3 * h, sides=10
    )
    return [merge("mirrors", [shell_part, stalk, mirror(shell_part), mirror(stalk)])]


def handles(shell: Shell, places: tuple[float, ...]) -> Part:
    bars = []
    for share in places:
        y = shell.y(share)
        z = float(shell.belt(np.array([y]))[0]) - 0.06 * shell.height
        x = float(shell.side(np.array([y]), np.array([z]))[0])
        bars.append(
            box(
                "handle",
                "chrome",
                (x - 0.01, x + 0.018),
                (y - 0.017 * shell.length, y + 0.017 * shell.length),
                (z - 0.011 * shell.height, z + 0.011 * shell.height),
                0.006,
            )
        )
    return merge("door handles", [*bars, *(mirror(bar) for bar in bars)])


def flares(shell: Shell, thick: float, slot: str = "trim") -> Part:
    """Lips around the wheel arches."""
    lips = []
    for axle in shell.axles:
        angle = np.radians(np.linspace(-8, 188, 21))
        y, z = axle + shell.arch * np.cos(angle), shell.wheel + shell.arch * np.sin(angle)
        x = np.full_like(y, float(shell.half(np.array([axle]))[0])) - 0.15 * thick
        lips.append(tube("flare", slot, np.column_stack([x, y, z]), thick, sides=8))
    return merge("arch flares", [*lips, *(mirror(lip) for lip in lips)])


def on_top(shell: Shell, share: float, lift: float = 0.0) -> tuple[float, float]:
    """(y, z) of a place on the middle line."""
    y = shell.y(share)
    return y, float(shell.top(np.array([y]))[0]) + (shell.shape.crown + lift) * shell.height


def lip(shell: Shell, share: float, lift: float = 0.0, wide: float = 0.36, slot: str = "paint") -> Part:
    """A small spoiler on the tail."""
    y, z = on_top(shell, share, lift)
    return superellipsoid(
        "spoiler",
        slot,
        (-wide * shell.width, wide * shell.width),
        (y - 0.02 * shell.length, y + 0.015 * shell.length),
        (z - 0.018 * shell.height, z + 0.02 * shell.height),
        3.0,
        6,
    )


def rails(shell: Shell, span: tuple[float, float], slot: str = "chrome") -> Part:
    """Roof rails along both edges."""
    shares = np.linspace(*span, 9)
    y = np.array([shell.y(t) for t in shares])
    _, half = shell.edge(y)
    z = shell.top(y) + 0.018 * shell.height
    z[[0, -1]] -= 0.02 * shell.height
    rail = tube("rail", slot, np.column_stack([half - 0.06 * shell.width, y, z]), 0.012 * shell.height, sides=8)
    return merge("roof rails", [rail, mirror(rail)])


def car_kind(
    name: str,
    words: tuple[str, ...],
    size: Size,
    build: Callable[[Style, Size], list[Part]],
    extra: Mapping[str, Choice | Range],
    slots: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> Kind:
    """A kind of car with the shared knobs, except those that are `fixed`, and its own `extra` ones."""
    values = dict(fixed or {})

    def own(style: Style, box: Size) -> list[Part]:
        return build(replace(style, values={**style.values, **values}), box)

    knobs = {knob: drawn for knob, drawn in KNOBS.items() if knob not in values} | dict(extra)
    return Kind(name, "vehicles", words, size, SLOTS | dict(slots or {}), knobs, steady(own, size))
