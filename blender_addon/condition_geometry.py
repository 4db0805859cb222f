"""What the condition shows, as arrays for the GPU: a lit floor, opaque edge bars, translucent faces back to front.

The same recipe as the backend's analytic renderer, less shadows: light is evaluated at corners and runs evenly between
them. Canonical units (SeeThrough3D's own frame), scene-linear colours. NumPy only: no bpy, no gpu.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from ..backend.protocol.seethrough3d import colours, frame, lights

ALPHA = 0.025  # opacity of a face; it scales its light too
ON_FLOOR = 0.28  # weight of a bottom face that lies in the floor's plane: the reference shows it in so many rays
LIFT = 1e-3  # such a face is drawn so much higher, or floor and face would fight for the pixel
POWER = 700.0  # of each light, watts
FLOOR_HALF, FLOOR_ALBEDO, FLOOR_CELLS = 25.0, 0.05, 32
NEAR, FAR = 0.1, 200.0
BOTTOM = 4  # of the faces: -X +Y +X -Y -Z +Z
OUTER, INNER, FLANK = 1 + 0.02 / math.sqrt(3), 1 - 0.02 / math.sqrt(3), 0.98  # of an edge bar, half sides

SIGNS = np.array(list(itertools.product((-1, 1), repeat=3)), np.float64)
FACES = np.array([[0, 1, 3, 2], [2, 3, 7, 6], [6, 7, 5, 4], [4, 5, 1, 0], [0, 2, 6, 4], [1, 5, 7, 3]])
NORMALS = np.array([[-1, 0, 0], [0, 1, 0], [1, 0, 0], [0, -1, 0], [0, 0, -1], [0, 0, 1]], np.float64)
QUAD = np.array([[0, 1, 2], [0, 2, 3]])


@dataclass(frozen=True)
class Geometry:
    """Positions (V,3), colours (V,4) premultiplied, triangles (T,3): opaque ones, and faces from back to front."""

    opaque: tuple[np.ndarray, np.ndarray, np.ndarray]
    faces: tuple[np.ndarray, np.ndarray, np.ndarray]
    projection: np.ndarray  # (4,4) canonical world to clip space


def build(layout: frame.CanonicalLayout) -> Geometry:
    camera = frame.camera_matrix(layout)
    sizes = np.array([box.size for box in layout.boxes], np.float64).reshape(-1, 3)
    floors = np.array([box.position for box in layout.boxes], np.float64).reshape(-1, 3)
    floors += np.array([frame.CENTRE_X, 0.0, 0.0])
    turns = np.radians([box.azimuth for box in layout.boxes])
    rotations = _about_z(turns)
    to_world = rotations * (sizes / 2)[:, None, :]  # columns are half sides
    centres = floors + np.array([0, 0, 0.5]) * sizes
    return Geometry(
        _joined(_floor(layout.floor), _bars(to_world, centres, floors, layout.floor)),
        _faces(to_world, rotations, centres, floors, layout.floor, camera),
        _projection(camera, layout.lens),
    )


def irradiance(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """(...,3), (...,3) -> (...,) from the five lights, without shadows."""
    total = np.zeros(points.shape[:-1])
    for light in LIGHTS:
        segment = light - points
        square = np.einsum("...i,...i->...", segment, segment)
        facing = np.einsum("...i,...i->...", segment, normals)
        total += POWER / (4 * np.pi) * np.maximum(facing, 0) / (square * np.sqrt(square))
    return total


LIGHTS = lights.fixed()


def _about_z(turns: np.ndarray) -> np.ndarray:
    """(N,) radians -> (N,3,3)."""
    out = np.zeros((len(turns), 3, 3))
    out[:, 0, 0] = out[:, 1, 1] = np.cos(turns)
    out[:, 1, 0] = np.sin(turns)
    out[:, 0, 1] = -out[:, 1, 0]
    out[:, 2, 2] = 1
    return out


def _projection(camera: np.ndarray, lens: float) -> np.ndarray:
    scale = 2 * lens / frame.SENSOR
    depth = (FAR + NEAR) / (NEAR - FAR), 2 * FAR * NEAR / (NEAR - FAR)
    clip = np.array([[scale, 0, 0, 0], [0, scale, 0, 0], [0, 0, *depth], [0, 0, -1, 0]])
    return clip @ np.linalg.inv(camera)


def _faces(
    to_world: np.ndarray,
    rotations: np.ndarray,
    centres: np.ndarray,
    floors: np.ndarray,
    ground: float,
    camera: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    corners = np.einsum("nij,fcj->nfci", to_world, SIGNS[FACES]) + centres[:, None, None]  # (N,6,4,3)
    weight = np.ones(corners.shape[:2])
    grounded = np.abs(floors[:, 2] - ground) < 1e-5
    weight[grounded, BOTTOM] = ON_FLOOR
    corners[grounded, BOTTOM, :, 2] += LIFT
    normals = np.einsum("nij,fj->nfi", rotations, NORMALS)
    middle, eye = corners.mean(2), camera[:3, 3]
    away = np.einsum("nfi,nfi->nf", normals, eye - middle) < 0
    normals[away] *= -1
    light = irradiance(corners, np.broadcast_to(normals[:, :, None], corners.shape)) / np.pi
    alpha = ALPHA * weight
    shade = np.zeros((*corners.shape[:3], 4))
    shade[..., :3] = (alpha[:, :, None] * (1 + light))[..., None] * colours.FACES[None, :, None]
    shade[..., 3] = alpha[:, :, None]
    depth = np.einsum("nfi,i->nf", eye - middle, camera[:3, 2])
    order = np.argsort(-depth.ravel())  # the farthest first
    return corners.reshape(-1, 3), shade.reshape(-1, 4), _triangles(order)


def _triangles(quads: np.ndarray) -> np.ndarray:
    """Indices of quads of four vertices each -> (2Q,3)."""
    return (quads[:, None, None] * 4 + QUAD).reshape(-1, 3)


def _bar_template() -> np.ndarray:
    """(48,4,3): the sides of the twelve bars around a cube of half side 1; each has a kite as its section."""
    quads = []
    for axis, a, b in itertools.product(range(3), (-1, 1), (-1, 1)):
        section = ((OUTER, OUTER, OUTER), (1.0, FLANK, FLANK), (INNER, INNER, INNER), (FLANK, 1.0, FLANK))
        ends = []
        for end in (-1, 1):
            ring = []
            for first, second, along in section:
                point = [0.0] * 3
                point[axis], point[(axis + 1) % 3], point[(axis + 2) % 3] = end * along, a * first, b * second
                ring.append(point)
            ends.append(ring)
        quads += [[ends[0][i], ends[0][(i + 1) % 4], ends[1][(i + 1) % 4], ends[1][i]] for i in range(4)]
    return np.array(quads)


BARS = _bar_template()


def _bars(
    to_world: np.ndarray, centres: np.ndarray, floors: np.ndarray, ground: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points = np.einsum("nij,qcj->nqci", to_world, BARS) + centres[:, None, None]
    shade = np.ones((len(centres), 4))
    shade[:, :3] = [colours.edge(x, y, z - ground)[:3] for x, y, z in floors] or np.zeros((0, 3))
    per_vertex = np.repeat(shade, BARS.shape[0] * 4, 0)
    return points.reshape(-1, 3), per_vertex, _triangles(np.arange(len(centres) * len(BARS)))


def _floor(height: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    steps = np.linspace(-FLOOR_HALF, FLOOR_HALF, FLOOR_CELLS + 1)
    x, y = np.meshgrid(steps, steps)
    points = np.stack([x, y, np.full_like(x, height)], -1).reshape(-1, 3)
    light = irradiance(points, np.broadcast_to(np.array([0.0, 0.0, 1.0]), points.shape))
    shade = np.ones((len(points), 4))
    shade[:, :3] = (FLOOR_ALBEDO / np.pi * light)[:, None]
    row, column = np.divmod(np.arange(FLOOR_CELLS * FLOOR_CELLS), FLOOR_CELLS)
    low = row * (FLOOR_CELLS + 1) + column
    quads = np.stack([low, low + 1, low + FLOOR_CELLS + 2, low + FLOOR_CELLS + 1], -1)
    return points, shade, quads[:, QUAD].reshape(-1, 3)


def _joined(*parts: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start, triangles = 0, []
    for points, _, indices in parts:
        triangles.append(indices + start)
        start += len(points)
    return np.concatenate([p for p, _, _ in parts]), np.concatenate([s for _, s, _ in parts]), np.concatenate(triangles)
