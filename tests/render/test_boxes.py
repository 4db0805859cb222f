import numpy as np
import pytest

from backend.render.boxes import BAR_POINTS, BAR_SIDES, FACE_CORNERS, NORMALS, SIGNS, View, ahead

VIEW = View(np.eye(4), 0.5)


def test_the_bars_have_the_measured_corners():
    values = sorted({round(abs(float(v)) / 4, 5) for v in BAR_POINTS.ravel()})
    assert values == [0.24500, 0.24711, 0.25000, 0.25289]  # a cube of half side 0.25


def test_every_side_of_every_bar_faces_outwards():
    for bar in BAR_POINTS:
        for quad in bar[BAR_SIDES]:
            normal = np.cross(quad[1] - quad[0], quad[3] - quad[0])
            assert normal @ (quad.mean(0) - bar.mean(0)) > 0


def test_faces_turn_counter_clockwise_about_their_normals():
    for corners, normal in zip(SIGNS[FACE_CORNERS], NORMALS, strict=True):
        turned = np.cross(corners[1] - corners[0], corners[3] - corners[0])
        assert np.allclose(turned / np.linalg.norm(turned), normal)
        assert np.allclose(corners @ normal, 1)


def test_a_ray_through_a_pixel_meets_what_that_pixel_shows():
    points = np.random.default_rng(0).uniform([-1, -1, -9], [1, 1, -3], (50, 3))
    camera = VIEW.to_camera(points)
    x, y = VIEW.to_pixels(camera, 512).T
    again = VIEW.eye + VIEW.directions(x, y, 512) * camera[:, 2:]
    assert np.allclose(again, points)


def test_what_lies_behind_the_near_plane_is_cut_off():
    cube = SIGNS + np.array([0, 0, 0.5])  # camera space: depth from -0.5 to 1.5
    front = ahead(cube, 0.1)
    assert front[:, 2].min() == pytest.approx(0.1)
    assert front[:, 2].max() == pytest.approx(1.5)
    assert len(ahead(SIGNS - np.array([0, 0, 5]), 0.1)) == 0
