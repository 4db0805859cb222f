"""Any Blender camera and boxes <-> SeeThrough3D's canonical layout (spec 2.2), exactly, both ways.

The model's camera orbits (-6, 0, 0) at distance 6, looks at it, and knows only an elevation in [0, 90] degrees and a
lens; the floor is z = 0, and a box at azimuth 0 has its front on +Y. A turn about Z, one scale and a translation take
the user's camera there without changing the picture. What the model cannot represent is named in a warning.
No torch, no bpy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..scene import Box, Camera, SceneSpec, Vector3, box_corners, rotation_matrix, view_frame

CENTRE_X = -6.0  # of the orbit; positions of boxes count from here
RADIUS = 6.0
SENSOR = 36.0  # mm
NEAREST, FARTHEST = -1.0, -12.0  # world x between which the position colours tell boxes apart
SIDE = 1024  # pixels of the model's own picture
SLACK = 1e-4  # radians below which a turn is rounding, not intent (Blender stores single precision)


@dataclass(frozen=True)
class CanonicalBox:
    position: Vector3  # floor centre from the orbit centre: x towards the camera, y right, z up
    size: Vector3  # width, depth, height: along local x, y, z
    azimuth: float = 0.0  # degrees about +Z; 0: front on +Y
    id: str = ""


@dataclass(frozen=True)
class CanonicalLayout:
    boxes: tuple[CanonicalBox, ...]
    elevation: float  # degrees
    lens: float  # mm on a 36 mm square sensor
    floor: float = 0.0  # height of the ground; the model knows 0


@dataclass(frozen=True)
class Frame:
    """Similarity from the user's world (metres) to the canonical world: p -> scale * Rz(turn) p + shift."""

    scale: float = 1.0  # canonical units per metre
    turn: float = 0.0  # radians about +Z
    shift: Vector3 = (0.0, 0.0, 0.0)

    def to_canonical(self, point: Vector3) -> Vector3:
        x, y, z = _turned(point, self.turn)
        return (self.scale * x + self.shift[0], self.scale * y + self.shift[1], self.scale * z + self.shift[2])

    def to_world(self, point: Vector3) -> Vector3:
        x, y, z = ((p - s) / self.scale for p, s in zip(point, self.shift, strict=True))
        return _turned((x, y, z), -self.turn)


@dataclass(frozen=True)
class Canonical:
    """A scene as the model sees it, the way there, and what was lost on it."""

    layout: CanonicalLayout
    frame: Frame
    warnings: tuple[str, ...] = field(default=())


def to_canonical(scene: SceneSpec) -> Canonical:
    """Raises ValueError without a camera; a scene without boxes is legal."""
    if scene.camera is None:
        raise ValueError("a scene without a camera has no canonical layout")
    warnings: list[str] = []
    turn, elevation = _orientation(scene.camera, warnings)
    lens = _lens(scene.camera, warnings)
    frame, floor = _frame(scene, turn, elevation, warnings)
    boxes = tuple(_box_to_canonical(box, frame, warnings) for box in scene.boxes)
    return Canonical(CanonicalLayout(boxes, math.degrees(elevation), lens, floor), frame, tuple(warnings))


def boxes_to_world(layout: CanonicalLayout, frame: Frame) -> tuple[tuple[Vector3, Vector3, tuple[float, ...]], ...]:
    """(location, size, rotation quaternion) of each box in the user's metres."""
    return tuple(
        (
            frame.to_world((box.position[0] + CENTRE_X, box.position[1], box.position[2])),
            tuple(side / frame.scale for side in box.size),
            _about_z(math.radians(box.azimuth) - math.pi - frame.turn),
        )
        for box in layout.boxes
    )  # type: ignore[return-value]


def camera_to_world(layout: CanonicalLayout, frame: Frame, side: int = SIDE) -> Camera:
    """The true camera of the square condition picture, in the user's metres."""
    elevation = math.radians(layout.elevation)
    # Canonical camera to world is Rz(90 deg) Rx(90 deg - elevation).
    half = (math.pi / 2 - elevation) / 2
    heading = (math.pi / 2 - frame.turn) / 2
    rotation = (
        math.cos(heading) * math.cos(half),
        math.cos(heading) * math.sin(half),
        math.sin(heading) * math.sin(half),
        math.sin(heading) * math.cos(half),
    )
    return Camera(
        location=frame.to_world(eye(elevation)),
        rotation=rotation,
        lens=layout.lens,
        sensor_width=SENSOR,
        sensor_height=SENSOR,
        resolution=(side, side),
    )


