"""Plants and fruit."""

import torch

from .noise import blobs, cells, hashed
from .surface import Color, Layer, Places, flat, mix, step, tone, wave


def leaf(places: Places, color: Color, *, tip: Color | None = None, veins: float = 0.6) -> Layer:
    """Foliage: each leaf its own green, a paler midrib, side veins, a darker base."""
    own = hashed(places.piece, 4)
    longest = places.extent.argmax(1, keepdim=True)
    lying = places.extent[:, :2].argmax(1)
    across = places.local.gather(1, (1 - lying)[:, None])[:, 0]
    along = places.local.gather(1, longest)[:, 0]
    cloud, fine = blobs(places.position, 0.05), blobs(places.position, places.seen(0.006, 1.6))
    rib = step(0.10, 0.02, (across - 0.5).abs())
    side = step(0.62, 0.95, wave(along * 7 + (across - 0.5).abs() * 4)) * 0.5
    vein = veins * torch.maximum(rib, side)
    fresh = tone(places, color if tip is None else tip) * torch.tensor([1.1, 1.08, 0.85], device=own.device)
    body = mix(tone(places, color), fresh, (0.75 * own + 0.3 * cloud[:, 3]).clamp(0, 1))
    body = body * (0.80 + 0.28 * own + 0.08 * fine[:, 3])[:, None]
    body = mix(body, body * 0.5 + 0.28 * tone(places, (0.75, 0.85, 0.5)), 0.55 * vein)
    body = body * (0.76 + 0.24 * places.occlusion)[:, None]  # light comes through as well
    return Layer(body.clamp(0, 1), 0.48 + 0.1 * fine[:, 0], 0.0006 * vein + 0.02 * places.texel * fine[:, 0])


def foliage(places: Places, color: Color, *, leaf_size: float = 0.035) -> Layer:
    """A hedge or a crown as one closed body: dabs of many leaves."""
    size = places.seen(leaf_size, 6)
    warped = places.position + 0.35 * size * blobs(places.position, 1.5 * size)[:, :3]
    dab, cloud = cells(warped, size), blobs(places.position, 0.25)
    lit = (1 - dab[:, 1]).clamp(0, 1)
    fresh = tone(places, color) * torch.tensor([1.25, 1.15, 0.75], device=lit.device)
    body = mix(tone(places, color) * 0.55, tone(places, color), step(0.0, 0.5, lit))
    body = mix(body, fresh, (0.5 * step(0.4, 0.9, lit) + 0.35 * cloud[:, 3]).clamp(0, 1))
    body = body * (0.6 + 0.4 * places.occlusion)[:, None]
    return Layer(body.clamp(0, 1), 0.6 + 0.08 * cloud[:, 0], size * 0.5 * lit)


def bark(places: Places, color: Color, *, furrow: float = 0.03) -> Layer:
    size = places.seen(furrow, 7)
    shrunk = places.grained * places.grained.new_tensor([1, 1, 0.3])
    plate = cells(shrunk + 0.35 * size * blobs(shrunk, size)[:, :3], size)[:, 0].clamp(0, 1)
    cloud, fine = blobs(places.position, 0.15), blobs(places.position, places.seen(0.006, 1.6))
    body = tone(places, color) * (0.66 + 0.5 * plate.sqrt() + 0.10 * cloud[:, 3] + 0.10 * fine[:, 3])[:, None]
    body = mix(body, tone(places, (0.42, 0.47, 0.28)), 0.35 * step(0.3, 0.9, cloud[:, 0]))
    return Layer(body.clamp(0, 1), 0.9 + 0.04 * fine[:, 0], size * (0.2 * plate.sqrt() + 0.04 * fine[:, 3]))


def birch_bark(places: Places, color: Color) -> Layer:
    shrunk = places.grained * places.grained.new_tensor([1, 1, 6])
    line, cloud = blobs(shrunk, 0.09), blobs(places.position, 0.15)
    dark = step(0.42, 0.6, line[:, 0] + 0.3 * cloud[:, 3])
    body = mix(tone(places, color) * (1 + 0.06 * cloud[:, 3])[:, None], tone(places, (0.13, 0.11, 0.10)), 0.85 * dark)
    return Layer(body.clamp(0, 1), 0.75 + 0.1 * dark, -0.001 * dark)


def grass(places: Places, color: Color) -> Layer:
    size = places.seen(0.012, 3)
    blade, cloud = blobs(places.position, size), blobs(places.position, 0.2)
    lit = step(-0.6, 0.8, blade[:, 0])
    dry = tone(places, (0.62, 0.56, 0.28))
    body = mix(tone(places, color) * 0.5, tone(places, color) * 1.15, lit)
    body = mix(body, dry, 0.3 * step(0.2, 0.9, cloud[:, 3] + 0.3 * blade[:, 1]))
    return Layer(body.clamp(0, 1) * (0.6 + 0.4 * places.occlusion)[:, None], flat(places, 0.85), size * 0.4 * lit)


def petal(places: Places, color: Color) -> Layer:
    """Flowers: paler rim, fine lines towards the heart."""
    own, fine = hashed(places.piece, 8), blobs(places.grained, places.seen(0.004, 1.6))
    heart = step(0.6, 0.0, places.local[:, 2])
    body = mix(tone(places, color), tone(places, color) * 0.6 + 0.38, 0.35 * own + 0.12 * fine[:, 3])
    body = mix(body, tone(places, color) * 0.6, 0.4 * heart)
    return Layer(
        body.clamp(0, 1) * (0.65 + 0.35 * places.occlusion)[:, None], 0.6 + 0.06 * fine[:, 0], flat(places, 0.0)
    )


def fruit(
    places: Places, color: Color, *, blush: Color | None = None, dimples: float = 0.0, gloss: float = 0.6
) -> Layer:
    """Apples (blush and fine flecks), oranges (dimples), tomatoes (neither). Each piece ripens differently."""
    own = hashed(places.piece, 6)
    cloud = blobs(places.local * 0.1 + own[:, None] * 3, 0.05)
    streak = blobs(places.position * places.position.new_tensor([1, 1, 0.12]), places.seen(0.006, 2))
    fleck = step(0.75, 0.95, blobs(places.position, places.seen(0.006, 2))[:, 0])
    body = tone(places, color).expand(len(places), 3)
    if blush is not None:
        side = places.normal[:, 0] * (own - 0.5) * 2 + places.normal[:, 1] * 0.6 + 0.5 * places.normal[:, 2]
        body = mix(body, tone(places, blush), step(0.0, 1.0, side + 0.35 * streak[:, 3] + 0.4 * cloud[:, 3]))
    body = body * (0.95 + 0.08 * own + 0.06 * cloud[:, 3])[:, None]
    body = mix(body, body * 0.6 + 0.36, 0.5 * fleck)
    size = places.seen(0.004, 3)
    pit = (1 - cells(places.position, size)[:, 1].clamp(0, 1)).square() if dimples else flat(places, 0.0)
    body = body * (0.7 + 0.3 * places.occlusion)[:, None]
    return Layer(body.clamp(0, 1), 0.62 - 0.4 * gloss + 0.05 * cloud[:, 0], -0.2 * dimples * size * pit)
