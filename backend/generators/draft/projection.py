"""The colours of a picture on the shape that it shows.

Where the picture's camera sees the surface, the texture takes the picture's colour. Where it does not, but sees the
mirrored place (furniture is alike on its left and right), it takes that. The rest keeps the material that was painted,
toned to what was seen of the same part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from ...mesh.gutter import nearest_covered
from ...mesh.rasterize import rasterize
from ...protocol.assets import BoxView, MaterialMaps, MeshData
from ...protocol.scene import Box, Camera, rotation_matrix

GRID = 192  # cells a side in which the surface nearest to the camera is found
BEHIND = 0.03  # of the asset's longest side: farther behind the nearest surface is hidden
STEEP, FACING = 0.15, 0.5  # cosines to the camera from which, and from which on fully, a colour is taken
OPAQUE = 0.9
TONE = (0.4, 2.5)  # the most that a painted material is darkened and brightened
SEARCHED = [(yaw, pitch) for yaw in range(-60, 61, 10) for pitch in (-5, 5, 15, 25, 35)]  # degrees

Points = np.ndarray  # (N,3) in the box frame
Look = Callable[[Points], tuple[np.ndarray, np.ndarray]]  # -> (N,2) across and down in 0..1, (N,) distance


@dataclass(frozen=True)
class _Texels:
    """The covered texels of the base colour map."""

    index: np.ndarray  # (N,) row * side + column
    face: np.ndarray  # (N,)
    position: Points
    normal: np.ndarray  # (N,3)


def with_view(mesh: MeshData, maps: MaterialMaps, box: Box, view: BoxView) -> MaterialMaps:
    """The maps of a mesh in the box frame with the colours of the view where it shows the surface."""
    texels = _texels(mesh, maps.base_color.shape[0])
    if view.camera is None:
        look, towards = best_look(texels.position, view.image[..., 3])
    else:
        look, towards = camera_look(box, view.camera)
    painted = maps.base_color.reshape(-1, maps.base_color.shape[-1])[texels.index, :3] / 255.0
    weight, colour = np.zeros((len(texels.index), 1)), np.zeros_like(painted)
    depth = _nearest_surface(look, texels.position)
    for mirror in (np.ones(3), np.array([-1.0, 1.0, 1.0])):
        share, seen = _seen(look, towards, depth, texels.position * mirror, texels.normal * mirror, view.image)
        share = share[:, None] * (1 - weight)
        colour, weight = colour + share * seen, weight + share
    part = np.zeros(len(texels.face), int) if mesh.face_parts is None else mesh.face_parts[texels.face]
    result = colour + (1 - weight) * _toned(painted, colour, weight, part)
    return replace(maps, base_color=_spread(maps.base_color, texels.index, result))


def camera_look(box: Box, camera: Camera) -> tuple[Look, np.ndarray]:
    """Through the true camera of a square picture, and where that camera stands in the box frame."""
    to_world, to_camera = np.array(rotation_matrix(box.rotation)), np.array(rotation_matrix(camera.rotation)).T
    focal = camera.lens / camera.sensor_width

    def look(points: Points) -> tuple[np.ndarray, np.ndarray]:
        seen = (points @ to_world.T + np.asarray(box.location) - np.asarray(camera.location)) @ to_camera.T
        distance = np.maximum(-seen[:, 2], 1e-6)
        across = 0.5 + focal * seen[:, 0] / distance - camera.shift[0]
        down = 0.5 - focal * seen[:, 1] / distance + camera.shift[1]
        return np.stack([across, down], axis=1), distance

    return look, (np.asarray(camera.location) - np.asarray(box.location)) @ to_world


def best_look(points: Points, alpha: np.ndarray) -> tuple[Look, np.ndarray]:
    """From far away, from the direction in which the shape's outline covers the picture's best."""
    few = points[:: max(1, len(points) // 20_000)]
    looks = [far_look(few, degrees, alpha) for degrees in SEARCHED]
    outline = _cells(np.argwhere(alpha > 127)[:, ::-1] / alpha.shape[::-1], 48)
    overlaps = []
    for look, _ in looks:
        covered = _cells(look(few)[0], 48)
        overlaps.append((covered & outline).sum() / max((covered | outline).sum(), 1))
    return looks[int(np.argmax(overlaps))]


def far_look(points: Points, degrees: tuple[float, float], alpha: np.ndarray) -> tuple[Look, np.ndarray]:
    """A parallel view from a yaw and a pitch; yaw 0 sees the front, positive from the left (+x). Fits the points
    into the outline."""
    yaw, pitch = np.deg2rad(degrees)
    towards = np.array([np.sin(yaw) * np.cos(pitch), -np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    axes = np.stack([right, -np.cross(towards, right)], axis=1)  # across, down
    flat = points @ axes
    low, extent = flat.min(0), np.maximum(np.ptp(flat, axis=0), 1e-9)
    rows, columns = np.nonzero(alpha > 127)
    first = np.array([columns.min() / alpha.shape[1], rows.min() / alpha.shape[0]])
    size = np.array([(columns.max() + 1) / alpha.shape[1], (rows.max() + 1) / alpha.shape[0]]) - first
    scale = (size / extent).min()
    start = first + (size - scale * extent) / 2
    far = 10 * np.abs(points).max()

    def look(points: Points) -> tuple[np.ndarray, np.ndarray]:
        return start + (points @ axes - low) * scale, far - points @ towards

    return look, far * towards


def _texels(mesh: MeshData, side: int) -> _Texels:
    assert mesh.corner_uvs is not None and mesh.corner_normals is not None
    raster = rasterize(torch.from_numpy(mesh.corner_uvs), side, side)
    position = raster.interpolate(torch.from_numpy(mesh.vertices[mesh.faces]))
    normal = torch.nn.functional.normalize(raster.interpolate(torch.from_numpy(mesh.corner_normals)), dim=1)
    return _Texels(raster.texel.numpy(), raster.face.numpy(), position.double().numpy(), normal.double().numpy())


def _nearest_surface(look: Look, points: Points) -> np.ndarray:
    """(GRID,GRID) distance of the surface that is seen in each cell; infinite where there is none."""
    place, distance = look(points)
    depth = np.full((GRID, GRID), np.inf)
    cell = np.floor(place * GRID).astype(int)
    inside = ((cell >= 0) & (cell < GRID)).all(1)
    np.minimum.at(depth, (cell[inside, 1], cell[inside, 0]), distance[inside])
    return depth


def _seen(
    look: Look, camera: np.ndarray, depth: np.ndarray, points: Points, normals: np.ndarray, image: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How much each point is seen, (N,) in 0..1, and the picture's colour there (N,3)."""
    place, distance = look(points)
    cell = np.floor(place * GRID).astype(int)
    inside = ((cell >= 0) & (cell < GRID)).all(1)
    cell = cell.clip(0, GRID - 1)
    near = distance <= depth[cell[:, 1], cell[:, 0]] + BEHIND * np.ptp(points, axis=0).max()
    ray = camera - points
    cosine = (normals * ray).sum(1) / np.linalg.norm(ray, axis=1)
    height, width = image.shape[:2]
    row = (place[:, 1] * height).astype(int).clip(0, height - 1)
    column = (place[:, 0] * width).astype(int).clip(0, width - 1)
    pixel = image[row, column] / 255.0
    facing = ((cosine - STEEP) / (FACING - STEEP)).clip(0, 1)
    return facing * (inside & near & (pixel[:, 3] > OPAQUE)), pixel[:, :3]


