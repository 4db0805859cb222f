"""Glass, ceramic, plastic, rubber, wax, liquids and lights: even materials whose life is in the gloss."""

import torch

from .noise import blobs
from .surface import Color, Layer, Places, flat, mix, step, tone


def glass(places: Places, color: Color, *, alpha: float = 0.22, frosted: float = 0.0) -> Layer:
    smear = blobs(places.position, 0.08)
    edge = step(0.75, 0.35, places.occlusion)
    body = tone(places, color) * (1 - 0.15 * edge)[:, None]
    rough = 0.03 + 0.02 * smear[:, 3].abs() + 0.5 * frosted
    opaque = (alpha + 0.12 * edge + 0.45 * frosted + 0.015 * smear[:, 3]).clamp(0.05, 0.95)
    return Layer(body, rough, flat(places, 0.0), alpha=opaque)


def liquid(places: Places, color: Color, *, alpha: float = 0.85) -> Layer:
    return Layer(
        tone(places, color).expand(len(places), 3), flat(places, 0.04), flat(places, 0.0), alpha=flat(places, alpha)
    )


def ceramic(places: Places, color: Color, *, gloss: float = 0.85, speckles: float = 0.0) -> Layer:
    """Glazed; speckles as on stoneware; the glaze pools darker in the hollows."""
    cloud, wobble = blobs(places.position, 0.09), blobs(places.position, 0.025)
    shade = 1 + 0.018 * cloud[:, 3] - 0.14 * (1 - places.occlusion)
    body = tone(places, color) * shade[:, None]
    if speckles:
        fine = blobs(places.position, places.seen(0.005, 2))
        body = mix(body, body * 0.45, speckles * step(0.72, 0.9, fine[:, 0] + 0.2 * wobble[:, 3]))
    rough = 0.55 - 0.45 * gloss + 0.03 * cloud[:, 0].abs()
    return Layer(body.clamp(0, 1), rough, 0.00018 * wobble[:, 0] * gloss)


def plastic(places: Places, color: Color, *, gloss: float = 0.5, stipple: float = 0.4) -> Layer:
    """Moulded plastic: a fine stipple, a touch of wear in the gloss."""
    cloud = blobs(places.position, 0.14)
    size = places.seen(0.0015, 1.6)
    fine = blobs(places.position, size)
    shade = 1 + 0.015 * cloud[:, 3] + 0.012 * stipple * fine[:, 0] - 0.18 * (1 - places.occlusion)
    rough = 0.66 - 0.5 * gloss + 0.05 * cloud[:, 3] + 0.04 * stipple * fine[:, 1]
    return Layer(
        (tone(places, color) * shade[:, None]).clamp(0, 1), rough.clamp(0.05, 1), 0.025 * stipple * size * fine[:, 0]
    )


def rubber(places: Places, color: Color) -> Layer:
    dust, fine = blobs(places.position, 0.12), blobs(places.position, places.seen(0.003, 1.6))
    body = mix(
        tone(places, color), tone(places, (0.42, 0.40, 0.37)), 0.10 * step(-0.1, 0.9, dust[:, 3] + 0.3 * fine[:, 3])
    )
    body = body * (0.75 + 0.25 * places.occlusion)[:, None]
    return Layer(body, 0.8 + 0.08 * dust[:, 3], 0.03 * places.seen(0.003, 1.6) * fine[:, 0])


def foam(places: Places, color: Color, *, pore: float = 0.004) -> Layer:
    """Bread, sponge, styrofoam, cork: many small pores."""
    size = places.seen(pore, 2)
    fine, cloud = blobs(places.position, size), blobs(places.position, 0.06)
    hole = step(0.2, 0.8, fine[:, 0])
    body = tone(places, color) * (1 + 0.07 * cloud[:, 3] + 0.08 * fine[:, 3] - 0.22 * hole)[:, None]
    return Layer(body.clamp(0, 1), 0.9 - 0.05 * hole, -0.14 * size * hole)


def paper(places: Places, color: Color) -> Layer:
    cloud, fine = blobs(places.position, 0.1), blobs(places.position, places.seen(0.002, 1.5))
    shade = 1 + 0.015 * cloud[:, 3] + 0.02 * fine[:, 3] - 0.2 * (1 - places.occlusion)
    return Layer((tone(places, color) * shade[:, None]).clamp(0, 1), 0.88 + 0.04 * fine[:, 0], 0.00003 * fine[:, 0])


def skin(places: Places, color: Color, *, mottle: float = 0.5, wrinkles: float = 0.0) -> Layer:
    """Human skin, pigs, and with wrinkles elephants."""
    cloud, spot = blobs(places.position, 0.12), blobs(places.position, 0.02)
    fine = blobs(places.position, places.seen(0.004, 1.8))
    warm = mix(tone(places, color), tone(places, color) * torch.tensor([1.06, 0.86, 0.84], device=cloud.device), 
               mottle * step(-0.3, 0.8, cloud[:, 0] + 0.4 * spot[:, 3]))  # fmt: skip
    shade = 1 + 0.04 * cloud[:, 3] + 0.02 * fine[:, 3] - 0.2 * (1 - places.occlusion)
    fold = (
        step(0.16, 0.0, blobs(places.position * places.position.new_tensor([1, 1, 2.2]), 0.06)[:, 0].abs()) * wrinkles
    )
    body = warm * (shade - 0.22 * fold)[:, None]
    height = 0.0001 * fine[:, 0] - 0.003 * fold + wrinkles * 0.0012 * spot[:, 3]
    return Layer(body.clamp(0, 1), 0.52 + 0.25 * wrinkles + 0.06 * cloud[:, 1], height)


def glow(places: Places, color: Color, *, strength: float = 1.0, weave: float = 0.0) -> Layer:
    """Lamp shades, bulbs, neon: brightest in the middle of the piece's height, with a hint of threads on a shade."""
    middle = 1 - 0.45 * (places.local[:, 2] * 2 - 1).abs()
    fine = blobs(places.position, places.seen(0.003, 1.5))
    light = strength * middle * (1 + 0.1 * weave * fine[:, 0])
    body = tone(places, color) * (1 + 0.04 * weave * fine[:, 0])[:, None]
    warm = places.position.new_tensor([1.0, 0.90, 0.74]) if weave else 1.0
    emission = (tone(places, color) * warm * light[:, None]).clamp(0, 1)
    return Layer(
        body.clamp(0, 1), flat(places, 0.35 + 0.45 * weave), 0.02 * weave * places.texel * fine[:, 0], emission=emission
    )
