"""Several pictures of one run: files, seeds, progress, and the recipe beside them."""

import json

import numpy as np
import pytest

from backend.generators.catalogue import SEETHROUGH3D
from backend.generators.interface import Control
from backend.protocol import artifacts
from backend.protocol.assets import SceneImage
from backend.protocol.messages import JobRequest, JobSettings
from backend.protocol.scene import Box, Camera, SceneSpec
from backend.protocol.stages import StageTask
from backend.stages import condition, image, pictures
from backend.stages.job import StageJob

SCENE = SceneSpec(
    boxes=(Box(id="b", prompt="a chair", location=(0, 0, 0), size=(1, 1, 1)),),
    camera=Camera(location=(0, -6, 1.5), rotation=(0.7071068, 0.7071068, 0, 0), lens=50, sensor_height=36),
    surroundings="in a room",
    seed=40,
)


class Painter:
    """A picture of its seed, in two steps."""

    def image(self, request, control):
        for step in (1, 2):
            control.step(step, 2, "Painting")
        return SceneImage(np.full((16, 32, 3), request.seed, np.uint8), request.seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("job")
    shown, _ = condition.render(SCENE, "raster", Control())
    (made / "condition").mkdir()
    (made / "condition" / artifacts.CONDITION).write_bytes(pictures.encode_png(shown.image))
    (made / "condition" / artifacts.BOX_MAPS).write_bytes(shown.to_bytes())
    return made


def run(folder, control=None, **options):
    settings = JobSettings(options={"seethrough3d": options})
    job = StageJob(JobRequest(id="j", scene=SCENE, settings=settings), StageTask("image"), folder)
    files, _ = image.run(job, Painter(), SEETHROUGH3D, control or Control())
    return {name: data for (_, name), data in files.items()}


def test_one_picture_of_the_scenes_seed_and_how_it_was_made(folder):
    files = run(folder, width=512)
    assert list(files) == [artifacts.SCENE_IMAGE, artifacts.SCENE_IMAGE_INFO]
    assert pictures.decode(files[artifacts.SCENE_IMAGE])[0, 0].tolist() == [40] * 3
    recipe = json.loads(files[artifacts.SCENE_IMAGE_INFO])
    assert recipe["seeds"] == {"image.png": 40} and recipe["boxes"] == {"b": "a chair"}
    assert recipe["options"]["width"] == 512 and recipe["options"]["steps"] == 25


def test_more_pictures_have_the_seeds_that_follow_and_share_the_progress(folder):
    heard = []
    files = run(folder, Control(report=lambda *a: heard.append(a[:3])), pictures=3)
    names = ["image.png", "image-2.png", "image-3.png"]
    assert [int(pictures.decode(files[name])[0, 0, 0]) for name in names] == [40, 41, 42]
    assert json.loads(files[artifacts.SCENE_IMAGE_INFO])["seeds"] == dict(zip(names, (40, 41, 42), strict=True))
    assert [(step, of) for step, of, _ in heard] == [(n, 6) for n in range(1, 7)]
    assert heard[-1][2] == "Painting (3 of 3)"
