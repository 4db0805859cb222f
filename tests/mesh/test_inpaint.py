import numpy as np
import torch

from backend.mesh.inpaint import inpaint as inpaint_tensors


def inpaint(image: np.ndarray, covered: np.ndarray, radius: int = 3) -> np.ndarray:
    return inpaint_tensors(torch.from_numpy(image), torch.from_numpy(covered), radius).numpy()


def test_covered_texels_stay_and_a_plain_colour_spreads() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    covered = np.zeros((40, 40), bool)
    covered[10:20, 10:25] = True
    image[covered] = (10, 200, 77)
    assert (inpaint(image, covered) == (10, 200, 77)).all()


def test_between_two_colours_the_filling_is_between_them() -> None:
    image = np.zeros((21, 41, 1), np.uint8)
    covered = np.ones((21, 41), bool)
    image[:, :15], image[:, 26:] = 50, 250
    covered[:, 15:26] = False
    filled = inpaint(image, covered)[..., 0]
    assert filled.min() >= 50 and filled.max() <= 250
    assert (filled[:, 15] < 60).all() and (filled[:, 25] > 240).all()


def test_far_gutters_take_the_nearest_value() -> None:
    image = np.zeros((4, 200, 1), np.uint8)
    image[:, 0] = 9
    covered = np.zeros((4, 200), bool)
    covered[:, 0] = True
    assert (inpaint(image, covered, radius=1) == 9).all()


def test_a_full_map_is_returned_as_it_is() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 6, 2)).astype(np.uint8)
    assert np.array_equal(inpaint(image, np.ones((5, 6), bool)), image)
