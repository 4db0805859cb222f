"""backend/server/digest.py: what a stage depends on changes its digest, and nothing else does."""

import msgspec
import pytest

from backend.protocol.messages import ArtifactInfo, JobSettings
from backend.protocol.options import GeneratorInfo
from backend.protocol.scene import Camera, Panorama
from backend.protocol.stages import StageTask
from backend.server import digest
from tests.client import box, job

PLAIN = GeneratorInfo(name="draft", label="", description="", gives=("mesh",), takes=("box",))
POSED = GeneratorInfo(name="draft", label="", description="", gives=("mesh",), takes=("image", "camera"))
BASE = job("j", box("a"), box("b"))
replace = msgspec.structs.replace


def scene(**fields):
    return replace(BASE, scene=replace(BASE.scene, **fields))


def with_a(**fields):
    return scene(boxes=(replace(box("a"), **fields), box("b")))


def of(stage, request=BASE, info=PLAIN, inputs=None, before=(), box_id=""):
    return digest.stage_digest(StageTask(stage, box_id, "draft"), request, info, inputs or {}, before)


MOVED = with_a(location=(1, 2, 3))
RENAMED = with_a(prompt="other words")
CAMERA = scene(camera=Camera(location=(0, 0, 0), rotation=(1, 0, 0, 0)))
CYCLES = replace(BASE, settings=replace(BASE.settings, renderer="cycles"))


@pytest.mark.parametrize(
    ("stage", "box_id", "changed", "matters"),
    [
        ("condition", "", MOVED, True),
        ("condition", "", RENAMED, False),
        ("condition", "", CAMERA, True),
        ("condition", "", CYCLES, True),
        ("image", "", RENAMED, True),
        ("image", "", scene(surroundings="a forest"), True),
        ("image", "", CYCLES, False),
        ("image", "", with_a(generator="pixal3d", locked=True, seed=9), False),
        ("views", "", MOVED, True),
        ("views", "a", RENAMED, True),
        ("views", "b", RENAMED, False),
        ("views", "a", scene(seed=4), True),
        ("mesh", "a", MOVED, False),
        ("mesh", "a", RENAMED, True),
        ("mesh", "b", RENAMED, False),
        ("mesh", "a", scene(seed=4), True),
        ("mesh", "a", scene(surroundings="a forest"), False),
        ("mesh", "a", replace(BASE, settings=JobSettings(triangles=500)), True),
        ("material", "a", replace(BASE, settings=JobSettings(texture_size=64, triangles=500)), False),
        ("material", "a", replace(BASE, settings=JobSettings(texture_size=512)), True),
        ("placement", "a", with_a(size=(1, 1, 2)), True),
        ("placement", "a", MOVED, False),
        ("placement", "a", replace(BASE, settings=JobSettings(triangles=500)), True),
        ("room", "", scene(panorama=Panorama(height=2.0)), True),
    ],
)
def test_what_matters(stage, box_id, changed, matters):
    assert (of(stage, box_id=box_id) != of(stage, changed, box_id=box_id)) == matters


def test_a_generator_that_sees_the_camera_depends_on_the_pose():
    assert of("mesh", MOVED, POSED, box_id="a") != of("mesh", BASE, POSED, box_id="a")


def test_inputs_count_by_their_hash():
    mesh = ArtifactInfo(stage="mesh", box="a", name="m", sha256="1" * 64, size=1, media="")
    assert of("material", before=[mesh], box_id="a") != of(
        "material", before=[replace(mesh, sha256="2" * 64)], box_id="a"
    )
    assert of("material", before=[mesh], box_id="a") == of("material", before=[replace(mesh, size=2)], box_id="a")
    assert of("mesh", inputs={"image/a": "h"}, box_id="a") != of("mesh", box_id="a")
    assert of("mesh", inputs={"image/b": "h"}, box_id="a") == of("mesh", box_id="a")
    assert of("room", inputs={"panorama": "h"}) != of("room")


def test_new_code_makes_new_results(monkeypatch):
    before = of("mesh", box_id="a")
    monkeypatch.setattr(digest, "code_version", lambda: "another")
    assert of("mesh", box_id="a") != before
