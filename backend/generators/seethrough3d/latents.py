"""Latents as tokens, their positions, and the schedule of times (SeeThrough3D spec 8.2 and 10).

The reference keeps ids and times in bfloat16 and thereby rounds them; `dtype=torch.bfloat16` reproduces that, and
fp32 is the default everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

CONDITION_PIXELS = 512  # side of the condition picture, whatever the size of the image


def pack(latents: Tensor) -> Tensor:
    """(B, C, H, W) -> (B, H/2 * W/2, 4C): a token is a 2x2 patch, channel index c*4 + dy*2 + dx."""
    b, c, h, w = latents.shape
    patches = latents.view(b, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return patches.reshape(b, (h // 2) * (w // 2), 4 * c)


def unpack(tokens: Tensor, height: int, width: int) -> Tensor:
    """(B, height/2 * width/2, 4C) -> (B, C, height, width), the sides of the latents."""
    b, _, c = tokens.shape
    patches = tokens.view(b, height // 2, width // 2, c // 4, 2, 2).permute(0, 3, 1, 4, 2, 5)
    return patches.reshape(b, c // 4, height, width)


def image_ids(height: int, width: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """(h/2 * w/2, 3) for latents of height x width: (0, row, column) of each token."""
    return _grid(torch.arange(height // 2), torch.arange(width // 2)).to(dtype)


def condition_ids(
    height: int, width: int, dtype: torch.dtype = torch.float32, condition: tuple[int, int] = (64, 64)
) -> Tensor:
    """Ids of the condition tokens, stretched over the grid of image latents of height x width.

    `condition` are the sides of the condition latents. In bfloat16 the stretched values are rounded.
    """
    rows, columns = (torch.arange(side // 2, dtype=dtype) for side in condition)
    stretch_h, stretch_w = height / condition[0], width / condition[1]
    return _grid(rows * stretch_h, columns * stretch_w)


def subject_ids(height: int, width: int) -> Tensor:
    """Ids of a subject picture beside the image: rows moved down by 64 (of EasyControl; unused here)."""
    ids = image_ids(height, width)
    ids[:, 1] += 64
    return ids


def _grid(rows: Tensor, columns: Tensor) -> Tensor:
    ids = rows.new_zeros(len(rows), len(columns), 3)
    ids[..., 1] = rows[:, None]
    ids[..., 2] = columns[None]
    return ids.flatten(0, 1)


def noise(height: int, width: int, channels: int, generator: torch.Generator, dtype: torch.dtype) -> Tensor:
    """(1, channels, height, width) drawn on the CPU in `dtype`: a bfloat16 draw is not a rounded fp32 one."""
    return torch.randn(1, channels, height, width, generator=generator, dtype=dtype)


@dataclass(frozen=True)
class FlowSchedule:
    """Times denser near the noise for larger pictures; names as in scheduler_config.json."""

    num_train_timesteps: int = 1000
    base_image_seq_len: int = 256
    max_image_seq_len: int = 4096
    base_shift: float = 0.5
    max_shift: float = 1.15

    def shift(self, tokens: int) -> float:
        """mu, linear in the number of image tokens."""
        slope = (self.max_shift - self.base_shift) / (self.max_image_seq_len - self.base_image_seq_len)
        return tokens * slope + self.base_shift - slope * self.base_image_seq_len

    def sigmas(self, steps: int, tokens: int) -> Tensor:
        """(steps + 1,) fp32 from 1 (noise) to 0 (image)."""
        linear = torch.linspace(1.0, 1 / steps, steps, dtype=torch.float64).float().double()
        shifted = math.exp(self.shift(tokens)) / (math.exp(self.shift(tokens)) + (1 / linear - 1))
        return torch.cat((shifted, shifted.new_zeros(1))).float()

    def training_sigmas(self) -> Tensor:
        """(1000,) fp32: 1, 0.999 ... 0.001, without any shift."""
        count = self.num_train_timesteps
        return torch.arange(count, 0, -1, dtype=torch.float32) / count


def seen_by_model(value: Tensor, dtype: torch.dtype) -> Tensor:
    """A time or guidance, already in thousandths of `value`, as it reaches the embedding in `dtype`.

    `value` is in 0..1 (times) or the guidance itself; the result is about 1000 times that. In bfloat16 each of the
    reference's conversions rounds (spec 10.6).
    """
    return value.to(dtype) * 1000


def time_seen_by_model(sigma: Tensor, dtype: torch.dtype) -> Tensor:
    """1000 sigma, rounded as the reference rounds it: 1000 sigma -> dtype -> / 1000 -> * 1000."""
    return (sigma * 1000).to(dtype) / 1000 * 1000


def integrate(
    velocity: Callable[[Tensor, int], Tensor],
    x: Tensor,
    sigmas: Tensor,
    on_step: Callable[[int, Tensor], None] | None = None,
) -> Tensor:
    """Euler steps from noise to image: x <- x + (sigma[k+1] - sigma[k]) v(x, k), in fp32 on the sample.

    `on_step(k, x)` is told each new x, and may raise in order to stop.
    """
    for step, (sigma, following) in enumerate(pairwise(sigmas.tolist())):
        v = velocity(x, step)
        x = (x.float() + (following - sigma) * v.float()).to(x.dtype)
        if on_step:
            on_step(step, x)
    return x
