"""Train SeeThrough3D's LoRA on FLUX.1-dev.

    python -m backend.training.recipes.seethrough3d --data data/seethrough3d --flux weights/flux1-dev --out runs/lora
    accelerate launch --num_processes 2 -m backend.training.recipes.seethrough3d ...

Two stages (SeeThrough3D specification 12): all scenes at 512 pixels, then the realistic ones at 1024. The base stays
frozen in bf16, the LoRA trains in fp32. Every draw follows from seed, step and process, so the same command goes on
exactly where a run stopped; `--minutes` ends one early with everything saved.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderKL
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel

from ...generators.seethrough3d import text, vae
from ...generators.seethrough3d.sampling import Prompt
from ...generators.seethrough3d.transformer import FluxConfig, LoraConfig, SeeThroughTransformer, bind
from ...weights.load import Weights, load
from ..checkpoint import Run, restore_run, save_run
from ..data import seethrough3d_scenes as scenes
from ..data.seethrough3d_scenes import NO_WORDS, BadDataset, Pictures, Scene
from ..data.text_embeddings import TextEmbeddings
from ..ema import EMA
from ..seethrough3d import Batch, flow_loss, time_density, trainable

LORA = "lora.safetensors"
NO_PROMPT = 0.1  # share of samples that lose their words
BETAS, DECAY = (0.9, 0.999), 1e-4
CLIP = 1.0


@dataclass(frozen=True)
class Work:
    """What one process does in one optimiser step: so many micro-batches of scenes, at one size."""

    side: int  # pixels of the target's longer side
    batches: list[list[Scene]]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train SeeThrough3D's LoRA on FLUX.1-dev.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set: pictures and .jsonl files")
    parser.add_argument("--name", default="", help="part of the .jsonl files' names, where the folder has several sets")
    parser.add_argument("--column", default="oscr", help="which condition pictures: the key in the .jsonl files")
    parser.add_argument("--flux", type=Path, required=True, help="folder of FLUX.1-dev in the diffusers layout")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoint, LoRA, log")
    parser.add_argument("--texts", type=Path, help="folder of encoded prompts; else one in the data set's folder")
    parser.add_argument("--start", type=Path, help="begin with this LoRA instead of a random one")
    parser.add_argument("--rank", type=int, default=128)
    parser.add_argument("--batch", type=int, default=1, help="scenes a device holds at once")
    parser.add_argument("--accumulate", type=int, default=1, help="micro-batches of each step")
    parser.add_argument("--sides", type=int, nargs=2, default=(512, 1024), help="pixels of the two stages")
    parser.add_argument("--stage1-epochs", type=int, default=1)
    parser.add_argument("--stage2-steps", type=int, default=5000, help="at most; each scene is seen once")
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate, constant")
    parser.add_argument("--guidance", type=float, default=1.0, help="guidance strength that is embedded")
    parser.add_argument("--weighting", default="none", choices=("none", "logit_normal", "mode", "sigma_sqrt", "cosmap"))
    parser.add_argument("--keep-activations", action="store_true", help="more memory, no second run of the blocks")
    parser.add_argument("--loaders", type=int, default=2, help="processes that read pictures; 0: none but this one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long and save")
    parser.add_argument("--stop-at", type=int, default=10**9, help="stop before this step and save")
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--log-every", type=int, default=10)
    return parser.parse_args()


def main() -> None:
    options, started = arguments(), time.monotonic()
    accelerator = Accelerator(gradient_accumulation_steps=options.accumulate)
    dtype = torch.bfloat16 if accelerator.device.type == "cuda" else torch.float32
    shuffled = scenes.epochs(options.data, options.name, options.column)
    texts = TextEmbeddings(options.texts or options.data / "text_embeddings")
    encode_prompts(texts, {scene.prompt for epoch in shuffled for scene in epoch}, options, accelerator, dtype)
    decoder = AutoencoderKL.from_pretrained(options.flux / "vae", torch_dtype=dtype).to(accelerator.device).eval()
    run = new_run(load_base(options, accelerator.device, dtype), options)
    train(run, decoder, Plan(shuffled, options, accelerator), texts, options, accelerator, started)


# ---- the network


def load_base(options: argparse.Namespace, device: torch.device, dtype: torch.dtype) -> SeeThroughTransformer:
    """FLUX, frozen, in `dtype`, with an fp32 LoRA that is new or the one to start from. Raises BadCheckpoint."""
    folder = options.flux / "transformer"
    config = FluxConfig.from_published(json.loads((folder / "config.json").read_text()))

    def build() -> SeeThroughTransformer:
        return SeeThroughTransformer(config, [LoraConfig(options.rank)])

    with torch.device("meta"):
        added = frozenset(name for name in build().state_dict() if "_loras." in name)
    files = [Weights(folder)] + ([Weights(options.start)] if options.start else [])
    model = load(build, *files, device=device, dtype=dtype, optional=frozenset() if options.start else added)
    generator = torch.Generator().manual_seed(options.seed)
    for name in sorted(added):
        parameter = model.get_parameter(name)
        parameter.data = parameter.data.float()
        if not options.start and name.endswith(".down.weight"):
            parameter.data.copy_(torch.randn(parameter.shape, generator=generator) / options.rank)
    model.recompute = not options.keep_activations
    return model


def new_run(model: SeeThroughTransformer, options: argparse.Namespace) -> Run:
    """AdamW on the LoRA. The queries of the last block's condition rows lead nowhere, so theirs stays as it is."""
    parameters = trainable(model)
    last = f"single_transformer_blocks.{model.config.num_single_layers - 1}.attn.processor.q_loras."
    for name, parameter in parameters.items():
        parameter.requires_grad_(not name.startswith(last))
    learning = [p for p in parameters.values() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=options.rate, betas=BETAS, weight_decay=DECAY)
    return Run(model, optimizer, EMA(nn.Identity()), {})  # nothing is averaged, no state of chance is kept


