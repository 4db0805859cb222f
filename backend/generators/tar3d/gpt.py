"""The 3D GPT of TAR3D: condition tokens and 3 R^2 triplane codes, with full or hybrid attention.

Attribute names are the published checkpoint keys. Sequence: [T_c condition tokens][code 0] ... [code N - 2]; the output
at the last condition token predicts code 0. Specification 7, 8 and 10; defaults are the published GPT-L.
"""

import math
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from ...nn.lightning_attention import alibi_slopes, lightning_attention, lightning_state, lightning_step
from ...nn.rope import apply_rotary
from .tripe import tripe_table, with_identity_conditions

FLASH_ATTENTION = find_spec("flash_attn") is not None
STEP_BACKENDS = [SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]  # cuDNN would plan anew for every length of the cache


@dataclass(frozen=True)
class GPTSettings:
    """Sizes of the network; defaults are GPT-L with hybrid attention, conditioned on an image."""

    dim: int = 1024
    n_layer: int = 24
    n_head: int = 16
    multiple_of: int = 256
    caption_dim: int = 768  # width of a condition token
    vocab_size: int = 16384
    cls_token_num: int = 197  # T_c, condition tokens
    block_size: int = 3072  # N = 3 R^2, codes
    rope_base: float = 10000.0
    norm_eps: float = 1e-5
    dropout: float = 0.1  # on tokens and residual branches, while training
    condition_dropout: float = 0.1  # share of samples that learn the unconditional distribution
    hybrid: bool = True  # every fourth layer full attention, the others lightning; False: all full
    # What turns condition tokens' q and k: `zero` rows everywhere (the reference), the `identity` in lightning layers
    # only, or the identity `everywhere`, where full layers can then tell condition tokens apart.
    cond_rope: Literal["zero", "identity", "everywhere"] = "identity"

    @property
    def head_dim(self) -> int:
        return self.dim // self.n_head

    @property
    def hidden(self) -> int:
        return -(-int(2 * 4 * self.dim / 3) // self.multiple_of) * self.multiple_of

    def is_full(self, layer: int) -> bool:
        return not self.hybrid or (layer + 1) % 4 == 0


PUBLISHED_SIZES = {  # name: (layers, heads, width)
    "B": (12, 12, 768),
    "L": (24, 16, 1024),
    "XL": (36, 20, 1280),
    "XXL": (48, 24, 1536),
    "XXXL": (48, 40, 2560),
    "1B": (22, 32, 2048),
    "3B": (24, 32, 3200),
    "7B": (32, 32, 4096),
}


def published(name: str, **changes) -> GPTSettings:
    """Settings of a published size, with anything else changed by keyword."""
    n_layer, n_head, dim = PUBLISHED_SIZES[name]
    return GPTSettings(dim=dim, n_layer=n_layer, n_head=n_head, **changes)


class RMSNorm(nn.Module):
    def __init__(self, dim: int, eps: float):
        super().__init__()
        self.eps, self.weight = eps, nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), x.shape[-1:], eps=self.eps).to(x.dtype) * self.weight


