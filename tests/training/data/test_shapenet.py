"""A tiny folder laid out as the published data sets are."""

import numpy as np
import pytest

from backend.training.data.shapenet import (
    BadDataset,
    Model,
    models_listed,
    models_of,
    padded_text,
    read_condition,
    read_shape,
)

CHAIR = Model("03001627", "a1")


@pytest.fixture
def root(tmp_path):
    """Two chairs and a category that is none; the unit ball's upper half is solid, scale 0.5."""
    rng = np.random.default_rng(0)
    home = tmp_path / "ShapeNetV2_point" / "03001627"
    cloud = tmp_path / "surface" / "03001627" / "4_pointcloud"
    for folder in (home, cloud, tmp_path / "ShapeNetV2_point" / "readme"):
        folder.mkdir(parents=True)
    (home / "train.lst").write_text("a1.npz\n\nb2\n")
    (home / "test.lst").write_text("c3\n")
    volume, near = rng.uniform(-2, 2, (50, 3)), rng.uniform(-1, 1, (40, 3))
    np.savez(
        home / "a1.npz", vol_points=volume, vol_label=volume[:, 1] > 0, near_points=near, near_label=near[:, 1] > 0
    )
    np.save(home / "a1.npy", 0.5)
    points = rng.normal(size=(60, 3))
    np.savez(cloud / "a1.npz", points=points, normals=points / np.linalg.norm(points, axis=1, keepdims=True), loc=0)
    return tmp_path


def test_lists_name_the_models_of_a_split(root):
    assert models_of(root, "train") == [CHAIR, Model("03001627", "b2")]
    assert models_of(root, "test", ("03001627",)) == [Model("03001627", "c3")]


def test_a_list_of_uids_names_each_model_once(tmp_path):
    (tmp_path / "uids.txt").write_text("8476c4170df24cf5bbe6967222d1a42d\n\n0a1b\n8476c4170df24cf5bbe6967222d1a42d\n")
    models = models_listed(tmp_path / "uids.txt")
    assert models == [Model("objaverse", "8476c4170df24cf5bbe6967222d1a42d"), Model("objaverse", "0a1b")]
    (tmp_path / "empty.txt").write_text("\n")
    with pytest.raises(BadDataset, match="lists no model"):
        models_listed(tmp_path / "empty.txt")


def test_a_shape_is_scaled_and_keeps_unit_normals(root):
    shape = read_shape(root, CHAIR, surface=16, queries=8, rng=np.random.default_rng(1))
    assert shape.surface.shape == (16, 3) and shape.points.shape == (16, 3)
    np.testing.assert_allclose(np.linalg.norm(shape.normals, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(shape.labels, shape.points[:, 1] > 0)
    assert np.abs(shape.points[:8]).max() > 0.6 > 0.5 >= np.abs(shape.points[8:]).max()  # volume, then near
    again = read_shape(root, CHAIR, surface=16, queries=8, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(shape.surface, again.surface)


def test_validation_takes_every_volume_point(root):
    shape = read_shape(root, CHAIR, 16, 8, np.random.default_rng(0), volume_only=True)
    assert len(shape.points) == len(shape.labels) == 50


def test_conditions_come_from_one_of_the_first_four_views(tmp_path):
    folder = tmp_path / "dino_feats" / "Shapenet"
    folder.mkdir(parents=True)
    np.savez(folder / "03001627_a1.npz", **{f"v{i}": np.full((1, 197, 8), i, np.float32) for i in range(6)})
    seen = {float(read_condition(tmp_path, CHAIR, "image", np.random.default_rng(s)).mean()) for s in range(40)}
    assert seen == {0, 1, 2, 3}
    assert read_condition(tmp_path, Model("03001627", "none"), "image", np.random.default_rng(0)) is None


def test_words_stand_at_the_end_of_their_slots():
    padded, mask = padded_text(np.ones((3, 4), np.float32), tokens=5)
    np.testing.assert_array_equal(mask, [False, False, True, True, True])
    assert padded[:2].sum() == 0 and padded[2:].sum() == 12


def test_what_is_missing_is_named(root, tmp_path):
    with pytest.raises(BadDataset, match="ShapeNetV2_point is missing"):
        models_of(tmp_path / "nowhere", "train")
    with pytest.raises(BadDataset, match=r"b2\.npz cannot be read"):
        read_shape(root, Model("03001627", "b2"), 4, 4, np.random.default_rng(0))
    with pytest.raises(BadDataset, match="60 points, 61 are wanted"):
        read_shape(root, CHAIR, 61, 4, np.random.default_rng(0))
    np.savez(root / "ShapeNetV2_point" / "03001627" / "a1.npz", vol_points=np.zeros((2, 3)))
    with pytest.raises(BadDataset, match="lacks vol_label"):
        read_shape(root, CHAIR, 4, 1, np.random.default_rng(0))
