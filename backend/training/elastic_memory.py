"""How much of a flow network to recompute in the backward pass so that a batch fits (trellis2_core spec 18.1)."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class MemoryModel:
    """Peak in GB = per_token * tokens * ratio + base; ratio is the share of the blocks that keep their activations."""

    per_token: float
    base: float

    def ratio(self, tokens: int, available: float, target: float = 0.75, max_ratio: float = 1.0) -> float:
        """The ratio that uses `target` of the `available` GB for a batch of so many tokens."""
        fitting = (target * available - self.base) / (self.per_token * tokens)
        return min(max(fitting, 0.0), max_ratio)


def recomputed_blocks(ratio: float, blocks: int) -> tuple[int, float]:
    """How many of the blocks to recompute for a ratio below one, and the ratio that this gives exactly."""
    if ratio >= 1:
        return 0, 1.0
    count = min(ceil((1 - ratio) * blocks) + 1, blocks)
    return count, 1 - (count - 1) / blocks
