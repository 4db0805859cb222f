"""What runs next, where: a pure function. Jobs take turns; within a job the first box is finished first.

No clock, no sockets, no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..protocol.stages import WorkerKind


@dataclass(frozen=True)
class Waiting:
    """A stage task whose inputs are there."""

    job: str
    key: str
    kind: WorkerKind
    generator: str  # "" when none is involved
    rank: int  # its place in the plan of its job
    served: int  # when its job last got a worker, as a growing count; 0: never
    created: float


@dataclass(frozen=True)
class Seat:
    """An idle worker."""

    id: int
    kind: WorkerKind
    loaded: frozenset[str] = frozenset()  # generators in memory
    memory_gb: float | None = None  # of its device; None: not a question (CPU, or unknown)


def assign(
    waiting: Iterable[Waiting], seats: Iterable[Seat], needs_gb: Mapping[str, float]
) -> list[tuple[Waiting, Seat]]:
    """Pairs of (task, worker), at most one a worker.

    The job that waited longest since it was last served comes first, so that a small job is not behind a large
    one. Within a job: a generator that is already in memory, then the order of the plan. `needs_gb` is the least
    memory that a generator runs with; a task is never put where it does not fit.
    """
    open_tasks = list(waiting)
    turn = {task.job: task.served for task in open_tasks}
    latest = max(turn.values(), default=0)
    pairs = []
    for seat in seats:
        fitting = [task for task in open_tasks if task.kind == seat.kind and fits(task.generator, seat, needs_gb)]
        if not fitting:
            continue
        chosen = min(fitting, key=lambda task: (turn[task.job], task.created, task.job, _cold(task, seat), task.rank))
        open_tasks.remove(chosen)
        latest += 1
        turn[chosen.job] = latest
        pairs.append((chosen, seat))
    return pairs


def fits(generator: str, seat: Seat, needs_gb: Mapping[str, float]) -> bool:
    return seat.memory_gb is None or needs_gb.get(generator, 0.0) <= seat.memory_gb


def _cold(task: Waiting, seat: Seat) -> bool:
    """True when the worker would have to load something first."""
    return bool(task.generator) and task.generator not in seat.loaded
