"""What the starter model is told: words, proportions, view, thumbnail."""

import numpy as np
import pytest
import torch

from backend.generators.tar3d.conditions import ConditionEncoder, ConditionSettings, describe, known_words, thumbnail

SETTINGS = ConditionSettings(("arm", "chair", "round", "stool"), width=16)


def disc(size, centre, radius, grey):
    """A grey disc on a transparent picture."""
    rows, columns = np.mgrid[:size, :size]
    inside = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < radius**2
    return np.dstack([np.full((size, size, 3), grey, np.uint8), (255 * inside).astype(np.uint8)])


def test_only_trained_words_count_and_plurals_are_known():
    assert known_words("Two round CHAIRS, round like a barrel", SETTINGS) == [3, 2]


def test_a_thumbnail_is_cropped_to_what_is_opaque():
    small, large = thumbnail(disc(300, (110, 180), 75, 128)), thumbnail(disc(400, (200, 200), 150, 128))
    assert abs(small - large).mean() < 0.02
    luminance, alpha = small
    assert alpha[32, 32] == 1 and abs(luminance[32, 32] - 128 / 255) < 0.01
    assert alpha[0, 0] == 0 and luminance[0, 0] == 1


def test_an_empty_picture_is_an_error():
    with pytest.raises(ValueError, match="no opaque pixel"):
        thumbnail(np.zeros((10, 10, 4), np.uint8))


@torch.inference_mode()
def test_what_is_missing_has_zero_tokens():
    encoder = ConditionEncoder(SETTINGS)
    features = encoder(describe("", (1, 1, 1), SETTINGS))[0]
    assert features.shape == (SETTINGS.tokens, 16)
    assert not features[:8].any() and features[8].any() and not features[9:].any()
    features = encoder(describe("stool", (1, 1, 1), SETTINGS, disc(50, (25, 25), 20, 90), (0, 0, 1)))[0]
    assert features[0].any() and features[9].any() and features[10:].any(1).all()


@torch.inference_mode()
def test_only_the_proportions_of_the_box_count():
    encoder = ConditionEncoder(SETTINGS)
    one, other = (encoder(describe("chair", size, SETTINGS)) for size in ((1, 2, 3), (2, 4, 6)))
    torch.testing.assert_close(one, other)
