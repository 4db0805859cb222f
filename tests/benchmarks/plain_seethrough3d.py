"""A plain twin of the published algorithm, for timing beside ours: the same numbers by the same weights.

What the reference does in each step and layer is done here as well (SeeThrough3D spec 16): a dense fp32 mask of the
whole sequence made anew in every layer, LoRA on all rows times a mask of ones, modulation inside the blocks, three
separate projections, everything eager. One condition block, one picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from backend.generators.seethrough3d.transformer import SeeThroughTransformer
from backend.nn.rope import apply_rotary


@dataclass(frozen=True)
class PlainInputs:
    text: Tensor  # (1, T, C) of T5
    condition: Tensor  # (1, K, in)
    pooled: Tensor  # (1, P)
    guidance: Tensor | None  # (1,)
    rotary: Tensor  # (T + I + K, d/2, 2)
    columns: Sequence[Tensor]  # per subject: its text columns
    rows: Sequence[Tensor]  # per subject: the condition tokens of its mask


@torch.no_grad()
def velocity(model: SeeThroughTransformer, image: Tensor, time: Tensor, given: PlainInputs) -> Tensor:
    """image (1, I, in), time (1,) times 1000 -> (1, I, in)."""
    text, image, condition = (
        model.context_embedder(given.text),
        model.x_embedder(image),
        model.x_embedder(given.condition),
    )
    now = F.silu(model.time_text_embed(time, given.guidance, given.pooled))
    rest = F.silu(model.time_text_embed(torch.zeros_like(time), given.guidance, given.pooled))
    for block in model.transformer_blocks:
        text, image, condition = _double(block, text, image, condition, now, rest, given)
    joint = torch.cat((text, image), dim=1)
    for block in model.single_transformer_blocks:
        joint, condition = _single(block, joint, condition, now, rest, given)
    scale, shift = model.norm_out(now)[:, None].chunk(2, dim=-1)
    return model.proj_out(modulated(joint[:, text.shape[1] :], shift, scale))


def _double(block, text, image, condition, now, rest, given: PlainInputs):
    texts, images = text.shape[1], image.shape[1]
    mi, mt, mk = (m[:, None].chunk(6, dim=-1) for m in (block.norm1(now), block.norm1_context(now), block.norm1(rest)))
    rows = torch.cat((modulated(image, mi[0], mi[1]), modulated(condition, mk[0], mk[1])), dim=1)
    words = modulated(text, mt[0], mt[1])
    attn = block.attn
    q, k, v = (_with_lora(attn, name, linear(rows), rows, images) for name, linear in _named(attn))
    q, k, v = attn._heads(q), attn._heads(k), attn._heads(v)
    tq, tk, tv = (attn._heads(to(words)) for to in (attn.add_q_proj, attn.add_k_proj, attn.add_v_proj))
    q = torch.cat((attn.norm_added_q(tq), attn.norm_q(q)), dim=1)
    k = torch.cat((attn.norm_added_k(tk), attn.norm_k(k)), dim=1)
    out = _attended(q, k, torch.cat((tv, v), dim=1), texts, images, given)
    own = attn.to_out[0](out[:, texts:])
    own = _with_lora(attn, "proj", own, own, images)
    text = text + mt[2] * attn.to_add_out(out[:, :texts])
    image, condition = image + mi[2] * own[:, :images], condition + mk[2] * own[:, images:]
    image = image + mi[5] * _mlp(block.ff, modulated(image, mi[3], mi[4]))
    condition = condition + mk[5] * _mlp(block.ff, modulated(condition, mk[3], mk[4]))
    return text + mt[5] * _mlp(block.ff_context, modulated(text, mt[3], mt[4])), image, condition


def _single(block, joint, condition, now, rest, given: PlainInputs):
    texts, rows_of_joint = given.text.shape[1], joint.shape[1]
    (shift, scale, gate), (shift_k, scale_k, gate_k) = (block.norm(c)[:, None].chunk(3, dim=-1) for c in (now, rest))
    rows = torch.cat((modulated(joint, shift, scale), modulated(condition, shift_k, scale_k)), dim=1)
    attn = block.attn
    q, k, v = (_with_lora(attn, name, linear(rows), rows, rows_of_joint) for name, linear in _named(attn))
    q, k, v = attn.norm_q(attn._heads(q)), attn.norm_k(attn._heads(k)), attn._heads(v)
    out = _attended(q, k, v, texts, rows_of_joint - texts, given)
    mlp = F.gelu(block.proj_mlp(rows), approximate="tanh")
    out = block.proj_out(torch.cat((out, mlp), dim=-1))
    return joint + gate * out[:, :rows_of_joint], condition + gate_k * out[:, rows_of_joint:]


def modulated(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    return F.layer_norm(x, (x.shape[-1],), eps=1e-6) * (1 + scale) + shift


def _mlp(ff, x: Tensor) -> Tensor:
    return ff.net[2](F.gelu(ff.net[0].proj(x), approximate="tanh"))


def _named(attn):
    return (("q", attn.to_q), ("k", attn.to_k), ("v", attn.to_v))


def _with_lora(attn, name: str, y: Tensor, x: Tensor, others: int) -> Tensor:
    """y + LoRA(x), whose first `others` rows are multiplied by zero before."""
    (lora,) = attn.processor.get_submodule(f"{name}_loras").children()
    keep = torch.ones(x.shape, dtype=x.dtype, device=x.device)
    keep[:, :others] = 0
    return y + lora(x * keep)


def _attended(q: Tensor, k: Tensor, v: Tensor, texts: int, images: int, given: PlainInputs) -> Tensor:
    q, k = apply_rotary(q, given.rotary), apply_rotary(k, given.rotary)
    mask = dense_mask(q.shape[1], texts, images, given).to(q.dtype)
    out = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), attn_mask=mask)
    return out.transpose(1, 2).flatten(2)


def dense_mask(rows: int, texts: int, images: int, given: PlainInputs) -> Tensor:
    """(1, 1, S, S) fp32, 0 where a row may look and -1e20 elsewhere."""
    closed = torch.ones(1, 1, rows, rows, device=given.text.device)
    start = texts + images
    closed[:, :, :start] = 0
    closed[:, :, start:, start:] = 0
    for columns, rows in zip(given.columns, given.rows, strict=True):
        closed[0, 0, (start + rows)[:, None], columns[None]] = 0
    return closed * -1e20
