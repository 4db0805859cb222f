"""Pieces that many kinds share: legs, handles, drawer fronts, shades, wheels, books. numpy only."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .asset import Part, Size, Style, flatten
from .outlines import Span, around, circle, fillet, inset, length, middle, rounded_rectangle
from .solids import box, cylinder, ellipsoid, lathe, merge, move, plate, stretch, sweep, torus, tube, turn


def unit(size: Size) -> float:
    """A length that stands for the size of the whole: thicknesses are shares of it, so that assets scale well."""
    return float(np.prod(size) ** (1 / 3))


def leg(
    name: str,
    slot: str,
    base: Sequence[float] | np.ndarray,
    top: Sequence[float] | np.ndarray,
    width: float,
    taper: float = 1.0,
    shape: str = "round",
) -> Part:
    """A leg from the floor up: "round", "square" or "turned" (with rings); `taper` is its foot's share of the width.

    A leaning leg is sheared, so that it stands flat on the floor."""
    height = float(top[2] - base[2])
    if shape == "square":
        section = rounded_rectangle(around(0, width), around(0, width), 0.12 * width, 2)
        path = [(0, 0, 0), (0, 0, height)]
        upright = sweep(name, slot, path, section, scale=np.array([taper, 1.0]), up=(0.0, 1.0, 0.0))
    elif shape == "turned":
        upright = _turned_leg(name, slot, height, width, taper)
    else:
        foot, head = (0, 0, 0), (0, 0, height)
        upright = cylinder(name, slot, foot, head, width / 2 * taper, width / 2, bevel=0.08 * width, sides=20)
    rise = upright.vertices[:, 2:] / height
    lean = np.array([top[0] - base[0], top[1] - base[1], 0.0])
    return flatten(replace(upright, vertices=upright.vertices + np.asarray(base) + rise * lean))


def _turned_leg(name: str, slot: str, height: float, width: float, taper: float) -> Part:
    r = width / 2
    heights = [0, 0, 0.05, 0.1, 0.13, 0.16, 0.2, 0.55, 0.74, 0.78, 0.82, 0.86, 0.9, 1, 1]
    radii = [0, 0.55, 0.75, 0.5, 0.7, 0.5, 0.55, 0.9, 1.0, 0.7, 0.95, 0.7, 1.0, 1.0, 0]
    shrunk = [taper + (1 - taper) * h for h in heights]
    profile = np.array([(r * a * b, height * h) for a, b, h in zip(radii, shrunk, heights, strict=True)])
    return lathe(name, slot, fillet(profile, 0.25 * r, 2), sides=20)


def four_legs(
    slot: str,
    x: Span,
    y: Span,
    z: Span,
    width: float,
    taper: float = 0.7,
    splay: float = 0.0,
    shape: str = "round",
) -> Part:
    """Legs at the corners of a rectangle, outer faces at its edges on the floor; `splay` leans their tops inward."""
    legs = []
    for px, tx in zip(inset(x, width / 2), inset(x, width / 2 + splay), strict=True):
        for py, ty in zip(inset(y, width / 2), inset(y, width / 2 + splay), strict=True):
            legs.append(leg("leg", slot, (px, py, z[0]), (tx, ty, z[1]), width, taper, shape))
    return merge("legs", legs)


def front(part: Part, x: float, y: float, z: float) -> Part:
    """Lay something that was built standing (up = z) on a front: its top looks to -Y, its foot is at (x, y, z)."""
    return move(turn(part, "x", 90.0), x, y, z)


def knob(name: str, slot: str, at: Sequence[float] | np.ndarray, radius: float, sides: int = 16) -> Part:
    """A round knob on a front that looks to -Y."""
    r = radius
    profile = [
        (0, 0),
        (0.5 * r, 0),
        (0.42 * r, 0.6 * r),
        (r, 1.0 * r),
        (0.92 * r, 1.45 * r),
        (0.5 * r, 1.65 * r),
        (0, 1.65 * r),
    ]
    return front(lathe(name, slot, fillet(profile, 0.2 * r, 2), sides=sides), *at)


def bar_handle(
    name: str, slot: str, at: Sequence[float] | np.ndarray, span: float, thickness: float, upright: bool = False
) -> Part:
    """A bow of round bar on a front that looks to -Y; `at` is its middle on the front."""
    out, h = 2.6 * thickness, span / 2
    path = fillet([(-h, 0, 0), (-h, -out, 0), (h, -out, 0), (h, 0, 0)], 1.2 * thickness, 4)
    bar = tube(name, slot, path, thickness / 2, sides=10)
    return move(turn(bar, "y", 90.0) if upright else bar, *at)


def handle(
    name: str,
    slot: str,
    at: Sequence[float] | np.ndarray,
    span: float,
    thickness: float,
    style: str,
    upright: bool = False,
) -> Part:
    """A handle of some style: "bar", "knob", "block" or "cup"."""
    if style == "knob":
        return knob(name, slot, at, 1.3 * thickness)
    if style == "bar":
        return bar_handle(name, slot, at, span, thickness, upright)
    x, y, z = at
    deep = 1.8 * thickness
    wide, high = (1.4 * thickness, span) if upright else (span, 1.4 * thickness)
    if style == "cup":
        wide, high = 0.6 * span, 2.2 * thickness
        shell = lathe(name, slot, _cup_profile(high), sides=20)
        return move(turn(shell, "y", 90.0), x, y - 0.5 * thickness, z)
    return box(name, slot, around(x, wide), (y - deep, y + 0.2 * thickness), around(z, high), 0.35 * thickness)


def _cup_profile(size: float) -> list[tuple[float, float]]:
    r = size / 2
    return [(0, -1.6 * r), (0.55 * r, -1.5 * r), (0.8 * r, -r), (0.8 * r, r), (0.55 * r, 1.5 * r), (0, 1.6 * r)]


def drawer_front(
    slot: str,
    metal: str,
    x: Span,
    y: float,
    z: Span,
    thickness: float,
    style: str,
    handles: int = 1,
    size: float = 0.01,
) -> list[Part]:
    """A drawer's front plate with handles; `y` is the face it lies on (it stands out to -Y)."""
    parts = [box("drawer", slot, x, (y - thickness, y + 0.2 * thickness), z, 0.2 * thickness, grain=0)]
    size = min(size, 0.12 * length(z), 0.05 * length(x))
    for k in range(handles):
        at = (x[0] + length(x) * (k + 0.5) / handles, y - thickness, middle(z))
        parts.append(handle("handle", metal, at, min(12 * size, 0.5 * length(x) / handles), size, style))
    return parts


