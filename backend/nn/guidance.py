"""Classifier-free guidance inside an interval of times, with rescaled deviation (trellis2_core spec 14)."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from .sampling import SIGMA_MIN, Velocity, data_from_velocity, velocity_from_data


@dataclass(frozen=True)
class Guidance:
    """How strongly, and when, the condition is amplified."""

    strength: float = 1.0  # 1: conditional alone; 0: unconditional alone inside the interval
    rescale: float = 0.0  # share of the guided x_0 that gets the deviation of the conditional one
    interval: tuple[float, float] = (0.0, 1.0)  # times with guidance, ends included


def dense_std(x: Tensor) -> Tensor:
    """Unbiased standard deviation of every item of a dense batch (B, ...), broadcastable to it."""
    return x.std(dim=tuple(range(1, x.dim())), keepdim=True)


def guided(
    conditional: Velocity,
    unconditional: Velocity,
    guidance: Guidance,
    std: Callable[[Tensor], Tensor] = dense_std,
    sigma_min: float = SIGMA_MIN,
) -> Velocity:
    """The guided velocity: v = w v_cond + (1 - w) v_uncond, computed only where it differs from v_cond.

    `std` gives the deviation of x_0 per batch item, broadcastable to x: `dense_std`, or that of `Segments` for rows.
    """
    strength, (begin, end) = guidance.strength, guidance.interval

    def velocity(x: Tensor, t: float) -> Tensor:
        if strength == 1 or not begin <= t <= end:
            return conditional(x, t)
        if strength == 0:
            return unconditional(x, t)
        v_cond = conditional(x, t)
        v = strength * v_cond + (1 - strength) * unconditional(x, t)
        if guidance.rescale == 0:
            return v
        x0_cond = data_from_velocity(x, v_cond, t, sigma_min)
        x0 = data_from_velocity(x, v, t, sigma_min)
        rescaled = x0 * (std(x0_cond) / std(x0))
        x0 = guidance.rescale * rescaled + (1 - guidance.rescale) * x0
        return velocity_from_data(x, x0, t, sigma_min)

    return velocity
