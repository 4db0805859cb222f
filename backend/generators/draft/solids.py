"""Watertight solids with flat UV charts in metres: the bricks of every kind.

Conventions: a solid takes its name, its material slot and then its place in the box frame, mostly as spans
`x=(low, high)`. Edges are rounded because sharp ones look false: `bevel` is the radius in metres, cut down where the
piece is too thin. All of them give `Part`s whose faces look outward. numpy only.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy import ndarray

from .asset import Part, flatten, volume
from .outlines import Span, circle, length, middle, rounded_rectangle, shrink, signed_area, split, triangulate

SMOOTH = 50.0  # degrees: the 45 degree steps of a bevel are smooth, the edges of a facet are not


# --- blocks: the surface of a lattice, bent into boxes, cushions, pillows and ellipsoids -----------------------------


def box(
    name: str,
    slot: str,
    x: Span,
    y: Span,
    z: Span,
    bevel: float = 0.004,
    segments: int = 1,
    smooth: float = SMOOTH,
    grain: int | None = None,
) -> Part:
    """A box with rounded edges of 2*`segments` facets; grain along its longest side unless told otherwise."""
    half, centre = _half_and_centre(x, y, z)
    bevel = min(bevel, 0.49 * 2 * half.min())
    theta = np.linspace(0, np.pi / 4, segments + 1)
    rim, flat_rim = np.tan(theta), theta
    axes = [np.concatenate([-(h - bevel) - bevel * rim[::-1], (h - bevel) + bevel * rim]) for h in half]
    flats = [np.concatenate([-(h - bevel) - bevel * flat_rim[::-1], (h - bevel) + bevel * flat_rim]) for h in half]
    points, faces, uvs, charts = _block(axes, flats)
    core = np.clip(points, -(half - bevel), half - bevel)
    out = points - core
    points = core + bevel * out / np.maximum(np.linalg.norm(out, axis=1), 1e-12)[:, None]
    grain = int(np.argmax(half)) if grain is None else grain
    return _solid(name, slot, points + centre, faces, uvs, charts, smooth, grain)


def cushion(
    name: str,
    slot: str,
    x: Span,
    y: Span,
    z: Span,
    softness: float = 0.6,
    crown: Sequence[float] = (0.0, 0.0, 0.25),
    segments: int = 3,
    cells: int = 4,
) -> Part:
    """An upholstered block: wide round edges and sides that bulge.

    `softness` 0..1 is the edge radius as a share of half the thinnest side; `crown` is how much of each half side is
    bulge, 0..0.6 for each axis.
    """
    half, centre = _half_and_centre(x, y, z)
    flat = half * (1 - np.asarray(crown))
    bevel = np.clip(softness, 0.05, 0.97) * flat.min()
    theta = np.linspace(0, np.pi / 4, segments + 1)
    inner = [np.linspace(-1, 1, cells + 1)[1:-1] * (f - bevel) for f in flat]
    axes, flats = (
        [
            np.concatenate([-(f - bevel) - bevel * rim[::-1], middle_part, (f - bevel) + bevel * rim])
            for f, middle_part in zip(flat, inner, strict=True)
        ]
        for rim in (np.tan(theta), theta)
    )
    points, faces, uvs, charts = _block(axes, flats)
    core = np.clip(points, -(flat - bevel), flat - bevel)
    out = points - core
    points = core + bevel * out / np.maximum(np.linalg.norm(out, axis=1), 1e-12)[:, None]
    unit = points / flat
    falloff = 1 - unit**2
    bulge = np.stack([falloff[:, 1] * falloff[:, 2], falloff[:, 2] * falloff[:, 0], falloff[:, 0] * falloff[:, 1]], 1)
    points = points + unit * bulge * (half - flat)
    return _solid(name, slot, points + centre, faces, uvs, charts, 80.0, int(np.argmax(half)))


def pillow(name: str, slot: str, x: Span, y: Span, z: Span, pinch: float = 0.08, cells: int = 12) -> Part:
    """A thrown pillow lying flat: fat in the middle, thin at the seam, sides drawn in by `pinch`. Thin axis z."""
    half, centre = _half_and_centre(x, y, z)
    line = np.sin(np.linspace(-1, 1, cells + 1) * np.pi / 2)
    axes = [line * half[0], line * half[1], np.array([-half[2], half[2]])]
    points, faces, uvs, charts = _block(axes, axes)
    u, v = points[:, 0] / half[0], points[:, 1] / half[1]
    fat = 0.06 + 0.94 * np.sqrt(np.clip((1 - u**4) * (1 - v**4), 0, 1))
    drawn = np.stack([points[:, 0] * (1 - pinch * (1 - v**2)), points[:, 1] * (1 - pinch * (1 - u**2))], axis=1)
    points = np.concatenate([drawn, (points[:, 2] * fat)[:, None]], axis=1)
    return _solid(name, slot, points + centre, faces, uvs, charts, 75.0, 0)


def ellipsoid(
    name: str, slot: str, centre: Sequence[float] | ndarray, radii: Sequence[float] | ndarray, segments: int = 8
) -> Part:
    """A ball stretched along the axes, made of six patches of segments x segments quads (no poles)."""
    line = np.linspace(-np.pi / 4, np.pi / 4, segments + 1)
    points, faces, uvs, charts = _block([np.tan(line)] * 3, [line] * 3)
    points = points / np.linalg.norm(points, axis=1)[:, None] * np.asarray(radii, dtype=float)
    return _solid(name, slot, points + np.asarray(centre), faces, uvs, charts, 80.0, int(np.argmax(radii)))


def superellipsoid(name: str, slot: str, x: Span, y: Span, z: Span, power: float = 4.0, segments: int = 8) -> Part:
    """Between ellipsoid (power 2) and box (large power): helmets, appliances, soft stones."""
    half, centre = _half_and_centre(x, y, z)
    line = np.linspace(-np.pi / 4, np.pi / 4, segments + 1)
    points, faces, uvs, charts = _block([np.tan(line)] * 3, [line] * 3)
    points = points / np.sum(np.abs(points) ** power, axis=1)[:, None] ** (1 / power) * half
    return _solid(name, slot, points + centre, faces, uvs, charts, 80.0, int(np.argmax(half)))


# --- things turned, swept and cut out ---------------------------------------------------------------------------------


def lathe(
    name: str,
    slot: str,
    profile: Sequence | ndarray,
    at: Sequence[float] | ndarray = (0.0, 0.0, 0.0),
    sides: int = 32,
    smooth: float = SMOOTH,
) -> Part:
    """Turn a profile (P,2) of (radius, height) around the vertical line through `at`.

    A profile that starts and ends on the axis (radius 0) gives a ball-like solid; any other is closed to a loop
    (a bowl's wall, a lampshade, a ring). Charts: discs where the profile runs outward, strips where it runs upward.
    """
    profile = np.asarray(profile, dtype=float)
    loop = profile[0, 0] > 0
    if loop:
        profile = np.concatenate([profile, profile[:1]])
    angle = np.arange(sides + 1) * (2 * np.pi / sides)
    turns = np.stack([np.cos(angle), np.sin(angle)], axis=1)  # (sides+1,2)
    rows, vertices = _lathe_vertices(profile, turns[:-1], loop)
    faces, uvs, charts = [], [], []
    for chart, (first, last) in enumerate(_lathe_runs(profile)):
        grid = _lathe_chart(profile[first : last + 1], angle, turns)  # (points,sides+1,2)
        for k in range(first, last):
            quads = np.stack([rows[k][:-1], rows[k][1:], rows[k + 1][1:], rows[k + 1][:-1]], axis=1)
            near, far = grid[k - first], grid[k - first + 1]
            corners = np.stack([near[:-1], near[1:], far[1:], far[:-1]], axis=1)
            keep = [t for t, end in (((0, 1, 2), profile[k, 0]), ((0, 2, 3), profile[k + 1, 0])) if end > 0]
            for t in keep:
                faces.append(quads[:, t])
                uvs.append(corners[:, t])
                charts.append(np.full(sides, chart))
    return _solid(
        name,
        slot,
        vertices + np.asarray(at),
        np.concatenate(faces),
        np.concatenate(uvs),
        np.concatenate(charts),
        smooth,
        2,
    )


def cylinder(
    name: str,
    slot: str,
    base: Sequence[float] | ndarray,
    top: Sequence[float] | ndarray,
    radius: float,
    top_radius: float | None = None,
    bevel: float = 0.003,
    sides: int = 24,
) -> Part:
    """A cylinder or tapered leg from `base` to `top` (slanted if they say so) with rounded rims."""
    foot, head = np.asarray(base, dtype=float), np.asarray(top, dtype=float)
    top_radius = radius if top_radius is None else top_radius
    height = float(np.linalg.norm(head - foot))
    bevel = min(bevel, 0.4 * min(radius, top_radius), 0.3 * height)
    low, high = (np.radians(30) * np.arange(4) for _ in range(2))
    profile = np.concatenate(
        [
            [(0.0, 0.0)],
            np.stack([radius - bevel + bevel * np.sin(low), bevel - bevel * np.cos(low)], axis=1),
            np.stack([top_radius - bevel + bevel * np.cos(high), height - bevel + bevel * np.sin(high)], axis=1),
            [(0.0, height)],
        ]
    )
    return _stand(lathe(name, slot, profile, sides=sides), foot, head)


def torus(
    name: str,
    slot: str,
    centre: Sequence[float] | ndarray,
    radius: float,
    thickness: float,
    axis: int = 2,
    sides: int = 32,
) -> Part:
    """A ring of round section; `radius` to the middle of the section, `thickness` its diameter."""
    ring = lathe(name, slot, circle(thickness / 2, 12) + np.array([radius, 0.0]), sides=sides, smooth=80.0)
    turned = {0: ("y", 90.0), 1: ("x", 90.0), 2: ("x", 0.0)}[axis]
    return move(turn(ring, *turned), *centre)


def tube(
    name: str,
    slot: str,
    path: Sequence | ndarray,
    radius: float | Sequence[float] | ndarray,
    sides: int = 12,
    closed: bool = False,
) -> Part:
    """A round bar along a path (N,3), its radius one for all or one per point."""
    radius = np.broadcast_to(np.asarray(radius, dtype=float), (len(path),))
    return sweep(name, slot, path, circle(1.0, sides), scale=radius, closed=closed, smooth=60.0)


def sweep(
    name: str,
    slot: str,
    path: Sequence | ndarray,
    section: ndarray,
    scale: float | ndarray = 1.0,
    closed: bool = False,
    up: Sequence[float] = (0.0, 0.0, 1.0),
    smooth: float = SMOOTH,
) -> Part:
    """Draw a section (S,2) of (sideways, up) along a path (N,3) with mitred corners; a closed path must be planar."""
    path = np.asarray(path, dtype=float)
    scale = np.broadcast_to(np.asarray(scale, dtype=float), (len(path),))
    along = np.diff(np.concatenate([path, path[:1]]) if closed else path, axis=0)
    along = along / np.linalg.norm(along, axis=1)[:, None]
    offsets = _section_frame(along[-1] if closed else along[0], up, section)
    rings = []
    for k, point in enumerate(path):
        before = along[k - 1] if closed or k else along[0]
        after = along[k] if k < len(along) else along[-1]
        plane = before + after
        offsets = offsets - np.outer(offsets @ plane / (before @ plane), before)
        rings.append(point + scale[k] * offsets)
    return skin(name, slot, np.array(rings), closed, smooth, int(np.argmax(np.ptp(path, axis=0))))


def skin(name: str, slot: str, rings: ndarray, closed: bool, smooth: float, grain: int) -> Part:
    """A skin over rings of points (R,S,3): one chart around the side, and a flat cap at each end unless they close."""
    count, sides = rings.shape[:2]
    index = np.arange(count * sides).reshape(count, sides)
    index = np.concatenate([index, index[:, :1]], axis=1)
    ring_lengths = np.linalg.norm(np.diff(np.concatenate([rings, rings[:, :1]], axis=1), axis=1), axis=2).mean(axis=0)
    u = np.concatenate([[0.0], np.cumsum(ring_lengths)])
    v = _closed_lengths(rings) if closed else _arc_lengths(rings.transpose(1, 0, 2))
    if closed:
        index = np.concatenate([index, index[:1]])
    faces, uvs = _grid_faces(index, np.stack(np.broadcast_arrays(u[None, :], v[:, None]), axis=2))
    faces, uvs, charts = [faces], [uvs], [np.zeros(len(faces))]
    if not closed:
        for chart, ring in ((1, 0), (2, count - 1)):
            flat = _project(rings[ring])
            order = np.arange(sides) if signed_area(flat) > 0 else np.arange(sides)[::-1]
            triangles = order[triangulate(flat[order])]
            outward = triangles if _closes(triangles, ring == 0) else triangles[:, ::-1]
            faces.append(outward + ring * sides)
            uvs.append(flat[outward])
            charts.append(np.full(len(outward), chart))
    return _solid(
        name,
        slot,
        rings.reshape(-1, 3),
        np.concatenate(faces),
        np.concatenate(uvs),
        np.concatenate(charts),
        smooth,
        grain,
    )


def prism(
    name: str,
    slot: str,
    outline: Sequence | ndarray,
    axis: str,
    span: Span,
    bevel: float = 0.003,
    segments: int = 2,
    smooth: float = SMOOTH,
    grain: int | None = None,
) -> Part:
    """Cut out an outline (N,2) and give it thickness along `axis`, with rounded rims.

    The outline's coordinates are (y, z) for axis "x", (x, z) for "y" and (x, y) for "z".
    """
    outline = np.asarray(outline, dtype=float)
    outline = outline if signed_area(outline) > 0 else outline[::-1]
    bevel = min(bevel, 0.4 * length(span))
    if bevel > 1e-6:
        angles = np.radians(np.linspace(0, 90, segments + 1)[:-1])
        rims = [(shrink(outline, bevel * (1 - np.sin(t))), bevel * (1 - np.cos(t))) for t in angles]
    else:
        bevel, rims = 0.0, []
    layers = [(ring, span[0] + depth) for ring, depth in rims]
    layers += [(outline, span[0] + bevel), (outline, span[1] - bevel)]
    layers += [(ring, span[1] - depth) for ring, depth in rims[::-1]]
    order = {"x": (2, 0, 1), "y": (0, 2, 1), "z": (0, 1, 2)}[axis]
    rings = np.stack([np.concatenate([ring, np.full((len(ring), 1), at)], axis=1) for ring, at in layers])[..., order]
    extent = np.ptp(rings.reshape(-1, 3), axis=0)
    return skin(name, slot, rings, False, smooth, int(np.argmax(extent)) if grain is None else grain)


def plate(
    name: str,
    slot: str,
    x: Span,
    y: Span,
    z: Span,
    axis: str = "z",
    corner: float = 0.02,
    bevel: float = 0.003,
    segments: int = 4,
    grain: int | None = None,
) -> Part:
    """A board with round corners (seen along `axis`) and rounded rims: table tops, phones, seats."""
    spans = {"x": (y, z, x), "y": (x, z, y), "z": (x, y, z)}[axis]
    outline = rounded_rectangle(spans[0], spans[1], corner, segments)
    return prism(name, slot, outline, axis, spans[2], bevel, grain=grain)


def frame(name: str, slot: str, x: Span, y: Span, z: Span, width: float, bevel: float = 0.003, axis: str = "y") -> Part:
    """A rectangular ring with mitred corners, seen along `axis`: picture and window frames, rims of screens."""
    a, b, depth = {"x": (y, z, x), "y": (x, z, y), "z": (x, y, z)}[axis]
    width = min(width, 0.45 * min(length(a), length(b)))
    w = width / 2
    corners = [(a[0] + w, b[0] + w), (a[1] - w, b[0] + w), (a[1] - w, b[1] - w), (a[0] + w, b[1] - w)]
    order = {"x": (2, 0, 1), "y": (0, 2, 1), "z": (0, 1, 2)}[axis]
    path = np.array([(*corner, middle(depth)) for corner in corners])[:, order]
    up = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}[axis]
    section = rounded_rectangle((-w, w), (-length(depth) / 2, length(depth) / 2), bevel, 2)
    return sweep(name, slot, path, section, closed=True, up=up)


def sheet(name: str, slot: str, points: ndarray, thickness: float, smooth: float = 70.0) -> Part:
    """Cloth, leaf or shell: a grid of points (N,M,3) thickened evenly to both sides."""
    rows, columns = points.shape[:2]
    normal = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    normal = normal / np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-12) * (thickness / 2)
    vertices = np.concatenate([(points + normal).reshape(-1, 3), (points - normal).reshape(-1, 3)])
    index = np.arange(rows * columns).reshape(rows, columns)
    u, v = _arc_lengths(points.transpose(1, 0, 2)), _arc_lengths(points)
    grid = np.stack(np.broadcast_arrays(u[:, None], v[None, :]), axis=2)  # (rows,columns,2)
    top, top_uv = _grid_faces(index, grid)
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    rim = rim[::-1]  # against the edges of the upper side
    around = _closed_lengths(points.reshape(-1, 3)[rim])
    strip = np.stack([np.append(rim, rim[0]), np.append(rim, rim[0]) + rows * columns])
    edge, edge_uv = _grid_faces(
        strip, np.stack(np.broadcast_arrays(around[None, :], np.array([0.0, thickness])[:, None]), axis=2)
    )
    faces = np.concatenate([top, top[:, ::-1] + rows * columns, edge])
    uvs = np.concatenate([top_uv, top_uv[:, ::-1], edge_uv])
    charts = np.repeat([0, 1, 2], [len(top), len(top), len(edge)])
    extent = np.ptp(points.reshape(-1, 3), axis=0)
    return _solid(name, slot, vertices, faces, uvs, charts, smooth, int(np.argmax(extent)))


def tiles(
    name: str, slot: str, x: Span, y: Span, z: Span, counts: tuple[int, int, int], gap: float, bevel: float
) -> Part:
    """A grid of equal boxes with gaps, as one part: keyboard keys, vents, stickers, studs."""
    return merge(
        name,
        [
            box(name, slot, xs, ys, zs, bevel)
            for xs in split(x, counts[0], gap)
            for ys in split(y, counts[1], gap)
            for zs in split(z, counts[2], gap)
        ],
    )


# --- moving and joining -----------------------------------------------------------------------------------------------


def move(part: Part, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Part:
    return replace(part, vertices=part.vertices + np.array([x, y, z]))


def turn(part: Part, axis: str, degrees: float, about: Sequence[float] = (0.0, 0.0, 0.0)) -> Part:
    """Turn about an axis through `about`, counter-clockwise when the axis points at the viewer."""
    matrix = rotation(axis, degrees)
    grain = int(np.argmax(np.abs(matrix[:, part.grain])))
    return replace(part, vertices=(part.vertices - about) @ matrix.T + about, grain=grain)


def stretch(part: Part, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Part:
    """Scale about the origin by positive factors; charts are scaled to the new areas."""
    return flatten(replace(part, vertices=part.vertices * (x, y, z)))


def mirror(part: Part, axis: int = 0) -> Part:
    """The mirror image across the plane where the axis is 0, still facing outward."""
    sign = np.ones(3)
    sign[axis] = -1
    order = [0, 2, 1]
    return replace(
        part, vertices=part.vertices * sign, faces=part.faces[:, order], uvs=part.uvs[:, order] * (-1.0, 1.0)
    )


def merge(name: str, parts: Sequence[Part]) -> Part:
    """Several pieces of one slot that do not touch, as one part."""
    offsets = np.cumsum([0] + [len(part.vertices) for part in parts[:-1]])
    charts = np.cumsum([0] + [int(part.charts.max()) + 1 for part in parts[:-1]])
    return replace(
        parts[0],
        name=name,
        vertices=np.concatenate([part.vertices for part in parts]),
        faces=np.concatenate([part.faces + offset for part, offset in zip(parts, offsets, strict=True)]).astype(
            np.int32
        ),
        uvs=np.concatenate([part.uvs for part in parts]),
        charts=np.concatenate([part.charts + c for part, c in zip(parts, charts, strict=True)]).astype(np.int32),
    )


def rotation(axis: str, degrees: float) -> ndarray:
    """(3,3) matrix of a turn about "x", "y" or "z"."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrices = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(matrices[axis])


# --- inside -----------------------------------------------------------------------------------------------------------


def _solid(
    name: str,
    slot: str,
    vertices: ndarray,
    faces: ndarray,
    uvs: ndarray,
    charts: ndarray,
    smooth: float,
    grain: int,
) -> Part:
    """A part with its faces outward and its charts in metres."""
    part = Part(name, vertices, faces.astype(np.int32), uvs, charts.astype(np.int32), slot, smooth, grain)
    if volume(part) < 0:
        part = replace(part, faces=part.faces[:, ::-1], uvs=part.uvs[:, ::-1])
    return flatten(part)


def _half_and_centre(x: Span, y: Span, z: Span) -> tuple[ndarray, ndarray]:
    """Half lengths (at least a hundredth of a millimetre) and centre; a span may run either way."""
    spans = np.array([x, y, z], dtype=float)
    return np.maximum(np.abs(spans[:, 1] - spans[:, 0]) / 2, 1e-5), spans.mean(axis=1)


def _block(axes: Sequence[ndarray], flats: Sequence[ndarray]) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """Surface of a lattice with these coordinates; `flats` are the coordinates along the six charts."""
    cells, faces, corners, charts = _block_topology(len(axes[0]), len(axes[1]), len(axes[2]))
    points = np.stack([axes[k][cells[:, k]] for k in range(3)], axis=1)
    flat = np.stack([flats[k][cells[:, k]] for k in range(3)], axis=1)
    return points, faces, flat[faces[:, :, None], corners[:, None, :]], charts


@lru_cache(maxsize=64)
def _block_topology(nx: int, ny: int, nz: int) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """Lattice cell of each surface point (V,3), triangles (F,3), the two chart axes (F,2) and chart (F,) of each."""
    shape = (nx, ny, nz)
    inner = np.zeros(shape, dtype=bool)
    inner[1:-1, 1:-1, 1:-1] = True
    ids = np.full(shape, -1)
    ids[~inner] = np.arange((~inner).sum())
    cells = np.argwhere(~inner)
    faces, corners, charts = [], [], []
    for chart, (axis, side) in enumerate((axis, side) for axis in range(3) for side in (0, -1)):
        grid = np.moveaxis(ids, [(axis + 1) % 3, (axis + 2) % 3, axis], [0, 1, 2])[..., side]
        a, b, c, d = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
        triangles = np.concatenate([np.stack(t, axis=-1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))])
        faces.append(triangles if side == -1 else triangles[:, ::-1])
        corners.append(np.tile({0: (1, 2), 1: (0, 2), 2: (0, 1)}[axis], (len(triangles), 1)))
        charts.append(np.full(len(triangles), chart))
    return cells, np.concatenate(faces), np.concatenate(corners), np.concatenate(charts)


