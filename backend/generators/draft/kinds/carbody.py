"""A parametric car body: one loft whose sections follow a side profile, with wheel arches, and panes that hug it.

A `Shape` gives the lines of a car as shares of its length (0 = nose) and height; `Shell` evaluates them in the box
frame (front = -Y): the skin itself, and sheets for glass, seams and lamps on it. Lengths in metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..asset import Part, flatten
from ..bodies import unwrap
from ..outlines import fillet
from ..solids import merge, mirror, sheet

Line = Sequence[tuple[float, float]]  # (share of the length from the nose, share of the height)


@dataclass(frozen=True)
class Shape:
    """The lines of a car, as shares of its length and height."""

    top: Line  # bonnet, windscreen, roof, tail along the middle
    belt: Line  # the shoulder under the side windows
    sill: float = 0.16  # height of the lower edge
    axles: tuple[float, float] = (0.19, 0.8)
    wheel: float = 0.235  # radius, share of the height
    gap: float = 1.13  # radius of the arch, in wheel radii
    taper: tuple[float, float] = (0.12, 0.08)  # how much narrower nose and tail are
    corner: tuple[float, float] = (0.1, 0.07)  # how far their corners are rounded, share of the length
    tumble: float = 0.32  # how far the windows lean in, metres a metre
    ledge: float = 0.02  # width of the shoulder, share of the width
    crown: float = 0.02  # how far roof and bonnet are domed, share of the height
    windscreen: tuple[float, float] = (0.28, 0.43)
    backlight: tuple[float, float] = (0.65, 0.8)
    windows: tuple[tuple[float, float], ...] = ((0.31, 0.515), (0.53, 0.74))
    doors: tuple[float, ...] = (0.325, 0.52, 0.715)  # shut lines
    round: float = 0.05  # rounding of the roof's edge, share of the height
    soft: float = 0.02  # rounding of the side profile, share of the height


def loft(name: str, slot: str, rings: np.ndarray, smooth: float = 40.0) -> Part:
    """A closed skin over rings (S,P,3) that are star-shaped, with a fan at both ends."""
    count, sides = rings.shape[:2]
    index = np.arange(count * sides).reshape(count, sides)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], -1).reshape(-1, 4)
    first, last = count * sides, count * sides + 1
    faces = np.concatenate(
        [
            quads[:, [0, 1, 2]],
            quads[:, [0, 2, 3]],
            np.stack([after[0], index[0], np.full(sides, first)], -1),
            np.stack([index[-1], after[-1], np.full(sides, last)], -1),
        ]
    )
    vertices = np.concatenate([rings.reshape(-1, 3), rings[0].mean(0)[None], rings[-1].mean(0)[None]])
    corner = vertices[faces] - vertices.mean(0)
    if np.einsum("ij,ij->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])) < 0:
        faces = faces[:, ::-1].copy()
    uvs, charts = unwrap(vertices, faces)
    return flatten(Part(name, vertices, faces.astype(np.int32), uvs, charts, slot, smooth, 1))


class Shell:
    """The skin of a car of a size (width, length, height in metres), as functions of the place."""

    def __init__(self, shape: Shape, size: tuple[float, float, float]):
        self.shape = shape
        self.width, self.length, self.height = size
        self.wheel = min(shape.wheel * self.height, 0.115 * self.length)
        self.arch = min(shape.gap * self.wheel, 0.13 * self.length)
        self.axles = tuple(self.y(axle) for axle in shape.axles)
        self._top = self._line(shape.top, shape.soft)
        self._belt = self._line(shape.belt, shape.soft)

    def y(self, share: float) -> float:
        """The place along the car in the box frame."""
        return (share - 0.5) * self.length

    def _line(self, line: Line, soft: float) -> np.ndarray:
        points = np.array([(self.y(t), z * self.height) for t, z in line])
        return fillet(points, soft * self.height, 4)

    def top(self, y: np.ndarray) -> np.ndarray:
        return np.interp(y, *self._top.T)

    def belt(self, y: np.ndarray) -> np.ndarray:
        return np.minimum(np.interp(y, *self._belt.T), self.top(y) - 0.012 * self.height)

    def bottom(self, y: np.ndarray) -> np.ndarray:
        """The lower edge with its wheel arches."""
        low = np.full_like(y, self.shape.sill * self.height)
        for axle in self.axles:
            inside = np.abs(y - axle) < self.arch
            rise = self.wheel + np.sqrt(np.maximum(self.arch**2 - (y - axle) ** 2, 0.0))
            low = np.where(inside, np.maximum(low, rise), low)
        return np.minimum(low, self.belt(y) - 0.03 * self.height)

    def half(self, y: np.ndarray) -> np.ndarray:
        """Half the width at the widest height."""
        along = np.clip(np.asarray(y) / self.length + 0.5, 0.0, 1.0)
        nose, tail = self.shape.taper
        share = 1.0 - nose * np.clip(1 - along / 0.45, 0, 1) ** 2.2 - tail * np.clip((along - 0.6) / 0.4, 0, 1) ** 2.2
        for distance, radius in ((along, self.shape.corner[0]), (1 - along, self.shape.corner[1])):
            inside = np.clip(1 - distance / radius, 0, 1)
            share = share - 1.1 * radius * self.length / self.width * (1 - np.sqrt(1 - np.minimum(inside, 0.985) ** 2))
        return 0.5 * self.width * np.maximum(share, 0.3)

    def side(self, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        """x of the +X flank: the door below the belt, the leaning window above it."""
        half, belt = self.half(y), self.belt(y)
        widest = 0.62 * belt
        bulge = np.where(z > widest, (z - widest) / (belt - widest), (widest - z) / widest * 0.9)
        door = half * (1.0 - 0.045 * np.clip(bulge, 0, 1) ** 2)
        ledge = half * (1.0 - 0.045) - self.shape.ledge * self.width
        return np.where(z <= belt, door, ledge - self.shape.tumble * (z - belt))

    def edge(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Radius of the roof's rounded edge and half the width of the roof at its height."""
        tall = self.top(y) - self.belt(y)
        radius = np.minimum(self.shape.round * self.height, 0.6 * tall)
        return radius, self.side(y, self.top(y))

    def crown(self, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """z of the roof, bonnet or windscreen at a place."""
        radius, half = self.edge(y)
        flat = np.maximum(half - radius, 1e-3)
        return self.top(y) + self.shape.crown * self.height * (1 - np.clip(np.abs(x) / flat, 0, 1) ** 2)

    def section(self, y: np.ndarray) -> np.ndarray:
        """Half sections (S,P,2) of (x, z) from the middle of the floor around the +X side to the middle of the roof."""
        bottom, belt, top, half = self.bottom(y), self.belt(y), self.top(y), self.half(y)
        radius, edge = self.edge(y)
        points = [(share * half, bottom) for share in (0.25, 0.6, 0.85)]
        points.append((0.93 * half, bottom + 0.004 * self.height))
        for share in np.linspace(0.12, 1.0, 8):
            z = bottom + share * (belt - bottom)
            points.append((self.side(y, z), z))
        low, high = belt, top - radius
        for share in (0.03, 0.3, 0.65, 1.0):
            z = low + np.maximum(share * (high - low), 0.0005 + 0.0005 * share)
            points.append((self.side(y, z), z))
        start = self.side(y, high)
        for angle in (22.5, 45.0, 67.5, 90.0):
            c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
            points.append((start - radius * (1 - c) - (start - edge) * (1 - c), high + 0.001 + radius * s))
        flat = points[-1][0]
        for share in (0.72, 0.4, 0.12):
            points.append((share * flat, top + 0.001 + self.shape.crown * self.height * (1 - share**2)))
        return np.stack([np.stack(pair, -1) for pair in points], 1)

    def stations(self) -> np.ndarray:
        """Places along the car where sections stand: dense at its ends, arches and corners of the profile."""
        ends = self.length * (np.array([0, 0.004, 0.012, 0.025, 0.045, 0.07]) - 0.5)
        places = [ends, -ends, self._top[:, 0], np.linspace(-0.45, 0.45, 31) * self.length]
        for axle in self.axles:
            places.append(axle + self.arch * np.sin(np.radians(np.linspace(-89.5, 89.5, 17))))
            places.append(axle + np.array([-1.0, 1.0]) * (self.arch + 0.002 * self.length))
        places = np.unique(np.clip(np.concatenate(places), -0.5 * self.length, 0.5 * self.length))
        keep = np.concatenate([[True], np.diff(places) > 0.0008 * self.length])
        return places[keep]

    def skin(self, slot: str = "paint") -> Part:
        y = self.stations()
        half = self.section(y)
        ring = np.concatenate([half, half[:, ::-1] * (-1, 1)], axis=1)
        points = np.stack([ring[..., 0], np.broadcast_to(y[:, None], ring.shape[:2]), ring[..., 1]], -1)
        return loft("body", slot, points)

    def pane(
        self, name: str, slot: str, points: np.ndarray, out: Sequence[float], lift: float = 0.004, thick: float = 0.012
    ) -> Part:
        """A sheet over points (N,M,3) of the skin, raised to the side of `out`."""
        normal = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
        normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-12)
        normal *= np.sign((normal * np.asarray(out)).sum(-1, keepdims=True))
        return sheet(name, slot, points + (lift - thick / 2 + 0.002) * normal, thick)

    def screen(self, name: str, span: tuple[float, float], slot: str = "glass", margin: float = 0.05) -> Part:
        """Windscreen, backlight or sunroof between two places of the top line."""
        y = np.linspace(self.y(span[0]), self.y(span[1]), 9)
        radius, half = self.edge(y)
        reach = np.maximum(half - 0.6 * radius - margin * half, 0.05 * self.width)
        x = np.linspace(-1, 1, 11)[None, :] * reach[:, None]
        grid = np.broadcast_to(y[:, None], x.shape)
        return self.pane(name, slot, np.stack([x, grid, self.crown(grid, x)], -1), (0, 0, 1))

    def window(
        self, span: tuple[float, float], slot: str = "glass", low: float = 0.03, high: float = 0.02
    ) -> Part | None:
        """Side windows between two places, on both flanks; none where the cabin is too low for one."""
        y = np.linspace(self.y(span[0]), self.y(span[1]), 15)
        radius, _ = self.edge(y)
        sill, lintel = self.belt(y) + low * self.height, self.top(y) - 0.8 * radius - high * self.height
        keep = lintel - sill > 0.03 * self.height
        if keep.sum() < 3:
            return None
        y, sill, lintel = y[keep], sill[keep], lintel[keep]
        z = sill[None, :] + np.linspace(0, 1, 5)[:, None] * (lintel - sill)[None, :]
        grid = np.broadcast_to(y[None, :], z.shape)
        right = self.pane("window", slot, np.stack([self.side(grid, z), grid, z], -1), (1, 0, 0))
        return merge("side windows", [right, mirror(right)])

    def flank(
        self, name: str, slot: str, y: Sequence[float], z: Sequence[float], lift: float = 0.003, thick: float = 0.01
    ) -> Part:
        """A sheet on both doors over a rectangle of (y, z) spans in metres: seams, trims, intakes."""
        heights, places = np.linspace(z[0], z[1], 9), np.linspace(y[0], y[1], 9)
        grid_y, grid_z = np.meshgrid(places, heights)
        right = self.pane(name, slot, np.stack([self.side(grid_y, grid_z), grid_y, grid_z], -1), (1, 0, 0), lift, thick)
        return merge(name, [right, mirror(right)])

    def seams(self, slot: str = "trim") -> list[Part]:
        """The shut lines of the doors."""
        sill, width = self.shape.sill * self.height, 0.0022 * self.length
        parts = []
        for share in self.shape.doors:
            y = self.y(share)
            if any(abs(y - axle) < self.arch + width for axle in self.axles):
                continue
            belt = float(self.belt(np.array([y]))[0])
            parts.append(
                self.flank(
                    "seam", slot, (y - width / 2, y + width / 2), (sill + 0.05 * self.height, belt), 0.001, 0.006
                )
            )
        return parts

    def end(self, x: float, z: float, rear: bool = False) -> float:
        """y where the nose (or the tail) stands at a place seen from the front."""
        y = np.linspace(-0.5, 0.5, 400) * self.length
        solid = (self.half(y) * 0.96 >= abs(x)) & (self.bottom(y) <= z) & (self.top(y) >= z)
        hits = y[solid]
        if len(hits) == 0:
            return 0.5 * self.length if rear else -0.5 * self.length
        return float(hits[-1] if rear else hits[0])
