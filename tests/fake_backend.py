"""A generator without models, a server and a worker that use it, and clocks and processes that tests move by hand.

The words of a box say what becomes of it: "slow" takes five seconds, "hang" never ends and hears no cancel, "crash"
kills its worker, "oom" runs out of memory, "fail" fails with a message, anything else takes five steps of 20 ms.

    python -m tests.fake_backend server --folder F      the real server with fake generators and quick limits
    python -m tests.fake_backend worker --device cpu    started by it
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field, replace

from backend.protocol.options import GeneratorInfo, IntOption
from backend.protocol.work import ToWorker
from backend.server.supervisor import Limits

INFO = GeneratorInfo(
    name="draft",
    label="Fake",
    description="A cube, whatever is asked for.",
    gives=("mesh", "material"),
    takes=("box",),
    options=(IntOption(name="steps", label="Steps", tooltip="Steps of 20 ms", default=5, minimum=1, maximum=1000),),
)
PREVIEW = b"as good as a picture"
REAL = os.environ.get("GREYBOX_TEST_GENERATOR") == "draft"  # the real worker with Draft instead of the fake one
QUICK = Limits(start=20, beat=2.0, stop=0.6, quiet=3.0, restarts=3, window=60)


class FakeGenerator:
    """Gives mesh and material of a cube, and misbehaves on demand."""

    info = INFO

    def load(self, device, control) -> None:
        control.check()

    def unload(self) -> None:
        pass

    def mesh(self, request, control):
        import numpy as np

        from backend.protocol.assets import MeshData

        self._note(request)
        self._behave(request, control)
        w, d, h = request.box.size
        vertices = np.array([(x, y, z) for x in (-w / 2, w / 2) for y in (-d / 2, d / 2) for z in (0, h)], np.float32)
        quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
        faces = np.array([t for a, b, c, e in quads for t in ((a, b, c), (a, c, e))], np.int32)
        return MeshData(vertices, faces, meta={"seed": str(request.seed)}), ("a cube",)

    def material(self, request, control):
        import dataclasses

        import numpy as np

        from backend.protocol.assets import MaterialMaps

        self._steps(control, 3)
        side = request.texture_size
        corner_uvs = np.tile(np.array([[0, 0], [1, 0], [1, 1]], np.float32), (len(request.mesh.faces), 1, 1))
        colour = np.full((side, side, 3), request.seed % 256, np.uint8)
        plain = np.full((side, side, 3), 128, np.uint8)
        return dataclasses.replace(request.mesh, corner_uvs=corner_uvs), MaterialMaps(colour, plain, plain)

    def _behave(self, request, control) -> None:
        words = request.box.prompt.split()
        if "crash" in words:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "oom" in words:
            raise MemoryError("9 GB were asked for")
        if "fail" in words:
            from backend.protocol.errors import StageFailed

            raise StageFailed("The fake failed, as it was asked to", "Ask for something else.")
        while "hang" in words:
            time.sleep(1)
        self._steps(control, 250 if "slow" in words else request.options["steps"])

    def _steps(self, control, count: int) -> None:
        for step in range(count):
            control.step(step, count, "Pretending", PREVIEW if step == 2 else None)
            time.sleep(0.02)

    def _note(self, request) -> None:
        """One line for each time that work was begun, for tests that count."""
        path = os.environ.get("GREYBOX_TEST_LOG")
        if path:
            with open(path, "a") as file:
                file.write(f"{request.box.id}\n")


@dataclass
class FakeClock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeProcess:
    """Keeps what it was sent; says nothing by itself."""

    pid: int = 1
    sent: list[ToWorker] = field(default_factory=list)
    killed: bool = False
    words: str = ""

    def send(self, message: ToWorker) -> None:
        self.sent.append(message)

    def kill(self) -> None:
        self.killed = True

    def last_words(self) -> str:
        return self.words


def _command(kind: str, device: str) -> list[str]:
    if kind == "render" or REAL:
        return [sys.executable, "-m", f"backend.workers.{kind}_worker", "--device", device]
    return [sys.executable, "-m", "tests.fake_backend", "worker", "--device", device]


if __name__ == "__main__":
    role = sys.argv.pop(1)
    if role == "worker":
        from backend.workers.generate_worker import main as worker_main

        worker_main({"draft": FakeGenerator})
    else:
        from backend.generators.catalogue import DRAFT
        from backend.server.__main__ import main as server_main

        limits = replace(
            Limits() if REAL else QUICK, restarts=int(os.environ.get("GREYBOX_TEST_RESTARTS", QUICK.restarts))
        )
        sys.exit(server_main(sys.argv[1:], generators=(DRAFT if REAL else INFO,), command=_command, limits=limits))
