"""Distances between surfaces as TAR3D reports them. Specification 13.1."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray
from scipy.spatial import KDTree

SAMPLES = 16_000
THRESHOLD = 0.02


@dataclass(frozen=True)
class SurfaceScores:
    """`recall` is the share of predicted points near the truth, `precision` the other way round (the paper's names)."""

    dist1: float  # mean distance prediction -> truth
    dist2: float  # mean distance truth -> prediction
    chamfer: float
    recall: float
    precision: float
    fscore: float
    normal_dist1: float
    normal_dist2: float
    normal_consistency: float


def normalize(vertices: ndarray) -> ndarray:
    """Move the bounding box's centre to the origin and scale its longest side to 2."""
    low, high = vertices.min(0), vertices.max(0)
    return (vertices - (low + high) / 2) * (2 / (high - low).max())


def align_ground_truth(vertices: ndarray) -> ndarray:
    """The rotation that the published evaluation gives the ground truth: -90 degrees about x, then 32 about y."""
    return vertices @ (_about_y(np.deg2rad(32)) @ _about_x(np.deg2rad(-90))).T


def _about_x(angle: float) -> ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_y(angle: float) -> ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def sample_surface(vertices: ndarray, faces: ndarray, count: int, rng: np.random.Generator) -> tuple[ndarray, ndarray]:
    """Points (count,3) uniform over the surface and the normals (count,3) of their triangles."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    area = np.linalg.norm(cross, axis=1)
    if not area.sum() > 0:
        raise ValueError(f"a surface of {len(faces)} triangles has no area to take samples from")
    chosen = rng.choice(len(faces), size=count, p=area / area.sum())
    u, v = rng.random((2, count, 1))
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    points = a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]
    return points, cross[chosen] / area[chosen][:, None]


def compare_surfaces(
    points: ndarray, normals: ndarray, true_points: ndarray, true_normals: ndarray, threshold: float = THRESHOLD
) -> SurfaceScores:
    """Points and normals (N,3) of a prediction against those of the truth.

    Chamfer is not squared; an F-score of 0/0 is 0.
    """
    d1, near1 = KDTree(true_points).query(points)
    d2, near2 = KDTree(points).query(true_points)
    recall, precision = float((d1 < threshold).mean()), float((d2 < threshold).mean())
    cosine1 = float((normals * true_normals[near1]).sum(1).mean())
    cosine2 = float((true_normals * normals[near2]).sum(1).mean())
    return SurfaceScores(
        dist1=float(d1.mean()),
        dist2=float(d2.mean()),
        chamfer=float(d1.mean() + d2.mean()) / 2,
        recall=recall,
        precision=precision,
        fscore=2 * recall * precision / (recall + precision) if recall + precision > 0 else 0.0,
        normal_dist1=cosine1,
        normal_dist2=cosine2,
        normal_consistency=(cosine1 + cosine2) / 2,
    )


def compare_meshes(
    mesh: tuple[ndarray, ndarray], truth: tuple[ndarray, ndarray], seed: int = 0, threshold: float = THRESHOLD
) -> SurfaceScores:
    """Vertices and faces of both, each normalised by itself, sampled with a seed (the published code has none)."""
    rng = np.random.default_rng(seed)
    points, normals = sample_surface(normalize(mesh[0]), mesh[1], SAMPLES, rng)
    true_points, true_normals = sample_surface(normalize(truth[0]), truth[1], SAMPLES, rng)
    return compare_surfaces(points, normals, true_points, true_normals, threshold)
