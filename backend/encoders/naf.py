"""NAF: up-sampling of image features by attention from the pixels of the image to the features around them.

pixal3d spec 5. The up-sampled map is never built where only some of its pixels are needed: `NafField.sample` computes
those. Attribute names are the keys of the release checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..nn.neighborhood_attention import MapWindows, axis_windows, window_attention


@dataclass(frozen=True)
class NafConfig:
    """Settings; the defaults are those of the release."""

    dim: int = 256
    heads_attn: int = 4
    heads_rope: int = 4
    kernel_size: int = 9
    img_layers: int = 2
    rope_base: float = 100.0


class FewGroupsNorm(nn.GroupNorm):
    """Group norm whose mean and deviation are taken in two steps, rows first: one step over a few groups of a large map
    leaves most of a GPU idle."""

    def forward(self, input: Tensor) -> Tensor:
        rows = input.unflatten(1, (self.num_groups, -1)).flatten(2, 3)  # (B, G, C / G * H, W)
        variance, mean = torch.var_mean(rows, dim=3, correction=0)
        between, middle = torch.var_mean(mean, dim=2, correction=0)  # rows are of equal length
        scale = (variance.mean(2) + between + self.eps).rsqrt()
        scale, middle = (x.repeat_interleave(input.shape[1] // self.num_groups, dim=1) for x in (scale, middle))
        scale = scale * self.weight
        shift = self.bias - middle * scale
        return torch.addcmul(shift[:, :, None, None], input, scale[:, :, None, None])


class ConvBlock(nn.Module):
    """Two convolutions, norm and SiLU before each, no residual connection."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = FewGroupsNorm(8, channels), FewGroupsNorm(8, channels)
        self.conv1, self.conv2 = _conv(channels, channels, kernel), _conv(channels, channels, kernel)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(F.silu(self.norm1(x), inplace=not torch.is_grad_enabled()))
        return self.conv2(F.silu(self.norm2(x), inplace=not torch.is_grad_enabled()))


