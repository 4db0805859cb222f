"""Differences between pictures as TAR3D reports them, and the cameras they are taken from. Specification 13.2."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray
from PIL import Image
from skimage.metrics import structural_similarity

VERTICAL_FOV = 60.0
RESOLUTION = 224

VIEW_DIRECTIONS = np.array(
    [
        (0.52573, 0.38197, 0.85065),
        (-0.20081, 0.61803, 0.85065),
        (-0.64984, 0, 0.85065),
        (-0.20081, -0.61803, 0.85065),
        (0.52573, -0.38197, 0.85065),
        (0.85065, -0.61803, 0.20081),
        (1.0515, 0, -0.20081),
        (0.85065, 0.61803, 0.20081),
        (0.32492, 1, -0.20081),
        (-0.32492, 1, 0.20081),
        (-0.85065, 0.61803, -0.20081),
        (-1.0515, 0, 0.20081),
        (-0.85065, -0.61803, -0.20081),
        (-0.32492, -1, 0.20081),
        (0.32492, -1, -0.20081),
        (0.64984, 0, -0.85065),
        (0.20081, 0.61803, -0.85065),
        (-0.52573, 0.38197, -0.85065),
        (-0.52573, -0.38197, -0.85065),
        (0.20081, -0.61803, -0.85065),
    ]
)


def camera_eyes() -> ndarray:
    """Where the twenty cameras stand, (20,3); all look at the origin, y up."""
    return 2 * VIEW_DIRECTIONS


def look_at(eye: ndarray, up: tuple[float, float, float] = (0, 1, 0)) -> ndarray:
    """Camera-to-world matrix (4,4) of an OpenGL camera at `eye` that looks at the origin along its -z."""
    backward = eye / np.linalg.norm(eye)
    right = np.cross(up, backward)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3] = np.stack([right, np.cross(backward, right), backward, eye], axis=1)
    return pose


def on_white(rgba: ndarray) -> ndarray:
    """Straight-alpha picture (H,W,4) uint8 over white, (H,W,3) float in [0, 1]."""
    rgba = rgba.astype(np.float32) / 255
    return rgba[..., :3] * rgba[..., 3:] + (1 - rgba[..., 3:])


def read_on_white(path: Path) -> ndarray:
    """A picture file as (H,W,3) uint8, over white where it is transparent."""
    return (on_white(np.asarray(Image.open(path).convert("RGBA"))) * 255).round().astype(np.uint8)


def psnr(truth: ndarray, image: ndarray) -> float:
    """Of two uint8 pictures: 100 when they are identical, -100 beyond a mean square of 1000."""
    mse = float(np.mean((truth.astype(np.float64) / 255 - image.astype(np.float64) / 255) ** 2))
    if mse == 0:
        return 100.0
    return -100.0 if mse > 1000 else float(20 * np.log10(1 / np.sqrt(mse)))


def ssim(truth: ndarray, image: ndarray) -> float:
    """Structural similarity of two uint8 pictures (H,W,3), with the Gaussian window of the original paper."""
    value: Any = structural_similarity(
        truth, image, data_range=truth.max() - truth.min(), channel_axis=-1,
        gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
    )  # fmt: skip
    return float(value)
