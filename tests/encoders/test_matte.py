"""A thing is found in a region by its colours; where they do not tell, the region is kept."""

import numpy as np
import pytest

from backend.encoders.matte import by_colour, by_region

SIDE = 160


def scene(thing=(180, 60, 40), ground=(120, 130, 120), noise=12, radius=30):
    """A noisy disc on noisy ground with a box around it: picture, region, truth."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    truth = (y - 80) ** 2 + (x - 80) ** 2 <= radius**2
    picture = np.where(truth[..., None], thing, ground) + rng.normal(0, noise, (SIDE, SIDE, 3))
    region = np.zeros((SIDE, SIDE), bool)
    region[40:120, 44:116] = True
    return picture.clip(0, 255).astype(np.uint8), region, truth


def overlap(alpha, truth) -> float:
    found = alpha > 0.5
    return (found & truth).sum() / (found | truth).sum()


@pytest.mark.parametrize("thing", [(180, 60, 40), (60, 60, 60), (230, 230, 90)])
def test_a_thing_is_found_in_its_box(thing):
    picture, region, truth = scene(thing)
    assert overlap(by_region(picture, region), truth) < 0.6
    assert overlap(by_colour(picture, region), truth) > 0.92


def test_nothing_is_found_outside_of_the_region():
    picture, region, _ = scene(radius=60)
    assert not by_colour(picture, region)[~region].any()


def test_a_thing_that_fills_its_region_stays_whole():
    picture, _, truth = scene(radius=40)
    assert overlap(by_colour(picture, truth), truth) > 0.97


def test_a_thing_of_the_colours_of_its_ground_keeps_its_region():
    picture, region, _ = scene(thing=(120, 130, 120))
    assert overlap(by_colour(picture, region), region) > 0.9


def test_large_pictures_and_empty_regions():
    picture, region, truth = (np.kron(a, np.ones((4, 4) + (1,) * (a.ndim - 2), a.dtype)) for a in scene())
    alpha = by_colour(picture, region)
    assert alpha.shape == truth.shape and alpha.dtype == np.float32 and overlap(alpha, truth) > 0.95
    assert not by_colour(picture, np.zeros_like(region)).any()


def test_the_same_picture_gives_the_same_alpha():
    picture, region, _ = scene()
    assert np.array_equal(by_colour(picture, region), by_colour(picture, region))
