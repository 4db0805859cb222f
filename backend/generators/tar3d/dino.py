"""DINO v1 ViT, the image encoder of TAR3D. Attribute names are the published keys of `facebook/dino-vitb16`.

Specification 6.1; defaults are the published size.
"""

import re
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

REPOSITORY = "facebook/dino-vitb16"
IMAGE_MEAN, IMAGE_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class DinoSettings:
    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    image_size: int = 224
    patch_size: int = 16
    layer_norm_eps: float = 1e-12
    qkv_bias: bool = True


class PatchEmbeddings(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.projection = nn.Conv2d(3, s.hidden_size, s.patch_size, stride=s.patch_size)


class Embeddings(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.grid = s.image_size // s.patch_size
        self.cls_token = nn.Parameter(torch.zeros(1, 1, s.hidden_size))
        self.position_embeddings = nn.Parameter(torch.zeros(1, 1 + self.grid**2, s.hidden_size))
        self.patch_embeddings = PatchEmbeddings(s)

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embeddings.projection(pixels)  # [B, C, h, w]
        tokens = patches.flatten(2).transpose(1, 2)
        cls = self.cls_token.expand(len(tokens), -1, -1)
        return torch.cat([cls, tokens], dim=1) + self.positions(patches.shape[2], patches.shape[3])

    def positions(self, rows: int, columns: int) -> Tensor:
        """The table, resized bicubically where the picture is not of the trained size."""
        if rows == columns == self.grid:
            return self.position_embeddings
        cls, patches = self.position_embeddings[:, :1], self.position_embeddings[:, 1:]
        grid = patches.transpose(1, 2).unflatten(2, (self.grid, self.grid))
        scale = ((rows + 0.1) / self.grid, (columns + 0.1) / self.grid)
        grid = F.interpolate(grid, scale_factor=scale, mode="bicubic", align_corners=False)
        return torch.cat([cls, grid.flatten(2).transpose(1, 2)], dim=1)


class Dense(nn.Module):
    def __init__(self, width: int, out: int):
        super().__init__()
        self.dense = nn.Linear(width, out)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x)


class QKV(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.heads = s.num_attention_heads
        self.query, self.key, self.value = (nn.Linear(s.hidden_size, s.hidden_size, bias=s.qkv_bias) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (f(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for f in (self.query, self.key, self.value))
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2)


class Attention(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.attention, self.output = QKV(s), Dense(s.hidden_size, s.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.attention(x))


class Layer(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.attention = Attention(s)
        self.intermediate = Dense(s.hidden_size, s.intermediate_size)
        self.output = Dense(s.intermediate_size, s.hidden_size)
        self.layernorm_before = nn.LayerNorm(s.hidden_size, s.layer_norm_eps)
        self.layernorm_after = nn.LayerNorm(s.hidden_size, s.layer_norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.layernorm_before(x))
        return x + self.output(F.gelu(self.intermediate(self.layernorm_after(x))))


class Encoder(nn.Module):
    def __init__(self, s: DinoSettings):
        super().__init__()
        self.layer = nn.ModuleList(Layer(s) for _ in range(s.num_hidden_layers))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layer:
            x = layer(x)
        return x


class Dino(nn.Module):
    """Normalised pixels [B, 3, H, W] -> tokens [B, 1 + patches, width], class token first, after the final norm."""

    def __init__(self, settings: DinoSettings = DinoSettings()):
        super().__init__()
        self.embeddings = Embeddings(settings)
        self.encoder = Encoder(settings)
        self.layernorm = nn.LayerNorm(settings.hidden_size, settings.layer_norm_eps)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.layernorm(self.encoder(self.embeddings(pixels)))


_RENAMED = (  # newer transformers names -> published names
    (r"^(?:encoder\.)?layers\.(\d+)\.", r"encoder.layer.\1."),
    (r"\.attention\.([qkv])_proj\.", lambda m: f".attention.attention.{_QKV[m[1]]}."),
    (r"\.attention\.o_proj\.", ".attention.output.dense."),
    (r"\.mlp\.fc1\.", ".intermediate.dense."),
    (r"\.mlp\.fc2\.", ".output.dense."),
)
_QKV = {"q": "query", "k": "key", "v": "value"}


def published_keys(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same weights under the published names, without a pooler; accepts both generations of names."""
    renamed = {}
    for key, value in weights.items():
        for pattern, name in _RENAMED:
            key = re.sub(pattern, name, key)
        if not key.startswith("pooler."):
            renamed[key] = value
    return renamed


def preprocess(image: Tensor, size: int = 224) -> Tensor:
    """Picture [H, W, 3 or 4] uint8 -> normalised pixels [3, size, size].

    Transparent pixels turn white; a picture that is not square is padded with white to a square first.
    """
    image = image.float() / 255
    if image.shape[-1] == 4:
        alpha = image[..., 3:]
        image = image[..., :3] * alpha + (1 - alpha)
    height, width = image.shape[:2]
    side = max(height, width)
    left, top = (side - width) // 2, (side - height) // 2
    chw = F.pad(image.permute(2, 0, 1), (left, side - width - left, top, side - height - top), value=1.0)
    chw = F.interpolate(chw[None], (size, size), mode="bicubic", align_corners=False, antialias=True)[0].clamp(0, 1)
    return (chw - torch.tensor(IMAGE_MEAN)[:, None, None]) / torch.tensor(IMAGE_STD)[:, None, None]
