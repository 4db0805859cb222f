import numpy as np

from backend.generators.tar3d import frame

SIZE = (2.0, 1.0, 0.5)


def test_there_and_back():
    points = np.random.default_rng(0).normal(size=(20, 3))
    np.testing.assert_allclose(frame.to_box(frame.to_model(points, SIZE), SIZE), points)


def test_up_is_y_and_the_front_is_plus_z():
    up, front = frame.direction_to_model(np.array([0, 0, 1.0])), frame.direction_to_model(np.array([0, -1.0, 0]))
    np.testing.assert_array_equal(up, [0, 1, 0])
    np.testing.assert_array_equal(front, [0, 0, 1])


def test_the_longest_side_of_the_box_fills_the_model():
    corners = frame.to_model(np.array([[-1, -0.5, 0], [1, 0.5, 0.5]]), SIZE)
    np.testing.assert_allclose(corners, [[-0.95, -0.2375, 0.475], [0.95, 0.2375, -0.475]])