def door(
    slot: str,
    metal: str,
    x: Span,
    y: float,
    z: Span,
    thickness: float,
    style: str,
    hinge: str,
    size: float,
    panel: bool,
) -> list[Part]:
    """A cupboard door with an upright handle on the side away from its hinge, flat or with a framed panel."""
    faces = (y - thickness, y + 0.2 * thickness)
    parts = [box("door", slot, x, faces, z, 0.2 * thickness, grain=2)]
    if panel:
        rail = 0.16 * min(length(x), length(z))
        parts = panel_door(slot, x, faces, z, rail)
    size = min(size, 0.05 * length(z), 0.1 * length(x))
    side = x[1] - 3.5 * size if hinge == "left" else x[0] + 3.5 * size
    parts.append(
        handle("handle", metal, (side, faces[0], middle(z)), min(14 * size, 0.5 * length(z)), size, style, True)
    )
    return parts


def carcass(slot: str, x: Span, y: Span, z: Span, board: float, back: bool = True) -> list[Part]:
    """The body of a cupboard, open at its front: sides between bottom and top, and a thin back."""
    bevel = 0.12 * board
    between = inset(z, board)
    parts = [box("side", slot, s, y, between, bevel, grain=2) for s in ((x[0], x[0] + board), (x[1] - board, x[1]))]
    parts += [
        box(name, slot, x, y, s, bevel, grain=0) for name, s in zip(("bottom", "top"), _ends(z, board), strict=True)
    ]
    if back:
        parts.append(
            box("back", slot, inset(x, 0.9 * board), (y[1] - 0.5 * board, y[1] - 0.1 * board), between, bevel, grain=2)
        )
    return parts


