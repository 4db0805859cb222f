"""Will it fit? What a generator is expected to take of the GPU's memory, and which settings make it fit. No bpy.

The backend tells the expected peak of every mode (GeneratorInfo.memory_gb, for 1024 x 1024 pixels) and how it grows
with the picture (`megapixel_gb`), and what is free on each device.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..backend.protocol.messages import Device
from ..backend.protocol.options import ChoiceOption, GeneratorInfo, IntOption, Value

MODE = "memory"  # the option that chooses how the weights are kept
AUTO = "auto"
REFERENCE = 1024 * 1024  # pixels of the figures that the backend tells
LEAST = 512 * 512  # pixels below which nothing is saved any more
SHRINK = 0.9  # of each side, until it fits


@dataclass(frozen=True)
class Need:
    """What a generator with these settings is expected to take."""

    info: GeneratorInfo
    mode: str
    peak_gb: float
    free_gb: float | None  # of the roomiest GPU; None: there is none

    @property
    def fits(self) -> bool:
        return self.free_gb is not None and self.peak_gb <= self.free_gb

    @property
    def text(self) -> str:
        if self.free_gb is None:
            return f"{self.info.label} wants a GPU with {self.peak_gb:.1f} GB; none was found"
        name = next((label for value, label in mode_labels(self.info) if value == self.mode), self.mode)
        return f"{self.info.label}, {name}: needs {self.peak_gb:.1f} GB, {self.free_gb:.1f} GB are free"


def free_gb(devices: Iterable[Device]) -> float | None:
    """Of the GPU that has the most."""
    return max((device.free_gb for device in devices if device.name != "cpu"), default=None)


def need(info: GeneratorInfo, values: Mapping[str, Value], devices: Iterable[Device]) -> Need | None:
    """What the generator will take; None for one that needs no GPU. "auto" is the first mode that fits."""
    if not info.memory_gb:
        return None
    free = free_gb(devices)
    modes = [mode for mode, _ in info.memory_gb]
    wished = values.get(MODE, _default(info, MODE))
    tried = modes if wished not in modes else [str(wished)]
    peaks = [(mode, peak_gb(info, mode, values)) for mode in tried]
    mode, peak = next(((m, gb) for m, gb in peaks if free is not None and gb <= free), peaks[-1])
    return Need(info, mode, peak, free)


def peak_gb(info: GeneratorInfo, mode: str, values: Mapping[str, Value]) -> float:
    base = dict(info.memory_gb)[mode]
    width, height = (values.get(side, _default(info, side)) for side in ("width", "height"))
    if not info.megapixel_gb or not isinstance(width, int) or not isinstance(height, int):
        return base
    return base + info.megapixel_gb * (max(width * height, LEAST) - REFERENCE) / 1e6


def make_fit(info: GeneratorInfo, values: Mapping[str, Value], devices: Iterable[Device]) -> dict[str, Value] | None:
    """Changes to the options with which it fits: the fastest mode at the size that is set, else a smaller picture.

    None when nothing makes it fit.
    """
    free = free_gb(devices)
    if free is None:
        return None
    for size in _sizes(info, values):
        for mode, _ in info.memory_gb:
            if peak_gb(info, mode, {**values, **size}) <= free:
                settable = any(value == mode for value, _ in mode_labels(info))
                return {**size, **({MODE: mode} if settable else {})}
    return None


def step_down(info: GeneratorInfo, values: Mapping[str, Value], devices: Iterable[Device]) -> dict[str, Value] | None:
    """Changes for a generator that ran out of memory although it was expected to fit: the next smaller mode, or a
    smaller picture. None when there is nothing smaller."""
    now = need(info, values, devices)
    if now is None:
        return None
    modes = [mode for mode, _ in info.memory_gb]
    smaller = modes[modes.index(now.mode) + 1 :]
    settable = [value for value, _ in mode_labels(info)]
    if smaller and smaller[0] in settable:
        return {MODE: smaller[0]}
    return next((size for size in _sizes(info, values) if size), None)


def mode_labels(info: GeneratorInfo) -> tuple[tuple[str, str], ...]:
    option = next((option for option in info.options if option.name == MODE), None)
    return option.choices if isinstance(option, ChoiceOption) else ()


def _sizes(info: GeneratorInfo, values: Mapping[str, Value]) -> Iterable[dict[str, Value]]:
    """No change first, then smaller and smaller pictures of the same shape."""
    yield {}
    sides = {option.name: option for option in info.options if option.name in ("width", "height")}
    if not info.megapixel_gb or len(sides) < 2:
        return
    now = {name: int(values.get(name, option.default)) for name, option in sides.items()}  # type: ignore[arg-type]
    share = SHRINK
    while share * share * now["width"] * now["height"] > LEAST:
        yield {name: _stepped(sides[name], now[name] * share) for name in sides}  # type: ignore[arg-type]
        share *= SHRINK


def _stepped(option: IntOption, wished: float) -> int:
    return max(option.minimum, int(wished) // option.step * option.step)


def _default(info: GeneratorInfo, name: str) -> Value | None:
    return next((option.default for option in info.options if option.name == name), None)
