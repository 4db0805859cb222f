import numpy as np
import pytest
import trimesh

from backend.mesh.decimate import decimate


@pytest.mark.parametrize("target", [4, 100, 1500, 10**6])
def test_the_budget_holds(target: int) -> None:
    mesh = trimesh.creation.icosphere(subdivisions=4)
    vertices, faces = decimate(mesh.vertices, mesh.faces, target)
    assert len(faces) <= target and (target < 1000 or len(faces) > 0.9 * min(target, len(mesh.faces)))
    assert vertices.dtype == np.float32 and faces.dtype == np.int32 and faces.max() == len(vertices) - 1
