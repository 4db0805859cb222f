"""The sparse-structure VAE: 64^3 occupancy to a 16^3 latent and back, in dense 3D convolutions (trellis2_core spec 8).

Attribute names are the keys of the published checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..nn.norms import ChannelLayerNorm32, GroupNorm32

NormType = Literal["layer", "group"]


@dataclass(frozen=True)
class StructureVaeConfig:
    """Settings of one half; the defaults are the published decoder."""

    channels: tuple[int, ...] = (512, 128, 32)  # from the input of that half to its output
    image_channels: int = 1
    latent_channels: int = 8
    num_res_blocks: int = 2
    num_res_blocks_middle: int = 2
    norm_type: NormType = "layer"  # reaches the output norm only

    @classmethod
    def from_published(cls, args: dict[str, Any]) -> StructureVaeConfig:
        """From the `args` of a published model JSON, of the encoder or of the decoder."""
        return cls(
            tuple(args["channels"]),
            args.get("in_channels", args.get("out_channels", 1)),
            args["latent_channels"],
            args["num_res_blocks"],
            args.get("num_res_blocks_middle", 2),
            args.get("norm_type", "layer"),
        )


STRUCTURE_DECODER = StructureVaeConfig()
STRUCTURE_ENCODER = StructureVaeConfig(channels=(32, 128, 512))


class ResBlock(nn.Module):
    """x + conv(silu(norm(conv(silu(norm(x))))))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = ChannelLayerNorm32(channels)
        self.norm2 = ChannelLayerNorm32(channels)
        self.conv1 = nn.Conv3d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv3d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        return x + self.conv2(F.silu(self.norm2(h)))


class Downsample(nn.Module):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(in_channels, out_channels, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Upsample(nn.Module):
    """Convolution to eight times the channels, which become the 2 x 2 x 2 cells."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(in_channels, 8 * out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return pixel_shuffle_3d(self.conv(x))


def pixel_shuffle_3d(x: Tensor) -> Tensor:
    """(B, 8 C, D, H, W) -> (B, C, 2 D, 2 H, 2 W); channel c*8 + 4i + 2j + k goes to the cell offset (i, j, k)."""
    b, c, d, h, w = x.shape
    x = x.view(b, c // 8, 2, 2, 2, d, h, w).permute(0, 1, 5, 2, 6, 3, 7, 4)
    return x.reshape(b, c // 8, 2 * d, 2 * h, 2 * w)


def _output_norm(norm_type: NormType, channels: int) -> nn.Module:
    return ChannelLayerNorm32(channels) if norm_type == "layer" else GroupNorm32(32, channels)


def _levels(config: StructureVaeConfig, change: type[nn.Module]) -> nn.ModuleList:
    """Residual blocks at every level with `change` between two levels."""
    blocks: list[nn.Module] = []
    for channels, following in zip(config.channels, (*config.channels[1:], None), strict=True):
        blocks += [ResBlock(channels) for _ in range(config.num_res_blocks)]
        if following is not None:
            blocks.append(change(channels, following))
    return nn.ModuleList(blocks)


class _Half(nn.Module):
    """What encoder and decoder share: convolutions of the torso may be fp16, the ends and the norms stay fp32."""

    middle_block: nn.Sequential
    blocks: nn.ModuleList

    def to_torso(self, dtype: torch.dtype) -> _Half:
        """The convolutions of the blocks in `dtype`, everything else in fp32."""
        inner = (*self.blocks.modules(), *self.middle_block.modules())
        torso = {id(p) for module in inner if isinstance(module, nn.Conv3d) for p in module.parameters()}
        for parameter in self.parameters():
            parameter.data = parameter.data.to(dtype if id(parameter) in torso else torch.float32)
        return self

    @property
    def torso_dtype(self) -> torch.dtype:
        return next(m for m in self.blocks.modules() if isinstance(m, nn.Conv3d)).weight.dtype


class StructureEncoder(_Half):
    """Occupancy (B, 1, R, R, R) of 0 and 1 -> mean and log variance of the latent (B, 8, R/4, R/4, R/4)."""

    def __init__(self, config: StructureVaeConfig = STRUCTURE_ENCODER) -> None:
        super().__init__()
        first, last = config.channels[0], config.channels[-1]
        self.input_layer = nn.Conv3d(config.image_channels, first, 3, padding=1)
        self.blocks = _levels(config, Downsample)
        self.middle_block = nn.Sequential(*(ResBlock(last) for _ in range(config.num_res_blocks_middle)))
        self.out_layer = nn.Sequential(
            _output_norm(config.norm_type, last),
            nn.SiLU(),
            nn.Conv3d(last, 2 * config.latent_channels, 3, padding=1),
        )

    def forward(self, occupancy: Tensor) -> tuple[Tensor, Tensor]:
        h = self.input_layer(occupancy).to(self.torso_dtype)
        for block in self.blocks:
            h = block(h)
        mean, logvar = self.out_layer(self.middle_block(h).to(occupancy.dtype)).chunk(2, dim=1)
        return mean, logvar


class StructureDecoder(_Half):
    """Latent (B, 8, 16, 16, 16) -> logits of occupancy (B, 1, 64, 64, 64)."""

    def __init__(self, config: StructureVaeConfig = STRUCTURE_DECODER) -> None:
        super().__init__()
        first, last = config.channels[0], config.channels[-1]
        self.input_layer = nn.Conv3d(config.latent_channels, first, 3, padding=1)
        self.middle_block = nn.Sequential(*(ResBlock(first) for _ in range(config.num_res_blocks_middle)))
        self.blocks = _levels(config, Upsample)
        self.out_layer = nn.Sequential(
            _output_norm(config.norm_type, last), nn.SiLU(), nn.Conv3d(last, config.image_channels, 3, padding=1)
        )

    def forward(self, z: Tensor) -> Tensor:
        h = self.middle_block(self.input_layer(z).to(self.torso_dtype))
        for block in self.blocks:
            h = block(h)
        return self.out_layer(h.to(z.dtype))


def occupied_cells(logits: Tensor, resolution: int | None = None) -> Tensor:
    """(B, 1, R, R, R) logits -> (N, 4) int32 rows (batch, x, y, z) of cells above zero, in lexicographic order.

    With a coarser `resolution` a cell counts when any of the cells inside it does.
    """
    occupied = logits > 0
    if resolution is not None and resolution != logits.shape[-1]:
        factor, rest = divmod(logits.shape[-1], resolution)
        if rest:
            raise ValueError(f"a grid of {logits.shape[-1]} cells cannot be pooled to {resolution}")
        occupied = F.max_pool3d(occupied.float(), factor) > 0
    return occupied[:, 0].nonzero().int()