class FeedForward(nn.Module):
    def __init__(self, s: GPTSettings):
        super().__init__()
        self.w1 = nn.Linear(s.dim, s.hidden, bias=False)
        self.w3 = nn.Linear(s.dim, s.hidden, bias=False)
        self.w2 = nn.Linear(s.hidden, s.dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class FullAttention(nn.Module):
    """Causal softmax attention; one packed projection q | k | v."""

    def __init__(self, s: GPTSettings):
        super().__init__()
        self.heads = s.n_head
        self.wqkv = nn.Linear(s.dim, 3 * s.dim, bias=False)
        self.wo = nn.Linear(s.dim, s.dim, bias=False)

    def project(self, x: Tensor, rope: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x [B, L, dim] -> q, k, v [B, H, L, d]."""
        q, k, v = self.wqkv(x).unflatten(-1, (3, self.heads, -1)).unbind(-3)
        return apply_rotary(q, rope).transpose(1, 2), apply_rotary(k, rope).transpose(1, 2), v.transpose(1, 2)

    def forward(self, x: Tensor, rope: Tensor, mask: Tensor | None, cache: "FullCache | None" = None) -> Tensor:
        q, k, v = self.project(x, rope)
        if cache is not None:
            cache.start(k, v)
        return self.wo(self.attend(q, k, v, mask).flatten(-2))

    @staticmethod
    def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
        """q, k, v [B, H, L, d] -> [B, L, H, d]; causal without a mask."""
        if FLASH_ATTENTION and mask is None and q.is_cuda and q.dtype != torch.float32:
            from flash_attn import flash_attn_func  # pyright: ignore

            return flash_attn_func(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), causal=True)
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None).transpose(1, 2)

    def step(self, x: Tensor, rope: Tensor, position: Tensor, length: int, bias: Tensor, cache: "FullCache") -> Tensor:
        """One code, x [B, 1, dim]; attends to the first `length` slots of the cache, weighted by `bias`."""
        q, k, v = self.project(x, rope)
        keys, values = cache.append(k, v, position, length)
        with sdpa_kernel(STEP_BACKENDS) if q.is_cuda else nullcontext():
            out = F.scaled_dot_product_attention(q, keys, values, attn_mask=bias[..., :length])
        return self.wo(out.transpose(1, 2).flatten(-2))


class LightningAttention(nn.Module):
    """Causal linear attention with decay: no softmax, no scale, a norm over the full width before the output."""

    slopes: Tensor

    def __init__(self, s: GPTSettings):
        super().__init__()
        self.heads = s.n_head
        self.q_proj = nn.Linear(s.dim, s.dim, bias=False)
        self.k_proj = nn.Linear(s.dim, s.dim, bias=False)
        self.v_proj = nn.Linear(s.dim, s.dim, bias=False)
        self.rms_norm = RMSNorm(s.dim, s.norm_eps)
        self.out_proj = nn.Linear(s.dim, s.dim, bias=False)
        self.register_buffer("slopes", alibi_slopes(s.n_head), persistent=False)

    def project(self, x: Tensor, rope: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """x [B, L, dim] -> q, k, v [B, H, L, d]."""
        q, k, v = (layer(x).unflatten(-1, (self.heads, -1)) for layer in (self.q_proj, self.k_proj, self.v_proj))
        if rope is not None:
            q, k = apply_rotary(q, rope), apply_rotary(k, rope)
        return q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)

    def forward(self, x: Tensor, rope: Tensor | None, state: Tensor | None = None) -> Tensor:
        q, k, v = self.project(x, rope)
        if state is not None:
            state.copy_(lightning_state(k, v, self.slopes))
        out = lightning_attention(q, k, v, self.slopes)
        return self.out_proj(self.rms_norm(out.transpose(1, 2).flatten(-2)))

    def step(self, x: Tensor, rope: Tensor, state: Tensor) -> Tensor:
        """One code, x [B, 1, dim]; `state` is updated in place."""
        q, k, v = (t.squeeze(2) for t in self.project(x, rope))
        return self.out_proj(self.rms_norm(lightning_step(q, k, v, self.slopes, state).flatten(-2)))[:, None]


class Block(nn.Module):
    def __init__(self, s: GPTSettings, layer: int):
        super().__init__()
        self.is_full = s.is_full(layer)
        self.attention_norm, self.ffn_norm = RMSNorm(s.dim, s.norm_eps), RMSNorm(s.dim, s.norm_eps)
        self.attention = FullAttention(s) if self.is_full else LightningAttention(s)
        self.feed_forward = FeedForward(s)
        self.dropout = s.dropout

    def forward(self, x: Tensor, attend) -> Tensor:
        """`attend` runs this block's attention on the normed input: over a sequence, or for one step."""
        x = x + F.dropout(attend(self.attention, self.attention_norm(x)), self.dropout, self.training)
        return x + F.dropout(self.feed_forward(self.ffn_norm(x)), self.dropout, self.training)


class ConditionMLP(nn.Module):
    def __init__(self, s: GPTSettings):
        super().__init__()
        self.fc1 = nn.Linear(s.caption_dim, s.dim, bias=False)
        self.fc2 = nn.Linear(s.dim, s.dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class ConditionEmbedder(nn.Module):
    """Condition features [B, T_c, C] -> tokens [B, T_c, dim]; `uncond_embedding` is fixed, random, not trained."""

    uncond_embedding: Tensor

    def __init__(self, s: GPTSettings):
        super().__init__()
        self.cap_proj = ConditionMLP(s)
        table = torch.randn(s.cls_token_num, s.caption_dim) / s.caption_dim**0.5
        self.register_buffer("uncond_embedding", table)

    def forward(self, features: Tensor, mask: Tensor | None, drop: Tensor | None = None) -> Tensor:
        """`mask` [B, T_c] closes padded tokens (to exact zeros); `drop` [B] marks samples that lose their condition."""
        if drop is not None:
            features = torch.where(drop[:, None, None], self.uncond_embedding.to(features.dtype), features)
        tokens = self.cap_proj(features.to(self.cap_proj.fc1.weight.dtype))
        return tokens if mask is None else tokens * mask[..., None].to(tokens.dtype)


@dataclass
class FullCache:
    """Keys and values of one full layer: `prefix` slots for the condition, then one slot a code, [B, H, P + N, d].

    Where condition keys are all zero (cond_rope `zero` or `identity`) every condition token gets the score 0, so the
    prefix collapses to one slot: key 0, value = mean of the condition values, score log(number of them).
    """

    keys: Tensor
    values: Tensor
    prefix: int
    valid: Tensor | None = None  # [B, T_c], which condition tokens are real

    def start(self, k: Tensor, v: Tensor) -> None:
        if self.prefix == k.shape[2]:
            self.keys[:, :, : self.prefix], self.values[:, :, : self.prefix] = k, v
        elif self.valid is None:
            self.values[:, :, 0] = v.mean(2)
        else:
            weight = self.valid[:, None, :, None].to(v.dtype)
            self.values[:, :, 0] = (v * weight).sum(2) / weight.sum(2)

    def append(self, k: Tensor, v: Tensor, position: Tensor, length: int) -> tuple[Tensor, Tensor]:
        self.keys.index_copy_(2, position, k)
        self.values.index_copy_(2, position, v)
        return self.keys[:, :, :length], self.values[:, :, :length]


@dataclass
class DecodingState:
    """Everything that decoding remembers, in buffers of fixed size; the model itself remembers nothing."""

    layers: list[FullCache | Tensor]  # Tensor: the state [B, H, d, d] float32 of a lightning layer
    bias: Tensor  # [B, 1, 1, P + N] scores added to the slots of full layers; -inf where nothing is stored yet
    prefix: int  # slots of the condition


class GPT(nn.Module):
    """Next-code prediction over triplanes."""

    rope_full: Tensor
    rope_lightning: Tensor

    def __init__(self, settings: GPTSettings):
        super().__init__()
        s = self.settings = settings
        self.cls_embedding = ConditionEmbedder(s)
        self.tok_embeddings = nn.Embedding(s.vocab_size, s.dim)
        self.layers = nn.ModuleList(Block(s, layer) for layer in range(s.n_layer))
        self.norm = RMSNorm(s.dim, s.norm_eps)
        self.output = nn.Linear(s.dim, s.vocab_size, bias=False)
        table = tripe_table(s.block_size, s.head_dim, s.cls_token_num, s.rope_base)
        identity = with_identity_conditions(table, s.cls_token_num)
        self.register_buffer("rope_full", identity if s.cond_rope == "everywhere" else table, persistent=False)
        self.register_buffer("rope_lightning", table if s.cond_rope == "zero" else identity, persistent=False)
        self._init_weights()

    def _init_weights(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=0.02)
        nn.init.zeros_(self.output.weight)

    def run(self, x: Tensor, emb_mask: Tensor | None, state: DecodingState | None = None) -> Tensor:
        """Token embeddings [B, L, dim] (condition first) -> final hidden states [B, L, dim]."""
        x = F.dropout(x, self.settings.dropout, self.training)
        mask = None if emb_mask is None else causal_mask(emb_mask, x.shape[1])
        rope_full, rope_lightning = self.rope_full[: x.shape[1]], self.rope_lightning[: x.shape[1]]
        for number, layer in enumerate(self.layers):
            memory = None if state is None else state.layers[number]
            if layer.is_full:
                x = layer(x, lambda attention, y, memory=memory: attention(y, rope_full, mask, memory))
            else:
                x = layer(x, lambda attention, y, memory=memory: attention(y, rope_lightning, memory))
        return self.norm(x)

    def forward(
        self, cond: Tensor, codes: Tensor, emb_mask: Tensor | None = None, drop: Tensor | None = None
    ) -> Tensor:
        """Teacher forcing: features [B, T_c, C], codes [B, L] -> logits [B, T_c + L, V] float32 at every position."""
        tokens = torch.cat([self.cls_embedding(cond, emb_mask, drop), self.tok_embeddings(codes)], dim=1)
        return self.output(self.run(tokens, emb_mask)).float()

    def code_logits(
        self, cond: Tensor, codes: Tensor, emb_mask: Tensor | None = None, drop: Tensor | None = None
    ) -> Tensor:
        """Logits [B, N, V] that predict each of the codes [B, N]."""
        tokens = torch.cat([self.cls_embedding(cond, emb_mask, drop), self.tok_embeddings(codes[:, :-1])], dim=1)
        return self.output(self.run(tokens, emb_mask)[:, self.settings.cls_token_num - 1 :]).float()

    def start(self, cond: Tensor, emb_mask: Tensor | None, state: DecodingState) -> Tensor:
        """Take in the condition of every row, [B', T_c, C]; returns the logits [B', V] of code 0. Resets `state`."""
        tokens = self.cls_embedding(cond, emb_mask)
        self._reset(state, emb_mask)
        return self.output(self.run(tokens, emb_mask, state)[:, -1]).float()

    def new_state(self, rows: int) -> DecodingState:
        """Room for decoding `rows` sequences, on the model's device and in its type."""
        s, like = self.settings, self.output.weight
        prefix = s.cls_token_num if s.cond_rope == "everywhere" else 1
        slots = (rows, s.n_head, prefix + s.block_size, s.head_dim)
        square = (rows, s.n_head, s.head_dim, s.head_dim)
        layers = [
            FullCache(like.new_zeros(slots), like.new_zeros(slots), prefix)
            if s.is_full(layer)
            else like.new_zeros(square, dtype=torch.float32)
            for layer in range(s.n_layer)
        ]
        return DecodingState(layers, like.new_zeros(rows, 1, 1, prefix + s.block_size), prefix)

    def _reset(self, state: DecodingState, emb_mask: Tensor | None) -> None:
        """Scores of the condition's slots; nothing else is stored yet. Prefill overwrites the layers' memories."""
        state.bias.fill_(-torch.inf)
        tokens = self.settings.cls_token_num
        if state.prefix == tokens:
            state.bias[..., :tokens] = 0 if emb_mask is None else emb_mask[:, None, None].to(state.bias.dtype).log()
        else:
            state.bias[..., 0] = math.log(tokens) if emb_mask is None else emb_mask.sum(1)[:, None, None].log()
        for cache in state.layers:
            if isinstance(cache, FullCache):
                cache.valid = emb_mask

    def step(self, code: Tensor, position: Tensor, length: int, state: DecodingState) -> Tensor:
        """Take in code number `position` (tensor [1], on the device) and return the logits [B', V] of the next.

        `length` >= prefix + position + 1 is how many cache slots full layers look at; a fixed one lets a CUDA graph
        replay the step. code [B'] -> logits [B', V] float32.
        """
        slot, row = position + state.prefix, position + self.settings.cls_token_num
        state.bias.index_fill_(3, slot, 0.0)
        rope_full, rope_lightning = self.rope_full[row], self.rope_lightning[row]  # [1, d / 2, 2]
        x = self.tok_embeddings(code)[:, None]
        for number, layer in enumerate(self.layers):
            memory = state.layers[number]
            if layer.is_full:
                x = layer(x, lambda a, y, m=memory: a.step(y, rope_full, slot, length, state.bias, m))
            else:
                x = layer(x, lambda a, y, m=memory: a.step(y, rope_lightning, m))
        return self.output(self.norm(x[:, 0])).float()


def with_weights_in(model: GPT, dtype: torch.dtype) -> GPT:
    """The same model with its weights in bfloat16 or float16; tables of positions and decays stay in float32."""
    for parameter in model.parameters():
        parameter.data = parameter.data.to(dtype)
    return model


def causal_mask(emb_mask: Tensor, length: int) -> Tensor:
    """[B, 1, L, L] bool: causal, padded condition columns closed, the diagonal always open."""
    mask = torch.ones(length, length, dtype=torch.bool, device=emb_mask.device).tril()
    open_columns = F.pad(emb_mask.bool(), (0, length - emb_mask.shape[1]), value=True)
    diagonal = torch.eye(length, dtype=torch.bool, device=emb_mask.device)
    return (mask & open_columns[:, None] | diagonal)[:, None]
