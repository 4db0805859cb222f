"""The process that has bpy. Its Blender scene and shaders stay warm between layouts; bpy is loaded when the first
layout asks for a Blender renderer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ..generators.interface import Control
from ..protocol import artifacts
from ..protocol.assets import ConditionImages
from ..protocol.errors import StageFailed, Unavailable
from ..protocol.scene import SceneSpec
from ..stages import condition, pictures
from ..stages.job import Files, StageJob
from .worker import serve

LOADING = 120.0  # seconds that reading bpy and compiling shaders may block every thread of the process


class RenderWorker:
    def __init__(self) -> None:
        self._warm: Any = None  # the BlenderScene, once there is one

    def run(self, job: StageJob, control: Control, slow: Callable[[float], None]) -> tuple[Files, tuple[str, ...]]:
        if job.task.stage != "condition":
            raise StageFailed(f"The render worker was given the stage '{job.task.stage}'")
        images, notes = self._render(job, control, slow)
        control.check()
        files = {
            ("", artifacts.CONDITION): pictures.encode_png(images.image),
            ("", artifacts.BOX_MAPS): images.to_bytes(),
        }
        return files, notes

    def _render(
        self, job: StageJob, control: Control, slow: Callable[[float], None]
    ) -> tuple[ConditionImages, tuple[str, ...]]:
        scene, renderer = job.request.scene, job.request.settings.renderer
        if renderer == "raster":
            return condition.render(scene, renderer, control)
        if job.crashes:
            return _without_blender(scene, control, "Blender's renderer crashed")
        slow(LOADING)
        try:
            if self._warm is None:
                self._warm = condition.blender_scene()
            rendered = condition.render(scene, renderer, control, self._warm)
        except Unavailable as error:
            return _without_blender(scene, control, error.message)
        except RuntimeError as error:  # no OpenGL, no EGL
            return _without_blender(scene, control, f"Blender cannot render here ({str(error).strip()[:200]})")
        slow(0)
        return rendered

    def loaded(self) -> tuple[str, ...]:
        return ()

    def free(self) -> None:
        """Nothing is kept that could be given back."""


def _without_blender(scene: SceneSpec, control: Control, why: str) -> tuple[ConditionImages, tuple[str, ...]]:
    images, notes = condition.render(scene, "raster", control)
    return images, (*notes, f"{why}; the layout was drawn by the renderer 'raster'.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Started by the server; reads its tasks from stdin.")
    parser.add_argument("--device", default="cpu")
    parser.parse_args()
    serve(RenderWorker())


if __name__ == "__main__":
    main()
