"""One image: from noise to latents, with the condition held beside it (SeeThrough3D spec 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from . import latents as lat
from .acceleration import Start, eager
from .transformer import Binding, Modulation, SeeThroughTransformer


@dataclass(frozen=True)
class Prompt:
    """What the text encoders gave for the whole prompt."""

    embeds: Tensor  # (1, T, C) of T5
    pooled: Tensor  # (1, P) of CLIP


@dataclass(frozen=True)
class Sampling:
    height: int  # pixels, divisible by 16
    width: int
    steps: int = 25
    guidance: float = 3.5

    def __post_init__(self) -> None:
        if self.height % 16 or self.width % 16:
            raise ValueError(f"the picture is {self.width} x {self.height}, both must be divisible by 16")

    @property
    def latent_size(self) -> tuple[int, int]:
        return self.height // 8, self.width // 8

    @property
    def tokens(self) -> int:
        return (self.height // 16) * (self.width // 16)


OnStep = Callable[[int, Tensor], None]  # (step, packed latents after it); may raise in order to stop


def sample(
    model: SeeThroughTransformer,
    prompt: Prompt,
    condition: Tensor,
    binding: Binding | None,
    noise: Tensor,
    sampling: Sampling,
    on_step: OnStep | None = None,
    start: Start = eager,
    modulations: list[Modulation] | None = None,
) -> Tensor:
    """noise (1, C, h, w) and condition latents (1, C, 64, 64) -> image latents (1, C, h, w), on the model's device.

    `modulations`: what `all_modulations` gives, where it is known already.
    """
    dtype = noise.dtype
    flow = lat.FlowSchedule()
    sigmas = flow.sigmas(sampling.steps, sampling.tokens)
    guidance = _guidance(model, sampling.guidance, dtype, noise.device)
    h, w = sampling.latent_size
    texts = prompt.embeds.shape[1]
    ids = torch.cat(
        (
            torch.zeros(texts, 3, dtype=dtype),
            lat.image_ids(h, w, dtype),
            lat.condition_ids(h, w, dtype, (condition.shape[-2], condition.shape[-1])),
        )
    )
    at_rest, *of_steps = modulations or all_modulations(model, prompt, sampling)
    words, boxes = (prompt.embeds, prompt.pooled), lat.pack(condition)
    prepared = model.prepare(words[0], boxes, words[1], guidance, ids.to(noise.device), binding, at_rest)
    velocity = start(model, prepared, of_steps)
    tokens = lat.integrate(velocity, lat.pack(noise), sigmas, on_step)
    return lat.unpack(tokens, h, w)


def all_modulations(model: SeeThroughTransformer, prompt: Prompt, sampling: Sampling) -> list[Modulation]:
    """That of the condition, which stands at time 0, and those of the steps. No noise, seed or box is in them."""
    sigmas = lat.FlowSchedule().sigmas(sampling.steps, sampling.tokens)
    guidance = _guidance(model, sampling.guidance, prompt.embeds.dtype, prompt.embeds.device)
    return time_modulations(model, torch.cat((sigmas[-1:], sigmas[:-1])), guidance, prompt.pooled)


def time_modulations(
    model: SeeThroughTransformer, sigmas: Tensor, guidance: Tensor | None, pooled: Tensor
) -> list[Modulation]:
    """Modulation vectors of these times, in one pass over the modulation weights: they depend on no pixel."""
    times = lat.time_seen_by_model(sigmas.to(pooled.device), pooled.dtype)
    steps = len(sigmas)
    every = None if guidance is None else guidance.expand(steps)
    together = model.modulate(model.time_text_embed(times, every, pooled.expand(steps, -1)))
    return [
        Modulation(
            double=[(image[k, None], text[k, None]) for image, text in together.double],
            single=[vectors[k, None] for vectors in together.single],
            out=together.out[k, None],
        )
        for k in range(steps)
    ]


def _guidance(model: SeeThroughTransformer, strength: float, dtype: torch.dtype, device: torch.device) -> Tensor | None:
    if not model.config.guidance_embeds:
        return None
    return lat.seen_by_model(torch.tensor([strength], device=device), dtype)
