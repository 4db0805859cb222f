import pytest
import torch

from backend.nn.fused import (
    add_gated,
    gelu_linear,
    linear_into,
    norm_affine,
    norm_modulate,
    prepare_heads,
    quantise_rows,
)
from backend.nn.norms import LayerNorm32, MultiHeadRMSNorm
from backend.nn.rope import rotary_table


def test_modulation_scales_and_shifts_what_is_normed() -> None:
    x = 3 + 2 * torch.randn(5, 16)
    shift, scale = torch.randn(2, 1, 16)
    wanted = LayerNorm32(16, 1e-6, elementwise_affine=False)(x) * (1 + scale) + shift
    torch.testing.assert_close(norm_modulate(x, shift, scale, 1e-6), wanted)


def test_heads_are_normed_and_then_rotated() -> None:
    x, table = torch.randn(4, 2, 12), rotary_table(torch.randint(0, 9, (4, 3)), 12)
    norm = MultiHeadRMSNorm(2, 12)
    torch.nn.init.normal_(norm.gamma)
    plain = prepare_heads(norm(x), None, table)
    torch.testing.assert_close(prepare_heads(x.clone(), norm.gamma, table), plain)
    assert prepare_heads(x, None, None) is x


def test_two_streams_in_one_tensor_have_modulation_of_their_own() -> None:
    x, y, more = torch.randn(3, 2, 7, 8)
    shift, scale = torch.randn(2, 2, 2, 8)  # (B, streams, C)
    normed, gated = norm_modulate(x, shift, scale, 1e-6, split=3), add_gated(x, scale, y, more, split=3)
    for part, stream in ((slice(0, 3), 0), (slice(3, 7), 1)):
        s, g = shift[:, stream : stream + 1], scale[:, stream : stream + 1]
        torch.testing.assert_close(normed[:, part], norm_modulate(x[:, part], s, g, 1e-6))
        torch.testing.assert_close(gated[:, part], add_gated(x[:, part], g, y[:, part] + more[:, part]))


def test_gelu_of_a_linear_is_its_tanh_form() -> None:
    linear, x = torch.nn.Linear(4, 6), torch.randn(2, 3, 4)
    torch.testing.assert_close(
        gelu_linear(x, linear), torch.nn.functional.gelu(linear(x), approximate="tanh"), rtol=0, atol=0
    )


def test_a_linear_is_written_where_its_result_belongs() -> None:
    linear, x, rows = torch.nn.Linear(4, 6), torch.randn(1, 3, 4), torch.zeros(1, 5, 6)
    with torch.no_grad():
        linear_into(rows[:, 2:], x, linear)
        assert not rows[:, :2].any()
        torch.testing.assert_close(rows[:, 2:], linear(x))


def test_rows_in_eight_bits_come_back_nearly() -> None:
    x = torch.randn(5, 64) * torch.logspace(-3, 3, 5)[:, None]
    x[0] = 0
    small, scale = quantise_rows(x)
    assert small.dtype == torch.float8_e4m3fn and scale.shape == (5, 1)
    torch.testing.assert_close(small.float() * scale, x, rtol=0.07, atol=1e-3)


def on_gpu(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, device="cuda", dtype=torch.bfloat16)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
@pytest.mark.parametrize("width", [1536, 48])
def test_the_triton_twins_agree_with_the_plain_forms(width: int) -> None:
    x, y, a, b = on_gpu(333, width), on_gpu(333, width), on_gpu(1, width), on_gpu(1, width)
    two, z = on_gpu(2, width), on_gpu(333, width)
    linear = torch.nn.Linear(width, 64, device="cuda", dtype=torch.bfloat16)
    weight, bias = torch.randn(2, width, device="cuda")
    qkv, gamma = on_gpu(333, 3, 4, 128), torch.randn(4, 128, device="cuda")
    table = rotary_table(torch.randint(0, 64, (333, 3), device="cuda"), 128)

    def results() -> list[torch.Tensor]:
        heads = prepare_heads(qkv.clone()[:, 1], gamma, table)
        of_one = prepare_heads(qkv.clone()[None, :, 2], gamma[0], table, 1e-6)[0]  # one weight for all heads
        split = norm_modulate(x[None], two[None], two[None], 1e-6, split=100)[0]
        gated = add_gated(x.clone(), two, y, z, split=100)
        norms = [norm_modulate(x, a, b, 1e-6), norm_affine(x, weight, bias, 1e-6), split]
        small, scale = quantise_rows(x)
        return [*norms, add_gated(x.clone(), a, y), gated, heads, of_one, gelu_linear(x, linear), small.float() * scale]

    plain = results()  # gradients are on: the plain forms
    with torch.no_grad():
        fused = results()
    for ours, wanted in zip(fused, plain, strict=True):
        torch.testing.assert_close(ours, wanted, atol=0.08, rtol=0.02)
