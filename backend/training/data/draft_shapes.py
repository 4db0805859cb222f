"""Draft assets measured for training: surface points with normals, occupancy samples, small pictures, words.

A `ShapePool` holds many measured assets as tensors on one device; batches are drawn from it with a generator.
TAR3D specification 14.2.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from ...generators.tar3d.conditions import MARGIN, THUMBNAIL, Conditions, ConditionSettings, known_words
from .draft_assets import CAPTIONS, DrawnAsset, draw_assets
from .rays import first_hit, winding

VIEWS = 4
EXTENT = 1.05  # queries lie in [-EXTENT, EXTENT]
NEAR_NOISE = (0.012, 0.05)  # deviations of the queries near the surface, half of them each
SUPERSAMPLE = 2


@dataclass(frozen=True)
class Measured:
    """One asset: surface and normals [M, 3], points [Q, 3] (first half anywhere), labels [Q], views and pictures."""

    surface: Tensor
    normals: Tensor
    points: Tensor
    labels: Tensor
    views: Tensor  # [V, 3] unit vectors to the camera
    images: Tensor  # [V, 2, 64, 64] uint8


def measure(asset: DrawnAsset, surface: int, queries: int, generator: torch.Generator) -> Measured:
    """Sample an asset on the generator's device: its surface as it is, its occupancy with thin parts thickened."""
    device = generator.device
    faces = torch.from_numpy(asset.faces).to(device).long()
    triangles, thick = (torch.from_numpy(v).to(device)[faces] for v in (asset.vertices, asset.thick))  # [F, 3, 3]
    points, normals = sample_outside(triangles, surface, generator)
    queries_at = sample_queries(points, queries, generator).half().float()  # stored as float16, labelled as stored
    labels = winding(queries_at, thick) > 0.5
    slots = torch.from_numpy(asset.slots).to(device).long()
    pictures = [picture(triangles, slots, generator) for _ in range(VIEWS)]
    views, images = (torch.stack(part) for part in zip(*pictures, strict=True))
    return Measured(points, normals, queries_at, labels, views, images)


