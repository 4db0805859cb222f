"""What a procedural asset is: kinds with knobs, styles drawn from a seed, and watertight parts that fill a box.

Box frame: metres, Z up, origin at the centre of the box's floor face, the asset's front faces -Y. numpy only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy import ndarray

Size = tuple[float, float, float]  # width (x), depth (y), height (z) of the box in metres

TRIANGLE_LIMIT = 40_000


@dataclass(frozen=True)
class Part:
    """One closed piece of an asset (or several that do not touch), in the box frame.

    Every chart lies flat, in metres, without overlapping itself. Charts may overlap each other: the atlas packs them.
    """

    name: str
    vertices: ndarray  # (V,3) float64
    faces: ndarray  # (F,3) int32, outward counter-clockwise
    uvs: ndarray  # (F,3,2) float64, metres
    charts: ndarray  # (F,) int32, 0..n-1
    slot: str  # which material of the kind: "frame", "seat", "legs"
    smooth: float  # edges flatter than this many degrees are shaded smooth
    grain: int  # axis 0, 1 or 2 along which wood grain or brushing runs


@dataclass(frozen=True)
class Range:
    """A continuous knob: uniform between two values."""

    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Choice:
    """A discrete knob: one of a few named (or counted) variants."""

    options: tuple[str | int, ...]

    def draw(self, rng: np.random.Generator) -> str | int:
        return self.options[int(rng.integers(len(self.options)))]


@dataclass(frozen=True)
class Style:
    """The look of one asset: a value for every knob of its kind. Equal kind and seed give an equal style anywhere."""

    kind: str
    seed: int
    values: Mapping[str, float | str | int]

    @staticmethod
    def draw(kind: "Kind", seed: int) -> "Style":
        rng = np.random.default_rng([seed, crc32(kind.name.encode())])
        return Style(kind.name, seed, {name: knob.draw(rng) for name, knob in kind.knobs.items()})

    def __getitem__(self, knob: str) -> Any:
        return self.values[knob]

    def random(self, label: str) -> np.random.Generator:
        """A generator of its own for details too many to be knobs (the books of a shelf, the leaves of a plant)."""
        return np.random.default_rng([self.seed, crc32(self.kind.encode()), crc32(label.encode())])


@dataclass(frozen=True)
class Kind:
    """A class of objects that Draft can build.

    `slots` maps each material slot of the parts to the words of its material when the prompt says nothing ("oak",
    "white ceramic", "grey fabric"); the first slot is the one that the prompt's words dress first.
    `build` returns parts that already (nearly) fill the given size: `assemble` only corrects the last few per cent.
    """

    name: str
    category: str
    words: tuple[str, ...]  # synonyms, lower case, besides the name
    size: Size  # of a typical one, metres
    slots: Mapping[str, str]
    knobs: Mapping[str, Range | Choice]
    build: Callable[[Style, Size], list[Part]]


def assemble(kind: Kind, style: Style, size: Size) -> list[Part]:
    """Build an asset and fit it exactly to its box.

    Raises ValueError when the size is not three positive lengths, and when a builder breaks its contract: parts that
    are not closed, turned inside out, in an unknown slot, or more than TRIANGLE_LIMIT triangles.
    """
    if len(size) != 3 or not all(np.isfinite(length) and length > 0 for length in size):
        raise ValueError(f"{kind.name}: size must be three positive lengths in metres, got {tuple(size)}")
    parts = fit(kind.build(style, size), size)
    triangles = sum(len(part.faces) for part in parts)
    if triangles > TRIANGLE_LIMIT:
        raise ValueError(f"{kind.name}, seed {style.seed}: {triangles} triangles, the limit is {TRIANGLE_LIMIT}")
    for part in parts:
        if part.slot not in kind.slots:
            raise ValueError(f"{kind.name}: part {part.name} is in slot {part.slot}, the kind has {sorted(kind.slots)}")
        if open_edges(part) or volume(part) <= 0:
            raise ValueError(
                f"{kind.name}, seed {style.seed}: part {part.name} is not a closed outward surface "
                f"({open_edges(part)} open edges, volume {volume(part):.3g} m3)"
            )
    return parts


def fit(parts: list[Part], size: Size) -> list[Part]:
    """Scale and move all parts together, each axis by itself, so that their bounds equal the box."""
    low, high = bounds(parts)
    floor = np.array([-size[0] / 2, -size[1] / 2, 0.0])
    scale = np.asarray(size) / (high - low)
    return [flatten(replace(part, vertices=(part.vertices - low) * scale + floor)) for part in parts]


def bounds(parts: list[Part]) -> tuple[ndarray, ndarray]:
    """Lowest and highest corner (3,), (3,) of all parts together."""
    low = np.min([part.vertices.min(axis=0) for part in parts], axis=0)
    high = np.max([part.vertices.max(axis=0) for part in parts], axis=0)
    return low, high


def flatten(part: Part) -> Part:
    """Scale each chart so that its area equals the area of its surface, and turn mirrored charts over."""
    signed = chart_areas(part)
    surface = np.bincount(part.charts, weights=face_areas(part))
    scale = np.sqrt(surface / np.maximum(np.abs(signed), 1e-18))
    factors = np.stack([np.where(signed < 0, -scale, scale), scale], axis=1)  # (charts,2)
    return replace(part, uvs=part.uvs * factors[part.charts][:, None, :])


def chart_areas(part: Part) -> ndarray:
    """Signed area of each chart, (charts,) in square metres: positive where the texture is not mirrored."""
    a, b = part.uvs[:, 1] - part.uvs[:, 0], part.uvs[:, 2] - part.uvs[:, 0]
    return np.bincount(part.charts, weights=(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2)


def face_areas(part: Part) -> ndarray:
    """Area of each face, (F,) in square metres."""
    a, b, c = (part.vertices[part.faces[:, k]] for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2


def volume(part: Part) -> float:
    """Enclosed volume in cubic metres, positive when the faces look outward."""
    a, b, c = (part.vertices[part.faces[:, k]] - part.vertices.mean(axis=0) for k in range(3))
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6)


def open_edges(part: Part) -> int:
    """Number of directed edges without exactly one partner in the opposite direction: 0 for a closed surface."""
    start = part.faces.ravel().astype(np.int64)
    end = np.roll(part.faces, -1, axis=1).ravel().astype(np.int64)
    count = len(part.vertices)
    there, back = np.sort(start * count + end), np.sort(end * count + start)
    doubled = int((np.diff(there) == 0).sum())
    return doubled + int(np.setdiff1d(there, back).size)
