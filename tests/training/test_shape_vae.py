import torch

from backend.sparse.tensor import SparseTensor
from backend.sparse.vae import ShapeDecoder, SparseEncoder, SparseVaeConfig
from backend.training.shape_vae import shape_vae_step
from tests.sparse.voxels import sphere


def test_the_loss_falls_on_one_shape() -> None:
    torch.manual_seed(0)
    encoder = SparseEncoder(SparseVaeConfig((8, 16), (0, 1), 6, 4))
    decoder = ShapeDecoder(SparseVaeConfig((16, 8), (1, 0), 7, 4))
    coords = sphere(12)
    voxels, crossed = SparseTensor.of(torch.rand(len(coords), 3), coords), torch.rand(len(coords), 3) < 0.3
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=3e-3)
    totals = []
    for _ in range(40):
        step = shape_vae_step(encoder, decoder, voxels, crossed, 12)
        optimizer.zero_grad()
        step.losses.total.backward()
        optimizer.step()
        totals.append(step.losses.total.item())
    assert totals[-1] < 0.7 * totals[0]
    assert torch.equal(step.child_masks[0].sum(), torch.tensor(len(coords)))
