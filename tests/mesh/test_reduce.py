"""backend/mesh/reduce.py: fewer triangles, and each knows which one it was."""

import numpy as np
import pytest
import trimesh

from backend.mesh.reduce import reduce


def ball(subdivisions=4):
    mesh = trimesh.creation.icosphere(subdivisions)
    return mesh.vertices.astype(np.float32), mesh.faces.astype(np.int32)


@pytest.mark.parametrize("target", [200, 1000, 4000])
def test_the_budget_is_kept_and_the_shape_too(target):
    vertices, faces = ball()
    fewer, less, kept = reduce(vertices, faces, target)
    assert len(less) == len(kept) <= target and less.max() == len(fewer) - 1
    volume = trimesh.Trimesh(fewer, less, process=False).volume
    assert volume == pytest.approx(4 / 3 * np.pi, rel=0.1)


def test_a_face_stays_near_the_one_it_was():
    vertices, faces = ball()
    fewer, less, kept = reduce(vertices, faces, 1280)
    before, after = vertices[faces[kept]].mean(1), fewer[less].mean(1)
    assert np.linalg.norm(before - after, axis=1).max() < 0.25
    assert len(set(kept.tolist())) == len(kept)


def test_a_mesh_within_its_budget_is_untouched():
    vertices, faces = ball(1)
    fewer, less, kept = reduce(vertices, faces, len(faces))
    assert np.array_equal(fewer, vertices) and np.array_equal(less, faces) and len(kept) == len(faces)
