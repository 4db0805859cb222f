"""A budget of triangles for a mesh that is textured already: what remains keeps its part of the texture."""

from __future__ import annotations

from typing import Any

import fast_simplification
import numpy as np

ROUNDS = 4
STEP = 1.4  # from one number of faces to the next, where the one before lost a part
EXTENT_KEPT = 0.97  # of each extent: what loses more has lost a part
AREA_KEPT = 0.6  # of the surface


def reduce(vertices: np.ndarray, faces: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(V,3) fp32, (F,3) int32 -> (vertices (W,3), faces (G,3), kept (G,)): at most `target` faces where it can be.

    Edges are collapsed by quadric error; `kept` names the face of before that each face is, so UVs, normals and parts
    of its corners are taken over. A mesh of many thin or separate pieces has a floor, below which it would lose a part
    of the thing: it gets as few faces as it can.
    """
    vertices, faces = np.array(vertices, np.float32), np.array(faces, np.int32)  # the library wants to write to them
    wished = target
    while wished < len(faces):
        fewer, less, kept = _collapsed(vertices, faces, round(wished))
        if _still_there(vertices, faces, fewer, less):
            return _compact(fewer, less, kept)
        wished *= STEP
    return vertices, faces, np.arange(len(faces))


def _collapsed(vertices: np.ndarray, faces: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each round collapses more boldly."""
    kept = np.arange(len(faces))
    for aggression in range(5, 5 + ROUNDS):
        if len(faces) <= target:
            break
        collapses = _collapses(vertices, faces, target, aggression)
        moved, _, place = fast_simplification.replay_simplification(vertices, faces, collapses)
        mapped = np.asarray(place)[faces].astype(np.int32)
        a, b, c = mapped.T
        whole = (a != b) & (b != c) & (c != a)
        vertices, faces, kept = np.asarray(moved, np.float32), mapped[whole], kept[whole]
    return vertices, faces, kept


def _collapses(vertices: np.ndarray, faces: np.ndarray, target: int, aggression: int) -> np.ndarray:
    """(C,2): which vertex goes into which, in order."""
    simplify: Any = fast_simplification.simplify  # its stub forgets the third result
    return simplify(vertices, faces, target_count=target, agg=aggression, return_collapses=True)[2]


def _compact(vertices: np.ndarray, faces: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    used, corners = np.unique(faces, return_inverse=True)
    return vertices[used], corners.reshape(-1, 3).astype(np.int32), kept


def _still_there(vertices: np.ndarray, faces: np.ndarray, fewer: np.ndarray, less: np.ndarray) -> bool:
    """Whether extents and surface are about what they were."""
    if not len(less):
        return False
    before, after = np.ptp(vertices[faces.ravel()], axis=0), np.ptp(fewer[less.ravel()], axis=0)
    return bool((after >= EXTENT_KEPT * before).all()) and _area(fewer, less) >= AREA_KEPT * _area(vertices, faces)


def _area(vertices: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())
