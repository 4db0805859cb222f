import time

import numpy as np
import torch

from backend.mesh.rasterize import rasterize


def _grid(cells: int) -> torch.Tensor:
    """(2 * cells², 3, 2): the unit square cut into slightly uneven triangles."""
    line = np.linspace(0, 1, cells + 1)
    u, v = np.meshgrid(line, line, indexing="ij")
    shake = np.random.default_rng(0).uniform(-0.3, 0.3, (2, cells + 1, cells + 1)) / cells
    shake[:, [0, -1], :] = 0
    shake[:, :, [0, -1]] = 0
    point = np.stack([u, v], -1) + shake.transpose(1, 2, 0)
    a, b, c, d = point[:-1, :-1], point[1:, :-1], point[1:, 1:], point[:-1, 1:]
    return torch.from_numpy(np.stack([np.stack([a, b, c], -2), np.stack([a, c, d], -2)]).reshape(-1, 3, 2))


def test_neighbours_share_no_texel_and_leave_none():
    whole = rasterize(_grid(37), 128, 96)
    assert torch.equal(whole.texel, torch.arange(128 * 96))
    one_by_one = sum(len(rasterize(triangle[None], 128, 96).texel) for triangle in _grid(5))
    assert one_by_one == 128 * 96


def test_weights_give_back_the_place_of_the_texel():
    uvs = _grid(9)
    raster = rasterize(uvs, 64, 64)
    place = raster.interpolate(uvs.float())
    column, row = raster.texel % 64, raster.texel // 64
    expected = torch.stack([(column + 0.5) / 64, 1 - (row + 0.5) / 64], 1)
    assert torch.allclose(place, expected, atol=1e-5)
    assert raster.barycentric.min() >= 0


def test_row_zero_is_the_top():
    upper_left = torch.tensor([[[0.0, 1.0], [0.0, 0.5], [0.5, 1.0]]])
    covered = rasterize(upper_left, 8, 8).covered()
    assert covered[0, 0] and not covered[7].any() and not covered[:, 7].any()


def test_the_highest_face_wins_and_outside_is_cut_off():
    big = torch.tensor([[[-1.0, -1.0], [3.0, -1.0], [-1.0, 3.0]]])
    raster = rasterize(big.repeat(3, 1, 1), 16, 16)
    assert (raster.face == 2).all() and len(raster.texel) == 256


def test_flat_and_tiny_triangles_cover_nothing():
    flat = torch.tensor([[[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]], [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]])
    assert len(rasterize(flat, 32, 32).texel) == 0


def test_bands_of_rows_make_up_the_whole():
    uvs = _grid(11)
    whole = rasterize(uvs, 50, 40)
    bands = [rasterize(uvs, 50, 40, rows) for rows in ((0, 13), (13, 14), (14, 50))]
    assert torch.equal(torch.cat([band.texel for band in bands]), whole.texel)
    assert torch.equal(torch.cat([band.face for band in bands]), whole.face)
    assert torch.equal(torch.cat([band.barycentric for band in bands]), whole.barycentric)


def test_image_puts_values_back_in_their_places():
    raster = rasterize(torch.tensor([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]]), 4, 4)
    picture = raster.image(raster.face.float() + 5, background=-1)
    assert picture[3, 0] == 5 and picture[0, 3] == -1


def test_forty_thousand_triangles_are_quick():
    uvs = _grid(142)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        raster = rasterize(uvs, 1024, 1024)
        times.append(time.perf_counter() - start)
    torch.set_num_threads(threads)
    assert len(raster.texel) == 1024 * 1024
    assert min(times) < 1.0, f"{min(times):.2f} s; about 0.2 s on an idle core"
