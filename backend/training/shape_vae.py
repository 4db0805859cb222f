"""The losses that the shape VAE learns from, apart from those on rendered pictures (trellis2_core spec 18.3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from ..sparse.dual_grid import Surface, dual_grid_to_training_mesh
from ..sparse.tensor import SparseTensor
from ..sparse.vae import ShapeDecoder, SparseEncoder, shape_channels
from .losses import kl_loss

FLAG_WEIGHT, VERTEX_WEIGHT, SUBDIVISION_WEIGHT, KL_WEIGHT = 0.1, 0.01, 0.1, 1e-6


@dataclass(frozen=True)
class ShapeVaeLosses:
    crossed: Tensor  # cross-entropy of the edge flags
    vertex: Tensor  # mean square, voxel units
    subdivisions: list[Tensor]  # cross-entropy of the children, coarse to fine
    kl: Tensor

    @property
    def total(self) -> Tensor:
        subdivision = SUBDIVISION_WEIGHT * sum(self.subdivisions)
        return FLAG_WEIGHT * self.crossed + VERTEX_WEIGHT * self.vertex + KL_WEIGHT * self.kl + subdivision


@dataclass(frozen=True)
class ShapeVaeStep:
    losses: ShapeVaeLosses
    child_masks: list[Tensor]  # (N, 8) bool per level, coarse to fine: the truth
    surfaces: list[Surface]  # of the prediction with true flags, differentiable, for losses on renders


def shape_vae_step(
    encoder: SparseEncoder,
    decoder: ShapeDecoder,
    voxels: SparseTensor,
    crossed: Tensor,
    resolution: int,
    noise: Tensor | None = None,
) -> ShapeVaeStep:
    """One forward pass. `voxels.feats` are dual vertices (N, 3) in 0..1, `crossed` (N, 3) the flags.

    The decoder follows the true structure. `noise` samples the posterior, which is its mean without.
    """
    mean, logvar = encoder(voxels.replace(shape_channels(voxels.feats, crossed)))
    z = mean.feats if noise is None else mean.feats + noise * (0.5 * logvar.feats).exp()
    decoded, subdivisions = decoder(mean.replace(z))
    grid = decoder.dual_grid(decoded)
    masks, entropies = [], []
    for subdivision in subdivisions:
        assert subdivision.logits is not None  # the shape decoder predicts children at every level
        masks.append(subdivision.refinement.mask(len(subdivision.logits.feats)))
        entropies.append(F.binary_cross_entropy_with_logits(subdivision.logits.feats, masks[-1].float()))
    losses = ShapeVaeLosses(
        F.binary_cross_entropy_with_logits(grid.crossed_logits, crossed.float()),
        F.mse_loss(grid.vertices, voxels.feats),
        entropies,
        kl_loss(mean.feats, logvar.feats),
    )
    split = decoded.segments.split
    parts = zip(split(decoded.coords), split(grid.vertices), split(crossed), split(grid.split_weight), strict=True)
    surfaces = [dual_grid_to_training_mesh(c[:, 1:], v, f, w, resolution) for c, v, f, w in parts]
    return ShapeVaeStep(losses, masks, surfaces)
