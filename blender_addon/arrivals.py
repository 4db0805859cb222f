"""Finished results on their way into the scene: fetched, prepared on a thread, put into their boxes slice by slice.

A result belongs to the box whose id the job names, wherever that box is now: the file may have been loaded again, the
box undone and redone. What has no box at the moment stays in the backend and is collected when the box is back.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import bpy

from ..backend.protocol import artifacts
from ..backend.protocol import messages as m
from ..backend.protocol.errors import GreyboxError
from . import backdrop, boxes, condition_picture, scene_reader, scene_writer, sharing, watchdog
from .connection import FetchFailed
from .job_book import CONDITION, PICTURE, PICTURES
from .mesh_arrays import MeshArrays, prepare
from .session import Session, session

BUDGET = 0.03  # seconds of slices in one tick; one slice is always done
BUSY_OPERATORS = ("TRANSFORM_OT_", "MESH_OT_", "VIEW3D_OT_walk", "VIEW3D_OT_fly", "OBJECT_OT_", "GREYBOX_OT_draw")
_threads: list[ThreadPoolExecutor] = []  # none or one


@dataclass
class Arrival:
    """A box's result on its way: which files are still to come."""

    job: str
    box: str
    hashes: dict[str, str]  # artifact name -> sha256

    @property
    def key(self) -> tuple[str, str]:
        return self.job, self.box


@dataclass
class Placing:
    """A result that is being put into the scene. `steps` begins anew when the file changes under it."""

    arrival: Arrival
    ready: dict[float, Future[MeshArrays]] = field(default_factory=dict)  # by metres per unit of a scene
    steps: Generator[None, None, None] | None = None


def blocked(context: bpy.types.Context) -> str:
    """Why results have to wait; "" when they can be put into the scene now."""
    if bpy.app.is_job_running("RENDER"):
        return "Results wait until the render has ended"
    for window in context.window_manager.windows:
        active = window.view_layer.objects.active if window.view_layer else None
        if active is not None and active.mode != "OBJECT":
            return f"Results wait until you leave {active.mode.replace('_', ' ').title()} Mode"
        for operator in getattr(window, "modal_operators", ()):
            if operator.bl_idname.startswith(BUSY_OPERATORS):
                return "Results wait until you have finished this move"
    active = context.view_layer.objects.active if context.view_layer else None  # without windows there is this one
    if active is not None and active.mode != "OBJECT":
        return f"Results wait until you leave {active.mode.replace('_', ' ').title()} Mode"
    return ""


def collect() -> None:
    """Looks for boxes of the open file whose results are there and not yet fetched, in every scene."""
    current = session()
    if current is None:
        return
    unknown: set[str] = set()
    for scene in bpy.data.scenes:
        for box in boxes.all_boxes(scene):
            pending = {job for job, uid in current.wanted if uid == box.greybox.uid} | {box.greybox.job}
            for job in pending - {""}:
                _fetch(current, job, box.greybox.uid)
            unknown |= {box.greybox.job}
        unknown |= {scene.greybox.picture_job, scene.greybox.condition_job}
        _fetch(current, scene.greybox.picture_job, PICTURE)
        _fetch(current, scene.greybox.condition_job, CONDITION)
    unknown -= current.book.jobs.keys() | current.inquired | {""}
    if unknown:
        current.inquired |= unknown
        current.connection.send(m.ListJobs(request=f"list-{uuid.uuid4().hex}", jobs=tuple(sorted(unknown))))


def arrived(current: Session) -> None:
    """Lets every arrival that is complete wait for its turn in the scene."""
    for arrival in current.arrivals.values():
        whole = all(sha in current.files for sha in arrival.hashes.values())
        if whole and arrival not in current.imports:
            current.imports.append(arrival)


def fetch_failed(current: Session, failure: FetchFailed) -> None:
    current.say(failure.reason, failure.remedy)
    for key, arrival in list(current.arrivals.items()):
        if failure.sha256 in arrival.hashes.values():
            del current.arrivals[key]
            row = current.book.row(*key)
            if row is not None:
                row.error, row.remedy = failure.reason, failure.remedy


def advance(context: bpy.types.Context, current: Session) -> bool:
    """Goes on with the result that is being placed, or takes the next one. True when something changed."""
    if current.placing is None:
        if not current.imports:
            return False
        current.placing = Placing(current.imports.popleft())
        current.arrivals.pop(current.placing.arrival.key, None)
    placing, until = current.placing, time.perf_counter() + BUDGET
    if not _prepared(current, placing):
        return False
    if placing.steps is None:
        placing.steps = _steps(context, current, placing)
    while time.perf_counter() < until:
        try:
            with watchdog.watch(watchdog.SLICE):
                next(placing.steps)
        except StopIteration:
            _finish(current, placing)
            return True
    return False


def begin_again() -> None:
    """The file was loaded, or undo went over it: what was half built is gone, so building begins anew."""
    current = session()
    if current is not None and current.placing is not None:
        current.placing.steps = None
        current.placing.ready.clear()


def look_again() -> None:
    """Another file is open: what it lacks is collected again. Of other files' finished results nothing is wanted."""
    current = session()
    if current is None:
        return
    held = {(v.job, box.greybox.uid) for scene in bpy.data.scenes for box in boxes.all_boxes(scene)
            for v in box.greybox.variants}  # fmt: skip
    held |= {(scene.greybox.picture_job, PICTURE) for scene in bpy.data.scenes if scene.greybox.picture is not None}
    held |= {(scene.greybox.condition_job, CONDITION) for scene in bpy.data.scenes if scene.greybox.condition_image}
    current.imported = held
    running = {job.id for job in current.book.running()}
    current.wanted = {(job, uid) for job, uid in current.wanted if job in running}


