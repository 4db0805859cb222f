"""The scene that an artist lays out: boxes, a camera, words. Metres, Z up, right-handed, in every message.

Box frame: origin at the centre of the box's floor face, x in [-width/2, width/2], y in [-depth/2, depth/2],
z in [0, height]; the front faces -Y. Camera frame: looks down its own -Z, +Y up, +X right (Blender's).
No torch, no bpy, no numpy.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec
from msgspec import Struct

from .errors import InvalidScene

Vector3 = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]  # w, x, y, z
Matrix4 = tuple[tuple[float, float, float, float], ...]  # rows

MAX_BOXES = 256
MAX_PROMPT = 2000  # characters
MAX_METRES = 10_000.0
MIN_METRES = 1e-4
MAX_PIXELS = 8192  # a side


class Box(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to be made, and the room it may take."""

    id: str  # stable, chosen by the add-on: [a-z0-9-]{1,64}
    prompt: str
    location: Vector3  # of the floor centre, world
    size: Vector3  # width, depth, height: full extents along the box's own axes
    rotation: Quaternion = (1.0, 0.0, 0.0, 0.0)  # box to world
    seed: int | None = None  # None: follows from the scene's seed and the box's id
    kind: str = ""  # fixes the kind of object; "" reads it from the prompt
    generator: str = "draft"
    locked: bool = False  # kept as it is when the whole scene is generated again


class Camera(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A perspective camera with exact intrinsics, as Blender describes it."""

    location: Vector3
    rotation: Quaternion  # camera to world
    lens: float = 50.0  # focal length, mm
    sensor_width: float = 36.0  # mm
    sensor_height: float = 24.0  # mm
    sensor_fit: Literal["AUTO", "HORIZONTAL", "VERTICAL"] = "AUTO"
    shift: tuple[float, float] = (0.0, 0.0)  # in units of the longer (fitted) side
    resolution: tuple[int, int] = (1024, 1024)  # width, height in pixels
    pixel_aspect: tuple[float, float] = (1.0, 1.0)
    clip: tuple[float, float] = (0.1, 1000.0)  # metres


class Panorama(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An equirectangular picture of a room and where it was taken. The picture itself is an input of the job."""

    location: Vector3 = (0.0, 0.0, 0.0)  # of the floor below the capture point
    height: float = 1.6  # of the capture point above the floor, metres
    heading: float = 0.0  # radians about +Z: where the middle of the picture looks, 0 = +Y


class SceneSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    boxes: tuple[Box, ...] = ()
    camera: Camera | None = None
    surroundings: str = ""  # words about the place: "in a living room, morning light"
    seed: int = 0
    panorama: Panorama | None = None


def validate(scene: SceneSpec) -> None:
    """Raises InvalidScene, naming box and field, for the first value that cannot be used."""
    if len(scene.boxes) > MAX_BOXES:
        raise InvalidScene("boxes", len(scene.boxes), f"more than {MAX_BOXES}", "Generate the scene in parts.")
    _text("surroundings", scene.surroundings, "")
    seen: set[str] = set()
    for box in scene.boxes:
        if box.id in seen:
            raise InvalidScene("id", box.id, "used by two boxes", "Give each box an id of its own.", box.id)
        seen.add(box.id)
        validate_box(box)
    if scene.camera is not None:
        validate_camera(scene.camera)
    if scene.panorama is not None:
        _vector("panorama location", scene.panorama.location, "")
        if not MIN_METRES <= scene.panorama.height <= MAX_METRES:
            raise InvalidScene("panorama height", scene.panorama.height, "not a height above the floor in metres")
        if not math.isfinite(scene.panorama.heading):
            raise InvalidScene("panorama heading", scene.panorama.heading, "not an angle in radians")


def validate_box(box: Box) -> None:
    if not is_identifier(box.id):
        raise InvalidScene(
            "id", box.id, "not 1 to 64 of a-z, 0-9 and '-'", "Let the add-on give the box its id.", box.id
        )
    _text("prompt", box.prompt, box.id)
    if not box.prompt.strip() and not box.kind:
        raise InvalidScene("prompt", box.prompt, "empty", "Write a word or two that say what the box is.", box.id)
    _vector("location", box.location, box.id)
    for axis, extent in zip("xyz", box.size, strict=True):
        if not MIN_METRES <= extent <= MAX_METRES:
            why = f"not between {MIN_METRES:g} and {MAX_METRES:g} metres"
            raise InvalidScene(f"size {axis}", extent, why, "Scale the box to a positive size.", box.id)
    _unit("rotation", box.rotation, box.id)
    if box.seed is not None and not 0 <= box.seed < 2**63:
        raise InvalidScene("seed", box.seed, "not between 0 and 2^63 - 1", box=box.id)


def validate_camera(camera: Camera) -> None:
    _vector("camera location", camera.location, "")
    _unit("camera rotation", camera.rotation, "")
    for field in ("lens", "sensor_width", "sensor_height"):
        value = getattr(camera, field)
        if not (math.isfinite(value) and 0.1 <= value <= 10_000):
            raise InvalidScene(f"camera {field}", value, "not between 0.1 and 10000 mm")
    for side in camera.resolution:
        if not 16 <= side <= MAX_PIXELS:
            raise InvalidScene(
                "camera resolution", camera.resolution, f"a side is not between 16 and {MAX_PIXELS} pixels"
            )
    if not all(math.isfinite(s) and abs(s) <= 10 for s in camera.shift):
        raise InvalidScene("camera shift", camera.shift, "not between -10 and 10")
    if not all(math.isfinite(a) and 0.01 <= a <= 100 for a in camera.pixel_aspect):
        raise InvalidScene("camera pixel_aspect", camera.pixel_aspect, "not between 0.01 and 100")
    near, far = camera.clip
    if not (math.isfinite(near) and math.isfinite(far) and 0 < near < far):
        raise InvalidScene("camera clip", camera.clip, "not 0 < near < far")


def to_json(scene: SceneSpec) -> bytes:
    """The scene as the text file in which layouts are kept and exchanged."""
    return msgspec.json.format(msgspec.json.encode(scene), indent=1) + b"\n"


def from_json(data: bytes) -> SceneSpec:
    """Raises InvalidScene for a text that is no scene, and for a value that cannot be used."""
    try:
        scene = msgspec.json.decode(data, type=SceneSpec)
    except msgspec.MsgspecError as error:
        raise InvalidScene("file", data[:40], f"no scene: {error}", "Choose a scene that Greybox saved.") from error
    validate(scene)
    return scene


def is_identifier(name: str) -> bool:
    """True for names that are safe as a file name on every system: 1 to 64 of a-z, 0-9 and '-'."""
    return 0 < len(name) <= 64 and all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in name)


