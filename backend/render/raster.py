"""The condition picture without Blender: deterministic ray tracing of cuboids in NumPy (spec 3.7).

Pixels whose four corners see the same faces are traced once; the others, and all that an edge bar touches, on a
grid of sub-samples. No torch, no bpy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import agx, hulls
from .boxes import ALPHA, BAR_SIDES, BOTTOM, FLOOR_ALBEDO, NORMALS, Cuboid, Layout, View, ahead, bars

TRANSPARENT_BOUNCES = 8  # the reference ends a path that crosses more faces
FLOOR_FIRST = 0.28  # weight of a bottom face that lies exactly on the floor (spec 3.7 item 5)
TILE = 64  # pixels a side
SHADOW_SIDE = 2048  # texels of each light's map of edge bars
CLEAR = 1e-4  # relative distance below which a surface does not shade itself


def render(
    layout: Layout, size: int = 512, samples: int = 4, progress: Callable[[int, int], None] = lambda step, of: None
) -> np.ndarray:
    """(size,size,3) uint8 sRGB. `progress(row of tiles, rows)` may raise to stop."""
    return agx.to_bytes(radiance(layout, size, samples, progress))


def radiance(
    layout: Layout, size: int = 512, samples: int = 4, progress: Callable[[int, int], None] = lambda step, of: None
) -> np.ndarray:
    """(size,size,3) float32 scene-linear; `samples`^2 rays in a pixel where edges pass."""
    scene = _Scene.of(layout)
    depth, owner = _draw_bars(layout, size * samples)
    out = np.zeros((size, size, 3), np.float32)
    starts = range(0, size, TILE)
    for step, top in enumerate(starts):
        progress(step, len(starts))
        for left in starts:
            rows, columns = min(TILE, size - top), min(TILE, size - left)
            fine = np.s_[top * samples : (top + rows) * samples, left * samples : (left + columns) * samples]
            tile = _Tile(left, top, columns, rows, size, samples, depth[fine], owner[fine])
            out[top : top + rows, left : left + columns] = _trace_tile(scene, tile)
    return out


# ---- what is traced


@dataclass(frozen=True)
class _Scene:
    """The layout in single precision arrays: N boxes, L lights."""

    layout: Layout
    centre: np.ndarray  # (N,3)
    to_local: np.ndarray  # (N,3,3): world offsets to the box's [-1,1]^3
    normals: np.ndarray  # (N,6,3) world
    faces: np.ndarray  # (N,6,3) linear RGB
    edges: np.ndarray  # (N,3)
    grounded: np.ndarray  # (N,) bool
    bounds: np.ndarray  # (N,4) left, top, right, bottom in units of the picture's side
    lamps: tuple[_Lamp, ...]

    @staticmethod
    def of(layout: Layout) -> _Scene:
        boxes = layout.cuboids
        return _Scene(
            layout,
            np.array([box.centre for box in boxes], np.float32).reshape(-1, 3),
            np.array([(box.rotation / (box.size / 2)).T for box in boxes], np.float32).reshape(-1, 3, 3),
            np.array([NORMALS @ box.rotation.T for box in boxes], np.float32).reshape(-1, 6, 3),
            np.array([box.faces for box in boxes], np.float32).reshape(-1, 6, 3),
            np.array([box.edge for box in boxes], np.float32).reshape(-1, 3),
            np.array([layout.grounded(i) for i in range(len(boxes))], bool),
            np.array([_bounds(box, layout.view) for box in boxes]).reshape(-1, 4),
            tuple(_Lamp.of(layout, light) for light in layout.lights),
        )


@dataclass(frozen=True)
class _Tile:
    left: int
    top: int
    columns: int
    rows: int
    size: int  # of the picture
    samples: int
    bar_depth: np.ndarray  # (rows*samples, columns*samples), inf where there is none
    bar_owner: np.ndarray

    def near(self, bounds: np.ndarray) -> np.ndarray:
        """Indices of the boxes (bounds (N,4)) that may show here."""
        low = np.array([self.left, self.top]) / self.size
        high = np.array([self.left + self.columns, self.top + self.rows]) / self.size
        return np.nonzero((bounds[:, :2] <= high).all(1) & (bounds[:, 2:] >= low).all(1))[0]


def _bounds(cuboid: Cuboid, view: View) -> tuple[float, float, float, float]:
    corners = ahead(view.to_camera(cuboid.outer_corners), view.near)
    if len(corners) == 0:
        return (2.0, 2.0, 2.0, 2.0)
    flat = view.to_pixels(corners, 1)
    return (*flat.min(0), *flat.max(0))


def _draw_bars(layout: Layout, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Depth (side,side) float32 of the nearest bar (inf: none) and the box it belongs to (side,side) int16."""
    depth = np.full((side, side), np.inf, np.float32)
    owner = np.full((side, side), -1, np.int16)
    for index, box in enumerate(layout.cuboids):
        for bar in bars(box):
            for quad in bar[BAR_SIDES]:
                rows, columns, z = _quad(quad, layout.view, side)
                nearer = z < depth[rows, columns]
                rows, columns = rows[nearer], columns[nearer]
                depth[rows, columns] = z[nearer]
                owner[rows, columns] = index
    return depth, owner


