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
    """Images (B, 3, H, W) in 0..1 -> `ImageTokens`. Attribute names are the keys of the published file."""

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        super().__init__()
        settings = DINOv3ViTConfig(**{**VIT_L16, **(config or {})})
        vit = DINOv3ViTModel(settings)
        self.embeddings, self.layer, self.norm = vit.embeddings, vit.model.layer, vit.norm
        self.patch_size: int = settings.patch_size  # pyright: ignore
        self.globals: int = 1 + settings.num_register_tokens
        self.head_dim: int = settings.hidden_size // settings.num_attention_heads
        self.theta: float = settings.rope_theta  # pyright: ignore

    def forward(self, images: Tensor) -> ImageTokens:
        mean, std = (images.new_tensor(x).view(3, 1, 1) for x in (IMAGENET_MEAN, IMAGENET_STD))
        rotation = self._rotation(images.shape[-2] // self.patch_size, images.shape[-1] // self.patch_size, images)
        h = self.embeddings((images - mean) / std)
        for layer in self.layer:
            h = layer(h, position_embeddings=rotation)
        return ImageTokens(F.layer_norm(h, h.shape[-1:]), self.globals)  # not the model's own norm

    def _rotation(self, rows: int, columns: int, like: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and sine (rows * columns, head_dim) of the patch centres, each axis from -1 to 1."""
        centres = [2 * (torch.arange(n, device=like.device) + 0.5) / n - 1 for n in (rows, columns)]
        grid = torch.stack(torch.meshgrid(*centres, indexing="ij"), dim=-1).flatten(0, 1)  # (P, 2)
        exponent = torch.arange(self.head_dim // 4, device=like.device) * 4 / self.head_dim
        angles = (2 * torch.pi * grid[:, :, None] / self.theta**exponent).flatten(1).tile(2)
        return angles.cos().to(like), angles.sin().to(like)


def square_images(images: Sequence[Image.Image], side: int) -> Tensor:
    """Pictures resized to side x side with Lanczos -> (B, 3, side, side) in 0..1."""
    pixels = [np.asarray(i.resize((side, side), Image.Resampling.LANCZOS).convert("RGB")) for i in images]
    return torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255
