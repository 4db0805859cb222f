import torch
from PIL import Image

from backend.encoders.dinov3 import DinoV3, square_images
from backend.encoders.naf import Naf, NafConfig
from backend.generators.pixal3d.condition import PixelConditioner, StageFeatures
from backend.generators.pixal3d.projection import ViewCameras
from backend.generators.pixal3d.tokens import corner_anchored_cells
from backend.nn.residency import Resident
from backend.sparse.tensor import Grid

DINO = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64, "image_size": 160}


class Counted(DinoV3):
    calls = 0

    def forward(self, images):
        self.calls += 1
        return super().forward(images)


def conditioner() -> tuple[PixelConditioner, Counted]:
    torch.manual_seed(0)
    dino = Counted(DINO).eval()
    networks = Resident({"image_encoder": dino, "upsampler": Naf(NafConfig(dim=32))})
    stages = {"structure": StageFeatures(160), "shape_512": StageFeatures(160, 40)}
    picture = Image.effect_noise((50, 50), 80).convert("RGB")
    return PixelConditioner(networks, lambda side: square_images([picture], side), ViewCameras.single(), stages), dino


@torch.no_grad()
def test_tokens_get_the_features_of_their_pixel_whatever_else_is_in_the_grid() -> None:
    condition, _ = conditioner()
    cells = torch.randint(0, 8, (30, 3)).unique(dim=0)
    grid = Grid(torch.nn.functional.pad(cells, (1, 0)))
    whole = condition("shape_512", grid, 8)
    part = condition("shape_512", Grid(grid.coords[::2]), 8)
    assert whole.tokens.shape == (5, 32) and whole.projected.shape == (len(grid), 64)
    torch.testing.assert_close(part.projected, whole.projected[::2], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_the_image_is_encoded_once_per_size() -> None:
    condition, dino = conditioner()
    grid = Grid(torch.tensor([[0, 1, 2, 3]]))
    for stage in ("structure", "shape_512"):
        condition(stage, grid, 8)
    assert dino.calls == 1


def test_the_first_and_the_last_voxel_fall_on_the_first_and_the_last_token() -> None:
    voxels = torch.tensor([[0, 255, 511]])
    assert corner_anchored_cells(voxels, 512, 64).tolist() == [[0, 31, 63]]
