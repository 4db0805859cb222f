"""When a run ends early, on all its processes at the same step."""

import time

import torch
from accelerate import Accelerator

ASK_EVERY = 20  # steps between two agreements of several processes


def out_of_time(step: int, started: float, minutes: float, accelerator: Accelerator) -> bool:
    """Whether any process has run for longer than it may, since `started` on the monotonic clock.

    Several processes agree on it every ASK_EVERY steps only: until then the answer is no.
    """
    late = time.monotonic() - started > 60 * minutes
    if accelerator.num_processes == 1:
        return late
    if step % ASK_EVERY:
        return False
    votes = accelerator.reduce(torch.tensor(float(late), device=accelerator.device), "sum")
    return bool(votes > 0)
