"""Decoding as replays of CUDA graphs: nothing waits for the host. Specification 18.

The state keeps its place in memory, so the graphs are captured once and serve every later generation of the same batch.
Up to 16 rows take the fused Triton step, which reads lengths on the device: one graph holds several steps and serves
every position. More rows take the plain step, whose full layers look at a fixed number of cache slots in a graph: there
is one graph of one step for every STRIDE codes.
"""

import importlib.util
import math
from collections.abc import Callable

import torch
from torch import Tensor

from .gpt import GPT
from .sampling import SamplingSettings, begin, mix, probabilities

STRIDE = 512
STEPS = 16  # fused steps in a graph
MOST_FUSED_ROWS = 16
REPORT_EVERY = 64  # codes between two looks at the clock and at a cancel


class GraphDecoder:
    """Decodes batches of a fixed size with fixed sampling settings on a CUDA device."""

    def __init__(self, model: GPT, batch: int, settings: SamplingSettings):
        device, total = model.output.weight.device, model.settings.block_size
        if device.type != "cuda":
            raise ValueError(f"CUDA graphs need a CUDA device, the model is on {device}")
        if settings.cfg_interval >= 0:
            raise ValueError("a guidance interval needs sampling.generate: a graph repeats the same arithmetic")
        self.model, self.batch, self.settings = model, batch, settings
        rows = batch * (2 if settings.cfg_scale > 1.0 else 1)
        self.state = model.new_state(rows)
        self.position = torch.zeros(batch, dtype=torch.int64, device=device)  # of the code drawn last
        self.codes = torch.zeros(batch, total, dtype=torch.int64, device=device)
        self.seed = torch.zeros(1, dtype=torch.int64, device=device)
        self.generator = torch.Generator(device)
        self.fused = _fused_step(model, rows, settings)
        self.logits = torch.zeros(rows, model.settings.vocab_size, device=device)
        if self.fused is not None:
            self.logits = self.fused.logits
        self.steps = 1 if self.fused is None else math.gcd(total, STEPS)
        self.stride = STRIDE if self.fused is None else total
        self.graphs = self._capture()

    def _advance(self, length: int) -> None:
        """Draw a code from the logits, store it, and replace the logits by the next code's."""
        if self.fused is not None:
            self.fused.draw(self.settings, self.codes, self.position, self.seed)
            self.fused.run(self.position, self.state)
            return
        probs = probabilities(mix(self.logits, self.settings, 0), self.settings)
        if self.settings.greedy:
            code = probs.argmax(-1)
        else:  # the largest of p / e with exponential e is a draw from p, and needs no word from the host
            code = (probs / torch.empty_like(probs).exponential_(generator=self.generator)).argmax(-1)
        self.position.add_(1)
        self.codes.index_copy_(1, self.position[:1], code[:, None])
        rows = code.repeat(len(self.logits) // self.batch)
        self.logits.copy_(self.model.step(rows, self.position[:1], length, self.state))

    @torch.inference_mode()
    def _capture(self) -> list[torch.cuda.CUDAGraph]:
        total, graphs, pool = self.model.settings.block_size, [], None
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        for last in range(self.stride, total + self.stride, self.stride):
            length = self.state.prefix + min(last, total)
            self.position.fill_(-1)
            with torch.cuda.stream(side):
                for _ in range(3):
                    self._advance(length)
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            graph.register_generator_state(self.generator)
            with torch.cuda.graph(graph, pool=pool):
                for _ in range(self.steps):
                    self._advance(length)
            pool = graph.pool()
            graphs.append(graph)
        return graphs

    @torch.inference_mode()
    def generate(
        self,
        cond: Tensor,
        emb_mask: Tensor | None = None,
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Tensor:
        """Condition features [B, T_c, C] -> codes [B, N]; `progress(done, total)` may raise to stop.

        The same seed gives the same codes.
        """
        if len(cond) != self.batch:
            raise ValueError(f"this decoder was made for {self.batch} sequences, got {len(cond)}")
        self.seed.fill_(seed)
        self.generator.manual_seed(seed)
        logits, _ = begin(self.model, cond, self.settings, emb_mask, self.state)
        self.logits.copy_(logits)
        self.position.fill_(-1)
        total = self.codes.shape[1]
        for number in range(0, total, self.steps):
            self.graphs[number // self.stride].replay()
            done = number + self.steps
            if progress is not None and (done % REPORT_EVERY == 0 or done == total):
                torch.cuda.current_stream().synchronize()
                progress(done, total)
        return self.codes.clone()


def _fused_step(model: GPT, rows: int, settings: SamplingSettings):
    """The Triton step, where there is Triton, the rows are few and the fused draw knows the filters; else None."""
    filtered = settings.top_k > 0 or settings.top_p < 1.0
    if rows > MOST_FUSED_ROWS or filtered or importlib.util.find_spec("triton") is None:
        return None
    from .fused import FusedStep

    return FusedStep(model, rows)