def _quad(corners: np.ndarray, view: View, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and depth (n,) of the pixels that a planar quad (4,3) covers; none when it faces away."""
    camera = view.to_camera(corners)
    normal = np.cross(camera[1] - camera[0], camera[3] - camera[0])
    offset = float(normal @ camera[0])
    body = ahead(camera, view.near)
    # Camera space with depth positive forward is left-handed: an outward quad has its normal towards the eye at > 0.
    if len(body) == 0 or offset <= 0:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0, np.float32)
    rows, columns = hulls.pixels(view.to_pixels(body, side), side, side)
    across = ((columns + 0.5) / side * 2 - 1) * view.half
    upward = (1 - (rows + 0.5) / side * 2) * view.half
    z = offset / (normal[0] * across + normal[1] * upward + normal[2])
    return rows, columns, z.astype(np.float32)


@dataclass(frozen=True)
class _Lamp:
    """A light, and the boxes as it sees them."""

    position: np.ndarray  # (3,) float32
    view: View
    bars: np.ndarray  # (SHADOW_SIDE,SHADOW_SIDE) float32 depth of the nearest edge bar, inf where there is none
    bounds: np.ndarray  # (N,4) left, top, right, bottom of each box, in units of the map's side

    @staticmethod
    def of(layout: Layout, light: np.ndarray) -> _Lamp:
        view = _light_view(layout, light)
        depth = np.full((SHADOW_SIDE, SHADOW_SIDE), np.inf, np.float32)
        for box in layout.cuboids:
            for bar in bars(box):
                for quad in bar[BAR_SIDES]:
                    rows, columns, z = _quad(quad, view, SHADOW_SIDE)
                    depth[rows, columns] = np.minimum(depth[rows, columns], z)
        bounds = np.array([_bounds(box, view) for box in layout.cuboids]).reshape(-1, 4)
        return _Lamp(light.astype(np.float32), view, depth, bounds)

    def sees(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points (n,3): those that no bar hides (n,) bool, and the boxes that may lie before any of them."""
        camera = self.view.to_camera(point)
        front = camera[:, 2] > self.view.near
        flat = self.view.to_pixels(np.where(front[:, None], camera, np.float32(1)), SHADOW_SIDE)
        column, row = np.floor(flat.T).astype(np.int32)
        inside = front & (column >= 0) & (column < SHADOW_SIDE) & (row >= 0) & (row < SHADOW_SIDE)
        nearest = self.bars[np.where(inside, row, 0), np.where(inside, column, 0)]
        hidden = inside & (nearest < camera[:, 2] * (1 - CLEAR))
        if not front.all():
            return ~hidden, np.arange(len(self.bounds))
        low, high = flat.min(0) / SHADOW_SIDE, flat.max(0) / SHADOW_SIDE
        near = (self.bounds[:, :2] <= high).all(1) & (self.bounds[:, 2:] >= low).all(1)
        return ~hidden, np.nonzero(near)[0]


def _light_view(layout: Layout, light: np.ndarray) -> View:
    """From the light towards the boxes, just wide enough for all of them."""
    if not layout.cuboids:
        return View(_looking(light, np.array([0.0, 0.0, 1.0])), 1.0, 0.01)
    corners = np.concatenate([box.outer_corners for box in layout.cuboids])
    matrix = _looking(light, light - (corners.min(0) + corners.max(0)) / 2)
    seen = View(matrix, 1.0).to_camera(corners)
    seen = seen[seen[:, 2] > 0.01]
    half = 1.01 * float(np.abs(seen[:, :2] / seen[:, 2:]).max()) if len(seen) else 1.0
    return View(matrix, half, 0.01)


def _looking(position: np.ndarray, backward: np.ndarray) -> np.ndarray:
    """(4,4) camera to world."""
    backward = backward / max(float(np.linalg.norm(backward)), 1e-12)
    right = np.cross([0.0, 0.0, 1.0] if abs(backward[2]) < 0.99 else [1.0, 0.0, 0.0], backward)
    right = right / np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :4] = np.stack([right, np.cross(backward, right), backward, position], -1)
    return matrix


