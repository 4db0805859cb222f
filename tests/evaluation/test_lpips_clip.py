"""The two learned metrics on tiny checkpoints in the published containers."""

import numpy as np
import pytest
import torch

from backend.evaluation import clip, lpips
from backend.weights.load import BadCheckpoint

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 255, (2, 64, 64, 3), dtype=np.uint8)
OTHERS = RNG.integers(0, 255, (2, 64, 64, 3), dtype=np.uint8)
CHANNELS = (4, 5, 6, 5, 4)
TINY = clip.ClipSettings(image_size=32, patch=16, width=12, layers=2, heads=3, embed_dim=8)


@pytest.fixture
def alexnet(tmp_path):
    """torchvision's file holds a classifier, lpips' only the linear layers."""
    torch.manual_seed(0)
    weights = lpips.LPIPS(CHANNELS).state_dict()
    features = {k: v for k, v in weights.items() if k.startswith("features.")}
    torch.save(features | {"classifier.1.weight": torch.zeros(2, 2)}, tmp_path / "alexnet.pth")
    torch.save({k: v.abs() for k, v in weights.items() if k.startswith("lin")}, tmp_path / "alex.pth")
    return tmp_path / "alexnet.pth", tmp_path / "alex.pth"


def test_lpips_is_zero_for_the_same_picture_and_grows_with_the_difference(alexnet):
    model = lpips.load_lpips(*alexnet, channels=CHANNELS)
    assert lpips.distances(model, PICTURES, PICTURES) == [0, 0]
    slight = (0.9 * PICTURES + 0.1 * OTHERS).astype(np.uint8)
    far, near = lpips.distances(model, PICTURES, OTHERS), lpips.distances(model, PICTURES, slight)
    assert all(0 < n < f for n, f in zip(near, far, strict=True))
    assert far != lpips.distances(model, PICTURES, OTHERS, as_published=False)


def test_lpips_is_what_its_definition_says(alexnet):
    model = lpips.load_lpips(*alexnet, channels=CHANNELS)
    one, other = (torch.from_numpy(p[:1]).movedim(-1, 1) / 255 for p in (PICTURES, OTHERS))
    total = 0.0
    for number, (a, b) in enumerate(zip(model.taps(one), model.taps(other), strict=True)):
        weight = getattr(model, f"lin{number}").model[1].weight.flatten()
        total += float((((a - b) ** 2) * weight[:, None, None]).sum(1).mean())
        torch.testing.assert_close(a.norm(dim=1).amax(), torch.tensor(1.0))
    assert lpips.distances(model, PICTURES[:1], OTHERS[:1]) == pytest.approx([total])


def test_a_file_of_another_network_is_refused(alexnet, tmp_path):
    torch.save({"features.0.weight": torch.zeros(1)}, tmp_path / "bad.pth")
    with pytest.raises(BadCheckpoint, match=r"features\.0\.bias"):
        lpips.load_lpips(tmp_path / "bad.pth", alexnet[1], CHANNELS)


@pytest.mark.parametrize("wrapped", [False, True])
def test_clip_reads_the_image_tower_of_a_whole_model(tmp_path, wrapped):
    torch.manual_seed(0)
    tower = {f"visual.{k}": torch.randn_like(v) for k, v in clip.ClipImage(TINY).state_dict().items()}
    whole = tower | {"token_embedding.weight": torch.zeros(3, 3)}
    content = {"state_dict": {f"module.{k}": v for k, v in whole.items()}} if wrapped else whole
    torch.save(content, tmp_path / "clip.pt")
    model = clip.load_clip(tmp_path / "clip.pt", TINY)
    assert clip.scores(model, PICTURES, PICTURES) == pytest.approx([100, 100], abs=1e-3)
    assert max(clip.scores(model, PICTURES, OTHERS)) < 99.99


def test_clip_agrees_with_the_library_that_ships_the_same_network(tmp_path):
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(0)
    config = CLIPVisionConfig(
        hidden_size=12, intermediate_size=48, num_hidden_layers=2, num_attention_heads=3, image_size=32, patch_size=16,
        projection_dim=8, hidden_act="gelu",
    )  # fmt: skip
    theirs = CLIPVisionModelWithProjection(config).eval()
    ours = clip.ClipImage(TINY).eval()
    ours.load_state_dict(as_open_clip(theirs.state_dict()))
    x = torch.randn(2, 3, 32, 32)
    torch.testing.assert_close(ours(x), theirs(x).image_embeds, atol=1e-5, rtol=1e-4)


def as_open_clip(weights):
    """transformers' names of the vision tower -> open_clip's."""
    plain = {k.removeprefix("vision_model."): v for k, v in weights.items() if "position_ids" not in k}
    renamed = {
        "conv1.weight": plain["embeddings.patch_embedding.weight"],
        "class_embedding": plain["embeddings.class_embedding"],
        "positional_embedding": plain["embeddings.position_embedding.weight"],
        "proj": plain["visual_projection.weight"].T,
    }
    for part in ("weight", "bias"):
        renamed[f"ln_pre.{part}"] = plain[f"pre_layrnorm.{part}"]
        renamed[f"ln_post.{part}"] = plain[f"post_layernorm.{part}"]
        for i in range(2):
            theirs, ours = f"encoder.layers.{i}", f"transformer.resblocks.{i}"
            qkv = [plain[f"{theirs}.self_attn.{name}_proj.{part}"] for name in "qkv"]
            renamed[f"{ours}.attn.in_proj_{part}"] = torch.cat(qkv)
            renamed[f"{ours}.attn.out_proj.{part}"] = plain[f"{theirs}.self_attn.out_proj.{part}"]
            renamed[f"{ours}.mlp.c_fc.{part}"] = plain[f"{theirs}.mlp.fc1.{part}"]
            renamed[f"{ours}.mlp.c_proj.{part}"] = plain[f"{theirs}.mlp.fc2.{part}"]
            for number in (1, 2):
                renamed[f"{ours}.ln_{number}.{part}"] = plain[f"{theirs}.layer_norm{number}.{part}"]
    return renamed
