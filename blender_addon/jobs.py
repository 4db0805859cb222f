"""Jobs on Blender's main thread: a timer drains what the connection brought, until a deadline, then goes on with the
result that is being put into the scene (arrivals.py)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping

import bpy
import msgspec

from ..backend.protocol import messages as m
from ..backend.protocol.errors import GreyboxError, Unavailable
from ..backend.protocol.stages import plan
from . import arrivals, backdrop, chores, generator_options, pictures, preferences, scene_reader, sharing, watchdog
from .arrivals import blocked, collect
from .connection import Fetched, FetchFailed, Link, Received
from .job_book import Job
from .session import (
    Session,
    disconnect,
    disconnect_dead,
    generators,
    known_generators,
    open_session,
    session,
    stop_backend,
    watch_backend,
)

__all__ = (
    "Session", "blocked", "collect", "connect", "disconnect", "disconnect_dead", "generate", "generators",
    "known_generators", "run_until_done", "send", "session", "stop_backend", "tick",
)  # fmt: skip

ACTIVE, IDLE = 0.05, 0.5  # seconds between ticks
DRAIN = 0.008  # seconds a tick may spend on messages
STATUS_EVERY = 5.0  # seconds between questions how much memory is free
PREVIEW_ICON = "preview"  # the icon of the picture that is being made


def connect(context: bpy.types.Context, start: bool = True) -> Session:
    """The session, opened where there is none; starts a local backend unless one runs. Raises Unavailable."""
    current = open_session(context, start)
    _schedule()
    return current


def generate(context: bpy.types.Context, targets: list[bpy.types.Object], title: str = "", stop_after: str = "") -> Job:
    """Sends a job for these boxes. Raises InvalidScene for a layout that cannot be used, Unavailable."""
    scene = context.scene
    context.view_layer.update()  # boxes may have been moved by a script since the last redraw
    targets = sharing.sources(targets)
    settings = scene_reader.read_settings(scene)
    takes_picture = bool(stop_after) or needs_picture(targets)
    spec = scene_reader.read_scene(scene, with_camera=settings.condition or takes_picture)
    used = {box.greybox.generator for box in targets} | {settings.material_generator}
    used |= {settings.image_generator} if takes_picture else set()
    options = generator_options.for_job(scene, used, known_generators())
    if takes_picture and not stop_after and _other_was_chosen(scene.greybox):
        options.setdefault(settings.image_generator, {})["pictures"] = 1  # the one that was chosen, not its siblings
    settings = msgspec.structs.replace(settings, options=options, stop_after=stop_after)
    uids = tuple(box.greybox.uid for box in targets)
    request = m.JobRequest(
        id=f"job-{uuid.uuid4().hex}", scene=spec, boxes=uids, settings=settings, title=title or _title(targets)
    )
    job = send(context, request, targets)
    if spec.camera is not None and (stop_after == "image" or (takes_picture and settings.views == "seen")):
        scene.greybox.picture_job = request.id  # its picture is shown behind the boxes as soon as it is there
        backdrop.remember(scene, spec)
    return job


def _other_was_chosen(settings: bpy.types.PropertyGroup) -> bool:
    return len(settings.pictures) > 1 and settings.seed != settings.picture_seed


def send(
    context: bpy.types.Context,
    request: m.JobRequest,
    targets: list[bpy.types.Object],
    uploads: Mapping[str, bytes] | None = None,
) -> Job:
    """Sends a job whose results belong into these boxes; `uploads` are pictures by name. Raises Unavailable."""
    current = connect(context, start=preferences.read(context).autostart)
    job = current.book.submitted(request, _stages(current, request), time.time())
    for box in targets if not request.settings.stop_after else ():
        job.recipes[box.greybox.uid] = scene_reader.recipe(request, box.greybox.uid)
        box.greybox.job, box.greybox.recipe = request.id, job.recipes[box.greybox.uid]
        current.wanted.add((request.id, box.greybox.uid))
    name, files = f"submit-{request.id}", dict(uploads or {})
    current.requests[name] = request.id
    headers = tuple(m.ArrayHeader(name=key, dtype="u1", shape=(len(data),)) for key, data in files.items())
    current.connection.send(m.Submit(request=name, job=request, arrays=headers), tuple(files.values()))
    current.say("")
    redraw()
    return job


def needs_picture(targets: list[bpy.types.Object]) -> bool:
    """Whether a generator of these boxes works from a picture."""
    takes = {info.name: info.takes for info in generators("mesh")}
    return any("image" in takes.get(box.greybox.generator, ()) for box in targets)


def run_until_done(context: bpy.types.Context, timeout: float = 600.0) -> list[Job]:
    """Does the timer's work here until every job has ended and every result stands in its box. For scripts and
    `--background`. Returns the jobs. Raises Unavailable when time is over or the backend cannot be reached."""
    current = session()
    if current is None:
        return []
    deadline = time.monotonic() + timeout
    while current.busy:
        if time.monotonic() > deadline:
            waiting = ", ".join(job.title or job.id for job in current.book.running())
            raise Unavailable(f"Not done after {timeout:g} s: {waiting or 'fetching results'}", current.link.reason)
        if current.link.state == "refused" or (current.stopped and not current.online):
            raise Unavailable(current.message or current.link.reason, current.remedy)
        tick(context)
        time.sleep(0.01)
    return list(current.book.jobs.values())


def tick(context: bpy.types.Context) -> None:
    """One slice of work: messages until the deadline, then of the result that is being placed."""
    changed = chores.tick()
    current = session()
    if current is not None:
        with watchdog.watch(watchdog.TICK):
            begin = time.perf_counter()
            while not current.connection.inbox.empty() and time.perf_counter() - begin < DRAIN:
                _take(current, current.connection.inbox.get())
                changed = True
            changed |= watch_backend(current)
            _ask_status(current)
        if current.preview:
            with watchdog.watch(watchdog.SLICE):  # the first picture of all takes Blender a tenth of a second
                pictures.show(PREVIEW_ICON, current.preview)
            current.preview = b""
        if (current.imports or current.placing) and not blocked(context):
            changed |= arrivals.advance(context, current)
    if changed:
        redraw()


def _take(current: Session, item: object) -> None:
    match item:
        case Link():
            _link(current, item)
        case Fetched():
            current.files[item.sha256] = item.data
            arrivals.arrived(current)
        case FetchFailed():
            arrivals.fetch_failed(current, item)
        case Received():
            _message(current, item)


def _link(current: Session, link: Link) -> None:
    current.link = link
    if link.state == "online":
        current.say("")
    elif link.reason and (not current.message or link.state == "refused"):  # the first reason is the cause
        current.say(link.reason, link.remedy, f"link-{link.state}")


def _message(current: Session, item: Received) -> None:
    message = item.message
    preview = item.arrays.get("preview", b"")
    if isinstance(message, m.Welcome):
        current.welcome, current.status = message, None
        generator_options.show(message.generators)
        if message.notices:
            current.say(message.notices[0])
    elif isinstance(message, m.StatusReport):
        current.status = message
    elif isinstance(message, m.Refused):
        job = current.requests.pop(message.request, "")
        current.say(message.message, message.remedy, message.code)
        if message.request.startswith("submit-"):
            current.book.refused(job, message.message, message.remedy, message.code)
    current.preview = preview or current.preview
    ready = current.book.apply(message, preview)
    if ready or isinstance(message, m.JobList):
        collect()


def _ask_status(current: Session) -> None:
    """Memory comes and goes: the pre-flight looks at figures of the last seconds."""
    now = time.monotonic()
    if current.online and current.welcome and now - current.asked_status > STATUS_EVERY:
        current.asked_status = now
        current.connection.send(m.Status(request=f"status-{uuid.uuid4().hex}"))


def _stages(current: Session, request: m.JobRequest) -> int:
    """How many stages the job has; 0 while the backend's generators are not known."""
    try:
        return len(plan(request, current.welcome.generators)) if current.welcome else 0
    except GreyboxError:
        return 0  # the backend says what is wrong with it


def _title(targets: list[bpy.types.Object]) -> str:
    return targets[0].name if len(targets) == 1 else f"{len(targets)} boxes"


def redraw() -> None:
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _on_timer() -> float | None:
    current = session()
    if current is None and not chores.running():
        return None
    tick(bpy.context)
    waiting = current is not None and (current.busy or not current.online)
    return ACTIVE if waiting or chores.running() else IDLE


def _schedule() -> None:
    if bpy.app.background:  # no event loop: a script calls run_until_done
        return
    if bpy.app.timers.is_registered(_on_timer):  # it may be asleep for IDLE
        bpy.app.timers.unregister(_on_timer)
    bpy.app.timers.register(_on_timer, first_interval=ACTIVE, persistent=True)


def wake() -> None:
    """Something has begun that the timer should look after."""
    _schedule()


def register() -> None:
    """Nothing to do before the first job."""


def unregister() -> None:
    if bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.unregister(_on_timer)
    disconnect()
    arrivals.unregister()
    chores.unregister()
