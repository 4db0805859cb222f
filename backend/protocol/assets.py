"""What the stages hand on: pictures, meshes, materials, placements, and their bytes. NumPy only.

The names of the files are in artifacts.py.

Meshes are in the asset frame: the box frame's axes (Z up, front -Y, floor centre at the origin), in units that
`Placement` turns into metres.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import msgspec
import numpy as np

from . import tensors
from .errors import InvalidMessage
from .scene import Camera, Matrix4


@dataclass(frozen=True)
class ConditionImages:
    """The layout as the image model sees it, and what is known of each box in that picture."""

    image: np.ndarray  # (S,S,3) uint8 sRGB
    box_ids: tuple[str, ...]
    amodal: np.ndarray  # (N,H,W) bool: the silhouette of each box as if it were alone
    visible: np.ndarray  # (N,H,W) bool: where the box is the nearest
    depth: np.ndarray  # (N,H,W) float32 metres along the view axis to the box's front; inf where it is not
    tokens: np.ndarray  # (N,32,32) uint8: the amodal mask per condition token

    def to_bytes(self) -> bytes:
        arrays = {
            "amodal": np.packbits(self.amodal, axis=-1),
            "visible": np.packbits(self.visible, axis=-1),
            "depth": self.depth.astype(np.float32),
            "tokens": self.tokens,
        }
        meta = {"boxes": json.dumps(self.box_ids), "width": str(self.amodal.shape[-1])}
        return tensors.pack(arrays, meta)

    @staticmethod
    def from_bytes(data: bytes, image: np.ndarray) -> ConditionImages:
        arrays, meta = tensors.unpack(data)
        width = int(meta["width"])
        unpacked = {k: np.unpackbits(arrays[k], axis=-1, count=width).astype(bool) for k in ("amodal", "visible")}
        ids = tuple(json.loads(meta["boxes"]))
        return ConditionImages(image, ids, unpacked["amodal"], unpacked["visible"], arrays["depth"], arrays["tokens"])


@dataclass(frozen=True)
class SceneImage:
    image: np.ndarray  # (H,W,3) uint8 sRGB
    seed: int


@dataclass(frozen=True)
class BoxView:
    """One picture of one box's thing, matted from its surroundings."""

    box: str
    image: np.ndarray  # (H,W,4) uint8 sRGB, straight alpha
    camera: Camera | None  # the true camera of this crop; None for a picture that the user brought
    visible: float  # share of the amodal silhouette that is not hidden, 0..1


@dataclass(frozen=True)
class MeshData:
    vertices: np.ndarray  # (V,3) float32
    faces: np.ndarray  # (F,3) int32, outward counter-clockwise
    corner_uvs: np.ndarray | None = None  # (F,3,2) float32, v up
    corner_normals: np.ndarray | None = None  # (F,3,3) float32, unit
    face_parts: np.ndarray | None = None  # (F,) int32: which part of the thing a face belongs to
    meta: dict[str, str] = field(default_factory=dict)  # what made it: kind, style, part names ...

    def to_bytes(self) -> bytes:
        arrays = {name: getattr(self, name) for name in _MESH_ARRAYS if getattr(self, name) is not None}
        return tensors.pack(arrays, self.meta or None)

    @staticmethod
    def from_bytes(data: bytes | memoryview) -> MeshData:
        """Raises InvalidMessage when the arrays do not make a mesh."""
        arrays, meta = tensors.unpack(data)
        mesh = MeshData(**{name: arrays.get(name) for name in _MESH_ARRAYS}, meta=meta)  # type: ignore[arg-type]
        check_mesh(mesh)
        return mesh


_MESH_ARRAYS = ("vertices", "faces", "corner_uvs", "corner_normals", "face_parts")


def check_mesh(mesh: MeshData) -> None:
    """Raises InvalidMessage naming the array that is wrong."""
    v, f = mesh.vertices, mesh.faces
    if v is None or v.dtype != np.float32 or v.ndim != 2 or v.shape[1] != 3 or not np.isfinite(v).all():
        raise InvalidMessage("Mesh: vertices are not (V,3) finite float32")
    if f is None or f.dtype != np.int32 or f.ndim != 2 or f.shape[1] != 3:
        raise InvalidMessage("Mesh: faces are not (F,3) int32")
    if len(f) and (f.min() < 0 or f.max() >= len(v)):
        raise InvalidMessage(f"Mesh: a face names vertex {f.max()}, there are {len(v)}")
    for name, shape in (("corner_uvs", (len(f), 3, 2)), ("corner_normals", (len(f), 3, 3)), ("face_parts", (len(f),))):
        array = getattr(mesh, name)
        if array is not None and array.shape != shape:
            raise InvalidMessage(f"Mesh: {name} have shape {array.shape}, expected {shape}")


@dataclass(frozen=True)
class MaterialMaps:
    """PBR maps over the mesh's UVs; row 0 is the top of the picture (v = 1)."""

    base_color: np.ndarray  # (H,W,3|4) uint8 sRGB
    orm: np.ndarray  # (H,W,3) uint8 linear: occlusion, roughness, metallic
    normal: np.ndarray  # (H,W,3) uint8 linear: tangent space, +Y up (OpenGL)
    emission: np.ndarray | None = None  # (H,W,3) uint8 sRGB


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """How the mesh stands in its box: mesh coordinates to the box frame, metres."""

    matrix: Matrix4  # rows; scale, rotation and translation from mesh to box frame
    fit: str  # "inside", "fill", "keep", "aligned"
    bounds: tuple[tuple[float, float, float], tuple[float, float, float]]  # of the placed mesh, box frame
    triangles: int

    def to_bytes(self) -> bytes:
        return msgspec.json.encode(self)

    @staticmethod
    def from_bytes(data: bytes) -> Placement:
        try:
            return msgspec.json.decode(data, type=Placement)
        except msgspec.MsgspecError as error:
            raise InvalidMessage(f"Placement cannot be read: {error}") from error
