"""Every kind, a few seeds: closed parts, exact fit, charts true to size, knobs that matter, repeatable."""

import itertools

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

STRETCHES = [tuple(4.0**e for e in powers) for powers in itertools.product((-1, 0, 1), repeat=3)]


def asset(kind: Kind, seed: int, stretch=(1.0, 1.0, 1.0)) -> tuple[list[Part], tuple[float, float, float]]:
    size = tuple(float(a * b) for a, b in zip(kind.size, stretch, strict=True))
    return assemble(kind, Style.draw(kind, seed), size), size


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


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
class TestKind:
    def test_has_enough_knobs(self, kind):
        assert sum(isinstance(knob, Range) for knob in kind.knobs.values()) >= 6
        assert sum(isinstance(knob, Choice) for knob in kind.knobs.values()) >= 2

    def test_is_sound_at_its_own_size(self, kind):
        for seed in range(2):
            check_sound(kind, *asset(kind, seed))

    def test_stands_any_stretch_of_the_box(self, kind):
        for seed, stretch in enumerate(STRETCHES[1::6]):
            check_sound(kind, *asset(kind, seed, stretch))

    def test_same_seed_same_bytes_other_seed_other_shape(self, kind):
        first, again, other = (digest(asset(kind, seed)[0]) for seed in (7, 7, 8))
        assert first == again
        assert first != other

    def test_builds_at_the_real_size(self, kind):
        style = Style.draw(kind, 3)
        low, high = bounds(kind.build(style, kind.size))
        assert np.all((high - low) / kind.size > 0.8)
        assert np.all((high - low) / kind.size < 1.25)

    def test_every_knob_matters(self, kind):
        """Each knob changes the geometry of at least one of a few seeds."""
        idle = set(kind.knobs)
        for seed in range(12):
            if not idle:
                break
            style = Style.draw(kind, seed)
            plain = digest(kind.build(style, kind.size))
            idle -= {name for name in idle if digest(kind.build(turned(style, kind, name), kind.size)) != plain}
        assert not idle


def turned(style: Style, kind: Kind, name: str) -> Style:
    """The style with one knob at another of its values."""
    knob = kind.knobs[name]
    extremes = (knob.low, knob.high) if isinstance(knob, Range) else knob.options[::-1]
    other = next(value for value in extremes if value != style[name])
    return Style(style.kind, style.seed, {**style.values, name: other})
