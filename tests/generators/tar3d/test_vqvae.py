"""Codes: their order, their round trip, and the quantiser's rules."""

from dataclasses import replace

import torch
from torch.nn import functional as F

from backend.generators.tar3d.starter import VQVAE_SETTINGS
from backend.generators.tar3d.vqvae import VQVAE, Quantizer, from_sequence, sample_plane, to_sequence

TINY = replace(VQVAE_SETTINGS, triplane_res=4, width=12, heads=2, num_encoder_layers=1, triplane_layers=1, hidden=8)


def test_the_three_codes_of_a_position_stand_side_by_side():
    indices = torch.arange(2 * 3 * 4 * 4).view(2, 3, 4, 4)
    sequence = to_sequence(indices)
    assert sequence[1, 3 * (4 * 2 + 3) + 1] == indices[1, 1, 2, 3]
    assert torch.equal(from_sequence(sequence), indices)


def test_decoding_the_codes_of_a_shape_gives_its_logits():
    torch.manual_seed(0)
    model = VQVAE(TINY).eval()
    points, normals, queries = (torch.randn(1, n, 3) for n in (30, 30, 20))
    with torch.no_grad():
        logits, _, _ = model(points, normals, queries)
        planes = model.decode_codes(model.encode_codes(points, normals))
        torch.testing.assert_close(model.query(planes, queries), logits, atol=1e-5, rtol=1e-5)


def test_the_nearest_code_is_taken_and_the_gradient_passes_straight_through():
    quantizer = Quantizer(TINY)
    z = (3 * quantizer.rows()[[5, 9]].T.reshape(1, 8, 2, 1)).detach().requires_grad_()
    code, indices, loss = quantizer(z)
    assert indices.flatten().tolist() == [5, 9] and loss < 1e-10
    code.sum().backward()
    expected = torch.autograd.grad(F.normalize(z, dim=1).sum(), z)[0]
    torch.testing.assert_close(z.grad, expected)


def test_usage_counts_the_codes_of_the_history():
    quantizer = Quantizer(TINY)
    usage = quantizer.record_usage(torch.tensor([3, 4, 4]))
    assert usage == 3 / TINY.codebook_size  # 3, 4, and the zeros that fill the history


def test_planes_are_read_in_their_own_axes():
    plane = torch.linspace(-1, 1, 8).view(1, 1, 1, 8).expand(1, 1, 8, 8)  # grows along the columns
    point = torch.tensor([[[0.5, 0.1, -0.3]]])
    seen = [sample_plane(plane, point, which).item() for which in range(3)]
    assert seen[0] == seen[1] > 0.4  # columns are x
    assert seen[2] < -0.2  # columns are z
