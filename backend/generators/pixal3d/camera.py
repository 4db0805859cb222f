"""Cameras of Pixal3D: from a field of view, and from an exact Blender camera (pixal3d spec 10, 12).

The exact path replaces crop and estimation: a virtual camera at the same place looks at the object, the picture is
resampled by the rotation between the two, and the result is placed in the world where it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, tan
from typing import Literal

import numpy as np

MARGIN = 1.1  # crop over the object's extent, as in the published preparation of images
FRAME_MARGIN = 1.05  # of the cube around the box, where the object is cut off by the frame
FLIP = np.diag([1.0, -1.0, -1.0])  # Blender's camera axes <-> image axes
BLENDER_IMPORT = np.array([[-1.0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])  # imported GLB -> voxel frame


def focal_pixels(angle_x: float, side: float) -> float:
    """Focal length in pixels of a square image."""
    return side / (2 * tan(angle_x / 2))


def framing_distance(angle_x: float, mesh_scale: float = 1.0, extend_pixel: float = 0.0, side: float = 512.0) -> float:
    """Distance at which the cube's middle plane fills the image, but for `extend_pixel` on either side."""
    return 0.5 / (mesh_scale * tan(angle_x / 2)) * (side / 2) / (side / 2 + extend_pixel)


def angle_of_normalised_focal(focal: float) -> float:
    """Field of view of a focal length in units of the image's width, as depth estimators give it."""
    return 2 * atan(1 / (2 * focal))


@dataclass(frozen=True)
class BlenderCamera:
    """What Blender knows about a perspective camera. Resolution in pixels after percentage."""

    lens: float  # mm
    sensor_width: float
    sensor_height: float
    sensor_fit: Literal["AUTO", "HORIZONTAL", "VERTICAL"]
    shift_x: float
    shift_y: float
    res_x: float
    res_y: float
    pixel_aspect_x: float
    pixel_aspect_y: float
    matrix_world: np.ndarray  # (4, 4)

    @property
    def intrinsics(self) -> np.ndarray:
        """(3, 3): pixels from image axes; 0 is the left and the top edge."""
        aspect = self.pixel_aspect_y / self.pixel_aspect_x
        fit = self.sensor_fit
        horizontal = fit == "HORIZONTAL" or (
            fit == "AUTO" and self.res_x * self.pixel_aspect_x >= self.res_y * self.pixel_aspect_y
        )
        sensor = self.sensor_height if fit == "VERTICAL" else self.sensor_width
        view = self.res_x if horizontal else self.res_y * aspect
        focal_x = self.lens * view / sensor
        centre = self.res_x / 2 - self.shift_x * view, self.res_y / 2 + self.shift_y * view / aspect
        return np.array([[focal_x, 0, centre[0]], [0, focal_x / aspect, centre[1]], [0, 0, 1]])

    @property
    def rotation(self) -> np.ndarray:
        """(3, 3) camera axes in the world, without scale."""
        axes = self.matrix_world[:3, :3]
        return axes / np.linalg.norm(axes, axis=0)

    @property
    def location(self) -> np.ndarray:
        return self.matrix_world[:3, 3]

    def rays(self, pixels: np.ndarray) -> np.ndarray:
        """(N, 2) pixels -> (N, 3) world directions, with depth 1 along the axis."""
        image = np.concatenate((pixels, np.ones((len(pixels), 1))), axis=1) @ np.linalg.inv(self.intrinsics).T
        return image @ (self.rotation @ FLIP).T

    def project(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) points of the world in front of the camera -> (N, 2) pixels."""
        seen = (points - self.location) @ self.rotation @ FLIP @ self.intrinsics.T
        return seen[:, :2] / seen[:, 2:]


@dataclass(frozen=True)
class VirtualCamera:
    """A camera at the same place that looks at one object, and the cube that the object is made in."""

    rotation: np.ndarray  # (3, 3) its axes in the world
    location: np.ndarray  # (3,)
    half_tan: float  # tangent of half the field of view
    depth: float  # of the cube's centre, world units
    mesh_scale: float = 1.0

    @property
    def axis(self) -> np.ndarray:
        return -self.rotation[:, 2]

    @property
    def angle_x(self) -> float:
        return 2 * atan(self.half_tan)

    @property
    def distance(self) -> float:
        """As the network takes it."""
        return 1 / (2 * self.half_tan)

    @property
    def cube_side(self) -> float:
        """World units per voxel cube."""
        return 2 * self.half_tan * self.depth

    @property
    def world_from_voxel(self) -> np.ndarray:
        """(4, 4): the decoded mesh to where it was seen."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.rotation * self.cube_side
        matrix[:3, 3] = self.location - self.depth * self.rotation[:, 2]
        return matrix

    def place(self, voxels: np.ndarray) -> np.ndarray:
        """(N, 3) points of the voxel frame -> the world."""
        return voxels @ self.world_from_voxel[:3, :3].T + self.world_from_voxel[:3, 3]

    def project(self, voxels: np.ndarray, side: int) -> np.ndarray:
        """(N, 3) points of the voxel frame -> (N, 2) pixels of a crop of `side` pixels."""
        seen = voxels / self.mesh_scale - np.array([0, 0, self.distance])
        return side / 2 + focal_pixels(self.angle_x, side) * np.stack((seen[:, 0], -seen[:, 1]), 1) / -seen[:, 2:]

    def crop_from_source(self, source: BlenderCamera, side: int) -> np.ndarray:
        """(3, 3) homography from pixels of the source picture to pixels of a crop of `side` pixels."""
        focal = side / (2 * self.half_tan)
        intrinsics = np.array([[focal, 0, side / 2], [0, focal, side / 2], [0, 0, 1]])
        turn = FLIP @ self.rotation.T @ source.rotation @ FLIP
        homography = intrinsics @ turn @ np.linalg.inv(source.intrinsics)
        return homography / homography[2, 2]


