"""backend/server/admission.py: a job that cannot run is refused before it is accepted, with what to do."""

import msgspec
import pytest

from backend.protocol.errors import GreyboxError
from backend.protocol.messages import JobSettings
from backend.protocol.options import GeneratorInfo
from backend.protocol.scene import Camera, Panorama, SceneSpec
from backend.server.admission import admit
from tests.client import box, job
from tests.fake_backend import INFO

LIFTER = GeneratorInfo(name="lifter", label="Lifter", description="", gives=("mesh",), takes=("image",))
ABSENT = GeneratorInfo(
    name="absent", label="Absent", description="", gives=("mesh", "material"), takes=("box",), available=False,
    missing="its weights are not here", remedy="Run: install.py weights absent",
)  # fmt: skip
KNOWN = {info.name: info for info in (INFO, LIFTER, ABSENT)}
replace = msgspec.structs.replace
CAMERA = Camera(location=(0, -5, 1), rotation=(1, 0, 0, 0))


def seen(*boxes, **fields):
    return replace(job("j"), scene=SceneSpec(boxes=boxes, camera=CAMERA, **fields), settings=JobSettings())


@pytest.mark.parametrize(
    ("request_", "uploads", "words", "remedy"),
    [
        (job("Bad", box("a")), (), "'Bad' is no job id", ""),
        (replace(job("j", box("a")), title="x" * 300), (), "title", ""),
        (job("j", box("a", generator="absent")), (), "Absent cannot run here: its weights are not here", "install.py"),
        (seen(box("a", generator="lifter")), (), "'image' needs the generator 'seethrough3d'", "none yet"),
        (
            job("j", box("a", generator="lifter"), material_generator="lifter"),
            ("image/a",),
            "'material' needs",
            "absent, draft",
        ),
        (job("j", box("a"), options={"magic": {}}), (), "'magic'", ""),
        (job("j", box("a"), texture_size=16), (), "texture_size is 16", ""),
        (job("j", box("a"), triangles=1), (), "triangles is 1", ""),
        (job("j", box("a")), ("image/b",), "neither 'panorama' nor 'image/<box>'", ""),
        (job("j", box("a")), ("request.msgpack",), "neither", ""),
        (seen(panorama=Panorama()), (), "its picture did not come along", "Choose"),
        (seen(panorama=Panorama()), ("panorama",), "'room' needs the generator 'inspace'", "none yet"),
        (job("j", box("a", locked=True)), (), "nothing to make", "unlock"),
    ],
)
def test_refusals(request_, uploads, words, remedy):
    with pytest.raises(GreyboxError) as caught:
        admit(request_, uploads, KNOWN, ("raster",))
    assert words in caught.value.message and remedy in caught.value.remedy


def test_a_picture_of_its_own_makes_the_image_stages_needless():
    tasks, warnings = admit(job("j", box("a", generator="lifter")), ("image/a",), KNOWN, ("raster",))
    assert [task.stage for task in tasks] == ["mesh", "material", "placement"] and warnings == ()


def test_a_renderer_that_is_not_here_is_a_warning():
    _, warnings = admit(seen(box("a")), (), KNOWN, ("raster",))
    assert warnings == ("The renderer 'eevee' is not here; the layout is drawn with 'raster'.",)
    assert admit(seen(box("a")), (), KNOWN, ("eevee", "raster"))[1] == ()
