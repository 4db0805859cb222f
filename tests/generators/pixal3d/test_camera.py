"""The exact path from a Blender camera to the network's camera and back into the world."""

from math import tan

import numpy as np
import pytest

from backend.generators.pixal3d.camera import BlenderCamera, framing_distance, look_at_object


def looking(at: np.ndarray, eye: np.ndarray, **settings) -> BlenderCamera:
    z = (eye - at) / np.linalg.norm(eye - at)
    x = np.cross((0, 0, 1), z) / np.linalg.norm(np.cross((0, 0, 1), z))
    matrix = np.eye(4)
    matrix[:3] = np.stack((x, np.cross(z, x), z, eye), axis=1)
    values = {
        "lens": 40,
        "sensor_width": 36,
        "sensor_height": 24,
        "sensor_fit": "AUTO",
        "shift_x": 0.1,
        "shift_y": -0.2,
    }
    values |= {"res_x": 1200, "res_y": 800, "pixel_aspect_x": 1, "pixel_aspect_y": 1, "matrix_world": matrix}
    return BlenderCamera(**{**values, **settings})


def box(center: np.ndarray, size: float) -> np.ndarray:
    corners = np.stack(np.meshgrid(*[(-0.5, 0.5)] * 3), axis=-1).reshape(-1, 3)
    return center + size * corners


CENTER = np.array([0.4, 1.0, 0.5])


@pytest.mark.parametrize("settings", [{}, {"sensor_fit": "VERTICAL"}, {"pixel_aspect_y": 1.5, "res_x": 500}])
def test_what_is_placed_is_seen_where_the_crop_shows_it(settings: dict) -> None:
    camera = looking(np.array([1.0, 0.5, 0.0]), np.array([5.0, -4.0, 3.0]), **settings)
    view = look_at_object(camera, camera.project(box(CENTER, 1.0)), CENTER)
    voxels = np.random.default_rng(0).uniform(-0.5, 0.5, (20, 3))
    source = camera.project(view.place(voxels))
    crop = np.concatenate((source, np.ones((20, 1))), axis=1) @ view.crop_from_source(camera, 512).T
    assert np.allclose(crop[:, :2] / crop[:, 2:], view.project(voxels, 512), atol=1e-6)


def test_the_object_fills_the_crop_but_for_the_margin() -> None:
    camera = looking(CENTER, np.array([5.0, -4.0, 3.0]))
    corners = box(CENTER, 1.0)
    view = look_at_object(camera, camera.project(corners), CENTER)
    seen = np.concatenate((camera.project(corners), np.ones((8, 1))), axis=1) @ view.crop_from_source(camera, 100).T
    seen = seen[:, :2] / seen[:, 2:]
    assert (
        abs(np.ptp(seen, axis=0).max() * 1.1 - 100) < 1.5 and np.abs((seen.min(0) + seen.max(0)) / 2 - 50).max() < 0.5
    )


def test_the_cube_stands_at_the_depth_of_the_box_and_upright() -> None:
    camera = looking(CENTER, np.array([5.0, -4.0, 3.0]))
    view = look_at_object(camera, camera.project(box(CENTER, 1.0)), CENTER)
    origin = view.place(np.zeros((1, 3)))[0]
    assert np.linalg.norm(origin - CENTER) < 0.05
    assert abs(view.rotation[2, 0]) < 1e-12  # the image's horizontal stays horizontal
    assert np.isclose(view.cube_side, 2 * view.half_tan * view.depth)


def test_a_cut_off_object_gets_a_crop_that_holds_its_box() -> None:
    camera = looking(CENTER, np.array([5.0, -4.0, 3.0]))
    half = camera.project(box(CENTER, 1.0))[:4]
    corners = box(CENTER, 1.0)
    assert (
        look_at_object(camera, half, CENTER, frame_corners=corners).half_tan
        > look_at_object(camera, half, CENTER).half_tan
    )


def test_a_box_behind_the_camera_is_an_error() -> None:
    camera = looking(CENTER, np.array([5.0, -4.0, 3.0]))
    with pytest.raises(ValueError, match="behind the camera"):
        look_at_object(camera, np.array([[600.0, 400.0], [610.0, 410.0]]), np.array([50.0, -40.0, 30.0]))


def test_the_framing_distance_fills_the_image_with_the_middle_of_the_cube() -> None:
    assert np.isclose(0.5 / framing_distance(0.6), tan(0.3))
