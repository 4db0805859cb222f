"""Smoothly blended bodies: a skeleton of round cones becomes one watertight skin with UV charts.

A creature is a list of `Bone`s (round cones; a ball when both ends meet; flattened along any direction). Their signed
distances join by a smooth minimum (Quilez' polynomial form), the zero level is extracted by marching cubes at the step
that gives the wished number of triangles, evened out by Taubin smoothing, and cut into charts by dominant normal.

No Blender, no torch. Lengths in metres, box frame (Z up, front = -Y).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree
from skimage.measure import marching_cubes

from .asset import Part

Vec = tuple[float, float, float]

FAR = 1e3  # the field where no bone reaches: outside


@dataclass(frozen=True)
class Bone:
    """A round cone from `a` (radius `ra`) to `b` (radius `rb`), melting into what came before over `blend` metres.

    `flat` squashes it along the unit direction `across` about `a`: 1 = round, 0.3 = a leaf, above 1 = widened.
    """

    a: Vec
    b: Vec
    ra: float
    rb: float
    blend: float = 0.0
    flat: float = 1.0
    across: Vec = (1.0, 0.0, 0.0)

    def distance(self, points: np.ndarray) -> np.ndarray:
        """Signed distance of points (..., 3), negative inside; when flattened exact to first order at the surface."""
        local = points - np.asarray(self.a, points.dtype)  # a grid of float32 is worth half the time
        axis = np.subtract(self.b, self.a).astype(points.dtype)
        if self.flat == 1.0:
            t, foot = self._foot(local, axis)
            return foot - (self.ra + (self.rb - self.ra) * t)
        across = (np.asarray(self.across) / np.linalg.norm(self.across)).astype(points.dtype)
        stretch = 1.0 / self.flat - 1.0  # unsquash the space, measure there, divide by the gradient's length
        side = local @ across
        local = local + side[..., None] * (stretch * across)
        axis = axis + (axis @ across) * stretch * across
        t, foot = self._foot(local, axis)
        facing = (side / self.flat - t * float(axis @ across)) / np.maximum(foot, 1e-9)
        return (foot - (self.ra + (self.rb - self.ra) * t)) / np.sqrt(1.0 + (self.flat**-2 - 1.0) * facing**2)

    def _foot(self, local: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where along the axis (0..1) the nearest ball of the round cone sits, and the distance to its centre."""
        length = float(np.linalg.norm(axis))
        if length <= max(abs(self.ra - self.rb), 1e-6):  # one ball swallows the other
            t = np.full(local.shape[:-1], 1.0 if self.rb > self.ra else 0.0)
            return t, np.linalg.norm(local - t[..., None] * axis, axis=-1)
        along = local @ axis / length
        radial = np.sqrt(np.maximum(np.einsum("...i,...i->...", local, local) - along**2, 0.0))
        slope = (self.ra - self.rb) / length
        t = np.clip((along - radial * slope / np.sqrt(1.0 - slope**2)) / length, 0.0, 1.0)
        return t, np.sqrt(radial**2 + (along - t * length) ** 2)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner of the flattened cone, without blending."""
        across = np.asarray(self.across) / np.linalg.norm(self.across)
        spread = np.sqrt(np.maximum(1.0 + (self.flat**2 - 1.0) * across**2, 0.0))  # of a unit ball, by axis
        ends, radii = np.array([self.a, self.b]), np.array([[self.ra], [self.rb]])
        return (ends - radii * spread).min(0), (ends + radii * spread).max(0)


def ball(centre: Vec, radius: float, blend: float = 0.0, flat: float = 1.0, across: Vec = (1.0, 0.0, 0.0)) -> Bone:
    """A ball, or an ellipsoid of revolution when `flat` differs from 1."""
    return Bone(centre, centre, radius, radius, blend, flat, across)


def chain(
    points: Sequence[Vec],
    radii: Sequence[float],
    blend: float = 0.0,
    flat: float = 1.0,
    across: Vec = (1.0, 0.0, 0.0),
    joint: float = 0.25,
) -> list[Bone]:
    """Bones from point to point, the first melting into the body over `blend`.

    Neighbours share a radius and blend over only `joint` radii: more would swell every joint.
    """
    blends = [blend] + [joint * float(radius) for radius in radii[1:-1]]
    return [
        Bone(points[i], points[i + 1], float(radii[i]), float(radii[i + 1]), blends[i], flat, across)
        for i in range(len(points) - 1)
    ]


def mirrored(bones: Sequence[Bone]) -> list[Bone]:
    """The same bones on the other side of the plane x = 0."""
    return [replace(bone, a=_flip(bone.a), b=_flip(bone.b), across=_flip(bone.across)) for bone in bones]


def both_sides(bones: Sequence[Bone]) -> list[Bone]:
    return [*bones, *mirrored(bones)]


def _flip(point: Vec) -> Vec:
    return (-point[0], point[1], point[2])


@dataclass(frozen=True)
class Cover:
    """A part to be: the blended surface of `bones` with about `triangles` faces, in a material slot.

    With `within` only what lies inside those bones too is kept, raised by `lift`: a patch of another colour that hugs
    the body (muzzle, belly, socks) and is a closed solid of its own. `blend` rounds the rim of the patch.
    """

    name: str
    slot: str
    bones: Sequence[Bone]
    triangles: int = 8000
    within: Sequence[Bone] = ()
    lift: float = 0.0
    blend: float = 0.0

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner of the bones: nearly the size of the part, before it is skinned."""
        lows, highs = zip(*(bone.bounds() for bone in self.bones), strict=True)
        return np.min(lows, 0), np.max(highs, 0)


def skin(cover: Cover) -> Part:
    """Extract the surface of a cover. Raises ValueError when nothing of it is left inside `within`."""
    bones = [replace(bone, ra=bone.ra + cover.lift, rb=bone.rb + cover.lift) for bone in cover.bones]
    low, high = _bounds(bones)
    if cover.within:
        limits = _bounds(cover.within)
        low, high = np.maximum(low, limits[0]), np.minimum(high, limits[1])
    if (high <= low).any():
        raise ValueError(f"{cover.name}: the bones and the bounding bones lie apart")
    step = float(np.cbrt(np.prod(high - low))) / 24.0
    coarse = len(_extract(bones, cover, low, high, step)[1])
    if coarse == 0:
        raise ValueError(f"{cover.name}: {len(bones)} bones leave nothing inside {len(cover.within)} bounding bones")
    step *= np.sqrt(coarse / cover.triangles)
    vertices, faces = _extract(bones, cover, low, high, step)
    vertices = _taubin(vertices, faces)
    uvs, charts = unwrap(vertices, faces)
    return Part(cover.name, vertices, faces, uvs, charts, cover.slot, smooth=80.0, grain=1)


def reach(bones: Sequence[Bone], start: Vec, direction: Vec) -> Vec:
    """Where a ray from `start` inside the blended bones leaves them: the place for an eye or an ear."""
    heading = np.asarray(direction) / np.linalg.norm(direction)
    low, high = _bounds(bones)
    along = np.linspace(0.0, float(np.linalg.norm(high - low)), 96)
    points = np.asarray(start) + along[:, None] * heading
    field = np.full(len(points), FAR)
    for bone in bones:
        field = smooth_min(field, bone.distance(points), bone.blend)
    out = max(int(np.argmax(field >= 0.0)), 1)
    share = np.clip(field[out - 1] / min(field[out - 1] - field[out], -1e-9), 0.0, 1.0)  # where the line crosses zero
    x, y, z = points[out - 1] + share * (points[out] - points[out - 1])
    return (float(x), float(y), float(z))


def _bounds(bones: Sequence[Bone]) -> tuple[np.ndarray, np.ndarray]:
    lows, highs = zip(*(bone.bounds() for bone in bones), strict=True)
    widest = max(bone.blend for bone in bones)
    return np.min(lows, 0) - 0.25 * widest, np.max(highs, 0) + 0.25 * widest


def _extract(
    bones: Sequence[Bone], cover: Cover, low: np.ndarray, high: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray]:
    shape = np.ceil((high - low) / step).astype(int) + 5
    origin = low - 2.0 * step
    field = _field(bones, origin, shape, step)
    if cover.within:
        field = _smooth_max(field, _field(cover.within, origin, shape, step), cover.blend)
    if field.min() >= 0.0:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int32)
    nudge = 0.06 * step  # a level that passes through a grid point gives slivers
    field = np.where(np.abs(field) < nudge, np.where(field < 0.0, -nudge, nudge), field)
    vertices, faces, _, _ = marching_cubes(field, 0.0, gradient_direction="ascent")
    vertices = vertices.astype(np.float64) * step + origin
    faces = faces.astype(np.int32)
    return _largest_pieces(vertices, _outward(vertices, faces))


