"""The process that has torch and the models. A generator is built and loaded when the first stage asks for it.

torch is imported by the generators that need it, not here: Draft runs without.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..generators.interface import Control, Generator
from ..protocol.errors import Unavailable
from ..stages.job import Files, StageJob
from .worker import serve

if TYPE_CHECKING:
    from ..stages.views import Matting

LOADING = 60.0  # seconds that reading a library or a model may block every thread of the process


def _draft() -> Generator:
    from ..generators.draft.pipeline import Draft

    return Draft()


def _seethrough3d() -> Generator:
    from ..generators.seethrough3d.pipeline import SeeThrough3D

    return SeeThrough3D()


def _pixal3d() -> Generator:
    from ..generators.pixal3d.pipeline import Pixal3D

    return Pixal3D()


def _trellis2() -> Generator:
    from ..generators.trellis2.pipeline import Trellis2

    return Trellis2()


def _tar3d() -> Generator:
    from ..generators.tar3d.pipeline import Tar3D

    return Tar3D()


def _tar3d_picture() -> Generator:
    from ..generators.catalogue import TAR3D_PICTURE
    from ..generators.tar3d.pipeline import Tar3D

    return Tar3D(TAR3D_PICTURE)


Builders = Mapping[str, Callable[[], Generator]]
BUILDERS: Builders = {
    "draft": _draft,
    "seethrough3d": _seethrough3d,
    "pixal3d": _pixal3d,
    "trellis2": _trellis2,
    "tar3d": _tar3d,
    "tar3d_picture": _tar3d_picture,
}


class GenerateWorker:
    def __init__(self, device: str, builders: Builders) -> None:
        self._device = device
        self._builders = builders
        self._generators: dict[str, Generator] = {}
        self._cuts_out: Matting | None = None

    def run(self, job: StageJob, control: Control, slow: Callable[[float], None]) -> tuple[Files, tuple[str, ...]]:
        stage = job.task.stage
        if stage == "placement":
            from ..stages import placement

            return placement.run(job, control)
        if stage == "views":
            from ..stages import views

            matting = self._cuts_out = self._cuts_out or views.installed_matting(self._device)
            if not job.task.generator:
                return views.run(job, None, None, control, matting)
            painter: Any = self._ready(job.task.generator, control, slow)
            return views.run(job, painter, painter.info, control, matting)
        generator: Any = self._ready(job.task.generator, control, slow)
        if stage == "mesh":
            from ..stages import mesh

            return mesh.run(job, generator, generator.info, control)
        if stage == "material":
            from ..stages import material

            return material.run(job, generator, generator.info, control)
        if stage == "image":
            from ..stages import image

            return image.run(job, generator, generator.info, control)
        if stage == "room":
            from ..stages import room

            return room.run(job, generator, generator.info, control)
        raise Unavailable(f"Nothing here does the stage '{stage}'", "Choose a generator that needs no picture.")

    def loaded(self) -> tuple[str, ...]:
        return tuple(self._generators)

    def free(self) -> None:
        for generator in self._generators.values():
            generator.unload()
        self._generators.clear()
        self._cuts_out = None

    def _ready(self, name: str, control: Control, slow: Callable[[float], None]) -> Generator:
        if name in self._generators:
            return self._generators[name]
        if name not in self._builders:
            raise Unavailable(f"The generator '{name}' is listed but not built here", "Update Greybox.")
        generator = self._builders[name]()
        self._make_room(generator)
        control.step(0, 1, f"Loading {generator.info.label}")
        slow(LOADING)
        try:
            generator.load(self._device, control)
        finally:
            slow(0)
        self._generators[name] = generator
        return generator

    def _make_room(self, coming: Generator) -> None:
        """Models take turns: of the generators that need GPU memory, one is in it at a time."""
        if not coming.info.memory_gb:
            return
        for name, other in list(self._generators.items()):
            if other.info.memory_gb:
                other.unload()
                del self._generators[name]


def pick_device(asked: str) -> str:
    """ "auto" is the first GPU where the driver of one is there, else the CPU. Does not load torch."""
    if asked != "auto":
        return asked
    from pathlib import Path

    return "cuda:0" if Path("/dev/nvidia0").exists() else "cpu"


def main(builders: Builders = BUILDERS) -> None:
    parser = argparse.ArgumentParser(description="Started by the server; reads its tasks from stdin.")
    parser.add_argument("--device", default="auto")
    serve(GenerateWorker(pick_device(parser.parse_args().device), builders))


if __name__ == "__main__":
    main()
