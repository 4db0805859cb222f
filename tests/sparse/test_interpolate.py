import torch

from backend.sparse.interpolate import sample_nearest, sample_trilinear
from backend.sparse.tensor import SparseTensor

from .voxels import random_coords


def full_grid(side: int) -> SparseTensor:
    cells = torch.cartesian_prod(torch.zeros(1).long(), *[torch.arange(side)] * 3)
    return SparseTensor.of((cells[:, 1:] + 0.5) @ torch.tensor([[1.0], [2.0], [-3.0]]), cells)


def test_linear_functions_are_reproduced_between_centres() -> None:
    queries = 0.5 + 4 * torch.rand(50, 3, generator=torch.Generator().manual_seed(0))
    wanted = queries @ torch.tensor([[1.0], [2.0], [-3.0]])
    torch.testing.assert_close(sample_trilinear(full_grid(5), queries), wanted, atol=1e-4, rtol=1e-4)


def test_missing_voxels_leave_the_weights_to_the_others() -> None:
    x = SparseTensor.of(torch.tensor([[2.0], [8.0]]), torch.tensor([[0, 0, 0, 0], [0, 5, 5, 5]]))
    queries = torch.tensor([[0.9, 0.9, 0.9], [5.5, 5.5, 5.5], [3.0, 3.0, 3.0], [-4.0, 9999.0, 0.0]])
    assert sample_trilinear(x, queries).flatten().tolist() == [2.0, 8.0, 0.0, 0.0]
    assert sample_nearest(x, queries).flatten().tolist() == [2.0, 8.0, 0.0, 0.0]


def test_items_are_kept_apart() -> None:
    x = SparseTensor.of(torch.tensor([[1.0], [2.0]]), torch.tensor([[0, 1, 1, 1], [1, 1, 1, 1]]))
    centre = torch.full((2, 3), 1.5)
    assert sample_trilinear(x, centre, torch.tensor([0, 1])).flatten().tolist() == [1.0, 2.0]


def test_features_get_gradients() -> None:
    feats = torch.randn(30, 2, requires_grad=True)
    x = SparseTensor.of(feats, random_coords(30, 4, seed=1))
    sample_trilinear(x, x.coords[:, 1:] + 0.5).sum().backward()
    torch.testing.assert_close(feats.grad, torch.ones(30, 2))
