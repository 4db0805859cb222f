"""backend/workers: the loop of a worker, as a process on pipes, without a server."""

import contextlib
import hashlib
import json
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from backend.protocol.stages import StageTask
from backend.protocol.wire import encode
from backend.protocol.work import (
    Beat,
    Done,
    Failed,
    Quit,
    Ready,
    Run,
    Step,
    Stop,
    read_frames,
    read_from_worker,
    write_frames,
)
from tests.client import ROOT, box, job


class Pipe:
    """A worker and the other end of its pipes."""

    def __init__(self, folder, *command):
        self.folder = folder
        self.errors = open(folder / "log", "wb")  # noqa: SIM115 - closed with the process
        command = command or (sys.executable, "-m", "tests.fake_backend", "worker")
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
        )
        self.tickets = 0

    def say(self, message):
        write_frames(self.process.stdin, encode(message))

    def hear(self, *kinds):
        """The next message of one of these kinds, and what came before it."""
        before = []
        while (frames := read_frames(self.process.stdout)) is not None:
            message, _ = read_from_worker(frames)
            if isinstance(message, kinds):
                return message, before
            before.append(message)
        raise EOFError(before)

    def run(self, prompt="a thing", task=None, **settings):
        request = job("j", box("a", prompt), **settings)
        self.tickets += 1
        (self.folder / "request.msgpack").write_bytes(msgspec.msgpack.encode(request))
        output = self.folder / "out" / str(self.tickets)
        output.mkdir(parents=True)
        task = task or StageTask("mesh", "a", "draft")
        self.say(Run(ticket=self.tickets, task=task, folder=str(self.folder), output=str(output)))
        return self.tickets

    def end(self):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def worker(tmp_path):
    pipe = Pipe(tmp_path)
    assert pipe.hear(Ready)[0].pid == pipe.process.pid
    yield pipe
    pipe.end()


def test_a_stage_is_run_and_its_files_are_written_and_hashed(worker):
    ticket = worker.run()
    done, before = worker.hear(Done)
    assert done.ticket == ticket and done.notes == ("a cube",) and done.loaded == ("draft",) and done.seconds > 0.05
    steps = [message for message in before if isinstance(message, Step)]
    assert steps and steps[-1].text == "Pretending" and steps[-1].of == 5
    (output,) = done.outputs
    data = (worker.folder / "out/1" / output.file).read_bytes()
    assert (output.box, output.name, output.size) == ("a", "mesh.safetensors", len(data))
    assert hashlib.sha256(data).hexdigest() == output.sha256


def test_the_same_seed_gives_the_same_bytes(worker):
    hashes = []
    for _ in range(2):
        worker.run()
        hashes.append(worker.hear(Done)[0].outputs[0].sha256)
    assert hashes[0] == hashes[1]


def test_a_stop_ends_the_stage_and_nothing_else(worker):
    ticket = worker.run("slow")
    worker.hear(Step)
    began = time.monotonic()
    worker.say(Stop(ticket=ticket))
    failed, _ = worker.hear(Failed, Done)
    assert failed.code == "cancelled" and time.monotonic() - began < 0.5
    worker.run()
    assert worker.hear(Done, Failed)[0].loaded == ("draft",)


def test_a_stop_before_the_stage_has_begun_counts(worker):
    worker.run("slow")
    ticket = worker.run("slow")
    worker.say(Stop(ticket=ticket))
    worker.say(Stop(ticket=1))
    assert [worker.hear(Failed)[0].code for _ in range(2)] == ["cancelled", "cancelled"]


def test_it_beats_while_it_works(worker):
    worker.run("slow")
    assert worker.hear(Beat)[0].quiet < 1


@pytest.mark.parametrize(
    ("prompt", "code", "words"),
    [("fail", "stage-failed", "as it was asked to"), ("oom", "out-of-memory", "9 GB were asked for")],
)
def test_what_goes_wrong_is_said_and_survived(worker, prompt, code, words):
    worker.run(prompt)
    failed, _ = worker.hear(Failed)
    assert failed.code == code and words in failed.message and failed.remedy
    worker.run()
    worker.hear(Done)


