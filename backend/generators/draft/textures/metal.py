"""Metals, and the paint on cars and machines."""

import torch

from .noise import blobs, cells, hashed
from .surface import Color, Layer, Places, flat, mix, step, stretch, tone


def metal(
    places: Places,
    color: Color,
    *,
    roughness: float = 0.25,
    brushed: float = 0.0,
    dents: float = 0.0,
    rust: float = 0.0,
) -> Layer:
    """Bare metal. brushed: strength of the marks along the grain; dents: of a hammer; rust: share of the surface,
    0..1."""
    smudge = blobs(places.position, 0.09)
    marks = blobs(stretch(places.grained, 90), places.seen(0.0015, 2.0))
    streak = 0.7 * marks[:, 0] + 0.5 * marks[:, 3]
    shade = 1 + 0.05 * brushed * streak + 0.02 * smudge[:, 3] - 0.12 * (1 - places.occlusion)
    body = tone(places, color) * shade[:, None]
    rough = roughness + 0.1 * brushed * streak + 0.07 * smudge[:, 3].clamp(-0.6, 1) + 0.1 * (1 - places.occlusion)
    height = 0.00006 * brushed * streak * places.seen(0.0015, 2.0) / 0.0015
    if dents:
        size = places.seen(0.02, 8)
        height = height - dents * 0.035 * size * (1 - cells(places.position, size)[:, 1].clamp(0, 1)).square()
    layer = Layer(body.clamp(0, 1), rough.clamp(0.04, 1), height, flat(places, 1.0))
    return _rusted(places, layer, rust) if rust else layer


def _rusted(places: Places, metal: Layer, amount: float) -> Layer:
    large, small = blobs(places.position, 0.07), blobs(places.position, places.seen(0.012))
    field = large[:, 3] + 0.35 * small[:, 3] + 0.5 * (1 - places.occlusion)
    edge = 0.75 - 1.5 * amount
    mask = step(edge - 0.12, edge + 0.22, field)
    deep = step(-0.5, 0.6, small[:, 3] + large[:, 1])
    rust = mix(tone(places, (0.50, 0.25, 0.11)), tone(places, (0.27, 0.12, 0.07)), deep)
    rust = mix(rust, tone(places, (0.66, 0.38, 0.18)), step(0.25, 0.7, small[:, 1]) * 0.5)
    rough = metal.roughness + (0.88 - metal.roughness) * mask
    height = metal.height + mask * 0.0008 * (0.5 + small[:, 3])
    return Layer(mix(metal.color, rust, mask), rough, height, 1 - mask)


def coated(places: Places, color: Color, *, gloss: float = 0.8, flakes: float = 0.25, chips: float = 0.0) -> Layer:
    """Painted metal: cars (gloss 0.9, flakes), appliances, street furniture (gloss 0.5, chips down to the steel)."""
    cloud = blobs(places.position, 0.35)
    fine = blobs(places.position, places.seen(0.002, 1.5))
    shade = 1 + 0.025 * cloud[:, 3] + 0.04 * flakes * fine[:, 0] - 0.16 * (1 - places.occlusion)
    body = tone(places, color) * shade[:, None]
    rough = 0.6 - 0.5 * gloss + 0.03 * cloud[:, 0].abs()
    height = (1 - gloss) * 0.00004 * fine[:, 0] * places.seen(0.002, 1.5) / 0.002
    metallic = flat(places, 0.5 * flakes)
    if chips:
        bare = step(0.92, 1.05, fine[:, 3] + 0.5 * cloud[:, 3] + 0.25 * chips)
        body = mix(body, tone(places, (0.45, 0.43, 0.41)), bare)
        metallic = torch.maximum(metallic, bare)
        height = height - 0.0002 * bare
    return Layer(body.clamp(0, 1), rough.clamp(0.05, 1), height, metallic)


def panelled(places: Places, color: Color, *, glow: float = 0.0, panel: float = 0.2) -> Layer:
    """Robots: enamelled plates with seams between them, which shine when `glow` is more than 0."""
    index = (places.position / panel).floor()
    inside = places.position / panel - index
    number = hashed(index[:, 0] * 31 + index[:, 1] * 57 + index[:, 2] * 91, 3)
    away = (0.5 - (inside - 0.5).abs()) * panel + (places.normal.abs() > 0.85) * panel  # not on a face along the seam
    seam = away.amin(1)
    width = places.seen(0.006, 2)
    groove = step(1.2 * width, 0.5 * width, seam)
    body = tone(places, color) * (0.82 + 0.25 * number + 0.03 * blobs(places.position, 0.12)[:, 3])[:, None]
    body = body * (0.8 + 0.2 * places.occlusion)[:, None] * (1 - 0.3 * glow)
    body = mix(body, tone(places, (0.06, 0.06, 0.07)), groove)
    light = tone(places, color) * 0.6 + 0.4
    halo = 0.35 * step(0.04 + 3 * width, 0.0, seam) + 0.08
    emission = (light * (glow * torch.maximum(groove, halo))[:, None]).clamp(0, 1) if glow else None
    return Layer(body.clamp(0, 1), 0.32 + 0.1 * number, -0.5 * width * groove, 0.55 * (1 - groove), emission)
