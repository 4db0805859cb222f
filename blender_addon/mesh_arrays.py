"""A result's mesh as the flat arrays that Blender takes whole, made on a thread of their own. NumPy only, no bpy.

Blender can work out edges and normals itself, but only at once, on its main thread: for two million triangles that
is seconds. Made here, each array is handed over in a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..backend.protocol.assets import MeshData, Placement


@dataclass(frozen=True)
class MeshArrays:
    positions: np.ndarray  # (V,3) float32, box frame, scene units
    corner_vertices: np.ndarray  # (3F,) int32
    edges: np.ndarray  # (E,2) int32
    corner_edges: np.ndarray  # (3F,) int32
    face_starts: np.ndarray  # (F,) int32
    corner_uvs: np.ndarray | None  # (3F,2) float32
    corner_normals: np.ndarray | None  # (3F,3) float32, unit
    placement: Placement

    @property
    def triangles(self) -> int:
        return len(self.face_starts)

    @property
    def size(self) -> np.ndarray:
        """(3,) extents as it stands in its box, in scene units."""
        if not len(self.positions):
            return np.zeros(3)
        return self.positions.max(0).astype(np.float64) - self.positions.min(0)


def prepare(mesh: bytes, placement: bytes, metres_per_unit: float = 1.0) -> MeshArrays:
    """The arrays of a mesh file and its placement. Raises InvalidMessage for files that are no asset."""
    return arrays_of(MeshData.from_bytes(mesh), Placement.from_bytes(placement), metres_per_unit)


def arrays_of(data: MeshData, placement: Placement, metres_per_unit: float = 1.0) -> MeshArrays:
    matrix = np.asarray(placement.matrix, np.float64)
    positions = (data.vertices @ matrix[:3, :3].T + matrix[:3, 3]) / metres_per_unit
    edges, corner_edges = edges_of(data.faces, len(data.vertices))
    return MeshArrays(
        positions=np.ascontiguousarray(positions, np.float32),
        corner_vertices=np.ascontiguousarray(data.faces, np.int32).ravel(),
        edges=edges,
        corner_edges=corner_edges,
        face_starts=np.arange(0, 3 * len(data.faces), 3, dtype=np.int32),
        corner_uvs=None if data.corner_uvs is None else np.ascontiguousarray(data.corner_uvs.reshape(-1, 2), "f4"),
        corner_normals=None if data.corner_normals is None else _turned(data.corner_normals, matrix),
        placement=placement,
    )


def edges_of(faces: np.ndarray, vertices: int) -> tuple[np.ndarray, np.ndarray]:
    """faces (F,3) -> (edges (E,2), the edge of each corner to the next one (3F,)), both int32."""
    here, there = faces.ravel().astype(np.int64), np.roll(faces, -1, axis=1).ravel()
    keys = np.minimum(here, there) * max(vertices, 1) + np.maximum(here, there)
    unique, edge = np.unique(keys, return_inverse=True)
    pairs = np.stack(np.divmod(unique, max(vertices, 1)), axis=1)
    return np.ascontiguousarray(pairs, np.int32), np.ascontiguousarray(edge.ravel(), np.int32)


def _turned(normals: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(3F,3) float32 unit: by the inverse transpose of the placement."""
    turned = normals.reshape(-1, 3).astype(np.float64) @ np.linalg.inv(matrix[:3, :3])
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    return np.ascontiguousarray(turned / np.where(lengths > 0, lengths, 1.0), np.float32)