class FlowLoss(nn.Module):
    """The loss as a network: what runs on several devices side by side."""

    def __init__(self, model: SeeThroughTransformer, options: argparse.Namespace) -> None:
        super().__init__()
        self.model = model
        self.guidance, self.weighting = options.guidance, options.weighting

    def forward(self, batch: Batch, noise: Tensor, u: Tensor) -> Tensor:
        return flow_loss(self.model, batch, noise, u, self.guidance, self.weighting)


# ---- which scenes, in which step


class Plan:
    """Both stages as a list of steps; what a step does follows from its number alone."""

    def __init__(self, shuffled: list[list[Scene]], options: argparse.Namespace, accelerator: Accelerator) -> None:
        self.shuffled = shuffled
        self.batch, self.accumulate = options.batch, options.accumulate
        self.process, self.processes = accelerator.process_index, accelerator.num_processes
        self.sides = options.sides
        self.each = options.batch * options.accumulate * accelerator.num_processes  # scenes of a step
        realistic = [scene for scene in shuffled[0] if not scene.synthetic]
        self.stages: list[tuple[int, list[Scene]]] = [
            (self.sides[0], self._whole(shuffled[epoch % len(shuffled)])) for epoch in range(options.stage1_epochs)
        ]
        self.stages.append((self.sides[1], self._whole(realistic)[: options.stage2_steps * self.each]))
        if not len(self):
            raise BadDataset(
                f"{len(shuffled[0])} scenes do not fill one step of {self.each}", "Choose a smaller --batch."
            )

    def __len__(self) -> int:
        return sum(len(chosen) // self.each for _, chosen in self.stages)

    def work(self, step: int) -> Work:
        """Of this process. Raises IndexError behind the last step."""
        for side, chosen in self.stages:
            steps = len(chosen) // self.each
            if step < steps:
                mine = chosen[step * self.each : (step + 1) * self.each][self.process :: self.processes]
                return Work(side, [mine[i : i + self.batch] for i in range(0, len(mine), self.batch)])
            step -= steps
        raise IndexError(f"step {step} lies behind the last of {len(self)}")

    def _whole(self, chosen: list[Scene]) -> list[Scene]:
        """Without the scenes that do not fill a step."""
        return chosen[: len(chosen) // self.each * self.each]


class Reading(Dataset):
    """The pictures of each step's scenes, read while the step before is worked on."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __getitem__(self, step: int) -> list[list[Pictures]]:
        work = self.plan.work(step)
        return [[scenes.pictures(scene, work.side) for scene in batch] for batch in work.batches]


# ---- words


def encode_prompts(
    texts: TextEmbeddings,
    prompts: set[str],
    options: argparse.Namespace,
    accelerator: Accelerator,
    dtype: torch.dtype,
) -> None:
    """Writes the embeddings that are missing, each process its share; the encoders leave the memory again."""
    missing = texts.missing({*prompts, NO_WORDS})
    accelerator.wait_for_everyone()  # nobody writes before all have looked
    mine = missing[accelerator.process_index :: accelerator.num_processes]
    if mine:
        flux, device = options.flux, accelerator.device
        words, tokenizer = text.T5Words(flux / "tokenizer_2"), CLIPTokenizer.from_pretrained(flux / "tokenizer")
        t5 = T5EncoderModel.from_pretrained(flux / "text_encoder_2", dtype=dtype).to(device).eval()
        clip = CLIPTextModel.from_pretrained(flux / "text_encoder", dtype=dtype).to(device).eval()
        texts.fill(mine, lambda prompt: text.encode(prompt, words, tokenizer, t5, clip))
        del t5, clip
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()
    accelerator.wait_for_everyone()


# ---- the loop


def train(
    run: Run,
    autoencoder: AutoencoderKL,
    plan: Plan,
    texts: TextEmbeddings,
    options: argparse.Namespace,
    accelerator: Accelerator,
    started: float,
) -> None:
    restore_run(run, options.out)
    loss_of = FlowLoss(run.model, options).train()  # type: ignore[arg-type]
    network = accelerator.prepare_model(loss_of) if accelerator.num_processes > 1 else loss_of
    end = min(len(plan), options.stop_at)
    reading = DataLoader(
        Reading(plan),  # type: ignore[arg-type]
        sampler=range(run.step, end),
        batch_size=None,
        num_workers=options.loaders,
    )
    since = time.monotonic()
    for read in reading:
        work = plan.work(run.step)
        losses = []
        for micro, (chosen, pictures) in enumerate(zip(work.batches, read, strict=True)):
            draws = draws_of(options.seed, run.step, micro, accelerator.process_index)
            batch, noise, u = make_batch(chosen, pictures, texts, autoencoder, draws, options.weighting)
            whole = micro + 1 == len(work.batches)  # gradients of the devices meet after the last micro-batch
            with nullcontext() if whole else accelerator.no_sync(network):
                loss = network(batch, noise, u)
                accelerator.backward(loss)
            losses.append(loss.detach())
        update(run, accelerator)
        run.step += 1
        if run.step % options.log_every == 0:
            mean = accelerator.reduce(torch.stack(losses).mean(), "mean")
            log(run, work, mean, (time.monotonic() - since) / options.log_every, options, accelerator)
            since = time.monotonic()
        if run.step % options.save_every == 0:
            save(run, options, accelerator)
        if out_of_time(started, options, accelerator):
            break
    save(run, options, accelerator)


def update(run: Run, accelerator: Accelerator) -> None:
    """One step of AdamW with gradients that are no longer than CLIP."""
    accelerator.clip_grad_norm_([p for group in run.optimizer.param_groups for p in group["params"]], CLIP)
    run.optimizer.step()
    run.optimizer.zero_grad()


def draws_of(seed: int, step: int, micro: int, process: int) -> torch.Generator:
    """The chance of one micro-batch: the same whenever, and after whatever interruption, it is computed."""
    mixed = np.random.SeedSequence([seed, step, micro, process]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(mixed[0] >> np.uint64(1)))


@torch.no_grad()
def make_batch(
    chosen: list[Scene],
    pictures: list[Pictures],
    texts: TextEmbeddings,
    autoencoder: AutoencoderKL,
    draws: torch.Generator,
    weighting: str,
) -> tuple[Batch, Tensor, Tensor]:
    """What the loss takes: the batch, its noise and its times u, on the autoencoder's device."""
    device, dtype = autoencoder.device, autoencoder.dtype
    sizes = {tuple(picture.target.shape) for picture in pictures}
    if len(sizes) > 1:
        names = ", ".join(str(scene.target) for scene in chosen)
        raise BadDataset(f"Pictures of different sizes in one batch: {names}", "Choose --batch 1 and --accumulate.")
    target = vae.encode(autoencoder, torch.stack([p.target for p in pictures]), draws)
    condition = vae.encode(autoencoder, torch.stack([p.condition for p in pictures]), draws)
    silent = torch.rand(len(chosen), generator=draws) < NO_PROMPT
    words: list[Prompt] = [
        texts.read(NO_WORDS if none else scene.prompt, device, dtype)
        for scene, none in zip(chosen, silent.tolist(), strict=True)
    ]
    embeds, pooled = torch.cat([w.embeds for w in words]), torch.cat([w.pooled for w in words])
    call_ids = [scene.call_ids for scene in chosen]
    binding = bind(call_ids, [p.tokens.to(device) for p in pictures], embeds.shape[1])
    noise = torch.randn(target.shape, generator=draws, dtype=torch.float32).to(device, dtype)
    u = time_density(weighting, len(chosen), draws).to(device)  # type: ignore[arg-type]
    return Batch(target, condition, embeds, pooled, binding), noise, u


def out_of_time(started: float, options: argparse.Namespace, accelerator: Accelerator) -> bool:
    """Whether any process has run for longer than it may: all stop at the same step."""
    late = torch.tensor(float(time.monotonic() - started > 60 * options.minutes), device=accelerator.device)
    return bool(accelerator.reduce(late, "sum") > 0) if accelerator.num_processes > 1 else bool(late)


def save(run: Run, options: argparse.Namespace, accelerator: Accelerator) -> None:
    """The state of the run, and the LoRA as it is published."""
    if not accelerator.is_main_process:
        return
    save_run(run, options.out, settings={k: str(v) for k, v in vars(options).items()})
    dtype = run.model.x_embedder.weight.dtype  # of the frozen base
    lora = {k: v.to("cpu", dtype).contiguous() for k, v in run.model.state_dict().items() if "_loras." in k}
    part = options.out / f"{LORA}.part"
    save_file(lora, part)
    part.replace(options.out / LORA)


def log(
    run: Run, work: Work, loss: Tensor, seconds: float, options: argparse.Namespace, accelerator: Accelerator
) -> None:
    if not accelerator.is_main_process:
        return
    line = {"step": run.step, "side": work.side, "loss": round(float(loss), 5), "seconds": round(seconds, 3)}
    if accelerator.device.type == "cuda":
        line["peak_gb"] = round(torch.cuda.max_memory_allocated() / 1e9, 2)
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "log.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
