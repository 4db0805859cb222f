"""How a result stands in its box: touching it, filling it, or as large as it was made, whatever the box becomes.

The mesh was fitted once, by the backend, into the box as it was then. What the box has become since is undone in the
parent inverse of the result, so the result's own transform stays free for the user.
"""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Matrix

from ..backend.protocol.errors import InvalidScene
from . import boxes, scene_reader

FLAT = 1e-9  # an extent below this cannot be scaled
SAME = 1e-5  # difference of two matrices below which nothing is written


def refit(box: bpy.types.Object) -> bool:
    """Brings the result of a box into its present shape. True when something had to be changed."""
    result = boxes.result_of(box)
    if result is None or result.parent != box:
        return False
    try:
        wanted = parent_inverse(box, result.users_scene[0].greybox.fit)
    except InvalidScene:
        return False  # flat or sheared at the moment: the panel says so
    now = result.matrix_parent_inverse
    scale = max(1.0, *(abs(value) for row in wanted for value in row))
    if max(abs(now[i][j] - wanted[i][j]) for i in range(4) for j in range(4)) <= SAME * scale:
        return False
    result.matrix_parent_inverse = wanted
    return True


def refit_all(scene: bpy.types.Scene) -> None:
    for box in boxes.all_boxes(scene):
        refit(box)


def parent_inverse(box: bpy.types.Object, fit: str) -> Matrix:
    """From the box to its result: the box's own scale taken back, the result's put in. Raises InvalidScene."""
    frame = scene_reader.box_frame(box)
    settings = box.greybox
    stretch = np.ones(3)
    if settings.variants:
        variant = settings.variants[min(settings.active_variant, len(settings.variants) - 1)]
        stretch = stretch_of(variant.placement, variant.size, frame.size, fit)
    return box.matrix_world.inverted() @ frame.matrix @ Matrix.Diagonal((*stretch, 1.0))


def stretch_of(placement: Sequence[float], size: Sequence[float], box: Sequence[float], fit: str) -> np.ndarray:
    """(3,) by how much a mesh is scaled along the axes of its box.

    placement: 16 numbers, the mesh as generated to `size` in the box that it was made for; box: the extents now.
    """
    extent = np.asarray(size, np.float64)
    solid = extent > FLAT
    if not solid.any():
        return np.ones(3)  # of an older file, which does not say
    made = np.linalg.norm(np.asarray(placement, np.float64).reshape(4, 4)[:3, :3], axis=1)
    made = np.where(made > FLAT, made, 1.0)
    if fit == "keep":
        return 1.0 / made
    room = np.divide(np.asarray(box, np.float64), extent, out=np.ones(3), where=solid)
    if fit == "fill":
        return room
    return (room * made)[solid].min() / made
