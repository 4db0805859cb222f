"""Both recipes of the starter, end to end at a tiny size: they learn, and a resumed run equals an uninterrupted one."""

import json
import os
import socket
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
import torch
from accelerate import Accelerator
from PIL import Image
from safetensors.torch import load_file
from torch.multiprocessing.spawn import start_processes

from backend.generators.tar3d.conditions import ConditionSettings
from backend.generators.tar3d.gpt import GPTSettings
from backend.generators.tar3d.starter import VQVAE_SETTINGS
from backend.generators.tar3d.vqvae import VQVAE
from backend.training.checkpoint import restore_run
from backend.training.data.draft_shapes import CAPTIONS, VIEWS, ShapePool
from backend.training.recipes import tar3d_gpt, tar3d_vqvae

TINY_VQVAE = replace(
    VQVAE_SETTINGS,
    triplane_res=4,
    width=24,
    heads=2,
    num_encoder_layers=1,
    triplane_layers=1,
    codebook_size=32,
    hidden=8,
)
CONDITIONS = ConditionSettings(("ball", "box"), width=16)
TINY_GPT = GPTSettings(
    dim=32, n_layer=4, n_head=2, multiple_of=16, caption_dim=16, vocab_size=32, cls_token_num=CONDITIONS.tokens,
    block_size=TINY_VQVAE.codes, dropout=0.0, cond_rope="everywhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> ShapePool:
    """Balls of several sizes: surface and occupancy are known without a mesh."""
    generator, count = torch.Generator().manual_seed(0), 8
    radius = torch.linspace(0.4, 0.9, count)[:, None, None]
    normals = torch.nn.functional.normalize(torch.randn(count, 256, 3, generator=generator), dim=-1)
    points = torch.rand(count, 256, 3, generator=generator) * 2 - 1
    return ShapePool(
        surface=(normals * radius).half(),
        normals=normals.half(),
        points=points.half(),
        labels=points.norm(dim=-1) < radius[..., 0],
        words=torch.ones(count, CAPTIONS, CONDITIONS.words, dtype=torch.int64),
        size=torch.ones(count, 3),
        views=torch.zeros(count, VIEWS, 3),
        images=torch.zeros(count, VIEWS, 2, 64, 64, dtype=torch.uint8),
        kinds=["ball"] * count,
        captions=["ball"] * count,
    )


def options(folder, **changes) -> Namespace:
    given = dict(
        out=folder, steps=12, first_phase=0.5, batch=4, surface=64, queries=128, rate=3e-3, matrix_rate=3e-3, seed=1,
        minutes=10.0, stop_at=10**9, log_every=1, draw_every=10**9, save_every=10**9, compile=False, weights=None,
        decoder_only=False,
    )  # fmt: skip
    return Namespace(**given | changes)


def train_vqvae(folder, pool, **changes):
    given, accelerator = options(folder, **changes), Accelerator(cpu=True)
    run = tar3d_vqvae.new_run(TINY_VQVAE, given, accelerator)
    restore_run(run, folder)
    tar3d_vqvae.train(run, pool, given, accelerator, started=monotonic())
    return run


def train_gpt(folder, pool, codes, dropout=0.0, **changes):
    given, accelerator = options(folder, **changes), Accelerator(cpu=True)
    run = tar3d_gpt.new_run(replace(TINY_GPT, dropout=dropout), CONDITIONS, given, accelerator)
    restore_run(run, folder)
    tar3d_gpt.train(run, VQVAE(TINY_VQVAE).eval(), pool, codes, given, accelerator, started=monotonic())
    return run


def logged(folder, name):
    return [json.loads(line)[name] for line in (folder / "log.jsonl").read_text().splitlines()]


def same_weights(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.ema.state().values(), other.ema.state().values(), strict=True))


def test_the_vqvae_learns_in_both_phases(tmp_path, pool):
    train_vqvae(tmp_path, pool, steps=50)
    far = logged(tmp_path, "far")
    assert far[-1] < 0.6 * far[0]
    assert logged(tmp_path, "codes_used")[-1] > 8


@pytest.mark.parametrize("stop", [3, 9])  # in the first phase, in the second
def test_a_resumed_vqvae_run_equals_one_that_never_stopped(tmp_path, pool, stop):
    whole = train_vqvae(tmp_path / "whole", pool)
    train_vqvae(tmp_path / "parts", pool, stop_at=stop)
    parts = train_vqvae(tmp_path / "parts", pool)
    assert parts.step == whole.step == 12
    assert same_weights(whole, parts)


