"""Clipping gradients by what their norms have been lately (trellis2_core spec 18.1)."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from torch import Tensor
from torch.nn.utils import clip_grad_norm_


class AdaptiveGradientClip:
    """Clips to `max_norm`, and below it to a percentile of the last `buffer` finite norms once there are that many."""

    def __init__(self, max_norm: float = 1.0, percentile: float = 95.0, buffer: int = 1000) -> None:
        self.limit = self.max_norm = max_norm
        self.percentile = percentile
        self.norms: deque[float] = deque(maxlen=buffer)

    def __call__(self, parameters: Iterable[Tensor]) -> float:
        """Clips with the limit that the step before left, then takes this norm into account; returns the norm."""
        norm = float(clip_grad_norm_(parameters, self.limit))
        if np.isfinite(norm):
            self.norms.append(norm)
        if len(self.norms) == self.norms.maxlen:
            self.limit = min(self.max_norm, float(np.percentile(self.norms, self.percentile)))
        return norm
