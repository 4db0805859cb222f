"""The recipe of the published data, end to end on two made shapes and tiny networks."""

from argparse import Namespace
from dataclasses import replace
from time import monotonic

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from backend.generators.tar3d.gpt import GPTSettings
from backend.generators.tar3d.vqvae import VQVAE, VQVAESettings
from backend.training.recipes import tar3d_published

TINY = replace(
    VQVAESettings(), triplane_res=4, width=24, heads=2, num_encoder_layers=1, triplane_layers=1, codebook_size=32,
    hidden=8,
)  # fmt: skip
GPT = GPTSettings(
    dim=32,
    n_layer=4,
    n_head=2,
    multiple_of=16,
    caption_dim=768,
    vocab_size=32,
    cls_token_num=197,
    block_size=TINY.codes,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two balls; only the first has features of pictures, only the second of a caption."""
    root, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    home, cloud = root / "ShapeNetV2_point" / "01", root / "surface" / "01" / "4_pointcloud"
    image, text = root / "dino_feats" / "Shapenet", root / "captions" / "t5_ulip_feats"
    for folder in (home, cloud, image, text):
        folder.mkdir(parents=True)
    (home / "train.lst").write_text("a\nb\n")
    for name, radius in (("a", 0.5), ("b", 0.9)):
        unit = rng.normal(size=(200, 3))
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        far, near = rng.uniform(-1, 1, (200, 3)), unit * radius + rng.normal(0, 0.05, (200, 3))
        inside = [np.linalg.norm(p, axis=1) < radius for p in (far, near)]
        np.savez(home / f"{name}.npz", vol_points=far, vol_label=inside[0], near_points=near, near_label=inside[1])
        np.save(home / f"{name}.npy", 1.0)
        np.savez(cloud / f"{name}.npz", points=unit * radius, normals=unit)
    np.savez(image / "01_a.npz", v0=rng.normal(size=(1, 197, 768)).astype(np.float32))
    np.savez(text / "01_b.npz", v0=rng.normal(size=(1, 7, 2048)).astype(np.float32))
    return root


def options(root, out, part, **changes):
    given = dict(
        part=part, root=root, list=None, ulip=root, out=out, steps=6, batch=2, surface=64, queries=64, loaders=0,
        seed=1, minutes=9.0, stop_at=10**9, log_every=1, save_every=10**9, rate=1e-3, matrix_rate=1e-3,
        condition="image",
    )  # fmt: skip
    return Namespace(**given | changes)


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.ema.state().values(), other.ema.state().values(), strict=True))


def train(root, out, part, settings=None, **changes):
    given = options(root, out, part, **changes)
    if part == "vqvae":
        return tar3d_published.train_vqvae(TINY, given, Accelerator(cpu=True), monotonic())
    torch.manual_seed(0)
    return tar3d_published.train_gpt(settings or GPT, VQVAE(TINY).eval(), given, Accelerator(cpu=True), monotonic())


@pytest.mark.parametrize("part", ["vqvae", "gpt"])
def test_a_resumed_run_equals_one_that_never_stopped(root, tmp_path, part):
    whole = train(root, tmp_path / "whole", part)
    train(root, tmp_path / "parts", part, stop_at=3)
    parts = train(root, tmp_path / "parts", part)
    assert parts.step == 6 and same(whole, parts)
    assert (tmp_path / "whole" / f"{part}.safetensors").exists()


def test_words_condition_with_their_mask(root, tmp_path):
    text = replace(GPT, caption_dim=2048, cls_token_num=120)
    run = train(root, tmp_path, "gpt", text, condition="text", steps=2)
    assert all(value.isfinite().all() for value in run.model.state_dict().values())


def test_a_shape_without_a_condition_counts_for_nothing(root, tmp_path):
    samples = tar3d_published.Samples(options(root, tmp_path, "gpt"), process=0)
    valid = [float(samples[n]["valid"]) for n in range(12)]
    assert set(valid) == {0.0, 1.0}
    assert float(samples[valid.index(0.0)]["features"].abs().sum()) == 0
