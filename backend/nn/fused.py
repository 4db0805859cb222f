"""What a transformer block does between its matrix products: plain everywhere, in inference on GPUs one kernel each.

Rows (T, C); modulation is one row (1, C) per batch item, or already one per row (T, C).
"""

from __future__ import annotations

from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor

from .rope import apply_rotary

HAS_TRITON = find_spec("triton") is not None


def _fused(x: Tensor, *others: Tensor | None) -> bool:
    """On a GPU, without gradients, and with one modulation row for all."""
    ready = HAS_TRITON and x.is_cuda and not torch.is_grad_enabled() and x.is_contiguous()
    return ready and all(other is None or len(other) == 1 for other in others)


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    """norm(x) * (1 + scale) + shift; the norm in fp32, the result in the type of x."""
    if _fused(x, shift, scale):
        from .fused_triton import norm_modulate as kernel

        return kernel(x, scale, shift, eps)
    return F.layer_norm(x.float(), x.shape[-1:], eps=eps).to(x.dtype) * (1 + scale) + shift


def norm_affine(x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """Layer norm with weights, in fp32, the result in the type of x."""
    if _fused(x):
        from .fused_triton import norm_affine as kernel

        return kernel(x, weight, bias, eps)
    return F.layer_norm(x.float(), x.shape[-1:], weight.float(), bias.float(), eps).to(x.dtype)


def prepare_heads(x: Tensor, gamma: Tensor | None, table: Tensor | None) -> Tensor:
    """RMS norm by `gamma` (H, d) and rotary encoding by `table` (T, d/2, 2) of heads (T, H, d), each if given.

    May work in place: x must not be used afterwards.
    """
    if gamma is None and table is None:
        return x
    if HAS_TRITON and x.is_cuda and not torch.is_grad_enabled() and x.stride()[1:] == (x.shape[2], 1):
        from .fused_triton import prepare_heads_ as kernel

        return kernel(x, gamma, table)
    if gamma is not None:
        x = (F.normalize(x.float(), dim=-1) * gamma.float() * gamma.shape[-1] ** 0.5).to(x.dtype)
    return x if table is None else apply_rotary(x, table)


def add_gated(x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
    """x + gate * y. May work in place: x must not be used afterwards."""
    if _fused(x, gate):
        from .fused_triton import add_gated_ as kernel

        return kernel(x, gate, y)
    return x + gate * y
