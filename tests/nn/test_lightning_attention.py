"""Chunked, recurrent and literal forms agree; nothing looks ahead."""

import pytest
import torch

from backend.nn.lightning_attention import alibi_slopes, lightning_attention, lightning_state, lightning_step


def literal(q, k, v, slopes):
    """The definition, term by term, in float64."""
    n = q.shape[2]
    ahead = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    decay = torch.where(ahead >= 0, torch.exp(-slopes.double()[:, None, None] * ahead.clamp(min=0)), 0.0)
    return ((q.double() @ k.double().transpose(-1, -2)) * decay) @ v.double()


@pytest.fixture
def qkv():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, 3, 50, width, generator=generator) for width in (8, 8, 5)]


@pytest.mark.parametrize("chunk", [1, 7, 16, 64])
def test_chunks_of_any_size_equal_the_definition(qkv, chunk):
    slopes = alibi_slopes(3)
    torch.testing.assert_close(
        lightning_attention(*qkv, slopes, chunk).double(), literal(*qkv, slopes), atol=1e-4, rtol=1e-4
    )


def test_steps_equal_the_parallel_form_and_leave_its_state(qkv):
    slopes, (q, k, v) = alibi_slopes(3), qkv
    state = torch.zeros(2, 3, 8, 5)
    steps = [lightning_step(q[:, :, t], k[:, :, t], v[:, :, t], slopes, state) for t in range(50)]
    torch.testing.assert_close(torch.stack(steps, 2), lightning_attention(q, k, v, slopes), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(state, lightning_state(k, v, slopes), atol=1e-4, rtol=1e-4)


def test_the_future_does_not_count(qkv):
    slopes, (q, k, v) = alibi_slopes(3), qkv
    before = lightning_attention(q, k, v, slopes)[:, :, :20]
    k[:, :, 20:], v[:, :, 20:] = 9.0, 9.0
    torch.testing.assert_close(lightning_attention(q, k, v, slopes)[:, :, :20], before)


def test_long_sequences_stay_finite():
    q = torch.ones(1, 1, 5000, 4)
    assert lightning_attention(q, q, q, torch.tensor([0.5])).isfinite().all()


def test_slopes_of_twelve_heads_continue_those_of_eight():
    expected = [2.0**-i for i in range(1, 9)] + [2**-0.5, 2**-1.5, 2**-2.5, 2**-3.5]
    torch.testing.assert_close(alibi_slopes(12), torch.tensor(expected))


def test_no_heads_is_an_error():
    with pytest.raises(ValueError, match="at least one head"):
        alibi_slopes(0)
