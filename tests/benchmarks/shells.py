"""Voxel sets for benchmarks: spherical shells about one and a half voxels thick."""

from collections.abc import Callable
from math import pi, sqrt

import torch
from torch import Tensor

THICKNESS = 1.5  # voxels


def shell(side: int, voxels: int, device: str = "cuda") -> Tensor:
    """(N, 4) int32 on a grid of `side` cells, with about `voxels` rows."""
    radius = min(sqrt(voxels / (4 * pi * THICKNESS)), 0.49 * side)
    axis = torch.arange(side, device=device) + 0.5 - side / 2
    square = axis[:, None] ** 2 + axis**2
    slices = []
    for x in range(side):
        cells = ((square + axis[x] ** 2).sqrt() - radius).abs().lt(THICKNESS / 2).nonzero()
        slices.append(torch.nn.functional.pad(cells, (1, 0), value=x))
    return torch.nn.functional.pad(torch.cat(slices), (1, 0)).int()


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """Median time of a call on the GPU, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        run()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end) / 1e3)
    return sorted(times)[len(times) // 2]
