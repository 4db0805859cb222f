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
from ...mesh.frames import UNIT_EXTENT
from ...nn.residency import Networks
from ...protocol.assets import BoxView, MaterialMaps, MeshData
from ...protocol.errors import InvalidScene, Unavailable
from ...sparse.attention import Context
from ...sparse.cascade import Cascade, CascadeSettings, Stage, decode, encode_shape, paint
from ...sparse.dual_grid_encode import mesh_to_dual_grid
from ...sparse.tensor import Grid, SparseTensor
from ...weights.catalogue import DINOV3, TRELLIS2_WEIGHTS, TRELLIS_STRUCTURE, WeightSet, weights_folder
from ..catalogue import TRELLIS2
from ..interface import Control, MaterialRequest, MeshRequest
from ..voxel_assets import MAKER, STAGE_TEXTS, Shelf, VoxelAsset, baked, request_key, sampled
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
    "shape_slat_encoder",
)
SEQUENCE = (  # in which the cascade uses its networks
    "sparse_structure_flow_model",
    "image_encoder",
    "sparse_structure_decoder",
    "shape_slat_flow_model_512",
    "shape_slat_decoder",
    "image_encoder",
    "shape_slat_flow_model_1024",
    "tex_slat_flow_model_1024",
    "shape_slat_decoder",
    "tex_slat_decoder",
)
PAINTED_RESOLUTION = 1024
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

    def __init__(
        self, weights: Path | None = None, sides: dict[Stage, int] | None = None, painted: int = PAINTED_RESOLUTION
    ) -> None:
        """`sides` of the picture, and the voxels a side that a foreign mesh is painted in, are smaller in tests."""
        self.root = weights or weights_folder()
        self._sides, self._painted = sides or IMAGE_SIDES, painted
        self._device = torch.device("cpu")
        self._networks: dict[str, nn.Module] = {}
        self._placement: tuple[str, Networks] | None = None
        self._settings: CascadeSettings | None = None
        self._shelf = Shelf()

    def load(self, device: str, control: Control) -> None:
        """Reads all networks into main memory; they visit the device when they are used."""
        folder, _, dino = (require(part, self.root) for part in (TRELLIS2_WEIGHTS, TRELLIS_STRUCTURE, DINOV3))
        self._device = torch.device(device)
        half = self._device.type == "cuda"
        published = PublishedPipeline.read(folder / "pipeline.json")
        texturing = PublishedPipeline.read_models(folder / "texturing_pipeline.json")
        models = {**texturing, **published.models}
        for step, name in enumerate(NETWORKS):
            control.step(step, len(NETWORKS) + 1, f"Loading {name.replace('_', ' ')}")
            path = located(models[name], TRELLIS2_WEIGHTS, (TRELLIS_STRUCTURE,), self.root)
            self._networks[name] = load_network(path, half, control.check)
        control.step(len(NETWORKS), len(NETWORKS) + 1, "Loading the image encoder")
        self._networks["image_encoder"] = load_image_encoder(dino)
        self._settings = published.settings

    def unload(self) -> None:
        self._networks.clear()
        self._shelf.clear()
        self._settings = self._placement = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        asset = self._asset(request, control)
        control.step(0, 1, "Finishing the mesh")
        return asset.mesh(request.triangles, self.info.name), ()

    def material(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        if request.mesh.meta.get(MAKER) != self.info.name:
            return self._paint(request, control)
        asset = self._asset(request, control)
        control.step(0, 1, "Baking the maps")
        return asset.material(request.mesh, request.texture_size)

    def _asset(self, request: MeshRequest | MaterialRequest, control: Control) -> VoxelAsset:
        """Kept since the mesh stage, or made again: the same seed gives the same asset."""
        picture = framed(request.view)
        return self._shelf.get(
            request_key(request), lambda: self._generate(picture, request.seed, dict(request.options), control)
        )

    @torch.no_grad()
    def _paint(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        """The material of a mesh that came from elsewhere: its own voxels are encoded and painted (spec 16)."""
        picture, options, mesh = framed(request.view), dict(request.options), request.mesh
        stage: Stage = "texture_512" if options["resolution"] == "512" else "texture_1024"
        resolution = min(512, self._painted) if stage == "texture_512" else self._painted
        control.step(0, 1, "Reading the shape")
        matrix = unit_cube_matrix(mesh.vertices)
        vertices = mesh.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        grid = mesh_to_dual_grid(torch.from_numpy(vertices).float(), torch.from_numpy(mesh.faces), resolution)
        coords = torch.nn.functional.pad(grid.positions, (1, 0)).to(self._device)
        voxels = SparseTensor.of(grid.vertices_in_voxel(resolution).to(self._device), coords)
        cascade = self._cascade(picture, request.seed, options, control)
        shape = encode_shape(cascade.networks, voxels, grid.crossed.to(self._device))
        positions, attributes = paint(cascade.networks, cascade.texture(stage, shape, resolution))
        control.step(0, 1, "Baking the maps")
        return baked(mesh, matrix, positions, attributes.float(), resolution, request.texture_size)

    @torch.no_grad()
    def _generate(self, picture: Image.Image, seed: int, options: dict, control: Control) -> VoxelAsset:
        cascade = self._cascade(picture, seed, options, control)
        latents = sampled(cascade, str(options["resolution"]))
        control.step(0, 1, "Decoding")
        return VoxelAsset.of(decode(cascade.networks, latents)[0], np.eye(4))  # Z up and front -Y, as ours

    def _cascade(self, picture: Image.Image, seed: int, options: dict, control: Control) -> Cascade:
        if self._settings is None:
            raise Unavailable("TRELLIS.2 is not loaded", "Call load first.")
        networks = self._placed(str(options["memory"]))
        condition = ImageConditioner(networks, lambda side: square_images([picture], side), self._sides)

        def on_step(stage: Stage, step: int, of: int) -> None:
            control.step(step + 1, of, STAGE_TEXTS[stage])

        return Cascade(networks, condition, self._settings, torch.Generator().manual_seed(seed), on_step)

    def _placed(self, memory: str) -> Networks:
        """Where the networks live; decided anew when the option changes."""
        if self._placement is None or self._placement[0] != memory:
            self._placement = memory, placed(self._networks, self._device, memory, SEQUENCE)
        return self._placement[1]


def unit_cube_matrix(vertices: np.ndarray) -> np.ndarray:
    """(4, 4) that brings the bounding box of a mesh to the middle of the unit cube, and its longest side to fill it."""
    low, high = vertices.min(0).astype(np.float64), vertices.max(0).astype(np.float64)
    matrix = np.eye(4)
    matrix[:3, :3] *= UNIT_EXTENT / (high - low).max()
    matrix[:3, 3] = -matrix[0, 0] * (low + high) / 2
    return matrix


def framed(view: BoxView | None) -> Image.Image:
    """The thing in the middle of a square on black. A picture without transparency is taken as it is."""
    if view is None:
        raise Unavailable("TRELLIS.2 needs a picture of the box", "Give the box a picture, or let one be made.")
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
