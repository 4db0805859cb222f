import numpy as np
import pytest
import torch
import trimesh

from backend.mesh.rasterize import rasterize
from backend.mesh.unwrap import charts, unwrap

SHAPES = {
    "box": trimesh.creation.box((1, 2, 0.5)),
    "sphere": trimesh.creation.icosphere(subdivisions=3),
    "torus": trimesh.creation.torus(0.5, 0.2),
}


@pytest.mark.parametrize("name", SHAPES)
def test_no_two_faces_share_a_texel(name: str) -> None:
    mesh, size = SHAPES[name], 256
    uvs = unwrap(mesh.vertices, mesh.faces, size)
    assert uvs.shape == (len(mesh.faces), 3, 2) and uvs.min() >= 0 and uvs.max() <= 1
    area = 0.5 * np.abs(np.cross(uvs[:, 1] - uvs[:, 0], uvs[:, 2] - uvs[:, 0]))
    covered = rasterize(torch.from_numpy(uvs), size, size).covered().float().mean().item()
    assert area.sum() > 0.3 and abs(covered / area.sum() - 1) < 0.05  # overlaps would be counted twice in the sum


def test_texels_are_spread_evenly() -> None:
    mesh = SHAPES["sphere"]
    uvs = unwrap(mesh.vertices, mesh.faces, 512)
    area = 0.5 * np.abs(np.cross(uvs[:, 1] - uvs[:, 0], uvs[:, 2] - uvs[:, 0]))
    density = area / mesh.area_faces
    assert density.max() / density.min() < 3.5


def test_a_box_has_one_chart_a_side() -> None:
    mesh = SHAPES["box"].subdivide().subdivide()
    _, chart = charts(mesh.vertices, mesh.faces)
    assert sorted(np.bincount(chart)) == [32] * 6
