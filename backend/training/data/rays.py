"""Which triangles does a ray meet: inside tests and small pictures of meshes, by trying every triangle.

Two plain functions, and their Triton twins in `rays_triton.py` for CUDA tensors. For training data only: a few thousand
triangles against a few thousand rays.
"""

import torch
from torch import Tensor

TRIANGLES = 64  # how many are tried at once; neighbours in a mesh share a small region


def winding(points: Tensor, triangles: Tensor) -> Tensor:
    """How often closed outward surfaces enclose each point: points [N, 3], triangles [F, 3, 3] -> [N] float32.

    Counts signed crossings of the ray upward (last axis). 0.5 or more is inside a union of solids that overlap.
    """
    if points.is_cuda:
        from .rays_triton import winding_triton

        return winding_triton(points, triangles)
    total = torch.zeros(len(points))
    for some in triangles.split(TRIANGLES):
        near = _over(points, some)
        weights, area, inside = _barycentric(points[near], some)
        height = (weights * some[:, :, 2]).sum(-1) / area  # [n, T]
        crossing = inside & (height > points[near, None, 2])
        total[near] += torch.where(crossing, area.sign(), 0.0).sum(1)
    return total


def first_hit(pixels: Tensor, triangles: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest triangle under each pixel: pixels [N, 2], projected triangles [F, 3, 3] as (u, v, 1 / depth).

    Returns (1 / depth [N] float32, 0 where nothing is; index [N] int64 of the triangle, -1 where nothing is).
    """
    if pixels.is_cuda:
        from .rays_triton import first_hit_triton

        return first_hit_triton(pixels, triangles)
    nearest, index = torch.zeros(len(pixels)), torch.full((len(pixels),), -1)
    for start in range(0, len(triangles), TRIANGLES):
        some = triangles[start : start + TRIANGLES]
        under = _over(pixels, some)
        weights, area, inside = _barycentric(pixels[under], some)
        near, which = torch.where(inside, (weights * some[:, :, 2]).sum(-1) / area, 0.0).max(1)
        closer = near > nearest[under]
        nearest[under] = torch.where(closer, near, nearest[under])
        index[under] = torch.where(closer, start + which, index[under])
    return nearest, index


def _over(points: Tensor, triangles: Tensor) -> Tensor:
    """Indices of the points whose first two coordinates lie in the bounds of all these triangles together."""
    low, high = triangles[..., :2].amin((0, 1)), triangles[..., :2].amax((0, 1))
    return ((points[:, :2] >= low) & (points[:, :2] <= high)).all(1).nonzero()[:, 0]


def _barycentric(points: Tensor, triangles: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Unnormalised weights [N, T, 3] of the corners, twice the signed area [T], whether the point is inside [N, T]."""
    a, b, c = triangles[:, :, :2].unbind(1)  # [T, 2] each
    p = points[:, None, :2]
    weights = torch.stack([_cross(b - p, c - p), _cross(c - p, a - p), _cross(a - p, b - p)], dim=-1)
    area = _cross(b - a, c - a)
    inside = ((weights >= 0).all(-1) | (weights <= 0).all(-1)) & (area != 0)
    return weights, torch.where(area == 0, 1.0, area), inside


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
