"""Wheels of vehicles: tyres with rims of several designs, and thin wheels with wire spokes. Axles run along x."""

from __future__ import annotations

import numpy as np

from ..asset import Part
from ..outlines import circle, fillet
from ..solids import box, cylinder, lathe, merge, mirror, move, prism, torus, tube, turn

RIMS = ("five spokes", "ten spokes", "disc", "split spokes")


def axle_wheel(
    radius: float, width: float, rim: str = "five spokes", rubber: float = 0.3, sides: int = 32
) -> list[Part]:
    """Tyre ("tyre" slot) and rim ("rim" slot) of one wheel about the origin, its outer face towards +X.

    `rubber` is the height of the tyre's wall, as a share of the radius.
    """
    inner, w = radius * (1 - rubber), width / 2
    wall = [
        (inner, -w * 0.9),
        (inner + 0.55 * (radius - inner), -w),
        (radius, -w * 0.78),
        (radius, w * 0.78),
        (inner + 0.55 * (radius - inner), w),
        (inner, w * 0.9),
    ]
    tyre = _lay(lathe("tyre", "tyre", fillet(np.array(wall), 0.12 * (radius - inner), 2), sides=sides))
    lip = 0.06 * radius
    barrel = [
        (inner - lip, -w * 0.85),
        (inner + 0.01 * radius, -w * 0.92),
        (inner + 0.01 * radius, w * 0.94),
        (inner - lip, w * 0.86),
    ]
    parts = [_lay(lathe("rim", "rim", np.array(barrel), sides=sides)), *_face(inner - 0.3 * lip, w, rim)]
    dark = cylinder("brake", "brake", (-0.1 * w, 0, 0), (0.15 * w, 0, 0), 0.86 * inner, sides=24)
    return [tyre, merge("rim", parts), dark]


def _lay(part: Part) -> Part:
    """From standing on z to lying along x, its top towards +X."""
    return turn(part, "y", 90.0)


def _face(radius: float, w: float, rim: str) -> list[Part]:
    hub = cylinder("hub", "rim", (0.2 * w, 0, 0), (0.8 * w, 0, 0), 0.2 * radius, 0.15 * radius, sides=16)
    if rim == "disc":
        profile = [
            (0, 0.3 * w),
            (0.75 * radius, 0.45 * w),
            (radius, 0.35 * w),
            (radius, 0.62 * w),
            (0.72 * radius, 0.72 * w),
            (0.3 * radius, 0.6 * w),
            (0.25 * radius, 0.8 * w),
            (0, 0.82 * w),
        ]
        return [_lay(lathe("disc", "rim", np.array(profile), sides=24))]
    count, spread, broad = {
        "five spokes": (5, 0.0, 0.2),
        "ten spokes": (10, 0.0, 0.09),
        "split spokes": (5, 9.0, 0.085),
    }[rim]
    outline = [
        (-0.5 * broad * radius, 0.1 * radius),
        (0.5 * broad * radius, 0.1 * radius),
        (0.36 * broad * radius, 1.01 * radius),
        (-0.36 * broad * radius, 1.01 * radius),
    ]
    spoke = prism("spoke", "rim", np.array(outline), "x", (0.45 * w, 0.75 * w), 0.012 * radius, 1)
    angles = [360.0 * i / count + s * spread for i in range(count) for s in ((0,) if spread == 0 else (-1, 1))]
    return [hub, *(turn(spoke, "x", angle) for angle in angles)]


def wheel_set(
    places: list[tuple[float, float, float]],
    radius: float,
    width: float,
    rim: str,
    rubber: float = 0.3,
    steer: float = 0.0,
    steered: int = 2,
) -> list[Part]:
    """Wheels at centres given for the +X side and repeated on the other; the first `steered` pairs are turned."""
    wheel = axle_wheel(radius, width, rim, rubber)
    parts = []
    for piece in wheel:
        copies = []
        for i, (x, y, z) in enumerate(places):
            for side in (1, -1):
                turned = turn(piece if side == 1 else mirror(piece), "z", steer if i < steered else 0.0)
                copies.append(move(turned, side * x, y, z))
        parts.append(merge(piece.name + "s", copies))
    return parts


def wire_wheel(radius: float, tyre: float, spokes: int = 24) -> list[Part]:
    """A bicycle or motorbike wheel about the origin: tyre, rim, hub and crossing spokes."""
    rim_radius = radius - tyre
    ring = np.column_stack([circle(rim_radius - 0.25 * tyre, spokes * 2), np.zeros(spokes * 2)])[:, [2, 0, 1]]
    parts = [
        torus("tyre", "tyre", (0, 0, 0), radius - tyre / 2, tyre, axis=0, sides=40),
        torus("rim", "rim", (0, 0, 0), rim_radius - 0.1 * tyre, 0.7 * tyre, axis=0, sides=40),
        cylinder("hub", "rim", (-1.3 * tyre, 0, 0), (1.3 * tyre, 0, 0), 0.55 * tyre, sides=16),
    ]
    thin = 0.05 * tyre + 0.001 * radius
    wires = []
    for i in range(spokes):
        side = 1 if i % 2 else -1
        start = (
            np.array([side * 1.1 * tyre, 0.0, 0.0])
            + 0.045 * radius * ring[(2 * i + 7 * side) % (2 * spokes)] / rim_radius
        )
        wires.append(tube("spoke", "rim", [start, ring[2 * i]], thin, sides=5))
    return [parts[0], merge("rim", parts[1:]), merge("spokes", wires)]


def axle_box(slot: str, x: float, y: float, z: float, radius: float) -> Part:
    """A dark beam between two wheels."""
    return box(
        "axle",
        slot,
        (-x, x),
        (y - 0.25 * radius, y + 0.25 * radius),
        (z - 0.2 * radius, z + 0.2 * radius),
        0.05 * radius,
    )
