"""Views are square crops with the right matte, and a camera that sees the same points at the same pixels."""

import numpy as np
import pytest

from backend.protocol.scene import Camera, view_frame
from backend.stages.views import Crop, cropped_camera, cut_out, square_around

CAMERA = Camera(
    location=(0, 0, 0),
    rotation=(1, 0, 0, 0),
    lens=50,
    sensor_width=36,
    sensor_height=36,
    shift=(0.1, -0.05),
    resolution=(1024, 1024),
)


def project(camera: Camera, point) -> tuple[float, float]:
    """(u, v) in 0..1, v down, of a camera-space point."""
    half_w, half_h, cx, cy = view_frame(camera)
    x, y, d = point[0], point[1], -point[2]
    return 0.5 + (x / d - cx) / (2 * half_w), 0.5 - (y / d - cy) / (2 * half_h)


def disc(centre=(60, 90), radius=20, size=(128, 128)) -> np.ndarray:
    y, x = np.mgrid[: size[0], : size[1]]
    return (y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2


def test_the_square_holds_the_silhouette_in_its_middle():
    crop = square_around(disc())
    assert crop.left + crop.side / 2 == pytest.approx(90.5 / 128)
    assert crop.top + crop.side / 2 == pytest.approx(60.5 / 128)
    assert crop.side == pytest.approx(41 / 128 * 1.2)


def test_the_camera_of_a_crop_sees_every_point_where_the_crop_shows_it():
    crop = Crop(0.55, 0.2, 0.3)
    camera = cropped_camera(CAMERA, crop)
    for point in ((0.4, 0.3, -3.0), (0.1, -0.2, -1.0), (1.0, 0.9, -7.0)):
        u, v = project(CAMERA, point)
        expected = (u - crop.left) / crop.side, (v - crop.top) / crop.side
        assert project(camera, point) == pytest.approx(expected, abs=1e-9)


def test_what_stands_in_front_is_cut_away():
    amodal = disc()
    visible = amodal.copy()
    visible[:, :85] = False
    view = cut_out("b", np.full((256, 256, 3), 200, np.uint8), amodal, visible, CAMERA)
    alpha = view.image[..., 3]
    assert alpha[512, 700] == 255
    assert alpha[512, 200] == 0
    assert 0.4 < view.visible < 0.8


def test_a_crop_may_reach_over_the_edge_of_the_picture():
    mask = np.zeros((128, 128), bool)
    mask[0:30, 0:10] = True
    view = cut_out("b", np.full((128, 128, 3), 200, np.uint8), mask, mask, CAMERA)
    assert view.image.shape == (1024, 1024, 4)
    assert (view.image[:10, :, :3] == 0).all()


def test_an_empty_silhouette_is_an_error():
    with pytest.raises(ValueError, match="empty"):
        square_around(np.zeros((8, 8), bool))
