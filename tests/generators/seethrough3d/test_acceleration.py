"""Everything that makes steps fast gives the picture that the plain network gives."""

import pytest
import torch

from backend.generators.seethrough3d import latents as lat
from backend.generators.seethrough3d import transformer
from backend.generators.seethrough3d.acceleration import GraphedSteps, captured, cloned, fill, fuse, leaves
from backend.generators.seethrough3d.sampling import Prompt, Sampling, sample
from backend.generators.seethrough3d.transformer import FluxConfig, LoraConfig, SeeThroughTransformer, bind

from .tiny_flux import CONFIG


def network(loras: int = 1) -> SeeThroughTransformer:
    torch.manual_seed(0)
    config = FluxConfig.from_published(CONFIG | {"num_layers": 2})
    model = SeeThroughTransformer(config, [LoraConfig(4, 0.7)] * loras).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.copy_(torch.randn_like(parameter) * 0.3)
    return model


def drawn(model, seed: int = 1, start=None, steps: int = 3, call_ids=((1, 2), (4,)), size=(32, 48)) -> torch.Tensor:
    g = torch.Generator().manual_seed(seed)
    prompt = Prompt(torch.randn(1, 6, 24, generator=g), torch.randn(1, 20, generator=g))
    masks = torch.rand(len(call_ids), 4, 4, generator=g) > 0.5
    binding = bind([call_ids], [masks], 6).padded(8)
    condition = torch.randn(1, 4, 8 * model.blocks_of_condition, 8, generator=g)
    noise = lat.noise(size[0] // 8, size[1] // 8, 4, g, torch.float32)
    given = {} if start is None else {"start": start}
    return sample(model, prompt, condition, binding, noise, Sampling(*size, steps), **given)


@torch.no_grad()
def test_fused_projections_give_the_same_picture():
    plain = drawn(network())
    model = network()
    weights = sum(p.numel() for p in model.parameters())
    fuse(model)
    torch.testing.assert_close(drawn(model), plain, rtol=1e-4, atol=1e-4)
    assert sum(p.numel() for p in model.parameters()) == weights


@torch.no_grad()
@pytest.mark.parametrize("loras", [1, 2])
def test_working_in_place_as_on_a_gpu_gives_the_same_picture(monkeypatch, loras):
    plain = drawn(network(loras))
    prepare = transformer.prepare_heads
    monkeypatch.setattr(transformer, "kernels_run", lambda x: True)
    monkeypatch.setattr(transformer, "prepare_heads", lambda x, *given: x.copy_(prepare(x, *given)))
    for prepared in (False, True):
        model = network(loras)
        if prepared:
            fuse(model)
        torch.testing.assert_close(drawn(model), plain, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(drawn(model, start=GraphedSteps()), plain, rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_static_buffers_serve_one_picture_after_another():
    model, graphed = network(), GraphedSteps()
    for seed in (1, 2, 1):
        torch.testing.assert_close(drawn(model, seed, graphed), drawn(model, seed), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_other_words_keep_the_buffers_and_another_size_makes_new_ones():
    model, graphed = network(), GraphedSteps()
    drawn(model, 1, graphed)
    first = graphed._held
    other = drawn(model, 3, graphed, call_ids=((5,), (0, 1, 2)))
    assert graphed._held is first
    torch.testing.assert_close(other, drawn(model, 3, call_ids=((5,), (0, 1, 2))), rtol=1e-5, atol=1e-5)
    large = drawn(model, 1, graphed, size=(48, 64))
    assert graphed._held is not first
    torch.testing.assert_close(large, drawn(model, 1, size=(48, 64)), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_the_first_blocks_condition_heads_are_computed_once_per_picture():
    model, calls = network(), []
    attention = model.transformer_blocks[0].attn
    plain = attention.qkv
    attention.qkv = lambda x, table, split: calls.append(x.shape[1] - split) or plain(x, table, split)
    drawn(model, steps=5, start=GraphedSteps())
    assert calls == [16] + [0] * 5
    calls.clear()
    drawn(model, steps=5)
    assert calls == [16] * 5


def test_padding_a_binding_changes_what_nobody_sees():
    binding = bind([((1, 2), (4,))], [torch.ones(2, 2, 2)], 6)
    padded = binding.padded(8)
    assert padded.columns.shape == (1, 8) and not padded.allowed[..., 3:].any()
    assert torch.equal(padded.bias(torch.float32)[..., :3], binding.bias(torch.float32)[..., :3])
    assert binding.padded(3).columns.shape == (1, 3)


def test_trees_are_copied_and_filled():
    tree = [(torch.ones(2), None), {"not": "a tree"}, torch.zeros(1)]
    copy = cloned(tree)
    assert copy[0][0] is not tree[0][0] and copy[1] is tree[1] and len(list(leaves(tree))) == 2
    fill(copy, [(torch.full((2,), 5.0), None), None, torch.ones(1)])
    assert copy[0][0].tolist() == [5, 5] and copy[2].item() == 1 and tree[2].item() == 0


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_a_graph_replays_what_was_captured():
    x, out = torch.ones(4, device="cuda"), torch.zeros(4, device="cuda")
    replay = captured(lambda: out.copy_(x * 2), x.device)
    x.fill_(3.0)
    replay()
    assert out.tolist() == [6.0] * 4
