"""One box -> a picture of its thing alone, turned three-quarters, on a plain ground: for things that are hidden."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from ..generators.interface import Control, ImageGenerator, ImageRequest
from ..protocol.assets import ConditionImages
from ..protocol.options import Value
from ..protocol.scene import Box, Camera, Quaternion, SceneSpec, Vector3, rotation_matrix
from ..protocol.seethrough3d import frame
from . import condition

GROUND = "on a plain light grey background, studio photograph, soft light"
YAW, PITCH = math.radians(30), math.radians(20)  # of the camera: from the front to the right, and down
LENS, SENSOR = 50.0, 36.0  # mm
ROOM = 1.08  # distance over the one at which the box's sphere touches the picture's sides


def draw(
    box: Box, generator: ImageGenerator, seed: int, options: dict[str, Value], control: Control
) -> tuple[np.ndarray, ConditionImages, Camera]:
    """The picture (S,S,3) uint8, where the box is in it, and its true camera beside the box where it stands."""
    alone = msgspec.structs.replace(box, location=(0.0, 0.0, 0.0), rotation=(1.0, 0.0, 0.0, 0.0))
    scene = SceneSpec(boxes=(alone,), camera=camera_before(alone), surroundings=GROUND, seed=seed)
    shown, _ = condition.render(scene, "raster", control)
    side = min(int(options["width"]), int(options["height"])) if "width" in options else condition.SIDE
    square = options | {"width": side, "height": side} if "width" in options else options
    picture = generator.image(ImageRequest(scene, shown, seed, square), control).image
    canonical = frame.to_canonical(scene)
    return picture, shown, beside(frame.camera_to_world(canonical.layout, canonical.frame), box)


def camera_before(box: Box) -> Camera:
    """A camera that sees all of a box which stands upright at the origin, three-quarters from its front (-Y)."""
    radius = math.hypot(*box.size) / 2
    distance = ROOM * radius / math.sin(math.atan(SENSOR / 2 / LENS))
    away = (math.sin(YAW) * math.cos(PITCH), -math.cos(YAW) * math.cos(PITCH), math.sin(PITCH))
    half_turn, half_tilt = YAW / 2, (math.pi / 2 - PITCH) / 2
    rotation = (
        math.cos(half_turn) * math.cos(half_tilt),
        math.cos(half_turn) * math.sin(half_tilt),
        math.sin(half_turn) * math.sin(half_tilt),
        math.sin(half_turn) * math.cos(half_tilt),
    )
    location = (distance * away[0], distance * away[1], distance * away[2] + box.size[2] / 2)
    return Camera(
        location=location, rotation=rotation, lens=LENS, sensor_width=SENSOR, sensor_height=SENSOR,
        resolution=(condition.SIDE, condition.SIDE),
    )  # fmt: skip


def beside(camera: Camera, box: Box) -> Camera:
    """A camera given in the frame of a box, in the world that the box stands in."""
    rows = rotation_matrix(box.rotation)
    location: Vector3 = tuple(
        sum(rows[i][k] * camera.location[k] for k in range(3)) + box.location[i] for i in range(3)
    )  # type: ignore[assignment]
    return msgspec.structs.replace(camera, location=location, rotation=_product(box.rotation, camera.rotation))


def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    """The rotation b followed by a."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )
