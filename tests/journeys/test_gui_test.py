"""What the host side decides, with a runner that plays no Blender."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from . import gui_test

RUNNER = """#!/bin/sh
# SUITE DRIVER OUT ZIP -- FILE...
shift
echo "driver $(basename "$1"), then $(basename -- "$3"), fresh ${FRESH:-no}"
for file in "$@"; do case "$file" in */plan.json) plan=$file;; esac; done
%s - "$plan" "$2" <<'END'
import json, sys
plan = json.load(open(sys.argv[1]))
scenes = [{"name": name, "seconds": 1.0, "error": "", "figures": {}, "crops": {}, "held_up": {"tick": [%s, 0.05],
           "import slice": [0.1, 0.2]}} for name in plan["scenes"]]
json.dump({"build": "9.9-none", "scenes": scenes}, open(f"{sys.argv[2]}/result_{plan['window']}.json", "w"))
END
echo "%s"
"""


@pytest.fixture
def play(tmp_path):
    """Runs gui_test against a runner that answers with these figures; returns what it printed, and its code."""

    def run(*options, tick=0.01, says="all well"):
        runner = tmp_path / "runner.sh"
        runner.write_text(RUNNER % (sys.executable, tick, says))
        (tmp_path / "g.zip").write_bytes(b"")
        command = [sys.executable, "-m", "tests.journeys.gui_test", "--blender", f"sh {runner} none", *options]
        command += ["--zip", str(tmp_path / "g.zip"), "--output", str(tmp_path / "out")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        return done.stdout + done.stderr, done.returncode

    return run


def test_both_windows_are_played_and_the_first_is_fresh(play, tmp_path):
    printed, code = play()
    assert code == 0 and printed.count("\nok ") == sum(map(len, gui_test.WINDOWS.values()))
    assert "fresh 1" in (tmp_path / "out" / "window_1.log").read_text()
    assert "fresh no" in (tmp_path / "out" / "window_2.log").read_text()
    assert "then g.zip" in (tmp_path / "out" / "window_1.log").read_text()
    assert "then --" in (tmp_path / "out" / "window_2.log").read_text()  # installed once
    assert not (tmp_path / "out" / "stage").exists()


def test_only_some_scenes(play):
    printed, code = play("--scenes", "8", "12")
    assert code == 0 and "s08_reopen:reopened" in printed and "s12_narrow" in printed and "s02" not in printed


def test_a_long_tick_fails_the_scene(play):
    printed, code = play("--scenes", "6", tick=0.08)
    assert code == 1 and "tick held Blender up for 80 ms, at most 50" in printed


def test_a_traceback_in_the_output_fails_the_run(play):
    printed, code = play("--scenes", "6", says="Traceback (most recent call last):")
    assert code == 1 and "BAD   1 x Traceback" in printed


def test_a_runner_that_dies_is_no_success(tmp_path):
    (tmp_path / "dies.sh").write_text("exit 7\n")
    options = SimpleNamespace(
        readme=False,
        blender=f"sh {tmp_path / 'dies.sh'} none",
        zip=tmp_path / "g.zip",
        scenes=["6"],
        output=tmp_path,
        accept=False,
    )
    records, _ = gui_test.play(options)
    assert records[0]["name"] == "s06_undo" and "code 7" in records[0]["error"]


@pytest.mark.parametrize(
    ("command", "runner"),
    [
        ("blender", False),
        ("/opt/blender 5/blender", False),
        ("bash ../shared/gui/run.sh sid", True),
        ("./run.sh", True),
    ],
)
def test_runners_are_told_from_blenders(command, runner):
    assert gui_test.is_runner(command) is runner


def test_every_scene_is_in_a_window_and_says_what_it_is():
    scenes = {path.stem for path in (gui_test.HERE / "scenes").glob("s*.py")}
    planned = [name.partition(":")[0] for names in gui_test.WINDOWS.values() for name in names]
    assert scenes == set(planned) and len(scenes) >= 12
    for name in scenes:
        assert (gui_test.HERE / "scenes" / f"{name}.py").read_text().startswith(f'"""{int(name[1:3])}. ')


def test_the_stage_holds_what_the_driver_imports(tmp_path):
    files = gui_test.Stage(tmp_path / "stage").set("1", ("s06_undo",), tmp_path)
    kit, plan = files[:2]
    assert json.loads(plan.read_text())["scenes"] == ["s06_undo"]
    for name in ("journeys/window.py", "journeys/scenes/s06_undo.py", "fakes/server.py", "fake_backend.py"):
        assert (kit / name).is_file(), name