def _ends(span: Span, width: float) -> tuple[Span, Span]:
    return (span[0], span[0] + width), (span[1] - width, span[1])


def panel_door(slot: str, x: Span, y: Span, z: Span, rail: float) -> list[Part]:
    """Stiles, rails and a sunken panel."""
    bevel = 0.12 * length(y)
    inner_x, inner_z = inset(x, rail), inset(z, rail)
    stiles = [box("stile", slot, s, y, z, bevel, grain=2) for s in ((x[0], inner_x[0]), (inner_x[1], x[1]))]
    rails = [box("rail", slot, inner_x, y, s, bevel, grain=0) for s in ((z[0], inner_z[0]), (inner_z[1], z[1]))]
    sunk = (y[0] + 0.45 * length(y), y[1] - 0.1 * length(y))
    return [
        *stiles,
        *rails,
        box("panel", slot, inset(inner_x, -0.01 * rail), sunk, inset(inner_z, -0.01 * rail), bevel),
    ]


def wheel(name: str, slot: str, centre: Sequence[float], radius: float, width: float, sides: int = 24) -> Part:
    """A plain wheel that rolls along y (its axle lies along x)."""
    x, y, z = centre
    return cylinder(name, slot, (x - width / 2, y, z), (x + width / 2, y, z), radius, bevel=0.25 * width, sides=sides)


def oval(parts: Sequence[Part], radius: float, x: float, y: float) -> list[Part]:
    """Stretch things turned about the origin with this radius to an ellipse of widths x and y."""
    return [stretch(part, x / (2 * radius), y / (2 * radius)) for part in parts]


def shade(
    name: str,
    slot: str,
    at: Sequence[float] | np.ndarray,
    low: float,
    high: float,
    height: float,
    wall: float,
    sides: int = 40,
) -> Part:
    """A lamp shade: an open cone with a thin wall; `low` and `high` are its radii, `at` the middle of its lower rim."""
    wall = min(wall, 0.2 * min(low, high))
    profile = [(low, 0), (high, height), (high - wall, height), (low - wall, 0)]
    return lathe(name, slot, profile, at=at, sides=sides)


def lamp_shade(style: Style, low: float, z: tuple[float, float], wall: float) -> list[Part]:
    """A lamp shade about the z axis: cone, drum, dome or globe; radius `low` at its widest."""
    height = z[1] - z[0]
    if style["shade"] == "globe":
        return [ellipsoid("shade", "shade", (0, 0, middle(z)), (low, low, height / 2), 10)]
    if style["shade"] == "dome":
        t = np.linspace(0, np.pi / 2 * 0.92, 9)
        outer = np.stack([low * np.cos(t), z[0] + height * np.sin(t) / np.sin(t[-1])], axis=1)
        inner = outer[::-1] - np.array([wall, 0.6 * wall])
        inner[-1, 1] = z[0]
        return [lathe("shade", "shade", np.concatenate([outer, inner]), sides=48)]
    high = low * (1.0 if style["shade"] == "drum" else style["cone"])
    cone = shade("shade", "shade", (0, 0, z[0]), low, high, height, wall)
    hoops = [
        torus("hoop", "stand", (0, 0, at), r - wall, 1.2 * wall)
        for at, r in ((z[0] + 0.02 * height, low), (z[1] - 0.02 * height, high))
    ]
    return [cone, merge("hoops", hoops)]


def spider(radius: float, z: float, thickness: float) -> Part:
    """The spokes that hold a shade."""
    spokes = [turn(rod("spoke", "stand", (0, 0, z), (radius, 0, z), thickness, 8), "z", a) for a in (90, 210, 330)]
    return merge("spokes", spokes)


