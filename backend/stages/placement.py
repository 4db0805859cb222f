"""A mesh and its maps -> how they stand in the box, within the budget of triangles.

Also the asset as one GLB file in metres, and a small picture of it.
"""

from __future__ import annotations

import numpy as np

from ..generators.interface import Control
from ..mesh import thumbnail
from ..mesh.fit import Fit, fit_matrix, transformed, transformed_normals
from ..mesh.glb import GlbMaps, see_through_faces, write_glb
from ..mesh.reduce import reduce
from ..protocol import artifacts
from ..protocol.assets import MeshData, Placement
from ..protocol.scene import Box
from . import pictures
from .job import Files, StageJob


def run(job: StageJob, control: Control) -> tuple[Files, tuple[str, ...]]:
    box, settings = job.task.box, job.request.settings
    painted = MeshData.from_bytes(job.read("material", artifacts.MESH, box))
    control.step(1, 3, "Placing")
    mesh = within(painted, settings.triangles)
    notes = _over(mesh, settings.triangles)
    placement = place(mesh, job.box, settings.fit)
    control.step(2, 3, "Writing the asset")
    names = (artifacts.BASE_COLOR, artifacts.ORM, artifacts.NORMAL)
    maps = GlbMaps(*(job.read("material", name, box) for name in names), emission=_emission(job))
    files = {artifacts.PLACEMENT: placement.to_bytes(), artifacts.GLB: glb(mesh, placement, maps, job.box)}
    if mesh is not painted:
        files[artifacts.MESH] = mesh.to_bytes()
    control.step(3, 3, "Drawing its small picture")
    files[artifacts.PREVIEW] = preview(mesh, placement, maps.base_color)
    return {(box, name): data for name, data in files.items()}, notes


def within(mesh: MeshData, triangles: int) -> MeshData:
    """The mesh itself where it keeps its budget, else one with fewer triangles and the same texture."""
    if len(mesh.faces) <= triangles:
        return mesh
    vertices, faces, kept = reduce(mesh.vertices, mesh.faces, triangles)
    taken = {name: getattr(mesh, name) for name in ("corner_uvs", "corner_normals", "face_parts")}
    return MeshData(vertices, faces, **{k: None if v is None else v[kept] for k, v in taken.items()}, meta=mesh.meta)


def _over(mesh: MeshData, triangles: int) -> tuple[str, ...]:
    if len(mesh.faces) <= triangles:
        return ()
    return (f"{len(mesh.faces):,} triangles: with the {triangles:,} asked for it would lose parts of itself",)


def preview(mesh: MeshData, placement: Placement, base_color: bytes) -> bytes:
    """A small picture of the placed asset, as PNG."""
    if mesh.corner_uvs is None:
        raise ValueError("a mesh without UVs has no use for maps")
    matrix = np.array(placement.matrix)
    vertices = transformed(mesh.vertices, matrix)
    normals = _flat(vertices, mesh.faces)
    if mesh.corner_normals is not None:
        normals = transformed_normals(mesh.corner_normals, matrix)
    return pictures.encode_png(
        thumbnail.draw(vertices, mesh.faces, mesh.corner_uvs, normals, pictures.decode(base_color, "RGBA"))
    )


def _name(box: Box) -> str:
    return box.prompt or box.kind


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
    return write_glb(vertices, mesh.faces, mesh.corner_uvs, normals, maps, see_through=clear, name=_name(box))


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