def _outward(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    corner = vertices[faces]
    volume = np.einsum("ij,ij->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2]))
    return faces if volume > 0.0 else faces[:, ::-1].copy()


def _largest_pieces(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Drops crumbs of fewer than 12 faces (a thin tip that the grid cut off) and unused vertices."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(vertices),) * 2)
    _, piece = connected_components(graph, directed=False)
    keep = np.bincount(piece[faces[:, 0]], minlength=piece.max() + 1) >= 12
    faces = faces[keep[piece[faces[:, 0]]]]
    used, faces = np.unique(faces, return_inverse=True)
    return vertices[used], faces.reshape(-1, 3).astype(np.int32)


def _field(bones: Sequence[Bone], origin: np.ndarray, shape: np.ndarray, step: float) -> np.ndarray:
    """Smooth minimum of the bones' distances on a grid; each bone is evaluated only where it can matter."""
    field = np.full(shape, FAR, np.float32)
    axes = [(origin[i] + step * np.arange(shape[i])).astype(np.float32) for i in range(3)]
    for bone in bones:
        low, high = bone.bounds()
        margin = bone.blend + 3.0 * step
        first = np.clip(np.floor((low - margin - origin) / step).astype(int), 0, shape)
        last = np.clip(np.ceil((high + margin - origin) / step).astype(int) + 1, 0, shape)
        if (last <= first).any():
            continue
        window = tuple(slice(f, e) for f, e in zip(first, last, strict=True))
        grid = np.stack(np.meshgrid(*(axis[w] for axis, w in zip(axes, window, strict=True)), indexing="ij"), -1)
        field[window] = smooth_min(field[window], bone.distance(grid), bone.blend)
    return field


def smooth_min(first: np.ndarray, second: np.ndarray, blend: float) -> np.ndarray:
    """Minimum whose crease is rounded over `blend` (polynomial, C1)."""
    if blend <= 0.0:
        return np.minimum(first, second)
    overlap = np.maximum(blend - np.abs(first - second), 0.0)
    return np.minimum(first, second) - overlap**2 / (4.0 * blend)


def _smooth_max(first: np.ndarray, second: np.ndarray, blend: float) -> np.ndarray:
    return -smooth_min(-first, -second, blend)


def _taubin(vertices: np.ndarray, faces: np.ndarray, rounds: int = 3) -> np.ndarray:
    """Evens out the marching-cubes triangles: a shrinking and a swelling Laplacian step in turn (Taubin 1995)."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])  # closed: both directions occur
    count = len(vertices)
    mean = csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    degree = np.asarray(mean.sum(1))
    for _ in range(rounds):
        for weight in (0.5, -0.52):
            vertices = vertices + weight * (mean @ vertices / degree - vertices)
    return vertices


# The six directions of projection: normal, u axis, v axis (u x v = normal). u runs along the body (y) on the flanks,
# the back and the belly, so that a pattern that varies with u goes around the body like a zebra's stripes.
NORMALS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], np.float64)
U_AXES = np.array([[0, 1, 0], [0, -1, 0], [-1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], np.float64)
V_AXES = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1], [-1, 0, 0], [1, 0, 0]], np.float64)

PREFERENCE = np.array([1.06, 1.06, 0.96, 0.96, 1.0, 1.0])  # at a tie the flanks win: fewer, larger charts


def unwrap(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Charts of a closed surface by orthographic projection: uvs (F,3,2) in metres and chart numbers (F,).

    Each chart is connected, faces its projection with every triangle and overlaps itself nowhere (split where it did).
    """
    corner = vertices[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    neighbours = _neighbours(faces)
    facing = normal @ NORMALS.T
    label = _absorb_crumbs(_smooth_labels(facing, neighbours), facing, neighbours)
    label = _halve_small_pieces(label, facing, corner.mean(1), neighbours)
    uvs = np.stack([np.einsum("fck,fk->fc", corner, U_AXES[label]), np.einsum("fck,fk->fc", corner, V_AXES[label])], -1)
    charts = _connected(label, neighbours)
    depth = np.einsum("fk,fk->f", corner.mean(1), NORMALS[label])
    for _ in range(6):
        upper, lower = _overlaps(uvs, charts, depth)
        if len(upper) == 0:
            return uvs, charts
        charts = _split(corner.mean(1), charts, upper, lower, neighbours)
    upper, _ = _overlaps(uvs, charts, depth)
    charts[np.unique(upper)] = charts.max() + 1 + np.arange(len(np.unique(upper)))
    return uvs, _connected(charts, neighbours)


def _neighbours(faces: np.ndarray) -> np.ndarray:
    """(F,3): the face across each edge. Every edge has exactly two faces."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), 1)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    face = order % len(faces)
    across = np.zeros(len(edges), np.int64)
    across[order[0::2]] = face[1::2]
    across[order[1::2]] = face[0::2]
    return across.reshape(3, -1).T


def _smooth_labels(facing: np.ndarray, neighbours: np.ndarray, rounds: int = 16) -> np.ndarray:
    """The direction (F,) each face is projected along: the best faced one, with ragged borders ironed out."""
    biased = facing * PREFERENCE
    label = biased.argmax(1)
    for turn in range(rounds):
        agreement = _votes(label, neighbours)
        better = np.where(facing > 0.3, biased + 0.35 * agreement, -1.0).argmax(1)
        label[turn % 2 :: 2] = better[turn % 2 :: 2]  # half at a time: neighbours do not swap for ever
    return label


def _votes(label: np.ndarray, neighbours: np.ndarray, voters: np.ndarray | None = None) -> np.ndarray:
    """(F,6): how many neighbours of each face (that are voters) have each label."""
    votes = np.zeros((len(label), 6))
    rows = np.arange(len(label))
    for side in neighbours.T:
        votes[rows, label[side]] += 1.0 if voters is None else voters[side]
    return votes


def _halve_small_pieces(
    label: np.ndarray, facing: np.ndarray, centre: np.ndarray, neighbours: np.ndarray, small: int = 260
) -> np.ndarray:
    """Separate pieces of few faces (a claw, an eye) get two charts, a front and a back along their thinnest extent."""
    piece = _connected(np.zeros(len(label), np.int64), neighbours)
    if piece.max() == 0:
        return label
    for number in np.nonzero(np.bincount(piece) < small)[0]:
        mine = piece == number
        axis = int(np.ptp(centre[mine], axis=0).argmin())
        label[mine] = 2 * axis + (facing[mine, 2 * axis] < 0.0)
    return label


def _absorb_crumbs(label: np.ndarray, facing: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Gives regions of few faces to the region around them where they face its direction at all."""
    crumb = max(24, len(label) // 150)
    for _ in range(8):
        region = _connected(label, neighbours)
        small = np.bincount(region)[region] < crumb
        if not small.any():
            break
        votes = _votes(label, neighbours, ~small)
        score = np.where((votes > 0) & (facing > 0.2), facing + votes, -1.0)
        absorbed = small & (score.max(1) > 0)
        if not absorbed.any():
            break
        label = np.where(absorbed, score.argmax(1), label)
    return label


def _connected(label: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Numbers (F,) of the connected regions of equal label."""
    face, side = np.nonzero(label[neighbours] == label[:, None])
    graph = coo_matrix((np.ones(len(face), np.int8), (face, neighbours[face, side])), shape=(len(label),) * 2)
    return connected_components(graph, directed=False)[1].astype(np.int32)


def _overlaps(uvs: np.ndarray, charts: np.ndarray, depth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of faces of one chart that cover each other in the plane, ordered (nearer, farther) to the viewer."""
    centre = uvs.mean(1)
    radius = np.linalg.norm(uvs - centre[:, None], axis=-1).max(1)
    keyed = np.column_stack([centre, charts * (4.0 * radius.max() + 1e-9)])  # charts lie on separate floors
    tree, pairs = KDTree(keyed), []
    size = np.ceil(np.log2(np.maximum(radius / np.median(radius), 1.0))).astype(int)
    for level in np.unique(size):  # large faces look farther than small ones
        mine = np.nonzero(size == level)[0]
        near = KDTree(keyed[mine]).sparse_distance_matrix(tree, radius[mine].max(), output_type="ndarray")
        pairs.append(np.column_stack([near["j"], mine[near["i"]]]))
    pairs = np.concatenate(pairs)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    covered = _inside(centre[pairs[:, 0]], uvs[pairs[:, 1]])
    first, second = pairs[covered].T
    swap = depth[first] < depth[second]
    return np.where(swap, second, first), np.where(swap, first, second)


def _inside(point: np.ndarray, triangle: np.ndarray) -> np.ndarray:
    result = np.ones(len(point), bool)
    for i in range(3):
        edge = triangle[:, (i + 1) % 3] - triangle[:, i]
        offset = point - triangle[:, i]
        result &= edge[:, 0] * offset[:, 1] - edge[:, 1] * offset[:, 0] > 0.0
    return result


def _split(
    centre: np.ndarray, charts: np.ndarray, upper: np.ndarray, lower: np.ndarray, neighbours: np.ndarray
) -> np.ndarray:
    """Divides every chart that covers itself: its faces go to the nearer one of the two overlapping layers."""
    layer = np.zeros(len(charts))
    for chart in np.unique(charts[upper]):
        mine = np.nonzero(charts == chart)[0]
        here = charts[upper] == chart
        near = KDTree(centre[np.unique(upper[here])]).query(centre[mine])[0]
        far = KDTree(centre[np.unique(lower[here])]).query(centre[mine])[0]
        layer[mine] = near < far
    inside = charts[neighbours] == charts[:, None]
    for _ in range(6):  # iron the seam
        votes = layer + (layer[neighbours] * inside).sum(1)
        layer = (votes * 2.0 > 1.0 + inside.sum(1)).astype(float)
    return _connected(charts * 2 + layer.astype(np.int32), neighbours)
