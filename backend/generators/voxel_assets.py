"""What generators of voxel assets share: from decoded voxels to the mesh and the maps of an asset."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from ..mesh.bake import bake_voxel_attributes
from ..mesh.finish import finish_surface
from ..mesh.normals import corner_normals
from ..mesh.unwrap import unwrap
from ..protocol.assets import MaterialMaps, MeshData
from ..protocol.errors import StageFailed
from ..sparse.cascade import ROUTES, Cascade, EmptyStructure, Latents, Stage, TexturedVoxels
from .interface import MaterialRequest, MeshRequest

STAGE_TEXTS: dict[Stage, str] = {
    "structure": "Finding the structure",
    "shape_512": "Shaping",
    "shape_1024": "Refining the shape",
    "texture_512": "Painting the material",
    "texture_1024": "Painting the material",
}
MAKER = "generator"  # the key under which a mesh names who made it
SMOOTH_ANGLE = 40.0  # degrees between faces up to which an edge looks round
FLAT_NORMAL = (128, 128, 255)


@dataclass(frozen=True)
class VoxelAsset:
    """Decoded voxels and where they stand: kept between the mesh and the material stage."""

    voxels: TexturedVoxels  # in a unit cube around the origin, on the CPU
    matrix: np.ndarray  # (4, 4) from that cube to the asset frame: a rotation, one scale, a translation
    device: str = "cpu"  # where the work is done

    @classmethod
    def of(cls, voxels: TexturedVoxels, matrix: np.ndarray) -> VoxelAsset:
        device = str(voxels.positions.device)
        surface = voxels.surface._replace(vertices=voxels.surface.vertices.cpu(), faces=voxels.surface.faces.cpu())
        moved = replace(
            voxels, surface=surface, positions=voxels.positions.cpu(), attributes=voxels.attributes.float().cpu()
        )
        return cls(moved, matrix, device)

    def mesh(self, triangles: int, maker: str) -> MeshData:
        """At most `triangles` faces, outwards, in the asset frame; `maker` is noted as the generator."""
        surface = self.voxels.surface
        if len(surface.faces) == 0:
            raise StageFailed("The voxels that were made have no surface", "Try another seed or a clearer picture.")
        vertices, faces = finish_surface(surface.vertices.to(self.device), surface.faces.to(self.device), triangles)
        placed = (vertices @ self.matrix[:3, :3].T + self.matrix[:3, 3]).astype(np.float32)
        normals = corner_normals(placed, faces, SMOOTH_ANGLE).astype(np.float32)
        return MeshData(placed, faces, corner_normals=normals, meta={MAKER: maker})

    def material(self, mesh: MeshData, size: int) -> tuple[MeshData, MaterialMaps]:
        """The maps of a mesh that came from this asset, and the mesh with the UVs that they belong to."""
        voxels = self.voxels
        positions, attributes = voxels.positions.to(self.device), voxels.attributes.to(self.device)
        return baked(mesh, np.linalg.inv(self.matrix), positions, attributes, voxels.resolution, size)


def sampled(cascade: Cascade, route: str) -> Latents:
    """The latents of a request; an empty structure is a failure that the user hears of."""
    try:
        return cascade.run(ROUTES[route])
    except EmptyStructure as error:
        raise StageFailed(str(error), "Try another seed or a clearer picture.") from error


def baked(
    mesh: MeshData, voxel_from_asset: np.ndarray, positions: Tensor, attributes: Tensor, resolution: int, size: int
) -> tuple[MeshData, MaterialMaps]:
    """Attributes on voxels as maps over a mesh, which gets UVs if it has none. Works where the voxels are."""
    uvs = mesh.corner_uvs if mesh.corner_uvs is not None else unwrap(mesh.vertices, mesh.faces, size)
    vertices = mesh.vertices @ voxel_from_asset[:3, :3].T + voxel_from_asset[:3, 3]
    arrays = (vertices.astype(np.float32), mesh.faces, np.ascontiguousarray(uvs))
    placed, faces, corner_uvs = (torch.from_numpy(array).to(positions.device) for array in arrays)
    maps = bake_voxel_attributes(placed, faces, corner_uvs, positions, attributes, resolution, size)
    orm = np.stack((np.full_like(maps.metallic, 255), maps.roughness, maps.metallic), axis=-1)
    normal = np.broadcast_to(np.array(FLAT_NORMAL, np.uint8), (size, size, 3)).copy()
    # The fourth channel is left out: it is noisy near one, and the release stores it without using it.
    return replace(mesh, corner_uvs=uvs), MaterialMaps(maps.base_color[..., :3].copy(), orm, normal)


class Shelf:
    """The last few decoded assets, which wait for their material stage."""

    def __init__(self, places: int = 4) -> None:
        self._places = places
        self._assets: dict[Hashable, VoxelAsset] = {}

    def get(self, key: Hashable, make: Callable[[], VoxelAsset]) -> VoxelAsset:
        """From the shelf, else made anew and put there."""
        if key not in self._assets:
            asset = make()
            while len(self._assets) >= self._places:
                self._assets.pop(next(iter(self._assets)))
            self._assets[key] = asset
        return self._assets[key]

    def clear(self) -> None:
        self._assets.clear()


def request_key(request: MeshRequest | MaterialRequest) -> Hashable:
    """What an asset depends on: equal for the mesh and the material request of one box."""
    picture = request.view.image.tobytes() if request.view else b""
    camera = request.view.camera if request.view else None
    return request.box, request.seed, picture, camera, tuple(sorted(request.options.items()))
