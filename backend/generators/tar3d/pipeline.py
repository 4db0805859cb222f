"""TAR3D as a generator of the product: the starter model makes a mesh from words, a box's proportions and a picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ...mesh.decimate import decimate
from ...protocol.assets import BoxView, MeshData
from ...protocol.errors import StageFailed, Unavailable
from ...protocol.options import GeneratorInfo, resolve
from ...protocol.scene import Box, rotation_matrix
from ..catalogue import TAR3D
from ..interface import Control, MeshRequest
from . import frame
from .conditions import Conditions, describe
from .sampling import SamplingSettings, generate
from .starter import STARTER, StarterGPT, load_starter
from .surface import mesh_from_grid, plane_occupancy, refined_grid
from .vqvae import VQVAE

BOUND = 1.0  # the starter's shapes end at frame.FILL
SMALLEST_PIECE = 0.02  # share of the largest piece's faces under which a loose piece is dropped
EVERY = 16  # codes between two reports


class Tar3D:
    def __init__(self, info: GeneratorInfo = TAR3D, weights: Path = STARTER):
        self.info, self.weights = info, weights
        self.vqvae: VQVAE | None = None
        self.gpt: StarterGPT | None = None
        self.device = torch.device("cpu")

    def load(self, device: str, control: Control) -> None:
        """Raises Unavailable when the weights are missing."""
        control.step(0, 1, "Loading TAR3D")
        self.device = torch.device(device)
        self.vqvae, self.gpt = load_starter(self.weights, self.device)

    def unload(self) -> None:
        self.vqvae = self.gpt = None
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def mesh(self, request: MeshRequest, control: Control) -> tuple[MeshData, tuple[str, ...]]:
        """The mesh in the box frame, metres, and notes. Raises StageFailed when the model draws no surface."""
        if self.vqvae is None or self.gpt is None:
            raise Unavailable("TAR3D is not loaded", "Load the generator before it is asked for a mesh.")
        options = resolve(self.info.options, request.options, self.info.name)
        conditions, notes = self._conditions(request)
        codes = self._codes(self.gpt, conditions, request.seed, options, control)
        control.step(1, 1, "Meshing")
        found = self.surface(self.vqvae, codes, int(options["detail"]))
        if found is None:
            raise StageFailed(
                f"TAR3D drew no surface for box '{request.box.id}' with seed {request.seed}",
                "Generate again with another seed, or with lower guidance.",
            )
        vertices, faces = decimate(*largest_pieces(*found), request.triangles)
        vertices = frame.to_box(vertices, request.box.size).astype(np.float32)
        return MeshData(
            vertices, faces.astype(np.int32), meta={"generator": self.info.name, "seed": str(request.seed)}
        ), notes

    def _conditions(self, request: MeshRequest) -> tuple[Conditions, tuple[str, ...]]:
        assert self.gpt is not None
        box, view, settings = request.box, request.view, self.gpt.cond.settings
        image = None if view is None else view.image
        direction = None if view is None else direction_of_view(box, view)
        conditions = describe(f"{box.kind} {box.prompt}", box.size, settings, image, direction)
        if int(conditions.words.max()) > 0 or image is not None:
            return conditions.to(self.device), ()
        note = f"TAR3D knows none of the words of '{box.prompt}': the shape follows from the box's proportions alone."
        return conditions.to(self.device), (note,)

    def _codes(
        self, model: StarterGPT, conditions: Conditions, seed: int, options: dict, control: Control
    ) -> torch.Tensor:
        sampling = SamplingSettings(
            cfg_scale=options["guidance"], temperature=options["temperature"], min_p=options["min_p"]
        )

        def progress(done: int, total: int) -> None:
            control.check()
            if done % EVERY == 0:
                control.step(done, total, "Drawing the shape")

        with torch.inference_mode():
            features = model.cond(conditions)
        generator = torch.Generator(self.device).manual_seed(seed)
        with one_thread():
            return generate(model.gpt, features, sampling, generator=generator, progress=progress)

    @staticmethod
    @torch.inference_mode()
    def surface(vqvae: VQVAE, codes: torch.Tensor, depth: int) -> tuple[ndarray, ndarray] | None:
        """Codes [1, 3 R^2] -> vertices and faces in TAR3D's frame, or None."""
        planes = vqvae.decode_codes(codes)[0]
        grid = refined_grid(plane_occupancy(vqvae.synthesizer, planes), depth, BOUND, planes.device)
        return mesh_from_grid(grid.cpu().numpy(), BOUND)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for the CPU's share: the products of a single code are too small to divide, and on a busy machine
    two threads spend their time waiting for each other (75 s instead of 10)."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def direction_of_view(box: Box, view: BoxView) -> ndarray | None:
    """Unit vector from the box's centre to the camera in TAR3D's axes; None when the camera is unknown."""
    if view.camera is None:
        return None
    to_world = np.array(rotation_matrix(box.rotation))
    centre = np.asarray(box.location) + to_world @ np.array([0, 0, box.size[2] / 2])
    towards = to_world.T @ (np.asarray(view.camera.location) - centre)
    length = np.linalg.norm(towards)
    return None if length == 0 else frame.direction_to_model(towards / length)


def largest_pieces(vertices: ndarray, faces: ndarray) -> tuple[ndarray, ndarray]:
    """Without the crumbs: pieces with fewer faces than SMALLEST_PIECE of the largest one's, and unused vertices."""
    count = len(vertices)
    edges = coo_matrix((np.ones(2 * len(faces)), (faces[:, :2].T.ravel(), faces[:, 1:].T.ravel())), (count, count))
    piece = connected_components(edges, directed=False)[1][faces[:, 0]]
    sizes = np.bincount(piece)
    faces = faces[sizes[piece] >= SMALLEST_PIECE * sizes.max()]
    used, renumbered = np.unique(faces, return_inverse=True)
    return vertices[used], renumbered.reshape(-1, 3).astype(np.int32)
