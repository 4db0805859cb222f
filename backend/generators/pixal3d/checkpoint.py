"""Weights of Pixal3D and of the up-sampler that it looks through (pixal3d spec 5.3, 17.6)."""

from __future__ import annotations

import re
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ...encoders.naf import Naf, NafConfig
from ...protocol.errors import Unavailable

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


def load_naf(path: Path) -> Naf:
    """The release file: a plain state dict, read without running code. Its sizes follow from its shapes."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251 - only a .pth was published
    except (OSError, RuntimeError, ValueError) as error:
        raise Unavailable(f"{path} cannot be read: {error}", "Download the weights again.") from error
    width = 2 * state["image_encoder.encoder.0.weight"].shape[0]
    layers = {key.split(".")[2] for key in state if key.startswith("image_encoder.encoder.")}
    naf = Naf(NafConfig(dim=width, img_layers=len(layers) - 1))
    naf.load_state_dict(state, strict=True)
    return naf.eval().requires_grad_(False)
