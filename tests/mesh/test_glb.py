import io
import json
import struct

import numpy as np
import pytest
import trimesh
from PIL import Image

from backend.mesh.glb import GlbMaps, see_through_faces, write_glb


def _png(colour: tuple[int, ...]) -> bytes:
    memory = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", (4, 4), colour).save(memory, "PNG")
    return memory.getvalue()


MAPS = GlbMaps(_png((200, 30, 20, 255)), _png((255, 128, 0)), _png((128, 128, 255)))
VERTICES = np.array([[0, 0, 0], [1, 0, 0], [1, 0, 2], [0, 0, 2]], dtype=np.float32)  # a wall that faces -Y
FACES = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
UVS = (VERTICES[FACES][..., [0, 2]] / [1, 2]).astype(np.float32)
NORMALS = np.broadcast_to(np.float32([0, -1, 0]), (2, 3, 3))


def _document(glb: bytes) -> dict:
    magic, version, total = struct.unpack_from("<4sII", glb)
    assert (magic, version, total) == (b"glTF", 2, len(glb))
    (length,) = struct.unpack_from("<I", glb, 12)
    return json.loads(glb[20 : 20 + length])


def test_y_up_with_the_front_at_plus_z_and_shared_corners_welded():
    mesh = trimesh.load(io.BytesIO(write_glb(VERTICES, FACES, UVS, NORMALS, MAPS)), file_type="glb", force="mesh")
    assert mesh.vertices.shape == (4, 3)
    assert mesh.bounds.tolist() == [[0, 0, 0], [1, 2, 0]]
    assert np.allclose(mesh.face_normals, [0, 0, 1])
    assert np.allclose(mesh.visual.uv[:, 1], mesh.vertices[:, 1] / 2)  # trimesh turns v up again


def test_maps_go_where_gltf_expects_them():
    document = _document(write_glb(VERTICES, FACES, UVS, NORMALS, MAPS))
    (material,) = document["materials"]
    assert material["pbrMetallicRoughness"] == {
        "baseColorTexture": {"index": 0},
        "metallicRoughnessTexture": {"index": 1},
    }
    assert material["occlusionTexture"] == {"index": 1} and material["normalTexture"] == {"index": 2}
    assert "emissiveTexture" not in material and "alphaMode" not in material
    assert len(document["images"]) == 3


def test_emission_and_a_see_through_part():
    maps = GlbMaps(MAPS.base_color, MAPS.orm, MAPS.normal, _png((255, 255, 200)))
    document = _document(write_glb(VERTICES, FACES, UVS, NORMALS, maps, see_through=np.array([False, True])))
    opaque, blended = document["materials"]
    assert blended["alphaMode"] == "BLEND" and "alphaMode" not in opaque
    assert opaque["emissiveFactor"] == [1, 1, 1] and len(document["images"]) == 4
    assert [p["material"] for p in document["meshes"][0]["primitives"]] == [0, 1]


def test_faces_are_see_through_where_the_picture_is():
    alpha = np.full((4, 4), 255, dtype=np.uint8)
    alpha[:2, :2] = 60  # the upper left
    assert see_through_faces(UVS, alpha).tolist() == [False, True]


def test_corners_with_different_normals_stay_apart():
    normals = np.array(NORMALS)
    normals[1] = [0.6, -0.8, 0]
    document = _document(write_glb(VERTICES, FACES, UVS, normals, MAPS))
    assert document["accessors"][0]["count"] == 6


def test_a_map_of_another_format_is_refused():
    with pytest.raises(ValueError, match="neither PNG nor JPEG"):
        write_glb(VERTICES, FACES, UVS, NORMALS, GlbMaps(b"GIF89a..", MAPS.orm, MAPS.normal))
