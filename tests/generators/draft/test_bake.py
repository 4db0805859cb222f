import numpy as np
import pytest

from backend.generators.draft import solids
from backend.generators.draft.atlas import pack
from backend.generators.draft.bake import Skin, bake
from backend.generators.draft.materials import MATERIALS, Recipe, draw
from backend.mesh.normals import corner_normals
from backend.protocol.assets import MeshData
from backend.protocol.errors import Cancelled


def _mesh() -> tuple[MeshData, Skin]:
    parts = [
        solids.box("top", "top", (-0.5, 0.5), (-0.4, 0.4), (0.6, 0.65)),
        solids.cylinder("leg", "leg", (0.0, 0.0, 0.0), (0.0, 0.0, 0.6), 0.05, 0.05),
    ]
    first = [0, len(parts[0].vertices)]
    vertices = np.concatenate([part.vertices for part in parts])
    faces = np.concatenate([part.faces + start for part, start in zip(parts, first, strict=True)]).astype(np.int32)
    owner = np.repeat([0, 1], [len(part.faces) for part in parts])
    normals = corner_normals(vertices, faces, 40).astype(np.float32)
    mesh = MeshData(vertices.astype(np.float32), faces, pack(parts, 256).corner_uvs, normals, owner.astype(np.int32))
    return mesh, Skin(["top", "leg"], owner, np.array([part.grain for part in parts])[owner], 1.0)


MESH, SKIN = _mesh()


def _recipes(top: str, leg: str) -> dict[str, Recipe]:
    rng = np.random.default_rng(0)
    return {"top": draw(MATERIALS[top], rng), "leg": draw(MATERIALS[leg], rng)}


def _texels_of(slot: int) -> np.ndarray:
    """Rows and columns of the texels at the middle of the slot's faces, 256 a side."""
    middle = MESH.corner_uvs[slot == SKIN.slot].mean(1) * 256
    return np.stack([255 - middle[:, 1], middle[:, 0]]).astype(int)


def test_each_slot_gets_its_own_material():
    maps = bake(MESH, SKIN, _recipes("pine", "brass"), 0, 256)
    assert maps.base_color.shape == maps.orm.shape == maps.normal.shape == (256, 256, 3)
    top, leg = (maps.orm[tuple(_texels_of(slot))] for slot in (0, 1))
    assert (top[:, 2] == 0).all() and (leg[:, 2] == 255).all()
    assert maps.emission is None


def test_equal_arguments_give_equal_bytes_and_other_seeds_other_wood():
    one, two, other = (bake(MESH, SKIN, _recipes("oak", "steel"), seed, 128) for seed in (4, 4, 5))
    assert all(np.array_equal(a, b) for a, b in ((one.base_color, two.base_color), (one.normal, two.normal)))
    assert not np.array_equal(one.base_color, other.base_color)


def test_bands_leave_no_trace(monkeypatch: pytest.MonkeyPatch):
    whole = bake(MESH, SKIN, _recipes("tweed", "oak"), 0, 128)
    monkeypatch.setattr("backend.generators.draft.bake._BAND", 128 * 5)
    banded = bake(MESH, SKIN, _recipes("tweed", "oak"), 0, 128)
    assert np.abs(whole.base_color.astype(int) - banded.base_color).max() <= 1
    assert np.abs(whole.normal.astype(int) - banded.normal).max() <= 1


def test_normals_are_unit_and_look_outward():
    maps = bake(MESH, SKIN, _recipes("leather", "wicker"), 0, 256)
    normal = maps.normal.astype(np.float32) / 255 * 2 - 1
    assert np.abs(np.linalg.norm(normal, axis=-1) - 1).max() < 0.02
    assert normal[..., 2].min() > 0
    assert normal[..., :2].std() > 0.02, "leather and wicker are not flat"


def test_gutters_are_filled():
    maps = bake(MESH, SKIN, _recipes("porcelain", "porcelain"), 0, 128)
    assert maps.base_color.min() > 60


def test_glass_has_alpha_and_light_has_emission():
    maps = bake(MESH, SKIN, _recipes("glass", "glow"), 0, 128)
    assert maps.base_color.shape[2] == 4
    assert maps.base_color[..., 3].min() < 100 and maps.base_color[..., 3].max() == 255
    assert maps.emission is not None and maps.emission.max() > 150


def test_the_leg_is_darkest_under_the_top():
    maps = bake(MESH, SKIN, _recipes("plastic", "plastic"), 0, 256)
    leg = np.flatnonzero(SKIN.slot == 1)
    height = MESH.vertices[MESH.faces[leg]].mean(1)[:, 2]
    side = np.abs(MESH.vertices[MESH.faces[leg]].mean(1)[:, :2]).max(1) > 0.02
    occlusion = maps.orm[tuple(_texels_of(1))][:, 0].astype(float)
    assert occlusion[side & (height > 0.5)].mean() < occlusion[side & (height < 0.4)].mean()


def test_cancel_stops_the_painting():
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 4:
            raise Cancelled()

    with pytest.raises(Cancelled):
        bake(MESH, SKIN, _recipes("oak", "steel"), 0, 128, check)


def test_a_mesh_without_uvs_is_refused():
    with pytest.raises(ValueError, match="corner_uvs"):
        bake(MeshData(MESH.vertices, MESH.faces), SKIN, _recipes("oak", "steel"), 0, 64)
