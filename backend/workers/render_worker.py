"""The process that has bpy. Its Blender scene and shaders stay warm between layouts; bpy is loaded when the first
layout asks for a Blender renderer."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..generators.interface import Control
from ..protocol import artifacts
from ..protocol.errors import StageFailed, Unavailable
from ..stages import condition, pictures
from ..stages.job import Files, StageJob
from .worker import serve

LOADING = 120.0  # seconds that reading bpy and compiling shaders may block every thread of the process


class RenderWorker:
    def run(self, job: StageJob, control: Control, slow: Callable[[float], None]) -> tuple[Files, tuple[str, ...]]:
        if job.task.stage != "condition":
            raise StageFailed(f"The render worker was given the stage '{job.task.stage}'")
        renderer = job.request.settings.renderer
        if renderer != "raster":
            slow(LOADING)
        images, notes = self._render(job, renderer, control)
        control.check()
        files = {
            ("", artifacts.CONDITION): pictures.encode_png(images.image),
            ("", artifacts.BOX_MAPS): images.to_bytes(),
        }
        return files, notes

    def _render(self, job: StageJob, renderer: str, control: Control):
        try:
            return condition.render(job.request.scene, renderer, control)
        except Unavailable as error:
            if renderer == "raster":
                raise
            images, notes = condition.render(job.request.scene, "raster", control)
            return images, (*notes, f"Drawn without Blender: {error.message}")

    def loaded(self) -> tuple[str, ...]:
        return ()

    def free(self) -> None:
        """Nothing is kept that could be given back."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Started by the server; reads its tasks from stdin.")
    parser.add_argument("--device", default="cpu")
    parser.parse_args()
    serve(RenderWorker())


if __name__ == "__main__":
    main()
