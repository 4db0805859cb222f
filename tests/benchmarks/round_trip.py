"""What is lost from mesh to O-Voxel to mesh: distances in voxels, colours in levels of 255.

    python -m tests.benchmarks.round_trip [--resolution 256] [--things "wooden side table" "armchair"]

A sphere, a torus, an open cloth and Draft furniture with its maps. Distances are those of points on each surface to the
other one (the mean of both ways is the Chamfer distance). A voxel can hold no detail finer than itself, so that colours
are compared with the texture averaged over the part of the surface inside each voxel.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import torch
import trimesh
from torch import Tensor

from backend.generators.draft.pipeline import draw_materials, draw_mesh
from backend.mesh.closest_point import ClosestPoint
from backend.mesh.frames import in_unit_cube
from backend.sparse.attributes import Material, TexturedTriangles, mesh_to_attributes
from backend.sparse.dual_grid import dual_grid_to_mesh
from backend.sparse.dual_grid_encode import mesh_to_dual_grid
from backend.sparse.interpolate import sample_trilinear
from backend.sparse.tensor import SparseTensor, coordinate_keys
from backend.sparse.textures import Texture

POINTS, COLOUR_POINTS = 20_000, 4_000_000
ENOUGH = 24  # points inside a voxel, for an average of it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--things", nargs="+", default=["wooden side table", "armchair"])
    options = parser.parse_args()
    for name, (vertices, faces) in shapes().items():
        print(f"{name}: {distances(vertices, faces, options.resolution)}", flush=True)
    for prompt in options.things:
        thing = painted(prompt)
        print(f"{prompt}: {distances(thing.vertices, thing.faces, options.resolution)}", flush=True)
        for channel, error in colours(thing, options.resolution).items():
            print(f"    {channel}: median {error.median():.2f}, mean {error.mean():.2f} levels", flush=True)


def shapes() -> dict[str, tuple[Tensor, Tensor]]:
    """(V, 3) in the unit box around the origin, (F, 3): two closed surfaces and an open one."""
    sphere = trimesh.creation.icosphere(subdivisions=5, radius=0.45)
    torus = trimesh.creation.torus(0.32, 0.12, major_sections=160, minor_sections=80)
    closed = {"sphere": sphere, "torus": torus}
    made = {name: (torch.tensor(m.vertices).float(), torch.tensor(m.faces)) for name, m in closed.items()}
    return made | {"cloth": cloth(80)}


def cloth(side: int) -> tuple[Tensor, Tensor]:
    """A hanging sheet with folds."""
    u, v = torch.meshgrid(*[torch.linspace(-0.45, 0.45, side)] * 2, indexing="ij")
    height = 0.08 * torch.sin(9 * u + 2 * v) + 0.05 * torch.cos(11 * v) - 0.4 * (u**2 + v**2)
    row = torch.arange(side * side).view(side, side)
    a, b, c, d = row[:-1, :-1], row[1:, :-1], row[1:, 1:], row[:-1, 1:]
    faces = torch.stack((torch.stack((a, b, c), -1), torch.stack((a, c, d), -1)), dim=2)
    return torch.stack((u, v, height), dim=-1).view(-1, 3), faces.view(-1, 3)


@dataclass(frozen=True)
class Distances:
    """In voxels."""

    chamfer: float
    largest: float

    def __str__(self) -> str:
        return f"Chamfer {self.chamfer:.3f}, largest {self.largest:.2f} voxels"


def distances(vertices: Tensor, faces: Tensor, resolution: int) -> Distances:
    """Between a mesh in the unit box around the origin and what comes back from its dual grid."""
    grid = mesh_to_dual_grid(vertices, faces, resolution)
    back = dual_grid_to_mesh(grid.positions, grid.vertices_in_voxel(resolution), grid.crossed, None, resolution)
    one = vertices.numpy().astype(np.float64), faces.numpy()
    other = back.vertices.numpy().astype(np.float64), back.faces.numpy()
    ways = [ClosestPoint(*a)(_points(*b)).distance * resolution for a, b in ((one, other), (other, one))]
    return Distances(float(np.mean([way.mean() for way in ways])), float(max(way.max() for way in ways)))


def _points(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    points, _ = trimesh.sample.sample_surface(trimesh.Trimesh(vertices, faces, process=False), POINTS, seed=0)
    return np.asarray(points)


@dataclass(frozen=True)
class Painted:
    """A textured mesh in the unit box around the origin."""

    vertices: Tensor
    faces: Tensor
    triangles: TexturedTriangles  # the same, measured from the low corner of the box
    material: Material


def painted(prompt: str, texture: int = 1024) -> Painted:
    mesh = draw_mesh(prompt, (0.6, 0.6, 0.6), 0)
    maps = draw_materials(mesh, prompt, 0, texture)
    vertices, faces = torch.from_numpy(in_unit_cube(mesh.vertices)).float(), torch.from_numpy(mesh.faces).long()
    assert mesh.corner_uvs is not None and mesh.corner_normals is not None
    triangles = TexturedTriangles(
        vertices[faces] + 0.5,
        torch.from_numpy(mesh.corner_normals).float(),
        torch.from_numpy(mesh.corner_uvs).float(),
        torch.zeros(len(faces), dtype=torch.long),
    )
    orm = torch.from_numpy(maps.orm.copy())
    textures = {
        "base_color": Texture(torch.from_numpy(maps.base_color[..., :3].copy())),
        "roughness": Texture(orm[..., 1:2].contiguous()),
        "metallic": Texture(orm[..., 2:3].contiguous()),
    }
    return Painted(vertices, faces, triangles, Material(metallic=1.0, textures=textures))


def colours(thing: Painted, resolution: int, points: int = COLOUR_POINTS) -> dict[str, Tensor]:
    """Differences in levels between the voxels, read on the surface as the bake reads them, and the filtered maps."""
    cell = torch.full((3,), 1 / resolution)
    voxels = mesh_to_attributes(thing.triangles, [thing.material], cell, resolution)
    stored = {"base_color": voxels.base_color, "roughness": voxels.roughness, "metallic": voxels.metallic}
    places, uvs = _surface_points(thing.triangles, points)
    keys = coordinate_keys(torch.nn.functional.pad((places * resolution).long(), (1, 0)))
    inside, row, count = keys.unique(return_inverse=True, return_counts=True)
    differences = {}
    for name, values in stored.items():
        texture = thing.material.textures[name]
        exact = texture.sample(uvs, torch.zeros(len(uvs)))
        mean = torch.zeros(len(inside), exact.shape[1]).index_add_(0, row, exact) / count[:, None]
        centre = torch.zeros(len(inside), 3).index_add_(0, row, places) / count[:, None]
        sparse = SparseTensor.of(values.reshape(len(values), -1), torch.nn.functional.pad(voxels.positions, (1, 0)))
        full = count >= ENOUGH
        read = sample_trilinear(sparse, centre[full] * resolution)
        differences[name] = 255 * (read - mean[full]).abs()
    return differences


def _surface_points(triangles: TexturedTriangles, count: int) -> tuple[Tensor, Tensor]:
    """`count` points spread evenly over a surface (P, 3), and their UVs."""
    random = torch.Generator().manual_seed(0)
    first, second, third = triangles.corners.unbind(1)
    area = torch.linalg.cross(second - first, third - first).norm(dim=1)
    face = torch.multinomial(area, count, replacement=True, generator=random)
    share = torch.rand(count, 2, generator=random)
    share = torch.where(share.sum(1, keepdim=True) > 1, 1 - share, share)
    weights = torch.cat((1 - share.sum(1, keepdim=True), share), dim=1)[:, :, None]
    return (weights * triangles.corners[face]).sum(1), (weights * triangles.uvs[face]).sum(1)


if __name__ == "__main__":
    main()
