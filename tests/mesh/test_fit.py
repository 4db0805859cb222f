"""backend/mesh/fit.py: bringing a mesh into its box."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.mesh.fit import fit_matrix, transformed, transformed_normals

lengths = st.tuples(*[st.floats(0.01, 100)] * 3)


def block(size, at=(0.0, 0.0, 0.0)):
    """(8,3) corners of a block that stands on its floor centre `at`."""
    corners = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    return (corners * size + at).astype(np.float32)


def bounds(vertices):
    return vertices.min(0), vertices.max(0)


@given(lengths, lengths, st.tuples(*[st.floats(-50, 50)] * 3))
def test_inside_is_the_largest_that_fits_and_stands_in_the_middle(size, box, at):
    mesh = block(size, at)
    low, high = bounds(transformed(mesh, fit_matrix(mesh, box, "inside")))
    tolerance = 1e-3 * max(box) * max(1.0, *(abs(a) / min(size) for a in at))
    assert low[2] == pytest.approx(0, abs=tolerance)
    assert (low + high)[:2] / 2 == pytest.approx(0, abs=tolerance)
    assert (high - low <= np.array(box) + 2 * tolerance).all()
    assert np.min(np.array(box) - (high - low)) == pytest.approx(0, abs=2 * tolerance)


def test_inside_keeps_proportions_and_fill_does_not():
    mesh = block((1, 2, 4), (5, 5, 5))
    inside, fill = (transformed(mesh, fit_matrix(mesh, (2, 2, 2), mode)) for mode in ("inside", "fill"))
    assert np.ptp(inside, axis=0) == pytest.approx([0.5, 1, 2])
    assert np.ptp(fill, axis=0) == pytest.approx([2, 2, 2])


def test_keep_moves_only():
    mesh = block((1, 2, 4), (5, 5, 5))
    placed = transformed(mesh, fit_matrix(mesh, (2, 2, 2), "keep"))
    assert np.ptp(placed, axis=0) == pytest.approx([1, 2, 4])
    assert bounds(placed)[0] == pytest.approx([-0.5, -1, 0])


@pytest.mark.parametrize("mode", ["inside", "fill", "keep"])
def test_what_fits_already_is_not_touched(mode):
    mesh = block((0.45, 0.5, 0.9))
    matrix = fit_matrix(mesh, (0.45, 0.5, 0.9), mode)
    assert np.array_equal(matrix, np.eye(4)) and np.array_equal(transformed(mesh, matrix), mesh)


def test_a_flat_mesh_is_fitted_by_the_axes_that_it_has():
    mesh = block((1, 2, 0))
    for mode in ("inside", "fill"):
        placed = transformed(mesh, fit_matrix(mesh, (2, 2, 2), mode))
        assert np.isfinite(placed).all() and np.ptp(placed[:, 2]) == 0
    with pytest.raises(ValueError, match="extent"):
        fit_matrix(np.zeros((3, 3)), (1, 1, 1), "inside")


def test_normals_stay_perpendicular_under_a_stretch():
    triangle = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    normal = np.full(3, 3**-0.5)
    matrix = np.diag([1.0, 2.0, 5.0, 1.0])
    turned, moved = transformed_normals(normal[None], matrix)[0], transformed(triangle, matrix)
    assert np.linalg.norm(turned) == pytest.approx(1)
    assert [turned @ (moved[k] - moved[0]) for k in (1, 2)] == pytest.approx([0, 0], abs=1e-6)
