"""Orthogonalisation, and packed projections treated block by block."""

import pytest
import torch

from backend.training.muon import Muon, orthogonalize


@pytest.mark.parametrize("shape", [(8, 20), (20, 8)])
def test_singular_values_come_close_to_one(shape):
    update = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalize(update, dtype=torch.float32))
    assert (values > 0.6).all() and (values < 1.3).all()


def test_a_packed_matrix_moves_as_its_blocks_would():
    torch.manual_seed(0)
    blocks = [torch.nn.Parameter(torch.randn(4, 6)) for _ in range(3)]
    packed = torch.nn.Parameter(torch.cat([b.detach().clone() for b in blocks]))
    for block in blocks:
        block.grad = torch.randn(4, 6)
    packed.grad = torch.cat([b.grad for b in blocks])
    Muon([dict(params=blocks, muon=True)]).step()
    Muon([dict(params=[packed], muon=True, blocks=3)]).step()
    torch.testing.assert_close(packed.detach(), torch.cat([b.detach() for b in blocks]), atol=1e-4, rtol=1e-3)


def test_vectors_are_refused():
    with pytest.raises(ValueError, match="matrices only"):
        Muon([dict(params=[torch.nn.Parameter(torch.zeros(3))], muon=True)])
