"""Checkpoints load strictly or say in one error what is wrong."""

import json

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from backend.weights.load import BadCheckpoint, Weights, load


def build() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))


@pytest.fixture
def state():
    torch.manual_seed(0)
    return {key: value.clone() for key, value in build().state_dict().items()}


def test_a_single_file_and_a_folder_of_shards_give_the_same_network(tmp_path, state):
    save_file(state, tmp_path / "all.safetensors")
    shards = tmp_path / "shards"
    shards.mkdir()
    homes = {key: f"model-{i % 2}.safetensors" for i, key in enumerate(state)}
    for name in set(homes.values()):
        save_file({k: state[k] for k in state if homes[k] == name}, shards / name)
    (shards / "model.safetensors.index.json").write_text(json.dumps({"weight_map": homes}))
    for path in (tmp_path / "all.safetensors", shards):
        network = load(build, Weights(path))
        assert all(torch.equal(network.state_dict()[key], state[key]) for key in state)


def test_floating_tensors_take_the_type_that_is_asked_for(tmp_path, state):
    save_file(state, tmp_path / "a.safetensors")
    assert load(build, Weights(tmp_path / "a.safetensors"), dtype=torch.bfloat16)[0].weight.dtype == torch.bfloat16


def test_several_sources_fill_one_network(tmp_path, state):
    save_file({k: v for k, v in state.items() if k.startswith("0")}, tmp_path / "base.safetensors")
    save_file({k: v for k, v in state.items() if k.startswith("1")}, tmp_path / "lora.safetensors")
    load(build, Weights(tmp_path / "base.safetensors"), Weights(tmp_path / "lora.safetensors"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda s: s.pop("0.bias"), "1 tensors are missing: 0.bias"),
        (lambda s: s.update(extra=torch.zeros(1)), "1 tensors are not known: extra"),
        (lambda s: s.update({"0.bias": torch.zeros(7)}), r"0.bias is \[7\], expected \[4\]"),
    ],
)
def test_a_tensor_too_few_too_many_or_misshapen_is_named(tmp_path, state, change, named):
    change(state)
    save_file(state, tmp_path / "a.safetensors")
    with pytest.raises(BadCheckpoint, match=named):
        load(build, Weights(tmp_path / "a.safetensors"))


def test_a_truncated_file_is_one_clear_error(tmp_path, state):
    path = tmp_path / "a.safetensors"
    save_file(state, path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadCheckpoint, match="cannot be read"):
        Weights(path)


def test_loading_can_be_stopped_between_tensors(tmp_path, state):
    save_file(state, tmp_path / "a.safetensors")
    seen = []

    def check():
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(build, Weights(tmp_path / "a.safetensors"), check=check)


def test_missing_weights_say_how_to_get_them(tmp_path):
    with pytest.raises(BadCheckpoint, match="No weights at") as caught:
        Weights(tmp_path / "none")
    assert "install.py weights" in caught.value.remedy
