"""Jobs on Blender's main thread: a timer drains what the connection brought, until a deadline, and puts finished
results into their boxes, one a tick.

A result belongs to the box whose id the job names, wherever that box is now: the file may have been loaded again, the
box undone and redone. What has no box at the moment stays in the backend and is collected when the box is back.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from dataclasses import dataclass, field

import bpy

from ..backend.protocol import messages as m
from ..backend.protocol.errors import GreyboxError, Unavailable
from ..backend.protocol.options import GeneratorInfo
from ..backend.protocol.stages import plan
from . import boxes, preferences, scene_reader, scene_writer
from .connection import Connection, Fetched, FetchFailed, Link, Received
from .job_book import Job, JobBook
from .launcher import Launcher, running

ACTIVE, IDLE = 0.05, 0.5  # seconds between ticks
DRAIN = 0.008  # seconds a tick may spend on messages
FALLBACK = (GeneratorInfo(name="draft", label="Draft", description="", gives=("mesh", "material"), takes=("box",)),)
BUSY_OPERATORS = ("TRANSFORM_OT_", "MESH_OT_", "VIEW3D_OT_walk", "VIEW3D_OT_fly", "OBJECT_OT_")


@dataclass
class _Arrival:
    """A box's result on its way: which files are still to come."""

    job: str
    box: str
    hashes: dict[str, str]  # artifact name -> sha256


@dataclass
class Session:
    """One backend as this Blender sees it."""

    settings: preferences.Settings
    connection: Connection
    launcher: Launcher | None = None
    book: JobBook = field(default_factory=JobBook)
    link: Link = field(default_factory=lambda: Link("connecting"))
    welcome: m.Welcome | None = None
    status: m.StatusReport | None = None
    message: str = ""  # the last thing a person should know, and what to do
    remedy: str = ""
    wanted: set[tuple[str, str]] = field(default_factory=set)  # (job, box) asked for in this session
    imported: set[tuple[str, str]] = field(default_factory=set)
    inquired: set[str] = field(default_factory=set)  # jobs that the .blend names and the backend was asked about
    arrivals: dict[tuple[str, str], _Arrival] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    imports: deque[_Arrival] = field(default_factory=deque)
    requests: dict[str, str] = field(default_factory=dict)  # request id -> job id
    stopped: bool = False  # the user stopped the backend: do not start it again
    longest_tick: float = 0.0
    longest_import: float = 0.0

    @property
    def online(self) -> bool:
        return self.link.state == "online"

    @property
    def busy(self) -> bool:
        return bool(self.imports or self.arrivals or self.book.running())

    def ensure_backend(self) -> bool:
        """Starts a backend of our own unless one serves the folder. True when one was started. Raises Unavailable."""
        if self.settings.remote or running(self.settings.folder) is not None:
            return False
        self.launcher = self.launcher or Launcher(self.settings.backend())
        return self.launcher.ensure()

    def say(self, message: str, remedy: str = "") -> None:
        self.message, self.remedy = message, remedy

    def ask(self, kind: type, job: str) -> None:
        """Cancel, Retry or Delete of a job."""
        request = f"{kind.__name__.lower()}-{uuid.uuid4().hex}"
        self.requests[request] = job
        self.connection.send(kind(request=request, job=job))


_sessions: list[Session] = []  # none or one


def session() -> Session | None:
    return _sessions[0] if _sessions else None


def generators(gives: str) -> tuple[GeneratorInfo, ...]:
    """What the backend offers, as its hello told; before the first hello, Draft."""
    current = session()
    known = current.welcome.generators if current and current.welcome else FALLBACK
    return tuple(info for info in known if gives in info.gives)


def connect(context: bpy.types.Context, start: bool = True) -> Session:
    """The session, opened where there is none; starts a local backend unless one runs. Raises Unavailable."""
    current = session()
    if current is None:
        settings = preferences.read(context)
        app = f"greybox-addon {m.VERSION}, Blender {bpy.app.version_string}"
        current = Session(settings, Connection(settings.target, app))
        if start:
            current.ensure_backend()
        current.connection.open()
        _sessions.append(current)
    elif start and not current.online:
        current.ensure_backend()
    current.stopped = current.stopped and not start
    _schedule()
    return current


def disconnect() -> None:
    """Closes the session; the backend and its jobs go on."""
    while _sessions:
        _sessions.pop().connection.close()


def disconnect_dead() -> None:
    """Closes a session that cannot go on by itself, so that `connect` begins anew with the present preferences."""
    current = session()
    if current is not None and not current.online and not current.book.running():
        disconnect()
    elif current is not None and current.launcher is not None:
        current.launcher.forgive()


