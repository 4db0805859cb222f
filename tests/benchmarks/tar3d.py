"""How fast TAR3D decodes and trains on this GPU, at published sizes with random weights.

    python -m tests.benchmarks.tar3d [--batch 1 8] [--size L] [--train-size B] [--eager-codes 128]

Decoding: 3072 codes with guidance, bf16. The roofline is the time that the memory needs for what must be read: every
weight once a step, the filled half of the cache on average, the states there and back. The plain implementation beside
it is the same network with full attention in every layer, decoded eagerly with a KV cache; it is timed over its first
codes and scaled up, which favours it, since its attention grows with every code.
Training: forward, backward, clipping and AdamW at a global batch of 4, bf16 autocast, hybrid against full attention.

Measured on one H200 (2026-11-20, torch 2.11, Triton 3.6; runs differ by 3 %):

    decoding GPT-L, 3072 codes, guidance          seconds   ms a step   roofline s
    hybrid, 1 asset                                  1.50        0.49         0.53
    hybrid, 2 assets                                 2.09        0.68         0.60
    hybrid, 8 assets (0.325 s each)                  2.60        0.85         1.00
    full attention, 1 asset                          1.89        0.62         0.68
    hybrid, 1 asset, kernels without early loads     1.89        0.61         0.53
    plain: full attention, eager                     46.8        15.2
    hybrid attention, eager                          50.5        16.5
    published code as shipped / with its --compile   56.7 / 4.7

    The state of an asset: cache 151 MB and states 9.4 MB (hybrid), cache 604 MB (full), the prefix being one slot.
    Between roofline and clock stand the 122 kernels of a step, about 2.5 us each: read x, reduce, write, hand over.

    training GPT-B, batch 4          ms a step   peak GB   roofline ms
    hybrid, compiled                      29.6      9.07          10.7
    full, compiled                        31.5      9.24          12.9
    hybrid                                53.1     11.71          10.7
    full                                  49.4     11.13          12.9
    hybrid, plain lightning               64.7     13.80          10.7

    One lightning layer, batch 4, 12 heads, 3268 positions, forward and backward: 1.1 ms (plain 2.4; cuDNN's softmax
    attention 0.71). Uncompiled, norms, rotations and casts outweigh attention, and hybrid layers have more of them.
"""

import argparse
import time
from collections.abc import Callable

import torch

from backend.generators.tar3d.gpt import GPT, FullCache, published, with_weights_in
from backend.generators.tar3d.graphs import GraphDecoder
from backend.generators.tar3d.sampling import SamplingSettings, begin, draw, mix
from backend.nn import lightning_attention
from backend.training.losses import code_loss

SAMPLING = SamplingSettings(cfg_scale=7.5)
BANDWIDTH, PEAK = 4.3e12, 770e12  # bytes/s and bf16 FLOP/s that one H200 reaches (research/baselines.md)
TRAINING_BATCH = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="L", help="published size to decode: B, L, XL ...")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8], help="assets decoded together")
    parser.add_argument("--eager-codes", type=int, default=128, help="codes that the plain implementation decodes")
    parser.add_argument("--train-size", default="B", help="published size to train")
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__, f"decoding GPT-{options.size}, bf16")
    model = random_model(options.size, cond_rope="identity")
    seconds = [measure_graphs(model, batch) for batch in options.batch]
    full = random_model(options.size, hybrid=False)
    eager = measure_eager("plain: full attention, eager", full, options.eager_codes)
    measure_eager("hybrid attention, eager", model, options.eager_codes)
    print(f"plain over graphs, batch {options.batch[0]}: {eager / seconds[0]:.1f} times")
    del model, full
    for hybrid in (True, False):
        for compiled in (False, True):
            measure_training(options.train_size, hybrid, compiled)
    measure_training(options.train_size, hybrid=True, twin=False)


def random_model(size: str, **changes) -> GPT:
    torch.manual_seed(0)
    with torch.device("cuda"):
        model = GPT(published(size, **changes))
    torch.nn.init.normal_(model.output.weight, std=0.02)
    return with_weights_in(model, torch.bfloat16).eval()


def condition(model: GPT, batch: int) -> torch.Tensor:
    s = model.settings
    return torch.randn(batch, s.cls_token_num, s.caption_dim, device="cuda", dtype=torch.bfloat16)


