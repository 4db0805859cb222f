import numpy as np
import pytest

from backend.render import lighting, raster
from backend.render.boxes import ALPHA, FLOOR_ALBEDO, Layout

from .layouts import nested


def lamp(*position: float) -> Layout:
    return Layout((), nested(0).view, np.array([position]))


def test_light_falls_off_with_the_square_of_the_distance_and_the_cosine():
    floor = np.array([[0.0, 0, 0], [3.0, 0, 0]])
    straight, slanted = lighting.irradiance(lamp(0, 0, 4), floor, np.array([0.0, 0, 1]))
    assert straight == pytest.approx(700 / (4 * np.pi) / 16)
    assert slanted == pytest.approx(700 / (4 * np.pi) / 25 * 4 / 5)


def test_a_surface_that_faces_away_is_dark():
    assert lighting.irradiance(lamp(0, 0, 4), np.zeros((1, 3)), np.array([0.0, 0, -1])) == 0


def test_an_unlit_face_only_emits():
    colour = np.array([0.5, 0, 0])
    dark = lighting.face_radiance(lamp(0, 0, 4), np.zeros((1, 3)), np.array([0.0, 0, -1]), colour)
    assert dark == pytest.approx(ALPHA * colour[None])


def test_the_baked_floor_is_the_traced_one():
    layout = nested(0)
    size, row, column = 64, 60, 11
    traced = raster.radiance(layout, size)[row, column]
    direction = layout.view.directions(np.array([column + 0.5]), np.array([row + 0.5]), size)
    point = layout.view.eye - direction * layout.view.eye[2] / direction[:, 2]
    assert traced == pytest.approx(np.repeat(lighting.floor_radiance(layout, point), 3), rel=1e-3)
    assert lighting.floor_radiance(layout, point)[0] < FLOOR_ALBEDO
