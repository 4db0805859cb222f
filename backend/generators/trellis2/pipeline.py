"""TRELLIS.2 as a generator: a picture of one thing to a textured asset (trellis2_core spec 13, 15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ...encoders.dinov3 import square_images
from ...encoders.foreground import crop_foreground
from ...nn.residency import Networks
from ...protocol.assets import BoxView, MaterialMaps, MeshData
from ...protocol.errors import InvalidScene, Unavailable
from ...sparse.attention import Context
from ...sparse.cascade import ROUTES, Cascade, CascadeSettings, Stage, decode
from ...sparse.tensor import Grid
from ...weights.catalogue import DINOV3, TRELLIS2_WEIGHTS, TRELLIS_STRUCTURE, WeightSet, weights_folder
from ..catalogue import TRELLIS2
from ..interface import Control, MaterialRequest, MeshRequest
from ..voxel_assets import STAGE_TEXTS, Shelf, VoxelAsset, request_key
from ..voxel_networks import PublishedPipeline, load_image_encoder, load_network, placed, require

NETWORKS = (
    "sparse_structure_flow_model",
    "sparse_structure_decoder",
    "shape_slat_flow_model_512",
    "shape_slat_flow_model_1024",
    "shape_slat_decoder",
    "tex_slat_flow_model_512",
    "tex_slat_flow_model_1024",
    "tex_slat_decoder",
)
IMAGE_SIDES: dict[Stage, int] = {
    "structure": 512,
    "shape_512": 512,
    "texture_512": 512,
    "shape_1024": 1024,
    "texture_1024": 1024,
}


@dataclass
class ImageConditioner:
    """All tokens of the picture, encoded once per size."""

    networks: Networks  # "image_encoder" is a DinoV3
    image: Callable[[int], Tensor]
    sides: dict[Stage, int] = field(default_factory=lambda: IMAGE_SIDES)
    _encoded: dict[int, Context] = field(default_factory=dict)

    def __call__(self, stage: Stage, grid: Grid, resolution: int) -> Context:
        side = self.sides[stage]
        if side not in self._encoded:
            with self.networks.use("image_encoder") as dino:
                tokens = dino(self.image(side).to(self.networks.device)).tokens
            self._encoded[side] = Context.of(tokens.expand(grid.segments.count, -1, -1))
        return self._encoded[side]


class Trellis2:
    info = TRELLIS2

    def __init__(self, weights: Path | None = None, sides: dict[Stage, int] | None = None) -> None:
        """`sides` differ from the published ones for small networks."""
        self.root = weights or weights_folder()
        self._sides = sides or IMAGE_SIDES
        self._device = torch.device("cpu")
        self._networks: dict[str, nn.Module] = {}
        self._settings: CascadeSettings | None = None
        self._shelf = Shelf()

    def load(self, device: str, control: Control) -> None:
        """Reads all networks into main memory; they visit the device when they are used."""
        folder, _, dino = (require(part, self.root) for part in (TRELLIS2_WEIGHTS, TRELLIS_STRUCTURE, DINOV3))
        self._device = torch.device(device)
        torso = torch.bfloat16 if self._device.type == "cuda" else torch.float32
        published = PublishedPipeline.read(folder / "pipeline.json")
        for step, name in enumerate(NETWORKS):
            control.step(step, len(NETWORKS) + 1, f"Loading {name.replace('_', ' ')}")
            path = located(published.models[name], TRELLIS2_WEIGHTS, (TRELLIS_STRUCTURE,), self.root)
            self._networks[name] = load_network(path, torso, control.check)
        control.step(len(NETWORKS), len(NETWORKS) + 1, "Loading the image encoder")
        self._networks["image_encoder"] = load_image_encoder(dino)
        self._settings = published.settings

    def unload(self) -> None:
        self._networks.clear()
        self._shelf.clear()
        self._settings = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        asset = self._asset(request, control)
        control.step(0, 1, "Finishing the mesh")
        return asset.mesh(request.triangles), ()

    def material(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        asset = self._asset(request, control)
        control.step(0, 1, "Baking the maps")
        return asset.material(request.mesh, request.texture_size)

    def _asset(self, request: MeshRequest | MaterialRequest, control: Control) -> VoxelAsset:
        """Kept since the mesh stage, or made again: the same seed gives the same asset."""
        if request.view is None:
            raise Unavailable("TRELLIS.2 needs a picture of the box", "Give the box a picture, or let one be made.")
        picture = framed(request.view)
        return self._shelf.get(
            request_key(request), lambda: self._generate(picture, request.seed, dict(request.options), control)
        )

    @torch.no_grad()
    def _generate(self, picture: Image.Image, seed: int, options: dict, control: Control) -> VoxelAsset:
        if self._settings is None:
            raise Unavailable("TRELLIS.2 is not loaded", "Call load first.")
        networks = placed(self._networks, self._device, options["memory"] == "resident")
        condition = ImageConditioner(networks, lambda side: square_images([picture], side), self._sides)

        def on_step(stage: Stage, step: int, of: int) -> None:
            control.step(step + 1, of, STAGE_TEXTS[stage])

        random = torch.Generator().manual_seed(seed)
        latents = Cascade(networks, condition, self._settings, random, on_step).run(ROUTES[str(options["resolution"])])
        control.step(0, 1, "Decoding")
        return VoxelAsset.of(decode(networks, latents)[0], np.eye(4))  # Z up and front -Y, as ours


def framed(view: BoxView) -> Image.Image:
    """The thing in the middle of a square on black. A picture without transparency is taken as it is."""
    try:
        return crop_foreground(Image.fromarray(view.image), lambda image: Image.new("L", image.size, 255))
    except ValueError as error:
        remedy = "Move the box or the camera so that the box is seen."
        raise InvalidScene("view", view.box, str(error), remedy, view.box) from error


def located(value: str, own: WeightSet, others: tuple[WeightSet, ...], root: Path) -> Path:
    """Where a network of pipeline.json lies: in the pipeline's own folder, or in that of the repository it names."""
    for part in others:
        if value.startswith(part.repository + "/"):
            return part.folder(root) / value.removeprefix(part.repository + "/")
    return own.folder(root) / value
