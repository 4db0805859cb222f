import numpy as np
import pytest
from safetensors.numpy import load_file

from backend.render import preprocess

from .layouts import SCENES, picture


@pytest.mark.parametrize("scene", ["example1", "example4"])
def test_the_references_double_jpeg_is_repeated_bit_for_bit(scene):
    jpeg = (SCENES / scene / "final_512_blender.jpg").read_bytes()
    ours = preprocess.shrunk(preprocess.recompressed(jpeg))
    assert (ours == picture(scene, "condition_from_final512.png")).all()


@pytest.mark.parametrize("scene", ["example1", "example4"])
def test_the_models_input_is_the_stored_one(scene):
    stored = load_file(SCENES / scene / "token_masks.safetensors")["out.cond_preprocessed_fp32_from_512"]
    ours = preprocess.model_input(picture(scene, "condition_from_final512.png"))
    assert ours.shape == (3, 512, 512) and ours.dtype == np.float32
    assert np.abs(ours[:, ::32, ::32] - stored).max() < 1e-6


def test_a_lossless_picture_loses_a_level_at_most():
    noise = np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)
    difference = noise.astype(int) - preprocess.condition(noise)
    assert difference.min() == 0 and difference.max() == 1
    assert np.abs(noise.astype(int) - preprocess.condition(noise, recompress=True)).max() > 10


def test_a_larger_picture_is_reduced():
    assert preprocess.condition(np.zeros((1024, 1024, 3), np.uint8)).shape == (512, 512, 3)
