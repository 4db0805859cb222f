import pytest
import torch

from backend.sparse.structure_vae import (
    StructureDecoder,
    StructureEncoder,
    StructureVaeConfig,
    occupied_cells,
    pixel_shuffle_3d,
)


def test_the_halves_have_opposite_shapes() -> None:
    encoder = StructureEncoder(StructureVaeConfig((4, 8, 16), latent_channels=3, num_res_blocks=1))
    decoder = StructureDecoder(StructureVaeConfig((16, 8, 4), latent_channels=3, num_res_blocks=1))
    mean, logvar = encoder(torch.rand(2, 1, 8, 8, 8).round())
    assert mean.shape == logvar.shape == (2, 3, 2, 2, 2)
    assert decoder(mean).shape == (2, 1, 8, 8, 8)


def test_channels_become_cells_in_the_order_of_the_axes() -> None:
    x = torch.arange(16.0).view(1, 16, 1, 1, 1)
    cells = pixel_shuffle_3d(x)
    assert cells[0, 1, 1, 0, 1] == 8 + 4 * 1 + 2 * 0 + 1


def test_a_coarse_cell_is_occupied_if_any_cell_in_it_is() -> None:
    logits = torch.full((2, 1, 4, 4, 4), -1.0)
    logits[1, 0, 3, 0, 2] = 0.1
    logits[0, 0, 0, 0, 0] = 0.0  # not above zero
    assert occupied_cells(logits).tolist() == [[1, 3, 0, 2]]
    assert occupied_cells(logits, 2).tolist() == [[1, 1, 0, 1]]
    with pytest.raises(ValueError, match="cannot be pooled to 3"):
        occupied_cells(logits, 3)
