"""backend/workers/generate_worker.py: which generators are in memory."""

from typing import ClassVar

import msgspec
import pytest

from backend.generators.interface import Control
from backend.protocol.errors import Unavailable
from backend.protocol.stages import StageTask
from backend.stages.job import StageJob
from backend.workers.generate_worker import GenerateWorker, pick_device
from tests.client import box, job
from tests.fake_backend import INFO, FakeGenerator


def large(name):
    """A class of generators that need a GPU's memory and note what happens to them."""

    class Large(FakeGenerator):
        info = msgspec.structs.replace(INFO, name=name, memory_gb=(("bf16", 20.0),))
        happened: ClassVar[list] = []  # of every instance

        def load(self, device, control):
            self.happened.append(f"load {device}")

        def unload(self):
            self.happened.append("unload")

    return Large


@pytest.fixture
def worker():
    return GenerateWorker("cuda:0", {"draft": FakeGenerator, "one": large("one"), "two": large("two")})


def run(worker, folder, generator):
    slow = []
    task = StageTask("mesh", "a", generator)
    files, notes = worker.run(StageJob(job("j", box("a")), task, folder), Control(), slow.append)
    assert notes == ("a cube",) and ("a", "mesh.safetensors") in files
    return slow


def test_a_generator_is_loaded_once_and_says_that_it_is_slow(worker, tmp_path):
    assert run(worker, tmp_path, "draft") == [60.0, 0]
    assert run(worker, tmp_path, "draft") == [] and worker.loaded() == ("draft",)


def test_large_generators_take_turns_and_small_ones_stay(worker, tmp_path):
    for name in ("draft", "one", "two", "one"):
        run(worker, tmp_path, name)
    assert set(worker.loaded()) == {"draft", "one"}
    one, two = (worker._builders[name].happened for name in ("one", "two"))
    assert one == ["load cuda:0", "unload", "load cuda:0"] and two == ["load cuda:0", "unload"]


def test_freeing_unloads_everything(worker, tmp_path):
    run(worker, tmp_path, "one")
    worker.free()
    assert worker.loaded() == () and worker._builders["one"].happened[-1] == "unload"


def test_a_generator_that_fails_to_load_is_not_kept(tmp_path):
    class Broken(FakeGenerator):
        def load(self, device, control):
            raise Unavailable("The weights are not here", "Run: install.py weights")

    worker = GenerateWorker("cpu", {"draft": Broken})
    slow = []
    with pytest.raises(Unavailable, match="weights"):
        worker.run(StageJob(job("j", box("a")), StageTask("mesh", "a", "draft"), tmp_path), Control(), slow.append)
    assert worker.loaded() == () and slow == [60.0, 0]


def test_the_device_can_be_named():
    assert pick_device("cuda:3") == "cuda:3" and pick_device("auto") in ("cpu", "cuda:0")
