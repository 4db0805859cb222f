import numpy as np
import torch

from backend.nn.segments import Segments
from backend.training.condition_dropout import drop_items, drop_rows, dropped_items


def test_whole_items_lose_their_condition() -> None:
    dropped = dropped_items(np.array([0.05, 0.5, 0.0999]), 0.1)
    assert dropped.tolist() == [True, False, True]
    assert drop_items(torch.ones(3, 2), dropped).sum(1).tolist() == [0, 2, 0]
    assert drop_rows(torch.ones(6, 1), dropped, Segments([1, 2, 3])).flatten().tolist() == [0, 1, 1, 0, 0, 0]
