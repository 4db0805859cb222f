"""Token-by-token decoding: guidance, filters, and the loop. Specification 10."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .gpt import GPT, DecodingState


@dataclass(frozen=True)
class SamplingSettings:
    """How codes are drawn. min-p 0.6 is the reference's; top-k and top-p are off unless asked for."""

    cfg_scale: float = 7.5
    cfg_interval: int = -1  # guidance stops after this decode step; -1: always on
    temperature: float = 1.0
    min_p: float = 0.6
    top_k: int = 0
    top_p: float = 1.0
    greedy: bool = False


def guide(cond: Tensor, uncond: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance on logits."""
    return uncond + scale * (cond - uncond)


def filter_min_p(logits: Tensor, min_p: float) -> Tensor:
    """Drop ids less likely than `min_p` times the likeliest; the likeliest always stays."""
    probs = logits.softmax(-1)
    top = probs.amax(-1, keepdim=True)
    return logits.masked_fill((probs < min_p * top) & (probs < top), -torch.inf)


def filter_top_k_top_p(logits: Tensor, top_k: int = 0, top_p: float = 1.0) -> Tensor:
    """Keep the k likeliest (0: all), then the smallest set whose probability passes `top_p`."""
    if top_k > 0:
        worst = logits.topk(min(top_k, logits.shape[-1])).values[..., -1:]
        logits = logits.masked_fill(logits < worst, -torch.inf)
    if top_p < 1.0:
        ordered, order = logits.sort(dim=-1, descending=True)
        cumulative = ordered.softmax(-1).cumsum(-1)
        late = torch.cat([torch.zeros_like(cumulative[..., :1], dtype=torch.bool), cumulative[..., :-1] > top_p], -1)
        logits = logits.masked_fill(torch.zeros_like(late).scatter(-1, order, late), -torch.inf)
    return logits


def probabilities(logits: Tensor, s: SamplingSettings) -> Tensor:
    """Guided logits [B, V] -> probabilities after temperature and filters."""
    logits = logits / max(s.temperature, 1e-5)
    logits = filter_min_p(filter_top_k_top_p(logits, s.top_k, s.top_p), s.min_p)
    return logits.softmax(-1)


def draw(logits: Tensor, s: SamplingSettings, generator: torch.Generator | None = None) -> Tensor:
    """Guided logits [B, V] -> ids [B, 1]."""
    probs = probabilities(logits, s)
    return probs.argmax(-1, keepdim=True) if s.greedy else torch.multinomial(probs, 1, generator=generator)


def mix(logits: Tensor, s: SamplingSettings, number: int) -> Tensor:
    """Guidance for code `number`; code 0 comes from the prefill, so decode step i gives code i + 1.

    With guidance the rows are conditional ones, then unconditional ones.
    """
    if s.cfg_scale <= 1.0:
        return logits
    cond, uncond = logits.chunk(2)
    if s.cfg_interval >= 0 and number - 1 > s.cfg_interval:
        return cond
    return guide(cond, uncond, s.cfg_scale)


def begin(
    model: GPT, cond: Tensor, s: SamplingSettings, emb_mask: Tensor | None, state: DecodingState | None = None
) -> tuple[Tensor, DecodingState]:
    """Take in the condition, doubled for guidance: (logits [B', V] of code 0, decoding state)."""
    if s.cfg_scale > 1.0:
        cond = torch.cat([cond, model.cls_embedding.uncond_embedding.to(cond).expand_as(cond)])
        emb_mask = None if emb_mask is None else emb_mask.repeat(2, 1)
    state = model.new_state(len(cond)) if state is None else state
    return model.start(cond, emb_mask, state), state


@torch.inference_mode()
def generate(
    model: GPT,
    cond: Tensor,
    s: SamplingSettings,
    emb_mask: Tensor | None = None,
    generator: torch.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
    observe: Callable[[Tensor], None] | None = None,
) -> Tensor:
    """Condition features [B, T_c, C] -> codes [B, N].

    `progress(done, total)` runs after every code and may raise to stop; `observe` sees each step's guided logits.
    """
    total = model.settings.block_size
    logits, state = begin(model, cond, s, emb_mask)
    codes = []
    for number in range(total):
        mixed = mix(logits, s, number)
        if observe is not None:
            observe(mixed)
        codes.append(draw(mixed, s, generator))
        if progress is not None:
            progress(number + 1, total)
        if number + 1 < total:
            code = codes[-1][:, 0].repeat(len(logits) // len(cond))
            position = torch.tensor([number], device=code.device)
            logits = model.step(code, position, state.prefix + number + 1, state)
    return torch.cat(codes, dim=1)
