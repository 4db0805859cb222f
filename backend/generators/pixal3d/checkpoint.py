"""Weights of Pixal3D: what to do with those of other sources (pixal3d spec 17.6)."""

from __future__ import annotations

import re

import torch.nn.functional as F
from torch import Tensor

INNER = ("to_q", "to_kv", "to_out", "q_rms_norm", "k_rms_norm")


def adapt_for_finetuning(state: dict[str, Tensor], projected_channels: int) -> dict[str, Tensor]:
    """Keys and shapes of TRELLIS.2 or of a narrower Pixal3D -> those of a Pixal3D flow.

    Cross attention moves one level down; projections with fewer input columns get zeros, so that the new features begin
    without influence.
    """
    adapted = {}
    for key, value in state.items():
        renamed = re.sub(rf"\.cross_attn\.(?=({'|'.join(INNER)})\.)", ".cross_attn.cross_attn_block.", key)
        if renamed.endswith(".proj_linear.weight") and value.shape[1] < projected_channels:
            value = F.pad(value, (0, projected_channels - value.shape[1]))
        adapted[renamed] = value
    return adapted
