"""A box while it is drawn with the mouse: two corners of its footprint, a height, typed numbers. Scene units.

Knows rays and planes, nothing of windows and events.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mathutils import Quaternion, Vector

SIDES = 3  # width, depth, height
DIGITS = set("0123456789.,")
LEAST = 1e-3  # of a side, scene units


def on_plane(origin: Vector, direction: Vector, height: float) -> Vector | None:
    """Where a ray meets the level plane at `height`; None when it runs along it or away from it."""
    if abs(direction.z) < 1e-6:
        return None
    distance = (height - origin.z) / direction.z
    return origin + direction * distance if distance > 0 else None


def along_line(origin: Vector, direction: Vector, point: Vector, axis: Vector) -> float | None:
    """How far along the line `point` + t `axis` (unit) it passes the ray most closely; None when they are parallel."""
    between = point - origin
    slope = axis.dot(direction)
    spread = direction.dot(direction) - slope * slope
    if spread < 1e-6 * direction.dot(direction):
        return None
    return (slope * between.dot(direction) - axis.dot(between) * direction.dot(direction)) / spread


def snapped(value: float, step: float) -> float:
    return round(value / step) * step if step > 0 else value


def facing(direction: Vector) -> float:
    """The turn about Z, in quarters, that lets a front at -Y look against the viewing direction."""
    away = math.atan2(direction.y, direction.x)  # of the viewer's gaze; the front looks the other way
    return round((away - math.pi / 2) / (math.pi / 2)) * (math.pi / 2)


@dataclass
class Sketch:
    """A footprint from `anchor` to `corner` on the level plane through them, and a height."""

    anchor: Vector
    corner: Vector
    height: float = 0.0
    turn: float = 0.0  # radians about Z, whole quarters
    typed: list[str] = field(default_factory=lambda: [""] * SIDES)  # width, depth, height as the user writes them
    field_index: int = 0

    @property
    def swapped(self) -> bool:
        """Whether the box's width runs along the world's Y."""
        return round(self.turn / (math.pi / 2)) % 2 == 1

    @property
    def size(self) -> Vector:
        """Width, depth, height; what was typed wins over what was drawn."""
        x, y = abs(self.corner.x - self.anchor.x), abs(self.corner.y - self.anchor.y)
        drawn = (y, x, self.height) if self.swapped else (x, y, self.height)
        sides = [drawn[i] if (number := self.number(i)) is None else number for i in range(SIDES)]
        return Vector(sides)

    @property
    def floor_centre(self) -> Vector:
        """Grows from the anchor towards the corner."""
        width, depth, _ = self.size
        x, y = (depth, width) if self.swapped else (width, depth)
        towards = (
            math.copysign(x, self.corner.x - self.anchor.x),
            math.copysign(y, self.corner.y - self.anchor.y),
        )
        return self.anchor + Vector((towards[0] / 2, towards[1] / 2, 0.0))

    @property
    def rotation(self) -> Quaternion:
        return Quaternion((0.0, 0.0, 1.0), self.turn)

    @property
    def solid(self) -> bool:
        return min(self.size) > LEAST

    def corners(self) -> list[Vector]:
        """Eight, world: x slowest, z fastest, in the box's own axes."""
        width, depth, height = self.size
        local = [(x, y, z) for x in (-width / 2, width / 2) for y in (-depth / 2, depth / 2) for z in (0.0, height)]
        return [self.floor_centre + self.rotation @ Vector(p) for p in local]

    # ---- typing

    def number(self, index: int) -> float | None:
        try:
            return float(self.typed[index].replace(",", "."))
        except ValueError:
            return None

    def type(self, character: str) -> bool:
        """Adds a digit or a point to the side that is being typed. False for anything else."""
        if character not in DIGITS or not character:
            return False
        self.typed[self.field_index] += character
        return True

    def erase(self) -> None:
        self.typed[self.field_index] = self.typed[self.field_index][:-1]

    def next_side(self) -> None:
        self.field_index = (self.field_index + 1) % SIDES
