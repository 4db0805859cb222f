"""Flow matching: the path between data and noise, time grids, and the Euler sampler (trellis2_core spec 14, 18.5).

Time runs from 1 (noise) to 0 (data): x_t = (1 - t) x_0 + (sigma + (1 - sigma) t) noise.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from torch import Tensor

SIGMA_MIN = 1e-5

Velocity = Callable[[Tensor, float], Tensor]  # (x_t, t) -> dx/dt
OnStep = Callable[[int, Tensor, Tensor], None]  # (step, x after it, prediction of x_0)


def flow_times(steps: int, rescale: float) -> list[float]:
    """`steps` + 1 times from 1 to 0, denser near 1 for rescale > 1.

    In float64 and exactly in this form: guidance intervals compare inclusively with these numbers.
    """
    uniform = np.linspace(1.0, 0.0, steps + 1)
    return (rescale * uniform / (1 + (rescale - 1) * uniform)).tolist()


def noised(x0: Tensor, noise: Tensor, t: Tensor, sigma_min: float = SIGMA_MIN) -> Tensor:
    """x_t on the path from x0 to noise at times t (B,)."""
    t = t.view(-1, *[1] * (x0.dim() - 1))
    return (1 - t) * x0 + (sigma_min + (1 - sigma_min) * t) * noise


def velocity_target(x0: Tensor, noise: Tensor, sigma_min: float = SIGMA_MIN) -> Tensor:
    """The velocity of the path, which a flow network learns."""
    return (1 - sigma_min) * noise - x0


def logit_normal_times(normal: Tensor, mean: float = 1.0, std: float = 1.0) -> Tensor:
    """Training times from standard normal draws."""
    return (normal * std + mean).sigmoid()


def data_from_velocity(x: Tensor, v: Tensor, t: float, sigma_min: float = SIGMA_MIN) -> Tensor:
    """The x_0 that x_t and its velocity imply."""
    return (1 - sigma_min) * x - (sigma_min + (1 - sigma_min) * t) * v


def velocity_from_data(x: Tensor, x0: Tensor, t: float, sigma_min: float = SIGMA_MIN) -> Tensor:
    """The inverse of `data_from_velocity`."""
    return ((1 - sigma_min) * x - x0) / (sigma_min + (1 - sigma_min) * t)


def euler(
    velocity: Velocity,
    x: Tensor,
    times: Sequence[float],
    sigma_min: float = SIGMA_MIN,
    on_step: OnStep | None = None,
) -> Tensor:
    """Integrate dx/dt from times[0] to times[-1]; `on_step` reports, and may raise in order to stop."""
    for step, (t, t_next) in enumerate(pairwise(times)):
        v = velocity(x, t)
        x0 = data_from_velocity(x, v, t, sigma_min) if on_step else None
        x = x - (t - t_next) * v
        if on_step and x0 is not None:
            on_step(step, x, x0)
    return x
