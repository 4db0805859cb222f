"""The published data set as files: what is read, and what is said when it cannot be."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from backend.training.data.seethrough3d_scenes import BadDataset, Scene, epochs, fitted, pictures, read

LINE = {
    "target": "main_imgs/0/main.jpg",
    "oscr": "oscr/0.jpg",
    "cuboids_segmasks": ["m/000__1.5.png", "m/001__2.0.png"],
    "PLACEHOLDER_prompts": "a photo of PLACEHOLDER on a lawn",
    "subjects": ["a red dog", "a cat"],
    "call_ids": [[4, 5, 6], [8, 9]],
}


def write(folder, name="set_shuffled_0.jsonl", **changes):
    (folder / name).write_text(json.dumps({k: v for k, v in (LINE | changes).items() if v is not None}) + "\n\n")
    return folder / name


def test_a_line_is_a_scene(tmp_path):
    (scene,) = read(write(tmp_path))
    assert scene.prompt == "a photo of a red dog and a cat on a lawn"
    assert scene.call_ids == ((4, 5, 6), (8, 9))
    assert scene.target == tmp_path / "main_imgs/0/main.jpg" and scene.synthetic
    assert scene.masks[1] == tmp_path / "m/001__2.0.png"


def test_epochs_are_the_shuffled_copies_in_their_order(tmp_path):
    write(tmp_path, "set.jsonl")
    write(tmp_path, "set_shuffled_1.jsonl", target="b.jpg")
    write(tmp_path, "set_shuffled_0.jsonl", target="a.jpg")
    write(tmp_path, "other_shuffled_0.jsonl", target="c.jpg")
    assert [epoch[0].target.name for epoch in epochs(tmp_path, "set")] == ["a.jpg", "b.jpg"]


def test_a_folder_without_data_names_the_remedy(tmp_path):
    with pytest.raises(BadDataset, match="shuffled") as raised:
        epochs(tmp_path)
    assert "draft_scenes" in raised.value.remedy


@pytest.mark.parametrize(
    ("change", "said"), [({"subjects": ["a red dog"]}, "1 subjects, 2 masks"), ({"target": None}, "target")]
)
def test_a_bad_line_is_named(tmp_path, change, said):
    with pytest.raises(BadDataset, match=f"line 1.*{said}"):
        read(write(tmp_path, **change))


def test_pictures_have_the_sizes_of_the_network(tmp_path):
    Image.new("RGB", (300, 200), "red").save(tmp_path / "main.jpg")
    Image.new("RGB", (1024, 1024), "blue").save(tmp_path / "oscr.jpg")
    mask = np.zeros((1024, 1024), np.uint8)
    mask[40:70, 0:32], mask[100, 100] = 129, 128  # 128 is not yet part of the silhouette
    Image.fromarray(mask).save(tmp_path / "m.png")
    seen = pictures(Scene(tmp_path / "main.jpg", tmp_path / "oscr.jpg", (tmp_path / "m.png",), "", ((),)), 512)
    assert seen.target.shape == (3, 336, 512)  # 341.3 is nearest to 336
    assert seen.condition.shape == (3, 512, 512) and seen.condition.dtype == torch.uint8
    assert seen.tokens.nonzero().tolist() == [[0, 1, 0], [0, 2, 0]]


def test_a_target_that_cannot_be_read_is_white_and_logged(tmp_path, caplog):
    (tmp_path / "main.jpg").write_bytes(b"no picture")
    seen = pictures(Scene(tmp_path / "main.jpg", tmp_path / "gone.jpg", (), "", ()), 64)
    assert seen.target.shape == (3, 64, 64) and int(seen.target.min()) == 255
    assert "main.jpg" in caplog.text and "gone.jpg" in caplog.text


def test_sides_are_multiples_of_16():
    assert fitted(Image.new("RGB", (1000, 10)), 512).size == (512, 16)
