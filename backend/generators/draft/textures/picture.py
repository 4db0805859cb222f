"""Flat things with something on them: screens, paintings, printed pages, books, rulers of keys."""

from dataclasses import replace

import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from .noise import blobs, hashed
from .surface import Color, Layer, Places, flat, mix, step, tone, wave


def screen(places: Places, color: Color) -> Layer:
    """A display that is on: a wallpaper that `color` tints, a window and a bar. Only the front shines."""
    u, v = _picture_plane(places)
    picture = _landscape(places, u, v, color, 0.0)
    window = _rectangle(u, v, 0.50, 0.20, 0.93, 0.84)
    lines = step(0.5, 0.6, wave(v * 22)) * step(0.30, 0.34, hashed((v * 22).floor(), 4) * 0.7 + 0.62 - (u - 0.5) * 1.6)
    page = mix(tone(places, (0.95, 0.96, 0.97)), tone(places, (0.42, 0.47, 0.55)), 0.8 * lines)
    page = mix(page, tone(places, (0.20, 0.36, 0.62)), _rectangle(u, v, 0.50, 0.78, 0.93, 0.84))
    picture = mix(picture, page, window)
    bar = _rectangle(u, v, 0.0, 0.0, 1.0, 0.055)
    icons = step(0.55, 0.75, wave(u * 14)) * _rectangle(u, v, 0.32, 0.012, 0.68, 0.044)
    picture = mix(picture, tone(places, (0.10, 0.11, 0.14)), 0.85 * bar)
    picture = mix(picture, tone(places, (0.85, 0.80, 0.70)), icons)
    lit = _front(places)
    body = mix(tone(places, (0.03, 0.03, 0.035)), picture * 0.25, lit)
    return Layer(body, 0.12 + 0.3 * (1 - lit), flat(places, 0.0), emission=picture * 0.85 * lit[:, None])


def dark_screen(places: Places, color: Color) -> Layer:
    """A display that is off."""
    smear = blobs(places.position, 0.12)
    return Layer(tone(places, color).expand(len(places), 3), 0.07 + 0.04 * smear[:, 3].abs(), flat(places, 0.0))


def painting(places: Places, color: Color) -> Layer:
    """A landscape in oil; `color` tints the sky."""
    u, v = _picture_plane(places)
    stroke = blobs(places.position * places.position.new_tensor([0.35, 1, 1]), places.seen(0.012, 3))
    picture = _landscape(places, u + 0.012 * stroke[:, 0], v + 0.02 * stroke[:, 1], color, 0.37)
    picture = picture * (1 + 0.07 * stroke[:, 3])[:, None]
    lit = _front(places)
    body = mix(tone(places, (0.86, 0.82, 0.74)), picture, lit)
    return Layer(body.clamp(0, 1), 0.5 + 0.08 * stroke[:, 0], 0.0006 * stroke[:, 3] * lit)


def mirror(places: Places, color: Color) -> Layer:
    haze = blobs(places.position, 0.2)
    body = tone(places, color).expand(len(places), 3)
    return Layer(body, 0.03 + 0.02 * haze[:, 3].abs(), flat(places, 0.0), flat(places, 1.0))


def printed(places: Places, color: Color) -> Layer:
    """A page of a calendar: a heading in `color` above a grid of days."""
    u, v = _picture_plane(places)
    fine = blobs(places.position, places.seen(0.003, 1.5))
    body = tone(places, (0.95, 0.94, 0.91)) * (1 + 0.015 * fine[:, 3])[:, None]
    front = _front(places)
    body = mix(body, tone(places, color), _rectangle(u, v, 0.0, 0.70, 1.0, 1.0) * front)
    column, row = u * 7.6 - 0.3, v / 0.66 * 5.6 - 0.3
    day = step(0.28, 0.36, wave(column)) * step(0.30, 0.40, wave(row)) * _rectangle(u, v, 0.04, 0.04, 0.96, 0.66)
    sunday = (column.floor() == 6).float()
    body = mix(body, tone(places, (0.30, 0.30, 0.33)), 0.62 * day * front * (1 - sunday))
    body = mix(body, tone(places, (0.75, 0.20, 0.16)), 0.7 * day * front * sunday)
    return Layer(body.clamp(0, 1), 0.85 + 0.05 * fine[:, 0], flat(places, 0.0))


def lettered(places: Places, ground: Layer, color: Color, text: str) -> Layer:
    """A line of text across the front of each piece (or its top when it lies): light if `color` is dark, else dark."""
    ink, ratio = _lettering(text, places.position.device)
    lies = places.extent[:, 2] < 0.5 * places.extent[:, 1]
    width, height = places.extent[:, 0], torch.where(lies, places.extent[:, 1], places.extent[:, 2])
    line = torch.minimum(0.86 * width, 0.66 * height * ratio)
    u = (places.local[:, 0] - 0.5) * width / line
    v = (torch.where(lies, places.local[:, 1], places.local[:, 2]) - 0.5) * height / line * ratio
    place = torch.stack([u * 2, -v * 2], 1)[None, None]
    written = torch.nn.functional.grid_sample(ink, place, align_corners=False)[0, 0, 0]
    written = written * step(0.3, 0.5, torch.where(lies, places.normal[:, 2], -places.normal[:, 1]))
    dark = sum(color) < 1.5
    letters = tone(places, (0.95, 0.94, 0.91) if dark else (0.10, 0.10, 0.12))
    return replace(ground, color=mix(ground.color, letters, 0.95 * written))