# ---- tracing


def _trace_tile(scene: _Scene, tile: _Tile) -> np.ndarray:
    """(rows,columns,3) linear."""
    boxes = tile.near(scene.bounds)
    k = tile.samples
    fine = _needs_samples(scene, tile, boxes)
    out = np.zeros((tile.rows, tile.columns, 3), np.float32)
    y, x = np.nonzero(~fine)
    if len(y):
        nothing = np.full(len(y), np.inf, np.float32)
        out[y, x] = _trace(scene, boxes, x + tile.left + 0.5, y + tile.top + 0.5, tile.size, nothing, None)
    y, x = np.nonzero(fine)
    if len(y):
        sub_y = (y[:, None] * k + np.repeat(np.arange(k), k)).ravel()
        sub_x = (x[:, None] * k + np.tile(np.arange(k), k)).ravel()
        px, py = (sub_x + 0.5) / k + tile.left, (sub_y + 0.5) / k + tile.top
        depth, owner = tile.bar_depth[sub_y, sub_x], tile.bar_owner[sub_y, sub_x]
        colour = _trace(scene, boxes, px, py, tile.size, depth, owner)
        out[y, x] = colour.reshape(len(y), k * k, 3).mean(1)
    return out


def _needs_samples(scene: _Scene, tile: _Tile, boxes: np.ndarray) -> np.ndarray:
    """(rows,columns) bool: a bar touches the pixel, or its corners do not see the same faces."""
    k = tile.samples
    touched = np.isfinite(tile.bar_depth).reshape(tile.rows, k, tile.columns, k)
    fine = np.array(touched.any((1, 3)))
    y, x = np.mgrid[0 : tile.rows + 1, 0 : tile.columns + 1]
    direction = scene.layout.view.directions(x.ravel() + tile.left, y.ravel() + tile.top, tile.size)
    direction = direction.astype(np.float32)
    origin = scene.layout.view.eye.astype(np.float32)
    codes = [_floor_depth(scene, direction) < np.inf]
    for box in boxes:
        near, far, first, last = _slabs(scene, box, origin[None], direction)
        codes.append(np.where((near < far) & (far > 0), first * 6 + last, -1))
    for code in codes:
        grid = code.reshape(tile.rows + 1, tile.columns + 1)
        fine |= (grid[:-1, :-1] != grid[1:, :-1]) | (grid[:-1, :-1] != grid[:-1, 1:]) | (grid[:-1, :-1] != grid[1:, 1:])
    return fine


