"""Triton twins against their plain forms, on a GPU."""

import pytest
import torch

from backend.nn.capture import Captured, captured
from backend.nn.fused import norm_silu
from backend.sparse import conv, resample
from backend.sparse.conv import compute_neighbour_map
from backend.sparse.resample import add_children
from backend.sparse.tensor import Grid, SparseTensor

from .voxels import sphere

on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")


def test_short_calls_are_captured_on_gpus_only() -> None:
    def call(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return x * t

    with torch.no_grad():
        assert captured(call, torch.zeros(3, 2), rows=10) is call


@pytest.mark.gpu
@on_gpu
def test_a_captured_call_follows_its_inputs() -> None:
    call = Captured(lambda x, t: (x * t).sin())
    with torch.no_grad():
        for step in range(4):
            x, t = torch.randn(5, 3, device="cuda"), torch.full((1,), float(step), device="cuda")
            torch.testing.assert_close(call(x, t), (x * t).sin())


@pytest.mark.gpu
@on_gpu
@pytest.mark.parametrize("dilation", [(1, 1, 1), (1, 2, 1)])
def test_neighbour_maps_agree(dilation: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    coords = sphere(40).cuda()
    grid = Grid(coords[torch.randperm(len(coords), device="cuda")])
    ours = compute_neighbour_map(grid, 3, dilation)
    monkeypatch.setattr(conv, "HAS_TRITON", False)
    assert torch.equal(ours, compute_neighbour_map(grid, 3, dilation))


@pytest.mark.gpu
@on_gpu
def test_skips_to_children_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid(sphere(30).cuda())
    refinement = grid.refine(torch.rand(len(grid), 8, device="cuda") < 0.4)
    x = SparseTensor(torch.randn(len(grid), 8 * 32, device="cuda", dtype=torch.float16), grid)
    h = torch.randn(len(refinement.parent), 64, device="cuda", dtype=torch.float16)
    with torch.no_grad():
        ours = add_children(h.clone(), x, refinement, 2)
        monkeypatch.setattr(resample, "HAS_TRITON", False)
        torch.testing.assert_close(ours, add_children(h, x, refinement, 2))


@pytest.mark.gpu
@on_gpu
@pytest.mark.parametrize("width", [48, 64, 1024])
def test_norm_and_silu_agree(width: int) -> None:
    x, (weight, bias) = torch.randn(333, width, device="cuda").half(), torch.randn(2, width, device="cuda")
    for arguments in ((weight, bias), (None, None)):
        plain = norm_silu(x, *arguments, 1e-6)  # gradients are on: the plain form
        with torch.no_grad():
            torch.testing.assert_close(norm_silu(x, *arguments, 1e-6), plain, atol=1e-2, rtol=1e-2)
