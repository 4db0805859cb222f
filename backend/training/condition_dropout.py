"""Leaving the condition out of some items, so that a flow also learns to do without (pixal3d spec 17.3)."""

import numpy as np
import torch
from torch import Tensor

from ..nn.segments import Segments


def dropped_items(draws: np.ndarray, probability: float) -> Tensor:
    """(B,) bool from uniform draws (B,)."""
    return torch.from_numpy(np.asarray(draws) < probability)


def drop_items(values: Tensor, dropped: Tensor) -> Tensor:
    """(B, ...) with zeros for the dropped items."""
    return values.masked_fill(dropped.to(values.device).view(-1, *[1] * (values.dim() - 1)), 0)


def drop_rows(rows: Tensor, dropped: Tensor, segments: Segments) -> Tensor:
    """(T, C) with zeros in the rows of dropped items."""
    return rows.masked_fill(dropped.to(rows.device)[segments.row_items(rows.device)][:, None], 0)
