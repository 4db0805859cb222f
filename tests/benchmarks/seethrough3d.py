"""How fast SeeThrough3D paints on this GPU: published size, random weights, beside the roofline and a plain twin.

    python -m tests.benchmarks.seethrough3d [--sides 512 1024] [--modes bf16 fp8 nf4 stream] [--train 20]
    python -m tests.benchmarks.seethrough3d --tiny        # a small network on the CPU, to see that it runs

Times are those of the denoising alone (`sample`): all steps with everything that is computed once per picture, for
words that are new. The plain twin (plain_seethrough3d.py) does what the reference does, with the same weights.

Measured on one H200 (2026-11-20, torch 2.11, 25 steps, 5 boxes; torchao 0.18, bitsandbytes 0.50.2):

    mode         side   seconds  a step    roofline  ratio  of the published code  tensors, taken, whole device
    bf16          512     1.73    69.2 ms   50.7 ms   1.36  2.40x faster            18.1    18.5   19.3 GB
    bf16         1024     3.86   154.4 ms  130.7 ms   1.18  2.25x faster            18.4    19.2   19.7 GB
    fp8           512     1.28    51.1 ms   33.5 ms   1.53  3.25x faster             9.5     9.9   10.7 GB
    fp8          1024     2.85   114.1 ms   92.9 ms   1.23  3.04x faster             9.7    10.9   11.2 GB
    nf4           512     2.22    88.8 ms   50.7 ms   1.75  1.87x faster             5.4     5.8    6.6 GB
    stream        512     8.54   341.7 ms  (17 GB a step over PCIe)                  1.4    11.0   11.9 GB

2, 5 and 20 boxes: 1.726, 1.729 and 1.729 s at 512 pixels. Loading nothing, the second picture takes what the table
says. nf4 and stream were measured before the last round of kernels; stream also before its copies waited for memory,
which is what "taken" shows. What a bf16 step at 512 pixels is made of, in ms: matrix products 44.2, attention 9.8,
norms, heads and gates 3.1, LoRA 1.4, copies 1.2, gaps between 1200 kernels and lower clocks in a long run 5; besides,
117 ms a picture for 6.5 GB of modulation weights over PCIe. torch.compile on the blocks was slower (1.92 s, 4.22 s)
than the kernels of nn/fused.py and took 20 s a size, so it is not offered.

The plain twin took 204.6 and 455.0 ms a step in that run, more than the published code's 166 and 347 ms, with a wait
for the GPU per subject and layer that it has lost since: it has to be measured again, and the comparison above is with
the published code itself. Training was not measured: its first backward pass ended in a CUDA error while cuDNN's
attention was in it; it is kept out of training since (nn/attention.py), which waits for a run.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from backend.generators.seethrough3d import latents as lat
from backend.generators.seethrough3d.memory import modes, peak_gb
from backend.generators.seethrough3d.residence import Residence
from backend.generators.seethrough3d.sampling import Prompt, Sampling, sample
from backend.generators.seethrough3d.transformer import (
    Binding,
    FluxConfig,
    LoraConfig,
    Modulation,
    SeeThroughTransformer,
    bind,
    flux_rotary,
)
from backend.protocol.errors import GreyboxError
from backend.training.seethrough3d import Batch, flow_loss, trainable

from .plain_seethrough3d import PlainInputs, velocity

GEMM_TFLOPS = {"fp8": 1280.0}  # of one H200, measured; others are bf16
BF16_TFLOPS, ATTENTION_TFLOPS, HBM_TBS = 770.0, 620.0, 4.3
REFERENCE = {512: 0.166, 1024: 0.347}  # seconds a step of the published code on one H200
TEXTS, CONDITION = 512, 1024  # tokens
TINY = FluxConfig(
    in_channels=16, num_layers=1, num_single_layers=2, attention_head_dim=16, num_attention_heads=2,
    joint_attention_dim=24, pooled_projection_dim=20, axes_dims_rope=(4, 6, 6),
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Everything that a picture is painted from, without words and pictures."""

    prompt: Prompt
    condition: Tensor
    binding: Binding
    noise: Tensor
    call_ids: tuple[tuple[int, ...], ...]
    masks: Tensor