def sample_outside(triangles: Tensor, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Area-uniform points [count, 3] with normals on the outside of a union of closed parts."""
    a, b, c = triangles.unbind(1)
    cross = torch.linalg.cross(b - a, c - a)
    area = cross.norm(dim=1)
    chosen = torch.multinomial(area, 2 * count, replacement=True, generator=generator)
    u, v = torch.rand(2, 2 * count, 1, device=triangles.device, generator=generator)
    u, v = torch.where(u + v > 1, 1 - u, u), torch.where(u + v > 1, 1 - v, v)
    points = a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]
    normals = cross[chosen] / area[chosen, None]
    outside = (winding(points + 2e-3 * normals, triangles) < 0.5).nonzero()[:, 0]
    if not len(outside):
        raise ValueError(f"no surface of {len(triangles)} triangles lies outside: are the parts turned inside out?")
    kept = outside[torch.arange(count, device=outside.device) % len(outside)]
    return points[kept], normals[kept]


def sample_queries(surface: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """A quarter anywhere, a quarter in the shape's (slightly larger) bounds, half near the surface; [count, 3]."""
    device, half = surface.device, count // 2
    anywhere = torch.rand(half, 3, device=device, generator=generator) * 2 - 1
    low, high = surface.amin(0) - 0.05, surface.amax(0) + 0.05
    inside = (anywhere[: half // 2] + 1) / 2 * (high - low) + low
    chosen = torch.randint(len(surface), (count - half,), device=device, generator=generator)
    noise = torch.randn(count - half, 3, device=device, generator=generator)
    noise[: len(noise) // 2] *= NEAR_NOISE[0]
    noise[len(noise) // 2 :] *= NEAR_NOISE[1]
    return torch.cat([inside, anywhere[half // 2 :] * EXTENT, surface[chosen] + noise])


def picture(triangles: Tensor, slots: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """(view [3], picture [2, 64, 64] uint8) of the asset from a random direction in random light and shades."""
    device = triangles.device
    r = torch.rand(8, generator=generator, device=device).tolist()
    yaw = (2 * r[1] - 1) * (1.0 if r[0] < 0.75 else torch.pi)  # mostly the front
    view = direction(yaw, -0.05 + 0.75 * r[2])
    light = torch.nn.functional.normalize(view + 0.7 * torch.tensor([r[3] - 0.5, r[4], r[5] - 0.5]), dim=0)
    albedo = 0.25 + 0.7 * torch.rand(256, generator=generator, device=device)
    seen = render(triangles, albedo[slots], view, light, 3.0 + 4.0 * r[6], ambient=0.35 + 0.1 * r[7])
    return view.to(device), (seen * 255).round().byte()


def render(
    triangles: Tensor,
    albedo: Tensor,
    view: Tensor,
    light: Tensor,
    distance: float = 5.0,
    ambient: float = 0.4,
    pixels: int = THUMBNAIL,
) -> Tensor:
    """Luminance over white and alpha [2, pixels, pixels], cropped as `thumbnail` crops.

    triangles [F, 3, 3] with albedo [F]; `view` and `light` [3] are unit vectors to the camera and to the light.
    """
    device = triangles.device
    projected = project(triangles, view, distance)
    front = _area(projected) > 0
    projected, facing = projected[front], triangles[front]
    low, high = projected[..., :2].amin((0, 1)), projected[..., :2].amax((0, 1))
    side = (high - low).max() * (1 + 2 * MARGIN)
    n = pixels * SUPERSAMPLE
    steps = (torch.arange(n, device=device) + 0.5) / n - 0.5
    down, across = torch.meshgrid(-steps, steps, indexing="ij")
    rays = (torch.stack([across, down], dim=-1) * side + (low + high) / 2).view(-1, 2)
    nearest, index = first_hit(rays, projected)
    hit = nearest > 0
    normal = torch.linalg.cross(facing[:, 1] - facing[:, 0], facing[:, 2] - facing[:, 0])
    normal = torch.nn.functional.normalize(normal, dim=-1)
    shade = albedo[front] * (ambient + 0.55 * (normal @ light.to(device)).clamp(min=0))
    luminance = torch.where(hit, shade[index.clamp(min=0)], 1.0)
    return torch.nn.functional.avg_pool2d(torch.stack([luminance, hit.float()]).view(1, 2, n, n), SUPERSAMPLE)[0]


def project(triangles: Tensor, view: Tensor, distance: float) -> Tensor:
    """Triangles [F, 3, 3] as a camera at `view * distance` sees them, looking at the origin: (right, up, 1 / depth)."""
    right = torch.nn.functional.normalize(torch.linalg.cross(torch.tensor([0.0, 1.0, 0.0]), view), dim=0)
    axes = torch.stack([right, torch.linalg.cross(view, right), view], dim=1).to(triangles.device)
    local = triangles @ axes
    depth = distance - local[..., 2:]
    return torch.cat([local[..., :2] / depth, 1 / depth], dim=-1)


def direction(yaw: float, pitch: float) -> Tensor:
    """Unit vector [3] to a camera; yaw 0 is the front, positive to the asset's left (+x)."""
    yaw, pitch = torch.tensor(yaw), torch.tensor(pitch)
    return torch.stack([yaw.sin() * pitch.cos(), pitch.sin(), yaw.cos() * pitch.cos()])


def _area(projected: Tensor) -> Tensor:
    a, b, c = projected[..., :2].unbind(1)
    return (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]


@dataclass
class ShapePool:
    """Measured assets, all on one device."""

    surface: Tensor  # [N, M, 3] float16
    normals: Tensor  # [N, M, 3] float16
    points: Tensor  # [N, Q, 3] float16
    labels: Tensor  # [N, Q] bool
    words: Tensor  # [N, CAPTIONS, words] int64
    size: Tensor  # [N, 3]
    views: Tensor  # [N, V, 3]
    images: Tensor  # [N, V, 2, 64, 64] uint8
    kinds: list[str]
    captions: list[str]

    def __len__(self) -> int:
        return len(self.surface)

    def first(self, count: int) -> "ShapePool":
        return ShapePool(**{name: value[:count] for name, value in vars(self).items()})

    def save(self, path: Path) -> None:
        tensors = {name: value.cpu() for name, value in vars(self).items() if isinstance(value, Tensor)}
        save_file(tensors, path, {"kinds": json.dumps(self.kinds), "captions": json.dumps(self.captions)})

    @staticmethod
    def load(path: Path, device: torch.device) -> "ShapePool":
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name).to(device) for name in file.keys()}  # noqa: SIM118 - safe_open is no mapping
            names = {name: json.loads(text) for name, text in file.metadata().items()}
        return ShapePool(**tensors, **names)

    @staticmethod
    def load_share(folder: Path, device: torch.device, number: int = 0, of: int = 1) -> "ShapePool":
        """The files of a folder that fall to process `number` of `of`, as one pool.

        Raises ValueError when there are fewer files than processes.
        """
        files = sorted(folder.glob("*.safetensors"))
        if len(files) < of:
            raise ValueError(f"{folder} holds {len(files)} files of assets for {of} processes: draw more files")
        parts = [ShapePool.load(file, device) for file in files[number::of]]
        fields = {name: [getattr(part, name) for part in parts] for name in vars(parts[0])}
        return ShapePool(
            **{k: torch.cat(v) if isinstance(v[0], Tensor) else [x for p in v for x in p] for k, v in fields.items()}
        )

    def shapes(self, index: Tensor, surface: int, queries: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        """Random subsets for the VQ-VAE: (points, normals [B, m, 3], queries [B, q, 3], labels [B, q]).

        The first half of the queries are anywhere, the second near the surface, as `occupancy_loss` expects.
        """
        device, half = self.points.device, self.points.shape[1] // 2
        m = torch.randint(self.surface.shape[1], (len(index), surface), device=device, generator=generator)
        q = torch.randint(half, (len(index), queries), device=device, generator=generator)
        q[:, queries // 2 :] += half
        row = index[:, None]
        labels = self.labels[row, q].float()
        return self.surface[row, m].float(), self.normals[row, m].float(), self.points[row, q].float(), labels

    def conditions(self, index: Tensor, generator: torch.Generator) -> Conditions:
        """One random wording and one random view of each asset, with brightness and contrast varied."""
        device, count = self.size.device, len(index)
        which = torch.randint(VIEWS, (count,), device=device, generator=generator)
        wording = torch.randint(CAPTIONS, (count,), device=device, generator=generator)
        image = self.images[index, which].float() / 255
        gain = 0.7 + 0.6 * torch.rand(count, 1, 1, device=device, generator=generator)
        luminance, alpha = image.unbind(1)
        inside = (luminance - 1 + alpha) * gain  # premultiplied
        noise = 0.04 * torch.randn(inside.shape, device=device, generator=generator) * alpha
        image = torch.stack([(inside + noise).clamp(0, 1) + 1 - alpha, alpha], dim=1).clamp(0, 1)
        return Conditions(self.words[index, wording], self.size[index], self.views[index, which], image)


def build_pool(
    seeds: range,
    settings: ConditionSettings,
    device: torch.device,
    surface: int = 8192,
    queries: int = 8192,
    processes: int = 0,
    minutes: float = 1e9,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> ShapePool:
    """Draw and measure the assets of seeds; assets are made by `processes` while this one measures.

    After `minutes` the pool is what has been measured by then.
    """
    n, deadline = len(seeds), time.monotonic() + 60 * minutes

    def new(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.zeros(n, *shape, dtype=dtype, device=device)

    half = torch.float16
    pool = ShapePool(
        surface=new(surface, 3, dtype=half), normals=new(surface, 3, dtype=half), points=new(queries, 3, dtype=half),
        labels=new(queries, dtype=torch.bool), words=new(CAPTIONS, settings.words, dtype=torch.int64), size=new(3),
        views=new(VIEWS, 3), images=new(VIEWS, 2, THUMBNAIL, THUMBNAIL, dtype=torch.uint8), kinds=[], captions=[],
    )  # fmt: skip
    with draw_assets(seeds, processes) as assets:
        for i, (seed, asset) in enumerate(zip(seeds, assets, strict=True)):
            generator = torch.Generator(device).manual_seed(seed)
            measured = measure(asset, surface, queries, generator)
            for name in ("surface", "normals", "points", "labels", "views", "images"):
                getattr(pool, name)[i] = getattr(measured, name)
            words = [known_words(text, settings) for text in asset.captions]
            pool.words[i] = torch.tensor([ids + [0] * (settings.words - len(ids)) for ids in words])
            pool.size[i] = torch.tensor(asset.size)
            pool.kinds.append(asset.kind)
            pool.captions.append(asset.captions[0])
            report(i + 1, n)
            if time.monotonic() > deadline:
                break
    return pool.first(len(pool.kinds))
