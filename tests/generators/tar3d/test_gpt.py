"""Decoding one code at a time gives the logits of teacher forcing, in every mode of the condition's positions."""

from dataclasses import replace

import pytest
import torch

from backend.generators.tar3d.gpt import GPT, GPTSettings, published
from backend.generators.tar3d.sampling import SamplingSettings, generate

TINY = GPTSettings(
    dim=24, n_layer=4, n_head=3, multiple_of=16, caption_dim=6, vocab_size=20, cls_token_num=4, block_size=12
)


def model(**changes) -> GPT:
    torch.manual_seed(0)
    made = GPT(replace(TINY, **changes)).eval()
    for parameter in made.parameters():
        parameter.data.add_(0.2 * torch.randn_like(parameter))
    return made


@pytest.mark.parametrize("hybrid", [True, False])
@pytest.mark.parametrize("cond_rope", ["zero", "identity", "everywhere"])
@pytest.mark.parametrize("padded", [False, True])
@torch.inference_mode()
def test_steps_equal_teacher_forcing(hybrid, cond_rope, padded):
    gpt = model(hybrid=hybrid, cond_rope=cond_rope)
    cond, codes = torch.randn(2, 4, 6), torch.randint(20, (2, 12))
    mask = torch.tensor([[1.0, 1, 1, 1], [0, 0, 1, 1]]) if padded else None
    state = gpt.new_state(2)
    logits = [gpt.start(cond, mask, state)]
    for number in range(11):
        logits.append(gpt.step(codes[:, number], torch.tensor([number]), state.prefix + number + 1, state))
    torch.testing.assert_close(torch.stack(logits, 1), gpt.code_logits(cond, codes, mask), atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_a_state_serves_again_after_another_generation():
    gpt, settings = model(), SamplingSettings(cfg_scale=2.0, greedy=True)
    cond = torch.randn(1, 4, 6)
    first = generate(gpt, cond, settings)
    generate(gpt, torch.randn(1, 4, 6), settings)
    assert torch.equal(generate(gpt, cond, settings), first)


def test_a_seed_fixes_the_codes_and_another_changes_them():
    gpt, settings = model(), SamplingSettings(cfg_scale=1.0, min_p=0.0)
    cond = torch.randn(1, 4, 6)
    draws = [generate(gpt, cond, settings, generator=torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])


def test_progress_may_stop_a_generation():
    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(model(), torch.randn(1, 4, 6), SamplingSettings(), progress=stop)


def test_padded_conditions_equal_the_shorter_condition():
    gpt, short = model(), model(cls_token_num=2)
    table = "cls_embedding.uncond_embedding"
    short.load_state_dict(gpt.state_dict() | {table: short.state_dict()[table]})
    cond, codes = torch.randn(1, 2, 6), torch.randint(20, (1, 12))
    padded = torch.cat([torch.zeros(1, 2, 6), cond], 1)
    ours = gpt.code_logits(padded, codes, torch.tensor([[0.0, 0, 1, 1]]))
    torch.testing.assert_close(ours, short.code_logits(cond, codes), atol=1e-4, rtol=1e-4)


def test_published_parameter_counts():
    with torch.device("meta"):
        counts = [sum(p.numel() for p in GPT(published("B", hybrid=hybrid)).parameters()) for hybrid in (False, True)]
    assert counts == [111_299_328, 111_306_240]