def look_at_object(
    camera: BlenderCamera,
    mask_pixels: np.ndarray,
    box_center: np.ndarray,
    margin: float = MARGIN,
    iterations: int = 3,
    frame_corners: np.ndarray | None = None,
) -> VirtualCamera:
    """The virtual camera for an object seen at `mask_pixels` (N, 2) whose box is centred on `box_center`.

    Pass `frame_corners` (8, 3), the corners of the box, if the mask touches the edge of the picture: the crop then
    holds the whole box.
    """
    rays = camera.rays(mask_pixels)
    axis = _unit(rays.sum(0))
    for _ in range(iterations):
        rotation = _upright(axis, camera)
        seen = _flat(rays, rotation)
        centre = (seen.min(0) + seen.max(0)) / 2
        axis = _unit(rotation @ np.array([*centre, -1.0]))
    rotation = _upright(axis, camera)
    seen = _flat(rays, rotation)
    half_tan = margin * float((seen.max(0) - seen.min(0)).max()) / 2
    if frame_corners is not None:
        half_tan = max(half_tan, FRAME_MARGIN * float(np.abs(_flat(frame_corners - camera.location, rotation)).max()))
    depth = float((box_center - camera.location) @ -rotation[:, 2])
    if depth <= 0:
        raise ValueError(f"the box is behind the camera (depth {depth:.3f}), so nothing of it can be seen")
    return VirtualCamera(rotation, camera.location, half_tan, depth)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _upright(axis: np.ndarray, camera: BlenderCamera) -> np.ndarray:
    """(3, 3) axes of a camera that looks along `axis` with the world's Z up."""
    up = camera.rotation[:, 1] if abs(axis[2]) >= 0.999 else np.array([0.0, 0.0, 1.0])
    z = -axis
    x = _unit(np.cross(up, z))
    return np.stack((x, np.cross(z, x), z), axis=1)


def _flat(directions: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """World directions (N, 3) -> where they meet the plane at depth 1 of a camera (N, 2)."""
    seen = directions @ rotation
    return seen[:, :2] / -seen[:, 2:]
