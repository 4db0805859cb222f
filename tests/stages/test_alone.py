"""A box drawn by itself: the camera that is told with the picture sees the box where the picture shows it."""

import json
import math

import msgspec
import numpy as np
import pytest

from backend.generators.catalogue import SEETHROUGH3D
from backend.generators.interface import Control, ImageRequest
from backend.protocol import artifacts
from backend.protocol.assets import SceneImage
from backend.protocol.messages import JobRequest, JobSettings
from backend.protocol.scene import Box, Camera, SceneSpec, box_corners, rotation_matrix, view_frame
from backend.protocol.stages import StageTask
from backend.stages import alone, views
from backend.stages.job import StageJob
from backend.stages.views import cut_out

TURNED = Box(
    id="b", prompt="a chair", location=(3.0, -2.0, 0.5), size=(0.6, 0.9, 1.4),
    rotation=(math.cos(0.4), 0.0, 0.0, math.sin(0.4)),
)  # fmt: skip


class Painter:
    """Paints the box's silhouette dark on a light ground, as the image generator is hoped to do."""

    def __init__(self) -> None:
        self.asked: list[ImageRequest] = []

    def image(self, request: ImageRequest, control: Control) -> SceneImage:
        self.asked.append(request)
        picture = np.full((*request.condition.amodal.shape[1:], 3), 205, np.uint8)
        picture[request.condition.amodal[0]] = (120, 40, 30)
        return SceneImage(picture, request.seed)


@pytest.fixture(scope="module")
def drawn():
    painter = Painter()
    picture, shown, camera = alone.draw(TURNED, painter, 7, {"width": 512, "height": 768, "steps": 4}, Control())
    return painter.asked[0], picture, shown, camera


def projected(camera, point) -> tuple[float, float]:
    """(u, v) in 0..1, v down, of a world point."""
    rows = rotation_matrix(camera.rotation)
    offset = [p - c for p, c in zip(point, camera.location, strict=True)]
    x, y, z = (sum(rows[i][k] * offset[i] for i in range(3)) for k in range(3))
    half_w, half_h, cx, cy = view_frame(camera)
    return 0.5 + (x / -z - cx) / (2 * half_w), 0.5 - (y / -z - cy) / (2 * half_h)


def test_only_this_box_is_asked_for_on_a_plain_ground_and_as_a_square(drawn):
    request, *_ = drawn
    (box,) = request.scene.boxes
    assert box.prompt == "a chair" and "plain" in request.scene.surroundings
    assert request.options == {"width": 512, "height": 512, "steps": 4} and request.seed == 7


def test_the_camera_sees_the_standing_box_where_the_picture_shows_it(drawn):
    _, _, shown, camera = drawn
    corners = np.array([projected(camera, corner) for corner in box_corners(TURNED)])
    rows, columns = np.nonzero(shown.amodal[0])
    side = shown.amodal.shape[-1]
    assert corners[:, 0].min() * side == pytest.approx(columns.min(), abs=5)
    assert corners[:, 0].max() * side == pytest.approx(columns.max() + 1, abs=5)
    assert corners[:, 1].min() * side == pytest.approx(rows.min(), abs=5)
    assert corners[:, 1].max() * side == pytest.approx(rows.max() + 1, abs=5)


def test_the_whole_box_is_in_the_picture_and_fills_it(drawn):
    _, _, shown, _ = drawn
    rows, columns = np.nonzero(shown.amodal[0])
    side = shown.amodal.shape[-1]
    assert min(rows.min(), columns.min()) > 0 and max(rows.max(), columns.max()) < side - 1
    assert max(np.ptp(rows), np.ptp(columns)) > 0.6 * side


def test_it_is_seen_from_its_front_and_from_above(drawn):
    _, _, _, camera = drawn
    rows = rotation_matrix(TURNED.rotation)
    offset = [c - p for c, p in zip(camera.location, TURNED.location, strict=True)]
    local = [sum(rows[i][k] * offset[i] for i in range(3)) for k in range(3)]
    assert local[1] < 0 < local[0] and local[2] > TURNED.size[2]  # before the front, to the right, above


def test_the_thing_is_cut_out_of_its_plain_ground(drawn):
    _, picture, shown, camera = drawn
    view = cut_out("b", picture, shown.amodal[0], shown.amodal[0], camera)
    solid = view.image[..., 3] > 128
    assert (view.image[solid][:, 0] < 160).mean() > 0.99 and view.visible == 1.0


def test_the_stage_of_one_box_makes_its_view_with_the_camera(tmp_path):
    request = JobRequest(id="j", scene=SceneSpec(boxes=(TURNED,)), settings=JobSettings(views="alone"))
    job = StageJob(request, StageTask("views", "b", "seethrough3d"), tmp_path)
    files, notes = views.run(job, Painter(), SEETHROUGH3D, Control())
    assert set(files) == {("b", artifacts.VIEW), ("b", artifacts.VIEW_INFO)} and not notes
    told = json.loads(files["b", artifacts.VIEW_INFO])
    assert told["visible"] == 1.0 and msgspec.convert(told["camera"], Camera).resolution == (1024, 1024)
