"""Meshes come out upright, outward, of the right size; coarse to fine gives what the dense grid gives."""

import numpy as np
import torch

from backend.generators.tar3d.surface import dense_grid, mesh_from_grid, plane_occupancy, refined_grid
from backend.generators.tar3d.vqvae import Synthesizer

CPU = torch.device("cpu")


def ball(points):
    """Radius 0.6 around (0.2, 0, 0)."""
    return 8 * (0.6 - (points - torch.tensor([0.2, 0.0, 0.0])).norm(dim=1))


def volume(vertices, faces):
    a, b, c = (vertices[faces[:, k]].astype(np.float64) for k in range(3))
    return np.einsum("fi,fi->", a, np.cross(b, c)) / 6


def test_a_ball_has_its_centre_radius_and_volume():
    vertices, faces = mesh_from_grid(dense_grid(ball, 5, 1.25, CPU).numpy(), 1.25)
    radius = np.linalg.norm(vertices - [0.2, 0, 0], axis=1)
    assert abs(radius - 0.6).max() < 2e-3
    assert abs(volume(vertices, faces) / (4 / 3 * np.pi * 0.6**3) - 1) < 0.02


def test_the_reference_shrinks_the_ball_and_turns_it_inside_out():
    grid = dense_grid(ball, 5, 1.25, CPU).numpy()
    exact, legacy = mesh_from_grid(grid, 1.25), mesh_from_grid(grid, 1.25, reference=True)
    assert volume(*legacy) < 0
    np.testing.assert_allclose(legacy[0], (exact[0] + 1.25) * 32 / 33 - 1.25, atol=1e-5)


def test_coarse_to_fine_gives_the_same_mesh_from_fewer_points():
    asked = []

    def counted(points):
        asked.append(len(points))
        return ball(points)

    fine = refined_grid(counted, 6, 1.25, CPU, coarse=4, doubt=0.0)
    vertices, faces = mesh_from_grid(fine.numpy(), 1.25)
    dense = mesh_from_grid(dense_grid(ball, 6, 1.25, CPU).numpy(), 1.25)
    np.testing.assert_allclose(vertices, dense[0], atol=1e-5)
    np.testing.assert_array_equal(faces, dense[1])
    assert sum(asked) < 0.4 * 65**3


def test_nothing_inside_is_no_mesh():
    assert mesh_from_grid(np.full((9, 9, 9), -1.0), 1.0) is None


def test_mixing_the_planes_first_gives_the_same_logits():
    torch.manual_seed(0)
    synthesizer, planes, points = Synthesizer(8), torch.randn(3, 8, 16, 16), torch.rand(50, 3) * 2 - 1
    with torch.no_grad():
        plain = synthesizer(planes[None], points[None])[0]
        torch.testing.assert_close(plane_occupancy(synthesizer, planes)(points), plain, atol=1e-5, rtol=1e-5)
