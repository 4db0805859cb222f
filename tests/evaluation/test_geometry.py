"""Distances between surfaces with known answers."""

import numpy as np
import pytest

from backend.evaluation.geometry import compare_meshes, compare_surfaces, normalize, sample_surface

UP = np.array([0, 0, 0.03])
SQUARE = np.array([[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]], float), np.array([[0, 1, 2], [0, 2, 3]])


def test_a_shifted_plane_is_as_far_as_it_was_shifted():
    rng = np.random.default_rng(0)
    points, normals = sample_surface(*SQUARE, 500, rng)
    scores = compare_surfaces(points, normals, points + UP, normals, threshold=0.05)
    assert scores.chamfer == pytest.approx(0.03)
    assert scores.fscore == 1 and scores.normal_consistency == pytest.approx(1)
    assert compare_surfaces(points, normals, points + UP, -normals, threshold=0.02).fscore == 0


def test_samples_cover_the_surface_evenly():
    points, normals = sample_surface(*SQUARE, 4000, np.random.default_rng(0))
    np.testing.assert_allclose(points.mean(0), [1, 1, 0], atol=0.05)
    np.testing.assert_allclose(normals, np.tile([0, 0, 1.0], (4000, 1)), atol=1e-12)


def test_the_longest_side_becomes_two_around_the_origin():
    box = normalize(np.array([[1, 1, 1], [5, 3, 2]], float))
    np.testing.assert_allclose(box, [[-1, -0.5, -0.25], [1, 0.5, 0.25]])


def test_scale_and_place_do_not_matter_between_meshes():
    moved = SQUARE[0] * 7 + 3, SQUARE[1]
    assert compare_meshes(moved, SQUARE).fscore > 0.9


def test_a_surface_without_area_is_an_error():
    with pytest.raises(ValueError, match="no area"):
        sample_surface(np.zeros((3, 3)), np.array([[0, 1, 2]]), 5, np.random.default_rng(0))
