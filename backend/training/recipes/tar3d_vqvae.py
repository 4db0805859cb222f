"""Train the starter VQ-VAE of TAR3D on Draft furniture.

    python -m backend.training.recipes.tar3d_vqvae --out runs/vqvae --steps 7000

Phase 1 trains encoder and decoder with the bottleneck's unit vectors left as they are; phase 2 starts the codebook from
them, switches the quantiser on and trains everything. Run the same command again to go on where it stopped; `--minutes`
ends a run early with everything saved. TAR3D specification 11.1 and 14.3.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast, reduce
from torch import Tensor
from torch.nn import functional as F

from ...generators.tar3d.checkpoint import save_half
from ...generators.tar3d.starter import CONDITIONS, VQVAE_SETTINGS
from ...generators.tar3d.vqvae import VQVAE, VQVAESettings
from ..checkpoint import Run, restore_run, save_run
from ..codebook import revive, spherical_kmeans
from ..data.draft_assets import HELD_BACK
from ..data.draft_shapes import ShapePool, build_pool
from ..ema import EMA
from ..losses import OccupancyLoss, occupancy_loss
from ..schedule import warmup_cosine
from ..scores import reconstruct, shapes
from ..sheet import draw_sheet

NEAR_WEIGHT = 1.0
SAMPLES = 8  # assets in a picture of the progress


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, weights, log")
    parser.add_argument("--steps", type=int, default=7000, help="steps of both phases together")
    parser.add_argument("--first-phase", type=float, default=0.3, help="share of the steps without quantiser")
    parser.add_argument("--batch", type=int, default=64, help="shapes a step on each device")
    parser.add_argument("--surface", type=int, default=4096, help="surface points a shape")
    parser.add_argument("--queries", type=int, default=4096, help="occupancy samples a shape")
    parser.add_argument("--pool", type=int, default=40000, help="assets to draw, each device its own")
    parser.add_argument("--pool-minutes", type=float, default=1e9, help="draw no longer than this")
    parser.add_argument("--pool-file", type=Path, help="keep the drawn assets here, or take them from here")
    parser.add_argument("--processes", type=int, default=16, help="processes that draw assets; 0: none but this one")
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long and save")
    parser.add_argument("--stop-at", type=int, default=10**9, help="stop before this step and save")
    parser.add_argument("--log-every", type=int, default=100)
    parser.add_argument("--draw-every", type=int, default=2000, help="steps between two pictures of sample meshes")
    return parser.parse_args()


def main() -> None:
    options, started = arguments(), time.monotonic()
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    accelerator = Accelerator(mixed_precision="bf16" if torch.cuda.is_available() else "no")
    pool = load_pool(options, accelerator)
    run = new_run(VQVAE_SETTINGS, options, accelerator)
    restore_run(run, options.out)
    train(run, pool, options, accelerator, started)


def load_pool(options: argparse.Namespace, accelerator: Accelerator) -> ShapePool:
    """Draft assets on this process's device, from the file where there is one."""
    device, rank = accelerator.device, accelerator.process_index
    if options.pool_file is not None and options.pool_file.exists():
        return ShapePool.load(options.pool_file, device)
    first = HELD_BACK + options.seed * 10_000_000 + rank * options.pool
    seeds = range(first, first + options.pool)
    pool = build_pool(
        seeds, CONDITIONS, device, processes=options.processes, minutes=options.pool_minutes, report=report_pool
    )
    if options.pool_file is not None and accelerator.is_main_process:
        pool.save(options.pool_file)
    return pool


def report_pool(done: int, total: int) -> None:
    if done % 2000 == 0 or done == total:
        print(f"drawn {done} of {total} assets", flush=True)  # noqa: T201


def new_run(settings: VQVAESettings, options: argparse.Namespace, accelerator: Accelerator) -> Run:
    torch.manual_seed(options.seed)
    model = VQVAE(settings).to(accelerator.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.99), eps=1e-6, weight_decay=1e-2)
    generator = torch.Generator(accelerator.device).manual_seed(options.seed + accelerator.process_index)
    return Run(model, optimizer, EMA(model, 0.998), {"data": generator})


