"""One view, or the words alone -> a mesh in the asset frame, by the generator of the box."""

from __future__ import annotations

import json

import msgspec

from ..generators.interface import Control, MeshGenerator, MeshRequest
from ..protocol import artifacts
from ..protocol.assets import BoxView
from ..protocol.options import GeneratorInfo
from ..protocol.scene import Camera
from . import pictures
from .job import Files, StageJob


def run(
    job: StageJob, generator: MeshGenerator, info: GeneratorInfo, control: Control
) -> tuple[Files, tuple[str, ...]]:
    request = MeshRequest(
        box=job.box,
        seed=job.seed,
        view=view_of(job),
        triangles=job.request.settings.triangles,
        options=job.options(info),
    )
    mesh, notes = generator.mesh(request, control)
    return {(job.task.box, artifacts.MESH): mesh.to_bytes()}, notes


def view_of(job: StageJob) -> BoxView | None:
    """The picture of the task's box: the user's own, or the one that the views stage cut out, or none."""
    box = job.task.box
    given = job.upload(f"image/{box}")
    if given is not None:
        return BoxView(box, pictures.decode(given, "RGBA"), None, 1.0)
    if not job.has("views", artifacts.VIEW, box):
        return None
    info = json.loads(job.read("views", artifacts.VIEW_INFO, box))
    camera = msgspec.convert(info["camera"], Camera | None)
    return BoxView(box, pictures.decode(job.read("views", artifacts.VIEW, box), "RGBA"), camera, info["visible"])
