"""Renders with Blender in a process of its own and writes what it saw: a crash of the driver fails one test, not all.

python -m tests.render.blender_frames OUT.npz
"""

from __future__ import annotations

import sys
import time
from typing import Any

import bpy
import numpy as np

from backend.protocol.seethrough3d import lights
from backend.protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout
from backend.render.blender_scene import BlenderScene
from backend.render.boxes import Layout
from backend.stages import condition

from .layouts import nested

SIZE = 128


def ten_boxes() -> Layout:
    boxes = tuple(
        CanonicalBox((-3 + i % 5, -1 + 2 * (i // 5), 0), (0.8, 0.6, 0.5 + 0.1 * i), 15 * i) for i in range(10)
    )
    return condition.drawable(CanonicalLayout(boxes, 25, 40), lights.fixed())


def contents() -> dict[str, int]:
    kinds = ("scenes", "objects", "meshes", "materials", "lights", "cameras", "worlds")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def main(path: str) -> None:
    before, active = contents(), bpy.context.scene.name
    out: dict[str, Any] = {}
    scene = BlenderScene()
    for name in ("first", "second", "third"):
        started = time.process_time()  # of all threads: the machine may be busy with something else
        out[name] = scene.render(ten_boxes(), "eevee", SIZE)
        out[f"{name}_seconds"] = time.process_time() - started
    out["nested"] = scene.render(nested(2), "eevee", SIZE)
    out["cycles"] = scene.render(nested(2), "cycles", 64, samples=8)
    out["after_cycles"] = scene.render(nested(2), "eevee", SIZE)
    scene.close()
    out["untouched"] = contents() == before and bpy.context.scene.name == active
    np.savez(path, **out)


if __name__ == "__main__":
    main(sys.argv[1])
