"""One decoding step of the GPT in five Triton kernels a layer; the plain twin is `GPT.step`.

    normed linear (q | k | v) -> attention of one position -> linear + residual -> normed SwiGLU -> linear + residual

Norms, rotations, residuals and the state's update happen in the kernel that has the numbers anyway.
"""

import math
from typing import Any, NamedTuple

import torch
import triton
from torch import Tensor

from . import fused_triton
from .gpt import GPT, DecodingState, FullCache
from .sampling import SamplingSettings

MOST_ROWS = 16  # what one tile of the matrix units holds
FEW = 4  # so many rows are multiplied without the matrix units


class Tile(NamedTuple):
    """How a linear kernel divides its work: output channels a program, warps a program."""

    outputs: int
    warps: int


class Slots(NamedTuple):
    """Slots of the cache that a program of full attention takes: at a time, and altogether; its warps."""

    block: int
    span: int
    warps: int


FEW_TILES = {"qkv": Tile(8, 4), "out": Tile(4, 4), "up": Tile(8, 4), "down": Tile(4, 4), "head": Tile(8, 4)}
MANY_TILES = {"qkv": Tile(32, 4), "out": Tile(16, 8), "up": Tile(16, 4), "down": Tile(8, 8), "head": Tile(32, 4)}
MANY_INPUTS = 128  # input channels that a warp takes at a time
FEW_SLOTS, MANY_SLOTS = Slots(128, 128, 4), Slots(64, 256, 4)
VALUES = 16  # value channels a program of lightning attention
DRAW_WARPS = 16


