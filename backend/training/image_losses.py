"""Similarity of rendered pictures (trellis2_core spec 18.3, 18.7)."""

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW, SIGMA = 11, 1.5
C1, C2 = 1e-4, 9e-4


def psnr(a: Tensor, b: Tensor) -> Tensor:
    """Peak signal to noise of pictures in 0..1, dB."""
    return -10 * (a - b).square().mean().log10()


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Mean structural similarity of (B, C, H, W) pictures in 0..1: Gaussian windows, zeros outside the picture."""
    channels = a.shape[1]
    offset = torch.arange(WINDOW, dtype=a.dtype, device=a.device) - WINDOW // 2
    line = torch.exp(-offset.square() / (2 * SIGMA**2))
    line = line / line.sum()
    window = (line[:, None] * line).expand(channels, 1, WINDOW, WINDOW)

    def local(x: Tensor) -> Tensor:
        return F.conv2d(x, window, padding=WINDOW // 2, groups=channels)

    mean_a, mean_b = local(a), local(b)
    var_a, var_b = local(a * a) - mean_a**2, local(b * b) - mean_b**2
    covariance = local(a * b) - mean_a * mean_b
    numerator = (2 * mean_a * mean_b + C1) * (2 * covariance + C2)
    return (numerator / ((mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2))).mean()