_CLOTHS: tuple[Color, ...] = (
    (0.55, 0.13, 0.12), (0.13, 0.24, 0.42), (0.16, 0.35, 0.24), (0.78, 0.62, 0.25),
    (0.36, 0.20, 0.36), (0.86, 0.82, 0.72), (0.24, 0.22, 0.22), (0.75, 0.38, 0.17),
    (0.20, 0.44, 0.50), (0.47, 0.31, 0.20), (0.66, 0.66, 0.68), (0.10, 0.15, 0.24),
)  # fmt: skip


def books(places: Places, color: Color) -> Layer:
    """Each piece a volume: cloth of its own colour, bands and a title on the spine, pages where it opens.

    `color` is one of the bindings, the others come from a library's shelf."""
    bindings = places.position.new_tensor([color, *_CLOTHS])
    cloth = bindings[(hashed(places.piece, 21) * len(bindings)).long()]
    fine = blobs(places.position, places.seen(0.002, 1.5))
    cloth = cloth * (0.92 + 0.12 * hashed(places.piece, 22) + 0.05 * fine[:, 3])[:, None]
    spine = step(-0.6, -0.8, places.normal[:, 1])
    up = places.local[:, 2]
    place = 0.12 + 0.14 * hashed(places.piece, 23)
    band = step(0.018, 0.010, torch.minimum((up - place).abs(), (up - 1 + place).abs()))
    title = step(0.42, 0.36, (places.local[:, 0] - 0.5).abs()) * step(0.14, 0.13, (up - 0.62).abs())
    letters = title * step(0.35, 0.5, wave(up * 70) * (0.3 + hashed((up * 35).floor() + places.piece * 50, 24)))
    gilt = torch.where(hashed(places.piece, 25) > 0.45, 1.0, 0.0) * spine * torch.maximum(band, letters)
    body = mix(cloth, tone(places, (0.83, 0.69, 0.36)), 0.85 * gilt)
    inner = ((places.local - 0.5).abs() < 0.46).float()
    pages = (step(0.7, 0.9, places.normal[:, 2].abs()) * inner[:, 0] * inner[:, 1]
             + step(0.7, 0.9, places.normal[:, 1]) * inner[:, 0] * inner[:, 2]).clamp(0, 1)  # fmt: skip
    leaves = 0.86 + 0.10 * wave(places.position[:, 0] / places.seen(0.0015, 3))
    body = mix(body, tone(places, (0.93, 0.89, 0.79)) * leaves[:, None], pages)
    body = body * (0.55 + 0.45 * places.occlusion)[:, None]
    return Layer(body.clamp(0, 1), 0.72 - 0.3 * gilt + 0.06 * fine[:, 0], -0.0004 * band * spine, 0.7 * gilt)


def _picture_plane(places: Places) -> tuple[Tensor, Tensor]:
    """Right and up, 0..1, on the face of a piece that stands or lies: across x, and along the longer of y and z."""
    lies = places.extent[:, 1] > places.extent[:, 2]
    return places.local[:, 0], torch.where(lies, places.local[:, 1], places.local[:, 2])


def _front(places: Places) -> Tensor:
    """1 on the side that faces the viewer (front or top), 0 on rim and back."""
    return step(0.55, 0.7, torch.maximum(-places.normal[:, 1], places.normal[:, 2]))


def _rectangle(u: Tensor, v: Tensor, left: float, low: float, right: float, high: float) -> Tensor:
    return ((u >= left) & (u <= right) & (v >= low) & (v <= high)).float()


def _landscape(places: Places, u: Tensor, v: Tensor, color: Color, salt: float) -> Tensor:
    """(N, 3): sky, a low sun, three ridges one before the other, water."""
    sky = mix(tone(places, (0.98, 0.80, 0.62)), tone(places, color) * 0.75 + 0.1, step(0.30, 0.95, v))
    sun = step(0.075, 0.062, ((u - 0.34) ** 2 + ((v - 0.60) * 0.62) ** 2).sqrt())
    picture = mix(sky, tone(places, (1.0, 0.93, 0.78)), sun)
    for index, (base, height, paint) in enumerate(_RIDGES):
        across = torch.stack([u * 1.0 + salt, torch.full_like(u, 0.7 * index + salt), torch.zeros_like(u)], 1)
        line = base + height * (blobs(across, 0.22)[:, 0] + 0.5 * blobs(across, 0.10)[:, 3])
        picture = mix(picture, tone(places, paint), step(0.004, -0.004, v - line))
    glint = step(0.2, 0.9, blobs(torch.stack([u * 0.2, v * 2.2, torch.zeros_like(u)], 1), 0.05)[:, 0])
    glint = 0.5 * glint * step(0.3, 0.0, (u - 0.34).abs())
    water = mix(tone(places, (0.22, 0.33, 0.40)), tone(places, (0.93, 0.78, 0.62)), glint)
    return mix(picture, water, step(0.172, 0.168, v))


_RIDGES: tuple[tuple[float, float, Color], ...] = (
    (0.52, 0.10, (0.55, 0.56, 0.66)),
    (0.40, 0.09, (0.33, 0.40, 0.50)),
    (0.27, 0.07, (0.16, 0.25, 0.26)),
)


def _lettering(text: str, device: torch.device) -> tuple[Tensor, float]:
    """(1, 1, H, W) ink of a line of text, 0..1, and its width over its height."""
    font = ImageFont.load_default(size=96)
    left, top, right, bottom = font.getbbox(text)
    width, height = int(right - left) + 8, int(bottom - top) + 8
    canvas = Image.new("L", (width, height))
    ImageDraw.Draw(canvas).text((4 - left, 4 - top), text, fill=255, font=font)
    ink = torch.frombuffer(bytearray(canvas.tobytes()), dtype=torch.uint8).float() / 255
    return ink.reshape(1, 1, height, width).to(device), width / height
