"""Blended bodies: distances of flattened cones, closed skins, patches that hug, charts without overlap."""

import numpy as np
import pytest

from backend.generators.draft.asset import chart_areas, face_areas, flatten, open_edges, volume
from backend.generators.draft.bodies import Bone, Cover, ball, both_sides, chain, reach, skin, smooth_min, unwrap

CREATURE = [
    Bone((0, -0.5, 1), (0, 0.6, 1), 0.3, 0.32, 0.1, 0.8),
    *both_sides(chain([(0.15, -0.5, 0.9), (0.17, -0.45, 0.5), (0.17, -0.5, 0.05)], [0.14, 0.08, 0.06], 0.1)),
    *both_sides(chain([(0.15, 0.6, 0.9), (0.17, 0.7, 0.5), (0.17, 0.65, 0.05)], [0.16, 0.08, 0.06], 0.1)),
    *chain([(0, -0.6, 1.1), (0, -0.9, 1.5), (0, -1.2, 1.35)], [0.2, 0.14, 0.08], 0.1),
]


def test_distance_of_a_ball_is_exact():
    points = np.array([[0.0, 0, 0], [2, 0, 0], [0, 3, 4]])
    assert np.allclose(ball((0, 0, 0), 1.0).distance(points), [-1, 1, 4])


def test_distance_of_a_round_cone_is_that_of_its_nearest_ball():
    rng = np.random.default_rng(0)
    points = rng.uniform(-2, 2, (200, 3))
    bone = Bone((0, 0, 0), (1.0, 0.5, 0), 0.5, 0.2)
    t = np.linspace(0, 1, 4001)[:, None]
    centres, radii = t * np.array([1.0, 0.5, 0]), 0.5 - 0.3 * t[:, 0]
    balls = (np.linalg.norm(points[:, None] - centres, axis=2) - radii).min(1)
    assert np.allclose(bone.distance(points), balls, atol=1e-4)


def test_flattened_bone_has_the_surface_of_an_ellipsoid():
    flat = ball((0, 0, 0), 1.0, flat=0.25, across=(0, 0, 1))
    on_surface = np.array([[1.0, 0, 0], [0, 0, 0.25], [np.sqrt(0.5), 0, 0.25 * np.sqrt(0.5)]])
    assert np.allclose(flat.distance(on_surface), 0, atol=1e-9)
    assert flat.distance(np.array([[0, 0, 0.26]]))[0] == pytest.approx(
        0.01, abs=1e-6
    )  # one centimetre above the flat side
    low, high = flat.bounds()
    assert np.allclose(high, (1, 1, 0.25)) and np.allclose(low, (-1, -1, -0.25))


def test_smooth_minimum_is_the_minimum_away_from_the_crease():
    assert smooth_min(np.array(0.1), np.array(0.9), 0.2) == 0.1
    assert smooth_min(np.array(0.5), np.array(0.5), 0.2) == pytest.approx(0.45)


@pytest.mark.parametrize("triangles", [1000, 8000])
def test_skin_is_closed_and_has_the_wished_size(triangles):
    part = skin(Cover("coat", "fur", CREATURE, triangles))
    assert open_edges(part) == 0
    assert volume(part) > 0.4
    assert abs(len(part.faces) / triangles - 1) < 0.15
    assert face_areas(part).min() > 1e-9


def test_skin_fills_the_bounds_of_its_bones():
    cover = Cover("coat", "fur", CREATURE, 8000)
    low, high = cover.bounds()
    part = skin(cover)
    assert np.allclose(part.vertices.min(0), low, atol=0.03)
    assert np.allclose(part.vertices.max(0), high, atol=0.03)


def test_patch_is_a_closed_layer_on_the_body():
    nose = Cover("muzzle", "belly", CREATURE, 1500, within=[ball((0, -1.2, 1.35), 0.15)], lift=0.01)
    part = skin(nose)
    assert open_edges(part) == 0
    assert np.linalg.norm(part.vertices - (0, -1.2, 1.35), axis=1).max() < 0.16


def test_patch_off_the_body_is_refused_by_name():
    with pytest.raises(ValueError, match="muzzle"):
        skin(Cover("muzzle", "belly", CREATURE, 500, within=[ball((5, 5, 5), 0.1)]))


def test_reach_finds_the_surface():
    assert np.allclose(reach([ball((0, 0, 1), 0.5)], (0, 0, 1), (0, -2, 0)), (0, -0.5, 1), atol=0.01)


def test_charts_are_few_flat_and_free_of_overlap():
    part = flatten(skin(Cover("coat", "fur", CREATURE, 6000)))
    count = part.charts.max() + 1
    assert count < 60
    surface = np.bincount(part.charts, weights=face_areas(part))
    assert np.allclose(chart_areas(part), surface)
    a, b = part.uvs[:, 1] - part.uvs[:, 0], part.uvs[:, 2] - part.uvs[:, 0]
    assert (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] > 0).all()  # no triangle is mirrored
    for chart in range(count):
        assert covered_twice(part.uvs[part.charts == chart]) < 0.01


def test_a_folded_sheet_is_split_into_layers():
    """A spiral seen from above covers itself although every triangle faces up."""
    turn = np.linspace(0, 3 * np.pi, 90)
    ring = [np.stack([r * np.cos(turn), r * np.sin(turn), 0.1 * turn], -1) for r in (0.5, 1.0)]
    top, bottom = np.concatenate(ring), np.concatenate(ring) - (0, 0, 0.05)
    strips = [(i, i + 90, i + 91, i + 1) for i in range(89)]
    faces = [t for a, b, c, d in strips for t in ((a, b, c), (a, c, d))]
    under = [(a + 180, c + 180, b + 180) for a, b, c in faces]
    inner, outer = [(i, i + 1) for i in range(89)], [(i + 91, i + 90) for i in range(89)]
    wall = [t for a, b in [*inner, *outer, (90, 0), (89, 179)] for t in ((a, b, b + 180), (a, b + 180, a + 180))]
    uvs, charts = unwrap(np.concatenate([top, bottom]), np.array(faces + under + wall))
    for chart in np.unique(charts):
        assert covered_twice(uvs[charts == chart]) < 0.01


def covered_twice(triangles: np.ndarray, cells: int = 200) -> float:
    """Share of a raster of the chart (T,3,2) that lies in the interior of two or more triangles."""
    low, high = triangles.reshape(-1, 2).min(0), triangles.reshape(-1, 2).max(0)
    scaled = (triangles - low) / (high - low).max() * cells
    hits = np.zeros((cells + 2, cells + 2), int)
    for triangle in scaled:
        first, last = np.floor(triangle.min(0)).astype(int), np.ceil(triangle.max(0)).astype(int) + 1
        x, y = np.meshgrid(np.arange(first[0], last[0]) + 0.5, np.arange(first[1], last[1]) + 0.5, indexing="ij")
        inside = np.ones_like(x, bool)
        for k in range(3):
            (ax, ay), (bx, by) = triangle[k], triangle[(k + 1) % 3]
            inside &= (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 1e-9
        hits[first[0] : last[0], first[1] : last[1]] += inside[: cells + 2 - first[0], : cells + 2 - first[1]]
    return float((hits > 1).sum() / max((hits > 0).sum(), 1))
