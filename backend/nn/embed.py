"""Embeddings of time and position (trellis2_core spec 6)."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def sinusoid(t: Tensor, dim: int, max_period: float = 10000.0) -> Tensor:
    """(B,) -> (B, dim) fp32: [cos(t w), sin(t w)] with w falling geometrically from 1 to 1/max_period."""
    half = dim // 2
    frequencies = torch.exp(-math.log(max_period) * torch.arange(half, dtype=torch.float32, device=t.device) / half)
    angles = t.float()[:, None] * frequencies
    return F.pad(torch.cat((angles.cos(), angles.sin()), dim=-1), (0, dim % 2))


class TimestepEmbedder(nn.Module):
    """Time (B,), already multiplied by 1000, -> (B, channels)."""

    def __init__(self, channels: int, frequency_channels: int = 256) -> None:
        super().__init__()
        self.frequency_channels = frequency_channels
        self.mlp = nn.Sequential(nn.Linear(frequency_channels, channels), nn.SiLU(), nn.Linear(channels, channels))

    def forward(self, t: Tensor) -> Tensor:
        return self.mlp(sinusoid(t, self.frequency_channels))


def absolute_positions(positions: Tensor, channels: int) -> Tensor:
    """(T, A) integer positions -> (T, channels) fp32: per axis [sin, cos], axes concatenated, zero-padded."""
    axes = positions.shape[-1]
    per_axis = channels // axes // 2
    exponent = torch.arange(per_axis, dtype=torch.float32, device=positions.device) / per_axis
    angles = positions.float()[..., None] / 10000.0**exponent  # (T, A, per_axis)
    table = torch.cat((angles.sin(), angles.cos()), dim=-1).flatten(-2)
    return F.pad(table, (0, channels - table.shape[-1]))
