"""CLIP score: the cosine between the image embeddings of two pictures. Specification 13.2.

The image tower of open_clip's ViT-B-32 (`laion400m_e31`); attribute names are the checkpoint's keys under `visual.`.
The published evaluation builds it with the plain GELU, so the same is done here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from numpy import ndarray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from ..weights.load import BadCheckpoint, read_pickled

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class ClipSettings:
    image_size: int = 224
    patch: int = 32
    width: int = 768
    layers: int = 12
    heads: int = 12
    embed_dim: int = 512


class Block(nn.Module):
    def __init__(self, s: ClipSettings):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(s.width), nn.LayerNorm(s.width)
        self.attn = nn.MultiheadAttention(s.width, s.heads, batch_first=True)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(s.width, 4 * s.width), "c_proj": nn.Linear(4 * s.width, s.width)})

    def forward(self, x: Tensor) -> Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp["c_proj"](F.gelu(self.mlp["c_fc"](self.ln_2(x))))


class Transformer(nn.Module):
    def __init__(self, s: ClipSettings):
        super().__init__()
        self.resblocks = nn.ModuleList(Block(s) for _ in range(s.layers))


class ClipImage(nn.Module):
    """Normalised pixels [B, 3, S, S] -> embeddings [B, embed_dim]."""

    def __init__(self, settings: ClipSettings = ClipSettings()):
        super().__init__()
        s = self.settings = settings
        self.conv1 = nn.Conv2d(3, s.width, s.patch, stride=s.patch, bias=False)
        self.class_embedding = nn.Parameter(torch.zeros(s.width))
        self.positional_embedding = nn.Parameter(torch.zeros(1 + (s.image_size // s.patch) ** 2, s.width))
        self.ln_pre, self.ln_post = nn.LayerNorm(s.width), nn.LayerNorm(s.width)
        self.transformer = Transformer(s)
        self.proj = nn.Parameter(torch.zeros(s.width, s.embed_dim))

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.conv1(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(len(patches), 1, -1), patches], dim=1)
        x = self.ln_pre(x + self.positional_embedding)
        for block in self.transformer.resblocks:
            x = block(x)
        return self.ln_post(x[:, 0]) @ self.proj


def load_clip(path: Path, settings: ClipSettings = ClipSettings()) -> ClipImage:
    """From open_clip's .pt (either container) or .safetensors; the text tower is not needed. Raises BadCheckpoint."""
    content: dict[str, Any] = load_file(path) if path.suffix == ".safetensors" else read_pickled(path)
    content = content.get("state_dict", content)
    names = {key.removeprefix("module."): value for key, value in content.items()}
    weights = {key.removeprefix("visual."): value for key, value in names.items() if key.startswith("visual.")}
    model = ClipImage(settings)
    if weights.keys() != model.state_dict().keys():
        wrong = sorted(weights.keys() ^ model.state_dict().keys())
        raise BadCheckpoint(f"{path.name} differs from CLIP's image tower in {', '.join(wrong[:5])}")
    model.load_state_dict(weights)
    return model.eval().requires_grad_(False)


def pixels(pictures: ndarray, side: int) -> Tensor:
    """Square pictures (N,H,W,3) uint8 -> normalised pixels [N, 3, side, side]."""
    x = torch.from_numpy(pictures.copy()).movedim(-1, 1).float() / 255
    x = F.interpolate(x, (side, side), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
    return (x - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


def scores(model: ClipImage, true: ndarray, made: ndarray) -> list[float]:
    """100 times the cosine for every pair of pictures (N,H,W,3) uint8 (the paper prints the cosine itself)."""
    one, other = (model(pixels(p, model.settings.image_size)) for p in (true, made))
    return (100 * F.cosine_similarity(one, other)).tolist()
