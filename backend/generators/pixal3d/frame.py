"""Axes of Pixal3D (pixal3d spec 2, 11).

Voxel frame: x right in the image, y up, z towards the camera; a unit cube around the look-at point. The camera stands
on +z and looks along -z, so the voxel frame is the camera frame moved and scaled.
"""

from __future__ import annotations

import numpy as np


def voxel_to_glb(points: np.ndarray) -> np.ndarray:
    """(N, 3) voxel frame -> glTF with Y up, as the release exports it: half a turn about the vertical."""
    return points * np.array([-1, 1, -1], points.dtype)


def glb_to_blender(points: np.ndarray) -> np.ndarray:
    """(N, 3) glTF with Y up -> what Blender's importer makes of it: Z up."""
    return np.stack((points[:, 0], -points[:, 2], points[:, 1]), axis=1)