def _conv(channels: int, out_channels: int, kernel: int) -> nn.Conv2d:
    return nn.Conv2d(channels, out_channels, kernel, padding=kernel // 2, padding_mode="reflect")


class MapRope(nn.Module):
    """Rotary encoding of a map (B, C, H, W) by normalised rows and columns, per head, halves rotated."""

    periods: Tensor

    def __init__(self, head_dim: int, heads: int, base: float) -> None:
        super().__init__()
        self.heads = heads
        exponent = 2 * torch.arange(head_dim // 4) / (head_dim // 2)
        self.register_buffer("periods", base**exponent)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        rows, columns = ((2 * (torch.arange(n, device=x.device) + 0.5) / n - 1) for n in (height, width))
        angles = [2 * torch.pi * c[None] / self.periods[:, None] for c in (rows, columns)]  # (d/4, n)
        by_row, by_column = angles[0][:, :, None], angles[1][:, None]
        angle = torch.cat((by_row.expand(-1, -1, width), by_column.expand(-1, height, -1)))  # (d/2, H, W)
        cos, sin = angle.cos(), angle.sin()
        turned = torch.zeros_like(x)
        for head, out in zip(x.chunk(self.heads, 1), turned.chunk(self.heads, 1), strict=True):  # a map is large
            first, second = head.chunk(2, 1)
            out[:] = torch.cat((first * cos - second * sin, second * cos + first * sin), dim=1)
        return turned


class GuideEncoder(nn.Module):
    """The image (B, 3, H, W) in 0..1 -> queries (B, dim, T, T)."""

    def __init__(self, config: NafConfig) -> None:
        super().__init__()
        half = config.dim // 2
        self.encoder = self._branch(half, 1, config.img_layers)
        self.sem_encoder = self._branch(half, 3, config.img_layers)
        self.rope = MapRope(config.dim // config.heads_rope, config.heads_rope, config.rope_base)

    @staticmethod
    def _branch(channels: int, kernel: int, layers: int) -> nn.Sequential:
        return nn.Sequential(_conv(3, channels, kernel), *(ConvBlock(channels, kernel) for _ in range(layers)))

    def forward(self, image: Tensor, target: int) -> Tensor:
        height, width = image.shape[-2:]
        if max(height, width) > 4 * target:
            size = (min(height, 4 * target), min(width, 4 * target))
            image = F.interpolate(image, size=size, mode="bilinear", align_corners=False)
        branches = [F.adaptive_avg_pool2d(branch(image), target) for branch in (self.encoder, self.sem_encoder)]
        return self.rope(torch.cat(branches, dim=1))


@dataclass(frozen=True)
class NafField:
    """Up-sampled features that are computed where they are asked for."""

    queries: Tensor  # (B, T, T, H, d)
    keys: Tensor  # (B, h w, H, d)
    values: Tensor  # (B, h w, H, C / H)
    grid: tuple[int, int]  # h, w
    kernel: int

    @property
    def side(self) -> int:
        return self.queries.shape[1]

    @cached_property
    def windows(self) -> MapWindows:
        """In the low-resolution map: the nearest cell of every pixel that the dilated window touches."""
        cells = []
        for size in self.grid:
            window = axis_windows(self.side, self.kernel, self.side // size)
            cells.append(((window + 0.5) * size / self.side).long())
        return MapWindows.of(cells[0], cells[1], self.grid[1], self.queries.device)

    def pixels(self, item: int, rows: Tensor, columns: Tensor) -> Tensor:
        """Features (P, C) of an image at whole pixels."""
        window = self.windows.of_pixels(rows, columns)
        queries = self.queries[item, rows, columns]
        return window_attention(queries, window, self.windows.keys, self.keys[item], self.values[item]).flatten(1)

    def sample(self, item: int, x: Tensor, y: Tensor) -> Tensor:
        """Bilinear features (N, C) at continuous columns and rows, 0 the first pixel and `side` - 1 the last.

        Only pixels that are needed are computed, each once.
        """
        last = self.side - 1
        x0, y0 = (c.floor().long().clamp(0, last) for c in (x, y))
        x1, y1 = (x0 + 1).clamp(max=last), (y0 + 1).clamp(max=last)
        corners = torch.stack([row * self.side + column for row in (y0, y1) for column in (x0, x1)])
        needed, index = corners.unique(return_inverse=True)
        features = self.pixels(item, needed // self.side, needed % self.side)
        fx, fy = (x - x0)[:, None], (y - y0)[:, None]
        upper, lower = ((1 - fx) * features[index[i]] + fx * features[index[i + 1]] for i in (0, 2))
        return (1 - fy) * upper + fy * lower

    def map(self) -> Tensor:
        """The whole map (B, C, T, T)."""
        pixel = torch.arange(self.side**2, device=self.queries.device)
        rows, columns = pixel // self.side, pixel % self.side
        maps = [self.pixels(item, rows, columns) for item in range(len(self.queries))]
        return torch.stack(maps).transpose(1, 2).unflatten(2, (self.side, self.side))


class Naf(nn.Module):
    def __init__(self, config: NafConfig | None = None) -> None:
        super().__init__()
        self.config = config or NafConfig()
        self.image_encoder = GuideEncoder(self.config)

    def field(self, image: Tensor, features: Tensor, target: int) -> NafField:
        """Guide image (B, 3, H, W) in 0..1, features (B, C, h, w) -> a map of `target` pixels a side."""
        heads, (height, width) = self.config.heads_attn, features.shape[-2:]
        if target < max(height, width):
            raise ValueError(f"features of {height} x {width} cannot be up-sampled to {target} x {target}")
        queries = self.image_encoder(image, target)
        keys = F.adaptive_avg_pool2d(queries, (height, width))

        def per_head(x: Tensor) -> Tensor:
            return x.flatten(2).transpose(1, 2).unflatten(2, (heads, -1))  # (B, pixels, H, d)

        split = per_head(queries).unflatten(1, (target, target))
        return NafField(split, per_head(keys), per_head(features), (height, width), self.config.kernel_size)

    def forward(self, image: Tensor, features: Tensor, target: int) -> Tensor:
        """The whole up-sampled map (B, C, target, target)."""
        return self.field(image, features, target).map()
