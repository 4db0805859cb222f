import torch
from PIL import Image

from backend.encoders.dinov3 import DinoV3, square_images

TINY = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "image_size": 64,
}


def test_tokens_are_class_registers_and_patches_with_unit_variance() -> None:
    out = DinoV3(TINY).eval()(torch.rand(2, 3, 48, 64))
    assert out.tokens.shape == (2, 1 + 4 + 12, 32) and out.global_tokens.shape == (2, 5, 32)
    assert out.patch_map(3, 4).shape == (2, 32, 3, 4)
    assert torch.equal(out.patch_map(3, 4)[1, :, 2, 1], out.tokens[1, 5 + 2 * 4 + 1])
    torch.testing.assert_close(out.tokens.var(-1, unbiased=False), torch.ones(2, 17), atol=0.1, rtol=0)


def test_weights_have_the_published_names() -> None:
    keys = DinoV3(TINY).state_dict().keys()
    assert {"embeddings.cls_token", "layer.0.norm1.weight", "layer.1.attention.q_proj.bias", "norm.weight"} <= keys
    assert "layer.0.attention.k_proj.bias" not in keys
    with torch.device("meta"):
        assert not list(DinoV3().buffers())  # nothing that a checkpoint could not fill
    assert len(keys) == 7 + 2 * 17


def test_pictures_become_squares_in_0_to_1() -> None:
    pixels = square_images([Image.new("RGB", (30, 20), (255, 0, 51))], 16)
    assert pixels.shape == (1, 3, 16, 16)
    torch.testing.assert_close(pixels[0, :, 3, 5], torch.tensor([1.0, 0.0, 0.2]))
