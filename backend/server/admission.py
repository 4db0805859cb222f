"""May this job run here? Every value is checked before a job is accepted; the answer names box, field and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..protocol.errors import InvalidMessage, InvalidScene, NotFound, Unavailable
from ..protocol.messages import JobRequest, JobSettings
from ..protocol.options import GeneratorInfo, resolve
from ..protocol.scene import is_identifier, validate
from ..protocol.stages import StageTask, plan

TEXTURE_SIZES = (64, 8192)
TRIANGLES = (100, 2_000_000)
MAX_TITLE = 200


def admit(
    request: JobRequest, uploads: Iterable[str], generators: Mapping[str, GeneratorInfo], renderers: tuple[str, ...]
) -> tuple[tuple[StageTask, ...], tuple[str, ...]]:
    """(the plan, warnings for the user). Raises a GreyboxError for a job that cannot run."""
    if not is_identifier(request.id):
        raise InvalidMessage(f"'{request.id[:80]}' is no job id: 1 to 64 of a-z, 0-9 and '-'")
    if len(request.title) > MAX_TITLE:
        raise InvalidScene("title", request.title[:40] + "...", f"over {MAX_TITLE} characters")
    validate(request.scene)
    _check_settings(request.settings, generators)
    pictured = _check_uploads(request, uploads)
    tasks = plan(request, tuple(generators.values()), pictured)
    if not tasks:
        raise InvalidScene("boxes", (), "nothing to make", "Add a box, or unlock one.")
    for task in tasks:
        _check_generator(task, generators)
    return tasks, _warnings(request, tasks, renderers)


def _check_settings(settings: JobSettings, generators: Mapping[str, GeneratorInfo]) -> None:
    ranges = (("texture_size", settings.texture_size, TEXTURE_SIZES), ("triangles", settings.triangles, TRIANGLES))
    for name, value, (low, high) in ranges:
        if not low <= value <= high:
            raise InvalidScene(name, value, f"not between {low} and {high}")
    for name, options in settings.options.items():
        if name not in generators:
            raise NotFound(f"Options are given for the generator '{name}', which is not known here")
        resolve(generators[name].options, options, name)


def _check_uploads(request: JobRequest, uploads: Iterable[str]) -> frozenset[str]:
    """The boxes that bring their own picture."""
    pictured = set()
    boxes = {box.id for box in request.scene.boxes}
    names = set(uploads)
    for name in names - {"panorama"}:
        kind, _, box = name.partition("/")
        if kind != "image" or box not in boxes:
            raise InvalidMessage(f"The job brings '{name[:80]}', which is neither 'panorama' nor 'image/<box>'")
        pictured.add(box)
    if request.scene.panorama is not None and "panorama" not in names:
        raise InvalidScene("panorama", None, "described, but its picture did not come along", "Choose the picture.")
    return frozenset(pictured)


def _check_generator(task: StageTask, generators: Mapping[str, GeneratorInfo]) -> None:
    if not task.generator:
        return
    info = generators.get(task.generator)
    if info is None or task.stage not in info.gives:
        able = ", ".join(sorted(name for name, other in generators.items() if task.stage in other.gives)) or "none yet"
        message = f"The stage '{task.stage}' needs the generator '{task.generator}', which is not here"
        raise NotFound(message, f"Choose another one for it (there are: {able}).")
    if not info.available:
        raise Unavailable(f"{info.label} cannot run here: {info.missing}", info.remedy)


def _warnings(request: JobRequest, tasks: tuple[StageTask, ...], renderers: tuple[str, ...]) -> tuple[str, ...]:
    warnings = []
    renderer = request.settings.renderer
    if renderer not in renderers and any(task.stage == "condition" for task in tasks):
        warnings.append(f"The renderer '{renderer}' is not here; the layout is drawn with '{renderers[0]}'.")
    return tuple(warnings)
