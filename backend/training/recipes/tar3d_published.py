"""Train TAR3D at its published size on ShapeNet or Objaverse, laid out as they were published.

    python -m backend.training.recipes.tar3d_published vqvae --root DATA --out runs/vqvae
    python -m backend.training.recipes.tar3d_published gpt --root DATA --ulip ULIP --condition image --out runs/gpt
        --vqvae runs/vqvae/vqvae.safetensors

Run the same command again to go on where it stopped. Several GPUs: `torchrun --nproc-per-node N -m ...`. Nobody here
has run it to its end: the published training took days on eight A100. TAR3D specification 3.1, 11.1 to 11.4 and 12.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ...generators.tar3d.checkpoint import load_vqvae, save_half
from ...generators.tar3d.gpt import GPT, GPTSettings, published
from ...generators.tar3d.vqvae import VQVAE, VQVAESettings
from ..checkpoint import Run, restore_run, save_run
from ..data.augment import augment
from ..data.shapenet import Model, models_listed, models_of, padded_text, read_condition, read_shape
from ..draws import mixed
from ..ema import EMA
from ..limits import out_of_time
from ..losses import code_loss, occupancy_loss
from .tar3d_gpt import make_optimizer

CONDITIONS = {"image": (197, 768), "text": (120, 2048)}  # tokens and their width


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="part", required=True)
    vqvae, gpt = commands.add_parser("vqvae"), commands.add_parser("gpt")
    for command, steps, batch in ((vqvae, 500_000, 16), (gpt, 100_000, 10)):
        command.add_argument("--root", type=Path, required=True, help="holds ShapeNetV2_point and surface")
        command.add_argument("--list", type=Path, help="Objaverse's uids, one a line; without it ShapeNet's lists")
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--steps", type=int, default=steps)
        command.add_argument("--batch", type=int, default=batch, help="shapes a step on each device")
        command.add_argument("--surface", type=int, default=81_920, help="surface points of a shape")
        command.add_argument("--loaders", type=int, default=8, help="processes that read")
        command.add_argument("--seed", type=int, default=42)
        command.add_argument("--minutes", type=float, default=1e9)
        command.add_argument("--stop-at", type=int, default=10**9)
        command.add_argument("--log-every", type=int, default=100)
        command.add_argument("--save-every", type=int, default=1000)
    vqvae.add_argument("--queries", type=int, default=20_480, help="of the volume, and as many near the surface")
    vqvae.add_argument("--rate", type=float, default=5e-4)
    gpt.add_argument("--ulip", type=Path, required=True, help="holds the features of pictures and captions")
    gpt.add_argument("--vqvae", type=Path, required=True)
    gpt.add_argument("--condition", choices=sorted(CONDITIONS), default="image")
    gpt.add_argument("--size", default="L", help="published size: B, L, XL ...")
    gpt.add_argument("--matrix-rate", type=float, default=1e-3, help="highest learning rate of Muon")
    gpt.add_argument("--rate", type=float, default=3e-4, help="highest learning rate of AdamW")
    gpt.set_defaults(queries=1)
    return parser.parse_args()


def main() -> None:
    options, started = arguments(), time.monotonic()
    torch.backends.cuda.matmul.allow_tf32 = True
    unused = DistributedDataParallelKwargs(find_unused_parameters=True)  # the published model holds uncalled layers
    precision = "bf16" if torch.cuda.is_available() else "no"
    accelerator = Accelerator(mixed_precision=precision, kwargs_handlers=[unused])
    if options.part == "vqvae":
        train_vqvae(VQVAESettings(), options, accelerator, started)
        return
    tokens, width = CONDITIONS[options.condition]
    settings = published(options.size, cls_token_num=tokens, caption_dim=width)
    train_gpt(settings, load_vqvae(options.vqvae, VQVAESettings()), options, accelerator, started)


class Samples(Dataset):
    """Sample number n of one process; which shape and how it is drawn follow from n, so a run resumes exactly."""

    def __init__(self, options: argparse.Namespace, process: int) -> None:
        self.options, self.process = options, process
        self.models = models_listed(options.list) if options.list else models_of(options.root, "train")

    def __len__(self) -> int:
        return self.options.steps * self.options.batch

    def __getitem__(self, number: int) -> dict[str, Tensor]:
        o = self.options
        rng = np.random.default_rng(mixed(o.seed, number, self.process))
        model = self.models[int(rng.integers(len(self.models)))]
        conditional = o.part == "gpt"  # a turned shape would contradict its picture
        shape = augment(read_shape(o.root, model, o.surface, o.queries, rng), rng, rotations=not conditional)
        sample = {name: torch.from_numpy(np.ascontiguousarray(a, np.float32)) for name, a in vars(shape).items()}
        return sample | (self.condition(model, rng) if conditional else {})

    def condition(self, model: Model, rng: np.random.Generator) -> dict[str, Tensor]:
        """Features [T, C] and the mask [T] of the real ones; `valid` is 0 where the model has none."""
        tokens, width = CONDITIONS[self.options.condition]
        found = read_condition(self.options.ulip, model, self.options.condition, rng)
        valid = torch.tensor(float(found is not None))
        if found is None:
            found = np.zeros((tokens, width), np.float32)
        features, mask = padded_text(found, tokens)
        return {"features": torch.from_numpy(features), "mask": torch.from_numpy(mask), "valid": valid}


def batches(run: Run, options: argparse.Namespace, accelerator: Accelerator) -> Iterator[dict[str, Tensor]]:
    """From the run's step on; ends with the run's steps."""
    end = min(options.steps, options.stop_at)
    reading = DataLoader(
        Samples(options, accelerator.process_index),
        batch_size=options.batch,
        sampler=range(run.step * options.batch, end * options.batch),
        num_workers=options.loaders,
    )
    for batch in reading:
        yield {name: value.to(accelerator.device) for name, value in batch.items()}


def train_vqvae(settings: VQVAESettings, options: argparse.Namespace, accelerator: Accelerator, started: float) -> Run:
    """The second phase: codebook and everything else at once, the rate down a cosine without a warm-up."""
    torch.manual_seed(options.seed)
    model = VQVAE(settings).to(accelerator.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.99), eps=1e-6, weight_decay=1e-2)
    run = Run(model, optimizer, EMA(model, 0.999))
    restore_run(run, options.out)
    network = accelerator.prepare_model(model) if accelerator.num_processes > 1 else model

    def loss_of(batch: dict[str, Tensor]) -> Tensor:
        for group in optimizer.param_groups:
            group["lr"] = options.rate * (1 + math.cos(math.pi * run.step / options.steps)) / 2
        logits, code, indices = network(batch["surface"], batch["normals"], batch["points"])
        model.quant.record_usage(indices)
        return occupancy_loss(logits, batch["labels"], code).total

    follow(run, "vqvae.safetensors", loss_of, options, accelerator, started)
    return run


def train_gpt(
    settings: GPTSettings, vqvae: VQVAE, options: argparse.Namespace, accelerator: Accelerator, started: float
) -> Run:
    """Codes are made on the fly by the frozen VQ-VAE; Muon for matrices, AdamW for the rest."""
    torch.manual_seed(options.seed)
    model, vqvae = GPT(settings).to(accelerator.device).train(), vqvae.to(accelerator.device).requires_grad_(False)
    run = Run(model, make_optimizer(model, options), EMA(model, 0.999))
    restore_run(run, options.out)
    forward = GivenCodes(model)
    network = accelerator.prepare_model(forward) if accelerator.num_processes > 1 else forward

    def loss_of(batch: dict[str, Tensor]) -> Tensor:
        numbers = options.seed, run.step, accelerator.process_index
        torch.manual_seed(mixed(*numbers, 1))  # what dropout draws from
        progress = run.step / options.steps
        for group in run.optimizer.param_groups:
            group["lr"] = group["top"] * min(1.0, (run.step + 1) / (0.05 * options.steps + 1))
            group["lr"] *= (1 + math.cos(math.pi * progress)) / 2
        codes = vqvae.encode_codes(batch["surface"], batch["normals"])
        drop = torch.rand(len(codes), device=codes.device) < settings.condition_dropout
        mask = batch["mask"] if options.condition == "text" else None
        return code_loss(network(batch["features"], codes, mask, drop), codes, batch["valid"])

    follow(run, "gpt.safetensors", loss_of, options, accelerator, started)
    return run


class GivenCodes(torch.nn.Module):
    """The GPT with `code_logits` as its forward, which is what several processes share gradients of."""

    def __init__(self, gpt: GPT) -> None:
        super().__init__()
        self.gpt = gpt

    def forward(self, features: Tensor, codes: Tensor, mask: Tensor | None, drop: Tensor) -> Tensor:
        return self.gpt.code_logits(features, codes, mask, drop)


def follow(run: Run, name: str, loss_of, options: argparse.Namespace, accelerator: Accelerator, started: float) -> None:
    """Step after step until the steps or the time are over; saves the run and its averaged weights as `name`."""
    options.out.mkdir(parents=True, exist_ok=True)
    for batch in batches(run, options, accelerator):
        if out_of_time(run.step, started, options.minutes, accelerator):
            break
        with accelerator.autocast():
            loss = loss_of(batch)
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(run.model.parameters(), 1.0)
        run.optimizer.step()
        run.optimizer.zero_grad()
        run.ema.update(run.model)
        run.step += 1
        if run.step % options.log_every == 0 and accelerator.is_main_process:
            line = {"step": run.step, "loss": loss.item(), "minutes": (time.monotonic() - started) / 60}
            with (options.out / "log.jsonl").open("a") as file:
                file.write(json.dumps(line) + "\n")
        if run.step % options.save_every == 0:
            save(run, name, options, accelerator)
    save(run, name, options, accelerator)


def save(run: Run, name: str, options: argparse.Namespace, accelerator: Accelerator) -> None:
    if accelerator.is_main_process:
        save_run(run, options.out, settings=asdict(run.model.settings))
        save_half(run.ema.state(), options.out / name)


if __name__ == "__main__":
    main()