def train(run: Run, pool: ShapePool, options: argparse.Namespace, accelerator: Accelerator, started: float) -> None:
    """One loop over both phases; every step draws its own batch, so there are no epochs."""
    model = accelerator.prepare_model(run.model) if accelerator.num_processes > 1 else run.model
    generator, quantise_from = run.generators["data"], round(options.first_phase * options.steps)
    used = torch.zeros(run.model.settings.codebook_size, device=accelerator.device)
    while run.step < min(options.steps, options.stop_at) and time.monotonic() - started < 60 * options.minutes:
        if run.step == quantise_from:
            start_codebook(run.model, pool, options, generator)
        quantise = run.step >= quantise_from
        for group in run.optimizer.param_groups:
            group["lr"] = options.rate * warmup_cosine(run.step, options.steps)
        loss, indices = step(model, run.optimizer, pool, options, generator, quantise, accelerator)
        run.ema.update(run.model)
        run.step += 1
        if quantise:
            used += torch.bincount(indices.flatten(), minlength=len(used))
            if run.step % 250 == 0 and run.step < 0.8 * options.steps:
                revive_codes(run.model, used, pool, options, generator)
        if run.step % options.log_every == 0 and accelerator.is_main_process:
            log(run, loss, used, options, started)
        if run.step % 250 == 0:
            used.zero_()
        if run.step % options.draw_every == 0 and accelerator.is_main_process:
            draw_samples(run, pool, options)
    if accelerator.is_main_process:
        save_run(run, options.out, settings=asdict(run.model.settings))
        save_half(run.ema.state(), options.out / "vqvae.safetensors")


def step(
    model, optimizer, pool: ShapePool, options: argparse.Namespace, generator: torch.Generator, quantise: bool,
    accelerator: Accelerator,
) -> tuple[OccupancyLoss, Tensor]:  # fmt: skip
    chosen = torch.randint(len(pool), (options.batch,), device=generator.device, generator=generator)
    points, normals, queries, labels = pool.shapes(chosen, options.surface, options.queries, generator)
    with accelerator.autocast():
        logits, code_loss, indices = model(points, normals, queries, quantise)
    loss = occupancy_loss(logits, labels, code_loss, near_weight=NEAR_WEIGHT, code_weight=0.25)
    accelerator.backward(loss.total)
    accelerator.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss, indices


@torch.no_grad()
def latents(
    model: VQVAE, pool: ShapePool, options: argparse.Namespace, generator: torch.Generator, count: int
) -> Tensor:
    """Unit vectors [n, C] that the encoder gives for `count` shapes."""
    found = []
    for index in torch.randint(len(pool), (count,), device=generator.device, generator=generator).split(options.batch):
        points, normals, _, _ = pool.shapes(index, options.surface, 2, generator)
        found.append(F.normalize(model.encode(points, normals).permute(0, 2, 3, 1).flatten(0, 2).float(), dim=1))
    return torch.cat(found)


@torch.no_grad()
def start_codebook(model: VQVAE, pool: ShapePool, options: argparse.Namespace, generator: torch.Generator) -> None:
    vectors = latents(model, pool, options, generator, 2 * options.batch)
    chosen = torch.randperm(len(vectors), device=vectors.device, generator=generator)[:65536]
    centres = spherical_kmeans(vectors[chosen], model.settings.codebook_size, 20, generator)
    model.quant.embedding.weight.copy_(broadcast(centres))


def revive_codes(
    model: VQVAE, used: Tensor, pool: ShapePool, options: argparse.Namespace, generator: torch.Generator
) -> None:
    vectors = latents(model, pool, options, generator, options.batch)
    codebook = model.quant.embedding.weight.data
    revive(codebook, reduce(used, "sum"), vectors, generator)
    codebook.copy_(broadcast(codebook))


def draw_samples(run: Run, pool: ShapePool, options: argparse.Namespace) -> None:
    """The first assets of the pool as they come back from their codes, as a picture."""
    few = pool.first(SAMPLES)
    run.model.eval()
    made = shapes(run.model, reconstruct(run.model, few), few, depth=6, processes=1)
    run.model.train()
    options.out.mkdir(parents=True, exist_ok=True)
    draw_sheet(few, {"reconstruction": made}).save(options.out / f"samples_{run.step:06d}.png")


def log(run: Run, loss: OccupancyLoss, used: Tensor, options: argparse.Namespace, started: float) -> None:
    line = {
        "step": run.step,
        "far": round(loss.far.item(), 4),
        "near": round(loss.near.item(), 4),
        "accuracy": round(loss.accuracy.item(), 4),
        "codes_used": int((used > 0).sum()),
        "minutes": round((time.monotonic() - started) / 60, 2),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "log.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
