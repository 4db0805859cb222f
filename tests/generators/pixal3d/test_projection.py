import torch

from backend.generators.pixal3d.projection import ViewCameras, map_coordinates, project_cells, sample_map


def project(cells: list[list[int]], view: ViewCameras, resolution: int = 9, side: int = 512) -> torch.Tensor:
    positions = torch.tensor(cells)
    return project_cells(positions, torch.zeros(len(cells), dtype=torch.long), resolution, view, side)[0]


def test_the_centre_of_the_cube_is_the_centre_of_the_image() -> None:
    assert project([[4, 4, 4]], ViewCameras.single()).tolist() == [[256.0, 256.0]]


def test_x_goes_right_and_y_goes_up() -> None:
    right, up = project([[8, 4, 4], [4, 8, 4]], ViewCameras.single())
    assert right[0] > 256 and right[1] == 256 and up[1] < 256 and up[0] == 256


def test_nearer_cells_are_farther_from_the_centre() -> None:
    far, near = project([[8, 4, 0], [8, 4, 8]], ViewCameras.single())
    assert near[0] > far[0]


def test_only_distance_times_scale_counts() -> None:
    cells = [[1, 2, 3], [8, 0, 5]]
    a, b = (project(cells, ViewCameras.single(0.6, d, s)) for d, s in ((2.0, 1.0), (4.0, 0.5)))
    torch.testing.assert_close(a, b)


def test_maps_are_sampled_at_texel_centres_and_clamped() -> None:
    features = torch.arange(16.0).view(1, 1, 4, 4)
    x, y = map_coordinates(torch.tensor([[64.0 - 0.5, 192 - 0.5], [-900.0, 9000.0]]), 512, 4, 4)
    items = torch.zeros(2, dtype=torch.long)
    assert sample_map(features, items, x, y).flatten().tolist() == [4.0, 12.0]
