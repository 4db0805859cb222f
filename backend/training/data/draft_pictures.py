"""Shaded pictures of Draft assets that stand in a layout: sun with shadows, sky light, a floor. No Blender.

Triangles are cut small and drawn from far to near, so that what is nearer wins; the sun's shadows are found in a second
drawing from the sun. For training data: plain, quick and the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray

from ...mesh.rasterize import Raster, rasterize
from ...protocol.assets import MaterialMaps, MeshData
from ...render import agx
from ...render.boxes import View

FINEST = 0.1  # longest edge of a triangle that is drawn, scene units
CUTS = 6  # times that a triangle may be cut into four
SHADOW_SIDE = 1024  # texels of the sun's picture
SHADOW_BIAS = 0.03  # scene units
SUPERSAMPLE = 2
FOG = 14.0  # distance at which the floor has half the colour of the sky, scene units

POSITION, NORMAL, UV = slice(0, 3), slice(3, 6), slice(6, 8)


@dataclass(frozen=True)
class Thing:
    """Triangles in the world with what is known at their corners, and the colours that their UVs point into."""

    corners: ndarray  # (F,3,8): position, normal, uv
    colours: ndarray  # (H,W,3) float32 linear, row 0 the top


@dataclass(frozen=True)
class Light:
    """Linear colours; the sun's direction is a unit vector towards it."""

    towards_sun: ndarray  # (3,)
    sun: ndarray  # (3,)
    sky: ndarray  # (3,)
    floor: ndarray  # (3,) albedo


def placed(mesh: MeshData, maps: MaterialMaps, scale: float, turn: float, location: ndarray) -> Thing:
    """A mesh of the box frame, scaled, turned about Z by radians, and moved to the location of its box's floor."""
    c, s = np.cos(turn), np.sin(turn)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    assert mesh.corner_normals is not None and mesh.corner_uvs is not None
    positions = mesh.vertices[mesh.faces] * scale @ rotation.T + location
    corners = np.concatenate([positions, mesh.corner_normals @ rotation.T, mesh.corner_uvs], axis=-1)
    return Thing(corners.astype(np.float32), linear(maps.base_color[..., :3]))


def draw(things: list[Thing], view: View, light: Light, side: int) -> ndarray:
    """(side,side,3) uint8 sRGB."""
    fine = side * SUPERSAMPLE
    corners = [cut(thing.corners) for thing in things]
    owner = torch.from_numpy(np.concatenate([np.full(len(c), i) for i, c in enumerate(corners)]))
    together = np.concatenate(corners)
    sun = _SunView.of(together[..., POSITION], light)
    raster, values, kept = _seen(together, view, fine)
    colour = _floor(view, light, sun, fine)
    for index, thing in enumerate(things):
        mine = (owner[kept][raster.face] == index).numpy()
        if mine.any():
            at = values[mine]
            albedo = _looked_up(thing.colours, at[:, UV])
            colour[raster.texel.numpy()[mine]] = albedo * _irradiance(at, light, sun)
    pixels = colour.reshape(side, SUPERSAMPLE, side, SUPERSAMPLE, 3).mean((1, 3))
    return agx.to_bytes(pixels.astype(np.float32))


def cut(corners: ndarray) -> ndarray:
    """The same surface (F,3,C) in triangles whose edges are shorter than FINEST, as far as CUTS allow."""
    done = []
    for _ in range(CUTS):
        edges = corners[..., POSITION] - np.roll(corners[..., POSITION], 1, axis=1)
        large = np.linalg.norm(edges, axis=-1).max(1) > FINEST
        done.append(corners[~large])
        corners = corners[large]
        if not len(corners):
            break
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        quarters = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
        corners = np.concatenate([np.stack(quarter, axis=1) for quarter in quarters])
    return np.concatenate([*done, corners])


