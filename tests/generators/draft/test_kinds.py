"""Every kind, a few seeds: closed parts, exact fit, charts true to size, knobs that matter, repeatable."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from backend.generators.draft.asset import (
    TRIANGLE_LIMIT,
    Choice,
    Kind,
    Part,
    Range,
    Style,
    assemble,
    bounds,
    chart_areas,
    face_areas,
    open_edges,
    volume,
)
from backend.generators.draft.kinds.table import KINDS

STRETCHES = ((4.0, 0.25, 1.0), (0.25, 4.0, 4.0))


class Watched(Mapping):
    """The values of a style, with a note of which knobs were asked for."""

    def __init__(self, values: Mapping) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, knob: str):
        self.asked.add(knob)
        return self._values[knob]

    def __iter__(self):
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def asset(kind: Kind, seed: int, stretch=(1.0, 1.0, 1.0)) -> tuple[list[Part], tuple[float, float, float]]:
    size = tuple(float(a * b) for a, b in zip(kind.size, stretch, strict=True))
    return assemble(kind, Style.draw(kind, seed), size), size


@cache
def plain_asset(name: str) -> tuple[list[Part], tuple[float, float, float]]:
    return asset(next(kind for kind in KINDS if kind.name == name), 0)


def digest(parts: list[Part]) -> bytes:
    return b"".join(part.vertices.tobytes() + part.faces.tobytes() + part.uvs.tobytes() for part in parts)


def check_sound(kind: Kind, parts: list[Part], size: tuple[float, float, float]) -> None:
    low, high = bounds(parts)
    assert np.allclose(low, (-size[0] / 2, -size[1] / 2, 0), atol=1e-6)
    assert np.allclose(high, (size[0] / 2, size[1] / 2, size[2]), atol=1e-6)
    assert sum(len(part.faces) for part in parts) <= TRIANGLE_LIMIT
    for part in parts:
        assert part.slot in kind.slots
        assert open_edges(part) == 0, part.name
        assert volume(part) > 0, part.name
        assert face_areas(part).min() > 1e-12, part.name
        assert np.isfinite(part.uvs).all()
        surface = np.bincount(part.charts, weights=face_areas(part))
        assert np.allclose(chart_areas(part), surface, rtol=1e-6), part.name


def test_kinds_have_names_of_their_own():
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert len(names) >= 60


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestKind:
    def test_has_enough_knobs(self, kind):
        assert sum(isinstance(knob, Range) for knob in kind.knobs.values()) >= 6
        assert sum(isinstance(knob, Choice) for knob in kind.knobs.values()) >= 2

    def test_is_sound_at_its_own_size(self, kind):
        check_sound(kind, *plain_asset(kind.name))

    def test_stands_any_stretch_of_the_box(self, kind):
        for seed, stretch in enumerate(STRETCHES):
            check_sound(kind, *asset(kind, seed + 1, stretch))

    def test_same_seed_same_bytes_other_seed_other_shape(self, kind):
        first = digest(plain_asset(kind.name)[0])
        assert first == digest(asset(kind, 0)[0])
        assert first != digest(asset(kind, 1)[0])

    def test_uses_every_knob_and_builds_at_the_real_size(self, kind):
        """Builders work at the size of the box; fitting only corrects a few per cent."""
        idle = set(kind.knobs)
        for seed in range(12):
            style = Style.draw(kind, seed)
            watched = Watched(style.values)
            low, high = bounds(kind.build(Style(kind.name, seed, watched), kind.size))
            assert np.all((high - low) / kind.size > 0.75), f"seed {seed}: {(high - low) / kind.size}"
            assert np.all((high - low) / kind.size < 1.35), f"seed {seed}: {(high - low) / kind.size}"
            idle -= watched.asked
            if not idle:
                return
        assert not idle
