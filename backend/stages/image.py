"""The condition and the words -> one picture of the scene, by the image generator."""

from __future__ import annotations

from ..generators.interface import Control, ImageGenerator, ImageRequest
from ..protocol import artifacts
from ..protocol.assets import ConditionImages
from ..protocol.options import GeneratorInfo
from . import pictures
from .job import Files, StageJob


def run(
    job: StageJob, generator: ImageGenerator, info: GeneratorInfo, control: Control
) -> tuple[Files, tuple[str, ...]]:
    picture = pictures.decode(job.read("condition", artifacts.CONDITION))
    condition = ConditionImages.from_bytes(job.read("condition", artifacts.BOX_MAPS), picture)
    request = ImageRequest(job.request.scene, condition, job.seed, job.options(info))
    scene = generator.image(request, control)
    return {("", artifacts.SCENE_IMAGE): pictures.encode_png(scene.image)}, ()
