"""Thin pieces become as thick as asked; thick ones, and the rest of the mesh, stay where they are."""

import numpy as np
import pytest
import trimesh

from backend.training.data.draft_assets import LEAST_THICKNESS, draw_asset
from backend.training.data.thicken import thickened


def thickness(vertices, faces):
    mesh = trimesh.Trimesh(vertices, faces, process=False)
    return 2 * mesh.volume / mesh.area


def test_a_sheet_becomes_as_thick_as_asked():
    sheet = trimesh.creation.box((1.0, 1.0, 0.004))
    moved = thickened(sheet.vertices, sheet.faces, np.zeros(8, int), 0.03)
    assert np.ptp(moved[:, 2]) == pytest.approx(0.03, abs=1e-3)
    assert thickness(moved, sheet.faces) > thickness(sheet.vertices, sheet.faces) * 6


def test_split_corners_move_together_and_stay_closed():
    sheet = trimesh.creation.box((1.0, 1.0, 0.004))
    corners = sheet.vertices[sheet.faces].reshape(-1, 3)  # every face has corners of its own
    faces = np.arange(len(corners)).reshape(-1, 3)
    moved = thickened(corners, faces, np.zeros(len(corners), int), 0.03)
    assert trimesh.Trimesh(moved, faces).is_watertight


def test_what_is_thick_enough_stays_although_a_thin_part_touches_it():
    block, rod = trimesh.creation.box((1.0, 1.0, 1.0)), trimesh.creation.cylinder(0.01, 1.0)
    vertices, faces = np.vstack([block.vertices, rod.vertices]), np.vstack([block.faces, rod.faces + 8])
    part = np.repeat([0, 1], [8, len(rod.vertices)])
    moved = thickened(vertices, faces, part, 0.03)
    np.testing.assert_array_equal(moved[:8], block.vertices)
    radius = np.linalg.norm(moved[8:, :2], axis=1).max()
    assert 0.015 < radius < 0.025


def test_a_lamp_keeps_its_surface_and_has_a_shade_that_a_grid_can_hold():
    lamp = draw_asset(5)
    assert lamp.kind == "table lamp"
    moved = np.linalg.norm(lamp.thick - lamp.vertices, axis=1)
    assert moved.max() > 0.3 * LEAST_THICKNESS
    assert moved.max() <= LEAST_THICKNESS
