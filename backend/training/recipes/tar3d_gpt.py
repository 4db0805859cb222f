"""Train the starter GPT of TAR3D on codes of Draft furniture.

    python -m backend.training.recipes.tar3d_pool --out runs/pool
    python -m backend.training.recipes.tar3d_gpt --pool runs/pool --vqvae runs/vqvae/vqvae.safetensors --out runs/gpt

Matrices of the layers take Muon, everything else AdamW. Run the same command again to go on where it stopped;
`--minutes` ends a run early with everything saved. Several GPUs: `accelerate launch -m
backend.training.recipes.tar3d_gpt ...`. TAR3D specification 11.3, 11.4 and 14.3.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch
from accelerate import Accelerator
from safetensors.torch import load_file
from torch import Tensor, nn

from ...generators.tar3d.checkpoint import load_vqvae, save_half
from ...generators.tar3d.conditions import Conditions, ConditionSettings
from ...generators.tar3d.gpt import GPTSettings
from ...generators.tar3d.sampling import SamplingSettings
from ...generators.tar3d.starter import CONDITIONS, GPT_SETTINGS, VQVAE_SETTINGS, StarterGPT
from ...generators.tar3d.vqvae import VQVAE
from ..checkpoint import Run, restore_run, save_run
from ..data.draft_shapes import ShapePool
from ..draws import draws_of, mixed
from ..ema import EMA
from ..limits import out_of_time
from ..losses import code_loss
from ..muon import Muon
from ..schedule import warmup_cosine
from ..scores import image_conditions, sample_codes, shapes
from ..sheet import draw_sheet
from .tar3d_vqvae import SAMPLES

NO_IMAGE, NO_WORDS, NO_VIEW, NO_CONDITION = 0.3, 0.3, 0.15, 0.1  # shares of samples that lose it


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True, help="folder of assets, drawn by tar3d_pool")
    parser.add_argument("--vqvae", type=Path, required=True, help="weights of the trained VQ-VAE")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, weights, log")
    parser.add_argument("--weights", type=Path, help="begin with the weights of this file instead of random ones")
    parser.add_argument("--steps", type=int, default=14000)
    parser.add_argument("--batch", type=int, default=128, help="sequences a step on each device")
    parser.add_argument("--surface", type=int, default=8192, help="surface points that a shape is encoded from")
    parser.add_argument("--matrix-rate", type=float, default=1.5e-3, help="highest learning rate of Muon")
    parser.add_argument("--rate", type=float, default=8e-4, help="highest learning rate of AdamW")
    parser.add_argument("--dropout", type=float, default=GPT_SETTINGS.dropout)
    parser.add_argument("--compile", action="store_true", help="torch.compile the network")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long and save")
    parser.add_argument("--stop-at", type=int, default=10**9, help="stop before this step and save")
    parser.add_argument("--log-every", type=int, default=100)
    parser.add_argument("--save-every", type=int, default=1000)
    parser.add_argument("--draw-every", type=int, default=2000, help="steps between two pictures of sample meshes")
    return parser.parse_args()


def main() -> None:
    options, started = arguments(), time.monotonic()
    torch.backends.cuda.matmul.allow_tf32 = True
    accelerator = Accelerator(mixed_precision="bf16" if torch.cuda.is_available() else "no")
    pool = ShapePool.load_share(options.pool, accelerator.device, accelerator.process_index, accelerator.num_processes)
    run = new_run(replace(GPT_SETTINGS, dropout=options.dropout), CONDITIONS, options, accelerator)
    restore_run(run, options.out)
    vqvae = load_vqvae(options.vqvae, VQVAE_SETTINGS).to(accelerator.device)
    train(run, vqvae, pool, encode_pool(vqvae, pool, options), options, accelerator, started)


def new_run(
    settings: GPTSettings, conditions: ConditionSettings, options: argparse.Namespace, accelerator: Accelerator
) -> Run:
    torch.manual_seed(options.seed)
    model = StarterGPT(settings, conditions)
    if options.weights is not None:
        model.load_state_dict(load_file(options.weights))
    model = model.to(accelerator.device)
    return Run(model, make_optimizer(model, options), EMA(model, 0.999))


def make_optimizer(model: nn.Module, options: argparse.Namespace) -> Muon:
    """Muon for the matrices inside the layers, q | k | v by themselves; AdamW for the rest, its vectors undecayed."""
    packed, matrices, tables, vectors = [], [], [], []
    for name, parameter in model.named_parameters():
        if name.removeprefix("gpt.").startswith("layers.") and parameter.ndim == 2:
            (packed if name.endswith("wqkv.weight") else matrices).append(parameter)
        else:
            (tables if parameter.ndim >= 2 else vectors).append(parameter)
    muon = dict(muon=True, lr=options.matrix_rate, top=options.matrix_rate, weight_decay=0.1)
    adamw = dict(lr=options.rate, top=options.rate, betas=(0.9, 0.95))
    return Muon(
        [
            dict(params=matrices, **muon),
            dict(params=packed, blocks=3, **muon),
            dict(params=tables, weight_decay=0.05, **adamw),
            dict(params=vectors, weight_decay=0.0, **adamw),
        ]
    )


@torch.no_grad()
def encode_pool(vqvae: VQVAE, pool: ShapePool, options: argparse.Namespace) -> Tensor:
    """Codes [2, N, 3 R^2] of every asset, each from two different samples of its surface."""
    generator = torch.Generator(pool.size.device).manual_seed(options.seed)
    both = []
    for _ in range(2):
        found = []
        for index in torch.arange(len(pool), device=pool.size.device).split(64):
            points, normals, _, _ = pool.shapes(index, options.surface, 2, generator)
            found.append(vqvae.encode_codes(points, normals))
        both.append(torch.cat(found))
    return torch.stack(both)


def train(
    run: Run, vqvae: VQVAE, pool: ShapePool, codes: Tensor, options: argparse.Namespace, accelerator: Accelerator,
    started: float,
) -> None:  # fmt: skip
    model = torch.compile(run.model.train()) if options.compile else run.model.train()
    if accelerator.num_processes > 1:
        model = accelerator.prepare_model(model)
    while run.step < min(options.steps, options.stop_at):
        if out_of_time(run.step, started, options.minutes, accelerator):
            break
        numbers = options.seed, run.step, accelerator.process_index
        torch.manual_seed(mixed(*numbers, 1))  # what dropout draws from
        for group in run.optimizer.param_groups:
            group["lr"] = group["top"] * warmup_cosine(run.step, options.steps)
        loss = step(model, run.optimizer, pool, codes, options, draws_of(accelerator.device, *numbers), accelerator)
        run.ema.update(run.model)
        run.step += 1
        if run.step % options.log_every == 0 and accelerator.is_main_process:
            log(run, loss, options, started)
        if run.step % options.save_every == 0:
            save(run, options, accelerator)
        if run.step % options.draw_every == 0 and accelerator.is_main_process:
            draw_samples(run, vqvae, pool, options)
    save(run, options, accelerator)


def save(run: Run, options: argparse.Namespace, accelerator: Accelerator) -> None:
    """The state of the run, and its averaged weights."""
    if accelerator.is_main_process:
        save_run(run, options.out, settings=asdict(run.model.gpt.settings))
        save_half(run.ema.state(), options.out / "gpt.safetensors")


def step(
    model, optimizer, pool: ShapePool, codes: Tensor, options: argparse.Namespace, generator: torch.Generator,
    accelerator: Accelerator,
) -> Tensor:  # fmt: skip
    device, batch = generator.device, options.batch
    chosen = torch.randint(len(pool), (batch,), device=device, generator=generator)
    sample = torch.randint(len(codes), (batch,), device=device, generator=generator)
    conditions = drop_parts(pool.conditions(chosen, generator), generator)
    drop = torch.rand(batch, device=device, generator=generator) < NO_CONDITION
    target = codes[sample, chosen]
    with accelerator.autocast():
        logits = model(conditions, target, drop)
    loss = code_loss(logits, target)
    accelerator.backward(loss)
    accelerator.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()


def drop_parts(c: Conditions, generator: torch.Generator) -> Conditions:
    """Take words, view or picture away from some samples; the proportions stay."""
    r = torch.rand(3, len(c.size), device=generator.device, generator=generator)
    return Conditions(
        words=torch.where(r[0, :, None] < NO_WORDS, 0, c.words),
        size=c.size,
        view=torch.where((r[1, :, None] < NO_VIEW) | (r[2, :, None] < NO_IMAGE), 0.0, c.view),
        image=torch.where(r[2, :, None, None, None] < NO_IMAGE, 0.0, c.image),
    )


def draw_samples(run: Run, vqvae: VQVAE, pool: ShapePool, options: argparse.Namespace) -> None:
    """Meshes drawn from the pictures of the pool's first assets, beside those pictures."""
    few = pool.first(SAMPLES)
    run.model.eval()
    codes = sample_codes(run.model, image_conditions(few), SamplingSettings(cfg_scale=3.0, min_p=0.4), SAMPLES, seed=0)
    run.model.train()
    options.out.mkdir(parents=True, exist_ok=True)
    made = shapes(vqvae, codes, few, depth=6, processes=1)
    draw_sheet(few, {"image": made}).save(options.out / f"samples_{run.step:06d}.png")


def log(run: Run, loss: Tensor, options: argparse.Namespace, started: float) -> None:
    line = {"step": run.step, "loss": round(float(loss), 4), "minutes": round((time.monotonic() - started) / 60, 2)}
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "log.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
