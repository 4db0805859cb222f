import pytest
import torch
import torch.nn.functional as F

from backend.sparse.conv import KernelPairs, neighbour_map, submanifold_conv
from backend.sparse.conv_layer import SubmanifoldConv3d
from backend.sparse.tensor import Grid, SparseTensor

from .voxels import random_coords


@pytest.mark.parametrize(("kernel", "dilation"), [(3, (1, 1, 1)), (5, (1, 1, 1)), (3, (2, 1, 3)), (1, (1, 1, 1))])
def test_equals_a_dense_convolution_at_the_active_voxels(kernel: int, dilation: tuple[int, int, int]) -> None:
    coords = random_coords(90, 7, seed=1, items=2)
    conv = SubmanifoldConv3d(4, 6, kernel, dilation)
    x = SparseTensor.of(torch.randn(180, 4, generator=torch.Generator().manual_seed(0)), coords)
    b, i, j, k = coords.long().unbind(1)
    dense = torch.zeros(2, 4, 7, 7, 7)
    dense[b, :, i, j, k] = x.feats
    padding = [kernel // 2 * d for d in dilation]
    wanted = F.conv3d(dense, conv.weight.permute(0, 4, 1, 2, 3), conv.bias, padding=padding, dilation=dilation)
    torch.testing.assert_close(conv(x).feats, wanted[b, :, i, j, k], atol=1e-5, rtol=1e-5)


def test_the_order_of_voxels_does_not_matter() -> None:
    coords = random_coords(60, 6, seed=2)
    feats, conv = torch.randn(60, 3), SubmanifoldConv3d(3, 5)
    order = torch.randperm(60)
    plain = conv(SparseTensor.of(feats, coords)).feats
    shuffled = conv(SparseTensor.of(feats[order], coords[order])).feats
    torch.testing.assert_close(shuffled, plain[order])


def test_gradients_agree_with_finite_differences() -> None:
    grid = Grid(random_coords(12, 3, seed=3))
    leaves = [torch.randn(*shape, dtype=torch.double, requires_grad=True) for shape in ((12, 2), (3, 3, 3, 3, 2), (3,))]
    pairs = KernelPairs.of(grid)
    # the sum runs in fp32 also for fp64 inputs, hence the coarse step
    assert torch.autograd.gradcheck(
        lambda x, w, b: submanifold_conv(x, w, b, pairs), leaves, eps=1e-2, atol=1e-3, rtol=1e-3
    )


def test_slots_of_the_neighbour_map_mirror() -> None:
    grid = Grid(random_coords(50, 5, seed=4))
    neighbours = neighbour_map(grid)
    slot, row = (neighbours >= 0).nonzero(as_tuple=True)
    back = neighbours[26 - slot, neighbours[slot, row].long()]
    assert torch.equal(back.long(), row)


def test_neighbours_of_other_batch_items_are_not_seen() -> None:
    coords = torch.tensor([[0, 1, 1, 1], [1, 1, 1, 2]])
    assert (neighbour_map(Grid(coords)) >= 0).sum() == 2  # each voxel has itself only


def test_even_kernels_are_refused() -> None:
    with pytest.raises(ValueError, match="odd kernel, not 2"):
        neighbour_map(Grid(random_coords(3, 3, seed=5)), kernel=2)


def test_half_precision_accumulates_in_single() -> None:
    coords = torch.cartesian_prod(torch.zeros(1).long(), *[torch.arange(3)] * 3)
    conv = SubmanifoldConv3d(1, 1).to(torch.bfloat16)
    torch.nn.init.constant_(conv.weight, 1.0)
    torch.nn.init.zeros_(conv.bias)
    feats = torch.tensor([256.0] + [1.0] * 26).bfloat16()[:, None]
    total = conv(SparseTensor.of(feats, coords)).feats[13].item()  # the centre sees all 27
    assert total == 282.0  # bf16 sums would stay at 256
