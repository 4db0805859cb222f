"""Segment Anything as a matting, on a network of a few thousand weights in the published layout."""

import numpy as np
import pytest
import torch
from transformers import SamConfig, SamModel

from backend.encoders.segment import Segmenter

SIDE = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    made = tmp_path_factory.mktemp("sam")
    vision = dict(hidden_size=16, output_channels=16, num_hidden_layers=1, num_attention_heads=2, image_size=SIDE)
    vision |= dict(patch_size=8, window_size=4, global_attn_indexes=[0], mlp_dim=32, num_pos_feats=8)
    prompt = dict(hidden_size=16, image_size=SIDE, patch_size=8, image_embedding_size=8)
    decoder = dict(hidden_size=16, mlp_dim=32, num_hidden_layers=1, num_attention_heads=2, iou_head_hidden_dim=16)
    config = SamConfig(vision_config=vision, prompt_encoder_config=prompt, mask_decoder_config=decoder)
    SamModel(config).save_pretrained(made)
    return made


def test_the_alpha_is_the_pictures_size_and_empty_outside_of_the_region(folder):
    matting = Segmenter(folder, "cpu")
    picture = np.random.default_rng(0).integers(0, 256, (40, 90, 3), np.uint8)
    region = np.zeros((40, 90), bool)
    region[10:30, 20:70] = True
    alpha = matting(picture, region)
    assert alpha.shape == (40, 90) and alpha.dtype == np.float32
    assert not alpha[~region].any() and alpha[region].min() > 0 and alpha.max() <= 1
    assert np.array_equal(alpha, matting(picture, region))


def test_it_is_asked_with_the_rectangle_and_the_best_of_its_masks_is_taken(folder):
    matting, asked = Segmenter(folder, "cpu"), []

    class Out:
        iou_scores = torch.tensor([[[0.1, 0.9, 0.3]]])
        pred_masks = torch.full((1, 1, 3, 16, 16), -20.0)

    Out.pred_masks[0, 0, 1, :, :8] = 20.0  # the left half
    matting.model = lambda **given: asked.append(given) or Out  # type: ignore[assignment]
    region = np.zeros((128, 128), bool)
    region[32:96, 16:128] = True
    alpha = matting(np.zeros((128, 128, 3), np.uint8), region)
    assert asked[0]["input_boxes"].tolist() == [[[8.0, 16.0, 64.0, 48.0]]]
    assert asked[0]["pixel_values"].shape == (1, 3, SIDE, SIDE)
    assert alpha[64, 20:56].min() > 0.99 and alpha[64, 72:].max() < 0.01


def test_nothing_is_asked_about_an_empty_region(folder):
    assert not Segmenter(folder, "cpu")(np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), bool)).any()
