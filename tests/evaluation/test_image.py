import numpy as np
import pytest

from backend.evaluation.image import camera_eyes, look_at, on_white, psnr, ssim

PICTURE = np.random.default_rng(0).integers(0, 255, (32, 32, 3), dtype=np.uint8)


def test_identical_pictures():
    assert psnr(PICTURE, PICTURE) == 100 and ssim(PICTURE, PICTURE) == pytest.approx(1)


def test_a_constant_error_has_its_known_psnr():
    grey = np.full((8, 8, 3), 100, np.uint8)
    assert psnr(grey, grey + np.uint8(51)) == pytest.approx(20 * np.log10(5))  # 51 / 255 = 1 / 5


def test_transparent_is_white():
    np.testing.assert_allclose(
        on_white(np.array([[[0, 0, 0, 0], [255, 0, 0, 255]]], np.uint8)), [[[1, 1, 1], [1, 0, 0]]]
    )


def test_every_camera_looks_at_the_origin_with_the_sky_above():
    for eye in camera_eyes():
        pose = look_at(eye)
        np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-12)
        np.testing.assert_allclose(-pose[:3, 2] * np.linalg.norm(eye), -eye, atol=1e-12)
        assert pose[1, 1] > 0