def measure_graphs(model: GPT, batch: int) -> float:
    """Seconds for a batch."""
    torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    decoder = GraphDecoder(model, batch, SAMPLING)
    torch.cuda.synchronize()
    captured = time.perf_counter() - started
    best, codes = middle_of(3, lambda: decoder.generate(condition(model, batch))), model.settings.block_size
    caches = sum(2 * m.keys.nbytes for m in decoder.state.layers if isinstance(m, FullCache))
    states = sum(m.nbytes for m in decoder.state.layers if isinstance(m, torch.Tensor))
    weights = sum(p.nbytes for p in [*model.layers.parameters(), model.output.weight])
    floor = codes * (weights + caches / 2 + 2 * states) / BANDWIDTH
    print(
        f"graphs, batch {batch}: {best:.3f} s for {codes} codes, {best / codes * 1e3:.3f} ms a step, "
        f"{best / batch:.3f} s an asset; roofline {floor:.3f} s; capture {captured:.1f} s; "
        f"cache {caches / 1e6:.0f} MB, states {states / 1e6:.1f} MB, "
        f"peak {torch.cuda.max_memory_allocated() / 1e9:.2f} GB",
        flush=True,
    )
    return best


@torch.inference_mode()
def measure_eager(name: str, model: GPT, codes: int) -> float:
    """Seconds for an asset, scaled up from its first codes."""
    total = model.settings.block_size
    logits, state = begin(model, condition(model, 1), SAMPLING, None)
    started = 0.0
    for number in range(codes + 16):
        if number == 16:
            torch.cuda.synchronize()
            started = time.perf_counter()
        code = draw(mix(logits, SAMPLING, number), SAMPLING)[:, 0].repeat(2)
        logits = model.step(code, torch.tensor([number], device="cuda"), state.prefix + number + 1, state)
    torch.cuda.synchronize()
    each = (time.perf_counter() - started) / codes
    print(
        f"{name}: {each * 1e3:.2f} ms a code, {each * total:.1f} s for {total} codes (scaled from {codes})", flush=True
    )
    return each * total


def measure_training(size: str, hybrid: bool, compiled: bool = False, twin: bool = True) -> None:
    """Without its `twin`, lightning attention takes its plain form."""
    torch.manual_seed(0)
    with torch.device("cuda"):
        model = GPT(published(size, hybrid=hybrid)).train()
    s = model.settings
    logits_of = torch.compile(model.code_logits) if compiled else model.code_logits
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.05, fused=True)
    cond = torch.randn(TRAINING_BATCH, s.cls_token_num, s.caption_dim, device="cuda")
    codes = torch.randint(s.vocab_size, (TRAINING_BATCH, s.block_size), device="cuda")

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16):
            loss = code_loss(logits_of(cond, codes), codes)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    lightning_attention.HAS_TRITON = twin
    step()
    torch.cuda.reset_peak_memory_stats()
    seconds = middle_of(7, step)
    lightning_attention.HAS_TRITON = True
    name = f"{'hybrid' if hybrid else 'full'}{', compiled' if compiled else ''}{'' if twin else ', plain lightning'}"
    print(
        f"training GPT-{size}, batch {TRAINING_BATCH}, {name}: {seconds * 1e3:.1f} ms a step, "
        f"roofline {training_floor(model) * 1e3:.1f} ms, peak {torch.cuda.max_memory_allocated() / 1e9:.2f} GB",
        flush=True,
    )


def training_floor(model: GPT) -> float:
    """Seconds for the matrix products of a step: three times the forward ones, causal attention at half its square."""
    s = model.settings
    tokens = s.cls_token_num + s.block_size - 1
    full = sum(s.is_full(layer) for layer in range(s.n_layer))
    products = sum(p.numel() for p in model.layers.parameters()) * tokens + model.output.weight.numel() * s.block_size
    attention = full * s.dim * tokens**2 + 2 * (s.n_layer - full) * s.dim * s.head_dim * tokens
    return 3 * TRAINING_BATCH * (2 * products + 2 * attention) / PEAK


def middle_of(times: int, call: Callable[[], object]) -> float:
    """Median seconds of a call."""
    seconds = []
    for _ in range(times):
        torch.cuda.synchronize()
        started = time.perf_counter()
        call()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[times // 2]


if __name__ == "__main__":
    main()
