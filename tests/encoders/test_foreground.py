import numpy as np
import pytest
from PIL import Image

from backend.encoders.foreground import crop_foreground


def disc(size: tuple[int, int] = (120, 80), centre: tuple[int, int] = (90, 30), radius: int = 20) -> Image.Image:
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= radius**2
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    pixels[inside] = (200, 100, 50, 255)
    return Image.fromarray(pixels)


def test_the_object_fills_the_square() -> None:
    picture = np.asarray(crop_foreground(disc()))
    assert picture.shape == (40, 40, 3)
    assert picture[20, 20].tolist() == [200, 100, 50] and not picture[0, 0].any()


def test_a_margin_and_a_background() -> None:
    picture = np.asarray(crop_foreground(disc(), margin=1.5, background=(1.0, 1.0, 1.0)))
    assert picture.shape == (60, 60, 3) and picture[0, 0].tolist() == [255, 255, 255]


def test_large_pictures_are_reduced_first() -> None:
    assert 390 < max(crop_foreground(disc((2048, 1000), (1000, 500), 400)).size) <= 400


def test_without_transparency_the_matte_decides() -> None:
    rgba = disc()
    picture = crop_foreground(rgba.convert("RGB"), lambda image: rgba.getchannel("A"))
    assert np.array_equal(picture, crop_foreground(rgba))
    with pytest.raises(ValueError, match="matting network"):
        crop_foreground(rgba.convert("RGB"))


def test_an_empty_picture_is_an_error() -> None:
    with pytest.raises(ValueError, match="no object to crop"):
        crop_foreground(Image.new("RGBA", (10, 10)))
