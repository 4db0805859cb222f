"""Boxes to a picture, to views, to meshes in the boxes: the add-on in a headless Blender, the real server and workers.

The checkpoints are tiny, in the published layouts; what they paint is noise. What is looked at is everything around it:
files, stages, sizes, masks and crops, the picture behind the boxes, the objects in them.
"""

import io
import json
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

bpy = pytest.importorskip("bpy")

from greybox.backend.protocol import artifacts  # noqa: E402
from greybox.blender_addon import boxes, generator_options, jobs  # noqa: E402

from backend.protocol import messages as m  # noqa: E402
from backend.protocol.scene import Box, Camera, SceneSpec  # noqa: E402
from tests.blender_addon.conftest import blender, box  # noqa: E402, F401
from tests.client import ROOT, Backend  # noqa: E402

WIDTH, HEIGHT, STEPS = 288, 256, 6
OPTIONS = {"width": WIDTH, "height": HEIGHT, "steps": STEPS}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Written by another process: torch and Blender have no business in one."""
    root = tmp_path_factory.mktemp("weights")
    for module in ("seethrough3d.tiny_flux", "pixal3d.tiny"):
        write = f"import pathlib, tests.generators.{module} as tiny; tiny.write(pathlib.Path({str(root)!r}))"
        subprocess.run([sys.executable, "-c", write], cwd=ROOT, check=True, capture_output=True)
    return root


@pytest.fixture
def backend(blender, tmp_path, weights):  # noqa: F811
    """The real server in the data folder of the add-on, with weights of a few thousand numbers."""
    started = Backend(tmp_path / "data", fake=False, GREYBOX_WEIGHTS=str(weights))
    yield started
    jobs.disconnect()
    started.end()


@pytest.fixture
def layout(blender, box):  # noqa: F811
    """A sofa half behind a lamp, which Pixal3D makes from the picture, and a table that Draft makes from words."""
    made = [
        box("Sofa", "a green sofa", (0, 0.4, 0), (1.8, 0.8, 0.8)),
        box("Lamp", "a floor lamp", (0.3, -0.8, 0), (0.4, 0.4, 1.5)),
        box("Table", "a low table", (-1.4, -0.6, 0), (0.6, 0.6, 0.4)),
    ]
    for chosen, generator in zip(made, ("pixal3d", "pixal3d", "draft"), strict=True):
        chosen.greybox.generator = generator
    blender.scene.greybox.renderer = "raster"
    blender.scene.greybox.texture_size = "512"
    generator_options.write(blender.scene, "seethrough3d", OPTIONS)
    bpy.ops.greybox.frame_boxes()
    return made


def finished(context, seconds=120):
    job = jobs.run_until_done(context, seconds)[-1]
    assert job.state == "done", (job.message, job.remedy)
    return job


def test_from_boxes_to_a_picture_to_what_stands_in_the_boxes(blender, backend, layout, tmp_path):  # noqa: F811
    scene = blender.scene
    jobs.generate(blender, layout, stop_after="image")
    finished(blender)
    assert tuple(scene.greybox.picture.size) == (WIDTH, HEIGHT)
    assert not any(boxes.result_of(made) for made in layout)

    jobs.generate(blender, layout)
    job = finished(blender)
    for made in layout:
        assert boxes.result_of(made) is not None, made.name
    stages = tmp_path / "data" / "jobs" / job.id
    _look_at_views(stages, layout)
    recipe = json.loads((stages / "image" / artifacts.SCENE_IMAGE_INFO).read_text())
    assert recipe["options"]["width"] == WIDTH and recipe["seeds"] == {"image.png": scene.greybox.seed}
    painted = np.asarray(Image.open(stages / "image" / artifacts.SCENE_IMAGE))
    assert painted.shape == (HEIGHT, WIDTH, 3) and painted.std() > 5


def test_previews_reach_the_client_and_a_cancel_is_heard_between_steps(tmp_path, weights):
    backend = Backend(tmp_path / "data", fake=False, GREYBOX_WEIGHTS=str(weights))
    client = backend.client()
    try:
        camera = Camera(location=(0, -6, 1.5), rotation=(0.7071068, 0.7071068, 0, 0), lens=50, sensor_height=36)
        boxes = (Box(id="b", prompt="a sofa", location=(0, 0, 0), size=(1.8, 0.8, 0.8)),)
        options = {"seethrough3d": {"width": 512, "height": 512, "steps": 50, "pictures": 8}}
        settings = m.JobSettings(renderer="raster", stop_after="image", options=options)
        scene = SceneSpec(boxes=boxes, camera=camera)
        client.submit(m.JobRequest(id="j", scene=scene, settings=settings))
        client.until(lambda: bool(client.previews), 60)
        assert Image.open(io.BytesIO(client.previews[0])).format == "JPEG"
        asked = time.monotonic()
        client.ask(m.Cancel, job="j")
        assert client.wait("j").state == "cancelled" and time.monotonic() - asked < 2
        assert not list((tmp_path / "data" / "jobs" / "j").glob("image/*"))
    finally:
        client.close()
        backend.end()


def _look_at_views(stages, layout):
    sofa, lamp, table = (stages / "views" / made.greybox.uid for made in layout)
    for folder in (sofa, lamp, table):
        view = np.asarray(Image.open(io.BytesIO((folder / artifacts.VIEW).read_bytes())))
        assert view.shape == (1024, 1024, 4) and 0.01 < (view[..., 3] > 128).mean() < 0.9
    seen = [json.loads((folder / artifacts.VIEW_INFO).read_text())["visible"] for folder in (sofa, lamp, table)]
    assert seen[0] < 0.95 < seen[1]
