"""Chunked, recurrent and literal forms agree; nothing looks ahead."""

import os

import pytest
import torch

from backend.nn.lightning_attention import alibi_slopes, lightning_attention, lightning_state, lightning_step

INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"


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


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available() and not INTERPRETED, reason="no CUDA device")
@pytest.mark.parametrize("length", [1, 50, 75])
def test_the_triton_twin_has_the_same_values_and_gradients(length, monkeypatch):
    pytest.importorskip("triton")
    from backend.nn import lightning_attention_triton as twin
    from backend.nn.lightning_attention import _chunked

    monkeypatch.setattr(twin, "CHUNK", 16)
    monkeypatch.setattr(twin, "CHUNKS", 2)  # several segments
    device = "cpu" if INTERPRETED else "cuda"
    slopes = alibi_slopes(3).to(device)
    inputs = [torch.randn(2, 3, length, width, device=device, requires_grad=True) for width in (8, 8, 5)]
    push = torch.randn(2, 3, length, 5, device=device)
    values = [twin.lightning_attention(*inputs, slopes), _chunked(*inputs, slopes, 16)]
    gradients = [torch.autograd.grad(value, inputs, push) for value in values]
    torch.testing.assert_close(values[0], values[1], atol=1e-3, rtol=1e-3)
    for ours, plain in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, plain, atol=1e-3, rtol=1e-3)
