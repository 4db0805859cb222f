"""Learning-rate schedules: functions of the step."""

import math


def warmup_cosine(step: int, steps: int, warmup: float = 0.03, floor: float = 0.02) -> float:
    """Share of the full rate: a linear start over `warmup` of all steps, then half a cosine down to `floor`."""
    start = max(1, round(warmup * steps))
    if step < start:
        return (step + 1) / start
    progress = min(1.0, (step - start) / max(1, steps - start))
    return floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2
