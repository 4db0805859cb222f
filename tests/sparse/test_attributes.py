import torch

from backend.sparse.attributes import MASK, OPAQUE, Material, TexturedTriangles, mesh_to_attributes
from backend.sparse.dual_grid_encode import mesh_to_dual_grid
from backend.sparse.textures import CLAMP, LINEAR, MIRROR, NEAREST, REPEAT, Texture


def sheet(height: float = 0.4321) -> TexturedTriangles:
    """A unit square at a height, measured from the low corner of the box; uv = xy."""
    corners = torch.tensor([[0, 0], [1, 0], [1, 1], [0, 1.0]]) * 0.9 + 0.05
    faces = torch.tensor([[0, 1, 2], [0, 2, 3]])
    points = torch.nn.functional.pad(corners, (0, 1), value=height)
    normals = torch.tensor([0.0, 0, 1]).expand(2, 3, 3)
    return TexturedTriangles(points[faces], normals, corners[faces], torch.zeros(2, dtype=torch.long))


def test_factors_reach_the_voxels_of_the_dual_grid() -> None:
    triangles, material = sheet(), Material((0.2, 0.4, 0.6), metallic=0.3, roughness=0.7)
    voxels = mesh_to_attributes(triangles, [material], torch.full((3,), 1 / 16), 16)
    corners = triangles.corners.reshape(-1, 3) - 0.5
    grid = mesh_to_dual_grid(corners, torch.arange(6).view(2, 3), 16)
    assert torch.equal(voxels.positions, grid.positions)
    torch.testing.assert_close(voxels.base_color, torch.tensor([0.2, 0.4, 0.6]).expand_as(voxels.base_color))
    torch.testing.assert_close(voxels.normal, torch.tensor([0.0, 0, 1]).expand_as(voxels.normal), atol=1e-5, rtol=0)
    assert (voxels.alpha == 1).all()


def test_a_texture_lies_the_right_way_up() -> None:
    ramp = torch.arange(16, dtype=torch.uint8)[:, None, None].expand(16, 16, 1).flip(0) * 16  # dark at the bottom row
    material = Material(textures={"roughness": Texture(ramp, NEAREST)})
    voxels = mesh_to_attributes(sheet(), [material], torch.full((3,), 1 / 16), 16)
    y, roughness = voxels.positions[:, 1].float(), voxels.roughness
    assert torch.corrcoef(torch.stack((y, roughness)))[0, 1] > 0.99


def test_alpha_modes() -> None:
    half = torch.full((1, 1, 1), 100, dtype=torch.uint8)
    place = torch.full((3,), 1 / 8), 8
    for mode, wanted in ((OPAQUE, 1.0), (MASK, 0.0)):
        material = Material(alpha_mode=mode, textures={"alpha": Texture(half)})
        assert (mesh_to_attributes(sheet(), [material], *place).alpha - wanted).abs().max() < 1e-6


def test_wrapping() -> None:
    pixels = torch.tensor([[[0], [255]]], dtype=torch.uint8)
    uv = torch.tensor([[1.25, 0.5], [-0.25, 0.5]])
    for wrap, wanted in ((REPEAT, [0, 1]), (CLAMP, [1, 0]), (MIRROR, [1, 0])):
        assert Texture(pixels, NEAREST, wrap).sample(uv, torch.ones(2)).flatten().tolist() == wanted


def test_a_stretched_sample_sees_the_average() -> None:
    checker = (torch.arange(64).view(8, 8, 1) + torch.arange(8).view(8, 1, 1)) % 2 * 200
    texture = Texture(checker.to(torch.uint8), LINEAR)
    uv = torch.rand(20, 2)
    assert (texture.sample(uv, torch.full((20,), 100.0)) - 100 / 255).abs().max() < 1e-6
    assert texture.sample(uv, torch.full((20,), 1e-3)).std() > 0.05
