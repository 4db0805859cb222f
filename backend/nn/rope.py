"""Rotary position encoding of integer grid positions (trellis2_core spec 6)."""

import torch
import torch.nn.functional as F
from torch import Tensor

PUBLISHED_RANGE = (1.0, 10000.0)


def rotary_angles(positions: Tensor, head_dim: int, frequency_range: tuple[float, float] = PUBLISHED_RANGE) -> Tensor:
    """Angles of the head_dim/2 channel pairs for positions (T, A) on A axes -> (T, head_dim/2) fp32.

    Every axis gets floor(head_dim/2/A) frequencies r0 / r1^(i/F); what remains is not rotated.
    """
    axes = positions.shape[-1]
    per_axis = head_dim // 2 // axes
    exponent = torch.arange(per_axis, dtype=torch.float32, device=positions.device) / per_axis
    frequencies = frequency_range[0] / frequency_range[1] ** exponent
    angles = (positions.float()[..., None] * frequencies).flatten(-2)  # (T, A * per_axis)
    return F.pad(angles, (0, head_dim // 2 - axes * per_axis))


def rotary_table(positions: Tensor, head_dim: int, frequency_range: tuple[float, float] = PUBLISHED_RANGE) -> Tensor:
    """(T, head_dim/2, 2): cosine and sine of the angles."""
    angles = rotary_angles(positions, head_dim, frequency_range)
    return torch.stack((angles.cos(), angles.sin()), dim=-1)


def apply_rotary(x: Tensor, table: Tensor) -> Tensor:
    """Rotate the channel pairs (2j, 2j+1) of x (..., T, H, d) by the angles of a table (T, d/2, 2)."""
    pairs = x.float().unflatten(-1, (-1, 2))
    cos, sin = table[:, None].unbind(-1)  # (T, 1, d/2)
    even, odd = pairs.unbind(-1)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2).to(x.dtype)
