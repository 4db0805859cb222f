"""Twenty pictures of a mesh: in the frame, lit, the nearer surface in front."""

import numpy as np
import trimesh

from backend.evaluation.image import look_at
from backend.evaluation.views import twenty_views, view

FRONT = look_at(np.array([0.0, 0.0, 2.0]))


def test_every_view_shows_the_ball_in_its_middle():
    ball = trimesh.creation.icosphere(subdivisions=2, radius=7)
    pictures = twenty_views(ball.vertices + 50, ball.faces, size=48)
    assert pictures.shape == (20, 48, 48, 3)
    for picture in pictures:
        rows, columns = np.nonzero(picture[..., 0] < 255)
        assert abs(rows.mean() - 23.5) < 1 and abs(columns.mean() - 23.5) < 1
        assert picture[24, 24, 0] < 255 and picture[0, 0, 0] == 255


def test_the_size_in_the_picture_is_that_of_a_60_degree_lens():
    square = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0.0]])
    picture = view(square, np.array([[0, 1, 2], [0, 2, 3]]), FRONT, 100)
    wide = (picture[50, :, 0] < 255).sum()
    assert abs(wide - 100 * 0.5 / (2 * np.tan(np.pi / 6))) <= 1


def test_the_nearer_surface_hides_the_farther_whatever_their_order():
    near = np.array([[-1, -1, 0.5], [1, -1, 0.5], [0, 1, 0.5]])
    far = near - [0, 0, 1.0] + [0, 0, 0.4] * (near[:, :1] > 0)  # tilted, so it is darker or brighter
    both = np.concatenate([near, far])
    first = view(both, np.array([[0, 1, 2], [3, 4, 5]]), FRONT, 32)
    second = view(both, np.array([[3, 4, 5], [0, 1, 2]]), FRONT, 32)
    alone = view(near, np.array([[0, 1, 2]]), FRONT, 32)
    np.testing.assert_array_equal(first, second)
    assert first[16, 16, 0] == alone[16, 16, 0]


def test_a_surface_that_looks_away_is_as_bright_as_one_that_faces_the_camera():
    triangle = np.array([[-1, -1, 0], [1, -1, 0], [0, 1, 0.0]])
    np.testing.assert_array_equal(
        view(triangle, np.array([[0, 1, 2]]), FRONT, 16), view(triangle, np.array([[0, 2, 1]]), FRONT, 16)
    )
