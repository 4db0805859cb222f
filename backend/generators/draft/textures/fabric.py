"""Cloth and leather. Threads follow the texels of the map, so they neither blur nor shimmer at any size."""

import torch
from torch import Tensor

from .noise import blobs, cells
from .surface import Color, Layer, Places, mix, step, tone, wave


def cloth(
    places: Places,
    color: Color,
    *,
    weave: str = "plain",
    thread: float = 0.002,
    weft: Color | None = None,
    slub: float = 0.35,
    fuzz: float = 0.2,
    rough: float = 0.86,
) -> Layer:
    """weave: "plain", "twill" or "knit"; weft: colour of the crossing threads (denim: white); slub: uneven threads;
    fuzz: how far fibres hide the weave."""
    size = places.whole(thread, 2 if weave == "twill" else 4)
    pattern, average = _WEAVES[weave]
    rise, crossing = pattern((places.pixel + 0.5) * places.texel / size)
    cloud, fibre = blobs(places.position, 0.16), blobs(places.position, places.seen(0.004, 1.5))
    uneven = slub * (0.5 * fibre[:, 3] + 0.12 * cloud[:, 3])
    clear = (1 - fuzz) * min(1.0, 0.35 + 0.65 * thread / size)  # threads too fine for the map show less
    shade = 0.80 + 0.20 * (rise * clear + 0.6 * (1 - clear)) + 0.16 * uneven
    shade = shade * (0.7 + 0.3 * places.occlusion)
    base = tone(places, color).expand(len(places), 3)
    if weft is not None:
        share = clear * crossing + (1 - clear) * average
        base = mix(base, tone(places, weft), share * (0.5 + 0.25 * fibre[:, 0]))
    height = size * (0.22 * clear * rise + 0.12 * uneven)
    return Layer((base * shade[:, None]).clamp(0, 1), rough + 0.06 * fibre[:, 0], height)


def velvet(places: Places, color: Color, *, nap: float = 1.0) -> Layer:
    """Short pile, brushed here and there the other way: dark bloom in the hollows, light on the ridges."""
    patch, cloud = blobs(places.position, 0.16), blobs(places.position, 0.5)
    fibre = blobs(places.position, places.seen(0.002, 1.4))
    brushed = step(-1.2, 1.2, 0.7 * patch[:, 0] + 0.5 * patch[:, 3] + 0.9 * cloud[:, 1])
    shade = 1 + nap * 0.22 * (brushed - 0.6) + 0.08 * fibre[:, 0]
    shade = shade * (0.62 + 0.38 * places.occlusion)
    rough = 0.80 - 0.16 * nap * brushed + 0.08 * fibre[:, 1]
    return Layer((tone(places, color) * shade[:, None]).clamp(0, 1), rough, places.texel * 0.16 * fibre[:, 0])


def fleece(places: Places, color: Color, *, curl: float = 0.012) -> Layer:
    """Wool as it grows, carpets, teddy bears: small curls."""
    size = places.seen(curl, 6)
    tuft = cells(places.position + 0.3 * size * blobs(places.position, size)[:, :3], size)
    cloud, fibre = blobs(places.position, 0.15), blobs(places.position, places.seen(0.003, 1.4))
    dome = (1 - tuft[:, 1].clamp(0, 1).square()).clamp(0, 1)
    shade = 0.70 + 0.28 * dome + 0.08 * cloud[:, 3] + 0.09 * fibre[:, 0]
    shade = shade * (0.72 + 0.28 * places.occlusion)
    height = size * (0.18 * dome + 0.03 * fibre[:, 0])
    return Layer((tone(places, color) * shade[:, None]).clamp(0, 1), 0.9 + 0.05 * fibre[:, 1], height)


def leather(places: Places, color: Color, *, grain: float = 0.004, worn: float = 0.3, gloss: float = 0.5) -> Layer:
    """Grain cells, a few creases, and the paler patches of use."""
    size = places.seen(grain, 5)
    warp = blobs(places.position, 3 * size)[:, :3]
    plate = cells(places.position + 0.35 * size * warp, size)[:, 0].clamp(0, 1)
    cloud, fold = blobs(places.position, 0.2), blobs(places.position, 0.05)
    crease = step(0.07, 0.0, fold[:, 0].abs()) * step(0.3, 0.9, cloud[:, 1])
    clear = min(1.0, 1.5 * grain / size)  # grain too fine for the map fades instead of growing into scales
    pit = clear * (1 - plate).square()
    patch = step(0.0, 0.9, cloud[:, 3] + 0.3 * fold[:, 3]) * worn
    body = tone(places, color) * (1 + 0.05 * cloud[:, 0] - 0.16 * pit - 0.1 * crease)[:, None]
    body = mix(body, tone(places, color) * 0.7 + 0.28, 0.5 * patch)
    body = body * (0.66 + 0.34 * places.occlusion)[:, None]
    rough = 0.62 - 0.28 * gloss + 0.14 * pit + 0.12 * patch + 0.05 * fold[:, 3]
    return Layer(body.clamp(0, 1), rough, -size * 0.16 * pit - 0.0006 * crease)


