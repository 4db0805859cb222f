"""Legal moves of jobs and stages, as tables. Everything that decides about states lives in this file.

Rule 1: a job has exactly one terminal state, and leaves `failed` or `cancelled` only by the user's retry.
Rule 2: an illegal move raises IllegalMove and changes nothing.
Rule 3: a stage that was running when the server died waits again; what was done stays done.
No sockets, no clock, no disk.
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import IllegalMove
from .messages import JobState, StageState

JOB_MOVES: dict[tuple[JobState, str], JobState] = {
    ("queued", "start"): "running",
    ("queued", "cancel"): "cancelled",
    ("queued", "fail"): "failed",
    ("queued", "finish"): "done",  # every stage was already there
    ("running", "finish"): "done",
    ("running", "fail"): "failed",
    ("running", "cancel"): "cancelled",
    ("running", "requeue"): "queued",  # the server was started again
    ("failed", "retry"): "queued",
    ("cancelled", "retry"): "queued",
}

STAGE_MOVES: dict[tuple[StageState, str], StageState] = {
    ("waiting", "start"): "running",
    ("waiting", "cancel"): "cancelled",
    ("waiting", "fail"): "failed",  # something it needs has failed
    ("running", "finish"): "done",
    ("running", "fail"): "failed",
    ("running", "cancel"): "cancelled",
    ("running", "requeue"): "waiting",  # its worker was lost
    ("failed", "retry"): "waiting",
    ("cancelled", "retry"): "waiting",
}

TERMINAL: frozenset[str] = frozenset({"done", "failed", "cancelled"})


def move_job(state: JobState, action: str) -> JobState:
    """The state after `action`. Raises IllegalMove."""
    return _move(JOB_MOVES, "job", state, action)  # type: ignore[return-value]


def move_stage(state: StageState, action: str) -> StageState:
    """The state after `action`. Raises IllegalMove."""
    return _move(STAGE_MOVES, "stage", state, action)  # type: ignore[return-value]


def outcome(stages: Iterable[StageState]) -> JobState | None:
    """What a job has come to when its stages are in these states, or None while something can still happen.

    A job with one failed box is `failed` only after everything else has ended: the other boxes are made.
    """
    states = set(stages)
    if states & {"waiting", "running"}:
        return None
    if "cancelled" in states:
        return "cancelled"
    return "failed" if "failed" in states else "done"


def _move(table: dict, what: str, state: str, action: str) -> str:
    try:
        return table[state, action]
    except KeyError:
        raise IllegalMove(f"A {what} that is '{state}' cannot '{action}'") from None
