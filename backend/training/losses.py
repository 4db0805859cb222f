"""Losses of the recipes."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class OccupancyLoss:
    """Cross-entropy of occupancy logits, and what it is made of (TAR3D specification 11.1)."""

    total: Tensor
    far: Tensor  # points anywhere in the volume
    near: Tensor  # points near the surface
    accuracy: Tensor


def occupancy_loss(
    logits: Tensor, labels: Tensor, quantizer_loss: Tensor | float, near_weight: float = 0.1, code_weight: float = 0.1
) -> OccupancyLoss:
    """logits, labels [B, Q]; the first half of the points lies anywhere, the second half near the surface."""
    logits, labels = logits.float(), labels.float()
    half = logits.shape[1] // 2
    far = F.binary_cross_entropy_with_logits(logits[:, :half], labels[:, :half])
    near = F.binary_cross_entropy_with_logits(logits[:, half:], labels[:, half:])
    total = far + near_weight * near + code_weight * abs(quantizer_loss)
    accuracy = ((logits >= 0) == (labels > 0.5)).float().mean()
    return OccupancyLoss(total, far, near, accuracy)


def code_loss(logits: Tensor, codes: Tensor, valid: Tensor | None = None) -> Tensor:
    """Cross-entropy of codes [B, N] under logits [B, N, V]; `valid` [B] weighs samples (specification 11.3)."""
    loss = F.cross_entropy(logits.flatten(0, 1), codes.flatten(), reduction="none").view(codes.shape)
    if valid is None:
        return loss.mean()
    weight = valid.to(loss.dtype)[:, None].expand_as(loss)
    return (loss * weight).sum() / weight.sum().clamp(min=1)


def kl_loss(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Divergence from the unit normal, averaged over everything (the VAE phase)."""
    return 0.5 * torch.mean(mean.square() + log_variance.exp() - 1 - log_variance)