def stop_backend() -> None:
    """Asks the backend to end, at once; its unfinished jobs wait for the next start."""
    current = session()
    if current is not None:
        current.stopped = True
        current.connection.send(m.Shutdown(request=f"shutdown-{uuid.uuid4().hex}", when_idle=False))


def generate(context: bpy.types.Context, targets: list[bpy.types.Object], title: str = "") -> Job:
    """Sends a job for these boxes. Raises InvalidScene for a layout that cannot be used, Unavailable."""
    scene = context.scene
    context.view_layer.update()  # boxes may have been moved by a script since the last redraw
    settings = scene_reader.read_settings(scene)
    spec = scene_reader.read_scene(scene, with_camera=settings.condition or _needs_camera(targets))
    uids = tuple(box.greybox.uid for box in targets)
    request = m.JobRequest(
        id=f"job-{uuid.uuid4().hex}",
        scene=spec,
        boxes=uids,
        settings=settings,
        title=title or _title(targets),
    )
    current = connect(context, start=preferences.read(context).autostart)
    stages = _stages(current, request)
    for box in targets:
        box.greybox.job = request.id
        box.greybox.recipe = scene_reader.recipe(request, box.greybox.uid)
        current.wanted.add((request.id, box.greybox.uid))
    job = current.book.submitted(request, stages, time.time())
    name = f"submit-{request.id}"
    current.requests[name] = request.id
    current.connection.send(m.Submit(request=name, job=request))
    current.say("")
    _redraw()
    return job


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
    """One slice of work: messages until the deadline, then at most one result."""
    current = session()
    if current is None:
        return
    begin = time.perf_counter()
    changed = False
    while not current.connection.inbox.empty() and time.perf_counter() - begin < DRAIN:
        _take(current, current.connection.inbox.get())
        changed = True
    changed |= _watch(current)
    current.longest_tick = max(current.longest_tick, time.perf_counter() - begin)
    if current.imports and not blocked(context):
        begin = time.perf_counter()
        _import(context, current, current.imports.popleft())
        current.longest_import = max(current.longest_import, time.perf_counter() - begin)
        changed = True
    if changed:
        _redraw()


def blocked(context: bpy.types.Context) -> str:
    """Why results have to wait; "" when they can be put into the scene now."""
    active = context.view_layer.objects.active if context.view_layer else None
    if active is not None and active.mode != "OBJECT":
        return f"Results wait until you leave {active.mode.replace('_', ' ').title()} Mode"
    if bpy.app.is_job_running("RENDER"):
        return "Results wait until the render has ended"
    for window in context.window_manager.windows:
        for operator in getattr(window, "modal_operators", ()):
            if operator.bl_idname.startswith(BUSY_OPERATORS):
                return "Results wait until you have finished this move"
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
            unknown |= {box.greybox.job} - {""} - current.book.jobs.keys() - current.inquired
    if unknown:
        current.inquired |= unknown
        current.connection.send(m.ListJobs(request=f"list-{uuid.uuid4().hex}", jobs=tuple(sorted(unknown))))


def _take(current: Session, item: object) -> None:
    match item:
        case Link():
            _link(current, item)
        case Fetched():
            current.files[item.sha256] = item.data
            _arrived(current)
        case FetchFailed():
            _fetch_failed(current, item)
        case Received():
            _message(current, item)


def _link(current: Session, link: Link) -> None:
    current.link = link
    if link.state == "online":
        current.say("")
    elif link.reason and (not current.message or link.state == "refused"):  # the first reason is the cause
        current.say(link.reason, link.remedy)


def _message(current: Session, item: Received) -> None:
    message = item.message
    if isinstance(message, m.Welcome):
        current.welcome = message
    elif isinstance(message, m.StatusReport):
        current.status = message
    elif isinstance(message, m.Refused):
        job = current.requests.pop(message.request, "")
        current.say(message.message, message.remedy)
        if message.request.startswith("submit-"):
            current.book.refused(job, message.message, message.remedy)
    ready = current.book.apply(message, item.arrays.get("preview", b""))
    if ready or isinstance(message, m.JobList):
        collect()


def _watch(current: Session) -> bool:
    """Notices that the backend has ended, and starts it again while there is work. True when something changed."""
    launcher = current.launcher
    ended = launcher.ended() if launcher is not None else ""
    if launcher is not None and ended and not current.stopped:
        current.say(ended, f"See {launcher.log}.")
    if current.stopped or current.link.state != "lost" or not current.book.running():
        return bool(ended)
    try:
        return current.ensure_backend()
    except Unavailable as error:
        current.stopped = True
        current.say(error.message, error.remedy)
        return True


