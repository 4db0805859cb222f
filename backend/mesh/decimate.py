"""An exact budget of triangles, on the CPU."""

import fast_simplification
import numpy as np

from .clean import compact, without_doubles

ROUNDS = 4


def decimate(vertices: np.ndarray, faces: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
    """(V, 3) fp32, (F, 3) int32 with at most `target` faces, by quadric edge collapse.

    The border of open meshes is kept where the budget allows. `simplify.py` is the published algorithm, for GPUs.
    """
    vertices, faces = np.ascontiguousarray(vertices, np.float32), np.ascontiguousarray(faces, np.int32)
    for aggression in range(5, 5 + ROUNDS):
        if len(faces) <= target:
            break
        reduced = fast_simplification.simplify(vertices, faces, target_count=target, agg=aggression)
        vertices, faces = reduced[0].astype(np.float32), without_doubles(reduced[1].astype(np.int32))
    vertices, faces = compact(vertices, faces)
    return vertices.astype(np.float32), faces.astype(np.int32)
