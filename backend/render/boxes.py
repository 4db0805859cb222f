"""What every renderer of the condition picture draws: cuboids with coloured faces and edge bars, a camera, lights.

Scene units, Z up. NumPy only: no torch, no bpy. Geometry of SeeThrough3D's "final" mode (spec 3.2).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

# Faces of a cuboid in the reference's polygon order: -X left, +Y front, +X right, -Y back, -Z bottom, +Z top.
NORMALS = np.array([[-1, 0, 0], [0, 1, 0], [1, 0, 0], [0, -1, 0], [0, 0, -1], [0, 0, 1]], np.float64)
BOTTOM = 4

# Edge bars are the wireframe (thickness 0.01) of a cube of half side 0.25; here in units of the half side.
OUTER = 1 + 0.02 / np.sqrt(3)  # corners of the bar that stand out of the cube
INNER = 1 - 0.02 / np.sqrt(3)  # and that lie inside it
FLANK = 0.98  # where a bar meets the face, in the face's plane

ALPHA = 0.025  # opacity of a face; it scales the emission too
FLOOR_HALF = 25.0  # the floor is a square of twice this side
FLOOR_ALBEDO = 0.05


@dataclass(frozen=True)
class Cuboid:
    """A translucent box. Local coordinates run over [-1, 1]^3."""

    centre: np.ndarray  # (3,)
    rotation: np.ndarray  # (3,3), box axes to world
    size: np.ndarray  # (3,) full extents along the box's own axes
    faces: np.ndarray  # (6,3) linear RGB, order of NORMALS
    edge: np.ndarray  # (3,) linear RGB of the bars

    def to_world(self, local: np.ndarray) -> np.ndarray:
        """(...,3) in [-1,1]^3 -> (...,3) world."""
        return local * (self.size / 2) @ self.rotation.T + self.centre

    @cached_property
    def corners(self) -> np.ndarray:
        """(8,3) world; x slowest, z fastest: (-x -y -z), (-x -y +z), (-x +y -z) ..."""
        return self.to_world(SIGNS)

    @cached_property
    def outer_corners(self) -> np.ndarray:
        """(8,3) world: the corners of what is seen of the box, bars included."""
        return self.to_world(SIGNS * OUTER)


@dataclass(frozen=True)
class View:
    """A square perspective picture without shift."""

    matrix: np.ndarray  # (4,4) camera to world: looks along -Z, +Y up
    half: float  # half a side of the picture at distance 1
    near: float = 0.1

    @property
    def eye(self) -> np.ndarray:
        return self.matrix[:3, 3]

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """(...,3) world -> (...,3): right, up, distance along the view axis (> 0 in front)."""
        local = (points - self.eye) @ self.matrix[:3, :3]
        return local * np.array([1.0, 1.0, -1.0])

    def to_pixels(self, camera: np.ndarray, size: int) -> np.ndarray:
        """(...,3) in camera space -> (...,2) pixel coordinates, x right, y down, (0,0) the upper left corner."""
        flat = camera[..., :2] / camera[..., 2:3] / (2 * self.half)
        return np.stack([(0.5 + flat[..., 0]) * size, (0.5 - flat[..., 1]) * size], -1)

    def directions(self, x: np.ndarray, y: np.ndarray, size: int) -> np.ndarray:
        """Pixel coordinates (n,) -> (n,3) world directions of length 1 along the view axis: t is the depth."""
        right, up, backward = self.matrix[:3, :3].T
        across = (x / size * 2 - 1) * self.half
        upward = (1 - y / size * 2) * self.half
        return across[:, None] * right + upward[:, None] * up - backward


@dataclass(frozen=True)
class Layout:
    """Everything that the condition picture shows."""

    cuboids: tuple[Cuboid, ...]
    view: View
    lights: np.ndarray  # (L,3) positions
    floor: float = 0.0  # height
    power: float = 700.0  # of each light, watts

    floor_half: float = field(default=FLOOR_HALF)

    def grounded(self, index: int) -> bool:
        """True when the box's bottom face lies in the floor's plane."""
        cuboid = self.cuboids[index]
        bottom = cuboid.centre[2] - cuboid.size[2] / 2
        return bool(abs(cuboid.rotation[2, 2] - 1) < 1e-9 and abs(bottom - self.floor) < 1e-5)


SIGNS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)

# Corners (indices into SIGNS) of each face, outward counter-clockwise.
FACE_CORNERS = np.array([[0, 1, 3, 2], [2, 3, 7, 6], [6, 7, 5, 4], [4, 5, 1, 0], [0, 2, 6, 4], [1, 5, 7, 3]], np.int32)


def _bar_points() -> np.ndarray:
    """(12,8,3): each edge's bar as the eight corners of a convex body with a kite-shaped section."""
    section = ((OUTER, OUTER, OUTER), (1.0, FLANK, FLANK), (INNER, INNER, INNER), (FLANK, 1.0, FLANK))
    out = []
    for axis, sa, sb in itertools.product(range(3), (-1, 1), (-1, 1)):
        for end in (-1, 1):
            for a, b, along in section[:: -sa * sb]:  # the order that turns the sides outwards
                point = np.zeros(3)
                point[axis], point[(axis + 1) % 3], point[(axis + 2) % 3] = end * along, sa * a, sb * b
                out.append(point)
    return np.array(out).reshape(12, 8, 3)


BAR_POINTS = _bar_points()
BAR_SIDES = np.array([[i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i] for i in range(4)])  # quads of one bar


def bars(cuboid: Cuboid) -> np.ndarray:
    """(12,8,3) world: the corners of the twelve edge bars; 0-3 at one end, 4-7 at the other."""
    return cuboid.to_world(BAR_POINTS)


def ahead(points: np.ndarray, near: float) -> np.ndarray:
    """Camera-space corners (P,3) of a convex body -> corners (Q,3) of its part at depth >= near; Q may be 0."""
    depth = points[:, 2]
    front = points[depth >= near]
    if len(front) == len(points) or len(front) == 0:
        return front
    i, j = np.nonzero((depth >= near)[:, None] & (depth < near)[None, :])
    t = (near - depth[j]) / (depth[i] - depth[j])
    return np.concatenate([front, points[j] + t[:, None] * (points[i] - points[j])])
