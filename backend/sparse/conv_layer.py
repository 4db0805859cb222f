"""The convolution layer of the sparse networks: the plain form everywhere, Triton on NVIDIA GPUs."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from math import sqrt

import torch
from torch import Tensor, nn

from .conv import KernelPairs, submanifold_conv
from .implicit_gemm import ImplicitGemm
from .resample import channel_to_space
from .tensor import Refinement, SparseTensor

HAS_TRITON = find_spec("triton") is not None


def _fused(feats: Tensor) -> bool:
    return HAS_TRITON and feats.is_cuda


class SubmanifoldConv3d(nn.Module):
    """`weight` (C_out, k, k, k, C_in), kernel axes (x, y, z): a cross-correlation evaluated at the active voxels."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int = 3, dilation: tuple[int, int, int] = (1, 1, 1)
    ) -> None:
        super().__init__()
        self.dilation = dilation
        self.weight = nn.Parameter(torch.zeros(out_channels, kernel, kernel, kernel, in_channels))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        bound = 1 / sqrt(self.weight[0].numel())
        nn.init.uniform_(self.weight, -bound, bound)
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x: SparseTensor) -> SparseTensor:
        kernel = self.weight.shape[1]
        if _fused(x.feats):
            from .conv_triton import submanifold_conv as fused_conv

            plan = ImplicitGemm.of(x.grid, kernel, self.dilation)
            later = partial(KernelPairs.of, x.grid, kernel, self.dilation)
            return x.replace(fused_conv(x.feats, self.weight, self.bias, plan, later))
        pairs = KernelPairs.of(x.grid, kernel, self.dilation)
        return x.replace(submanifold_conv(x.feats, self.weight, self.bias, pairs))

    def to_children(self, x: SparseTensor, refinement: Refinement) -> SparseTensor:
        """The layer and `channel_to_space` after it: (N, C_in) -> (N_fine, C_out / 8).

        Fused, in inference, it computes the children that exist and nothing else: half of the work on surfaces.
        """
        if _fused(x.feats) and not torch.is_grad_enabled():
            from .conv_triton import conv_to_children

            plan = ImplicitGemm.of_children(x.grid, refinement)
            return SparseTensor(conv_to_children(x.feats, self.weight, self.bias, plan), refinement.fine)
        return channel_to_space(self(x), refinement)
