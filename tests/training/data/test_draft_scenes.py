"""Scenes of Draft assets: what is drawn stands in the boxes, and the files are the published format."""

from argparse import Namespace

import numpy as np
import pytest
from scipy import ndimage

from backend.protocol.assets import MaterialMaps, MeshData
from backend.protocol.errors import Unavailable
from backend.protocol.seethrough3d import lights
from backend.protocol.seethrough3d.frame import CanonicalBox, CanonicalLayout
from backend.render import masks
from backend.render.boxes import FACE_CORNERS, NORMALS, SIGNS
from backend.stages.condition import drawable
from backend.training.data import draft_scenes
from backend.training.data.draft_pictures import Light, cut, draw, placed
from backend.training.data.seethrough3d_scenes import epochs, pictures
from tests.generators.seethrough3d import tiny_flux

LIGHT = Light(np.array([0.0, 0.6, 0.8]), np.full(3, 2.0), np.full(3, 0.3), np.full(3, 0.2))


def cube(colour) -> tuple[MeshData, MaterialMaps]:
    """A cube of side 2 on the floor."""
    faces = np.concatenate([FACE_CORNERS[:, [0, 1, 2]], FACE_CORNERS[:, [0, 2, 3]]])
    normals = np.repeat(np.tile(NORMALS, (2, 1))[:, None], 3, axis=1)
    vertices = (SIGNS + np.array([0, 0, 1])).astype(np.float32)
    mesh = MeshData(vertices, faces, np.full((12, 3, 2), 0.5, np.float32), normals.astype(np.float32))
    flat = np.full((4, 4, 3), 128, np.uint8)
    return mesh, MaterialMaps(np.full((4, 4, 3), colour, np.uint8), flat, flat)


def test_a_thing_is_drawn_where_its_silhouette_is():
    layout = CanonicalLayout((CanonicalBox((0, 0.3, 0), (1, 1, 1), 30.0),), 20.0, 50.0)
    shown = drawable(layout, lights.fixed())
    thing = placed(*cube((220, 20, 20)), 0.5, np.radians(30), np.array([-6, 0.3, 0]))
    picture = draw([thing], shown.view, LIGHT, 128).astype(int)
    red = picture[..., 0] > picture[..., 1] + 40
    silhouette = masks.amodal(shown, 128)[0]
    assert not (red & ~silhouette).any()
    assert red.sum() > 0.9 * silhouette.sum()  # silhouettes take in every pixel that is touched


def test_the_nearer_thing_hides_the_farther_and_throws_its_shadow():
    view = drawable(CanonicalLayout((), 30.0, 50.0), lights.fixed()).view
    near = placed(*cube((220, 20, 20)), 0.4, 0.0, np.array([-5.0, 0, 0]))
    far = placed(*cube((20, 20, 220)), 0.4, 0.0, np.array([-6.5, 0, 0]))
    both, other = draw([far, near], view, LIGHT, 64), draw([near, far], view, LIGHT, 64)
    assert np.array_equal(both, other)
    alone = draw([near], view, LIGHT, 64).astype(int)
    red = alone[..., 0] > alone[..., 1] + 40
    inside = ndimage.binary_erosion(red, iterations=2)
    assert inside.sum() > 100 and np.array_equal(both[inside], alone[inside].astype(np.uint8))
    empty = draw([placed(*cube((0, 0, 0)), 0.01, 0.0, np.array([-30.0, 0, 0]))], view, LIGHT, 64).astype(int)
    assert ((empty.sum(-1) - alone.sum(-1) > 40) & ~red).sum() > 20  # darker floor beside the cube


def test_cutting_keeps_the_surface():
    thing = placed(*cube((1, 1, 1)), 1.0, 0.0, np.zeros(3))
    small = cut(thing.corners)[..., :3]
    edges = np.linalg.norm(small - np.roll(small, 1, axis=1), axis=-1)
    area = np.linalg.norm(np.cross(small[:, 1] - small[:, 0], small[:, 2] - small[:, 0]), axis=-1).sum() / 2
    assert edges.max() <= 0.1 and area == pytest.approx(24, rel=1e-4)


def test_boxes_stand_free_and_are_seen():
    counts = []
    for seed in range(40):
        scene = draft_scenes.scene_of(seed)
        boxes = scene.layout.boxes
        counts.append(len(boxes))
        assert len(boxes) == len(scene.subjects) == len(scene.kinds) > 0
        assert not any(draft_scenes._meet(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
        layout = drawable(scene.layout, lights.fixed())
        visible, whole = masks.visible(masks.depth(layout, 64)), masks.amodal(layout, 64)
        assert (visible.sum((1, 2)) > 0.05 * whole.sum((1, 2))).all()
    assert max(counts) >= 4 and np.mean(counts) > 2


def test_a_seed_is_a_scene():
    assert draft_scenes.scene_of(5).layout == draft_scenes.scene_of(5).layout
    assert draft_scenes.scene_of(5).layout != draft_scenes.scene_of(6).layout


def test_the_files_are_the_published_format(tmp_path):
    tiny_flux._t5_tokenizer(tmp_path / "tokenizer")
    options = Namespace(side=64, processes=0, copies=2)
    seeds = range(35, 36)  # a scene of one box
    draft_scenes.make(tmp_path / "data", tmp_path / "tokenizer", seeds, options)
    first, second = epochs(tmp_path / "data")
    assert {s.target for s in first} == {s.target for s in second} and len(first) == 1
    scene, made = first[0], draft_scenes.scene_of(35)
    assert scene.synthetic and len(scene.masks) == len(made.subjects)
    assert all(subject in scene.prompt for subject in made.subjects) and all(scene.call_ids)
    seen = pictures(scene, 64)
    assert seen.target.shape == (3, 64, 64) and bool(seen.tokens.flatten(1).any(1).all())


def test_a_missing_tokenizer_is_said_before_anything_is_drawn(tmp_path):
    with pytest.raises(Unavailable, match="tokenizer"):
        draft_scenes.make(tmp_path / "data", tmp_path / "nothing", range(1), Namespace(side=64, processes=0, copies=1))
    assert not (tmp_path / "data").exists()
