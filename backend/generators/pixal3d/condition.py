"""What Pixal3D's flows look at: five global tokens, and features at the pixel of every token (pixal3d spec 4, 13).

Features are sampled for the tokens that exist, never for the dense grid; the image encoder runs once per image size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from ...encoders.dinov3 import DinoV3, ImageTokens
from ...encoders.naf import Naf, NafField
from ...nn.residency import Networks
from ...sparse.attention import Context
from ...sparse.cascade import Stage
from ...sparse.tensor import Grid
from .projection import ViewCameras, front_view, map_coordinates, project_cells, sample_map


@dataclass(frozen=True)
class StageFeatures:
    """How a stage sees the image."""

    image_side: int
    naf_side: int | None = None  # side of the up-sampled map, none if only patches are used


PUBLISHED_STAGES: dict[Stage, StageFeatures] = {
    "structure": StageFeatures(512),
    "shape_512": StageFeatures(512, 512),
    "shape_1024": StageFeatures(1024, 512),
    "texture_1024": StageFeatures(1024, 1024),
}


class Encoded(NamedTuple):
    """An image through the image encoder."""

    image: Tensor  # (B, 3, S, S) in 0..1, the guide of the up-sampling
    tokens: ImageTokens
    patches: Tensor  # (B, D, S / 16, S / 16)


def encode_image(dino: DinoV3, image: Tensor) -> Encoded:
    tokens = dino(image)
    return Encoded(image, tokens, tokens.patch_map(*(side // dino.patch_size for side in image.shape[-2:])))


def projected_features(encoded: Encoded, naf: NafField | None, grid: Grid, resolution: int, cameras: ViewCameras):
    """(N, D) features at the pixels of the tokens of `grid`, a lattice of `resolution` a side; (N, 2 D) with `naf`."""
    items, side = grid.coords[:, 0].long(), encoded.image.shape[-1]
    pixels, _ = project_cells(grid.positions, items, resolution, cameras, side)
    height, width = encoded.patches.shape[-2:]
    low = sample_map(encoded.patches, items, *map_coordinates(pixels, side, width, height))
    if naf is None:
        return low
    parts = []
    for item, own in enumerate(grid.segments.split(pixels)):
        parts.append(naf.sample(item, *map_coordinates(own, side, naf.side, naf.side)))
    return torch.cat((low, torch.cat(parts)), dim=1)


@dataclass
class PixelConditioner:
    """The conditioner of a single view. `image` gives the picture (B, 3, S, S) in 0..1 at a side S."""

    networks: Networks  # "image_encoder" is a DinoV3, "upsampler" a Naf
    image: Callable[[int], Tensor]
    cameras: ViewCameras
    stages: dict[Stage, StageFeatures] = field(default_factory=lambda: PUBLISHED_STAGES)
    _encoded: dict[int, Encoded] = field(default_factory=dict)

    def __call__(self, stage: Stage, grid: Grid, resolution: int) -> Context:
        settings = self.stages[stage]
        encoded = self._encode(settings.image_side)
        naf = None if settings.naf_side is None else self._upsampled(settings, encoded)
        cameras = self.cameras.to(grid.coords.device)
        projected = projected_features(encoded, naf, grid, resolution, cameras)
        return Context.of(encoded.tokens.global_tokens, projected)

    def _encode(self, side: int) -> Encoded:
        if side not in self._encoded:
            with self.networks.use("image_encoder") as dino:
                self._encoded = {side: encode_image(dino, self.image(side).to(self.networks.device))}
        return self._encoded[side]

    def _upsampled(self, settings: StageFeatures, encoded: Encoded) -> NafField:
        with self.networks.use("upsampler") as naf:
            return naf.field(encoded.image, encoded.patches, settings.naf_side)


class FusedViews(NamedTuple):
    tokens: Tensor  # (B, G, D)
    projected: Tensor  # (N, C), or (N, V, C) if views are kept apart


def fuse_views(
    dino: DinoV3, naf: Naf, images: Tensor, cameras: ViewCameras, grid: Grid, resolution: int, naf_side: int
) -> tuple[FusedViews, FusedViews]:
    """Several posed views (B, V, 3, S, S) in 0..1 of every item: their mean (as published), and all side by side.

    `cameras` are of B * V views; `scene_from_view` are their camera-to-world matrices, the first of each item the main
    view, to which all are brought.
    """
    items, views = images.shape[:2]
    relative = relative_views(cameras, views)
    tokens, projected = [], []
    for view in range(views):
        encoded = encode_image(dino, images[:, view])
        upsampled = naf.field(encoded.image, encoded.patches, naf_side)
        own = ViewCameras(*(x.unflatten(0, (items, views))[:, view] for x in _columns(relative)))
        projected.append(projected_features(encoded, upsampled, grid, resolution, own))
        tokens.append(encoded.tokens.global_tokens)
    mean = FusedViews(torch.stack(tokens).mean(0), torch.stack(projected).mean(0))
    return mean, FusedViews(torch.cat(tokens, dim=1), torch.stack(projected, dim=1))


def relative_views(cameras: ViewCameras, views: int) -> ViewCameras:
    """Camera matrices that see the main view as the canonical front view: F(d_0) C_0^-1 C_i."""
    assert cameras.scene_from_view is not None
    world = cameras.scene_from_view.unflatten(0, (-1, views))
    main = front_view(cameras.distance.unflatten(0, (-1, views))[:, 0])
    relative = main[:, None] @ torch.linalg.inv(world[:, :1]) @ world
    return ViewCameras(cameras.angle_x, cameras.distance, cameras.mesh_scale, relative.flatten(0, 1))


def _columns(cameras: ViewCameras) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    assert cameras.scene_from_view is not None
    return cameras.angle_x, cameras.distance, cameras.mesh_scale, cameras.scene_from_view
