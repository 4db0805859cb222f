import pytest
import torch

from backend.nn.guidance import Guidance
from backend.nn.residency import Resident
from backend.sparse.attention import Context
from backend.sparse.cascade import (
    ROUTES,
    Cascade,
    CascadeSettings,
    EmptyStructure,
    LatentNorm,
    SamplerSettings,
    cells_of_voxels,
    decode,
    fit_tokens,
)
from backend.sparse.flow import DenseFlow, FlowConfig, SparseFlow
from backend.sparse.structure_vae import StructureDecoder, StructureVaeConfig
from backend.sparse.tensor import Grid, SparseTensor
from backend.sparse.vae import ShapeDecoder, SparseDecoder, SparseVaeConfig

from .voxels import sphere

QUICK = SamplerSettings(2, 3.0, Guidance(3.0, 0.5, (0.6, 1.0)))
NORM = LatentNorm((0.5,) * 4, (2.0,) * 4)
SETTINGS = CascadeSettings(NORM, NORM, QUICK, QUICK, QUICK)


def networks(bias: float = 0.0) -> Resident:
    torch.manual_seed(0)
    flow = {"out_channels": 4, "model_channels": 24, "cond_channels": 8, "num_blocks": 1, "num_heads": 2}
    dense = DenseFlow(FlowConfig(in_channels=4, resolution=16, **flow))
    made = {
        "sparse_structure_flow_model": dense,
        "sparse_structure_decoder": StructureDecoder(StructureVaeConfig((4, 4, 4), latent_channels=4)),
        "shape_slat_decoder": ShapeDecoder(SparseVaeConfig((32, 16, 8, 8, 8), (0,) * 5, 7, 4)),
        "tex_slat_decoder": SparseDecoder(SparseVaeConfig((32, 16, 8, 8, 8), (0,) * 5, 6, 4, pred_subdiv=False)),
    }
    for size in (512, 1024):
        made[f"shape_slat_flow_model_{size}"] = SparseFlow(FlowConfig(in_channels=4, **flow))
        made[f"tex_slat_flow_model_{size}"] = SparseFlow(FlowConfig(in_channels=8, **flow))
    made["sparse_structure_decoder"].out_layer[2].bias.data.fill_(bias)
    for block in made["shape_slat_decoder"].blocks[:-1]:
        block[-1].to_subdiv.bias.data.fill_(-0.6)  # about two children a voxel, so that the test stays small
    return Resident(made)


def condition(stage: str, grid: Grid, resolution: int) -> Context:
    return Context.of(torch.ones(grid.segments.count, 3, 8))


@torch.no_grad()
def test_the_same_seed_gives_the_same_asset() -> None:
    assets = []
    for seed in (1, 1, 2):
        run = Cascade(networks(-0.8), condition, SETTINGS, torch.Generator().manual_seed(seed))
        assets.append(run.run(ROUTES["512"]))
    assert torch.equal(assets[0].texture.feats, assets[1].texture.feats)
    assert assets[0].shape.feats.shape != assets[2].shape.feats.shape or not torch.equal(
        assets[0].shape.feats, assets[2].shape.feats
    )
    asset = decode(networks(-0.8), assets[0])[0]
    assert len(asset.positions) == len(asset.attributes) == len(asset.surface.vertices)


@torch.no_grad()
def test_steps_are_reported_and_may_stop_the_run() -> None:
    class Stop(Exception):
        pass

    heard = []

    def on_step(stage: str, step: int, of: int) -> None:
        heard.append((stage, step, of))
        if stage == "shape_512":
            raise Stop

    with pytest.raises(Stop):
        Cascade(networks(-0.8), condition, SETTINGS, torch.Generator().manual_seed(0), on_step).run(ROUTES["512"])
    assert heard == [("structure", 0, 2), ("structure", 1, 2), ("shape_512", 0, 2)]


@torch.no_grad()
def test_an_empty_structure_is_an_error_of_its_own() -> None:
    with pytest.raises(EmptyStructure, match="no occupied cell"):
        Cascade(networks(-1e3), condition, SETTINGS, torch.Generator().manual_seed(0)).run(ROUTES["512"])


def test_tokens_fit_by_lowering_the_resolution_down_to_1024() -> None:
    voxels = Grid(sphere(64) * torch.tensor([1, 8, 8, 8]))
    counts = {r: len(cells_of_voxels(voxels.positions, 512, r // 16).unique(dim=0)) for r in (1024, 1280, 1536)}
    assert fit_tokens(voxels, 1536, counts[1536] + 1)[1] == 1536
    assert fit_tokens(voxels, 1536, counts[1536])[1] < 1536
    grid, resolution = fit_tokens(voxels, 1536, 10)
    assert resolution == 1024 and len(grid) == counts[1024]


def test_norms_undo_each_other() -> None:
    norm = LatentNorm((1.0, -2.0), (0.5, 3.0))
    z = SparseTensor.of(torch.randn(5, 2), sphere(8)[:5])
    torch.testing.assert_close(norm.denormalise(norm.normalise(z)).feats, z.feats)
