"""The plan alone, evaluated block by block with plain products."""

import pytest
import torch

from backend.sparse.conv import KernelPairs, submanifold_conv
from backend.sparse.implicit_gemm import BLOCK_ROWS, ImplicitGemm
from backend.sparse.resample import channel_to_space
from backend.sparse.tensor import Grid, SparseTensor

from .voxels import random_coords, sphere


def evaluate(plan: ImplicitGemm, feats: torch.Tensor, weight: torch.Tensor, columns: int) -> torch.Tensor:
    """What the kernel does, in the same order."""
    out = torch.full((plan.outputs, columns), torch.nan)
    kernels = weight.flatten(1, 3)
    for block, rows in enumerate(plan.rows.long()):
        group = int(plan.columns[block]) * columns
        total = torch.zeros(BLOCK_ROWS, columns)
        for place in range(int(plan.begins[block]), int(plan.begins[block + 1])):
            source = plan.sources[place].long()
            kernel = kernels[group : group + columns, int(plan.slots[place])]
            total += (feats[source] * (source >= 0)[:, None]) @ kernel.T
        out[rows[rows >= 0]] = total[rows >= 0]
    return out


def test_a_plan_is_the_convolution() -> None:
    grid = Grid(random_coords(200, 8, seed=1, items=2))
    feats, weight = torch.randn(400, 3), torch.randn(5, 3, 3, 3, 3)
    wanted = submanifold_conv(feats, weight, None, KernelPairs.of(grid))
    torch.testing.assert_close(evaluate(ImplicitGemm.of(grid), feats, weight, 5), wanted, atol=1e-4, rtol=1e-4)


def test_a_plan_of_children_computes_those_that_exist() -> None:
    grid = Grid(random_coords(80, 6, seed=2))
    refinement = grid.refine(torch.rand(80, 8, generator=torch.Generator().manual_seed(0)) < 0.4)
    feats, weight = torch.randn(80, 3), torch.randn(8 * 4, 3, 3, 3, 3)
    packed = submanifold_conv(feats, weight, None, KernelPairs.of(grid))
    wanted = channel_to_space(SparseTensor(packed, grid), refinement).feats
    plan = ImplicitGemm.of_children(grid, refinement)
    torch.testing.assert_close(evaluate(plan, feats, weight, 4), wanted, atol=1e-4, rtol=1e-4)


def test_alike_rows_share_blocks_so_that_blocks_pass_over_few_slots() -> None:
    grid = Grid(sphere(48))
    plan = ImplicitGemm.of(grid)
    present = (plan.sources >= 0).sum().item()
    touched = plan.sources.numel()
    assert touched < 2 * present  # 27 slots for every block would be about 2.4 times


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("channels", [(64, 64), (128, 48), (20, 33)])
def test_the_triton_twin_agrees_with_the_plain_convolution(dtype: torch.dtype, channels: tuple[int, int]) -> None:
    from backend.sparse.conv_triton import conv_to_children
    from backend.sparse.conv_triton import submanifold_conv as fused

    grid = Grid(sphere(40).cuda())
    feats = torch.randn(len(grid), channels[0], device="cuda", dtype=dtype)
    weight = torch.randn(8 * channels[1], 3, 3, 3, channels[0], device="cuda", dtype=dtype) / 30
    bias = torch.randn(8 * channels[1], device="cuda", dtype=dtype)
    leaves = [x.requires_grad_() for x in (feats, weight, bias)]
    plan, pairs = ImplicitGemm.of(grid), KernelPairs.of(grid)
    ours, plain = fused(*leaves, plan, lambda: pairs), submanifold_conv(*leaves, pairs)
    torch.testing.assert_close(ours, plain, atol=2e-2, rtol=2e-2)
    grad = torch.randn_like(plain)
    for a, b in zip(torch.autograd.grad(ours, leaves, grad), torch.autograd.grad(plain, leaves, grad), strict=True):
        torch.testing.assert_close(a, b, atol=5e-2 * b.abs().max().item(), rtol=5e-2)
    refinement = grid.refine(torch.rand(len(grid), 8, device="cuda") < 0.4)
    with torch.no_grad():
        children = conv_to_children(*leaves, ImplicitGemm.of_children(grid, refinement))
    wanted = channel_to_space(SparseTensor(plain, grid), refinement).feats
    torch.testing.assert_close(children, wanted, atol=2e-2, rtol=2e-2)
