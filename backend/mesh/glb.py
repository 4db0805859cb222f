"""Arrays and encoded maps -> one binary glTF 2.0 file. Exact and small: one mesh, one node, images untouched.

Metres, Z up, front -Y becomes glTF's Y up, front +Z: (x, y, z) -> (x, z, -y). Roughness and metallic are the green
and blue of one image whose red is the occlusion; base colour and emission are sRGB, the others linear, as glTF 2.0
§3.9 demands.
"""

import json
import struct
from dataclasses import dataclass

import numpy as np

from .frames import y_up
from .normals import tangents
from .weld import distinct_rows

_ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER = 34962, 34963
_FLOAT, _UNSIGNED_INT = 5126, 5125


@dataclass(frozen=True)
class GlbMaps:
    """Encoded pictures (PNG or JPEG), row 0 the top."""

    base_color: bytes  # sRGB, RGB or RGBA
    orm: bytes  # occlusion, roughness, metallic
    normal: bytes  # tangent space, +Y
    emission: bytes | None = None  # sRGB


def write_glb(
    vertices: np.ndarray,
    faces: np.ndarray,
    corner_uvs: np.ndarray,
    corner_normals: np.ndarray,
    maps: GlbMaps,
    *,
    see_through: np.ndarray | None = None,
    name: str = "asset",
) -> bytes:
    """vertices (V, 3), faces (F, 3), corner_uvs (F, 3, 2) v up, corner_normals (F, 3, 3) unit.

    see_through: (F,) bool; these faces get their own material, blended by the alpha of base_color; all others are
    opaque."""
    vertex, corner = _weld(vertices, faces, corner_uvs, corner_normals)
    blended = np.zeros(len(faces), dtype=bool) if see_through is None else see_through
    body = _Body()
    attributes = {
        "POSITION": body.vectors(y_up(vertex[:, :3]), "VEC3", bounds=True),
        "NORMAL": body.vectors(y_up(vertex[:, 3:6]), "VEC3"),
        "TANGENT": body.vectors(np.concatenate([y_up(vertex[:, 6:9]), vertex[:, 9:10]], 1), "VEC4"),
        "TEXCOORD_0": body.vectors(vertex[:, 10:] * [1, -1] + [0, 1], "VEC2"),
    }
    primitives, materials = [], []
    for mode, chosen in (("OPAQUE", ~blended), ("BLEND", blended)):
        if chosen.any():
            indices = body.indices(corner[chosen])
            primitives.append({"attributes": attributes, "indices": indices, "material": len(materials)})
            materials.append(_material(name, mode, maps.emission is not None))
    pictures = [picture for picture in (maps.base_color, maps.orm, maps.normal, maps.emission) if picture is not None]
    document = {
        "asset": {"version": "2.0", "generator": "Greybox"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"name": name, "primitives": primitives}],
        "materials": materials,
        "textures": [{"source": k, "sampler": 0} for k in range(len(pictures))],
        "images": [{"bufferView": body.view(picture), "mimeType": _mime(picture)} for picture in pictures],
        "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}],
        "accessors": body.accessors,
        "bufferViews": body.views,
        "buffers": [{"byteLength": len(body.data)}],
    }
    return _container(document, bytes(body.data))


def see_through_faces(corner_uvs: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """corner_uvs (F, 3, 2) and the alpha channel (H, W) uint8 of the base colour -> (F,) bool, by the face's middle."""
    height, width = alpha.shape
    u, v = corner_uvs.mean(1).T
    column = np.clip((u * width).astype(np.int64), 0, width - 1)
    row = np.clip(((1 - v) * height).astype(np.int64), 0, height - 1)
    return alpha[row, column] < 250


class _Body:
    """The binary chunk as it grows, with the views and accessors into it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict] = []
        self.accessors: list[dict] = []

    def view(self, data: bytes, target: int | None = None) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)}
        self.views.append(view if target is None else view | {"target": target})
        self.data += data
        return len(self.views) - 1

    def vectors(self, array: np.ndarray, kind: str, *, bounds: bool = False) -> int:
        view = self.view(np.ascontiguousarray(array, dtype="<f4").tobytes(), _ARRAY_BUFFER)
        accessor = {"bufferView": view, "componentType": _FLOAT, "count": len(array), "type": kind}
        if bounds:
            accessor |= {"min": array.min(0).tolist(), "max": array.max(0).tolist()}
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def indices(self, array: np.ndarray) -> int:
        view = self.view(np.ascontiguousarray(array, dtype="<u4").tobytes(), _ELEMENT_ARRAY_BUFFER)
        self.accessors.append(
            {"bufferView": view, "componentType": _UNSIGNED_INT, "count": array.size, "type": "SCALAR"}
        )
        return len(self.accessors) - 1


def _weld(vertices: np.ndarray, faces: np.ndarray, uvs: np.ndarray, normals: np.ndarray) -> tuple:
    """Equal corners become one vertex: rows of position, normal, tangent and sign, uv (n, 12), and indices (F, 3)."""
    columns = [vertices[faces], normals, tangents(vertices, faces, uvs, normals), uvs]
    rows = np.concatenate(columns, -1).astype(np.float32).reshape(-1, 12)
    first, index = distinct_rows(rows)
    return rows[first], index.reshape(-1, 3)


def _material(name: str, mode: str, emits: bool) -> dict:
    material: dict = {
        "name": name if mode == "OPAQUE" else f"{name}, see-through",
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicRoughnessTexture": {"index": 1}},
        "occlusionTexture": {"index": 1},
        "normalTexture": {"index": 2},
    }
    if mode != "OPAQUE":
        material["alphaMode"] = mode
    if emits:
        material |= {"emissiveTexture": {"index": 3}, "emissiveFactor": [1.0, 1.0, 1.0]}
    return material


def _mime(picture: bytes) -> str:
    if picture[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if picture[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    raise ValueError(f"a map that begins with {picture[:8]!r} is neither PNG nor JPEG; glTF 2.0 takes no other")


def _container(document: dict, data: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    total = 12 + 8 + len(text) + 8 + len(data)
    header = struct.pack("<4sII", b"glTF", 2, total)
    return header + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
