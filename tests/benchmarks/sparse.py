"""How fast the sparse core is on this GPU: convolution at four sizes, and flow calls at published size.

    python -m tests.benchmarks.sparse [--tokens 9600 22000 49000]

Beside each figure: what the reference reached on an H200 (research/baselines.md), the roofline at 700 TFLOP/s, and the
plain form (gather, product, scatter; unfused blocks, full context in the branch without condition) in the same run.
"""

import argparse
from contextlib import contextmanager

import torch

from backend.nn import fused
from backend.sparse import conv, conv_layer, resample
from backend.sparse.attention import Context
from backend.sparse.conv_layer import SubmanifoldConv3d
from backend.sparse.flow import SHAPE_FLOW, SparseFlow
from backend.sparse.implicit_gemm import ImplicitGemm
from backend.sparse.tensor import Grid, SparseTensor

from .shells import seconds, shell

PEAK = 700e12  # FLOP/s, bf16 and fp16 matrix products
CONVOLUTIONS = (
    (64, 11040, 1024, 4.9e-3),
    (128, 44144, 512, 4.5e-3),
    (256, 178472, 256, 4.1e-3),
    (512, 715568, 128, 4.2e-3),
)
FLOW_SECONDS = {9600: 0.142, 22000: 0.383}  # of the reference
CONTEXT_TOKENS = 4101


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[9600, 22000, 49000])
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), torch.__version__)
    with torch.no_grad():
        for sizes in CONVOLUTIONS:
            measure_convolution(*sizes)
        flow = random_flow()
        for tokens in options.tokens:
            measure_flow(flow, tokens)


@contextmanager
def plain():
    """Without Triton kernels."""
    rooms = (conv, conv_layer, resample, fused)
    for room in rooms:
        room.HAS_TRITON = False
    try:
        yield
    finally:
        for room in rooms:
            room.HAS_TRITON = True


def measure_convolution(side: int, voxels: int, channels: int, reference: float) -> None:
    grid = Grid(shell(side, voxels))
    x = SparseTensor(torch.randn(len(grid), channels, device="cuda", dtype=torch.float16), grid)
    layers = [SubmanifoldConv3d(channels, channels).half().cuda() for _ in range(4)]

    def run() -> None:
        y = x
        for layer in layers:
            y = layer(y)

    ours = seconds(run)
    with plain():
        unfused = seconds(run)
    pairs = int((ImplicitGemm.of(grid).sources >= 0).sum())
    roofline = 4 * 2 * channels**2 * pairs / PEAK
    mapped = seconds(lambda: ImplicitGemm.of(Grid(grid.coords, grid.segments)), 3)
    print(
        f"4 convolutions, {side}^3, {len(grid)} voxels, {channels} ch: {ours * 1e3:.2f} ms, "
        f"plan {mapped * 1e3:.2f} ms; plain {unfused * 1e3:.2f}, reference {reference * 1e3:.2f}, "
        f"roofline {roofline * 1e3:.2f} ms",
        flush=True,
    )


def random_flow() -> SparseFlow:
    torch.manual_seed(0)
    with torch.device("cuda"):
        flow = SparseFlow(SHAPE_FLOW)
    return flow.to_torso(torch.bfloat16).eval()


def measure_flow(flow: SparseFlow, tokens: int) -> None:
    grid = Grid(shell(64 if tokens < 20000 else 96, tokens))
    x = SparseTensor(torch.randn(len(grid), 32, device="cuda"), grid)
    t = torch.tensor([500.0], device="cuda")
    context = Context.of(torch.randn(1, CONTEXT_TOKENS, 1024, device="cuda"))
    torch.cuda.reset_peak_memory_stats()
    prepared = flow.prepare(context)
    ours = seconds(lambda: flow(x, t, prepared))
    without = seconds(lambda: flow(x, t, None))
    peak = torch.cuda.max_memory_allocated() / 1e9
    with plain():
        unfused = seconds(lambda: flow(x, t, context), 3)
    n = len(grid)
    flops = n * 2.36e9 + 4 * n * (n + CONTEXT_TOKENS) * 1536 * 30
    print(
        f"flow, {n} tokens: {ours * 1e3:.1f} ms, without condition {without * 1e3:.1f} ms; plain {unfused * 1e3:.1f}, "
        f"reference {FLOW_SECONDS.get(tokens, float('nan')) * 1e3:.0f}, roofline {flops / PEAK * 1e3:.1f} ms; "
        f"peak {peak:.1f} GB",
        flush=True,
    )


if __name__ == "__main__":
    main()
