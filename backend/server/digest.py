"""What a stage depends on, as one hash: the same hash means that the same would come out, so it need not run.

A stage depends on its part of the request, on the hashes of the files it reads, and on the code. What it does not
look at is left out on purpose: moving a chair does not make its mesh again, a new prompt does not render the
layout again. No numpy.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from ..protocol.messages import ArtifactInfo, JobRequest
from ..protocol.options import GeneratorInfo
from ..protocol.scene import Box, SceneSpec, box_seed
from ..protocol.stages import StageTask

_NOT_RESULTS = ("server", "training", "evaluation", "packaging")  # rooms whose code changes no result


def stage_digest(
    task: StageTask,
    request: JobRequest,
    info: GeneratorInfo | None,
    inputs: Mapping[str, str],
    before: Iterable[ArtifactInfo],
) -> str:
    """`inputs`: uploaded pictures, name to hash; `before`: what the stages that this one needs have made."""
    part = _part(task, request, info)
    files = sorted((a.stage, a.box, a.name, a.sha256) for a in before if a.box in ("", task.box) or not task.box)
    uploads = sorted((name, sha) for name, sha in inputs.items() if _reads(task, name))
    packed = msgspec.msgpack.encode((task.stage, task.generator, part, uploads, files, code_version()), order="sorted")
    return hashlib.sha256(packed).hexdigest()


def _part(task: StageTask, request: JobRequest, info: GeneratorInfo | None) -> tuple:
    scene, settings = request.scene, request.settings
    options = settings.options.get(task.generator, {})
    match task.stage:
        case "condition":
            layout = [(box.id, box.location, box.size, box.rotation) for box in scene.boxes]
            return layout, scene.camera, settings.renderer
        case "image":
            return _pictured(scene), options
        case "views":
            if not task.box:
                return scene.boxes, scene.camera, request.boxes
            box = next(box for box in scene.boxes if box.id == task.box)
            return box, box_seed(scene, box), options
        case "room":
            return scene.panorama, scene.seed, options, settings.texture_size, settings.triangles
    box = next(box for box in scene.boxes if box.id == task.box)
    pose = (box.location, box.rotation, scene.camera) if info is not None and "camera" in info.takes else ()
    thing = (box.prompt, box.kind, box.size, box_seed(scene, box), pose)
    match task.stage:
        case "mesh":
            return thing, settings.triangles, options
        case "material":
            return thing, settings.texture_size, options
        case _:
            return _name(box), box.size, settings.fit, settings.triangles


def _pictured(scene: SceneSpec) -> SceneSpec:
    """What the picture shows: not who makes a box's mesh afterwards, nor whether the box is locked."""
    boxes = [msgspec.structs.replace(box, generator="", locked=False, seed=None) for box in scene.boxes]
    return msgspec.structs.replace(scene, boxes=tuple(boxes))


def _name(box: Box) -> str:
    """What the file of the asset is called inside."""
    return box.prompt or box.kind


def _reads(task: StageTask, upload: str) -> bool:
    return upload == "panorama" if task.stage == "room" else upload == f"image/{task.box}"


@functools.cache
def code_version() -> str:
    """The hash of all code that results come from. Files only, nothing is imported."""
    root = Path(__file__).resolve().parent.parent
    files = [path for path in root.rglob("*.py") if path.relative_to(root).parts[0] not in _NOT_RESULTS]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
