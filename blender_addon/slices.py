"""Work on the main thread in pieces: a generator does one short piece for each `next`. No bpy."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Made = TypeVar("Made")


def run(steps: Generator[None, None, Made]) -> Made:
    """All of it, here and now."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
