"""The starter weights through the generator's door: a mesh of the box's size, outward, reported and cancellable."""

import numpy as np
import pytest

from backend.generators.interface import Control, MeshRequest
from backend.generators.tar3d.pipeline import Tar3D, direction_of_view, largest_pieces
from backend.protocol.assets import BoxView, check_mesh
from backend.protocol.errors import Cancelled, InvalidScene, Unavailable
from backend.protocol.scene import Box, Camera

CHAIR = Box(id="a", prompt="a dining chair", location=(1.0, 2.0, 0.0), size=(0.5, 0.5, 0.9))


@pytest.fixture(scope="module")
def tar3d() -> Tar3D:
    generator = Tar3D()
    generator.load("cpu", Control())
    return generator


@pytest.mark.slow
def test_a_chair_from_words_fills_its_box(tar3d):
    texts = []
    control = Control(report=lambda step, of, text, preview: texts.append(text))
    mesh, notes = tar3d.mesh(MeshRequest(box=CHAIR, seed=1, triangles=5000, options={"detail": 6}), control)
    check_mesh(mesh)
    assert notes == () and 0 < len(mesh.faces) <= 5000
    assert "Drawing the shape" in texts and texts[-1] == "Meshing"
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    assert (low > [-0.3, -0.3, -0.05]).all() and (high < [0.3, 0.3, 0.95]).all()
    assert high[2] > 0.75  # a chair's back reaches the top
    a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(float) for k in range(3))
    assert np.einsum("fi,fi->", a, np.cross(b, c)) > 0


def test_a_cancel_stops_it(tar3d):
    with pytest.raises(Cancelled):
        tar3d.mesh(MeshRequest(box=CHAIR, seed=1), Control(cancelled=lambda: True))


def test_a_wrong_option_is_named(tar3d):
    with pytest.raises(InvalidScene, match="guidance"):
        tar3d.mesh(MeshRequest(box=CHAIR, seed=1, options={"guidance": 99.0}), Control())


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(Unavailable, match=r"settings\.json"):
        Tar3D(weights=tmp_path).load("cpu", Control())


def test_a_camera_in_front_of_a_turned_box_looks_at_its_front():
    quarter = Box(id="b", prompt="", location=(0, 0, 0), size=(1, 1, 1), rotation=(0.5**0.5, 0, 0, 0.5**0.5))
    camera = Camera(location=(5.0, 0.0, 0.5), rotation=(1.0, 0.0, 0.0, 0.0))  # the front, -Y, was turned to +X
    view = BoxView("b", np.zeros((4, 4, 4), np.uint8), camera, 1.0)
    np.testing.assert_allclose(direction_of_view(quarter, view), [0, 0, 1], atol=1e-9)


def test_crumbs_are_swept_away():
    strip = np.stack([np.arange(100), np.arange(100) + 1, np.arange(100) + 2], 1)
    crumb = np.array([[200, 201, 202]])
    vertices, faces = largest_pieces(np.random.default_rng(0).random((203, 3)), np.concatenate([strip, crumb]))
    assert len(faces) == 100 and len(vertices) == 102
