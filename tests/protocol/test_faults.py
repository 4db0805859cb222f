"""backend/protocol/faults.py: a named point does what was asked at the pass that was named, and only then."""

import subprocess
import sys

import pytest

PASS = (
    "from backend.protocol.faults import point\nfor n in range(3):\n    point('save.rename')\n    print(n, flush=True)"
)


def run(fault: str):
    environment = {"PATH": "", "GREYBOX_FAULT": fault}
    return subprocess.run([sys.executable, "-c", PASS], env=environment, capture_output=True, text=True, timeout=30)


def test_without_the_variable_nothing_happens():
    assert run("").stdout.split() == ["0", "1", "2"]


def test_a_crash_at_the_second_pass():
    done = run("save.write:oom,save.rename:crash@2")
    assert done.stdout.split() == ["0"] and done.returncode == -9


@pytest.mark.parametrize(("action", "words"), [("oom", "MemoryError"), ("full", "Errno 28"), ("error", "RuntimeError")])
def test_errors(action, words):
    done = run(f"save.rename:{action}@3")
    assert done.stdout.split() == ["0", "1"] and words in done.stderr


def test_once_holds_across_processes(tmp_path):
    fault = f"save.rename:crash~{tmp_path / 'once'}"
    assert run(fault).returncode == -9
    assert run(fault).returncode == 0


def test_a_misspelt_fault_is_refused():
    assert "none of crash" in run("save.rename:explode").stderr
