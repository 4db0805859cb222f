import pytest
import torch

from backend.sparse.tensor import SparseTensor
from backend.sparse.vae import ShapeDecoder, SparseDecoder, SparseEncoder, SparseVaeConfig

from .voxels import sphere

DECODER = SparseVaeConfig((32, 16, 8), (1, 1, 0), voxel_channels=7, latent_channels=4)
ENCODER = SparseVaeConfig((8, 16, 32), (0, 1, 1), voxel_channels=6, latent_channels=4)


def latent() -> SparseTensor:
    coords = sphere(8)
    return SparseTensor.of(torch.randn(len(coords), 4, generator=torch.Generator().manual_seed(0)), coords)


def test_a_decoder_follows_the_grid_that_its_encoder_left() -> None:
    coords = sphere(32)
    mean, logvar = SparseEncoder(ENCODER)(SparseTensor.of(torch.randn(len(coords), 6), coords))
    assert mean.grid is logvar.grid and mean.coords.max() < 8
    voxels, subdivisions = ShapeDecoder(DECODER)(mean)
    assert torch.equal(voxels.coords, coords)
    assert [len(s.logits.feats) for s in subdivisions] == [len(mean.coords), len(mean.grid.finer.fine)]
    forgotten, _ = ShapeDecoder(DECODER)(SparseTensor(mean.feats, mean.grid.without_history()))
    assert len(forgotten.coords) != len(coords)


def test_materials_follow_the_subdivision_of_the_shape() -> None:
    z = latent()
    shape_voxels, subdivisions = ShapeDecoder(DECODER)(z)
    painter = SparseDecoder(SparseVaeConfig((32, 16, 8), (1, 1, 0), 6, 4, pred_subdiv=False))
    voxels, _ = painter(z, [s.refinement for s in subdivisions])
    assert torch.equal(voxels.coords, shape_voxels.coords) and voxels.feats.shape[1] == 6
    with pytest.raises(ValueError, match="needs an encoded grid or a guide"):
        painter(z)


def test_upsampling_gives_the_grid_that_decoding_arrives_at() -> None:
    z, decoder = latent(), ShapeDecoder(DECODER)
    assert torch.equal(decoder.upsample(z, 2).coords, decoder(z).voxels.coords)
    assert decoder.upsample(z, 0) is z.grid


def test_dual_vertices_stay_within_the_margin_and_weights_are_positive() -> None:
    decoder = ShapeDecoder(DECODER)
    voxels = SparseTensor.of(50 * torch.randn(20, 7), sphere(8)[:20])
    grid = decoder.dual_grid(voxels)
    assert grid.vertices.min() >= -0.5 and grid.vertices.max() <= 1.5 and (grid.split_weight >= 0).all()


def test_a_half_precision_torso_keeps_the_ends_in_single() -> None:
    decoder = ShapeDecoder(DECODER)
    decoder.to_torso(torch.bfloat16)
    types = {name: weight.dtype for name, weight in decoder.named_parameters()}
    assert types["blocks.0.0.conv.weight"] == types["blocks.0.1.to_subdiv.weight"] == torch.bfloat16
    assert types["from_latent.weight"] == types["blocks.0.0.norm.weight"] == torch.float32
    assert decoder(latent()).voxels.feats.dtype == torch.float32
