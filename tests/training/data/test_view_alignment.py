import numpy as np
import pytest

from backend.training.data.view_alignment import align_to_view, hammersley_directions


def test_the_shape_is_turned_into_the_camera_and_fills_the_cube() -> None:
    camera = np.array([[1.0, 0, 0, 0], [0, 0, -1, -3], [0, 1, 0, 0], [0, 0, 0, 1]])  # looks along +y, Z up
    points = np.array([[0.1, 0, 0.4], [-0.1, 0.0, -0.4], [0, 0.2, 0], [0, -0.2, 0]])
    aligned = align_to_view(points, camera)
    assert np.isclose(np.abs(aligned.vertices).max(), 0.49999)
    assert np.allclose(aligned.vertices / aligned.total_scale, points[:, [0, 2, 1]] * [1, 1, -1])


def test_shapes_far_from_the_origin_are_refused() -> None:
    with pytest.raises(ValueError, match="too far from the origin"):
        align_to_view(np.random.rand(10, 3) + 1, np.eye(4))


def test_directions_cover_the_sphere_with_more_below_than_a_uniform_draw() -> None:
    directions = hammersley_directions(64, (0.0, 0.0))
    assert directions[:, 1].min() < -1.2 and directions[:, 1].max() > 1.2
    assert len(np.unique(directions[:, 0])) == 64
