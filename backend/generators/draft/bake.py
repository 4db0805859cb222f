"""A mesh with UVs and a recipe for each of its slots -> PBR maps. PyTorch, a quarter of a million texels at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from ...mesh.gutter import nearest_covered
from ...mesh.rasterize import Raster, rasterize
from ...protocol.assets import MaterialMaps, MeshData
from .materials import Recipe
from .occlusion import occlusion
from .textures.noise import hashed
from .textures.surface import Layer, Places

_CHUNK = 1 << 18  # texels between two looks at the cancel button


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
    raster = rasterize(torch.tensor(mesh.corner_uvs, device=device), resolution, resolution)
    check()
    places = _places(mesh, skin, raster, seed, check)
    canvas = _Canvas.blank(len(places), places.position.device)
    slot = torch.tensor(skin.slot, device=device)[raster.face]
    for number, name in enumerate(skin.slots):
        chosen = (slot == number).nonzero()[:, 0]
        for part in chosen.split(_CHUNK):
            check()
            canvas.put(part, recipes[name].layer(places[part]))
    check()
    return _maps(canvas, places, raster, check)


@dataclass(frozen=True)
class _Canvas:
    """The layers of all slots, put together: N texels."""

    color: Tensor  # (N, 3)
    emission: Tensor  # (N, 3)
    scalars: Tensor  # (N, 4) roughness, metallic, height, alpha

    @staticmethod
    def blank(count: int, device: torch.device) -> "_Canvas":
        return _Canvas(*(torch.zeros(count, width, device=device) for width in (3, 3, 4)))

    def put(self, chosen: Tensor, layer: Layer) -> None:
        one, none = torch.ones_like(layer.height), torch.zeros_like(layer.height)
        metallic = none if layer.metallic is None else layer.metallic
        alpha = one if layer.alpha is None else layer.alpha
        self.color[chosen] = layer.color
        self.scalars[chosen] = torch.stack([layer.roughness * one, metallic, layer.height, alpha], 1)
        if layer.emission is not None:
            self.emission[chosen] = layer.emission


def _places(mesh: MeshData, skin: Skin, raster: Raster, seed: int, check: Callable[[], None]) -> Places:
    device = raster.texel.device
    corners = torch.tensor(mesh.vertices[mesh.faces], device=device)
    position = raster.interpolate(corners)
    normal = torch.nn.functional.normalize(raster.interpolate(torch.tensor(mesh.corner_normals, device=device)), dim=1)
    check()
    area = torch.linalg.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).norm(dim=1).sum() / 2
    texel = float((area / max(len(position), 1)).sqrt())
    open_sky = occlusion(position, normal, texel)
    check()
    piece_of_face, low, high = _pieces(mesh)
    piece = torch.tensor(piece_of_face, device=device)[raster.face]
    low, extent = (torch.tensor(a, device=device)[piece] for a in (low, np.maximum(high - low, 1e-6)))
    bottom, top = position.amin(0), position.amax(0)
    rng = np.random.default_rng([seed, 77])
    moved = position / skin.unit + position.new_tensor(rng.uniform(0, 10, 3))
    local = ((position - low) / extent).clamp(0, 1)
    axes = (torch.tensor(skin.grain, device=device)[raster.face][:, None] + torch.tensor([1, 2, 0], device=device)) % 3
    cut = torch.stack([hashed(piece, salt) for salt in (31, 32, 33)], 1) * 4
    return Places(
        position=moved,
        grained=moved.gather(1, axes) + cut,
        across=local.gather(1, axes[:, :2]),
        girth=extent.gather(1, axes[:, :2]) / skin.unit,
        normal=normal,
        local=local,
        extent=extent / skin.unit,
        asset=(position - bottom) / (top - bottom).clamp(min=1e-6),
        piece=piece,
        pixel=torch.stack([raster.texel % raster.width, raster.texel // raster.width], 1).float(),
        occlusion=open_sky,
        texel=texel / skin.unit,
    )


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


def _maps(canvas: _Canvas, places: Places, raster: Raster, check: Callable[[], None]) -> MaterialMaps:
    rough, metallic, height, alpha = canvas.scalars.unbind(1)
    normal = _normal_map(raster.image(height), raster.covered(), places.texel)[raster.texel]
    check()
    nearest = nearest_covered(raster.covered().cpu().numpy())
    check()

    def spread(values: Tensor) -> np.ndarray:
        coded = (values.clamp(0, 1) * 255 + 0.5).to(torch.uint8)
        picture = raster.image(coded).cpu().numpy()
        check()
        return picture.reshape(-1, picture.shape[-1])[nearest]

    clear = bool((alpha < 1).any())
    color = torch.cat([canvas.color, alpha[:, None]], 1) if clear else canvas.color
    lit = bool((canvas.emission > 0).any())
    orm = torch.stack([places.occlusion, rough.clamp(0.03, 1), metallic], 1)
    return MaterialMaps(
        spread(color), spread(orm), spread(normal * 0.5 + 0.5), spread(canvas.emission) if lit else None
    )


def _normal_map(height: Tensor, covered: Tensor, texel: float) -> Tensor:
    """Heights (H, W) in metres -> (H * W, 3) tangent-space normals, +Y up. Slopes stop at the rims of charts: charts
    keep more than a texel apart, so a covered neighbour is a neighbour on the surface."""
    right = _slope(height, covered, 1)
    down = _slope(height, covered, 0)
    normal = torch.stack([-right / texel, down / texel, torch.ones_like(height)], -1)
    return torch.nn.functional.normalize(normal, dim=-1).reshape(-1, 3)


def _slope(height: Tensor, covered: Tensor, axis: int) -> Tensor:
    """Rise a texel along an axis, from the neighbours on the surface; less at the rims, where one is missing."""
    size = height.shape[axis]
    rise = height.narrow(axis, 1, size - 1) - height.narrow(axis, 0, size - 1)
    rise = rise * (covered.narrow(axis, 1, size - 1) & covered.narrow(axis, 0, size - 1))
    total = torch.zeros_like(height)
    for start in (0, 1):
        total.narrow(axis, start, size - 1).add_(rise)
    return total / 2
