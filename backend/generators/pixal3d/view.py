"""The picture of a box's thing as Pixal3D takes it, its camera, and where the result stands (pixal3d spec 9, 12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ...encoders.foreground import SOLID_ALPHA, crop_foreground, on_background
from ...protocol.assets import BoxView
from ...protocol.errors import InvalidScene
from ...protocol.scene import Box, Camera, box_corners, world_matrix
from .camera import MARGIN, BlenderCamera, VirtualCamera, framing_distance, look_at_object
from .projection import ViewCameras

CROP_SIDE = 1024
VOXEL_TO_ASSET = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])  # the viewer stands in front


@dataclass(frozen=True)
class PreparedView:
    picture: Image.Image  # square RGB on black
    cameras: ViewCameras
    matrix: np.ndarray  # (4, 4) voxel frame -> asset frame, which is the box frame


def prepare(view: BoxView, box: Box, angle_x: Callable[[Image.Image], float]) -> PreparedView:
    """With the view's true camera if it has one, else framed anew and seen under `angle_x` (rad) of what is framed."""
    if not (view.image[..., 3] > SOLID_ALPHA).any():
        raise InvalidScene("view", view.box, "empty", "Move the box or the camera so that the box is seen.", box.id)
    picture = Image.fromarray(view.image)
    if view.camera is None:
        framed = crop_foreground(picture, lambda image: Image.new("L", image.size, 255), MARGIN)
        angle = angle_x(framed)
        return PreparedView(framed, ViewCameras.single(angle, framing_distance(angle)), VOXEL_TO_ASSET)
    source = blender_camera(view.camera)
    virtual = virtual_camera(source, view.image[..., 3] > SOLID_ALPHA, box)
    matrix = np.linalg.inv(np.array(world_matrix(box))) @ virtual.world_from_voxel
    cameras = ViewCameras.single(virtual.angle_x, virtual.distance, virtual.mesh_scale)
    return PreparedView(resampled(picture, virtual.crop_from_source(source, CROP_SIDE)), cameras, matrix)


def blender_camera(camera: Camera) -> BlenderCamera:
    return BlenderCamera(
        camera.lens,
        camera.sensor_width,
        camera.sensor_height,
        camera.sensor_fit,
        *camera.shift,
        *camera.resolution,
        *camera.pixel_aspect,
        np.array(world_matrix(camera)),
    )


def virtual_camera(source: BlenderCamera, mask: np.ndarray, box: Box) -> VirtualCamera:
    """The camera that looks at what the mask (H, W) shows, and at the whole box where the mask is cut off."""
    rows = np.nonzero(mask.any(1))[0]
    first, last = mask[rows].argmax(1), mask.shape[1] - mask[rows, ::-1].argmax(1)
    edges = [np.stack((x, y), 1) for x in (first, last) for y in (rows, rows + 1)]
    pixels = np.concatenate(edges) * np.array([source.res_x / mask.shape[1], source.res_y / mask.shape[0]])
    corners = np.array(box_corners(box))
    cut = mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()
    return look_at_object(source, pixels, corners.mean(0), frame_corners=corners if cut else None)


def resampled(picture: Image.Image, crop_from_source: np.ndarray) -> Image.Image:
    """An RGBA picture seen through a homography, on black; what lies outside of it is transparent."""
    back = np.linalg.inv(crop_from_source)
    coefficients = (back / back[2, 2]).ravel()[:8].tolist()
    premultiplied = picture.convert("RGBa")
    size = (CROP_SIDE, CROP_SIDE)
    crop = premultiplied.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    return on_background(crop.convert("RGBA"))
