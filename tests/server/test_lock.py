"""backend/server/lock.py: one server per folder, and a dead one holds nothing."""

import os
import signal
import subprocess
import sys

from backend.server.lock import FolderLock
from tests.client import ROOT

HOLD = "import sys, time; from pathlib import Path; from backend.server.lock import FolderLock; \
lock = FolderLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); time.sleep(60)"


def test_the_second_is_refused_and_told_who_holds_it(tmp_path):
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    assert first.acquire() and not second.acquire()
    assert second.owner().pid == os.getpid()
    first.release()
    assert second.acquire()


def test_a_killed_process_holds_nothing(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"True\n"
    assert not FolderLock(tmp_path).acquire()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert FolderLock(tmp_path).acquire()


def test_of_many_at_once_exactly_one_wins(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    crowd = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(8)]
    answers = [process.stdout.readline() for process in crowd]
    for process in crowd:
        process.kill()
        process.communicate()
    assert sorted(answers) == [b"False\n"] * 7 + [b"True\n"]
