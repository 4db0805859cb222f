"""How long the mesh room takes to turn a decoded surface into an asset: fewer triangles, UVs, baked maps.

    python -m tests.benchmarks.mesh [--triangles 500000] [--budget 100000] [--texture 2048] [--device cpu] [--growth]

A lumpy torus of the given number of triangles in the unit box, with coloured voxels along it. CPU seconds stand beside
wall seconds: on a shared machine they are the ones to compare. `--growth` fits the exponent of the cost.
"""

import argparse
import time
from dataclasses import dataclass, field
from math import log, pi

import numpy as np
import torch
from torch import Tensor

from backend.mesh.bake import bake_voxel_attributes
from backend.mesh.finish import finish_surface
from backend.mesh.normals import corner_normals
from backend.mesh.unwrap import unwrap

GROWTH = (250_000, 500_000, 1_000_000, 2_000_000)
SMOOTH_ANGLE = 40.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triangles", type=int, default=500_000)
    parser.add_argument("--budget", type=int, default=100_000)
    parser.add_argument("--texture", type=int, default=2048)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--growth", action="store_true", help="at 250k to 2M triangles, and the exponent")
    options = parser.parse_args()
    device = torch.device(options.device)
    measure(20_000, 5_000, 512, device)  # imports and kernels
    sizes = GROWTH if options.growth else (options.triangles,)
    runs = [measure(size, options.budget, options.texture, device) for size in sizes]
    for run in runs:
        print(run.report(), flush=True)
    if len(runs) > 1:
        slope, _ = np.polyfit([log(run.triangles) for run in runs], [log(run.cpu) for run in runs], 1)
        print(f"CPU seconds grow as n^{slope:.2f} from {sizes[0]} to {sizes[-1]} triangles")


@dataclass
class Laps:
    """Wall and CPU seconds of the steps of one asset."""

    triangles: int
    device: torch.device
    wall: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0
    left: int = 0

    def __post_init__(self) -> None:
        self._now()

    def _now(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        self._last = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        before = self._last
        self._now()
        self.wall[name] = self._last[0] - before[0]
        self.cpu += self._last[1] - before[1]

    def report(self) -> str:
        steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in self.wall.items())
        return (
            f"{self.triangles} -> {self.left} triangles on {self.device.type}: wall {sum(self.wall.values()):.2f} s "
            f"({steps}); CPU {self.cpu:.2f} s"
        )


def measure(triangles: int, budget: int, texture: int, device: torch.device) -> Laps:
    vertices, faces = lumpy_torus(triangles)
    positions, attributes, resolution = coloured_voxels(vertices, triangles)
    surface = torch.from_numpy(vertices).to(device), torch.from_numpy(faces).to(device)
    positions, attributes = positions.to(device), attributes.to(device)
    laps = Laps(len(faces), device)
    vertices, faces = finish_surface(*surface, budget)
    laps.lap("finish")
    corner_normals(vertices, faces, SMOOTH_ANGLE)
    laps.lap("normals")
    uvs = unwrap(vertices, faces, texture)
    laps.lap("unwrap")
    arrays = (torch.from_numpy(np.ascontiguousarray(x)).to(device) for x in (vertices, faces, uvs))
    bake_voxel_attributes(*arrays, positions, attributes, resolution, texture)
    laps.lap("bake")
    laps.left = len(faces)
    return laps


def lumpy_torus(triangles: int) -> tuple[np.ndarray, np.ndarray]:
    """(V, 3) fp32 in the unit box and (F, 3) int32: closed, with bumps and a little noise as decoders leave it."""
    rows = max(int((triangles / 2 / 2.5) ** 0.5), 3)
    columns = triangles // 2 // rows
    around, across = np.meshgrid(
        np.arange(columns) * 2 * pi / columns, np.arange(rows) * 2 * pi / rows, indexing="ij"
    )  # (columns, rows)
    radius = 0.13 + 0.01 * np.sin(9 * around) * np.sin(5 * across) + 0.004 * np.sin(31 * around + 17 * across)
    radius += np.random.default_rng(0).normal(0, 0.02 / rows, radius.shape)
    ring = 0.33 + radius * np.cos(across)
    points = np.stack((ring * np.cos(around), ring * np.sin(around), radius * np.sin(across)), axis=-1)
    index = np.arange(columns * rows).reshape(columns, rows)
    right, up = np.roll(index, -1, 0), np.roll(index, -1, 1)
    corner = np.roll(right, -1, 1)
    faces = np.concatenate((np.stack((index, right, corner), -1), np.stack((index, corner, up), -1)), axis=2)
    return points.reshape(-1, 3).astype(np.float32), faces.reshape(-1, 3).astype(np.int32)


def coloured_voxels(vertices: np.ndarray, triangles: int) -> tuple[Tensor, Tensor, int]:
    """(N, 3) voxels along the surface, (N, 6) attributes, and the resolution at which a voxel holds about a vertex."""
    resolution = int(1.1 * triangles**0.5)
    cells = np.floor((vertices + 0.5) * resolution).astype(np.int32)
    around = np.concatenate([cells + step for step in np.eye(4, 3, dtype=np.int32)])
    positions = torch.from_numpy(np.unique(around, axis=0))
    stripes = 0.5 + 0.5 * torch.sin(positions / resolution * 40)
    return positions, torch.cat((stripes, stripes), dim=1), resolution


if __name__ == "__main__":
    main()