def linear(srgb: ndarray) -> ndarray:
    """uint8 sRGB -> float32 linear."""
    value = srgb.astype(np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


# ---- what is seen where


def _seen(corners: ndarray, view: View, side: int) -> tuple[Raster, ndarray, torch.Tensor]:
    """The nearest front faces: raster, values (N,8) at its pixels in true perspective, faces (F',) that were drawn."""
    camera = view.to_camera(corners[..., POSITION].astype(np.float64))  # (F,3,3)
    depth = camera[..., 2]
    flat = view.to_pixels(camera, side) / side
    flat[..., 1] = 1 - flat[..., 1]
    first, second = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] > 0
    kept = np.flatnonzero(facing & (depth > view.near).all(1))
    kept = kept[np.argsort(-depth[kept].mean(1))]  # far ones first: later faces win
    raster = rasterize(torch.from_numpy(flat[kept]), side, side)
    weight = torch.from_numpy((1 / depth[kept])[..., None]).float()
    over_depth = raster.interpolate(torch.from_numpy(corners[kept]) * weight)
    return raster, (over_depth / raster.interpolate(weight)).numpy(), torch.from_numpy(kept)


def _looked_up(colours: ndarray, uvs: ndarray) -> ndarray:
    """(N,2) uvs, v up -> (N,3)."""
    height, width = colours.shape[:2]
    column = np.clip((uvs[:, 0] * width).astype(int), 0, width - 1)
    row = np.clip(((1 - uvs[:, 1]) * height).astype(int), 0, height - 1)
    return colours[row, column]


def _floor(view: View, light: Light, sun: _SunView, side: int) -> ndarray:
    """(side*side,3): the plane z = 0, lost in the sky with distance, and the sky above it."""
    rows, columns = np.divmod(np.arange(side * side), side)
    ways = view.directions(columns + 0.5, rows + 0.5, side)
    down = ways[:, 2] < -1e-4
    distance = np.where(down, view.eye[2] / np.where(down, -ways[:, 2], 1), np.inf)
    out = np.broadcast_to(light.sky, (side * side, 3)).astype(np.float32)
    points = view.eye + ways[down] * distance[down, None]
    upward = np.broadcast_to(np.array([0, 0, 1.0]), points.shape)
    lit = light.floor * _irradiance(np.concatenate([points, upward], axis=1), light, sun)
    near = 0.5 ** (distance[down, None] / FOG) ** 2
    out[down] = lit * near + light.sky * (1 - near)
    return out


def _irradiance(at: ndarray, light: Light, sun: _SunView) -> ndarray:
    """(N,3) light that falls on points with normals (N,6+)."""
    normal = at[:, NORMAL]
    open_sky = 0.55 + 0.45 * normal[:, 2:]
    facing = np.clip(normal @ light.towards_sun, 0, None) * ~sun.shadowed(at[:, POSITION])
    return light.sky * open_sky + light.sun * facing[:, None]


@dataclass(frozen=True)
class _SunView:
    """What the sun sees: along three axes, the last one towards it."""

    axes: ndarray  # (3,3) rows
    low: ndarray  # (2,)
    extent: float
    highest: ndarray  # (SHADOW_SIDE,SHADOW_SIDE) nearness to the sun; -inf where nothing is

    @staticmethod
    def of(positions: ndarray, light: Light) -> _SunView:
        towards = light.towards_sun
        right = np.cross([0.0, 1.0, 0.0] if abs(towards[2]) > 0.9 else [0.0, 0.0, 1.0], towards)
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(towards, right), towards])
        turned = positions @ axes.T  # (F,3,3)
        low, high = turned[..., :2].min((0, 1)), turned[..., :2].max((0, 1))
        extent = float((high - low).max()) * 1.001
        order = np.argsort(turned[..., 2].mean(1))
        turned = turned[order]
        raster = rasterize(torch.from_numpy((turned[..., :2] - low) / extent), SHADOW_SIDE, SHADOW_SIDE)
        nearness = raster.interpolate(torch.from_numpy(turned[..., 2:]).float())[:, 0]
        return _SunView(axes, low, extent, raster.image(nearness, -np.inf).numpy())

    def shadowed(self, points: ndarray) -> ndarray:
        """(N,3) -> (N,) bool."""
        turned = points @ self.axes.T
        place = (turned[:, :2] - self.low) / self.extent * SHADOW_SIDE
        inside = ((place >= 0) & (place < SHADOW_SIDE)).all(1)
        column, row = np.clip(place, 0, SHADOW_SIDE - 1).astype(int).T
        return inside & (self.highest[SHADOW_SIDE - 1 - row, column] > turned[:, 2] + SHADOW_BIAS)