def main(arguments: Sequence[str] | None = None) -> None:
    options = parsed(arguments)
    config = TINY if options.tiny else FluxConfig()
    loras = [LoraConfig(4 if options.tiny else 128)]
    device = torch.device("cpu" if options.tiny else "cuda")
    dtype = torch.float32 if options.tiny else torch.bfloat16
    print("CPU" if options.tiny else torch.cuda.get_device_name(), torch.__version__, f"{options.steps} steps")
    home = random_model(config, loras, dtype)
    for mode in options.modes:
        residence = Residence(lambda check: copied(home, config, loras), device)
        try:
            measure(residence, mode, config, options, dtype)
        except (GreyboxError, RuntimeError) as error:  # one mode that fails must not cost the others' figures
            print(f"{mode}: {type(error).__name__}: {str(error)[:300]}", flush=True)
        residence.close()
        del residence
        clear(device)
    if not options.no_plain:
        measure_plain(home.to(device), config, options, dtype)
        clear(device)
    if options.train:
        measure_training(home.to(device), config, options, dtype)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast SeeThrough3D paints on this GPU.")
    parser.add_argument("--sides", type=int, nargs="+", default=[512, 1024], help="pixels")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--boxes", type=int, nargs="+", default=[5, 2, 20])
    parser.add_argument("--modes", nargs="*", default=list(modes()), help="memory modes; none: the others' figures")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-plain", action="store_true", help="without the plain twin")
    parser.add_argument("--train", type=int, default=0, help="training steps at the first side")
    parser.add_argument("--tiny", action="store_true", help="a small network on the CPU")
    options = parser.parse_args(arguments)
    if options.tiny:
        tiny = dict(sides=[64], steps=2, boxes=[2, 3], modes=["bf16"], repeats=1, train=1)
        vars(options).update(tiny)
    return options


def measure(
    residence: Residence, mode: str, config: FluxConfig, options: argparse.Namespace, dtype: torch.dtype
) -> None:
    device = residence.device
    for side in options.sides:
        clear(device)
        started = now(device)
        residence.settle(mode, side * side)
        settled = now(device) - started
        for boxes in options.boxes:
            scene = scene_of(config, side, boxes, device, dtype)
            first, again = timed(partial(paint, residence, scene, side, options.steps), options.repeats, device)
            known = residence.modulations(scene.prompt, Sampling(side, side, options.steps))
            _, same = timed(partial(paint, residence, scene, side, options.steps, known), 1, device)
            step = again / options.steps
            bound = roofline(config, side, mode)
            print(
                f"{mode} {side} px {boxes:2d} boxes: {again:.3f} s, {step * 1e3:.1f} ms a step, roofline "
                f"{bound * 1e3:.1f} ms, ratio {step / bound:.2f}{against_reference(side, step)}; settled in "
                f"{settled:.1f} s, first picture {first:.2f} s, second picture {again:.2f} s, of the same words "
                f"{same:.2f} s; {memory(device)}, expected {peak_gb(mode, side * side):.1f} GB",
                flush=True,
            )


@torch.inference_mode()
def paint(residence: Residence, scene: Scene, side: int, steps: int, known: list[Modulation] | None = None) -> Tensor:
    """`known`: the modulations, where the words are those of the picture before."""
    size = Sampling(side, side, steps)
    given = (residence.model, scene.prompt, scene.condition, scene.binding, scene.noise, size)
    return sample(*given, start=residence.start, modulations=known)


def measure_plain(
    model: SeeThroughTransformer, config: FluxConfig, options: argparse.Namespace, dtype: torch.dtype
) -> None:
    """The twin, a few single steps of it: each costs the same."""
    device = next(model.parameters()).device
    for side in options.sides:
        clear(device)
        scene = scene_of(config, side, options.boxes[0], device, dtype)
        given = plain_inputs(model, scene, side, dtype)
        image, at = lat.pack(scene.noise), torch.full((1,), 500.0, dtype=dtype, device=device)
        _, step = timed(partial(velocity, model, image, at, given), 3 * options.repeats, device)
        print(
            f"plain twin {side} px {options.boxes[0]:2d} boxes: {step * 1e3:.1f} ms a step, x{options.steps} = "
            f"{step * options.steps:.2f} s, roofline {roofline(config, side, 'bf16') * 1e3:.1f} ms"
            f"{against_reference(side, step)}; {memory(device)}",
            flush=True,
        )


def measure_training(
    model: SeeThroughTransformer, config: FluxConfig, options: argparse.Namespace, dtype: torch.dtype
) -> None:
    """AdamW on an fp32 LoRA over a frozen base, blocks recomputed, one scene a step."""
    device = next(model.parameters()).device
    model.requires_grad_(False)
    for parameter in trainable(model).values():
        parameter.data = parameter.data.float()
    model.recompute = True
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=1e-4)
    for side in options.sides:
        clear(device)
        seconds, loss = trained(model, learning, optimizer, config, side, options.train, dtype)
        print(
            f"training {side} px, {options.train} steps: {statistics.median(seconds):.3f} s a step, first "
            f"{seconds[0]:.2f} s, loss {loss:.3f}, {memory(device)}",
            flush=True,
        )


