"""A small picture of a textured asset, to tell it from others: points on its surface, the nearest one wins."""

from __future__ import annotations

import numpy as np

SIDE = 128  # pixels
FINER = 2  # the picture is drawn so many times larger
POINTS = 200_000
MARGIN = 0.06  # of the picture, around the asset
EYE = np.array([0.55, -0.72, 0.42])  # where from: right of the front (-Y), a little above
LIGHT = np.array([0.3, -0.5, 0.81])
SHADE = 0.45  # brightness of what faces away from the light


def draw(
    vertices: np.ndarray, faces: np.ndarray, corner_uvs: np.ndarray, corner_normals: np.ndarray, picture: np.ndarray
) -> np.ndarray:
    """vertices (V,3) Z up, faces (F,3), corner_uvs (F,3,2) v up, corner_normals (F,3,3), picture (H,W,3|4) uint8
    -> (SIDE,SIDE,4) uint8 with a clear ground. The same arguments give the same bytes."""
    right, up, towards = _axes()
    faces, corner_uvs, corner_normals = _facing(vertices, faces, corner_uvs, corner_normals, towards)
    face, weights = _points(vertices[faces])
    place = np.einsum("pk,pkc->pc", weights, vertices[faces[face]])
    normal = np.einsum("pk,pkc->pc", weights, corner_normals[face])
    colour = _looked_up(picture, np.einsum("pk,pkc->pc", weights, corner_uvs[face]))
    seen = colour[:, 3] > 0.5
    pixel = _pixels(place @ right, place @ up)[seen]
    nearest = _nearest(pixel, (place @ towards)[seen])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    lit = (normal / np.where(length > 0, length, 1)) @ (LIGHT / np.linalg.norm(LIGHT))
    shaded = colour[:, :3] * (SHADE + (1 - SHADE) * np.clip(lit, 0, 1))[:, None]
    canvas = np.zeros((SIDE * FINER * SIDE * FINER, 4))
    canvas[pixel[nearest], :3] = shaded[seen][nearest]
    canvas[pixel[nearest], 3] = 1
    blocks = canvas.reshape(SIDE, FINER, SIDE, FINER, 4)
    alpha = (blocks[..., 3].mean((1, 3)) * 2).clip(0, 1)  # half covered is covered: the points leave holes
    mean = blocks[..., :3].sum((1, 3)) / np.maximum(blocks[..., 3].sum((1, 3)), 1)[..., None]
    return (np.dstack((mean, alpha)).clip(0, 1) * 255).round().astype(np.uint8)


def _facing(
    vertices: np.ndarray, faces: np.ndarray, uvs: np.ndarray, normals: np.ndarray, towards: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Without the triangles that show their back; all of them where that would leave none."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    front = np.cross(b - a, c - a) @ towards > 0
    return (faces[front], uvs[front], normals[front]) if front.any() else (faces, uvs, normals)


def _points(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Even over the surface of (F,3,3): (face (P,), barycentric weights (P,3))."""
    a, b, c = (triangles[:, k].astype(np.float64) for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    edges = np.cumsum(area)
    random = np.random.default_rng(0)
    at = (np.arange(POINTS) + random.random(POINTS)) / POINTS * edges[-1]
    face = np.searchsorted(edges, at).clip(0, len(area) - 1)
    root, share = np.sqrt(random.random(POINTS)), random.random(POINTS)
    return face, np.stack((1 - root, root * (1 - share), root * share), axis=1)


def _looked_up(picture: np.ndarray, uvs: np.ndarray) -> np.ndarray:
    """(P,4) 0..1 at the nearest texel."""
    height, width = picture.shape[:2]
    x = (uvs[:, 0] * width).astype(int).clip(0, width - 1)
    y = ((1 - uvs[:, 1]) * height).astype(int).clip(0, height - 1)
    texel = picture[y, x].astype(np.float64) / 255
    return texel if texel.shape[1] == 4 else np.column_stack((texel, np.ones(len(texel))))


def _axes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    towards = EYE / np.linalg.norm(EYE)
    right = np.cross([0.0, 0.0, 1.0], towards)
    right /= np.linalg.norm(right)
    return right, np.cross(towards, right), towards


def _pixels(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The pixel of each point in a picture that shows all of them."""
    side = SIDE * FINER
    extent = max(np.ptp(x), np.ptp(y), 1e-9) / (1 - 2 * MARGIN)
    column = ((x - (x.max() + x.min()) / 2) / extent + 0.5) * side
    row = (0.5 - (y - (y.max() + y.min()) / 2) / extent) * side
    return row.astype(int).clip(0, side - 1) * side + column.astype(int).clip(0, side - 1)


def _nearest(pixel: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """One point for each pixel: the one that is nearest to the eye."""
    order = np.lexsort((depth, pixel))
    last = np.append(pixel[order][1:] != pixel[order][:-1], True)
    return order[last]
