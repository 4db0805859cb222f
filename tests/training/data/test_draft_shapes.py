"""Draft assets as training data: what is measured agrees with the mesh."""

import numpy as np
import torch

from backend.generators.tar3d.starter import CONDITIONS
from backend.training.data.draft_assets import HELD_BACK, draw_asset, trained_kinds
from backend.training.data.draft_shapes import direction, render, sample_outside
from backend.training.data.rays import winding


def triangles_of(asset):
    return torch.from_numpy(asset.vertices)[torch.from_numpy(asset.faces).long()]


def test_a_seed_gives_the_same_asset_again_in_model_units():
    one, again = draw_asset(HELD_BACK), draw_asset(HELD_BACK)
    np.testing.assert_array_equal(one.vertices, again.vertices)
    assert abs(np.abs(one.vertices).max() - 0.95) < 1e-3
    assert one.captions == again.captions and any(w in CONDITIONS.vocabulary for w in one.captions[0].split())


def test_all_sixteen_kinds_are_there():
    assert len(trained_kinds()) == 16


def test_surface_samples_lie_on_the_outside_and_normals_point_out():
    triangles = triangles_of(draw_asset(7))
    points, normals = sample_outside(triangles, 64, torch.Generator().manual_seed(0))
    assert (winding(points + 2e-3 * normals, triangles) < 0.5).all()
    assert (winding(points - 2e-3 * normals, triangles) > 0.5).float().mean() > 0.9


def test_a_picture_is_cropped_and_lit_from_the_camera():
    triangles = triangles_of(draw_asset(7))
    view = direction(0.3, 0.2)
    luminance, alpha = render(triangles, torch.full((len(triangles),), 0.8), view, view, pixels=32)
    columns, rows = alpha.amax(0).nonzero(), alpha.amax(1).nonzero()
    assert max(columns.max() - columns.min(), rows.max() - rows.min()) >= 27  # fills all but the margin
    assert luminance[alpha == 0].min() == 1 and 0.2 < luminance[alpha == 1].mean() < 0.9
