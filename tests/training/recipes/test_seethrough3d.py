"""The recipe of SeeThrough3D's LoRA, end to end on a tiny checkpoint and a data set of a few coloured pictures."""

import json
from argparse import Namespace
from time import monotonic

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from PIL import Image
from safetensors.torch import load_file

from backend.generators.seethrough3d.pipeline import load_transformer
from backend.training.data.seethrough3d_scenes import BadDataset, epochs
from backend.training.data.text_embeddings import TextEmbeddings
from backend.training.recipes import seethrough3d as recipe
from backend.training.seethrough3d import trainable
from tests.generators.seethrough3d import tiny_flux

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def flux(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    tiny_flux.write(root)
    return root / "flux1-dev"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Six scenes of a bright square on a dark ground; half of the targets are "realistic"."""
    root = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    lines = []
    for i in range(6):
        scene = root / f"scene{i}"
        scene.mkdir()
        name = "main.jpg" if i % 2 else "drawn.jpg"
        picture = np.full((96, 96, 3), 30, np.uint8)
        picture[20:70, 10 * i : 10 * i + 40] = rng.integers(120, 255, 3)
        Image.fromarray(picture).save(scene / name)
        Image.fromarray(picture[::-1].copy()).save(scene / "oscr.jpg")
        mask = np.zeros((64, 64), np.uint8)
        mask[10:50, 6 * i : 6 * i + 30] = 255
        Image.fromarray(mask).save(scene / "000__1.0.png")
        lines.append(
            {
                "target": f"scene{i}/{name}",
                "oscr": f"scene{i}/oscr.jpg",
                "cuboids_segmasks": [f"scene{i}/000__1.0.png"],
                "PLACEHOLDER_prompts": "a photo of PLACEHOLDER in a room",
                "subjects": [f"thing {'abcdef'[i]}"],
                "call_ids": [[11, 12, 13]],
            }
        )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (root / "scenes_shuffled_0.jsonl").write_text(text)
    (root / "scenes_shuffled_1.jsonl").write_text("".join(reversed(text.splitlines(keepends=True))))
    return root


def options(flux, data, out, **changes) -> Namespace:
    given = dict(
        data=data, name="", column="oscr", flux=flux, out=out, texts=None, start=None, rank=4, batch=1, accumulate=1,
        sides=(32, 48), stage1_epochs=1, stage2_steps=2, rate=1e-2, guidance=1.0, weighting="none",
        keep_activations=False, loaders=0, seed=3, minutes=60.0, stop_at=10**9, save_every=1000, log_every=1,
    )  # fmt: skip
    return Namespace(**given | changes)


def train(flux, data, out, **changes):
    given, accelerator = options(flux, data, out, **changes), Accelerator(cpu=True)
    shuffled = epochs(given.data, given.name, given.column)
    texts = TextEmbeddings(data / "text_embeddings")
    prompts = {scene.prompt for epoch in shuffled for scene in epoch}
    recipe.encode_prompts(texts, prompts, given, accelerator, torch.float32)
    autoencoder = recipe.AutoencoderKL.from_pretrained(given.flux / "vae").eval()
    run = recipe.new_run(recipe.load_base(given, CPU, torch.float32), given)
    plan = recipe.Plan(shuffled, given, accelerator)
    recipe.train(run, autoencoder, plan, texts, given, accelerator, monotonic())
    return run, plan, texts, autoencoder


def loss_on_fixed_draws(model, plan, texts, autoencoder) -> torch.Tensor:
    """Mean over the scenes of one epoch, each with noise and times that are always the same."""
    losses = []
    for step in range(6):
        (chosen,) = plan.work(step).batches
        pictures = [recipe.scenes.pictures(scene, 32) for scene in chosen]
        draws = recipe.draws_of(99, step, 0, 0)
        batch, noise, u = recipe.make_batch(chosen, pictures, texts, autoencoder, draws, "none")
        losses.append(recipe.flow_loss(model, batch, noise, u))
    return torch.stack(losses).mean()


def test_the_lora_learns(tmp_path, flux, data):
    run, plan, texts, autoencoder = train(flux, data, tmp_path, stage1_epochs=5, stage2_steps=0)
    assert run.step == 30
    fresh = recipe.load_base(options(flux, data, tmp_path), CPU, torch.float32)
    before = loss_on_fixed_draws(fresh, plan, texts, autoencoder)
    after = loss_on_fixed_draws(run.model, plan, texts, autoencoder)
    print(f"loss {before:.4f} -> {after:.4f}")
    assert after < 0.9 * before


def test_a_resumed_run_equals_one_that_never_stopped(tmp_path, flux, data):
    changes = dict(batch=1, accumulate=2)  # 3 steps at 32 pixels, 1 at 48
    whole, plan, *_ = train(flux, data, tmp_path / "whole", **changes)
    train(flux, data, tmp_path / "parts", stop_at=2, **changes)
    parts, *_ = train(flux, data, tmp_path / "parts", **changes)
    assert parts.step == whole.step == len(plan) == 4
    for (name, one), (_, other) in zip(trainable(whole.model).items(), trainable(parts.model).items(), strict=True):
        assert torch.equal(one, other), name
    assert [logged["side"] for logged in log(tmp_path / "parts")] == [32, 32, 32, 48]
    assert [logged["loss"] for logged in log(tmp_path / "parts")] == [line["loss"] for line in log(tmp_path / "whole")]


def log(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_recomputing_blocks_gives_the_same_gradients(tmp_path, flux, data):
    _, plan, texts, autoencoder = train(flux, data, tmp_path, stop_at=0)
    gradients = []
    for keep in (False, True):
        given = options(flux, data, tmp_path, keep_activations=keep)
        run = recipe.new_run(recipe.load_base(given, CPU, torch.float32), given)
        loss_on_fixed_draws(run.model, plan, texts, autoencoder).backward()
        gradients.append({n: p.grad for n, p in run.model.named_parameters() if p.requires_grad})
    assert gradients[0].keys() == gradients[1].keys() and len(gradients[0]) == 2 * (4 + 3 + 2)
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], rtol=0, atol=0, msg=name)
    assert any(g.abs().max() > 0 for g in gradients[0].values())


def test_only_the_lora_is_saved_and_the_product_loads_it(tmp_path, flux, data):
    run, *_ = train(flux, data, tmp_path, stop_at=2)
    saved = load_file(tmp_path / "training.safetensors")
    assert all("_loras." in name for name in saved)
    model = load_transformer(flux / "transformer", tmp_path / recipe.LORA, torch.float32)
    for name, parameter in trainable(run.model).items():
        assert torch.equal(model.get_parameter(name), parameter), name


def test_a_bf16_base_trains_an_fp32_lora(tmp_path, flux, data):
    _, plan, texts, autoencoder = train(flux, data, tmp_path, stop_at=0)
    run = recipe.new_run(recipe.load_base(options(flux, data, tmp_path), CPU, torch.bfloat16), options(flux, data, 0))
    loss = loss_on_fixed_draws(run.model, plan, texts, autoencoder.bfloat16())
    loss.backward()
    types = {p.dtype for p in run.model.parameters() if p.requires_grad}
    assert types == {torch.float32} and run.model.x_embedder.weight.dtype == torch.bfloat16
    assert all(p.grad.dtype == torch.float32 for p in run.model.parameters() if p.requires_grad)


def test_a_run_starts_from_a_lora(tmp_path, flux, data):
    published = flux.parent / "seethrough3d/checkpoints/seethrough3d_release/lora.safetensors"
    model = recipe.load_base(options(flux, data, tmp_path, start=published), CPU, torch.float32)
    for name, value in load_file(published).items():
        assert torch.equal(model.get_parameter(name), value)


def test_each_process_takes_its_share(flux, data, tmp_path):
    shuffled = epochs(data)
    plans = [
        recipe.Plan(shuffled, options(flux, data, tmp_path), Namespace(process_index=i, num_processes=2))
        for i in range(2)
    ]
    taken = [scene for step in range(3) for plan in plans for scene in plan.work(step).batches[0]]
    assert taken == shuffled[0]
    assert len(plans[0]) == 3 + 1 and all(plan.work(3).side == 48 for plan in plans)
    with pytest.raises(IndexError):
        plans[0].work(4)


def test_too_few_scenes_are_said(flux, data, tmp_path):
    with pytest.raises(BadDataset, match="6 scenes"):
        recipe.Plan(epochs(data), options(flux, data, tmp_path, batch=7), Namespace(process_index=0, num_processes=1))