def rotation_matrix(q: Quaternion) -> tuple[Vector3, Vector3, Vector3]:
    """Rows of the 3x3 rotation of a unit quaternion (w, x, y, z)."""
    w, x, y, z = q
    return (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )


def world_matrix(placed: Box | Camera) -> Matrix4:
    """4x4 rows: box or camera frame (metres, no scale) to world."""
    r = rotation_matrix(placed.rotation)
    t = placed.location
    return ((*r[0], t[0]), (*r[1], t[1]), (*r[2], t[2]), (0.0, 0.0, 0.0, 1.0))


def box_corners(box: Box) -> tuple[Vector3, ...]:
    """The eight corners in world metres; x slowest, z fastest: (-x -y 0), (-x -y h), (-x +y 0) ..."""
    m = world_matrix(box)
    width, depth, height = box.size
    local = [(x, y, z) for x in (-width / 2, width / 2) for y in (-depth / 2, depth / 2) for z in (0.0, height)]
    return tuple(tuple(sum(m[i][k] * p[k] for k in range(3)) + m[i][3] for i in range(3)) for p in local)  # type: ignore[misc]


def view_frame(camera: Camera) -> tuple[float, float, float, float]:
    """Half-width, half-height of the picture at distance 1, and its centre (x, y), all in camera space.

    A camera-space point (x, y, -d) lands at u = 0.5 + (x/d - cx)/(2 half_w), v_up = 0.5 + (y/d - cy)/(2 half_h).
    """
    width = camera.resolution[0] * camera.pixel_aspect[0]
    height = camera.resolution[1] * camera.pixel_aspect[1]
    horizontal = camera.sensor_fit == "HORIZONTAL" or (camera.sensor_fit == "AUTO" and width >= height)
    sensor = camera.sensor_height if camera.sensor_fit == "VERTICAL" else camera.sensor_width
    fitted = sensor / camera.lens  # the fitted side of the picture at distance 1
    scale = fitted / (width if horizontal else height)
    half_w, half_h = width * scale / 2, height * scale / 2
    return half_w, half_h, camera.shift[0] * fitted, camera.shift[1] * fitted


def box_seed(scene: SceneSpec, box: Box) -> int:
    """The box's own seed, or one that follows from the scene's seed and the box's id (stable over box order)."""
    if box.seed is not None:
        return box.seed
    mixed = scene.seed & 0xFFFFFFFFFFFFFFFF
    for byte in box.id.encode():
        mixed = ((mixed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF  # FNV-1a
    return mixed >> 2


def _text(field: str, value: str, box: str) -> None:
    if len(value) > MAX_PROMPT:
        raise InvalidScene(field, value[:40] + "...", f"{len(value)} characters long, at most {MAX_PROMPT}", box=box)


def _vector(field: str, value: Vector3, box: str) -> None:
    if not all(math.isfinite(v) and abs(v) <= MAX_METRES for v in value):
        raise InvalidScene(field, value, f"not within {MAX_METRES:g} metres of the origin", box=box)


def _unit(field: str, value: Quaternion, box: str) -> None:
    if not all(math.isfinite(v) for v in value) or abs(math.hypot(*value) - 1) > 1e-3:
        raise InvalidScene(field, value, "not a unit quaternion (w, x, y, z)", box=box)
