"""The whole generator on tiny networks in the published layout."""

import numpy as np
import pytest
import trimesh

from backend.generators.interface import Control, MaterialRequest, MeshRequest
from backend.generators.trellis2.pipeline import IMAGE_SIDES, Trellis2, framed
from backend.protocol.assets import BoxView, MeshData, check_mesh
from backend.protocol.errors import InvalidScene
from backend.protocol.scene import Box

from .tiny import write

BOX = Box(id="lamp", prompt="a lamp", location=(0, 0, 0), size=(0.4, 0.4, 1.2))


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Trellis2:
    root = write(tmp_path_factory.mktemp("weights"))
    made = Trellis2(root, dict.fromkeys(IMAGE_SIDES, 64), painted=64)
    made.load("cpu", Control())
    return made


def view() -> BoxView:
    image = np.zeros((40, 60, 4), np.uint8)
    image[10:30, 20:45] = (200, 120, 40, 255)
    return BoxView(BOX.id, image, None, 1.0)


@pytest.mark.parametrize("resolution", ["512", "1024_cascade"])
def test_a_picture_becomes_a_mesh_and_its_maps(generator: Trellis2, resolution: str) -> None:
    options = {"resolution": resolution, "memory": "staged"}
    mesh, _ = generator.mesh(MeshRequest(BOX, 4, view(), 2000, options), Control())
    check_mesh(mesh)
    assert 0 < len(mesh.faces) <= 2000 and np.abs(mesh.vertices).max() < 0.51
    painted, maps = generator.material(MaterialRequest(BOX, mesh, 4, view(), 32, options), Control())
    assert painted.corner_uvs is not None and maps.base_color.shape == (32, 32, 3)


def test_a_mesh_from_elsewhere_is_painted_in_its_own_voxels(generator: Trellis2) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=3, radius=0.6).apply_translation((0, 0, 0.6))
    mesh = MeshData(sphere.vertices.astype(np.float32), sphere.faces.astype(np.int32))
    options = {"resolution": "1024_cascade", "memory": "staged"}
    painted, maps = generator.material(MaterialRequest(BOX, mesh, 4, view(), 64, options), Control())
    assert np.array_equal(painted.vertices, mesh.vertices) and painted.corner_uvs is not None
    assert maps.base_color.std() > 0
    again, same = generator.material(MaterialRequest(BOX, painted, 4, view(), 64, options), Control())
    assert np.array_equal(again.corner_uvs, painted.corner_uvs)  # UVs that are there are kept
    assert np.array_equal(same.base_color, maps.base_color)


def test_an_empty_view_is_named() -> None:
    with pytest.raises(InvalidScene, match="no object to crop"):
        framed(BoxView("lamp", np.zeros((8, 8, 4), np.uint8), None, 0.0))
