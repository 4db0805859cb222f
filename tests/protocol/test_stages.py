"""backend/protocol/stages.py: what a job consists of."""

import pytest

from backend.protocol.errors import InvalidScene, NotFound
from backend.protocol.messages import JobRequest, JobSettings
from backend.protocol.options import GeneratorInfo
from backend.protocol.scene import Camera, Panorama, SceneSpec
from backend.protocol.stages import STAGES, WORKER_OF, plan
from tests.client import box

DRAFT = GeneratorInfo(name="draft", label="", description="", gives=("mesh", "material"), takes=("box",))
LIFTER = GeneratorInfo(name="lifter", label="", description="", gives=("mesh",), takes=("image",))
CAMERA = Camera(location=(0, -5, 1), rotation=(1, 0, 0, 0))


def keys(scene_boxes, camera=CAMERA, pictured=frozenset(), **fields):
    request = JobRequest(id="j", scene=SceneSpec(boxes=tuple(scene_boxes), camera=camera), **fields)
    return [task.key for task in plan(request, (DRAFT, LIFTER), pictured)]


def test_a_draft_job_needs_no_picture():
    assert keys([box("a")]) == ["condition", "mesh/a", "material/a", "placement/a"]
    assert keys([box("a")], settings=JobSettings(condition=False)) == ["mesh/a", "material/a", "placement/a"]
    assert keys([box("a")], camera=None) == ["mesh/a", "material/a", "placement/a"]


def test_a_generator_that_takes_pictures_brings_the_image_stages():
    planned = keys([box("a"), box("b", generator="lifter")], settings=JobSettings(condition=False))
    assert planned[:3] == ["condition", "image", "views"]
    assert len(planned) == 9


def test_things_that_are_drawn_alone_need_neither_scene_nor_camera():
    settings = JobSettings(condition=False, views="alone")
    planned = keys([box("a"), box("b", generator="lifter")], camera=None, settings=settings)
    assert planned == ["views/b", "mesh/a", "material/a", "placement/a", "mesh/b", "material/b", "placement/b"]
    request = JobRequest(id="j", scene=SceneSpec(boxes=(box("b", generator="lifter"),)), settings=settings)
    views, mesh, *_ = plan(request, (DRAFT, LIFTER))
    assert views.generator == settings.image_generator and mesh.needs == (views.key,)


def test_the_picture_alone_can_be_asked_for_whoever_makes_the_meshes():
    assert keys([box("a")], settings=JobSettings(stop_after="image", condition=False)) == ["condition", "image"]
    assert keys([box("a", generator="lifter")], settings=JobSettings(stop_after="condition")) == ["condition"]
    with pytest.raises(InvalidScene, match="camera"):
        keys([box("a", generator="lifter")], camera=None, settings=JobSettings(stop_after="image"))


def test_a_box_with_its_own_picture_needs_none_made():
    assert "image" not in keys([box("a", generator="lifter")], pictured=frozenset({"a"}))


def test_every_task_comes_after_what_it_needs():
    scene = SceneSpec(
        boxes=tuple(box(f"b{i}", generator="lifter" if i % 2 else "draft") for i in range(9)),
        camera=CAMERA,
        panorama=Panorama(),
    )
    seen = set()
    for task in plan(JobRequest(id="j", scene=scene), (DRAFT, LIFTER)):
        assert set(task.needs) <= seen and task.stage in STAGES and task.stage in WORKER_OF
        seen.add(task.key)
    assert "room" in seen


def test_locked_boxes_are_left_out_unless_they_are_named():
    boxes = [box("a", locked=True), box("b")]
    assert "mesh/a" not in keys(boxes)
    assert "mesh/a" in keys(boxes, boxes=("a",)) and "mesh/b" not in keys(boxes, boxes=("a",))


def test_what_cannot_be_planned_is_said():
    with pytest.raises(NotFound, match="'ghost'"):
        keys([box("a")], boxes=("ghost",))
    with pytest.raises(InvalidScene, match=r"Box 'a'.*'magic'.*draft, lifter"):
        keys([box("a", generator="magic")])
    with pytest.raises(InvalidScene, match="camera is None"):
        keys([box("a", generator="lifter")], camera=None)
