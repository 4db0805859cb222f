"""What animals wear: fur with its patterns, feathers, scales."""

import torch
from torch import Tensor

from .noise import blobs, cells, hashed
from .surface import Color, Layer, Places, mix, step, stretch, tone, wave

_BLACK: Color = (0.09, 0.075, 0.065)


def fur(
    places: Places,
    color: Color,
    *,
    pattern: str = "plain",
    second: Color = _BLACK,
    belly: float = 0.35,
    length: float = 0.02,
) -> Layer:
    """pattern: "plain", "zebra", "tiger", "giraffe", "cow" or "spots", drawn in `second`; belly: how much paler the
    underside is."""
    hair = blobs(stretch(places.grained, 9), places.seen(0.15 * length, 1.6))
    tuft = blobs(stretch(places.grained, 3), places.seen(length, 5))
    cloud = blobs(places.position, 0.25)
    under = step(0.15, -0.75, places.normal[:, 2] + 0.2 * cloud[:, 3]) * belly
    body = tone(places, color) * (1 + 0.09 * cloud[:, 3])[:, None]
    body = mix(body, tone(places, color) * 0.45 + 0.5, under)
    if pattern != "plain":
        body = mix(body, tone(places, second), _PATTERNS[pattern](places, tuft) * (1 - 0.5 * under))
    shade = 0.95 + 0.10 * hair[:, 3] + 0.05 * tuft[:, 0] + 0.08 * hair[:, 0]
    body = body * (shade * (0.68 + 0.32 * places.occlusion))[:, None]
    height = 0.07 * places.seen(0.2 * length, 2.2) * hair[:, 0] + 0.02 * places.seen(length, 5) * tuft[:, 0]
    return Layer(body.clamp(0, 1), 0.78 + 0.1 * hair[:, 1], height)


def feathers(places: Places, color: Color, *, second: Color | None = None, size: float = 0.05) -> Layer:
    """Overlapping vanes in rows from front to back, darker at the roots; `second` on wings and tail."""
    side = places.seen(size, 12)
    down = places.position[:, 1] - 0.5 * places.position[:, 2]
    angle = torch.where(places.normal[:, 0].abs() > 0.6, places.position[:, 2], places.position[:, 0])
    row = down / (0.6 * side) + 0.15 * blobs(places.position, 4 * side)[:, 0]
    column = angle / side + 0.5 * row.floor().remainder(2)
    along, across = row - row.floor(), (column - column.floor()) * 2 - 1
    vane = step(1.0, 0.45, along + 0.35 * across.square())
    fine, cloud = blobs(places.position, places.seen(0.004, 1.6)), blobs(places.position, 0.15)
    number = hashed(row.floor() * 57 + column.floor(), 9)
    shade = 0.78 + 0.20 * along * vane + 0.10 * number + 0.06 * fine[:, 3] + 0.05 * cloud[:, 3]
    body = tone(places, color).expand(len(places), 3)
    if second is not None:
        back = step(0.45, 0.75, places.asset[:, 1] + 0.12 * cloud[:, 3])
        body = mix(body, tone(places, second), back)
    body = body * (shade * (0.7 + 0.3 * places.occlusion))[:, None]
    return Layer(body.clamp(0, 1), 0.66 + 0.08 * fine[:, 0], side * (0.03 * along * vane + 0.004 * fine[:, 0]))


def scales(places: Places, color: Color, *, size: float = 0.015) -> Layer:
    side = places.seen(size, 7)
    plate = cells(places.position, side)[:, 0].clamp(0, 1)
    cloud = blobs(places.position, 0.12)
    under = step(0.0, -0.8, places.normal[:, 2])
    body = tone(places, color) * (0.62 + 0.4 * plate.sqrt() + 0.14 * cloud[:, 3])[:, None]
    body = mix(body, tone(places, color) * 0.5 + 0.4, 0.5 * under)
    return Layer(body.clamp(0, 1), 0.5 - 0.1 * plate, side * 0.2 * plate.sqrt())


def _zebra(places: Places, tuft: Tensor) -> Tensor:
    """Upright stripes on the trunk, rings on neck and legs."""
    warp = blobs(places.position, 0.28)
    legs = step(0.42, 0.30, places.asset[:, 2])
    phase = (1 - legs) * places.position[:, 1] / 0.19 + legs * places.position[:, 2] / 0.13
    phase = phase + 0.75 * warp[:, 0] + 0.25 * (places.position[:, 2] / 0.3) * (1 - legs)
    return step(0.44, 0.58, wave(phase) + 0.06 * tuft[:, 3])


def _tiger(places: Places, tuft: Tensor) -> Tensor:
    """Thin stripes that break up and leave the belly."""
    warp, gap = blobs(places.position, 0.2), blobs(places.position, 0.16)
    legs = step(0.36, 0.28, places.asset[:, 2])
    phase = ((1 - legs) * places.position[:, 1] / 0.2 + legs * places.position[:, 2] / 0.15) + 0.8 * warp[:, 0]
    width = 0.74 - 0.16 * gap[:, 1] + 0.08 * tuft[:, 3]
    return step(0.0, 0.12, wave(phase) - width)


def _giraffe(places: Places, tuft: Tensor) -> Tensor:
    warped = places.position + 0.03 * blobs(places.position, 0.12)[:, :3]
    patch = step(0.10, 0.22, cells(warped, 0.34)[:, 0] + 0.03 * tuft[:, 3])
    return patch * step(0.18, 0.3, places.asset[:, 2])


def _cow(places: Places, tuft: Tensor) -> Tensor:
    field = blobs(places.position, 0.55)
    return step(0.06, 0.13, field[:, 0] + 0.25 * field[:, 3] + 0.03 * tuft[:, 3])


def _spots(places: Places, tuft: Tensor) -> Tensor:
    warped = places.position + 0.012 * blobs(places.position, 0.05)[:, :3]
    return step(0.56, 0.44, cells(warped, 0.09)[:, 1] + 0.05 * tuft[:, 3])


_PATTERNS = {"zebra": _zebra, "tiger": _tiger, "giraffe": _giraffe, "cow": _cow, "spots": _spots}
COATS = ("plain", *_PATTERNS)
