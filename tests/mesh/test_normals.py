import numpy as np

from backend.mesh.normals import corner_normals, face_normals, tangents


def _cube() -> tuple[np.ndarray, np.ndarray]:
    x, y, z = np.meshgrid([0.0, 1.0], [0.0, 1.0], [0.0, 1.0], indexing="ij")
    vertices = np.stack([x, y, z], -1).reshape(-1, 3)
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    return vertices, np.array([q[k] for q in quads for k in (0, 1, 2, 0, 2, 3)]).reshape(-1, 3)


def _sphere(rings: int = 24, sides: int = 48) -> tuple[np.ndarray, np.ndarray]:
    theta, phi = np.linspace(0, np.pi, rings + 1)[1:-1], np.arange(sides) / sides * 2 * np.pi
    ring = np.stack([np.outer(np.sin(theta), np.cos(phi)), np.outer(np.sin(theta), np.sin(phi)),
                     np.outer(np.cos(theta), np.ones(sides))], -1).reshape(-1, 3)  # fmt: skip
    vertices = np.concatenate([ring, [[0, 0, 1], [0, 0, -1]]])
    faces, top, bottom = [], len(ring), len(ring) + 1
    for i in range(sides):
        j = (i + 1) % sides
        faces += [[top, i, j], [bottom, len(ring) - sides + j, len(ring) - sides + i]]
        for r in range(rings - 2):
            a, b, c, d = r * sides + i, (r + 1) * sides + i, (r + 1) * sides + j, r * sides + j
            faces += [[a, b, c], [a, c, d]]
    return vertices, np.array(faces)


def test_sharp_cube_keeps_its_faces_and_a_soft_one_rounds_its_corners():
    vertices, faces = _cube()
    flat = face_normals(vertices, faces)
    assert np.allclose(corner_normals(vertices, faces, 30), flat[:, None])
    soft = corner_normals(vertices, faces, 180)
    assert np.allclose(soft, (vertices[faces] - 0.5) * 2 / np.sqrt(3))


def test_the_smaller_angle_of_two_faces_decides():
    vertices, faces = _cube()
    limit = np.full(len(faces), 180.0)
    limit[:2] = 30.0
    normals = corner_normals(vertices, faces, limit)
    assert np.allclose(normals[:2], face_normals(vertices, faces)[:2, None])
    assert not np.allclose(normals[2:], face_normals(vertices, faces)[2:, None])


def test_a_smooth_sphere_has_radial_normals():
    vertices, faces = _sphere()
    assert (corner_normals(vertices, faces, 40) * vertices[faces]).sum(-1).min() > 0.999


def test_tangents_follow_u_and_their_sign_follows_mirrored_charts():
    vertices, faces = _cube()
    front = faces[4:6]  # y = 0
    uvs = vertices[front][..., [0, 2]]
    normals = corner_normals(vertices, faces, 30)[4:6]
    assert np.allclose(tangents(vertices, front, uvs, normals), [1, 0, 0, 1])
    mirrored = tangents(vertices, front, uvs * [-1, 1], normals)
    assert np.allclose(mirrored, [-1, 0, 0, -1])
    bitangent = mirrored[..., 3:] * np.cross(normals, mirrored[..., :3])
    assert np.allclose(bitangent, [0, 0, 1])


def test_tangents_stand_at_right_angles_to_smooth_normals():
    vertices, faces = _sphere()
    normals = corner_normals(vertices, faces, 180)
    turn = np.arctan2(vertices[:, 1], vertices[:, 0])[faces]
    turn = np.where(turn - turn[:, :1] > np.pi, turn - 2 * np.pi, turn)
    turn = np.where(turn - turn[:, :1] < -np.pi, turn + 2 * np.pi, turn)
    uvs = np.stack([turn, np.arcsin(np.clip(vertices[:, 2], -1, 1))[faces]], -1)
    frame = tangents(vertices, faces, uvs, normals)
    assert np.abs((frame[..., :3] * normals).sum(-1)).max() < 1e-9
    away_from_poles = (faces < len(vertices) - 2).all(1)
    assert (frame[away_from_poles, :, 3] == 1).all()


def test_tangents_are_unit_vectors_even_where_uvs_have_no_area():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    normals = np.tile([0.0, 0.6, 0.8], (1, 3, 1))
    frame = tangents(vertices, np.array([[0, 1, 2]]), np.zeros((1, 3, 2)), normals)
    assert np.allclose(np.linalg.norm(frame[..., :3], axis=-1), 1)
    assert np.allclose((frame[..., :3] * normals).sum(-1), 0, atol=1e-7)
