"""Calls that repeat, as CUDA graphs: many small kernels then cost the GPU's time, not the processor's."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Call = Callable[[Tensor, Tensor], Tensor]


class Captured:
    """`call` of two tensors whose shapes never change. The first time it runs as it is, and warms up what it needs; the
    second time it is captured; from then on it is replayed.

    What comes back is overwritten by the next call. Weights must stay where they are while this lives.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._warm = False
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        if not self._warm:
            self._warm = True
            return self._call(x, t)
        if self._graph is None:
            self._x, self._t, self._graph = x.clone(), t.clone(), torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
                self._result = self._call(self._x, self._t)
        self._x.copy_(x)
        self._t.copy_(t)
        self._graph.replay()
        return self._result


def captured(call: Call, x: Tensor, rows: int) -> Call:
    """`Captured` where that pays: without gradients, on a GPU, for at most `rows` rows of x."""
    pays = x.is_cuda and not torch.is_grad_enabled() and len(x) <= rows
    return Captured(call) if pays else call
