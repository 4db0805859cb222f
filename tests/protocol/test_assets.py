"""backend/protocol/assets.py: what the stages hand on survives being a file, and is checked when it is read."""

import dataclasses

import numpy as np
import pytest

from backend.protocol.assets import ConditionImages, MeshData, Placement, check_mesh
from backend.protocol.errors import InvalidMessage

MESH = MeshData(
    vertices=np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32),
    faces=np.array([[0, 1, 2]], np.int32),
    corner_uvs=np.zeros((1, 3, 2), np.float32),
    face_parts=np.zeros(1, np.int32),
    meta={"kind": "chair"},
)


def test_a_mesh_survives():
    back = MeshData.from_bytes(MESH.to_bytes())
    assert back.meta == MESH.meta and back.corner_normals is None
    for name in ("vertices", "faces", "corner_uvs", "face_parts"):
        assert np.array_equal(getattr(back, name), getattr(MESH, name))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"faces": np.array([[0, 1, 3]], np.int32)}, "names vertex 3, there are 3"),
        ({"faces": np.array([[0, 1, -1]], np.int32)}, "names vertex"),
        ({"faces": np.array([[0, 1, 2]], np.int64)}, "faces are not"),
        ({"vertices": np.full((3, 3), np.nan, np.float32)}, "finite"),
        ({"vertices": np.zeros((3, 2), np.float32)}, "vertices are not"),
        ({"corner_uvs": np.zeros((2, 3, 2), np.float32)}, "corner_uvs have shape"),
        ({"face_parts": np.zeros(3, np.int32)}, "face_parts have shape"),
    ],
)
def test_a_mesh_that_is_none_is_refused(change, words):
    with pytest.raises(InvalidMessage, match=words):
        check_mesh(dataclasses.replace(MESH, **change))


def test_a_mesh_file_without_vertices_is_refused():
    from backend.protocol import tensors

    with pytest.raises(InvalidMessage, match="vertices"):
        MeshData.from_bytes(tensors.pack({"faces": MESH.faces}))


def test_condition_images_survive_with_odd_widths():
    chance = np.random.default_rng(2)
    shape = (3, 5, 13)
    image = chance.integers(0, 255, (5, 13, 3), np.uint8)
    images = ConditionImages(
        image=image,
        box_ids=("a", "b", "c"),
        amodal=chance.random(shape) < 0.5,
        visible=chance.random(shape) < 0.5,
        depth=np.where(chance.random(shape) < 0.5, np.inf, 2.0).astype(np.float32),
        tokens=chance.integers(0, 2, (3, 32, 32), np.uint8),
    )
    back = ConditionImages.from_bytes(images.to_bytes(), image)
    assert back.box_ids == images.box_ids
    for name in ("amodal", "visible", "depth", "tokens"):
        assert np.array_equal(getattr(back, name), getattr(images, name)), name


def test_a_placement_survives_and_nonsense_does_not():
    identity = tuple(tuple(float(i == j) for j in range(4)) for i in range(4))
    placement = Placement(matrix=identity, fit="inside", bounds=((0, 0, 0), (1, 1, 1)), triangles=12)
    assert Placement.from_bytes(placement.to_bytes()) == placement
    with pytest.raises(InvalidMessage, match="Placement"):
        Placement.from_bytes(b'{"matrix": 3}')