def patterned(places: Places, ground: Layer, first: Color, second: Color, pattern: str) -> Layer:
    """The same cloth, of colour `first`, with a second one. pattern: one of PATTERNS."""
    share = _PATTERNS[pattern](places)
    shade = ground.color.mean(1) / (sum(first) / 3)
    other = (tone(places, second) * shade[:, None]).clamp(0, 1)
    return Layer(mix(ground.color, other, share), ground.roughness, ground.height)


def _plain(grid: Tensor) -> tuple[Tensor, Tensor]:
    """Height 0..1 and where the weft lies on top (0 or 1), from the place in threads (N, 2)."""
    across, along = grid.unbind(1)
    on_top = (across.floor() + along.floor()).remainder(2)
    length = torch.where(on_top == 0, wave(along), wave(across))
    width = torch.where(on_top == 0, wave(across), wave(along))
    return (0.35 + 0.65 * length) * width.sqrt(), on_top


def _twill(grid: Tensor) -> tuple[Tensor, Tensor]:
    across, along = grid.unbind(1)
    place = (across.floor() + along.floor()).remainder(4)
    weft = (place == 0).float()
    diagonal = wave((across + along) / 4 + 0.375)
    return diagonal.sqrt() * (0.6 + 0.4 * wave(across)), weft


def _knit(grid: Tensor) -> tuple[Tensor, Tensor]:
    across, along = (grid / 1.6).unbind(1)
    slant = along + 0.8 * (wave(across) - 0.5)
    return wave(slant).sqrt() * (0.35 + 0.65 * (1 - (wave(across) * 2 - 1).abs()).sqrt()), torch.zeros_like(across)


def _stripes(places: Places) -> Tensor:
    return step(0.46, 0.54, wave(_across(places) / 0.12))


def _across(places: Places) -> Tensor:
    """The coordinate in which stripes change: sideways, or front to back on the sides."""
    x, y, _ = places.position.unbind(1)
    return torch.where(places.normal[:, 0].abs() > 0.7, y, x)


def _down(places: Places) -> Tensor:
    _, y, z = places.position.unbind(1)
    return torch.where(places.normal[:, 2].abs() > 0.7, y, z)


def _checks(places: Places) -> Tensor:
    across, down = wave(_across(places) / 0.14), wave(_down(places) / 0.14)
    return 0.5 * (step(0.47, 0.53, across) + step(0.47, 0.53, down))


def _tartan(places: Places) -> Tensor:
    def bands(value: Tensor) -> Tensor:
        cycle = value / 0.16
        return 0.6 * step(0.6, 0.64, wave(cycle)) + 0.9 * step(0.93, 0.95, wave(cycle + 0.5))

    return (0.55 * (bands(_across(places)) + bands(_down(places)))).clamp(0, 1)


def _dots(places: Places) -> Tensor:
    across, down = _across(places) / 0.07, _down(places) / 0.07
    shifted = across + 0.5 * down.floor().remainder(2)
    from_centre = (((shifted - shifted.floor()) - 0.5) ** 2 + ((down - down.floor()) - 0.5) ** 2).sqrt()
    return step(0.30, 0.26, from_centre)


def _flowers(places: Places) -> Tensor:
    warp = blobs(places.position, 0.05)
    blossom = cells(places.position + 0.012 * warp[:, :3], 0.07)[:, 1]
    vine = step(0.10, 0.05, blobs(places.position, 0.09)[:, 1].abs())
    return torch.maximum(step(0.42, 0.34, blossom + 0.18 * warp[:, 0]), 0.6 * vine)


def _carpet(places: Places) -> Tensor:
    """Borders and a medallion, from the place in the whole asset."""
    x, y = places.asset[:, 0] * 2 - 1, places.asset[:, 1] * 2 - 1
    rim = torch.maximum(x.abs(), y.abs())
    border = step(0.78, 0.79, rim) * step(0.93, 0.92, rim)
    lozenges = step(0.42, 0.5, wave(x * 9) + wave(y * 9) - 0.5)
    star = (x.abs() * 1.2 + y.abs()) + 0.06 * torch.cos(12 * torch.atan2(y, x))
    medallion = step(0.58, 0.56, star) * (1 - step(0.44, 0.42, star) * step(0.30, 0.32, star))
    corner = step(0.40, 0.38, (1 - x.abs()) * 1.2 + (1 - y.abs()))
    field = torch.maximum(medallion, corner * step(0.78, 0.77, rim))
    return torch.maximum(border * lozenges, field * (1 - step(0.78, 0.79, rim)))


_WEAVES = {"plain": (_plain, 0.5), "twill": (_twill, 0.25), "knit": (_knit, 0.0)}  # and how much weft one sees
_PATTERNS = {
    "striped": _stripes,
    "checkered": _checks,
    "tartan": _tartan,
    "dotted": _dots,
    "floral": _flowers,
    "rug": _carpet,
}
PATTERNS = tuple(_PATTERNS)
