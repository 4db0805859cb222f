"""Finding, starting and watching the backend process. No Blender; the backend is a few lines of Python."""

import shutil
import sys
import time
from pathlib import Path

import pytest
from greybox.backend.protocol.endpoint import remember_python
from greybox.backend.protocol.errors import Unavailable
from greybox.blender_addon import launcher
from greybox.blender_addon.launcher import Backend, Launcher, find_python

from tests.fakes.server import FakeServer


@pytest.fixture
def source(tmp_path):
    """A source whose backend.server writes its variables and then does as `script` says."""
    package = tmp_path / "source" / "backend" / "server"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()

    def write(script):
        (package / "__main__.py").write_text(script)
        return tmp_path / "source"

    return write


@pytest.fixture
def start(tmp_path, source):
    started = []

    def make(script):
        made = Launcher(Backend(Path(sys.executable), source(script), tmp_path / "data"))
        started.append(made)
        made.ensure()
        return made

    yield make
    for one in started:
        one.kill()


def ended(one, seconds=5.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if words := one.ended():
            return words
        time.sleep(0.01)
    raise AssertionError("did not end")


def test_it_runs_apart_with_its_folder_and_without_blenders_python(start, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    script = "import os, sys; print(os.environ['GREYBOX_FOLDER'], 'PYTHONPATH' in os.environ); sys.exit(3)"
    words = ended(start(script))
    assert "code 3" in words and words.endswith(f"{tmp_path / 'data'} False")


def test_one_that_was_killed_is_said_to_be_and_its_address_is_no_last_word(start):
    script = "import os, signal; print('{\"port\": 1}', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    assert ended(start(script)) == "The backend was killed (SIGKILL)"
    assert ended(start("import sys; print('{\"port\": 1}'); sys.exit(2)")).endswith("it said nothing")


def test_nothing_is_written_beside_the_source(start, source):
    one = start("import time; time.sleep(0.2)")
    ended(one)
    assert not list(one.backend.source.rglob("__pycache__"))


def test_it_goes_on_when_the_extension_is_removed_under_it(start, source, tmp_path):
    (source("") / "backend" / "late.py").write_text("print('still here', flush=True)")
    wait = f"import pathlib, sys, time\nwhile not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.01)\n"
    one = start(wait + "import backend.late; sys.exit(4)")
    shutil.rmtree(one.backend.source)
    (tmp_path / "go").touch()
    assert ended(one) == "The backend ended with code 4: still here"


def test_each_start_takes_the_source_as_it_is_then(start, source):
    one = start("print('first', flush=True)")
    ended(one)
    source("print('second', flush=True)")
    one.ensure()
    assert ended(one).endswith("second")


def test_one_that_runs_is_used(tmp_path, source):
    with FakeServer(tmp_path / "data"):
        one = Launcher(Backend(Path(sys.executable), source("raise SystemExit"), tmp_path / "data"))
        assert one.ensure() is False and not one.alive()


def test_a_file_left_by_a_killed_server_is_no_server(tmp_path):
    with FakeServer(tmp_path / "data"):
        assert launcher.running(tmp_path / "data") is not None
    assert launcher.running(tmp_path / "data") is None


def test_after_three_quick_ends_a_person_has_to_look(start):
    one = start("raise SystemExit('no such module: torch')")
    ended(one)
    for _ in range(2):
        one.ensure()
        ended(one)
    with pytest.raises(Unavailable, match="no such module: torch"):
        one.ensure()
    one.forgive()
    assert one.ensure() is True


def test_python_is_found_in_the_order_that_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv(launcher.PYTHON_VARIABLE, raising=False)
    source, folder = tmp_path / "source", tmp_path / "data"
    with pytest.raises(Unavailable, match="not set up"):
        find_python(source, folder)
    in_venv = launcher._in_venv(source / ".venv")
    in_venv.parent.mkdir(parents=True)
    in_venv.touch()
    assert find_python(source, folder) == in_venv
    set_up = tmp_path / "set up" / "python"
    set_up.parent.mkdir()
    set_up.touch()
    remember_python(str(set_up), folder)
    assert find_python(source, folder) == set_up
    monkeypatch.setenv(launcher.PYTHON_VARIABLE, sys.executable)
    assert find_python(source, folder) == Path(sys.executable)
    with pytest.raises(Unavailable, match="preferences"):
        find_python(source, folder, "/no/such/python")
