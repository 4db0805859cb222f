import torch

from backend.nn.norms import ChannelLayerNorm32, LayerNorm32, MultiHeadRMSNorm


def test_half_precision_is_normalised_in_single() -> None:
    x = 1000 + torch.randn(4, 64)
    wanted = LayerNorm32(64)(x.bfloat16().float())
    out = LayerNorm32(64)(x.bfloat16())
    assert out.dtype == torch.bfloat16
    torch.testing.assert_close(out.float(), wanted, atol=1e-2, rtol=1e-2)


def test_channels_of_a_map_are_normalised_at_every_position() -> None:
    out = ChannelLayerNorm32(8, elementwise_affine=False)(5 + 3 * torch.randn(2, 8, 3, 4, 5))
    assert out.mean(1).abs().max() < 1e-5 and (out.var(1, unbiased=False) - 1).abs().max() < 1e-3


def test_heads_have_unit_mean_square() -> None:
    out = MultiHeadRMSNorm(3, 16)(torch.randn(7, 3, 16))
    torch.testing.assert_close(out.square().mean(-1), torch.ones(7, 3))
