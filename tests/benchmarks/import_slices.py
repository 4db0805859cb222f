"""How long Blender's main thread is held while a large result is put into the scene.

    python -m tests.benchmarks.import_slices [--triangles 200000 1000000 2000000]

Needs bpy. Prints the whole time, the longest slice and its limit (the add-on's watchdog has the same).
"""

import argparse
import time

import tests.conftest  # noqa: F401 - makes the checkout importable as the package `greybox`

# isort: split
import bpy
import numpy as np
from greybox.backend.protocol.assets import MeshData
from greybox.blender_addon import scene_writer, watchdog
from greybox.blender_addon.mesh_arrays import arrays_of

from tests.fakes import assets


def sheet(triangles: int) -> MeshData:
    """A wavy sheet of about so many triangles, with UVs and normals of its own."""
    n = max(1, round((triangles / 2) ** 0.5))
    x, y = np.meshgrid(*2 * [np.linspace(-0.5, 0.5, n + 1)], indexing="ij")
    vertices = np.stack([x, y, 0.1 * np.sin(20 * x)], -1).reshape(-1, 3).astype(np.float32)
    corner = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    right, up = corner + n + 1, corner + 1
    faces = np.stack([corner, right, right + 1, corner, right + 1, up], -1).reshape(-1, 3).astype(np.int32)
    normals = np.broadcast_to(np.array([0, 0, 1], np.float32), (len(faces), 3, 3))
    return MeshData(vertices, faces, vertices[faces][..., :2] + 0.5, normals)


def slices_of(triangles: int) -> list[float]:
    """Seconds of each slice."""
    arrays = arrays_of(sheet(triangles), assets.placement((1, 1, 1)), 1.0)
    seconds, steps = [], scene_writer.mesh_steps("Sheet", arrays)
    while True:
        begin = time.perf_counter()
        try:
            next(steps)
        except StopIteration as end:
            seconds.append(time.perf_counter() - begin)
            bpy.data.meshes.remove(end.value)
            return seconds
        seconds.append(time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--triangles", type=int, nargs="+", default=[200_000, 1_000_000, 2_000_000])
    print(f"Blender {bpy.app.version_string}, limit of a slice {watchdog.limit(watchdog.SLICE) * 1000:.0f} ms")
    for triangles in parser.parse_args().triangles:
        seconds = slices_of(triangles)
        ms = ", ".join(f"{s * 1000:.0f}" for s in seconds)
        print(f"{triangles:,} triangles: {sum(seconds):.2f} s in {len(seconds)} slices, longest "
              f"{max(seconds) * 1000:.0f} ms ({ms})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
