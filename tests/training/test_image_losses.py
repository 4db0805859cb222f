import numpy as np
import torch
from skimage.metrics import structural_similarity

from backend.training.image_losses import psnr, ssim


def test_equal_pictures_are_perfectly_similar() -> None:
    picture = torch.rand(1, 3, 32, 32)
    assert abs(ssim(picture, picture).item() - 1) < 1e-5


def test_noise_of_a_tenth_is_twenty_decibels() -> None:
    assert abs(psnr(torch.zeros(1, 3, 8, 8), torch.full((1, 3, 8, 8), 0.1)).item() - 20) < 1e-4


def test_agrees_with_a_known_implementation() -> None:
    a, b = torch.rand(2, 60, 60, generator=torch.Generator().manual_seed(0)) + torch.linspace(0, 1, 60)
    a, b = (torch.nn.functional.pad(x / 2, (12, 12, 12, 12)) for x in (a, b))  # what lies outside cannot be seen
    _, known = structural_similarity(
        a.numpy(), b.numpy(), data_range=1.0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, full=True
    )
    assert np.isclose(ssim(a[None, None], b[None, None]).item(), known.mean(), atol=1e-4)
