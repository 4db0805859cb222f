"""Styles follow from seeds; assets fill their boxes; builders that break the contract are named."""

from dataclasses import replace

import numpy as np
import pytest

from backend.generators.draft.asset import Choice, Kind, Range, Style, assemble, bounds, open_edges
from backend.generators.draft.solids import box, cylinder


def block(style, size):
    w, d, h = size
    return [
        box("block", "wood", (-w / 2, 0.49 * w), (-d / 2, d / 2), (0, style["height"] * h)),
        cylinder("knob", "wood", (0, 0, 0), (0, 0, h), 0.1 * min(w, d)),
    ]


def kind(build=block, **changes) -> Kind:
    knobs = {"height": Range(0.5, 0.9), "form": Choice(("plain", "fancy"))}
    return Kind(**{"name": "block", "category": "test", "words": (), "size": (1.0, 1.0, 1.0), "slots": {"wood": "oak"}}
                | {"knobs": knobs, "build": build} | changes)  # fmt: skip


def test_style_follows_from_the_seed():
    assert Style.draw(kind(), 5) == Style.draw(kind(), 5)
    heights = {Style.draw(kind(), seed)["height"] for seed in range(100)}
    assert len(heights) == 100
    assert all(0.5 <= height <= 0.9 for height in heights)
    assert {Style.draw(kind(), seed)["form"] for seed in range(20)} == {"plain", "fancy"}


def test_details_have_generators_of_their_own():
    style = Style.draw(kind(), 5)
    assert style.random("books").uniform() == style.random("books").uniform()
    assert style.random("books").uniform() != style.random("leaves").uniform()


@pytest.mark.parametrize("size", [(1.0, 1.0, 1.0), (0.04, 2.0, 0.7), (3.0, 0.1, 12.0)])
def test_assets_fill_their_box(size):
    low, high = bounds(assemble(kind(), Style.draw(kind(), 1), size))
    assert np.allclose(low, (-size[0] / 2, -size[1] / 2, 0), atol=1e-9)
    assert np.allclose(high, (size[0] / 2, size[1] / 2, size[2]), atol=1e-9)


@pytest.mark.parametrize("size", [(1.0, 0.0, 1.0), (1.0, -2.0, 1.0), (1.0, float("nan"), 1.0), (1.0, 1.0)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(ValueError, match="block: size must be three positive lengths"):
        assemble(kind(), Style.draw(kind(), 1), size)


def test_a_hole_is_found_and_named():
    def torn(style, size):
        part = block(style, size)[0]
        return [replace(part, faces=part.faces[1:], uvs=part.uvs[1:], charts=part.charts[1:])]

    assert open_edges(torn(Style.draw(kind(), 1), (1, 1, 1))[0]) == 3
    with pytest.raises(ValueError, match="block is not a closed outward surface"):
        assemble(kind(torn), Style.draw(kind(), 1), (1.0, 1.0, 1.0))


def test_a_part_turned_inside_out_is_found():
    def inverted(style, size):
        part = block(style, size)[0]
        return [replace(part, faces=part.faces[:, ::-1])]

    with pytest.raises(ValueError, match="not a closed outward surface"):
        assemble(kind(inverted), Style.draw(kind(), 1), (1.0, 1.0, 1.0))


def test_an_unknown_slot_is_named():
    with pytest.raises(ValueError, match="part block is in slot wood"):
        assemble(kind(slots={"steel": "steel"}), Style.draw(kind(), 1), (1.0, 1.0, 1.0))


def test_too_many_triangles_are_refused():
    def heavy(style, size):
        return [cylinder("rod", "wood", (0, 0, 0), (0, 0, 1), 0.1, sides=4000)]

    with pytest.raises(ValueError, match="the limit is 40000"):
        assemble(kind(heavy), Style.draw(kind(), 1), (1.0, 1.0, 1.0))