def eye(elevation: float) -> Vector3:
    """Where the canonical camera stands at an elevation in radians."""
    return (RADIUS * math.cos(elevation) + CENTRE_X, 0.0, RADIUS * math.sin(elevation))


def camera_matrix(layout: CanonicalLayout) -> np.ndarray:
    """(4,4) camera to the canonical world."""
    e = math.radians(layout.elevation)
    matrix = np.eye(4)
    matrix[:3, 0] = (0, 1, 0)
    matrix[:3, 1] = (-math.sin(e), 0, math.cos(e))
    matrix[:3, 2] = (math.cos(e), 0, math.sin(e))
    matrix[:3, 3] = eye(e)
    return matrix


# ---- the camera


def _orientation(camera: Camera, warnings: list[str]) -> tuple[float, float]:
    """(turn about Z that brings the camera to look along -X, elevation), radians."""
    rows = rotation_matrix(camera.rotation)
    right, up, backward = (tuple(row[i] for row in rows) for i in range(3))
    pitch = math.asin(min(max(backward[2], -1.0), 1.0))
    heading = math.atan2(-right[0], right[1])
    roll = math.atan2(right[2], up[2]) if math.hypot(right[2], up[2]) > SLACK else 0.0
    if abs(roll) > SLACK:
        warnings.append(
            f"Camera rotation: rolled by {math.degrees(roll):.1f} degrees; "
            "SeeThrough3D knows no roll and draws the horizon level"
        )
        if math.hypot(backward[0], backward[1]) > 1e-3:
            heading = math.atan2(backward[1], backward[0])
    if pitch < -SLACK:
        warnings.append(
            f"Camera rotation: looks up by {math.degrees(-pitch):.1f} degrees; "
            "SeeThrough3D looks down by 0 to 90, 0 is used"
        )
    return -heading, min(max(pitch, 0.0), math.pi / 2)


def _lens(camera: Camera, warnings: list[str]) -> float:
    """Focal length on a 36 mm square sensor that takes in all that the camera sees."""
    half_w, half_h, x, y = view_frame(camera)
    width, height = camera.resolution
    if camera.pixel_aspect[0] != camera.pixel_aspect[1]:
        warnings.append(
            f"Camera pixel aspect: {camera.pixel_aspect[0]:g} to {camera.pixel_aspect[1]:g}; "
            "SeeThrough3D's pixels are square"
        )
    if width != height:
        warnings.append(
            f"Camera resolution: {width} x {height} is not square; "
            f"SeeThrough3D's picture is, and shows more {'above and below' if half_w > half_h else 'left and right'}"
        )
    if x or y:
        warnings.append(
            f"Camera shift: ({camera.shift[0]:g}, {camera.shift[1]:g}); "
            "SeeThrough3D knows no shift, its picture is widened to hold all of yours"
        )
    return SENSOR / 2 / max(half_w + abs(x), half_h + abs(y))


# ---- scale and floor


