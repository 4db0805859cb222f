"""What makes the steps fast on a GPU and changes nothing but rounding: other cuts of projections, a graph of a step.

A `Start` takes everything that is known before the first step and gives the velocity as a function of the step:
`eager` calls the network, `GraphedSteps` replays one CUDA graph over buffers that stay where they are, so that a step
costs the host a handful of calls. The graph serves all pictures of the same shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from .transformer import JoinedLora, Modulation, Prepared, SeeThroughTransformer

Velocity = Callable[[Tensor, int], Tensor]  # (packed latents (1, I, in), step) -> the same shape
Start = Callable[[SeeThroughTransformer, Prepared, list[Modulation]], Velocity]
Tree = TypeVar("Tree")

WARM_UP = 2  # steps before a graph is captured: they compile kernels and fill the allocator


def eager(model: SeeThroughTransformer, prepared: Prepared, modulations: list[Modulation]) -> Velocity:
    """Kernel by kernel."""
    return lambda x, step: model(x, prepared, modulations[step])


def fuse(model: SeeThroughTransformer) -> None:
    """One matrix product for q, k and v of a stream instead of three, two without a concatenation at a block's end.

    Weights move, none is kept twice. The state no longer has the published keys. The last block keeps its three
    projections: its queries are of image rows only.
    """
    doubles: list[Any] = [block.attn for block in model.transformer_blocks]
    singles: list[Any] = [block.attn for block in model.single_transformer_blocks][:-1]
    for attention in (*doubles, *singles):
        attention.to_qkv = _joined(attention.to_q, attention.to_k, attention.to_v)
        del attention.to_q, attention.to_k, attention.to_v
        _join_loras(attention.processor)
    for block in model.single_transformer_blocks:
        _part_projection(block)
    for attention in doubles:
        attention.add_qkv_proj = _joined(attention.add_q_proj, attention.add_k_proj, attention.add_v_proj)
        del attention.add_q_proj, attention.add_k_proj, attention.add_v_proj


def _joined(*linears: nn.Linear) -> nn.Linear:
    width = sum(linear.out_features for linear in linears)
    joined = nn.Linear(linears[0].in_features, width, device="meta")
    joined.weight = nn.Parameter(torch.cat([linear.weight.data for linear in linears]), requires_grad=False)
    joined.bias = nn.Parameter(torch.cat([linear.bias.data for linear in linears]), requires_grad=False)
    return joined


def _join_loras(loras: Any) -> None:
    three = zip(loras.q_loras, loras.k_loras, loras.v_loras, strict=True)
    loras.joined = nn.ModuleList(JoinedLora(*block) for block in three)
    del loras.q_loras, loras.k_loras, loras.v_loras


def _part_projection(block: Any) -> None:
    """The projection of attended and hidden channels as one of each: nothing has to be put side by side for it."""
    whole, width = block.proj_out, block.proj_out.out_features
    of_attended = nn.Linear(width, width, device="meta")
    of_hidden = nn.Linear(whole.in_features - width, width, bias=False, device="meta")
    of_attended.weight, of_hidden.weight = (
        nn.Parameter(part.contiguous(), requires_grad=False)
        for part in (whole.weight.data[:, :width], whole.weight.data[:, width:])
    )
    of_attended.bias = whole.bias
    block.proj_apart = nn.ModuleList([of_attended, of_hidden])
    del block.proj_out


def with_first(model: SeeThroughTransformer, prepared: Prepared) -> Prepared:
    """With the first block's condition heads, which are the same in every step (spec 16.3)."""
    modulation = prepared.modulation.double[0][0]
    first = model.doubles[0].condition_heads(prepared.condition, modulation, prepared)
    return replace(prepared, first=first)


class GraphedSteps:
    """A `Start` whose steps are replays of one captured graph. On a CPU the same buffers, without a graph."""

    def __init__(self) -> None:
        self._key: tuple = ()
        self._held: _Step | None = None

    def __call__(self, model: SeeThroughTransformer, prepared: Prepared, modulations: list[Modulation]) -> Velocity:
        prepared = with_first(model, prepared)
        key = (id(model), *(leaf.shape for leaf in leaves((prepared, modulations[0]))))
        if self._held is None or key != self._key:
            self.forget()  # before the new one takes its memory
            self._held, self._key = _Step(model, prepared, modulations[0]), key
        else:
            fill(self._held.prepared, prepared)
        held = self._held

        def velocity(x: Tensor, step: int) -> Tensor:
            held.x.copy_(x)
            fill(held.modulation, modulations[step])
            held.replay()
            return held.v

        return velocity

    def forget(self) -> None:
        """Gives the graph and its buffers back."""
        self._held, self._key = None, ()


class _Step:
    """A captured step and the buffers that it reads and writes."""

    def __init__(self, model: SeeThroughTransformer, prepared: Prepared, modulation: Modulation) -> None:
        texts, conditions = prepared.text.shape[1], prepared.condition.shape[1]
        images = len(prepared.sight.rotary) - texts - conditions
        self.prepared, self.modulation = cloned(prepared), cloned(modulation)
        self.x = prepared.text.new_zeros(len(prepared.text), images, model.config.in_channels)
        self.v = self.x

        def step() -> None:
            self.v = model(self.x, self.prepared, self.modulation)

        self.replay = captured(step, self.x.device)


def captured(run: Callable[[], None], device: torch.device) -> Callable[[], None]:
    """`run` as a CUDA graph; on other devices `run` itself."""
    if device.type != "cuda":
        return run
    beside = torch.cuda.Stream(device)
    beside.wait_stream(torch.cuda.current_stream(device))
    with torch.cuda.stream(beside):
        for _ in range(WARM_UP):
            run()
    torch.cuda.current_stream(device).wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph.replay


# ---- tensors inside dataclasses, lists and tuples


def leaves(tree: object) -> Iterator[Tensor]:
    if isinstance(tree, Tensor):
        yield tree
    elif is_dataclass(tree):
        for field in fields(tree):
            yield from leaves(getattr(tree, field.name))
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from leaves(part)


def cloned(tree: Tree) -> Tree:
    """The same structure around copies of its tensors."""
    if isinstance(tree, Tensor):
        return tree.clone()  # type: ignore[return-value]
    if is_dataclass(tree):
        return type(tree)(**{field.name: cloned(getattr(tree, field.name)) for field in fields(tree)})  # type: ignore
    if isinstance(tree, list | tuple):
        return type(tree)(cloned(part) for part in tree)  # type: ignore[return-value, call-arg]
    return tree


def fill(target: object, source: object) -> None:
    """Copies the values of one tree into the tensors of another of the same shapes."""
    torch._foreach_copy_(list(leaves(target)), list(leaves(source)))  # type: ignore[attr-defined]
