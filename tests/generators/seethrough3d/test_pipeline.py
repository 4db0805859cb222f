"""The image generator on a tiny checkpoint in the published format."""

import threading
import time

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.generators.catalogue import on_this_machine
from backend.generators.interface import Control, ImageRequest
from backend.generators.seethrough3d.pipeline import LORA_FILE, SeeThrough3D
from backend.protocol.assets import ConditionImages
from backend.protocol.errors import Cancelled, Unavailable
from backend.protocol.scene import Box, SceneSpec
from backend.weights.load import BadCheckpoint

from . import tiny_flux

OPTIONS = {"width": 64, "height": 48, "steps": 3, "guidance": 3.5, "memory": "auto", "pictures": 1}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    tiny_flux.write(root)
    return root


@pytest.fixture(scope="module")
def generator(weights):
    made = SeeThrough3D(weights)
    made.load("cpu", Control())
    return made


def request(seed: int = 1, prompts: tuple[str, ...] = ("a red sofa", "dog"), **options) -> ImageRequest:
    boxes = tuple(Box(id=f"b{i}", prompt=p, location=(0, 0, 0), size=(1, 1, 1)) for i, p in enumerate(prompts))
    tokens = np.zeros((len(boxes), 32, 32), np.uint8)
    for i in range(len(boxes)):
        tokens[i, 4 + i : 12 + i, 3:20] = 1
    flat = np.zeros((len(boxes), 8, 8))
    condition = ConditionImages(
        np.full((512, 512, 3), 60, np.uint8), tuple(b.id for b in boxes), flat > 0, flat > 0, flat, tokens
    )
    return ImageRequest(SceneSpec(boxes=boxes, surroundings="in a room"), condition, seed, OPTIONS | options)


def test_a_picture_of_the_size_that_was_asked_for(generator):
    image = generator.image(request(), Control()).image
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8


def test_the_seed_decides(generator):
    first, again, other = (generator.image(request(seed), Control()).image for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_boxes_words_and_masks_matter(generator):
    plain = generator.image(request(), Control()).image
    moved = request()
    moved.condition.tokens[:] = moved.condition.tokens[:, ::-1]
    assert not np.array_equal(plain, generator.image(moved, Control()).image)


def test_steps_are_reported_with_previews(generator):
    seen = []
    generator.image(request(steps=6), Control(report=lambda *a: seen.append(a)))
    painting = [a for a in seen if a[2] == "Painting"]
    assert [a[0] for a in painting] == [1, 2, 3, 4, 5, 6]
    assert [a[3] is not None for a in painting] == [False] * 4 + [True, False]


def test_cancel_stops_between_steps(generator):
    stop, steps = threading.Event(), []

    def report(step, of, text, preview):
        steps.append(step)
        if len(steps) == 2:
            stop.set()

    with pytest.raises(Cancelled):
        generator.image(request(steps=20), Control(report, stop.is_set))
    assert len(steps) <= 3


def test_cancel_while_loading_is_heard_at_the_next_tensor_and_leaves_nothing(weights):
    made, asked = SeeThrough3D(weights), []
    stopped = Control(cancelled=lambda: asked.append(time.monotonic()) or len(asked) > 20)
    with pytest.raises(Cancelled):
        made.load("cpu", stopped)
    assert len(asked) == 21 and max(np.diff(asked)) < 1
    with pytest.raises(Unavailable, match="not loaded"):
        made.image(request(), Control())
    made.load("cpu", Control())
    assert made.image(request(), Control()).image.shape == (48, 64, 3)


def test_another_seed_of_the_same_words_needs_no_modulation_weights(generator):
    generator.image(request(seed=1), Control())
    model, calls = generator._transformer.model, []
    handle = model.transformer_blocks[0].norm1.register_forward_hook(lambda *a: calls.append(1))
    again = generator.image(request(seed=2), Control()).image
    assert not calls and not np.array_equal(again, generator.image(request(seed=1), Control()).image)
    generator.image(request(seed=2, steps=4), Control())
    handle.remove()
    assert len(calls) == 1


@pytest.mark.parametrize(("width", "height"), [(256, 64), (80, 112)])
def test_any_size_that_sixteen_divides(generator, width, height):
    assert generator.image(request(width=width, height=height), Control()).image.shape == (height, width, 3)


def test_missing_weights_are_named_with_their_remedy(tmp_path):
    with pytest.raises(Unavailable, match="flux1-dev"):
        SeeThrough3D(tmp_path).load("cpu", Control())
    infos = {info.name: info for info in on_this_machine(tmp_path)}
    assert not infos["seethrough3d"].available
    assert "install.py weights" in infos["seethrough3d"].remedy
    assert infos["draft"].available


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda s: s.pop("transformer_blocks.0.attn.processor.q_loras.0.up.weight"), "q_loras.0.up.weight"),
        (lambda s: s.update({"transformer_blocks.9.attn.x": torch.zeros(1)}), "transformer_blocks.9.attn.x"),
    ],
)
def test_a_lora_that_does_not_match_is_one_error_that_names_the_tensor(tmp_path, change, named):
    tiny_flux.write(tmp_path)
    file = tmp_path / "seethrough3d" / LORA_FILE
    state = load_file(file)
    change(state)
    save_file(state, file)
    with pytest.raises(BadCheckpoint, match=named):
        SeeThrough3D(tmp_path).load("cpu", Control())
