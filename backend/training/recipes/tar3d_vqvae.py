"""Train the starter VQ-VAE of TAR3D on Draft furniture.

    python -m backend.training.recipes.tar3d_pool --out runs/pool
    python -m backend.training.recipes.tar3d_vqvae --pool runs/pool --out runs/vqvae --steps 7000

Phase 1 trains encoder and decoder with the bottleneck's unit vectors left as they are; phase 2 starts the codebook from
them, switches the quantiser on and trains everything. `--weights FILE` goes on with the second phase from trained
weights; `--decoder-only` then leaves the codes as they are, so that a GPT that was trained on them stays valid.

Run the same command again to go on where it stopped; `--minutes` ends a run early with everything saved. Several GPUs:
`accelerate launch -m backend.training.recipes.tar3d_vqvae ...`. TAR3D specification 11.1 and 14.3.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast, reduce
from torch import Tensor, nn
from torch.nn import functional as F

from ...generators.tar3d.checkpoint import load_vqvae, save_half
from ...generators.tar3d.starter import VQVAE_SETTINGS
from ...generators.tar3d.vqvae import VQVAE, VQVAESettings
from ..checkpoint import Run, restore_run, save_run
from ..codebook import revive, spherical_kmeans
from ..data.draft_shapes import ShapePool
from ..draws import draws_of
from ..ema import EMA
from ..limits import out_of_time
from ..losses import OccupancyLoss, occupancy_loss
from ..schedule import warmup_cosine
from ..scores import reconstruct, shapes
from ..sheet import draw_sheet

NEAR_WEIGHT = 1.0
SAMPLES = 8  # assets in a picture of the progress
COUNT_EVERY = 250  # steps over which the use of codes is counted


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True, help="folder of assets, drawn by tar3d_pool")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, weights, log")
    parser.add_argument("--weights", type=Path, help="begin with the weights of this file, in the second phase")
    parser.add_argument("--decoder-only", action="store_true", help="train what comes after the codes (with --weights)")
    parser.add_argument("--steps", type=int, default=7000, help="steps of both phases together")
    parser.add_argument("--first-phase", type=float, default=0.3, help="share of the steps without quantiser")
    parser.add_argument("--batch", type=int, default=64, help="shapes a step on each device")
    parser.add_argument("--surface", type=int, default=4096, help="surface points a shape")
    parser.add_argument("--queries", type=int, default=4096, help="occupancy samples a shape")
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long and save")
    parser.add_argument("--stop-at", type=int, default=10**9, help="stop before this step and save")
    parser.add_argument("--log-every", type=int, default=100)
    parser.add_argument("--save-every", type=int, default=1000)
    parser.add_argument("--draw-every", type=int, default=2000, help="steps between two pictures of sample meshes")
    options = parser.parse_args()
    if options.decoder_only and options.weights is None:
        parser.error("--decoder-only needs --weights: the codes of random weights mean nothing")
    return options


def main() -> None:
    options, started = arguments(), time.monotonic()
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    accelerator = Accelerator(mixed_precision="bf16" if torch.cuda.is_available() else "no")
    pool = ShapePool.load_share(options.pool, accelerator.device, accelerator.process_index, accelerator.num_processes)
    run = new_run(VQVAE_SETTINGS, options, accelerator)
    restore_run(run, options.out)
    train(run, pool, options, accelerator, started)


def new_run(settings: VQVAESettings, options: argparse.Namespace, accelerator: Accelerator) -> Run:
    torch.manual_seed(options.seed)
    model = VQVAE(settings) if options.weights is None else load_vqvae(options.weights, settings)
    model = model.to(accelerator.device).train()
    if options.decoder_only:
        freeze_codes(model)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=options.rate, betas=(0.9, 0.99), eps=1e-6, weight_decay=1e-2)
    used = torch.zeros(settings.codebook_size, device=accelerator.device)
    return Run(model, optimizer, EMA(model, 0.998), counts={"used": used})


def freeze_codes(model: VQVAE) -> None:
    """Everything up to the codes keeps its weights, and the convolutions after them their statistics."""
    for part in (model.encoder, model.quant_conv, model.quant):
        part.requires_grad_(False)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def train(run: Run, pool: ShapePool, options: argparse.Namespace, accelerator: Accelerator, started: float) -> None:
    """One loop over both phases; every step draws its own batch, so there are no epochs."""
    model = accelerator.prepare_model(run.model) if accelerator.num_processes > 1 else run.model
    quantise_from = 0 if options.weights is not None else round(options.first_phase * options.steps)
    used = run.counts["used"]  # how often each code was, by all processes, in these COUNT_EVERY steps
    while run.step < min(options.steps, options.stop_at):
        if out_of_time(run.step, started, options.minutes, accelerator):
            break
        generator = draws_of(accelerator.device, options.seed, run.step, accelerator.process_index)
        if run.step == quantise_from and options.weights is None:
            start_codebook(run.model, pool, options, generator)
        quantise = run.step >= quantise_from
        for group in run.optimizer.param_groups:
            group["lr"] = options.rate * warmup_cosine(run.step, options.steps)
        loss, indices = step(model, run.optimizer, pool, options, generator, quantise, accelerator)
        run.ema.update(run.model)
        run.step += 1
        if quantise:
            used += reduce(torch.bincount(indices.flatten(), minlength=len(used)).float(), "sum")
        if run.step % options.log_every == 0 and accelerator.is_main_process:
            log(run, loss, used, options, started)
        if run.step % COUNT_EVERY == 0:
            if quantise and not options.decoder_only and run.step < 0.8 * options.steps:
                revive_codes(run.model, used, pool, options, generator)
            used.zero_()
        if run.step % options.save_every == 0:
            save(run, options, accelerator)
        if run.step % options.draw_every == 0 and accelerator.is_main_process:
            draw_samples(run, pool, options)
    save(run, options, accelerator)


def save(run: Run, options: argparse.Namespace, accelerator: Accelerator) -> None:
    """The state of the run, and its averaged weights."""
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
    revive(codebook, used, vectors, generator)
    codebook.copy_(broadcast(codebook))


def draw_samples(run: Run, pool: ShapePool, options: argparse.Namespace) -> None:
    """The first assets of the pool as they come back from their codes, as a picture."""
    few = pool.first(SAMPLES)
    modes = {module: module.training for module in run.model.modules()}
    run.model.eval()
    made = shapes(run.model, reconstruct(run.model, few), few, depth=6, processes=1)
    for module, training in modes.items():
        module.training = training
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
