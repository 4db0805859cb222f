"""Wood: a trunk with rings, drawn out along the grain of each piece; end grain and planks follow of themselves."""

import torch

from .noise import blobs, hashed
from .surface import Color, Layer, Places, mix, step, stretch, tone, wave


def wood(
    places: Places,
    color: Color,
    *,
    dark: Color,
    rings: float = 0.012,
    contrast: float = 0.6,
    pores: float = 0.4,
    wander: float = 1.0,
    gloss: float = 0.35,
) -> Layer:
    """color: early wood, dark: late wood; rings: metres between them; pores: depth of open grain (oak much, pine none);
    wander: how far the rings bend; gloss: of the varnish, 0 raw to 1 polished."""
    plank = places.piece * 64 + _planks(places)
    position = places.grained + torch.stack([hashed(plank, salt) for salt in (5, 6, 7)], 1) * 3
    bend = blobs(stretch(position, 7), 0.16)
    offset = places.across * places.girth + hashed(plank, 1)[:, None] * 0.3 + 0.04
    radius = (offset + bend[:, :2] * 0.03 * wander).norm(dim=1)
    width = places.seen(rings, 5)
    ring = radius / width + bend[:, 2] * 0.5
    phase = ring - ring.floor()
    late = step(0.15, 0.85, phase) * step(1.0, 0.9, phase)
    fibre = blobs(stretch(position, 24), places.seen(0.0035, 2.5))
    pore = step(0.25, 0.75, fibre[:, 0]) * (0.4 + 0.6 * late)
    own = (hashed(plank, 3) - 0.5) * 0.3
    share = (0.8 * contrast * late + 0.2 * fibre[:, 3] + 0.24 * bend[:, 2] + own + 0.14).clamp(0, 1)
    body = mix(tone(places, color), tone(places, dark), share)
    body = mix(body, tone(places, dark) * 0.55, pore * pores * 0.7)
    body = _weathered(body, places)
    roughness = 0.62 - 0.34 * gloss + 0.08 * share + 0.14 * pore * pores + 0.04 * bend[:, 3]
    height = -width * (0.012 * late * contrast + 0.03 * pore * pores) * (1.1 - gloss)
    return Layer(body, roughness, height)


def _planks(places: Places) -> torch.Tensor:
    """(N,) number of the board in a piece that is too wide to be cut from one."""
    count = (places.girth / 0.15).round().clamp(1, 8)
    column = (places.across * count).floor().clamp(max=7).long()
    return column[:, 0] * 8 + column[:, 1]


def bamboo(places: Places, color: Color) -> Layer:
    """Canes with a knot every hand's breadth, or boards of them."""
    position = places.grained
    fibre = blobs(stretch(position, 40), places.seen(0.003, 2.5))
    along = position[:, 2] / 0.24 + hashed(places.piece, 1)
    knot = step(0.94, 0.985, 2 * (wave(along) - 0.5))
    strip = hashed((position[:, 0] / 0.02).floor() * 31 + (position[:, 1] / 0.02).floor(), 5)
    body = tone(places, color) * (0.9 + 0.1 * fibre[:, 3] + 0.12 * strip)[:, None]
    body = mix(body, tone(places, color) * 0.55, 0.75 * knot)
    return Layer(_weathered(body, places), 0.42 + 0.08 * fibre[:, 0], 0.0015 * knot + 0.0002 * fibre[:, 0])


def wicker(places: Places, color: Color) -> Layer:
    """Woven canes, basket work."""
    size = places.whole(0.012, 8)
    across, along = ((places.pixel + 0.5) * places.texel / size).unbind(1)
    odd = (across.floor() + along.floor()).remainder(2)
    over = torch.where(odd == 0, wave(across), wave(along))
    ends = torch.where(odd == 0, wave(along), wave(across))
    rise = over.sqrt() * (0.55 + 0.45 * ends)
    stain = blobs(places.position, 0.08)
    body = tone(places, color) * (0.45 + 0.55 * rise + 0.12 * stain[:, 3])[:, None]
    return Layer(body, 0.6 + 0.1 * stain[:, 0], 0.25 * size * rise)


def painted(places: Places, color: Color, *, gloss: float = 0.45, wear: float = 0.15) -> Layer:
    """Painted wood: the brush and a hint of the grain show in the light, not in the colour."""
    fibre = blobs(stretch(places.grained, 26), places.seen(0.004, 2.5))
    cloud = blobs(places.position, 0.2)
    shade = 1 + 0.03 * cloud[:, 3] + 0.015 * fibre[:, 3]
    worn = step(0.75, 1.0, cloud[:, 0] + 0.4 * fibre[:, 0]) * wear
    body = mix(tone(places, color) * shade[:, None], tone(places, (0.85, 0.82, 0.76)), worn * 0.5)
    roughness = 0.62 - 0.4 * gloss + 0.06 * cloud[:, 1] + 0.05 * fibre[:, 3]
    return Layer(_weathered(body, places), roughness, 0.00012 * fibre[:, 0] - 0.0001 * worn)


def _weathered(body: torch.Tensor, places: Places) -> torch.Tensor:
    """A little dirt and wax where hands and cloths do not reach."""
    return body * (0.8 + 0.2 * places.occlusion)[:, None]
