"""Which linears are made smaller, and what is said when they cannot be. The packages themselves are not needed."""

import importlib.util

import pytest
import torch

from backend.generators.seethrough3d.acceleration import fuse
from backend.generators.seethrough3d.quantised import large_linears, quantise
from backend.generators.seethrough3d.transformer import FluxConfig, LoraConfig, SeeThroughTransformer
from backend.protocol.errors import Unavailable

from .tiny_flux import CONFIG


@pytest.fixture
def model():
    made = SeeThroughTransformer(FluxConfig.from_published(CONFIG), [LoraConfig(4)])
    fuse(made)
    return made


def test_projections_and_mlps_are_changed_lora_and_modulation_are_not(model):
    found = {name for _, name, _ in large_linears(model.transformer_blocks[0])}
    assert found == {"to_qkv", "add_qkv_proj", "0", "to_add_out", "proj", "2"}
    single = {name for _, name, _ in large_linears(model.single_transformer_blocks[0])}
    assert single == {"to_qkv", "proj_mlp", "0", "1"}


def test_changed_linears_take_the_place_of_the_old_ones(model):
    block = model.single_transformer_blocks[0]
    for parent, name, linear in large_linears(block):
        setattr(parent, name, torch.nn.Identity() if linear.in_features == 0 else linear.half())
    assert {p.dtype for p in block.attn.to_qkv.parameters()} == {torch.float16}
    assert block.norm.linear.weight.dtype == torch.float32


@pytest.mark.parametrize(("mode", "package"), [("fp8", "torchao"), ("nf4", "bitsandbytes")])
def test_a_missing_package_is_named(model, mode, package):
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed")
    with pytest.raises(Unavailable, match=package) as raised:
        quantise(model, mode, torch.device("cpu"))
    assert f"pip install {package}" in raised.value.remedy
