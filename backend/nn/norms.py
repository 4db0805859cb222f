"""Normalisations that compute in fp32 whatever the type of their input (trellis2_core spec 6, 8)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LayerNorm32(nn.LayerNorm):
    """Layer norm over the last axis in fp32; the result has the type of the input."""

    def forward(self, input: Tensor) -> Tensor:
        weight = None if self.weight is None else self.weight.float()
        bias = None if self.bias is None else self.bias.float()
        return F.layer_norm(input.float(), self.normalized_shape, weight, bias, self.eps).to(input.dtype)


class ChannelLayerNorm32(LayerNorm32):
    """Layer norm over the channels of a (B, C, ...) map, at every position by itself."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)


class GroupNorm32(nn.GroupNorm):
    """Group norm in fp32; the result has the type of the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input.float(), self.num_groups, self.weight, self.bias, self.eps).to(input.dtype)


class MultiHeadRMSNorm(nn.Module):
    """x / |x| * sqrt(d) * gamma per head: (..., H, d) -> (..., H, d)."""

    def __init__(self, num_heads: int, head_dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_heads, head_dim))

    def forward(self, x: Tensor) -> Tensor:
        return (F.normalize(x.float(), dim=-1) * self.gamma.float() * self.gamma.shape[-1] ** 0.5).to(x.dtype)
