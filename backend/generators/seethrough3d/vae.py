"""Pictures to latents and back, through diffusers' AutoencoderKL (SeeThrough3D spec 10.2 and 11)."""

from __future__ import annotations

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from torch import Tensor


def encode(vae: AutoencoderKL, picture: Tensor, generator: torch.Generator) -> Tensor:
    """(1, 3, H, W) uint8 -> scaled latents (1, C, H/8, W/8): a sample of the posterior, drawn on the CPU."""
    pixels = (picture.to(vae.device).float() / 255 * 2 - 1).to(vae.dtype)
    (posterior,) = vae.encode(pixels, return_dict=False)
    mean = posterior.mean
    draw = torch.randn(mean.shape, generator=generator, dtype=mean.dtype).to(mean.device)
    return (mean + posterior.std * draw - vae.config["shift_factor"]) * vae.config["scaling_factor"]


def decode(vae: AutoencoderKL, latents: Tensor) -> Tensor:
    """Scaled latents (B, C, h, w) -> (B, 8h, 8w, 3) uint8."""
    (picture,) = vae.decode(latents / vae.config["scaling_factor"] + vae.config["shift_factor"], return_dict=False)
    return ((picture.float() / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8).movedim(1, -1)
