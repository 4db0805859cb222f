"""A button that is gone is seen; a letter that is drawn a shade lighter is not."""

import numpy as np
import pytest
from PIL import Image

from . import compare

PART = (40, 20, 240, 220)


@pytest.fixture
def screen(tmp_path):
    """A grey screen with bright buttons on it, as a file."""

    def draw(name="screen.png", buttons=4, shade=200):
        pixels = np.full((300, 400, 3), 48, np.uint8)
        for n in range(buttons):
            pixels[40 + n * 45 : 64 + n * 45, 60:220] = shade
        path = tmp_path / name
        Image.fromarray(pixels).save(path)
        return path

    return draw


def test_the_same_screen_is_the_same_and_its_golden_is_small(screen, tmp_path):
    golden = tmp_path / "goldens" / "screen.png"
    compare.accept(screen(), PART, golden)
    found = compare.compare(screen(), PART, golden)
    assert found.same and found.different == 0 and golden.stat().st_size < 4000


@pytest.mark.parametrize(("drawn", "same"), [({"shade": 205}, True), ({"buttons": 3}, False), ({"shade": 90}, False)])
def test_what_counts_as_different(screen, tmp_path, drawn, same):
    golden = tmp_path / "golden.png"
    compare.accept(screen(), PART, golden)
    found = compare.compare(screen("now.png", **drawn), PART, golden)
    assert found.same is same
    assert found.picture.width == 600  # golden, now, where they differ


def test_another_size_is_different_altogether(screen, tmp_path):
    golden = tmp_path / "golden.png"
    compare.accept(screen(), PART, golden)
    found = compare.compare(screen(), (40, 20, 200, 220), golden)
    assert not found.same and "160 x 200 pixels, 200 x 200 accepted" in found.words
