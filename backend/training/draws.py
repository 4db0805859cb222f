"""The chance of a step follows from its number, so a run that was interrupted goes on as if it had not been."""

import numpy as np
import torch


def mixed(*numbers: int) -> int:
    """One seed of several numbers: seed, step, process."""
    state = np.random.SeedSequence(numbers).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))


def draws_of(device: torch.device, *numbers: int) -> torch.Generator:
    """The generator of one step on one process; every call with the same numbers gives the same."""
    return torch.Generator(device).manual_seed(mixed(*numbers))