def _frame(scene: SceneSpec, turn: float, elevation: float, warnings: list[str]) -> tuple[Frame, float]:
    """The similarity that puts the camera in its place, and the height of the ground there.

    The height of the camera over the ground fixes the scale: the canonical camera stands 6 sin(elevation) above the
    floor. Where that puts boxes outside the nominal frustum the scale that holds them is taken and the floor moves.
    """
    assert scene.camera is not None
    location = scene.camera.location
    lowest = min((min(corner[2] for corner in box_corners(box)) for box in scene.boxes), default=0.0)
    low, high = _scales(scene, turn, elevation)
    stand = RADIUS * math.sin(elevation)
    grounds = [0.0, lowest] if lowest > 0 else [min(lowest, 0.0)]
    chosen = None
    for ground in grounds:
        height = location[2] - ground
        if stand < 1e-6 and abs(height) < 1e-6:
            chosen = (min(max(1.0, low), high), 0.0)  # on the ground, looking level: any scale will do
        elif height > 1e-6 and low * (1 - 1e-6) <= stand / height <= high * (1 + 1e-6):
            chosen = (stand / height, 0.0)
        if chosen:
            break
    if chosen is None:
        chosen = _moved_floor(location[2] - grounds[-1], stand, low, high)
        if scene.boxes:
            warnings.append(
                f"Camera location: {location[2] - grounds[-1]:.2f} m above the ground does not go with its pitch of "
                f"{math.degrees(elevation):.1f} degrees in SeeThrough3D; the floor is drawn at height {chosen[1]:.2f}"
            )
    scale, floor = chosen
    x, y, z = _turned(location, turn)
    target = eye(elevation)
    return Frame(scale, turn, (target[0] - scale * x, target[1] - scale * y, target[2] - scale * z)), floor


def _moved_floor(height: float, stand: float, low: float, high: float) -> tuple[float, float]:
    """(scale, floor): the scale in the range that is nearest to the one which the ground asks for."""
    wanted = stand / height if height > 1e-6 and stand > 1e-6 else 1.0
    scale = min(max(wanted, low), high)
    return scale, stand - scale * height


def _scales(scene: SceneSpec, turn: float, elevation: float) -> tuple[float, float]:
    """Least and greatest scale about the camera that puts every box between NEAREST and FARTHEST."""
    assert scene.camera is not None
    origin = _turned(scene.camera.location, turn)[0]
    away = [origin - _turned(box.location, turn)[0] for box in scene.boxes]
    away = [distance for distance in away if distance > 1e-6]
    if not away:
        return 0.0, math.inf
    start = eye(elevation)[0]
    low = max(0.0, start - NEAREST) / min(away)
    high = (start - FARTHEST) / max(away)
    return (low, high) if low <= high else (high, high)


# ---- boxes


def _box_to_canonical(box: Box, frame: Frame, warnings: list[str]) -> CanonicalBox:
    rows = rotation_matrix(box.rotation)
    tilt = math.acos(min(max(rows[2][2], -1.0), 1.0))
    location, size = box.location, box.size
    if tilt <= SLACK:
        yaw = math.atan2(rows[1][0], rows[0][0])
    else:
        warnings.append(
            f"Box '{box.id}' rotation: tilted by {math.degrees(tilt):.1f} degrees; "
            "SeeThrough3D draws it upright, in the room that the tilted box takes"
        )
        yaw, location, size = _upright(box)
    x, y, z = frame.to_canonical(location)
    azimuth = math.degrees(yaw + frame.turn + math.pi)
    azimuth = (azimuth + 180) % 360 - 180
    width, depth, height = (frame.scale * side for side in size)
    return CanonicalBox((x - CENTRE_X, y, z), (width, depth, height), azimuth, box.id)


def _upright(box: Box) -> tuple[float, Vector3, Vector3]:
    """(yaw, floor centre, size) of the upright box that holds a tilted one and looks the same way."""
    rows = rotation_matrix(box.rotation)
    front = (-rows[0][1], -rows[1][1])
    right = (rows[0][0], rows[1][0])
    yaw = math.atan2(front[1], front[0]) + math.pi / 2
    if math.hypot(*front) < 1e-3:  # lies on its back or face: the width axis still tells the heading
        yaw = math.atan2(right[1], right[0])
    corners = np.array([_turned(corner, -yaw) for corner in box_corners(box)])
    low, high = corners.min(0), corners.max(0)
    middle = _turned((float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2, float(low[2])), yaw)
    width, depth, height = (float(side) for side in high - low)
    return yaw, middle, (width, depth, height)


def _turned(point: Vector3, angle: float) -> Vector3:
    c, s = math.cos(angle), math.sin(angle)
    return (c * point[0] - s * point[1], s * point[0] + c * point[1], point[2])


def _about_z(angle: float) -> tuple[float, float, float, float]:
    half = math.remainder(angle, 2 * math.pi) / 2
    return (math.cos(half), 0.0, 0.0, math.sin(half))
