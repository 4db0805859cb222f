"""Measures on shapes whose scores are known, and the sheet that shows them."""

import numpy as np
import pytest
import torch
import trimesh

from backend.training.data.draft_shapes import ShapePool
from backend.training.scores import NEIGHBOUR_POINTS, Shape, nearest_kinds, score
from backend.training.sheet import contact_sheet, draw_mesh


def pool_of(*clouds: torch.Tensor) -> ShapePool:
    none = torch.zeros(len(clouds), 1)
    return ShapePool(torch.stack(clouds).half(), none, none, none, none, none, none, none, ["ball", "rod"], ["", ""])


def test_the_nearest_truth_names_the_kind():
    generator = torch.Generator().manual_seed(0)
    ball = torch.nn.functional.normalize(torch.randn(600, 3, generator=generator), dim=1)
    rod = ball * torch.tensor([1.0, 0.1, 0.1])
    made = [Shape(0.9, 1.0, rod[:NEIGHBOUR_POINTS].numpy(), None), Shape(0.0, 0.0, None, None)]
    assert nearest_kinds(made, pool_of(ball, rod)) == ["rod", ""]
    assert score(made, pool_of(ball, rod)).fine == pytest.approx(0.45)


def test_a_sheet_holds_every_entry():
    ball = trimesh.creation.icosphere(subdivisions=1)
    tile = draw_mesh((np.asarray(ball.vertices), np.asarray(ball.faces)), pixels=160)
    assert tile.min() < 150 and tile.max() == 255
    assert contact_sheet([("a", [tile, tile]), ("b", [tile]), ("c", [tile])]).size == (2 * 328, 2 * 174)