def unregister() -> None:
    while _threads:
        _threads.pop().shutdown(wait=False, cancel_futures=True)


def _fetch(current: Session, job: str, uid: str) -> None:
    key, known = (job, uid), current.book.jobs.get(job)
    placing = current.placing is not None and current.placing.arrival.key == key
    if known is None or key in current.imported or key in current.arrivals or placing or not known.ready(uid):
        return
    results = known.results(uid)
    current.arrivals[key] = Arrival(job, uid, {name: info.sha256 for name, info in results.items()})
    for info in results.values():
        if info.sha256 not in current.files:
            current.connection.fetch(info)
    arrived(current)


def _prepared(current: Session, placing: Placing) -> bool:
    """Whether the arrays for every scene that has the box are made; sets the thread to work where they are not."""
    if placing.arrival.box in PICTURES:
        return True
    files = {name: current.files[sha] for name, sha in placing.arrival.hashes.items()}
    for scene in bpy.data.scenes:
        metres = scene_reader.metres_per_unit(scene)
        if metres in placing.ready or boxes.by_uid(scene, placing.arrival.box) is None:
            continue
        if not _threads:
            _threads.append(ThreadPoolExecutor(1, "greybox-arrays"))
        work = _threads[0].submit(prepare, files[artifacts.MESH], files[artifacts.PLACEMENT], metres)
        placing.ready[metres] = work
    return all(work.done() for work in placing.ready.values())


def _steps(context: bpy.types.Context, current: Session, placing: Placing) -> Generator[None, None, None]:
    """Puts the result into its box in every scene. Scenes and boxes are looked up by name after each pause."""
    arrival = placing.arrival
    job = current.book.jobs.get(arrival.job)
    files = {name: current.files[sha] for name, sha in arrival.hashes.items()}
    if job is None:
        return
    context.view_layer.update()
    yield
    for name in [scene.name for scene in bpy.data.scenes]:
        scene = bpy.data.scenes.get(name)
        if scene is not None and arrival.box == PICTURE and scene.greybox.picture_job == arrival.job:
            backdrop.show(context, scene, list(files.values()))
            current.imported.add(arrival.key)
            push_undo("Greybox: Picture")
            yield
        elif scene is not None and arrival.box == CONDITION and scene.greybox.condition_job == arrival.job:
            condition_picture.show(context, scene, files[artifacts.CONDITION])
            current.imported.add(arrival.key)
            push_undo("Greybox: Condition")
            yield
        elif scene is not None and (box := boxes.by_uid(scene, arrival.box)) is not None:
            if any(variant.job == arrival.job for variant in box.greybox.variants):
                continue
            try:
                work = placing.ready.get(scene_reader.metres_per_unit(scene))
                arrays = work.result() if work else prepare(files[artifacts.MESH], files[artifacts.PLACEMENT])
                mesh, material = yield from scene_writer.asset_steps(box.name, arrays, files)
                _put(context, name, current, arrival, arrays, mesh, material)
            except GreyboxError as error:
                current.say(error.message, error.remedy, error.code)
                row = job.boxes[arrival.box]
                row.error, row.remedy, row.code = error.message, error.remedy, error.code
                return
            yield


def _put(context, scene_name: str, current: Session, arrival: Arrival, arrays: MeshArrays, mesh, material) -> None:
    """The last slice: the asset becomes an object, in one undo step."""
    scene = bpy.data.scenes.get(scene_name)
    box = boxes.by_uid(scene, arrival.box) if scene is not None else None
    if scene is None or box is None:  # deleted meanwhile: the asset stays in the backend
        bpy.data.meshes.remove(mesh)
        return
    job, settings = current.book.jobs[arrival.job], box.greybox
    recipe = settings.recipe if settings.job == arrival.job else job.recipes.get(arrival.box, "")
    recipe = scene_reader.made_by(recipe, current.welcome.version if current.welcome else "")
    files = {name: current.files[sha] for name, sha in arrival.hashes.items()}
    result = scene_writer.Result(arrival.job, files, job.notes.get(arrival.box, ()), recipe)
    scene_writer.add_variant(scene, box, result, arrays, mesh, material)
    sharing.spread(scene, box)
    if settings.job == arrival.job:
        settings.job = ""
    current.imported.add(arrival.key)
    boxes.show(scene, context.view_layer if context.scene == scene else scene.view_layers[0], scene.greybox.show)
    push_undo(f"Greybox: {box.name}")


def _finish(current: Session, placing: Placing) -> None:
    current.placing = None
    waiting = [*current.arrivals.values(), *current.imports]
    still_needed = {sha for other in waiting for sha in other.hashes.values()}
    for sha in set(placing.arrival.hashes.values()) - still_needed:
        current.files.pop(sha, None)


def push_undo(message: str) -> None:
    """One step for one asset: without it, one Ctrl+Z takes the asset and the user's own last step, for good."""
    windows = bpy.context.window_manager.windows
    if bpy.app.background or not windows:
        return
    with bpy.context.temp_override(window=windows[0]):
        if bpy.ops.ed.undo_push.poll():
            bpy.ops.ed.undo_push(message=message)
