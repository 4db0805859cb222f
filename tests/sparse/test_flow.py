import torch

from backend.sparse.attention import Context
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow, initialise_flow
from backend.sparse.tensor import Grid, SparseTensor

from .voxels import random_coords

TINY = FlowConfig(4, 4, 24, 8, num_blocks=2, num_heads=2, mlp_ratio=2.0, resolution=3)


def randomised(flow):
    for weight in flow.parameters():
        torch.nn.init.normal_(weight, std=0.2, generator=torch.Generator().manual_seed(weight.numel()))
    return flow.eval()


def test_the_dense_network_is_the_sparse_one_on_a_full_grid() -> None:
    dense = randomised(DenseFlow(TINY))
    sparse = SparseFlow(TINY)
    sparse.load_state_dict(dense.state_dict())
    x, t, context = torch.randn(2, 4, 3, 3, 3), torch.tensor([100.0, 900.0]), Context.of(torch.randn(2, 5, 8))
    cells = dense.grid(2, x.device).coords
    rows = x[cells[:, 0].long(), :, *cells[:, 1:].long().unbind(1)]
    out = sparse(SparseTensor.of(rows, cells), t, context).feats
    wanted = dense(x, t, context)
    torch.testing.assert_close(wanted[cells[:, 0].long(), :, *cells[:, 1:].long().unbind(1)], out)


def test_prepared_contexts_give_the_same_velocity() -> None:
    flow = randomised(SparseFlow(TINY))
    x, t = SparseTensor.of(torch.randn(12, 4), random_coords(12, 4, seed=1)), torch.tensor([500.0])
    context = Context.of(torch.randn(1, 5, 8))
    assert torch.equal(flow(x, t, flow.prepare(context)).feats, flow(x, t, context).feats)
    assert flow.prepare(None) is None


def test_a_bfloat16_torso_stays_close_and_keeps_the_ends_in_single() -> None:
    flow = randomised(SparseFlow(TINY))
    x, t = SparseTensor.of(torch.randn(12, 4), random_coords(12, 4, seed=2)), torch.tensor([500.0])
    context = Context.of(torch.randn(1, 5, 8))
    single = flow(x, t, context).feats
    half = flow.to_torso(torch.bfloat16)(x, t, context).feats
    assert half.dtype == torch.float32 and flow.blocks[0].norm2.weight.dtype == torch.float32
    assert (half - single).abs().max() < 0.05 * single.abs().max()


def test_position_tables_of_other_files_are_not_weights() -> None:
    flow = DenseFlow(TINY)
    state = flow.state_dict() | {"rope_phases": torch.zeros(27, 6, dtype=torch.complex64)}
    flow.load_state_dict(state, strict=True)


def test_the_network_begins_as_zero_velocity() -> None:
    flow = SparseFlow(TINY)
    initialise_flow(flow)
    x = SparseTensor(torch.randn(6, 4), Grid(random_coords(6, 4, seed=3)))
    assert not flow(x, torch.tensor([1.0]), Context.of(torch.randn(1, 2, 8))).feats.any()


def test_published_arguments_become_settings() -> None:
    args = {"model_channels": 128, "num_head_channels": 32, "in_channels": 8, "out_channels": 8, "cond_channels": 20}
    config = FlowConfig.from_published({**args, "num_blocks": 1, "num_heads": None, "pe_mode": "ape"})
    assert config.num_heads == 4 and not config.rope and not config.share_mod and config.mlp_ratio == 4.0
