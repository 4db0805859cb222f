"""A picture to a textured asset in its box: the real server and worker, with tiny checkpoints in the published layouts.

The same way through the add-on's buttons, with the picture made on the way, is in `test_picture_first.py`.
"""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from backend.protocol import artifacts
from backend.protocol import messages as m
from backend.protocol.assets import MeshData, check_mesh
from backend.protocol.scene import Box, SceneSpec
from tests.client import ROOT, Backend


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    write = f"import pathlib, tests.generators.trellis2.tiny as tiny; tiny.write(pathlib.Path({str(root)!r}))"
    subprocess.run([sys.executable, "-c", write], cwd=ROOT, check=True, capture_output=True)
    return root


@pytest.mark.slow
@pytest.mark.parametrize("generator", ["pixal3d", "trellis2"])
def test_a_picture_becomes_an_asset(generator, weights, tmp_path):
    box = Box(id="b", prompt="a stool", location=(1, 2, 0), size=(0.5, 0.5, 0.9), generator=generator)
    settings = m.JobSettings(texture_size=128, triangles=3000)
    backend = Backend(tmp_path / "data", fake=False, GREYBOX_WEIGHTS=str(weights))
    client = backend.client()
    try:
        client.submit(m.JobRequest(id="j", scene=SceneSpec(boxes=(box,)), settings=settings), {"image/b": stool()})
        done = client.wait("j", 240)
        assert done.state == "done", done
    finally:
        client.close()
        backend.end()
    stages = tmp_path / "data" / "jobs" / "j"
    mesh = MeshData.from_bytes((stages / "material" / "b" / artifacts.MESH).read_bytes())
    check_mesh(mesh)
    assert mesh.meta["generator"] == generator and 0 < len(mesh.faces) <= 3000 and mesh.corner_uvs is not None
    colour = np.asarray(Image.open(stages / "material" / "b" / artifacts.BASE_COLOR))
    assert colour.shape[:2] == (128, 128)
    assert (stages / "placement" / "b" / artifacts.GLB).read_bytes()[:4] == b"glTF"


def stool() -> bytes:
    picture = np.zeros((96, 96, 4), np.uint8)
    picture[20:80, 30:66] = (180, 120, 60, 255)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "png")
    return file.getvalue()
