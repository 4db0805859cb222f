"""The six faces of a box: pulling one while the opposite one stays, and other sizes on the same floor.

Right under any rotation and parent.
"""

from __future__ import annotations

from typing import NamedTuple

import bpy
from mathutils import Matrix, Vector

from . import scene_reader

SIDES = tuple((axis, side) for axis in range(3) for side in (-1, 1))


class Face(NamedTuple):
    """In the world, scene units."""

    centre: Vector
    outward: Vector  # unit length
    extent: float  # of the box across this face: to the opposite one


class Stance(NamedTuple):
    """What pulling changes, kept so that a pull can be taken back."""

    location: Vector
    scale: Vector
    matrix: Matrix  # basis: location, rotation and scale

    @staticmethod
    def of(box: bpy.types.Object) -> Stance:
        return Stance(box.location.copy(), box.scale.copy(), box.matrix_basis.copy())

    def restore(self, box: bpy.types.Object) -> None:
        box.location, box.scale = self.location, self.scale


def face(box: bpy.types.Object, axis: int, side: int) -> Face:
    """The face at the low (-1) or high (1) end of an axis of the box."""
    low, high = scene_reader.local_bounds(box)
    middle = (low + high) / 2
    middle[axis] = high[axis] if side > 0 else low[axis]
    along = box.matrix_world.col[axis].xyz
    flat = along.length < 1e-9
    outward = Vector(box.matrix_world.to_quaternion() @ _unit(axis)) if flat else along.normalized()
    return Face(box.matrix_world @ middle, outward * side, along.length * (high[axis] - low[axis]))


def pull(box: bpy.types.Object, axis: int, side: int, stance: Stance, factor: float) -> None:
    """Makes the box `factor` times as large as in `stance` along an axis; the face opposite to `side` stays."""
    low, high = scene_reader.local_bounds(box)
    fixed = low[axis] if side > 0 else high[axis]
    scale = stance.scale.copy()
    scale[axis] *= factor
    box.scale = scale
    box.location = stance.location + stance.matrix.col[axis].xyz * (fixed * (1.0 - factor))


def resize(box: bpy.types.Object, size: Vector) -> None:
    """Gives the box these extents in the world; the centre of its floor stays. An axis without extent is left."""
    low, high = scene_reader.local_bounds(box)
    stance = Stance.of(box)
    scale, location = stance.scale.copy(), stance.location.copy()
    for axis in range(3):
        extent = face(box, axis, 1).extent
        if extent <= 0:
            continue
        factor = size[axis] / extent
        fixed = low[axis] if axis == 2 else (low[axis] + high[axis]) / 2
        scale[axis] *= factor
        location += stance.matrix.col[axis].xyz * (fixed * (1.0 - factor))
    box.scale, box.location = scale, location


def _unit(axis: int) -> Vector:
    return Vector([float(i == axis) for i in range(3)])
