"""Resampling of sparse tensors by a factor of two (trellis2_core spec 5).

Going down takes the coarse grid (`Grid.coarsen`), going up a refinement (`Grid.finer`, or `Grid.refine` of a mask).
"""

from importlib.util import find_spec

import torch
from torch import Tensor

from .tensor import Grid, Refinement, SparseTensor

HAS_TRITON = find_spec("triton") is not None


def _children(coarse: Grid) -> Refinement:
    if coarse.finer is None:
        raise ValueError("this grid did not come from coarsening, so the children of its voxels are not known")
    return coarse.finer


def pool_mean(x: SparseTensor, coarse: Grid) -> SparseTensor:
    """Mean over the existing children of every coarse voxel."""
    parent = _children(coarse).parent
    total = x.feats.new_zeros(len(coarse), *x.feats.shape[1:]).index_add_(0, parent, x.feats)
    count = torch.bincount(parent, minlength=len(coarse)).to(total.dtype)
    return SparseTensor(total / count.view(-1, *[1] * (total.dim() - 1)), coarse)


def pool_max(x: SparseTensor, coarse: Grid) -> SparseTensor:
    """Maximum over the existing children of every coarse voxel."""
    parent = _children(coarse).parent.view(-1, *[1] * (x.feats.dim() - 1)).expand_as(x.feats)
    pooled = x.feats.new_zeros(len(coarse), *x.feats.shape[1:])
    return SparseTensor(pooled.scatter_reduce(0, parent, x.feats, "amax", include_self=False), coarse)


def space_to_channel(x: SparseTensor, coarse: Grid) -> SparseTensor:
    """(N, C) -> (N_coarse, 8 C): the features of the eight children side by side, zeros where there is none."""
    refinement = _children(coarse)
    channels = x.feats.shape[1]
    packed = x.feats.new_zeros(len(coarse) * 8, channels)
    packed = packed.index_copy(0, refinement.parent * 8 + refinement.slot, x.feats)
    return SparseTensor(packed.view(len(coarse), 8 * channels), coarse)


def channel_to_space(x: SparseTensor, refinement: Refinement) -> SparseTensor:
    """(N, 8 C) -> (N_fine, C): every child takes the block of its slot."""
    blocks = x.feats.reshape(len(x.feats) * 8, -1)
    return SparseTensor(blocks[refinement.parent * 8 + refinement.slot], refinement.fine)


def add_children(h: Tensor, x: SparseTensor, refinement: Refinement, repeats: int) -> Tensor:
    """h (N_fine, D) + `channel_to_space` of x with every channel `repeats` times. May work in place on h."""
    if HAS_TRITON and h.is_cuda and not torch.is_grad_enabled() and h.is_contiguous():
        from .resample_triton import add_children_

        return add_children_(h, x.feats, refinement.parent, refinement.slot, repeats)
    return h + channel_to_space(x, refinement).feats.repeat_interleave(repeats, dim=1)


def upsample_nearest(x: SparseTensor, refinement: Refinement) -> SparseTensor:
    """(N, C) -> (N_fine, C): every child copies its parent."""
    return SparseTensor(x.feats[refinement.parent], refinement.fine)


def child_mask(coarse: Grid) -> Tensor:
    """(N, 8) bool: which children a coarsened grid had; the truth that subdivision logits are trained on."""
    return _children(coarse).mask(len(coarse))
