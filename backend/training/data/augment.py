"""Augmentation of shapes as TAR3D trains on them. Specification 11.2. Draws are arguments, so a seed is a value."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

FIT = 0.999999


@dataclass(frozen=True)
class ShapeSample:
    """One shape in [-1, 1]: surface points with normals, and query points with occupancy labels."""

    surface: ndarray  # (M,3) float32
    normals: ndarray  # (M,3) float32
    points: ndarray  # (Q,3) float32
    labels: ndarray  # (Q,) float32, 1 inside


def scale_axes(sample: ShapeSample, factors: ndarray, jitter: ndarray | None = None) -> ShapeSample:
    """Stretch each axis, refit to [-1, 1], then move surface points by 0.005 times `jitter` (M,3) unit normals.

    Normals stay as they are, which is what the reference trains with.
    """
    surface, points = sample.surface * factors, sample.points * factors
    fit = np.float32(FIT) / np.abs(surface).max()
    surface, points = surface * fit, points * fit
    if jitter is not None:
        surface = np.clip(surface + np.float32(0.005) * jitter, -1, 1)
    return ShapeSample(surface, sample.normals, points, sample.labels)


def scale_all(sample: ShapeSample, factor: float) -> ShapeSample:
    return ShapeSample(sample.surface * factor, sample.normals, sample.points * factor, sample.labels)


def rotate(sample: ShapeSample, rotation: ndarray) -> ShapeSample:
    """Turn by `rotation` (3,3) and refit to [-1, 1]."""
    turned = [(v @ rotation.T).astype(np.float32) for v in (sample.surface, sample.normals, sample.points)]
    fit = np.float32(FIT) / np.abs(turned[0]).max()
    return ShapeSample(turned[0] * fit, turned[1], turned[2] * fit, sample.labels)


def reference_rotation(uniform: ndarray) -> ndarray:
    """The rotation that the reference draws: Q of a (3,3) matrix of uniform numbers; not uniform over rotations."""
    return np.linalg.qr(uniform)[0]


def augment(sample: ShapeSample, rng: np.random.Generator, rotations: bool = True) -> ShapeSample:
    """All of it. With a condition that shows the object, `rotations` must be off."""
    jitter = rng.standard_normal(sample.surface.shape, dtype=np.float32)
    sample = scale_axes(sample, rng.uniform(0.75, 1.25, 3).astype(np.float32), jitter)
    if rng.random() < 0.1:
        return scale_all(sample, rng.uniform(0.8, 1.0))
    if rotations and rng.random() < 0.2:
        return rotate(sample, reference_rotation(rng.random((3, 3))))
    return sample