def _closes(triangles: ndarray, first: bool) -> bool:
    """Whether a cap uses the ring's edges against the side's faces, which run the first ring forward, the last back."""
    edges = {(int(a), int(b)) for t in triangles for a, b in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0]))}
    return ((1, 0) in edges) == first


def _grid_faces(index: ndarray, uv: ndarray) -> tuple[ndarray, ndarray]:
    """Triangles of a grid of vertex ids (R,C) with chart coordinates (R,C,2)."""
    faces, uvs = [], []
    for corners in (((0, 0), (0, 1), (1, 1)), ((0, 0), (1, 1), (1, 0))):
        pick = [(slice(r, index.shape[0] - 1 + r), slice(c, index.shape[1] - 1 + c)) for r, c in corners]
        faces.append(np.stack([index[p].ravel() for p in pick], axis=1))
        uvs.append(np.stack([uv[p].reshape(-1, 2) for p in pick], axis=1))
    return np.concatenate(faces), np.concatenate(uvs)


def _arc_lengths(points: ndarray) -> ndarray:
    """Mean length along axis 1 of (A,B,3) up to each of the B points."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=1), axis=2).mean(axis=0))])


def _closed_lengths(points: ndarray) -> ndarray:
    """Length along a closed row of points (N,3) or of rings (N,S,3), (N+1,), back at the start in the end."""
    steps = np.linalg.norm(np.diff(np.concatenate([points, points[:1]]), axis=0), axis=-1)
    return np.concatenate([[0.0], np.cumsum(steps if steps.ndim == 1 else steps.mean(axis=1))])


def _project(polygon: ndarray) -> ndarray:
    """A flat polygon (S,3) in coordinates of its own plane (S,2), upright where the plane stands."""
    normal = np.cross(polygon, np.roll(polygon, -1, axis=0)).sum(axis=0)
    normal /= np.linalg.norm(normal)
    up = np.array([0.0, 0.0, 1.0]) if abs(normal[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    side = np.cross(up, normal)
    side /= np.linalg.norm(side)
    return np.stack([polygon @ side, polygon @ np.cross(normal, side)], axis=1)


def _section_frame(along: ndarray, up: Sequence[float], section: ndarray) -> ndarray:
    """Offsets (S,3) of a section in the plane across `along`."""
    upward = np.asarray(up, dtype=float)
    if abs(along @ upward) > 0.95:
        upward = np.array([0.0, 1.0, 0.0]) if abs(along[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    side = np.cross(along, upward)
    side /= np.linalg.norm(side)
    return section[:, :1] * side + section[:, 1:] * np.cross(side, along)


def _lathe_vertices(profile: ndarray, turns: ndarray, loop: bool) -> tuple[list[ndarray], ndarray]:
    """Vertex ids around each profile point (sides+1,), the first again at the end, and the vertices."""
    sides, rows, vertices, count = len(turns), [], [], 0
    for k, (radius, height) in enumerate(profile):
        if loop and k == len(profile) - 1:
            rows.append(rows[0])
        elif radius <= 0:
            rows.append(np.full(sides + 1, count))
            vertices.append([(0.0, 0.0, height)])
            count += 1
        else:
            rows.append(np.append(np.arange(sides), 0) + count)
            vertices.append(np.concatenate([radius * turns, np.full((sides, 1), height)], axis=1))
            count += sides
    return rows, np.concatenate(vertices)


def _lathe_runs(profile: ndarray) -> list[tuple[int, int]]:
    """Stretches of the profile that share a chart: cut at sharp corners and between disc and wall."""
    steps = np.diff(profile, axis=0)
    steps = steps / np.linalg.norm(steps, axis=1)[:, None]
    disc = np.abs(steps[:, 0]) > 0.8
    sharp = np.sum(steps[1:] * steps[:-1], axis=1) < np.cos(np.radians(SMOOTH))
    cuts = np.flatnonzero(sharp | (disc[1:] != disc[:-1])) + 1
    ends = [0, *cuts.tolist(), len(steps)]
    return list(pairwise(ends))


def _lathe_chart(profile: ndarray, angle: ndarray, turns: ndarray) -> ndarray:
    """Chart coordinates (P,sides+1,2) of one run."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    if abs(profile[-1, 0] - profile[0, 0]) > 0.8 * along[-1]:
        distance = along if profile[-1, 0] > profile[0, 0] else along[-1] - along
        return (profile[:, 0].min() + distance)[:, None, None] * turns
    mean = profile[:, 0].mean()
    return np.stack(np.broadcast_arrays(mean * angle[None, :], along[:, None]), axis=2)


def _stand(part: Part, base: ndarray, top: ndarray) -> Part:
    """Turn an upright part so that it points from `base` to `top`."""
    along = (top - base) / np.linalg.norm(top - base)
    if along[2] > 1 - 1e-9:
        return move(part, *base)
    side = np.cross((0.0, 0.0, 1.0), along)
    side = side / np.linalg.norm(side) if np.linalg.norm(side) > 1e-9 else np.array([1.0, 0.0, 0.0])
    matrix = np.stack([side, np.cross(along, side), along], axis=1)
    return replace(part, vertices=part.vertices @ matrix.T + base, grain=int(np.argmax(np.abs(along))))
