"""A mesh with UVs and a recipe for each of its slots -> PBR maps. PyTorch, band by band."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from ...mesh.clean import face_areas
from ...mesh.gutter import nearest_covered
from ...mesh.rasterize import Raster, rasterize
from ...protocol.assets import MaterialMaps, MeshData
from .materials import Recipe
from .occlusion import Surroundings
from .textures.noise import hashed
from .textures.surface import Layer, Places

_BAND = 1 << 18  # texels painted between two looks at the cancel button
_COARSE = 512  # texels a side of the map whose places stand for the surface where light is concerned


@dataclass(frozen=True)
class Skin:
    """What the recipes need to know of the faces."""

    slots: Sequence[str]  # the names of the slots
    slot: np.ndarray  # (F,) number of the face's slot
    grain: np.ndarray  # (F,) axis of the wood's grain
    unit: float  # metres of this asset that are one metre of an asset of typical size


def bake(
    mesh: MeshData,
    skin: Skin,
    recipes: Mapping[str, Recipe],
    seed: int,
    resolution: int,
    check: Callable[[], None] = lambda: None,
    device: str = "cpu",
) -> MaterialMaps:
    """Paint every covered texel by the recipe of its slot, derive the normals from the heights, fill the gutters.

    `check` is called often; what it raises ends the work. The same arguments give the same bytes."""
    if mesh.corner_uvs is None or mesh.corner_normals is None:
        raise ValueError("a mesh without corner_uvs and corner_normals cannot be painted")
    check()
    surface = _Surface.of(mesh, skin, seed, resolution, device)
    canvas = _Canvas.blank(resolution, device)
    rows = max(_BAND // resolution, 1)
    for first in range(0, resolution, rows):
        check()
        raster = rasterize(surface.uvs, resolution, resolution, (first, min(first + rows, resolution)))
        places = surface.places(raster)
        slot = surface.slot[raster.face]
        for number, name in enumerate(skin.slots):
            chosen = (slot == number).nonzero()[:, 0]
            if len(chosen):
                check()
                part = places[chosen]
                canvas.put(raster.texel[chosen], part, recipes[name].layer(part))
    return canvas.maps(surface.texel / skin.unit, check)


@dataclass(frozen=True)
class _Surface:
    """The mesh as tensors, ready to tell where any texel is. Places of S pieces, F faces."""

    uvs: Tensor  # (F, 3, 2)
    corners: Tensor  # (F, 3, 3) metres
    normals: Tensor  # (F, 3, 3)
    slot: Tensor  # (F,)
    grain: Tensor  # (F,)
    piece: Tensor  # (F,)
    low: Tensor  # (S, 3) lower corner of each piece
    extent: Tensor  # (S, 3)
    shift: Tensor  # (3,) where the seed moves the asset in the space of the textures
    surroundings: Surroundings
    texel: float  # metres
    unit: float

    @staticmethod
    def of(mesh: MeshData, skin: Skin, seed: int, resolution: int, device: str) -> "_Surface":
        piece, low, high = _pieces(mesh)
        uvs = torch.tensor(mesh.corner_uvs, device=device)
        corners = torch.tensor(mesh.vertices[mesh.faces], device=device)
        coarse = rasterize(uvs, _COARSE, _COARSE)
        area = face_areas(mesh.vertices, mesh.faces).sum()
        spacing = float(np.sqrt(area / max(len(coarse.texel), 1)))
        return _Surface(
            uvs=uvs,
            corners=corners,
            normals=torch.tensor(mesh.corner_normals, device=device),
            slot=torch.tensor(skin.slot, device=device),
            grain=torch.tensor(skin.grain, device=device),
            piece=torch.tensor(piece, device=device),
            low=torch.tensor(low, device=device),
            extent=torch.tensor(np.maximum(high - low, 1e-6), device=device),
            shift=corners.new_tensor(np.random.default_rng([seed, 77]).uniform(0, 10, 3)),
            surroundings=Surroundings.of(coarse.interpolate(corners), spacing),
            texel=spacing * _COARSE / resolution,
            unit=skin.unit,
        )

    def places(self, raster: Raster) -> Places:
        position = raster.interpolate(self.corners)
        normal = torch.nn.functional.normalize(raster.interpolate(self.normals), dim=1)
        piece = self.piece[raster.face]
        extent = self.extent[piece]
        local = ((position - self.low[piece]) / extent).clamp(0, 1)
        bottom, top = self.low.amin(0), (self.low + self.extent).amax(0)
        moved = position / self.unit + self.shift
        axes = (self.grain[raster.face][:, None] + torch.tensor([1, 2, 0], device=piece.device)) % 3
        cut = torch.stack([hashed(piece, salt) for salt in (31, 32, 33)], 1) * 4
        return Places(
            position=moved,
            grained=moved.gather(1, axes) + cut,
            across=local.gather(1, axes[:, :2]),
            girth=extent.gather(1, axes[:, :2]) / self.unit,
            normal=normal,
            local=local,
            extent=extent / self.unit,
            asset=(position - bottom) / (top - bottom),
            piece=piece,
            pixel=torch.stack([raster.texel % raster.width, raster.texel // raster.width], 1).float(),
            occlusion=self.surroundings.openness(position, normal),
            texel=self.texel / self.unit,
        )


@dataclass(frozen=True)
class _Canvas:
    """The maps as they are painted, R x R texels each, row 0 the top."""

    color: Tensor  # (R * R, 4) uint8 sRGB and alpha
    orm: Tensor  # (R * R, 3) uint8
    emission: Tensor  # (R * R, 3) uint8 sRGB
    height: Tensor  # (R * R,) metres
    covered: Tensor  # (R * R,) bool

    @staticmethod
    def blank(resolution: int, device: str) -> "_Canvas":
        def zeros(dtype: torch.dtype, *channels: int) -> Tensor:
            return torch.zeros(resolution**2, *channels, dtype=dtype, device=device)

        byte = torch.uint8
        return _Canvas(zeros(byte, 4), zeros(byte, 3), zeros(byte, 3), zeros(torch.float32), zeros(torch.bool))

    def put(self, texel: Tensor, places: Places, layer: Layer) -> None:
        one, none = torch.ones_like(places.occlusion), torch.zeros_like(places.occlusion)
        alpha = one if layer.alpha is None else layer.alpha
        metallic = none if layer.metallic is None else layer.metallic
        roughness = (layer.roughness * one).clamp(0.03, 1)
        self.color[texel] = _bytes(torch.cat([layer.color * one[:, None], alpha[:, None]], 1))
        self.orm[texel] = _bytes(torch.stack([places.occlusion, roughness, metallic], 1))
        self.height[texel] = layer.height
        self.covered[texel] = True
        if layer.emission is not None:
            self.emission[texel] = _bytes(layer.emission)

    def maps(self, texel: float, check: Callable[[], None]) -> MaterialMaps:
        """Normals from the heights, gutters filled, everything as pictures."""
        side = round(len(self.height) ** 0.5)
        covered = self.covered.reshape(side, side)
        normal = _normal_map(self.height.reshape(side, side), covered, texel, check)
        nearest = nearest_covered(covered.cpu().numpy())

        def spread(painted: Tensor) -> np.ndarray:
            check()
            return painted.cpu().numpy().reshape(side * side, -1)[nearest]

        clear = bool((self.color[self.covered, 3] < 255).any())
        lit = bool(self.emission.any())
        return MaterialMaps(
            base_color=spread(self.color if clear else self.color[:, :3]),
            orm=spread(self.orm),
            normal=spread(normal),
            emission=spread(self.emission) if lit else None,
        )


def _bytes(values: Tensor) -> Tensor:
    return (values.clamp(0, 1) * 255 + 0.5).to(torch.uint8)


def _normal_map(height: Tensor, covered: Tensor, texel: float, check: Callable[[], None]) -> Tensor:
    """Heights (R, R) in metres -> (R, R, 3) uint8 tangent-space normals, +Y up. Slopes stop at the rims of charts:
    charts keep more than a texel apart, so a covered neighbour is a neighbour on the surface."""
    side = len(height)
    normal = torch.zeros(side, side, 3, dtype=torch.uint8, device=height.device)
    rows = max(_BAND // side, 1)
    for first in range(0, side, rows):
        check()
        end, above = min(first + rows, side), max(first - 1, 0)  # one row more on each side
        band, seen = height[above : end + 1], covered[above : end + 1]
        slopes = torch.stack([-_slope(band, seen, 1), _slope(band, seen, 0)], -1) / texel
        outward = torch.cat([slopes, torch.ones_like(slopes[..., :1])], -1)[first - above :][: end - first]
        normal[first:end] = _bytes(torch.nn.functional.normalize(outward, dim=-1) * 0.5 + 0.5)
    return normal


def _pieces(mesh: MeshData) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Connected pieces: number of each face's (F,), lower and upper corner of each (n, 3)."""
    count = len(mesh.vertices)
    ones = np.ones(len(mesh.faces) * 2, dtype=np.int8)
    edges = (np.concatenate([mesh.faces[:, 0], mesh.faces[:, 1]]), np.concatenate([mesh.faces[:, 1], mesh.faces[:, 2]]))
    total, piece = connected_components(coo_matrix((ones, edges), (count, count)), directed=False)
    order = np.argsort(piece, kind="stable")
    start = np.searchsorted(piece[order], np.arange(total))
    sorted_vertices = mesh.vertices[order]
    low, high = np.minimum.reduceat(sorted_vertices, start), np.maximum.reduceat(sorted_vertices, start)
    return piece[mesh.faces[:, 0]].astype(np.int64), low, high


def _slope(height: Tensor, covered: Tensor, axis: int) -> Tensor:
    """Rise a texel along an axis, from the neighbours on the surface; less at the rims, where one is missing."""
    size = height.shape[axis]
    rise = height.narrow(axis, 1, size - 1) - height.narrow(axis, 0, size - 1)
    rise = rise * (covered.narrow(axis, 1, size - 1) & covered.narrow(axis, 0, size - 1))
    total = torch.zeros_like(height)
    for start in (0, 1):
        total.narrow(axis, start, size - 1).add_(rise)
    return total / 2
