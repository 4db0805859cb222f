"""A shape of another generator gets UVs, normals and Draft's parts."""

import numpy as np
import trimesh

from backend.generators.draft.adoption import adopt, nearest_parts
from backend.generators.draft.pipeline import Draft, draw_mesh
from backend.generators.interface import Control, MaterialRequest
from backend.protocol.assets import MeshData
from backend.protocol.scene import Box

SIZE = (0.5, 0.5, 0.9)
CHAIR = draw_mesh("oak chair with a red seat", SIZE, 3)


def bare(mesh: MeshData) -> MeshData:
    """The same surface as a generator without parts gives it, twice as large."""
    return MeshData(2 * mesh.vertices, mesh.faces, meta={"generator": "tar3d"})


def test_a_copy_of_the_shape_gets_its_parts_back():
    found = nearest_parts(bare(CHAIR), CHAIR)
    assert (found == CHAIR.face_parts).mean() > 0.8


def test_lone_faces_follow_their_neighbours():
    ball = trimesh.creation.icosphere(subdivisions=3)
    shape = MeshData(ball.vertices.astype(np.float32), ball.faces.astype(np.int32))
    half = (ball.triangles_center[:, 2] > 0).astype(np.int32)
    own = MeshData(shape.vertices, shape.faces, face_parts=np.where(np.arange(len(half)) % 50 == 0, 1 - half, half))
    assert (nearest_parts(shape, own) == half).mean() > 0.95


def test_an_adopted_mesh_can_be_painted():
    box = Box(id="a", prompt="oak chair with a red seat", location=(0, 0, 0), size=SIZE)
    mesh, maps = Draft().material(MaterialRequest(box=box, mesh=bare(CHAIR), seed=3, texture_size=128), Control())
    assert mesh.corner_uvs is not None and mesh.corner_uvs.min() >= 0 and mesh.corner_uvs.max() <= 1
    assert mesh.corner_normals is not None and mesh.meta["kind"] == "chair" and mesh.meta["generator"] == "tar3d"
    assert maps.base_color.shape[:2] == (128, 128)
    assert adopt(bare(CHAIR), CHAIR, 128).face_parts is not None
