import numpy as np
import pytest

from backend.mesh.frames import in_unit_cube, y_up, z_up


def test_up_is_up_and_the_two_frames_undo_each_other() -> None:
    assert y_up(np.array([[0.0, 0, 1]])).tolist() == [[0, 1, 0]]
    points = np.random.default_rng(0).normal(size=(5, 3))
    assert np.array_equal(z_up(y_up(points)), points)


def test_the_longest_side_fills_the_cube() -> None:
    points = in_unit_cube(np.array([[3.0, 4, 5], [5, 4.5, 5]]))
    assert np.allclose(points, [[-0.499995, -0.12499875, 0], [0.499995, 0.12499875, 0]])
    with pytest.raises(ValueError, match="without extent"):
        in_unit_cube(np.ones((3, 3)))