class FusedStep:
    """The step of one model for a fixed number of rows; weights that are read together are packed together."""

    def __init__(self, model: GPT, rows: int):
        if rows > MOST_ROWS:
            raise ValueError(f"the fused step takes at most {MOST_ROWS} rows, got {rows}")
        self.model, self.rows, s = model, rows, model.settings
        like = model.output.weight
        self.early = like.is_cuda and torch.cuda.get_device_capability(like.device) >= (9, 0)
        self.launch: dict[str, Any] = {"launch_pdl": True} if self.early else {}
        self.packed = [_pack(layer) for layer in model.layers]
        self.x, self.mixed = like.new_zeros(rows, s.dim), like.new_zeros(rows, s.dim)
        self.qkv, self.hidden = like.new_zeros(rows, 3 * s.dim), like.new_zeros(rows, s.hidden)
        self.logits = like.new_zeros(rows, s.vocab_size, dtype=torch.float32)
        prefix = s.cls_token_num if s.cond_rope == "everywhere" else 1
        self.slots, pairs = FEW_SLOTS if rows <= FEW else MANY_SLOTS, rows * s.n_head
        self.splits = triton.cdiv(prefix + s.block_size, self.slots.span)
        wide = triton.next_power_of_2(s.head_dim)
        self.mixtures = like.new_zeros(pairs, self.splits, wide, dtype=torch.float32)
        self.tops, self.totals = self.mixtures.new_zeros(2, pairs, self.splits)
        self.arrivals = like.new_zeros(pairs, dtype=torch.int32)

    def __call__(self, code: Tensor, position: Tensor, state: DecodingState) -> Tensor:
        """Take in code number `position` [>= 1]; code [rows] -> logits [rows, V] float32 (the same buffer always)."""
        torch.index_select(self.model.tok_embeddings.weight, 0, code, out=self.x)
        return self.run(position, state)

    def draw(self, settings: SamplingSettings, codes: Tensor, position: Tensor, seed: Tensor) -> None:
        """Draw the next code of every sequence from `logits`; what follows is `run`.

        `codes` [B, N] takes them, `position` [B] (number of the code drawn last, -1 at the beginning) moves on, and the
        seed [1] decides. All on the device. Guided rows as in `sampling.mix`; no top-k, no top-p, no interval.
        """
        if settings.top_k > 0 or settings.top_p < 1.0 or settings.cfg_interval >= 0:
            raise ValueError(f"the fused draw knows guidance, temperature and min-p only, got {settings}")
        s = self.model.settings
        kernel: Any = fused_triton.draw
        kernel[(len(codes),)](
            self.logits, self.model.tok_embeddings.weight, self.x, codes, position, seed, settings.cfg_scale,
            max(settings.temperature, 1e-5), math.log(max(settings.min_p, 1e-30)), s.vocab_size, codes.shape[1],
            d=s.dim, D=triton.next_power_of_2(s.dim), V=triton.next_power_of_2(triton.cdiv(s.vocab_size, 4)),
            GUIDED=settings.cfg_scale > 1.0, GREEDY=settings.greedy, EARLY=self.early, num_warps=DRAW_WARPS,
            **self.launch,
        )  # fmt: skip

    def run(self, position: Tensor, state: DecodingState) -> Tensor:
        """The layers and the head on the embeddings in `x`, which `draw` or a call has put there."""
        model = self.model
        layers: Any = model.layers
        for layer, (qkv, out, norm, w13), memory in zip(layers, self.packed, state.layers, strict=True):
            self._linear("qkv", self.x, layer.attention_norm.weight, qkv, self.qkv)
            self._attend(layer.attention, position, memory, state)
            self._linear("out", self.mixed, norm, out, self.x, add=True)
            self._linear("up", self.x, layer.ffn_norm.weight, w13, self.hidden, swiglu=True)
            self._linear("down", self.hidden, None, layer.feed_forward.w2.weight, self.x, add=True)
        self._linear("head", self.x, model.norm.weight, model.output.weight, self.logits)
        return self.logits

    def _linear(
        self, name: str, x: Tensor, gain: Tensor | None, weight: Tensor, out: Tensor, *, swiglu=False, add=False
    ) -> None:
        few, d, o, eps = self.rows <= FEW, x.shape[1], out.shape[1], self.model.settings.norm_eps
        tile = (FEW_TILES if few else MANY_TILES)[name]
        grid = (triton.cdiv(o, tile.outputs),)
        common = dict(
            d=d, BO=tile.outputs, NORM=gain is not None, SWIGLU=swiglu, ADD=add, EARLY=self.early, num_warps=tile.warps,
        )  # fmt: skip
        gain = x if gain is None else gain
        if few:
            kernel: Any = fused_triton.few_rows_linear
            wide = triton.next_power_of_2(d)
            kernel[grid](x, gain, weight, out, o, eps, D=wide, ROWS=self.rows, **common, **self.launch)
        else:
            kernel = fused_triton.many_rows_linear
            chunks = triton.cdiv(d, tile.warps * MANY_INPUTS)
            kernel[grid](
                x, gain, weight, out, o, self.rows, eps, CHUNKS=chunks, PARTS=tile.warps, D=MANY_INPUTS, R=MOST_ROWS,
                **common, **self.launch,
            )  # fmt: skip

    def _attend(self, attention, position: Tensor, memory: FullCache | Tensor, state: DecodingState) -> None:
        s = self.model.settings
        pairs, d, wide = self.rows * s.n_head, s.head_dim, triton.next_power_of_2(s.head_dim)
        if isinstance(memory, FullCache):
            attend: Any = fused_triton.full_attention
            attend[(pairs, self.splits)](
                self.qkv, self.model.rope_full, memory.keys, memory.values, state.bias, self.mixtures, self.tops,
                self.totals, self.arrivals, self.mixed, position, s.cls_token_num, s.n_head, memory.keys.shape[2],
                state.prefix, d**-0.5, d=d, D=wide, BLOCK=self.slots.block, SPAN=self.slots.span, EARLY=self.early,
                SPLITS=triton.next_power_of_2(self.splits), num_warps=self.slots.warps, **self.launch,
            )  # fmt: skip
        else:
            recur: Any = fused_triton.lightning_attention
            recur[(pairs, triton.cdiv(d, VALUES))](
                self.qkv, self.model.rope_lightning, attention.slopes, memory, self.mixed, position, s.cls_token_num,
                s.n_head, d=d, D=wide, E=VALUES, EARLY=self.early, num_warps=4, **self.launch,
            )  # fmt: skip


def _pack(layer) -> tuple[Tensor, Tensor, Tensor | None, Tensor]:
    """(q | k | v, output projection, the norm before it if any, w1 | w3) of a layer."""
    a, f = layer.attention, layer.feed_forward
    w13 = torch.cat([f.w1.weight, f.w3.weight]).detach()
    if layer.is_full:
        return a.wqkv.weight.detach(), a.wo.weight.detach(), None, w13
    qkv = torch.cat([a.q_proj.weight, a.k_proj.weight, a.v_proj.weight]).detach()
    return qkv, a.out_proj.weight.detach(), a.rms_norm.weight.detach(), w13