def test_the_gpt_learns(tmp_path, pool):
    codes = torch.randint(32, (1, 1, TINY_VQVAE.codes), generator=torch.Generator().manual_seed(0)).expand(2, 8, -1)
    train_gpt(tmp_path, pool, codes, steps=40)
    loss = logged(tmp_path, "loss")
    assert loss[0] > 3.4 and loss[-1] < 2.5  # ln 32 = 3.47 at the start


def test_a_resumed_gpt_run_equals_one_that_never_stopped(tmp_path, pool):
    codes = torch.randint(32, (2, 8, TINY_VQVAE.codes), generator=torch.Generator().manual_seed(0))
    whole = train_gpt(tmp_path / "whole", pool, codes, steps=6)
    train_gpt(tmp_path / "parts", pool, codes, steps=6, stop_at=3)
    assert same_weights(whole, train_gpt(tmp_path / "parts", pool, codes, steps=6))


def test_codes_of_a_pool_are_taken_from_two_samples_of_its_surface(tmp_path, pool):
    codes = tar3d_gpt.encode_pool(VQVAE(TINY_VQVAE).eval(), pool, options(tmp_path))
    assert codes.shape == (2, len(pool), TINY_VQVAE.codes)
    assert codes.min() >= 0 and codes.max() < 32


def test_sample_meshes_are_drawn_while_training(tmp_path, pool):
    train_vqvae(tmp_path / "vqvae", pool, steps=2, draw_every=2)
    train_gpt(tmp_path / "gpt", pool, torch.zeros(2, 8, TINY_VQVAE.codes, dtype=torch.int64), steps=2, draw_every=2)
    for name in ("vqvae", "gpt"):
        assert Image.open(tmp_path / name / "samples_000002.png").size == (2 * 328, 4 * 174)


def test_only_the_decoder_learns_when_the_codes_must_stay(tmp_path, pool):
    train_vqvae(tmp_path / "whole", pool)
    start = tmp_path / "whole" / "vqvae.safetensors"
    before, run = load_file(start), train_vqvae(tmp_path / "more", pool, weights=start, decoder_only=True, steps=4)
    after = {name: value.half() for name, value in run.model.state_dict().items()}
    changed = {name.split(".")[0] for name, value in before.items() if not torch.equal(value, after[name])}
    assert changed == {"post_quant_conv", "transformer", "post_trans_conv", "up_conv_decoder", "synthesizer"}
    statistics = [name for name in before if "running" in name]
    assert statistics and all(torch.equal(before[name], after[name]) for name in statistics)


def test_two_processes_learn_the_same_and_go_on_exactly_where_they_stopped(tmp_path, pool):
    for number in range(2):
        half = pool.first(8) if number == 0 else ShapePool(**{k: v[4:] for k, v in vars(pool).items()})
        half.first(4).save(tmp_path / f"{number}.safetensors")
    start_processes(train_in_two, args=(tmp_path,), nprocs=2, start_method="spawn")
    sums = {path.stem: path.read_text() for path in tmp_path.glob("*.txt")}
    assert sums["whole0"] == sums["whole1"] == sums["parts0"] == sums["parts1"]
    for name in ("vqvae/vqvae.safetensors", "gpt/gpt.safetensors"):
        whole, parts = load_file(tmp_path / "whole" / name), load_file(tmp_path / "parts" / name)
        assert all(torch.equal(whole[key], parts[key]) for key in whole)


def train_in_two(rank: int, folder: Path) -> None:
    """One of two processes: both networks without a stop, then in two parts; writes down what they have become."""
    address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port(folder, rank))}
    os.environ |= address | {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    torch.set_num_threads(1)
    own = ShapePool.load_share(folder, torch.device("cpu"), rank, 2)
    codes = torch.randint(32, (2, len(own), TINY_VQVAE.codes), generator=torch.Generator().manual_seed(rank))
    for name, stops in (("whole", [10**9]), ("parts", [3, 10**9])):
        for stop in stops:
            vqvae = train_vqvae(folder / name / "vqvae", own, steps=6, stop_at=stop)
            gpt = train_gpt(folder / name / "gpt", own, codes, steps=6, stop_at=stop, dropout=0.1)
            Accelerator().wait_for_everyone()
        sums = [float(value.double().abs().sum()) for run in (vqvae, gpt) for value in run.model.parameters()]
        (folder / f"{name}{rank}.txt").write_text(repr(sums))


def free_port(folder: Path, rank: int) -> int:
    """A port that the first process finds and the second reads."""
    file = folder / "port"
    if rank == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            file.with_suffix(".part").write_text(str(probe.getsockname()[1]))
        file.with_suffix(".part").replace(file)
    while not file.exists():
        sleep(0.02)
    return int(file.read_text())
