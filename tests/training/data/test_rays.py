"""Inside tests and pictures of a cube, whose answers are known."""

import torch

from backend.training.data.rays import first_hit, winding

CORNERS = torch.tensor([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]).float()
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]  # outward
CUBE = CORNERS[torch.tensor([t for a, b, c, d in QUADS for t in ((a, b, c), (a, c, d))])]


def test_inside_and_outside_of_a_cube():
    points = torch.rand(500, 3, generator=torch.Generator().manual_seed(0)) * 3 - 1.5
    inside = (points.abs() < 1).all(1)
    assert torch.equal(winding(points, CUBE) > 0.5, inside)


def test_overlapping_cubes_count_twice_and_are_still_inside():
    both = torch.cat([CUBE, CUBE * 0.5])
    assert winding(torch.tensor([[0.1, 0.2, 0.3], [0.7, 0.1, 0.0], [2.0, 0.0, 0.0]]), both).tolist() == [2, 1, 0]


def test_the_nearest_face_is_hit():
    projected = CUBE.clone()
    projected[..., 2] = 1 / (5 - CUBE[..., 2])  # seen from z = 5, as if from far away
    near, index = first_hit(torch.tensor([[0.3, 0.2], [3.0, 0.0]]), projected)
    torch.testing.assert_close(near, torch.tensor([0.25, 0.0]))
    assert index[0] // 2 == 5 and index[1] == -1
