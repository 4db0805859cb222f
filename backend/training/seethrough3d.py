"""One training step of SeeThrough3D's LoRA: the loss of spec 12.3. The run around it is recipes/seethrough3d.py."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from ..generators.seethrough3d import latents as lat
from ..generators.seethrough3d.transformer import Binding, SeeThroughTransformer


@dataclass(frozen=True)
class Batch:
    target: Tensor  # (B, C, h, w) scaled latents of the picture to be learned
    condition: Tensor  # (B, C, h', w') scaled latents of the condition picture
    embeds: Tensor  # (B, T, D) of T5
    pooled: Tensor  # (B, P) of CLIP
    binding: Binding | None


Weighting = Literal["none", "logit_normal", "mode", "sigma_sqrt", "cosmap"]


def time_density(weighting: Weighting, count: int, generator: torch.Generator) -> Tensor:
    """u (count,) in [0, 1): uniform, or drawn more densely where the scheme wants it (spec 12.3)."""
    if weighting == "logit_normal":
        return torch.randn(count, generator=generator).sigmoid()
    u = torch.rand(count, generator=generator)
    if weighting == "mode":
        u = 1 - u - 1.29 * (torch.cos(math.pi * u / 2) ** 2 - 1 + u)
    return u.clamp(0, 1 - 1e-6)


def loss_weight(weighting: Weighting, sigma: Tensor) -> Tensor:
    """Weight of a sample's loss at noise level sigma."""
    if weighting == "sigma_sqrt":
        return sigma**-2
    if weighting == "cosmap":
        return 2 / (math.pi * (1 - 2 * sigma + 2 * sigma**2))
    return torch.ones_like(sigma)


def flow_loss(
    model: SeeThroughTransformer,
    batch: Batch,
    noise: Tensor,
    u: Tensor,
    guidance: float = 1.0,
    weighting: Weighting = "none",
) -> Tensor:
    """Mean squared error of the velocity at times that u (B,) in [0, 1) picks from the unshifted table."""
    size = batch.target.shape[-2:]
    table = lat.FlowSchedule().training_sigmas().to(u.device)
    sigma = table[(u * len(table)).long()].to(batch.target.dtype)  # (B,)
    mixed = sigma.view(-1, 1, 1, 1)
    noisy = (1 - mixed) * batch.target + mixed * noise
    strength = lat.seen_by_model(sigma.new_full((len(sigma),), guidance), sigma.dtype)
    takes_guidance = model.config.guidance_embeds
    dtype = batch.target.dtype
    ids = torch.cat(
        (
            torch.zeros(batch.embeds.shape[1], 3, dtype=dtype),
            lat.image_ids(*size, dtype),
            lat.condition_ids(*size, dtype, (batch.condition.shape[-2], batch.condition.shape[-1])),
        )
    ).to(noisy.device)
    given = strength if takes_guidance else None
    prepared = model.prepare(batch.embeds, lat.pack(batch.condition), batch.pooled, given, ids, batch.binding)
    embedding = model.time_text_embed(lat.time_seen_by_model(sigma, dtype), given, batch.pooled)
    predicted = model(lat.pack(noisy), prepared, model.modulate(embedding))
    target = lat.pack(noise - batch.target)
    per_sample = (predicted.float() - target.float()).square().flatten(1).mean(dim=1)
    return (loss_weight(weighting, sigma.float()) * per_sample).mean()


def trainable(model: SeeThroughTransformer) -> dict[str, torch.nn.Parameter]:
    """The LoRA parameters by name; everything else is frozen."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("_loras." in name)
    return {name: p for name, p in model.named_parameters() if p.requires_grad}
