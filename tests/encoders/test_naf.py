import pytest
import torch
import torch.nn.functional as F

from backend.encoders.naf import Naf, NafConfig

TINY = NafConfig(dim=32)


@torch.no_grad()
def test_single_pixels_are_those_of_the_whole_map() -> None:
    naf, image, features = Naf(TINY), torch.rand(2, 3, 40, 40), torch.randn(2, 8, 10, 10)
    whole = naf(image, features, 40)
    rows, columns = torch.tensor([0, 39, 17, 17]), torch.tensor([5, 39, 0, 17])
    some = naf.field(image, features, 40).pixels(1, rows, columns)
    torch.testing.assert_close(some, whole[1, :, rows, columns].T, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_samples_between_pixels_are_bilinear() -> None:
    naf, image, features = Naf(TINY), torch.rand(1, 3, 40, 40), torch.randn(1, 8, 10, 10)
    x, y = 39 * torch.rand(2, 30)
    grid = torch.stack((x, y), dim=-1) / 39 * 2 - 1
    wanted = F.grid_sample(naf(image, features, 40), grid[None, None], align_corners=True)[0, :, 0].T
    torch.testing.assert_close(naf.field(image, features, 40).sample(0, x, y), wanted, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_constant_features_stay_constant() -> None:
    out = Naf(TINY)(torch.rand(1, 3, 36, 36), torch.full((1, 4, 9, 9), 3.0), 36)
    torch.testing.assert_close(out, torch.full_like(out, 3.0))


def test_features_are_not_shrunk() -> None:
    with pytest.raises(ValueError, match="cannot be up-sampled to 8 x 8"):
        Naf(TINY).field(torch.rand(1, 3, 36, 36), torch.zeros(1, 4, 9, 9), 8)
