"""How fast TAR3D decodes on this GPU: GPT-L at published size, random weights, 3072 codes with guidance.

    python -m tests.benchmarks.tar3d [--batch 1 8] [--size L] [--eager-codes 256]

The plain implementation beside it is the same network with full attention in every layer, decoded eagerly with a KV
cache; it is timed over its first codes and scaled up, which favours it, since its attention grows with every code.
"""

import argparse
import time

import torch

from backend.generators.tar3d.gpt import GPT, published, with_weights_in
from backend.generators.tar3d.graphs import GraphDecoder
from backend.generators.tar3d.sampling import SamplingSettings, begin, draw, mix

SAMPLING = SamplingSettings(cfg_scale=7.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="L", help="published size: B, L, XL ...")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8], help="assets decoded together")
    parser.add_argument("--eager-codes", type=int, default=256, help="codes that the plain implementation decodes")
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__, f"GPT-{options.size}, bf16")
    model = random_model(options.size, cond_rope="identity")
    for batch in options.batch:
        measure_graphs(model, batch)
    measure_eager("plain: full attention, eager", random_model(options.size, hybrid=False), options.eager_codes)
    measure_eager("hybrid attention, eager", model, options.eager_codes)


def random_model(size: str, **changes) -> GPT:
    torch.manual_seed(0)
    with torch.device("cuda"):
        model = GPT(published(size, **changes))
    torch.nn.init.normal_(model.output.weight, std=0.02)
    return with_weights_in(model, torch.bfloat16).eval()


def condition(model: GPT, batch: int) -> torch.Tensor:
    s = model.settings
    return torch.randn(batch, s.cls_token_num, s.caption_dim, device="cuda", dtype=torch.bfloat16)


def measure_graphs(model: GPT, batch: int) -> None:
    torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    decoder = GraphDecoder(model, batch, SAMPLING)
    torch.cuda.synchronize()
    captured = time.perf_counter() - started
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        decoder.generate(condition(model, batch))
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    codes, best = model.settings.block_size, sorted(seconds)[1]
    state = sum(t.nbytes if isinstance(t, torch.Tensor) else t.keys.nbytes * 2 for t in decoder.state.layers) / 1e6
    print(
        f"graphs, batch {batch}: {best:.3f} s for {codes} codes, {best / codes * 1e3:.3f} ms a code, "
        f"{best / batch:.3f} s an asset; capture {captured:.1f} s; decoding state {state:.0f} MB; "
        f"peak {torch.cuda.max_memory_allocated() / 1e9:.2f} GB",
        flush=True,
    )


@torch.inference_mode()
def measure_eager(name: str, model: GPT, codes: int) -> None:
    total = model.settings.block_size
    logits, state = begin(model, condition(model, 1), SAMPLING, None)
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


if __name__ == "__main__":
    main()
