"""The condition and the words -> pictures of the scene, by the image generator, and how each was made."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec

from ..generators.interface import Control, ImageGenerator, ImageRequest
from ..protocol import artifacts
from ..protocol.assets import ConditionImages
from ..protocol.options import GeneratorInfo
from . import pictures
from .job import Files, StageJob


def run(
    job: StageJob, generator: ImageGenerator, info: GeneratorInfo, control: Control
) -> tuple[Files, tuple[str, ...]]:
    """`image.png`, of the scene's seed, is the one that later stages take. Where the option "pictures" asks for more,
    `image-2.png` and so on have the seeds that follow; `image.json` tells each one's, so that it can be made again."""
    picture = pictures.decode(job.read("condition", artifacts.CONDITION))
    condition = ConditionImages.from_bytes(job.read("condition", artifacts.BOX_MAPS), picture)
    options = job.options(info)
    request = ImageRequest(job.request.scene, condition, job.seed, options)
    names = [artifacts.scene_image(number) for number in range(int(options.get("pictures", 1)))]
    files: Files = {}
    for number, name in enumerate(names):
        made = generator.image(replace(request, seed=job.seed + number), _share(control, number, len(names)))
        files["", name] = pictures.encode_png(made.image)
    scene = job.request.scene
    recipe = {
        "generator": info.name,
        "options": options,
        "surroundings": scene.surroundings,
        "boxes": {box.id: box.prompt for box in scene.boxes},
        "camera": msgspec.to_builtins(scene.camera),
        "seeds": {name: job.seed + number for number, name in enumerate(names)},
    }
    files["", artifacts.SCENE_IMAGE_INFO] = json.dumps(recipe, indent=1).encode()
    return files, ()


def _share(control: Control, number: int, of: int) -> Control:
    """The control of one picture of several: its steps are a part of all."""
    if of == 1:
        return control

    def report(step: int, steps: int, text: str, preview: bytes | None) -> None:
        control.report(number * steps + step, of * steps, f"{text} ({number + 1} of {of})", preview)

    return replace(control, report=report)
