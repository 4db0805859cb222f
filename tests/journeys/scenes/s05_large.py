"""5. An asset of 200 000 triangles with PBR maps of 2048 pixels is brought in without holding the window up."""

import bpy
import numpy as np
from mathutils import Vector

from .. import addon, window

RINGS, SIDES = 316, 317  # 2 * (RINGS - 1) * SIDES triangles, about 200 000


def play(record):
    server = addon.fake()
    from tests.fakes import assets

    server.make = lambda size, _colour: large(assets, size)
    yield from window.new_file()
    box = addon.add("Vase")
    box.scale = (1.2, 1.2, 1.6)
    yield from window.press("HOME")
    yield from window.click("greybox.generate")
    yield from window.until(lambda: addon.results() and not addon.session().busy, 120, "the large asset")
    (result,) = addon.results()
    triangles = len(result.data.polygons)
    record.check(triangles > 199_000, f"{triangles} triangles")
    bpy.context.view_layer.update()
    corners = [box.matrix_world.inverted() @ result.matrix_world @ Vector(c) for c in result.bound_box]
    outside = max(max(abs(c.x) - 0.5, abs(c.y) - 0.5, c.z - 1.0, -c.z) for c in corners)
    record.check(outside < 1e-3, f"it stands {outside:.4f} out of its box")
    record.figure("triangles", f"{triangles:,}")
    yield from window.hover(window.middle())
    yield from window.look("s05_large")
    record.compare("s05_large", window.view_part())


def large(assets, size):
    """A lathe with a striped picture on it, in the unit box; every file of a finished box."""
    mesh = lathe()
    side = 2048
    grid = np.indices((side, side)).sum(0) // 128 % 2
    base = np.stack([np.where(grid, 210, 40), np.where(grid, 190, 90), np.where(grid, 150, 160)], -1).astype(np.uint8)
    return assets.files(size) | {
        "mesh.safetensors": mesh.to_bytes(),
        "base_color.png": assets.png(base),
        "orm.png": assets.flat((255, 90, 0), side),
        "normal.png": assets.flat((128, 128, 255), side),
        "placement.json": assets.placement(size, len(mesh.faces)).to_bytes(),
    }


def lathe():
    from greybox.backend.protocol.assets import MeshData

    t = np.linspace(0, 1, RINGS)
    radius = 0.26 + 0.16 * np.sin(t * 7.0) + 0.08 * np.cos(t * 3.0)
    radius *= 0.5 / radius.max()
    angle = np.linspace(0, 2 * np.pi, SIDES + 1)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    points = np.concatenate([radius[:, None, None] * ring, np.broadcast_to(t[:, None, None], (RINGS, SIDES + 1, 1))], 2)
    lower, column = np.meshgrid(np.arange(RINGS - 1), np.arange(SIDES), indexing="ij")
    a = (lower * (SIDES + 1) + column).ravel()
    b, c, d = a + 1, a + SIDES + 2, a + SIDES + 1
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]).astype(np.int32)
    uv = np.stack(np.meshgrid(t, angle / (2 * np.pi), indexing="ij")[::-1], -1).reshape(-1, 2)
    return MeshData(points.reshape(-1, 3).astype(np.float32), faces, uv[faces].astype(np.float32))
