"""A mesh and its maps -> how they stand in the box, and the asset as one GLB file in metres."""

from __future__ import annotations

import numpy as np

from ..generators.interface import Control
from ..mesh.fit import Fit, fit_matrix, transformed, transformed_normals
from ..mesh.glb import GlbMaps, see_through_faces, write_glb
from ..protocol import artifacts
from ..protocol.assets import MeshData, Placement
from ..protocol.scene import Box
from . import pictures
from .job import Files, StageJob


def run(job: StageJob, control: Control) -> tuple[Files, tuple[str, ...]]:
    box = job.task.box
    mesh = MeshData.from_bytes(job.read("material", artifacts.MESH, box))
    control.step(1, 2, "Placing")
    placement = place(mesh, job.box, job.request.settings.fit)
    control.step(2, 2, "Writing the asset")
    names = (artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL)
    maps = GlbMaps(*(job.read("material", name, box) for name in names), emission=_emission(job))
    files = {artifacts.PLACEMENT: placement.to_bytes(), artifacts.GLB: glb(mesh, placement, maps, job.box)}
    return {(box, name): data for name, data in files.items()}, ()


def place(mesh: MeshData, box: Box, fit: Fit) -> Placement:
    matrix = fit_matrix(mesh.vertices, box.size, fit)
    placed = transformed(mesh.vertices, matrix)
    return Placement(
        matrix=tuple(tuple(row) for row in matrix.tolist()),
        fit=fit,
        bounds=(tuple(placed.min(0).tolist()), tuple(placed.max(0).tolist())),
        triangles=len(mesh.faces),
    )


def glb(mesh: MeshData, placement: Placement, maps: GlbMaps, box: Box) -> bytes:
    """The placed asset in the box frame. The mesh must have UVs; normals are made where it has none."""
    matrix = np.array(placement.matrix)
    vertices = transformed(mesh.vertices, matrix)
    if mesh.corner_uvs is None:
        raise ValueError("a mesh without UVs has no use for maps")
    normals = _flat(vertices, mesh.faces) if mesh.corner_normals is None else mesh.corner_normals
    if mesh.corner_normals is not None and not np.array_equal(matrix, np.eye(4)):
        normals = transformed_normals(normals, matrix)
    alpha = pictures.decode(maps.base_color, "RGBA")[..., 3]
    clear = see_through_faces(mesh.corner_uvs, alpha) if alpha.min() < 255 else None
    name = box.prompt or box.kind
    return write_glb(vertices, mesh.faces, mesh.corner_uvs, normals, maps, see_through=clear, name=name)


def _flat(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F,3,3) float32: the normal of the face at each of its corners."""
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    unit = np.where(length > 0, normal / np.where(length > 0, length, 1), [0.0, 0.0, 1.0])
    return np.repeat(unit[:, None], 3, axis=1).astype(np.float32)


def _emission(job: StageJob) -> bytes | None:
    box = job.task.box
    return job.read("material", artifacts.EMISSION, box) if job.has("material", artifacts.EMISSION, box) else None
