"""Where Pixal3D puts the tokens of a voxel grid (pixal3d spec 8)."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ...sparse.cascade import CascadeSettings


def corner_anchored_cells(positions: Tensor, resolution: int, side: int) -> Tensor:
    """The token of each voxel when the first and the last token stand on the faces of the cube: (N, 3) int32.

    Rounds half to even. TRELLIS.2 takes the cell that holds the voxel instead.
    """
    return torch.round((positions.float() + 0.5) / resolution * (side - 1)).int()


def pixel_aligned(settings: CascadeSettings) -> CascadeSettings:
    """Settings of a cascade whose tokens are placed as Pixal3D's projection expects them."""
    return replace(settings, quantise=corner_anchored_cells)
