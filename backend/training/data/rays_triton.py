"""The Triton twins of `rays.py`."""

from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

RAYS, TRIANGLES = 16, 64


@triton.jit
def _corner_weights(px, py, tri, faces, mask):
    """Corner weights [R, T] of 2-D points against triangles [9, F] (a, b, c in turn), and their third coordinates."""
    ax = tl.load(tri + 0 * faces, mask=mask, other=0.0)[None, :]
    ay = tl.load(tri + 1 * faces, mask=mask, other=0.0)[None, :]
    az = tl.load(tri + 2 * faces, mask=mask, other=0.0)[None, :]
    bx = tl.load(tri + 3 * faces, mask=mask, other=0.0)[None, :]
    by = tl.load(tri + 4 * faces, mask=mask, other=0.0)[None, :]
    bz = tl.load(tri + 5 * faces, mask=mask, other=0.0)[None, :]
    cx = tl.load(tri + 6 * faces, mask=mask, other=0.0)[None, :]
    cy = tl.load(tri + 7 * faces, mask=mask, other=0.0)[None, :]
    cz = tl.load(tri + 8 * faces, mask=mask, other=0.0)[None, :]
    px, py = px[:, None], py[:, None]
    wa = (bx - px) * (cy - py) - (by - py) * (cx - px)
    wb = (cx - px) * (ay - py) - (cy - py) * (ax - px)
    wc = (ax - px) * (by - py) - (ay - py) * (bx - px)
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    inside = ((wa >= 0) & (wb >= 0) & (wc >= 0)) | ((wa <= 0) & (wb <= 0) & (wc <= 0))
    inside = inside & (area != 0) & mask[None, :]
    third = (wa * az + wb * bz + wc * cz) / tl.where(area == 0, 1.0, area)
    return inside, area, third


@triton.jit
def _winding_kernel(points, triangles, out, n, faces, R: tl.constexpr, T: tl.constexpr):
    ray = tl.program_id(0) * R + tl.arange(0, R)
    px = tl.load(points + 3 * ray, mask=ray < n, other=0.0)
    py = tl.load(points + 3 * ray + 1, mask=ray < n, other=0.0)
    pz = tl.load(points + 3 * ray + 2, mask=ray < n, other=0.0)
    total = tl.zeros((R,), tl.float32)
    for start in range(0, faces, T):
        face = start + tl.arange(0, T)
        inside, area, height = _corner_weights(px, py, triangles + face, faces, face < faces)
        sign = tl.where(area > 0, 1.0, -1.0)
        total += tl.sum(tl.where(inside & (height > pz[:, None]), sign, 0.0), axis=1)
    tl.store(out + ray, total, mask=ray < n)


@triton.jit
def _first_hit_kernel(pixels, triangles, nearest_out, index_out, n, faces, R: tl.constexpr, T: tl.constexpr):
    ray = tl.program_id(0) * R + tl.arange(0, R)
    px = tl.load(pixels + 2 * ray, mask=ray < n, other=0.0)
    py = tl.load(pixels + 2 * ray + 1, mask=ray < n, other=0.0)
    nearest = tl.zeros((R,), tl.float32)
    index = tl.full((R,), -1, tl.int32)
    for start in range(0, faces, T):
        face = start + tl.arange(0, T)
        inside, _, inverse_depth = _corner_weights(px, py, triangles + face, faces, face < faces)
        near, which = tl.max(tl.where(inside, inverse_depth, 0.0), axis=1, return_indices=True)
        closer = near > nearest
        nearest = tl.where(closer, near, nearest)
        index = tl.where(closer, start + which, index)
    tl.store(nearest_out + ray, nearest, mask=ray < n)
    tl.store(index_out + ray, index, mask=ray < n)


def winding_triton(points: Tensor, triangles: Tensor) -> Tensor:
    points, columns = points.float().contiguous(), triangles.float().flatten(1).T.contiguous()
    out = torch.zeros(len(points), device=points.device)
    grid = (triton.cdiv(len(points), RAYS),)
    kernel: Any = _winding_kernel
    kernel[grid](points, columns, out, len(points), len(triangles), R=RAYS, T=TRIANGLES, num_warps=1)
    return out


def first_hit_triton(pixels: Tensor, triangles: Tensor) -> tuple[Tensor, Tensor]:
    pixels, columns = pixels.float().contiguous(), triangles.float().flatten(1).T.contiguous()
    nearest = torch.zeros(len(pixels), device=pixels.device)
    index = torch.zeros(len(pixels), device=pixels.device, dtype=torch.int32)
    grid = (triton.cdiv(len(pixels), RAYS),)
    kernel: Any = _first_hit_kernel
    kernel[grid](
        pixels, columns, nearest, index, len(pixels), len(triangles), R=RAYS, T=TRIANGLES, num_warps=1
    )  # fmt: skip
    return nearest, index.long()
