"""The fused step and the graphs against their plain twins: on a GPU, or the step in Triton's interpreter.

TRITON_INTERPRET=1 python -m pytest tests/generators/tar3d/test_fused.py
"""

import os
from dataclasses import replace

import pytest
import torch

from backend.generators.tar3d.graphs import GraphDecoder
from backend.generators.tar3d.sampling import SamplingSettings, generate, mix, probabilities

from .test_gpt import model

pytest.importorskip("triton")
INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
DEVICE = "cpu" if INTERPRETED else "cuda"
on_gpu = pytest.mark.skipif(not torch.cuda.is_available() or INTERPRETED, reason="no CUDA device")
on_gpu_or_interpreted = pytest.mark.skipif(not torch.cuda.is_available() and not INTERPRETED, reason="no CUDA device")
pytestmark = pytest.mark.gpu


@on_gpu_or_interpreted
@pytest.mark.parametrize("cond_rope", ["identity", "everywhere"])
@pytest.mark.parametrize("batch", [1, 3, 6])
@torch.inference_mode()
def test_a_fused_step_equals_the_plain_one(cond_rope, batch, monkeypatch):
    from backend.generators.tar3d import fused

    for name in ("FEW_SLOTS", "MANY_SLOTS"):  # several programs for this small cache, several blocks each
        monkeypatch.setattr(fused, name, fused.Slots(2, 4, 4))
    gpt = model(cond_rope=cond_rope).to(DEVICE)
    cond, plain, fast = torch.randn(batch, 4, 6, device=DEVICE), gpt.new_state(batch), gpt.new_state(batch)
    mask = torch.tensor([[0.0, 1, 1, 1]], device=DEVICE).expand(batch, 4)
    gpt.start(cond, mask, plain)
    gpt.start(cond, mask, fast)
    step = fused.FusedStep(gpt, batch)
    for number in range(9):
        code, position = torch.randint(20, (batch,), device=DEVICE), torch.tensor([number], device=DEVICE)
        expected = gpt.step(code, position, plain.prefix + number + 1, plain)
        torch.testing.assert_close(step(code, position, fast), expected, atol=1e-3, rtol=1e-3)


@on_gpu_or_interpreted
@torch.inference_mode()
def test_fused_draws_follow_the_guided_filtered_probabilities():
    from backend.generators.tar3d.fused import FusedStep

    gpt, settings, times = model().to(DEVICE), SamplingSettings(cfg_scale=2.0, min_p=0.1, temperature=1.3), 300
    step, codes = FusedStep(gpt, 4), torch.zeros(2, times, dtype=torch.int64, device=DEVICE)
    step.logits.normal_()
    expected = probabilities(mix(step.logits, settings, 0), settings).cpu()
    position, seed = torch.full((2,), -1, device=DEVICE), torch.tensor([7], device=DEVICE)
    for _ in range(times):
        step.draw(settings, codes, position, seed)
    found = torch.stack([torch.bincount(row, minlength=20) for row in codes.cpu()]) / times
    assert position.tolist() == [times - 1] * 2
    assert ((found > 0) <= (expected > 0)).all()
    torch.testing.assert_close(found, expected, atol=0.1, rtol=0)
    torch.testing.assert_close(step.x, gpt.tok_embeddings.weight[codes[:, -1]].repeat(2, 1))


@on_gpu
def test_graphs_draw_the_same_codes_as_the_loop():
    gpt, cond = model().cuda(), torch.randn(2, 4, 6, device="cuda")
    greedy = replace(SamplingSettings(), cfg_scale=2.0, greedy=True)
    assert torch.equal(GraphDecoder(gpt, 2, greedy).generate(cond), generate(gpt, cond, greedy))


@on_gpu
@pytest.mark.parametrize("settings", [{}, {"top_k": 15}])
def test_a_seed_fixes_what_graphs_draw_and_another_changes_it(settings):
    gpt, cond = model().cuda(), torch.randn(2, 4, 6, device="cuda")
    decoder = GraphDecoder(gpt, 2, SamplingSettings(cfg_scale=1.5, min_p=0.0, **settings))
    first, second, again = (decoder.generate(cond, seed=seed) for seed in (1, 2, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, second)
    assert not torch.equal(first[0], first[1])
