"""Texels outside the charts of a map take the value of the nearest texel inside: no dark seams under filtering and
mip maps."""

import numpy as np
from scipy import ndimage


def nearest_covered(covered: np.ndarray) -> np.ndarray:
    """covered: (H, W) bool -> (H, W) int64, for each texel the flat index of the nearest covered texel (itself where
    covered).

    Computed once for an atlas and used for each of its maps: `image.reshape(H * W, -1)[nearest]`."""
    if not covered.any():
        raise ValueError(
            f"a map of {covered.shape[1]} x {covered.shape[0]} texels with no covered texel has nothing to spread"
        )
    place = np.zeros((2, *covered.shape), dtype=np.int32)
    ndimage.distance_transform_edt(~covered, return_distances=False, return_indices=True, indices=place)
    rows, columns = place
    return rows.astype(np.int64) * covered.shape[1] + columns


def fill_gutter(image: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """image: (H, W, ...), covered: (H, W) bool -> the image with every uncovered texel filled."""
    height, width = covered.shape
    return image.reshape(height * width, *image.shape[2:])[nearest_covered(covered)]
