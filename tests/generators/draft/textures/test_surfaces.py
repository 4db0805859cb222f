"""Every material of the table, on a ball."""

import numpy as np
import pytest
import torch

from backend.generators.draft.materials import MATERIALS, Recipe, draw
from backend.generators.draft.textures.fabric import PATTERNS
from backend.generators.draft.textures.noise import blobs, cell_number, cells, hashed
from backend.generators.draft.textures.surface import Places


def ball(count: int = 3000, texel: float = 0.002) -> Places:
    rng = torch.Generator().manual_seed(0)
    normal = torch.nn.functional.normalize(torch.randn(count, 3, generator=rng), dim=1)
    position = normal * 0.3
    return Places(
        position=position,
        grained=position,
        across=normal[:, :2] * 0.5 + 0.5,
        girth=torch.full((count, 2), 0.6),
        normal=normal,
        local=normal * 0.5 + 0.5,
        extent=torch.full((count, 3), 0.6),
        asset=normal * 0.5 + 0.5,
        piece=torch.arange(count) % 7,
        pixel=torch.stack([torch.arange(count) % 64, torch.arange(count) // 64], 1).float(),
        occlusion=torch.ones(count),
        texel=texel,
    )


PLACES = ball()


@pytest.mark.parametrize("name", MATERIALS)
def test_material(name: str):
    layer = draw(MATERIALS[name], np.random.default_rng(0)).layer(PLACES)
    count = len(PLACES)
    assert layer.color.shape == (count, 3)
    for value in (layer.color, layer.roughness, layer.height, layer.metallic, layer.alpha, layer.emission):
        assert value is None or torch.isfinite(value).all()
    assert layer.color.min() >= -0.02 and layer.color.max() <= 1.05
    assert layer.roughness.min() > -0.05 and layer.roughness.max() < 1.2
    assert layer.height.abs().max() < 0.05
    assert layer.metallic is None or (layer.metallic.min() >= 0 and layer.metallic.max() <= 1)
    assert layer.alpha is None or (layer.alpha.min() > 0 and layer.alpha.max() <= 1)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_of_two_colours(pattern: str):
    recipe = Recipe(MATERIALS["cotton"], (0.9, 0.9, 0.9), pattern=pattern, second=(0.1, 0.1, 0.6))
    red, blue = recipe.layer(PLACES).color[:, 0], recipe.layer(PLACES).color[:, 2]
    assert (red < 0.35).any() and (red > 0.6).any() and blue.min() > 0.2


def test_text_is_written_once_on_the_front():
    plain, written = (Recipe(MATERIALS["paper"], (0.9, 0.9, 0.9), text=text).layer(PLACES) for text in ("", "CVPR"))
    inked = (plain.color - written.color).abs().sum(1) > 0.5
    assert 20 < inked.sum() < 1000
    assert (PLACES.normal[inked, 1] < 0).all()


def test_noise_is_centred_and_repeats_without_a_seam():
    field = blobs(PLACES.position * 10, 0.1)
    assert field.mean().abs() < 0.05 and field.abs().quantile(0.98) < 1.0
    near = blobs(PLACES.position * 10 + 1e-4, 0.1)
    assert (near - field).abs().max() < 0.05
    border, inside = cells(PLACES.position, 0.1).unbind(1)
    assert border.min() > -1e-3 and inside.max() < 1.8
    number = cell_number(PLACES.position, 0.1)
    assert number.min() >= 0 and number.max() < 1


def test_hashed_numbers_are_even_and_independent():
    numbers = torch.arange(20_000)
    one, two = hashed(numbers, 1), hashed(numbers, 2)
    counts = torch.histc(one, 10, 0, 1)
    assert counts.min() > 1700 and counts.max() < 2300
    assert torch.corrcoef(torch.stack([one, two]))[0, 1].abs() < 0.03
