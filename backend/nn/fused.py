"""What a transformer block does between its matrix products: plain everywhere, in inference on GPUs one kernel each.

Rows x (T, C), or (B, T, C) where the kernels take B = 1. Modulation is one row (1, C) for all of them, or two (2, C):
the second from row `split` on; of a batch (B, 1 or 2, C). Under torch.compile everything is plain: the compiler fuses
it with what stands beside it.
"""

from __future__ import annotations

from importlib.util import find_spec

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .rope import apply_rotary

HAS_TRITON = find_spec("triton") is not None
LARGEST = 448.0  # of float8 e4m3
SMALLEST = 1e-12  # of a row's largest value, so that rows of zeros have a scale


def kernels_run(x: Tensor) -> bool:
    """On a GPU, without gradients, outside the compiler."""
    return HAS_TRITON and x.is_cuda and not torch.is_grad_enabled() and not torch.compiler.is_compiling()


def _fused(x: Tensor, split: int | None, *rows: Tensor) -> bool:
    """One item, and as many rows of modulation as the kernels take."""
    single = x.numel() == x.shape[-2] * x.shape[-1] and x.is_contiguous()
    return kernels_run(x) and single and all(row.shape[-2] == (1 if split is None else 2) for row in rows)


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float, split: int | None = None) -> Tensor:
    """norm(x) * (1 + scale) + shift; the norm in fp32, the result in the type of x."""
    if _fused(x, split, shift, scale):
        from .fused_triton import norm_modulate as kernel

        return kernel(_rows(x), _rows(scale), _rows(shift), eps, split or x.shape[-2]).view_as(x)
    normed = F.layer_norm(x.float(), x.shape[-1:], eps=eps).to(x.dtype)
    return normed * (1 + _spread(scale, split, x)) + _spread(shift, split, x)


def norm_affine(x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
    """Layer norm, with weights if given, in fp32; the result in the type of x."""
    if _fused(x, None):
        from .fused_triton import norm_affine as kernel

        return kernel(_rows(x), weight, bias, eps).view_as(x)
    weight, bias = (None if part is None else part.float() for part in (weight, bias))
    return F.layer_norm(x.float(), x.shape[-1:], weight, bias, eps).to(x.dtype)


def norm_silu(x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
    """silu of `norm_affine`."""
    if _fused(x, None):
        from .fused_triton import norm_affine as kernel

        return kernel(_rows(x), weight, bias, eps, silu=True).view_as(x)
    return F.silu(norm_affine(x, weight, bias, eps))


def prepare_heads(x: Tensor, gamma: Tensor | None, table: Tensor | None, eps: float = 0.0) -> Tensor:
    """RMS norm by `gamma` (H, d) or (d,) and rotary encoding by `table` (T, d/2, 2) of heads (T, H, d), each if given.

    May work in place: x must not be used afterwards.
    """
    if gamma is None and table is None:
        return x
    single = x.ndim == 3 or len(x) == 1
    if kernels_run(x) and single and x.stride()[-2:] == (x.shape[-1], 1):
        from .fused_triton import prepare_heads_ as kernel

        return kernel(x if x.ndim == 3 else x[0], gamma, table, eps).view_as(x)
    if gamma is not None:
        x = (F.rms_norm(x.float(), x.shape[-1:], eps=max(eps, 1e-24)) * gamma.float()).to(x.dtype)
    return x if table is None else apply_rotary(x, table)


def add_gated(x: Tensor, gate: Tensor, y: Tensor, more: Tensor | None = None, split: int | None = None) -> Tensor:
    """x + gate * (y + more). May work in place: x must not be used afterwards."""
    if _fused(x, split, gate):
        from .fused_triton import add_gated_ as kernel

        others = None if more is None else _rows(more)
        return kernel(_rows(x), _rows(gate), _rows(y), others, split or x.shape[-2]).view_as(x)
    return x + _spread(gate, split, x) * (y if more is None else y + more)


def gelu_linear(x: Tensor, linear: nn.Linear) -> Tensor:
    """GELU (its tanh form) of a linear; on GPUs within the matrix product, where its weights are plain ones."""
    if _plain(linear) and kernels_run(x) and x.dtype != torch.float32:
        rows = torch.ops.aten._addmm_activation(linear.bias, _rows(x), linear.weight.t(), use_gelu=True)
        return rows.unflatten(0, x.shape[:-1])
    return F.gelu(linear(x), approximate="tanh")


def linear_into(out: Tensor, x: Tensor, linear: nn.Module | None) -> None:
    """out = linear(x) for contiguous rows, without a copy where the weights are plain ones."""
    assert linear is not None
    if isinstance(linear, nn.Linear) and _plain(linear):
        torch.addmm(linear.bias, _rows(x), linear.weight.t(), out=_rows(out))
    else:
        out.copy_(linear(x))


def quantise_rows(x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows (T, C) in float8 (e4m3) and their scales (T, 1) fp32, by which the largest of each row becomes 448."""
    if kernels_run(x) and x.is_contiguous():
        from .fused_triton import quantise_rows as kernel

        return kernel(x)
    scale = x.float().abs().amax(dim=-1, keepdim=True).clamp(min=SMALLEST) / LARGEST
    return (x.float() / scale).to(torch.float8_e4m3fn), scale


def _plain(linear: nn.Linear) -> bool:
    return type(linear) is nn.Linear and type(linear.weight) is nn.Parameter and linear.bias is not None


def _rows(x: Tensor) -> Tensor:
    return x.reshape(-1, x.shape[-1])


def _spread(vectors: Tensor, split: int | None, x: Tensor) -> Tensor:
    """Modulation (..., 1 or 2, C) as something that is broadcast over the rows of x."""
    if split is None:
        return vectors
    first, second = vectors[..., :1, :], vectors[..., 1:, :]
    more = (first.expand(*x.shape[:-2], split, -1), second.expand(*x.shape[:-2], x.shape[-2] - split, -1))
    return torch.cat(more, dim=-2)