def test_an_unexpected_error_is_one_sentence_for_people_and_a_traceback_for_the_log(worker):
    worker.run(task=StageTask("mesh", "a", "draft"), texture_size=64)
    worker.hear(Done)
    (worker.folder / "request.msgpack").write_bytes(b"\xc1")
    output = worker.folder / "out/x"
    output.mkdir()
    worker.say(Run(ticket=9, task=StageTask("mesh", "a", "draft"), folder=str(worker.folder), output=str(output)))
    failed, _ = worker.hear(Failed)
    assert "An error inside Greybox" in failed.message and "report" in failed.remedy
    assert "Traceback" not in failed.message and b"Traceback" in (worker.folder / "log").read_bytes()


def test_an_unknown_generator_or_stage_is_named(worker):
    worker.run(task=StageTask("mesh", "a", "magic"))
    assert "'magic'" in worker.hear(Failed)[0].message


def test_it_leaves_when_the_server_is_gone(worker):
    worker.run("hang")
    time.sleep(0.1)
    worker.process.stdin.close()
    assert worker.process.wait(3) == 0


def test_it_leaves_when_it_is_told(worker):
    worker.run("slow")
    worker.say(Quit())
    assert worker.process.wait(3) == 0


NOISY = """
import os, sys
from tests.fake_backend import FakeGenerator
from backend.workers.generate_worker import main
class Noisy(FakeGenerator):
    def mesh(self, request, control):
        print("printed by Python")
        os.write(1, b"written by a library\\n")
        return super().mesh(request, control)
sys.argv = ["worker"]
main({"draft": Noisy})
"""


def test_what_libraries_print_goes_to_the_log_not_to_the_server(tmp_path):
    pipe = Pipe(tmp_path, sys.executable, "-c", NOISY)
    pipe.hear(Ready)
    pipe.run()
    assert pipe.hear(Done, Failed)[0].outputs
    pipe.end()
    log = (tmp_path / "log").read_text()
    assert "printed by Python" in log and "written by a library" in log


ORPHAN = """
import json, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-m", "tests.fake_backend", "worker"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL)
print(json.dumps(worker.pid), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux does it; elsewhere the end of stdin does")
def test_it_dies_with_its_parent(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], cwd=ROOT, stdout=subprocess.PIPE)
    pid = json.loads(parent.stdout.readline())
    time.sleep(0.5)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            state = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]  # noqa: SIM115
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    raise AssertionError("the worker outlived its parent")


RASTER = StageTask("condition")


def test_the_render_worker_draws_a_layout(tmp_path):
    from backend.protocol.scene import Camera, SceneSpec

    pipe = Pipe(tmp_path, sys.executable, "-m", "backend.workers.render_worker")
    pipe.hear(Ready)
    turned = (0.7071067811865476, 0.7071067811865476, 0, 0)
    scene = SceneSpec(boxes=(box("a"),), camera=Camera(location=(0, -5, 1), rotation=turned))
    request = msgspec.structs.replace(job("j", renderer="raster"), scene=scene)
    (tmp_path / "request.msgpack").write_bytes(msgspec.msgpack.encode(request))
    (tmp_path / "out").mkdir()
    pipe.say(Run(ticket=1, task=RASTER, folder=str(tmp_path), output=str(tmp_path / "out")))
    done, _ = pipe.hear(Done, Failed)
    assert [output.name for output in done.outputs] == ["condition.png", "boxes.safetensors"]
    eevee = msgspec.structs.replace(request, settings=msgspec.structs.replace(request.settings, renderer="eevee"))
    (tmp_path / "request.msgpack").write_bytes(msgspec.msgpack.encode(eevee))
    (tmp_path / "again").mkdir()
    pipe.say(Run(ticket=2, task=RASTER, folder=str(tmp_path), output=str(tmp_path / "again"), crashes=1))
    again, _ = pipe.hear(Done, Failed)
    assert "Blender's renderer crashed" in again.notes[-1]
    assert [o.sha256 for o in again.outputs] == [o.sha256 for o in done.outputs]
    pipe.end()
