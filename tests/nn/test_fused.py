import pytest
import torch

from backend.nn.fused import add_gated, norm_affine, norm_modulate, prepare_heads
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


def on_gpu(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, device="cuda", dtype=torch.bfloat16)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
@pytest.mark.parametrize("width", [1536, 48])
def test_the_triton_twins_agree_with_the_plain_forms(width: int) -> None:
    x, y, a, b = on_gpu(333, width), on_gpu(333, width), on_gpu(1, width), on_gpu(1, width)
    weight, bias = torch.randn(2, width, device="cuda")
    qkv, gamma = on_gpu(333, 3, 4, 128), torch.randn(4, 128, device="cuda")
    table = rotary_table(torch.randint(0, 64, (333, 3), device="cuda"), 128)

    def results() -> list[torch.Tensor]:
        heads = prepare_heads(qkv.clone()[:, 1], gamma, table)
        return [norm_modulate(x, a, b, 1e-6), norm_affine(x, weight, bias, 1e-6), add_gated(x.clone(), a, y), heads]

    plain = results()  # gradients are on: the plain forms
    with torch.no_grad():
        fused = results()
    for ours, wanted in zip(fused, plain, strict=True):
        torch.testing.assert_close(ours, wanted, atol=0.08, rtol=0.02)