def bulb(name: str, slot: str, at: Sequence[float] | np.ndarray, radius: float) -> Part:
    """A light bulb standing on `at`."""
    r = radius
    profile = [
        (0, 0),
        (0.45 * r, 0),
        (0.45 * r, 0.5 * r),
        (0.7 * r, 0.9 * r),
        (r, 1.6 * r),
        (0.85 * r, 2.2 * r),
        (0.4 * r, 2.55 * r),
        (0, 2.6 * r),
    ]
    return lathe(name, slot, fillet(profile, 0.4 * r, 3), at=at, sides=20)


def foot_disc(
    name: str, slot: str, at: Sequence[float] | np.ndarray, radius: float, height: float, sides: int = 40
) -> Part:
    """The round foot of a lamp or a pedestal, slightly domed."""
    profile = [
        (0, 0),
        (radius, 0),
        (radius, 0.45 * height),
        (0.8 * radius, 0.8 * height),
        (0.2 * radius, height),
        (0, height),
    ]
    return lathe(name, slot, fillet(profile, 0.3 * height, 3), at=at, sides=sides)


def rubber_feet(slot: str, x: Span, y: Span, height: float, width: float) -> Part:
    """Small rubber feet under a device."""
    feet = [
        cylinder("foot", slot, (px, py, 0), (px, py, 1.2 * height), width / 2, bevel=0.1 * height, sides=16)
        for px in inset(x, width)
        for py in inset(y, width)
    ]
    return merge("feet", feet)


def rod(
    name: str,
    slot: str,
    base: Sequence[float] | np.ndarray,
    top: Sequence[float] | np.ndarray,
    thickness: float,
    sides: int = 12,
) -> Part:
    """A plain round bar between two points."""
    return cylinder(name, slot, base, top, thickness / 2, bevel=0.1 * thickness, sides=sides)


def ring_bar(name: str, slot: str, x: Span, y: Span, z: float, thickness: float, corner: float) -> Part:
    """A round bar bent to a rounded rectangle lying at height z."""
    path = rounded_rectangle(inset(x, thickness / 2), inset(y, thickness / 2), corner, 5)
    path = np.concatenate([path, np.full((len(path), 1), z)], axis=1)
    return sweep(name, slot, path, circle(thickness / 2, 10), closed=True)


def books(
    rng: np.random.Generator, slots: Sequence[str], x: Span, y: Span, z: Span, fill: float, most: int
) -> list[Part]:
    """At most `most` books of varied size standing in a bay, backs to -Y; `fill` is their share of its width."""
    groups: dict[str, list[Part]] = {slot: [] for slot in slots}
    high, deep = length(z), length(y)
    least = length(x) / most
    at, end = x[0], x[0] + fill * length(x)
    while True:
        thick = max(float(rng.uniform(0.07, 0.17)) * min(high, deep), least)
        if at + thick > end:
            break
        tall, depth = float(rng.uniform(0.68, 0.95)) * high, float(rng.uniform(0.65, 0.9)) * deep
        near = y[0] + float(rng.uniform(0.03, 0.08)) * deep
        slot = slots[int(rng.integers(len(slots)))]
        spine = (at + 0.04 * thick, at + thick)
        groups[slot].append(box("book", slot, spine, (near, near + depth), (z[0], z[0] + tall), 0.12 * thick, grain=2))
        at += thick
    return [merge(slot, pieces) for slot, pieces in groups.items() if pieces]


def flat_book(cover: str, pages: str, x: Span, y: Span, z: Span) -> list[Part]:
    """A lying book with covers, back and visible pages; its back looks to -X."""
    board = min(0.12 * length(z), 0.02 * length(x))
    body = box("pages", pages, inset(x, 1.5 * board), inset(y, 2 * board), inset(z, board), 0.1 * board)
    lids = [
        plate("cover", cover, x, y, s, corner=board, bevel=0.3 * board)
        for s in ((z[0], z[0] + board), (z[1] - board, z[1]))
    ]
    back = box("back", cover, (x[0], x[0] + 2 * board), y, inset(z, 0.9 * board), 0.3 * board)
    return [body, *lids, back]
