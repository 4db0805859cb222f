"""What one scene has shown: figures, checks, pictures. Plain data, written as JSON for the host's table. No bpy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field


@dataclass
class Record:
    name: str
    seconds: float = 0.0
    error: str = ""
    figures: dict[str, str] = field(default_factory=dict)
    held_up: dict[str, tuple[float, float]] = field(default_factory=dict)  # what -> longest and limit, seconds
    crops: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)  # picture -> part that is compared

    def check(self, true: object, words: str) -> None:
        """Raises AssertionError with the words when it is not so."""
        if not true:
            raise AssertionError(words)

    def figure(self, name: str, value: str) -> None:
        self.figures[name] = value

    def held(self, what: str, longest: float, limit: float) -> None:
        """The main thread was held up by this for so long at most."""
        self.held_up[what] = (longest, limit)

    def compare(self, picture: str, part: Iterable[int]) -> None:
        """This part of the picture has to look as it looked when somebody last accepted it."""
        self.crops[picture] = tuple(part)  # type: ignore[assignment]

    def plain(self) -> dict:
        return asdict(self)
