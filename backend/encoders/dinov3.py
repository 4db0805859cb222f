"""DINOv3 image features as the TRELLIS.2 family takes them (trellis2_core spec 13, pixal3d spec 4).

The network is that of `transformers`; here are the published key names, the preparation of the image, and the output:
all tokens of the last layer under a layer norm without weights, before the model's own final norm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from transformers import DINOv3ViTConfig, DINOv3ViTModel

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

VIT_L16 = {
    "patch_size": 16,
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "num_register_tokens": 4,
    "rope_theta": 100.0,
    "layer_norm_eps": 1e-5,
    "key_bias": False,
}


@dataclass(frozen=True)
class ImageTokens:
    """Features of a batch of images."""

    tokens: Tensor  # (B, 1 + registers + h w, D): class, registers, patches row by row
    globals: int  # how many tokens come before the patches

    @property
    def global_tokens(self) -> Tensor:
        """(B, 1 + registers, D)"""
        return self.tokens[:, : self.globals]

    def patch_map(self, rows: int, columns: int) -> Tensor:
        """(B, D, rows, columns)"""
        return self.tokens[:, self.globals :].transpose(1, 2).unflatten(2, (rows, columns))


class DinoV3(nn.Module):
    """Images (B, 3, H, W) in 0..1 -> `ImageTokens`. Loads the keys of the published file (`layer.N.…`)."""

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.model = DINOv3ViTModel(DINOv3ViTConfig(**{**VIT_L16, **(config or {})}))
        self.patch_size = int(self.model.config.patch_size)  # pyright: ignore
        self.globals = 1 + int(self.model.config.num_register_tokens)  # pyright: ignore
        self.register_load_state_dict_pre_hook(_published_keys)

    def forward(self, images: Tensor) -> ImageTokens:
        mean, std = (images.new_tensor(x).view(3, 1, 1) for x in (IMAGENET_MEAN, IMAGENET_STD))
        last: list[Tensor] = []
        # The state before the final norm is what enters that norm, in every version of transformers.
        hook = self.model.norm.register_forward_pre_hook(lambda module, args: last.append(args[0]))
        try:
            self.model((images - mean) / std)
        finally:
            hook.remove()
        return ImageTokens(F.layer_norm(last[0], last[0].shape[-1:]), self.globals)


def square_images(images: Sequence[Image.Image], side: int) -> Tensor:
    """Pictures resized to side x side with Lanczos -> (B, 3, side, side) in 0..1."""
    pixels = [np.asarray(i.resize((side, side), Image.Resampling.LANCZOS).convert("RGB")) for i in images]
    return torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255


def _published_keys(module: nn.Module, state_dict: dict[str, Tensor], prefix: str, *_: Any) -> None:
    """Published names to where this version of transformers keeps the weights."""
    for key in [k for k in state_dict if k.startswith(prefix)]:
        name = key.removeprefix(prefix)
        if not name.startswith("model."):
            place = "model.model." if name.startswith("layer.") else "model."
            state_dict[prefix + place + name] = state_dict.pop(key)