def trained(
    model: SeeThroughTransformer,
    learning: list[torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
    config: FluxConfig,
    side: int,
    steps: int,
    dtype: torch.dtype,
) -> tuple[list[float], float]:
    """Seconds of each step, and the last loss."""
    device, seconds, loss = next(model.parameters()).device, [], torch.zeros(())
    for number in range(steps):
        scene = scene_of(config, side, 5, device, dtype, seed=number)
        batch = Batch(scene.noise, scene.condition, scene.prompt.embeds, scene.prompt.pooled, scene.binding)
        started = now(device)
        loss = flow_loss(model, batch, torch.randn_like(scene.noise), torch.rand(1, device=device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in learning if p.grad is not None], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(now(device) - started)
    return seconds, float(loss.detach())


# ---- what is measured


def random_model(config: FluxConfig, loras: list[LoraConfig], dtype: torch.dtype) -> SeeThroughTransformer:
    """In main memory; a short run of random numbers again and again, since drawing 12 billion would take minutes."""
    with torch.device("meta"):
        model = SeeThroughTransformer(config, loras)
    block = torch.randn(1 << 20, generator=torch.Generator().manual_seed(0)).to(dtype) * 0.02
    state = {name: _tiled(block, value.shape) for name, value in model.state_dict().items()}
    state |= {name: value + 1 for name, value in state.items() if ".norm_" in name}
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False)


def _tiled(block: Tensor, shape: torch.Size) -> Tensor:
    times = -(-shape.numel() // len(block))
    return block.repeat(times)[: shape.numel()].view(shape)


def copied(home: SeeThroughTransformer, config: FluxConfig, loras: list[LoraConfig]) -> SeeThroughTransformer:
    """Another network around the same tensors, as a file gives it."""
    with torch.device("meta"):
        model = SeeThroughTransformer(config, loras)
    model.load_state_dict({name: value.detach() for name, value in home.state_dict().items()}, assign=True)
    return model.eval().requires_grad_(False)


def scene_of(
    config: FluxConfig, side: int, boxes: int, device: torch.device, dtype: torch.dtype, seed: int = 0
) -> Scene:
    """Random words and pictures; each box has four words and a rectangle of tokens."""
    g = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> Tensor:
        return torch.randn(shape, generator=g).to(device, dtype)

    channels = config.in_channels // 4
    call_ids = tuple(tuple(range(4 + 5 * i, 8 + 5 * i)) for i in range(boxes))
    masks = torch.zeros(boxes, 32, 32, dtype=torch.uint8, device=device)
    for i, mask in enumerate(masks):
        mask[4 + i % 16 : 16 + i % 16, i % 20 : 10 + i % 20] = 1
    words = Prompt(random(1, TEXTS, config.joint_attention_dim), random(1, config.pooled_projection_dim))
    noise = random(1, channels, side // 8, side // 8)
    binding = bind([call_ids], [masks], TEXTS).padded(64)
    return Scene(words, random(1, channels, 64, 64), binding, noise, call_ids, masks)


def plain_inputs(model: SeeThroughTransformer, scene: Scene, side: int, dtype: torch.dtype) -> PlainInputs:
    h = side // 8
    positions = (torch.zeros(TEXTS, 3, dtype=dtype), lat.image_ids(h, h, dtype), lat.condition_ids(h, h, dtype))
    ids = torch.cat(positions).to(scene.noise.device)
    columns = [torch.tensor(calls, device=ids.device) for calls in scene.call_ids]
    rows = [mask.flatten().nonzero()[:, 0] for mask in scene.masks]
    return PlainInputs(
        scene.prompt.embeds, lat.pack(scene.condition), scene.prompt.pooled, torch.full_like(ids[:1, 0], 3500.0),
        flux_rotary(ids, model.config.axes_dims_rope, model.config.rope_theta), columns, rows,
    )  # fmt: skip


def roofline(config: FluxConfig, side: int, mode: str) -> float:
    """Seconds a step cannot go below, with the reference's attention (research: baselines)."""
    tokens = TEXTS + (side // 16) ** 2 + CONDITION
    layers = config.num_layers + config.num_single_layers
    linears = 24 * config.width**2 * layers * tokens
    lora = (4 * config.num_layers + 3 * config.num_single_layers) * 4 * config.width * 128 * CONDITION
    attention = 4 * tokens**2 * config.width * layers
    compute = (linears + lora) / GEMM_TFLOPS.get(mode, BF16_TFLOPS) / 1e12 + attention / ATTENTION_TFLOPS / 1e12
    weights = 2 * 12 * config.width**2 * (2 * config.num_layers + config.num_single_layers)
    return max(compute, weights / HBM_TBS / 1e12)


def against_reference(side: int, step: float) -> str:
    return f", {REFERENCE[side] / step:.2f}x the published code's {REFERENCE[side]} s" if side in REFERENCE else ""


def timed(run: Callable[[], object], repeats: int, device: torch.device) -> tuple[float, float]:
    """Seconds of the first call and the median of those after it."""
    seconds = []
    for _ in range(1 + repeats):
        started = now(device)
        run()
        seconds.append(now(device) - started)
    return seconds[0], statistics.median(seconds[1:])


def now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def memory(device: torch.device) -> str:
    if device.type != "cuda":
        return "no GPU memory"
    free, total = torch.cuda.mem_get_info(device)
    allocated, reserved = torch.cuda.max_memory_allocated(device), torch.cuda.max_memory_reserved(device)
    return (
        f"peak {allocated / 1e9:.2f} GB of tensors, {reserved / 1e9:.2f} GB taken, device {(total - free) / 1e9:.1f} GB"
    )


def clear(device: torch.device) -> None:
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)


if __name__ == "__main__":
    main()
