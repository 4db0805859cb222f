"""How long Blender's main thread was kept: every tick, import slice, handler and drawn panel, by name. No bpy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TICK = "tick"
SLICE = "import slice"
LIMITS = {SLICE: 0.2}  # seconds; of everything else:
LIMIT = 0.05


@dataclass
class Figures:
    count: int = 0
    total: float = 0.0
    longest: float = 0.0
    over: int = 0  # how often it was over its limit

    def add(self, seconds: float, limit: float) -> None:
        self.count += 1
        self.total += seconds
        self.longest = max(self.longest, seconds)
        self.over += seconds > limit


_figures: dict[str, Figures] = {}


def limit(name: str) -> float:
    return LIMITS.get(name, LIMIT)


@contextmanager
def watch(name: str) -> Iterator[None]:
    begin = time.perf_counter()
    try:
        yield
    finally:
        _figures.setdefault(name, Figures()).add(time.perf_counter() - begin, limit(name))


def longest(name: str) -> float:
    """Seconds."""
    return _figures[name].longest if name in _figures else 0.0


def figures() -> dict[str, Figures]:
    """By name, the slowest first."""
    return dict(sorted(_figures.items(), key=lambda item: item[1].longest, reverse=True))


def report() -> list[str]:
    """Lines such as "tick: 812 times, 0.4 ms mean, 9 ms longest, 0 over 50 ms"."""
    return [
        f"{name}: {f.count} times, {f.total / f.count * 1000:.1f} ms mean, {f.longest * 1000:.0f} ms longest, "
        f"{f.over} over {limit(name) * 1000:.0f} ms"
        for name, f in figures().items()
    ]


def reset() -> None:
    _figures.clear()