def _trace(
    scene: _Scene, boxes: np.ndarray, x: np.ndarray, y: np.ndarray, size: int, bar: np.ndarray, owner: np.ndarray | None
) -> np.ndarray:
    """Linear RGB (n,3) along the rays through the pixel positions; `bar` (n,) depth of an edge bar or inf."""
    direction = scene.layout.view.directions(x, y, size).astype(np.float32)
    origin = scene.layout.view.eye.astype(np.float32)
    floor = _floor_depth(scene, direction)
    opaque = np.minimum(floor, bar)
    depth, which, weight = _events(scene, boxes, origin, direction, opaque, bar)
    order = np.argsort(depth, axis=0, kind="stable")

    colour = np.zeros((len(x), 3), np.float32)
    through = np.ones(len(x), np.float32)
    count = np.isfinite(depth).sum(0)
    for k in range(min(int(count.max(initial=0)), TRANSPARENT_BOUNCES + 1)):
        rays = np.nonzero(count > k)[0]
        event = order[k, rays]
        point = origin + depth[event, rays, None] * direction[rays]
        box, face = boxes[event // 2], which[event, rays]
        normal = scene.normals[box, face]
        normal = normal * -np.sign(np.einsum("ij,ij->i", normal, direction[rays]))[:, None]
        light = _irradiance(scene, point, normal, np.full(len(rays), k))
        strength = ALPHA * weight[event, rays]
        colour[rays] += (through[rays] * strength * (1 + light / np.pi))[:, None] * scene.faces[box, face]
        through[rays] *= 1 - strength

    through[count > TRANSPARENT_BOUNCES] = 0
    rays = np.nonzero((floor < bar) & (through > 0))[0]
    point = origin + floor[rays, None] * direction[rays]
    up = np.broadcast_to(np.array([0, 0, 1], np.float32), point.shape)
    lit = FLOOR_ALBEDO / np.pi * _irradiance(scene, point, up, count[rays])
    colour[rays] += (through[rays] * lit)[:, None]
    if owner is not None:
        rays = np.nonzero((bar <= floor) & np.isfinite(bar))[0]
        colour[rays] += through[rays, None] * scene.edges[owner[rays]]
    return colour


def _events(
    scene: _Scene, boxes: np.ndarray, origin: np.ndarray, direction: np.ndarray, opaque: np.ndarray, bar: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry and exit of each box, rows 2i and 2i+1: depth (inf: none), face, weight; all (2M,n)."""
    shape = (2 * len(boxes), len(direction))
    depth = np.full(shape, np.inf, np.float32)
    which = np.zeros(shape, np.int8)
    weight = np.ones(shape, np.float32)
    near_plane = scene.layout.view.near
    for i, box in enumerate(boxes):
        near, far, first, last = _slabs(scene, box, origin[None], direction)
        hit = near < far
        depth[2 * i] = np.where(hit & (near > near_plane) & (near < opaque), near, np.inf)
        behind = opaque
        if scene.grounded[box]:
            on_floor = last == BOTTOM
            behind = np.where(on_floor, bar, opaque)
            weight[2 * i + 1] = np.where(on_floor, FLOOR_FIRST, 1)
        depth[2 * i + 1] = np.where(hit & (far > near_plane) & (far < behind), far, np.inf)
        which[2 * i], which[2 * i + 1] = first, last
    return depth, which, weight


# Face index of the slab entered or left: by axis, on the low and on the high side.
_LOW = np.array([0, 3, 4], np.int8)
_HIGH = np.array([2, 1, 5], np.int8)


def _slabs(
    scene: _Scene, box: int, origin: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ray parameter of entry and exit (n,), and the faces; entry < exit where the line meets the box."""
    near, far, forward = _spans(scene, box, origin, direction)
    first, last = near.argmax(0), far.argmin(0)
    each = np.arange(near.shape[1])
    entered = np.where(forward[first, each], _LOW[first], _HIGH[first])
    left = np.where(forward[last, each], _HIGH[last], _LOW[last])
    return near[first, each], far[last, each], entered, left


def _crossings(scene: _Scene, box: int, point: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """How many faces of the box lie between the points and the ends of their segments: (n,) of 0, 1, 2."""
    near, far, _ = _spans(scene, box, point, segment)
    near, far = near.max(0), far.min(0)
    met = near < far
    return (met & (near > CLEAR) & (near < 1)).astype(np.int8) + (met & (far > CLEAR) & (far < 1))


def _spans(
    scene: _Scene, box: int, origin: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each axis' slab, (3,n): parameter of entry, of exit, whether the ray goes along the axis."""
    o = scene.to_local[box] @ (origin - scene.centre[box]).T
    d = scene.to_local[box] @ direction.T
    d[np.abs(d) < 1e-12] = 1e-12
    inverse = 1 / d
    middle, reach = -o * inverse, np.abs(inverse)
    return middle - reach, middle + reach, d > 0


def _floor_depth(scene: _Scene, direction: np.ndarray) -> np.ndarray:
    """(n,) depth of the floor, inf where it is not seen."""
    layout = scene.layout
    eye = layout.view.eye.astype(np.float32)
    down = direction[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = (np.float32(layout.floor) - eye[2]) / down
        point = eye[:2] + depth[:, None] * direction[:, :2]
        seen = (depth >= layout.view.near) & (np.abs(point) <= layout.floor_half).all(-1)
    return np.where(seen, depth, np.float32(np.inf))


def _irradiance(scene: _Scene, point: np.ndarray, normal: np.ndarray, crossed: np.ndarray) -> np.ndarray:
    """(n,) irradiance at points whose rays crossed so many faces already: they and the shadow ray share a budget."""
    total = np.zeros(len(point), np.float32)
    if len(point) == 0:
        return total
    scale = np.float32(scene.layout.power / (4 * np.pi))
    for lamp in scene.lamps:
        segment = lamp.position - point
        square = np.einsum("ij,ij->i", segment, segment)
        facing = np.einsum("ij,ij->i", segment, normal) / np.sqrt(square)
        unhidden, boxes = lamp.sees(point)
        lit = np.nonzero((facing > 0) & unhidden)[0]
        faces = np.zeros(len(lit), np.int16)
        for box in boxes:
            faces += _crossings(scene, box, point[lit], segment[lit])
        arriving = scale * facing[lit] / square[lit] * np.float32(1 - ALPHA) ** faces
        total[lit] += np.where(faces <= TRANSPARENT_BOUNCES - crossed[lit], arriving, 0)
    return total
