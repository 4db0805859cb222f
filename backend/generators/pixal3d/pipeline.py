"""Pixal3D as a generator: a picture and its camera to a textured asset that stands where it was seen."""

from __future__ import annotations

from math import radians
from pathlib import Path

import torch
from PIL import Image
from torch import nn

from ...encoders.dinov3 import square_images
from ...encoders.moge import MogeCamera
from ...nn.residency import Networks
from ...protocol.assets import MaterialMaps, MeshData
from ...protocol.errors import Unavailable
from ...sparse.cascade import Cascade, CascadeSettings, Stage, decode
from ...weights.catalogue import DINOV3, MOGE2, NAF, PIXAL3D_WEIGHTS, weights_folder
from ..catalogue import PIXAL3D
from ..interface import Control, MaterialRequest, MeshRequest
from ..voxel_assets import MAKER, STAGE_TEXTS, Shelf, VoxelAsset, request_key, sampled
from ..voxel_networks import PublishedPipeline, load_image_encoder, load_network, placed, require
from .camera import angle_of_normalised_focal
from .checkpoint import load_naf
from .condition import PUBLISHED_STAGES, PixelConditioner, StageFeatures
from .tokens import pixel_aligned
from .view import PreparedView, prepare

USUAL_ANGLE = 30.0  # degrees
NETWORKS = (
    "sparse_structure_flow_model",
    "sparse_structure_decoder",
    "shape_slat_flow_model_512",
    "shape_slat_flow_model_1024",
    "shape_slat_decoder",
    "tex_slat_flow_model_1024",
    "tex_slat_decoder",
)
SEQUENCE = (  # in which the cascade uses its networks
    "sparse_structure_flow_model",
    "image_encoder",
    "sparse_structure_decoder",
    "upsampler",
    "shape_slat_flow_model_512",
    "shape_slat_decoder",
    "image_encoder",
    "upsampler",
    "shape_slat_flow_model_1024",
    "upsampler",
    "tex_slat_flow_model_1024",
    "shape_slat_decoder",
    "tex_slat_decoder",
)


class Pixal3D:
    info = PIXAL3D

    def __init__(self, weights: Path | None = None, stages: dict[Stage, StageFeatures] | None = None) -> None:
        """`stages` differ from the published ones for small networks."""
        self.root = weights or weights_folder()
        self._stages = stages or PUBLISHED_STAGES
        self._device = torch.device("cpu")
        self._networks: dict[str, nn.Module] = {}
        self._placement: tuple[str, Networks] | None = None
        self._settings: CascadeSettings | None = None
        self._shelf = Shelf()

    def load(self, device: str, control: Control) -> None:
        """Reads all networks into main memory; they visit the device when they are used."""
        folder, dino, naf = (require(part, self.root) for part in (PIXAL3D_WEIGHTS, DINOV3, NAF))
        self._device = torch.device(device)
        half = self._device.type == "cuda"
        published = PublishedPipeline.read(folder / "pipeline.json")
        for step, name in enumerate(NETWORKS):
            control.step(step, len(NETWORKS) + 1, f"Loading {name.replace('_', ' ')}")
            self._networks[name] = load_network(folder / published.models[name], half, control.check)
        control.step(len(NETWORKS), len(NETWORKS) + 1, "Loading the image encoder")
        self._networks["image_encoder"] = load_image_encoder(dino)
        self._networks["upsampler"] = load_naf(naf / NAF.files[0])
        self._settings = pixel_aligned(published.settings)

    def unload(self) -> None:
        self._networks.clear()
        self._shelf.clear()
        self._settings = self._placement = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        asset = self._asset(request, control)
        control.step(0, 1, "Finishing the mesh")
        return asset.mesh(request.triangles, self.info.name), self._notes(request)

    def material(self, request: MaterialRequest, control: Control) -> tuple[MeshData, MaterialMaps]:
        if request.mesh.meta.get(MAKER) != self.info.name:
            raise Unavailable("Pixal3D paints only meshes that it has made", "Choose TRELLIS.2 for the material.")
        asset = self._asset(request, control)
        control.step(0, 1, "Baking the maps")
        return asset.material(request.mesh, request.texture_size)

    def _asset(self, request: MeshRequest | MaterialRequest, control: Control) -> VoxelAsset:
        """Kept since the mesh stage, or made again: the same seed gives the same asset."""
        if request.view is None:
            raise Unavailable("Pixal3D needs a picture of the box", "Give the box a picture, or let one be made.")
        degrees = float(request.options["view_angle"])
        view = prepare(request.view, request.box, lambda framed: radians(degrees) or self._estimated_angle(framed))
        return self._shelf.get(
            request_key(request), lambda: self._generate(view, request.seed, dict(request.options), control)
        )

    def _estimated_angle(self, framed: Image.Image) -> float:
        """Of a picture of unknown origin, by MoGe-2 where it is installed."""
        if not self._estimates():
            return radians(USUAL_ANGLE)
        return angle_of_normalised_focal(MogeCamera(MOGE2.folder(self.root) / MOGE2.files[0]).focal(framed))

    def _estimates(self) -> bool:
        return MogeCamera.installed() and MOGE2.present(self.root)

    def _notes(self, request: MeshRequest) -> tuple[str, ...]:
        guessed = request.view is not None and request.view.camera is None and not request.options["view_angle"]
        if not guessed or self._estimates():
            return ()
        return (f"The view angle was taken to be {USUAL_ANGLE:g} degrees. Set it, or install MoGe-2 to have it found.",)

    @torch.no_grad()
    def _generate(self, view: PreparedView, seed: int, options: dict, control: Control) -> VoxelAsset:
        if self._settings is None:
            raise Unavailable("Pixal3D is not loaded", "Call load first.")
        networks = self._placed(str(options["memory"]))
        condition = PixelConditioner(
            networks, lambda side: square_images([view.picture], side), view.cameras, self._stages
        )

        def on_step(stage: Stage, step: int, of: int) -> None:
            control.step(step + 1, of, STAGE_TEXTS[stage])

        random = torch.Generator().manual_seed(seed)
        cascade = Cascade(networks, condition, self._settings, random, on_step)
        latents = sampled(cascade, str(options["resolution"]))
        control.step(0, 1, "Decoding")
        return VoxelAsset.of(decode(networks, latents)[0], view.matrix)

    def _placed(self, memory: str) -> Networks:
        """Where the networks live; decided anew when the option changes."""
        if self._placement is None or self._placement[0] != memory:
            self._placement = memory, placed(self._networks, self._device, memory, SEQUENCE)
        return self._placement[1]
