"""What one scene has shown: figures, checks, pictures. Plain data, written as JSON for the host's table. No bpy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

TICK = 0.050  # seconds: the longest that a tick may hold the main thread
SLICE = 0.200  # seconds: the same while a result is brought in


@dataclass
class Record:
    name: str
    seconds: float = 0.0
    error: str = ""
    figures: dict[str, str] = field(default_factory=dict)
    longest_tick: float = 0.0
    longest_slice: float = 0.0
    crops: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)  # picture -> part that is compared

    def check(self, true: object, words: str) -> None:
        """Raises AssertionError with the words when it is not so."""
        if not true:
            raise AssertionError(words)

    def figure(self, name: str, value: str) -> None:
        self.figures[name] = value

    def tick(self, seconds: float) -> None:
        self.longest_tick = max(self.longest_tick, seconds)

    def slice(self, seconds: float) -> None:
        self.longest_slice = max(self.longest_slice, seconds)

    def compare(self, picture: str, part: Iterable[int]) -> None:
        """This part of the picture has to look as it looked when somebody last accepted it."""
        self.crops[picture] = tuple(part)  # type: ignore[assignment]

    def plain(self) -> dict:
        return asdict(self)
