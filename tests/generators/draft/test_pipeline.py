import numpy as np
import pytest

from backend.generators.draft.pipeline import Draft, draw_materials, draw_mesh
from backend.generators.interface import Control, MaterialGenerator, MeshGenerator
from backend.protocol.assets import MeshData
from backend.protocol.errors import Cancelled, InvalidMessage

PROMPT, SIZE = "a red velvet sofa with brass legs", (2.1, 0.9, 0.8)


def test_the_mesh_fills_its_box_and_is_unwrapped():
    mesh = draw_mesh(PROMPT, SIZE, 3)
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    assert np.abs(low - [-1.05, -0.45, 0]).max() < 1e-3 and np.abs(high - [1.05, 0.45, 0.8]).max() < 1e-3
    assert mesh.corner_uvs.min() >= 0 and mesh.corner_uvs.max() <= 1
    assert np.abs(np.linalg.norm(mesh.corner_normals, axis=-1) - 1).max() < 1e-4
    assert mesh.meta["kind"] == "sofa" and mesh.meta["note"] == ""


def test_both_steps_repeat_bit_by_bit_also_through_bytes():
    mesh, again = draw_mesh(PROMPT, SIZE, 3), draw_mesh(PROMPT, SIZE, 3)
    assert mesh.to_bytes() == again.to_bytes()
    stored = MeshData.from_bytes(mesh.to_bytes())
    one, two = draw_materials(mesh, PROMPT, 3, 256), draw_materials(stored, PROMPT, 3, 256)
    assert np.array_equal(one.base_color, two.base_color)
    assert np.array_equal(one.orm, two.orm) and np.array_equal(one.normal, two.normal)


def test_the_prompt_colours_the_sofa():
    maps = draw_materials(draw_mesh(PROMPT, SIZE, 3), PROMPT, 3, 128)
    red, green, blue = np.median(maps.base_color.reshape(-1, 3), 0)
    assert red > 2 * green and red > 2 * blue
    assert (maps.orm[..., 2] > 250).any(), "brass legs"


def test_an_unknown_thing_becomes_the_nearest_and_says_so():
    mesh = draw_mesh("a throne", (1, 1, 1), 0)
    assert mesh.meta["kind"] == "armchair" and "throne" in mesh.meta["note"]


def test_a_kind_fixes_what_is_made_and_one_that_draft_does_not_know_leaves_it_to_the_prompt():
    assert draw_mesh("red sofa", (1, 1, 1), 0, kind="chair").meta["kind"] == "chair"
    assert draw_mesh("red sofa", (1, 1, 1), 0, kind="Custom").meta["kind"] == "sofa"


def test_cancel():
    with pytest.raises(Cancelled):
        draw_materials(draw_mesh(PROMPT, SIZE, 0), PROMPT, 0, 256, Control(cancelled=lambda: True))


def test_only_meshes_of_draft_can_be_painted():
    mesh = draw_mesh(PROMPT, SIZE, 0)
    with pytest.raises(InvalidMessage, match="Draft can only paint"):
        draw_materials(MeshData(mesh.vertices, mesh.faces, mesh.corner_uvs, mesh.corner_normals), PROMPT, 0, 64)


def test_draft_is_a_mesh_and_a_material_generator():
    draft = Draft()
    assert isinstance(draft, MeshGenerator) and isinstance(draft, MaterialGenerator)
    assert draft.info.name == "draft"
