"""From a decoded surface to the mesh of an asset: closed, clean, turned outwards, within its budget."""

import numpy as np
from torch import Tensor

from .clean import CRUMB_AREA, compact, orient, split_wild_edges, without_crumbs, without_doubles, without_flat
from .decimate import decimate
from .holes import PUBLISHED_PERIMETER, fill_holes
from .simplify import simplify

HEADROOM = 1.25  # of the budget: what a GPU leaves for the exact last step
JITTER = 0.1


def finish(
    vertices: np.ndarray,
    faces: np.ndarray,
    triangles: int,
    hole_perimeter: float = PUBLISHED_PERIMETER,
    crumb_area: float = CRUMB_AREA,
) -> tuple[np.ndarray, np.ndarray]:
    """Surface in the unit box (V, 3), (F, 3) -> at most `triangles` faces, fp32 and int32 (trellis2_core spec 17).

    Faces are turned before they are decimated: collapses are judged by normals.
    """
    vertices, faces = fill_holes(vertices, without_doubles(faces), hole_perimeter)
    vertices, faces = _sound(vertices, faces, crumb_area)
    vertices, faces = decimate(vertices, faces, triangles)
    vertices, faces = _sound(vertices, faces, crumb_area)
    return np.ascontiguousarray(vertices, np.float32), np.ascontiguousarray(faces, np.int32)


def finish_surface(vertices: Tensor, faces: Tensor, triangles: int) -> tuple[np.ndarray, np.ndarray]:
    """`finish` of tensors; what lies on a GPU is simplified there, most of the way."""
    if faces.is_cuda:
        vertices, faces = simplify(vertices, faces, int(HEADROOM * triangles), jitter=JITTER)
    return finish(vertices.float().cpu().numpy(), faces.int().cpu().numpy(), triangles)


def _sound(vertices: np.ndarray, faces: np.ndarray, crumb_area: float) -> tuple[np.ndarray, np.ndarray]:
    vertices, faces = split_wild_edges(vertices, without_flat(vertices, without_doubles(faces)))
    vertices, faces = compact(vertices, without_crumbs(vertices, faces, crumb_area))
    return vertices, orient(vertices, faces)
