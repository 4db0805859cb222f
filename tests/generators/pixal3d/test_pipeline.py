"""The whole generator on tiny networks in the published layout."""

from dataclasses import replace
from math import cos, sin
from pathlib import Path

import numpy as np
import pytest

from backend.generators.interface import Control, MaterialRequest, MeshRequest
from backend.generators.pixal3d.pipeline import Pixal3D
from backend.protocol.assets import BoxView, MeshData, check_mesh
from backend.protocol.errors import Cancelled, InvalidScene, Unavailable
from backend.protocol.scene import Box, Camera

from .tiny import STAGES, write

OPTIONS = {"resolution": "1024_cascade", "view_angle": 30.0, "memory": "staged"}
BOX = Box(
    id="chair", prompt="a chair", location=(0.5, 0.3, 0.0), size=(0.6, 0.6, 1.0), rotation=(cos(0.3), 0, 0, sin(0.3))
)
CAMERA = Camera(
    location=(0.5, -3.7, 0.5), rotation=(cos(np.pi / 4), sin(np.pi / 4), 0, 0), lens=60.0, sensor_height=36.0
)


def disc(camera: Camera | None) -> BoxView:
    y, x = np.mgrid[:128, :128]
    inside = (x - 64) ** 2 + (y - 60) ** 2 < 40**2
    image = np.dstack((x * 2, y * 2, 0 * x + 60, np.where(inside, 255, 0))).astype(np.uint8)
    return BoxView(BOX.id, image, camera, 1.0)


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Pixal3D:
    made = Pixal3D(write(tmp_path_factory.mktemp("weights")), STAGES)
    made.load("cpu", Control())
    return made


def request(camera: Camera | None = None, seed: int = 1) -> MeshRequest:
    return MeshRequest(BOX, seed, disc(camera), triangles=3000, options=dict(OPTIONS))


def test_a_picture_becomes_a_mesh_and_its_maps(generator: Pixal3D) -> None:
    heard: list[str] = []
    control = Control(report=lambda step, of, text, preview: heard.append(text))
    mesh, _ = generator.mesh(request(), control)
    check_mesh(mesh)
    assert 0 < len(mesh.faces) <= 3000
    painted, maps = generator.material(MaterialRequest(BOX, mesh, 1, disc(None), 64, dict(OPTIONS)), control)
    check_mesh(painted)
    assert np.array_equal(painted.faces, mesh.faces) and painted.corner_uvs is not None
    assert maps.base_color.shape == maps.orm.shape == maps.normal.shape == (64, 64, 3)
    wanted = ["Finding the structure", "Shaping", "Refining the shape", "Painting the material", "Decoding"]
    assert list(dict.fromkeys(heard))[:5] == wanted
    assert heard.count("Decoding") == 1  # the material stage used what the mesh stage had made


def test_an_unknown_view_angle_is_said_where_nothing_can_estimate_it(generator: Pixal3D) -> None:
    assert not generator.mesh(request(), Control())[1]
    unknown = replace(request(), options=OPTIONS | {"view_angle": 0.0})
    _, notes = generator.mesh(unknown, Control())
    assert len(notes) == 1 and "30 degrees" in notes[0]
    assert not generator.mesh(replace(unknown, view=disc(CAMERA)), Control())[1]


def test_the_same_seed_gives_the_same_mesh_also_after_a_restart(generator: Pixal3D) -> None:
    first, _ = generator.mesh(request(seed=3), Control())
    generator._shelf.clear()
    again, _ = generator.mesh(request(seed=3), Control())
    assert np.array_equal(first.vertices, again.vertices)


def test_with_a_true_camera_the_asset_stands_in_its_box_at_the_depth_of_the_box(generator: Pixal3D) -> None:
    mesh, _ = generator.mesh(request(CAMERA), Control())
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    centre = (low + high) / 2
    assert np.abs(centre - [0, 0, 0.5]).max() < 0.5  # box frame: the middle of the box is half its height up
    assert 0.2 < (high - low).max() < 2.9  # the cube is 1.65 m wide and stands at an angle


def test_a_cancel_ends_the_sampling(generator: Pixal3D) -> None:
    calls = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > 2

    with pytest.raises(Cancelled):
        generator.mesh(request(seed=9), Control(cancelled=cancelled))


def test_without_a_picture_there_is_a_remedy(generator: Pixal3D) -> None:
    with pytest.raises(Unavailable, match="needs a picture"):
        generator.mesh(MeshRequest(BOX, 1, None, options=dict(OPTIONS)), Control())
    empty = BoxView(BOX.id, np.zeros((8, 8, 4), np.uint8), None, 1.0)
    with pytest.raises(InvalidScene, match="empty"):
        generator.mesh(MeshRequest(BOX, 1, empty, options=dict(OPTIONS)), Control())


def test_meshes_of_others_are_refused_with_a_remedy(generator: Pixal3D) -> None:
    foreign = MeshData(np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.int32))
    with pytest.raises(Unavailable, match="only meshes that it has made"):
        generator.material(MaterialRequest(BOX, foreign, 1, disc(None), 64, dict(OPTIONS)), Control())


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="weights 'pixal3d'") as caught:
        Pixal3D(tmp_path).load("cpu", Control())
    assert "install.py weights pixal3d" in caught.value.remedy


def test_projection_layers_that_the_json_forgets_are_found_in_the_weights(tmp_path: Path) -> None:
    generator = Pixal3D(write(tmp_path, forget_projection=True), STAGES)
    generator.load("cpu", Control())
    assert generator._networks["shape_slat_flow_model_512"].config.projected_channels == 64
    assert generator._networks["sparse_structure_flow_model"].config.projected_channels == 32
