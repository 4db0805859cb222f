"""Sharing a batch of items with unequal loads between micro-batches or ranks (trellis2_core spec 18.1)."""

from collections.abc import Sequence


def balanced_groups(loads: Sequence[float], groups: int, equal_size: bool = False) -> list[list[int]]:
    """Indices of the items of each group: the heaviest item left goes to the lightest group, ties to the first.

    With `equal_size` a group that holds its share of the items takes no more.
    """
    share = -(-len(loads) // groups) if equal_size else len(loads)
    members: list[list[int]] = [[] for _ in range(groups)]
    totals = [0.0] * groups
    for item in sorted(range(len(loads)), key=lambda i: -loads[i]):
        group = min((g for g in range(groups) if len(members[g]) < share), key=lambda g: totals[g])
        members[group].append(item)
        totals[group] += loads[item]
    return members
