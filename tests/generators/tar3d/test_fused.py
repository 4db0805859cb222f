"""The fused step and the graphs against their plain twins, on a GPU."""

from dataclasses import replace

import pytest
import torch

from backend.generators.tar3d.graphs import GraphDecoder
from backend.generators.tar3d.sampling import SamplingSettings, generate

from .test_gpt import model

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]


@pytest.mark.parametrize("cond_rope", ["identity", "everywhere"])
@pytest.mark.parametrize("batch", [1, 3])
@torch.inference_mode()
def test_a_fused_step_equals_the_plain_one(cond_rope, batch):
    from backend.generators.tar3d.fused import FusedStep

    gpt = model(cond_rope=cond_rope).cuda()
    cond, plain, fast = torch.randn(batch, 4, 6, device="cuda"), gpt.new_state(batch), gpt.new_state(batch)
    gpt.start(cond, None, plain)
    gpt.start(cond, None, fast)
    step = FusedStep(gpt, batch)
    for number in range(6):
        code, position = torch.randint(20, (batch,), device="cuda"), torch.tensor([number], device="cuda")
        expected = gpt.step(code, position, plain.prefix + number + 1, plain)
        torch.testing.assert_close(step(code, position, fast), expected, atol=2e-2, rtol=2e-2)


def test_graphs_draw_the_same_codes_as_the_loop():
    gpt, cond = model().cuda(), torch.randn(2, 4, 6, device="cuda")
    greedy = replace(SamplingSettings(), cfg_scale=2.0, greedy=True)
    assert torch.equal(GraphDecoder(gpt, 2, greedy).generate(cond), generate(gpt, cond, greedy))
