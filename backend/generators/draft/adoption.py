"""Shapes of other generators, made ready for Draft's materials.

Such a shape is one closed surface without parts or UVs. Draft draws its own asset for the same box and prompt, lays
both over each other, and every face takes the part that lies nearest: legs get the wood of legs, cushions their cloth.
"""

import numpy as np
from scipy.spatial import KDTree

from ...mesh.normals import corner_normals, face_normals
from ...mesh.unwrap import unwrap
from ...protocol.assets import MeshData

SMOOTH = 40.0  # degrees: edges of a surface from a grid are shaded smooth below this
SAMPLES = 30_000  # points of Draft's asset that stand for its parts
ROUNDS = 6  # of asking the neighbours, so that parts have clean borders
TURNED = 0.1  # of the asset's height: how much farther away a part counts whose surface looks the other way


def adopt(mesh: MeshData, own: MeshData, resolution: int) -> MeshData:
    """The faces of `mesh` with UVs, normals and the parts of `own`, which Draft drew for the same box and prompt."""
    vertices, faces = mesh.vertices, mesh.faces
    return MeshData(
        vertices=vertices,
        faces=faces,
        corner_uvs=unwrap(vertices, faces, resolution) if mesh.corner_uvs is None else mesh.corner_uvs,
        corner_normals=corner_normals(vertices, faces, SMOOTH).astype(np.float32),
        face_parts=nearest_parts(mesh, own),
        meta=own.meta | mesh.meta,
    )


def nearest_parts(mesh: MeshData, own: MeshData) -> np.ndarray:
    """For every face of `mesh` (F,) int32 the part of `own` that is nearest, both stretched to the same bounds."""
    assert own.face_parts is not None
    rng = np.random.default_rng(0)
    corners = own.vertices[own.faces].astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    chosen = rng.choice(len(area), SAMPLES, p=area / area.sum())
    weight = rng.dirichlet((1, 1, 1), SAMPLES)[..., None]
    points = _stretched((corners[chosen] * weight).sum(1), own.vertices)
    centres = _stretched(mesh.vertices[mesh.faces].mean(1), mesh.vertices)
    tree = KDTree(np.concatenate([points, TURNED * face_normals(own.vertices, own.faces)[chosen]], axis=1))
    _, nearest = tree.query(np.concatenate([centres, TURNED * face_normals(mesh.vertices, mesh.faces)], axis=1))
    return _agreed(own.face_parts[chosen][nearest], mesh.faces).astype(np.int32)


def _agreed(part: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Parts (F,) after every face has taken what most faces around its corners have, several times."""
    names, part = np.unique(part, return_inverse=True)
    for _ in range(ROUNDS):
        votes = np.zeros((faces.max() + 1, len(names)), np.int32)
        for corner in faces.T:
            np.add.at(votes, (corner, part), 1)
        part = votes[faces].sum(1).argmax(1)
    return names[part]


def _stretched(points: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    """Points in the bounds of the vertices, each side from 0 to 1."""
    low, high = vertices.min(0), vertices.max(0)
    return (points - low) / np.maximum(high - low, 1e-9)
