"""The installed extension and the backends that a scene may give it, each with a data folder of its own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import bpy

from .window import Steps, until

PACKAGE = "bl_ext.user_default.greybox"
_python: list[Path] = []
_started: list = []  # what has to be ended when the scene is over


def known_to_the_fakes() -> None:
    """The fakes say `greybox.backend`, as the tests do; here that is the installed extension."""
    sys.modules.setdefault("greybox", sys.modules[PACKAGE])


def part(name: str) -> ModuleType:
    """A module of the add-on: part("jobs")."""
    return importlib.import_module(f"{PACKAGE}.blender_addon.{name}")


def extension_folder() -> Path:
    return Path(sys.modules[PACKAGE].__path__[0])


def session():
    return part("jobs").session()


def boxes() -> list[bpy.types.Object]:
    return part("boxes").all_boxes(bpy.context.scene)


def results() -> list[bpy.types.Object]:
    made = (part("boxes").result_of(box) for box in boxes())
    return [result for result in made if result is not None]


def add(preset: str, at: tuple[float, float, float] = (0, 0, 0), prompt: str = "") -> bpy.types.Object:
    """A box by the add-on's own code, for scenes that are about something else."""
    chosen = part("presets").BY_NAME[preset]
    box = part("boxes").add_box(bpy.context.scene, preset, prompt or chosen.prompt, at, chosen.size)
    bpy.context.view_layer.update()
    return box


def python() -> Path:
    """The backend's Python, named by the environment or by the note that the set-up left in the usual folder: asked
    for before any scene has a folder of its own."""
    if not _python:
        folder = part("preferences").default_folder()
        _python.append(part("launcher").find_python(extension_folder(), folder))
    return _python[0]


def nothing_set_up() -> None:
    """An empty data folder, and no Python known: how a newcomer's computer is."""
    python()
    os.environ.pop("GREYBOX_PYTHON", None)
    _folder()


def real() -> Path:
    """The real backend with Draft; the add-on starts it by itself. Returns its data folder."""
    os.environ["GREYBOX_PYTHON"] = str(python())
    return _folder()


def faulty() -> Steps:
    """The real backend whose generator does what the words of a box say: slow, hang, crash, oom, fail."""
    folder = _folder()
    paths = os.pathsep.join([str(Path.cwd()), str(extension_folder())])
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONHOME"}
    environment |= {"PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": str(folder / "pycache")}
    command = [str(python()), "-m", "tests.fake_backend", "server", "--folder", str(folder)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    _started.append(server)
    yield from until(lambda: part("launcher").running(folder), 30, "the faulty backend listens")


def fake():
    """A backend inside this process that makes cubes when it is told to. See tests/fakes/server.py."""
    folder = _folder()
    from tests.fakes.server import FakeServer

    server = FakeServer(folder)
    server.__enter__()
    _started.append(server)
    return server


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="greybox-gui-"))
    os.environ["GREYBOX_FOLDER"] = str(folder)
    return folder


def leave() -> Steps:
    """Ends what the scene has started; a backend of our own is asked to stop, as by the button."""
    jobs = part("jobs")
    current = jobs.session()
    if current is not None and current.online and not current.settings.remote:
        jobs.stop_backend()
        launcher = current.launcher
        yield from until(lambda: launcher is None or not launcher.alive(), 20, "the backend has ended")
    jobs.disconnect()
    while _started:
        thing = _started.pop()
        if isinstance(thing, subprocess.Popen):
            thing.terminate()
            yield from until(lambda thing=thing: thing.poll() is not None, 20, "the faulty backend has ended")
        else:
            thing.stop()


def children() -> list[int]:
    """Processes of ours, by id; a backend runs in a session of its own and counts while we have not let it go."""
    return [int(pid) for pid in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()]


def open_sockets() -> int:
    links = (os.readlink(path) for path in _descriptors())
    return sum(link.startswith("socket:") for link in links)


def _descriptors() -> Iterator[Path]:
    for path in Path("/proc/self/fd").iterdir():
        if path.is_symlink():
            yield path
