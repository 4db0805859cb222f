"""Stone, masonry and earth."""

import torch

from .noise import blobs, cell_number, cells, hashed
from .surface import Color, Layer, Places, mix, projected, step, tone


def marble(places: Places, color: Color, *, vein: Color, scale: float = 0.22, gloss: float = 0.85) -> Layer:
    """Polished marble: soft clouds, long veins that bend and thin out."""
    warp = blobs(places.position, scale)
    bent = places.position + 0.45 * scale * warp[:, :3]
    coarse, fine = blobs(bent, 0.8 * scale), blobs(bent, 0.3 * scale)
    strong = step(0.12, 0.0, coarse[:, 0].abs()) * step(-0.35, 0.5, coarse[:, 1])
    weak = step(0.07, 0.0, fine[:, 0].abs()) * step(-0.1, 0.6, warp[:, 3]) * 0.45
    cloud = 0.16 * step(-0.5, 0.9, warp[:, 3] + 0.4 * fine[:, 3])
    share = torch.maximum(torch.maximum(strong * (0.45 + 0.4 * fine[:, 3].abs()), weak), cloud)
    body = mix(tone(places, color), tone(places, vein), share.clamp(0, 0.9))
    return Layer(body * _hollow(places, 0.18), 0.55 - 0.45 * gloss + 0.05 * share, -0.00006 * strong)


def granite(places: Places, color: Color, *, speck: Color = (0.16, 0.15, 0.15), gloss: float = 0.7) -> Layer:
    size = places.seen(0.006, 3)
    number = cell_number(places.position, size)
    fine, cloud = blobs(places.position, places.seen(0.004, 1.5)), blobs(places.position, 0.15)
    body = tone(places, color) * (0.86 + 0.24 * number + 0.05 * cloud[:, 3])[:, None]
    body = mix(body, tone(places, speck), step(0.80, 0.84, number) * 0.85)
    body = mix(body, tone(places, (0.90, 0.88, 0.85)), step(0.14, 0.10, number) * 0.6)
    body = body * (1 + 0.08 * fine[:, 0])[:, None]
    return Layer(body.clamp(0, 1) * _hollow(places, 0.2), 0.6 - 0.42 * gloss + 0.06 * fine[:, 1].abs(), 0 * number)


def rough_stone(places: Places, color: Color, *, relief: float = 1.0, pits: float = 0.4) -> Layer:
    """Concrete, sandstone, plaster, terracotta, slate: one rough tone with stains and pores."""
    stain, lump = blobs(places.position, 0.3), blobs(places.position, 0.06)
    fine = blobs(places.position, places.seen(0.006, 1.5))
    pore = step(0.62, 0.85, fine[:, 0] + 0.25 * lump[:, 0]) * pits
    shade = 1 + 0.10 * stain[:, 3] + 0.06 * lump[:, 3] + 0.06 * fine[:, 3] - 0.35 * pore
    warm = tone(places, (1.02, 1.0, 0.96)) ** (stain[:, 1:2] * 0.7)
    body = tone(places, color) * warm * shade[:, None]
    height = relief * (0.0018 * lump[:, 3] + 0.05 * places.seen(0.006, 1.5) * (fine[:, 3] - 1.5 * pore))
    return Layer(body.clamp(0, 1) * _hollow(places, 0.35), 0.86 + 0.08 * fine[:, 1], height)


def bricks(places: Places, color: Color, *, mortar: Color = (0.72, 0.70, 0.66)) -> Layer:
    """Running bond, 24 x 8 cm with the joint."""
    across, up = (projected(places) / across_up(places)).unbind(1)
    row = up.floor()
    shifted = across + 0.5 * row.remainder(2)
    column = shifted.floor()
    edge = torch.stack([_inside(shifted - column) * 3, _inside(up - row)], 1).amin(1)
    fine, lump = blobs(places.position, places.seen(0.008, 1.5)), blobs(places.position, 0.07)
    stone = step(0.09, 0.16, edge + 0.03 * lump[:, 3])
    number = hashed(column * 131 + row * 7, 11)
    shade = 0.78 + 0.34 * number + 0.10 * lump[:, 3] + 0.06 * fine[:, 3]
    body = mix(tone(places, mortar) * (1 + 0.06 * fine[:, 3])[:, None], tone(places, color) * shade[:, None], stone)
    height = 0.005 * stone + 0.0008 * lump[:, 3] + 0.0004 * fine[:, 3]
    return Layer(body.clamp(0, 1) * _hollow(places, 0.3), 0.9 - 0.06 * stone, height)


def across_up(places: Places) -> torch.Tensor:
    """(2,) size of a brick, larger where the map could not show the joints."""
    return places.position.new_tensor([0.24, 0.08]) * max(1.0, places.texel / 0.006)


def tiled(places: Places, color: Color, *, side: float = 0.15, joint: Color = (0.78, 0.77, 0.74)) -> Layer:
    """Glazed tiles."""
    cell = projected(places) / places.seen(side, 24)
    column, row = cell.floor().unbind(1)
    inside = cell - cell.floor()
    edge = (0.5 - (inside - 0.5).abs()).amin(1)
    glaze = step(0.02, 0.04, edge)
    shade = 0.95 + 0.07 * hashed(column * 131 + row * 7, 3) + 0.02 * blobs(places.position, 0.1)[:, 3]
    body = mix(tone(places, joint), tone(places, color) * shade[:, None], glaze)
    return Layer(body.clamp(0, 1) * _hollow(places, 0.25), 0.75 - 0.58 * glaze, 0.002 * step(0.015, 0.06, edge))


def _inside(fraction: torch.Tensor) -> torch.Tensor:
    """0 on the border of a cell, 1 in its middle."""
    return 1 - (fraction * 2 - 1).abs()


def soil(places: Places, color: Color, *, crumb: float = 0.015) -> Layer:
    size = places.seen(crumb, 5)
    clod = cells(places.position + 0.4 * size * blobs(places.position, size)[:, :3], size)
    number = cell_number(places.position, size)
    fine, stain = blobs(places.position, places.seen(0.004, 1.5)), blobs(places.position, 0.12)
    rise = clod[:, 0].clamp(0, 1)
    shade = 0.5 + 0.4 * rise + 0.22 * (number - 0.5) + 0.12 * fine[:, 3] + 0.12 * stain[:, 3]
    body = tone(places, color) * shade[:, None]
    return Layer(
        body.clamp(0, 1) * _hollow(places, 0.3), 0.93 + 0.04 * fine[:, 0], size * (0.3 * rise + 0.06 * fine[:, 3])
    )


def gravel(places: Places, color: Color, *, pebble: float = 0.02) -> Layer:
    size = places.seen(pebble, 7)
    stone = cells(places.position, size)
    number = cell_number(places.position, size)
    fine = blobs(places.position, places.seen(0.004, 1.5))
    rise = stone[:, 0].clamp(0, 1).sqrt()
    shade = (0.35 + 0.65 * step(0.0, 0.4, rise)) * (0.75 + 0.4 * number) + 0.05 * fine[:, 3]
    body = tone(places, color) * shade[:, None]
    return Layer(body.clamp(0, 1) * _hollow(places, 0.3), 0.8 + 0.06 * fine[:, 0], size * 0.35 * rise)


def _hollow(places: Places, depth: float) -> torch.Tensor:
    """(N, 1) the dirt that gathers where little light comes."""
    return (1 - depth * (1 - places.occlusion))[:, None]
