"""TAR3D's frame and the box frame.

TAR3D (ShapeNet axes): y up, front +z, a shape fills [-1, 1] along its longest side. Box frame: metres, Z up, front -Y,
origin at the centre of the floor face. Specification 2.

    x = s bx        y = s (bz - sz / 2)        z = -s by        with s = 2 FILL / longest side
"""

import numpy as np
from numpy import ndarray

FILL = 0.95  # a box's longest side reaches from -FILL to FILL, so that surfaces stay inside the planes


def scale(size: tuple[float, float, float]) -> float:
    """Model units per metre for a box of that size."""
    return 2 * FILL / max(size)


def to_model(points: ndarray, size: tuple[float, float, float]) -> ndarray:
    """Points (...,3) in the box frame -> TAR3D's frame."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2] - size[2] / 2
    return scale(size) * np.stack([x, z, -y], axis=-1)


def to_box(points: ndarray, size: tuple[float, float, float]) -> ndarray:
    """Points (...,3) in TAR3D's frame -> box frame, metres."""
    x, y, z = np.moveaxis(points / scale(size), -1, 0)
    return np.stack([x, -z, y + size[2] / 2], axis=-1)


def direction_to_model(direction: ndarray) -> ndarray:
    """A direction (...,3) in the box frame -> TAR3D's axes."""
    return np.stack([direction[..., 0], direction[..., 2], -direction[..., 1]], axis=-1)