def _toned(painted: np.ndarray, colour: np.ndarray, weight: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Painted colours (N,3), each part's brought to the mean of what was seen of it, or else of the whole asset."""
    toned = painted.copy()
    everywhere = _tone(painted, colour, weight, np.ones(len(part), bool))
    for number in np.unique(part):
        chosen = part == number
        own = weight[chosen].sum() > 0.02 * chosen.sum()
        toned[chosen] *= _tone(painted, colour, weight, chosen) if own else everywhere
    return toned.clip(0, 1)


def _tone(painted: np.ndarray, colour: np.ndarray, weight: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The factor (3,) from the mean painted colour to the mean seen one."""
    if not weight[chosen].any():
        return np.ones(3)
    seen, own = colour[chosen].sum(0), (painted * weight)[chosen].sum(0)
    return (seen / np.maximum(own, 1e-6)).clip(*TONE)


def _spread(before: np.ndarray, index: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """The base colour map with new colours at the texels, gutters filled, alpha kept."""
    height, width, channels = before.shape
    flat = before.reshape(-1, channels).copy()
    flat[index, :3] = (colour.clip(0, 1) * 255).round().astype(np.uint8)
    covered = np.zeros(height * width, bool)
    covered[index] = True
    return flat[nearest_covered(covered.reshape(height, width))].reshape(before.shape)


def _cells(places: np.ndarray, side: int) -> np.ndarray:
    """Which cells (side,side) of the unit square hold a place (N,2)."""
    cell = np.floor(places * side).astype(int)
    cell = cell[((cell >= 0) & (cell < side)).all(1)]
    covered = np.zeros((side, side), bool)
    covered[cell[:, 1], cell[:, 0]] = True
    return covered
