"""backend/stages/placement.py and job.py: an asset stands in its box, as numbers and as a GLB file."""

import json

import msgspec
import numpy as np
import pytest
import trimesh

from backend.generators.interface import Control
from backend.protocol import artifacts
from backend.protocol.assets import MeshData, Placement
from backend.protocol.errors import Cancelled, NotFound
from backend.protocol.messages import JobRequest, JobSettings
from backend.protocol.stages import StageTask
from backend.stages import pictures, placement
from backend.stages.job import StageJob
from tests.client import box, job

SIZE = (2.0, 1.0, 3.0)
TASK = StageTask("placement", "a")


@pytest.fixture
def folder(tmp_path):
    """A job folder in which the material stage has run: a unit block, twice too small, off its place."""
    request = job("j", msgspec.structs.replace(box("a", "a block"), size=SIZE))
    (tmp_path / "request.msgpack").write_bytes(msgspec.msgpack.encode(request))
    block = trimesh.creation.box((1, 0.5, 1.5))
    faces = block.faces.astype(np.int32)
    uvs = np.tile(np.array([[0, 0], [1, 0], [1, 1]], np.float32), (len(faces), 1, 1))
    mesh = MeshData((block.vertices + 7).astype(np.float32), faces, uvs)
    picture = pictures.encode_png(np.full((4, 4, 3), 200, np.uint8))
    made = tmp_path / "material/a"
    made.mkdir(parents=True)
    (made / artifacts.MESH).write_bytes(mesh.to_bytes())
    for name in (artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL):
        (made / name).write_bytes(picture)
    return tmp_path


def test_the_placed_asset_touches_its_box(folder):
    files, notes = placement.run(StageJob.open(folder, TASK), Control())
    placed = Placement.from_bytes(files["a", artifacts.PLACEMENT])
    assert notes == () and placed.fit == "inside" and placed.triangles == 12
    assert np.array(placed.bounds) == pytest.approx(np.array([[-1, -0.5, 0], [1, 0.5, 3]]), abs=1e-5)
    assert np.array(placed.matrix)[:3, :3] == pytest.approx(np.eye(3) * 2)


def test_the_glb_is_in_metres_with_y_up(folder):
    files, _ = placement.run(StageJob.open(folder, TASK), Control())
    asset = trimesh.load(trimesh.util.wrap_as_stream(files["a", artifacts.GLB]), file_type="glb", force="mesh")
    assert asset.extents == pytest.approx([SIZE[0], SIZE[2], SIZE[1]], abs=1e-5)
    assert asset.bounds[0][1] == pytest.approx(0, abs=1e-5) and asset.volume == pytest.approx(6, abs=1e-4)
    document = files["a", artifacts.GLB]
    head = json.loads(document[20 : 20 + int.from_bytes(document[12:16], "little")])
    assert head["meshes"][0]["name"] == "a block"


def test_an_asset_over_its_budget_is_reduced_and_keeps_its_texture(folder):
    ball = trimesh.creation.icosphere(4)
    faces = ball.faces.astype(np.int32)
    uvs = np.random.default_rng(0).random((len(faces), 3, 2), np.float32)
    mesh = MeshData(ball.vertices.astype(np.float32), faces, uvs)
    (folder / "material/a" / artifacts.MESH).write_bytes(mesh.to_bytes())
    request = msgspec.msgpack.decode((folder / "request.msgpack").read_bytes(), type=JobRequest)
    less = msgspec.structs.replace(request, settings=JobSettings(triangles=1000))
    (folder / "request.msgpack").write_bytes(msgspec.msgpack.encode(less))
    files, notes = placement.run(StageJob.open(folder, TASK), Control())
    made = MeshData.from_bytes(files["a", artifacts.MESH])
    assert len(made.faces) == Placement.from_bytes(files["a", artifacts.PLACEMENT]).triangles <= 1000 and notes == ()
    known = {tuple(corner) for corner in uvs.reshape(-1, 2).tolist()}
    assert {tuple(corner) for corner in made.corner_uvs.reshape(-1, 2).tolist()} <= known


def test_a_budget_that_cannot_be_kept_is_said(folder):
    request = msgspec.msgpack.decode((folder / "request.msgpack").read_bytes(), type=JobRequest)
    less = msgspec.structs.replace(request, settings=JobSettings(triangles=3))
    (folder / "request.msgpack").write_bytes(msgspec.msgpack.encode(less))
    files, notes = placement.run(StageJob.open(folder, TASK), Control())
    assert len(notes) == 1 and "3 asked for" in notes[0]
    assert Placement.from_bytes(files["a", artifacts.PLACEMENT]).triangles > 3


def test_a_small_picture_tells_the_asset_from_others(folder):
    files, _ = placement.run(StageJob.open(folder, TASK), Control())
    shown = pictures.decode(files["a", artifacts.PREVIEW], "RGBA")
    assert shown.shape == (128, 128, 4) and 0.2 < (shown[..., 3] > 127).mean() < 0.9 and shown[0, 0, 3] == 0
    assert files == placement.run(StageJob.open(folder, TASK), Control())[0]


def test_a_cancel_is_heard(folder):
    with pytest.raises(Cancelled):
        placement.run(StageJob.open(folder, TASK), Control(cancelled=lambda: True))


def test_a_missing_file_is_named(folder):
    (folder / "material/a" / artifacts.ORM).unlink()
    with pytest.raises(NotFound, match=r"material/a/orm\.png"):
        placement.run(StageJob.open(folder, TASK), Control())


def test_a_job_knows_its_box_its_seed_and_its_pictures(folder):
    opened = StageJob.open(folder, TASK)
    assert opened.box.id == "a" and opened.upload("panorama") is None
    (folder / "inputs").mkdir()
    (folder / "inputs/panorama").write_bytes(b"sky")
    assert opened.upload("panorama") == b"sky"
    with pytest.raises(NotFound, match="'b'"):
        _ = StageJob(opened.request, StageTask("mesh", "b"), folder).box
