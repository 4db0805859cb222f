"""The round trip at small size: what `python -m tests.benchmarks.round_trip` prints at 256."""

import pytest

from .round_trip import colours, distances, painted, shapes


@pytest.mark.parametrize("name", ["sphere", "torus", "cloth"])
def test_shapes_come_back_within_half_a_voxel(name: str) -> None:
    lost = distances(*shapes()[name], resolution=64)
    assert lost.chamfer < 0.05 and lost.largest < 1.0


def test_draft_furniture_comes_back_in_shape_and_colour() -> None:
    thing = painted("wooden side table", texture=256)
    assert distances(thing.vertices, thing.faces, 48).chamfer < 0.1
    for name, error in colours(thing, 48, points=300_000).items():
        assert error.median() < 2, f"{name} is off by {error.median():.1f} levels"
