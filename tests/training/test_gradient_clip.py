import torch

from backend.training.gradient_clip import AdaptiveGradientClip


def step(clip: AdaptiveGradientClip, norm: float) -> float:
    weight = torch.nn.Parameter(torch.zeros(4))
    weight.grad = torch.full((4,), norm / 2)
    assert abs(clip([weight]) - norm) < 1e-4 * norm
    return float(weight.grad.norm())


def test_the_limit_follows_recent_norms_once_there_are_enough() -> None:
    clip = AdaptiveGradientClip(max_norm=1.0, percentile=50, buffer=3)
    assert abs(step(clip, 4.0) - 1.0) < 1e-3
    step(clip, 0.2)
    step(clip, 0.4)
    assert abs(clip.limit - 0.4) < 1e-6
    assert abs(step(clip, 0.8) - 0.4) < 1e-3


def test_a_norm_that_is_no_number_is_not_remembered() -> None:
    clip = AdaptiveGradientClip(buffer=1)
    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.tensor([float("inf")])
    clip([weight])
    assert clip.limit == 1.0 and not clip.norms