def _fetch(current: Session, job: str, uid: str) -> None:
    key, known = (job, uid), current.book.jobs.get(job)
    if known is None or key in current.imported or key in current.arrivals or not known.ready(uid):
        return
    results = known.results(uid)
    current.arrivals[key] = _Arrival(job, uid, {name: info.sha256 for name, info in results.items()})
    for info in results.values():
        if info.sha256 not in current.files:
            current.connection.fetch(info)
    _arrived(current)


def _arrived(current: Session) -> None:
    """Lets every arrival that is complete wait for its turn in the scene."""
    for arrival in current.arrivals.values():
        whole = all(sha in current.files for sha in arrival.hashes.values())
        if whole and arrival not in current.imports:
            current.imports.append(arrival)


def _fetch_failed(current: Session, failure: FetchFailed) -> None:
    current.say(failure.reason, failure.remedy)
    for key, arrival in list(current.arrivals.items()):
        if failure.sha256 in arrival.hashes.values():
            del current.arrivals[key]
            row = current.book.row(*key)
            if row is not None:
                row.error, row.remedy = failure.reason, failure.remedy


def _import(context: bpy.types.Context, current: Session, arrival: _Arrival) -> None:
    key = (arrival.job, arrival.box)
    current.arrivals.pop(key, None)
    context.view_layer.update()
    for scene in bpy.data.scenes:
        box = boxes.by_uid(scene, arrival.box)
        if box is not None:
            _put(context, scene, current, box, arrival)
    still_needed = {sha for other in current.arrivals.values() for sha in other.hashes.values()}
    for sha in set(arrival.hashes.values()) - still_needed:
        current.files.pop(sha, None)


def _put(
    context: bpy.types.Context, scene: bpy.types.Scene, current: Session, box: bpy.types.Object, arrival: _Arrival
) -> None:
    job, settings = current.book.jobs[arrival.job], box.greybox
    recipe = settings.recipe if settings.job == arrival.job else ""
    files = {name: current.files[sha] for name, sha in arrival.hashes.items()}
    result = scene_writer.Result(arrival.job, files, job.notes.get(arrival.box, ()), recipe)
    try:
        scene_writer.write_result(scene, box, result)
    except GreyboxError as error:
        current.say(error.message, error.remedy)
        row = job.boxes[arrival.box]
        row.error, row.remedy = error.message, error.remedy
        return
    if settings.job == arrival.job:
        settings.job = ""
    current.imported.add((arrival.job, arrival.box))
    boxes.show(scene, context.view_layer if context.scene == scene else scene.view_layers[0], scene.greybox.show)
    _push_undo(f"Greybox: {box.name}")


def _push_undo(message: str) -> None:
    """One step for one asset: without it, one Ctrl+Z takes the asset and the user's own last step, for good."""
    windows = bpy.context.window_manager.windows
    if bpy.app.background or not windows:
        return
    with bpy.context.temp_override(window=windows[0]):
        if bpy.ops.ed.undo_push.poll():
            bpy.ops.ed.undo_push(message=message)


def _needs_camera(targets: list[bpy.types.Object]) -> bool:
    takes = {info.name: info.takes for info in generators("mesh")}
    return any("image" in takes.get(box.greybox.generator, ()) for box in targets)


def _stages(current: Session, request: m.JobRequest) -> int:
    """How many stages the job has; 0 while the backend's generators are not known."""
    return len(plan(request, current.welcome.generators)) if current.welcome else 0


def _title(targets: list[bpy.types.Object]) -> str:
    return targets[0].name if len(targets) == 1 else f"{len(targets)} boxes"


def _redraw() -> None:
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _on_timer() -> float | None:
    current = session()
    if current is None:
        return None
    tick(bpy.context)
    return ACTIVE if current.busy or not current.online else IDLE


def _schedule() -> None:
    if bpy.app.background:  # no event loop: a script calls run_until_done
        return
    if bpy.app.timers.is_registered(_on_timer):  # it may be asleep for IDLE
        bpy.app.timers.unregister(_on_timer)
    bpy.app.timers.register(_on_timer, first_interval=ACTIVE, persistent=True)


def register() -> None:
    """Nothing to do before the first job."""


def unregister() -> None:
    if bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.unregister(_on_timer)
    disconnect()
