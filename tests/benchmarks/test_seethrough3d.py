"""The benchmark runs, and the twin that it times computes the very same numbers as the product."""

import pytest
import torch

from backend.generators.seethrough3d import latents as lat
from backend.generators.seethrough3d.transformer import FluxConfig, LoraConfig

from . import seethrough3d as benchmark
from .plain_seethrough3d import velocity


def test_the_smoke_run_prints_its_table(capsys):
    benchmark.main(["--tiny"])
    printed = capsys.readouterr().out
    assert "bf16 64 px  2 boxes" in printed and "bf16 64 px  3 boxes" in printed
    assert "plain twin 64 px" in printed and "training 64 px" in printed


@torch.no_grad()
def test_the_plain_twin_gives_the_products_velocity():
    model = benchmark.random_model(benchmark.TINY, [LoraConfig(4)], torch.float32)
    for parameter in model.parameters():
        parameter.mul_(10)
    scene = benchmark.scene_of(benchmark.TINY, 64, 3, torch.device("cpu"), torch.float32)
    given = benchmark.plain_inputs(model, scene, 64, torch.float32)
    time, image = torch.tensor([400.0]), lat.pack(scene.noise)
    ids = torch.cat((torch.zeros(512, 3), lat.image_ids(8, 8), lat.condition_ids(8, 8)))
    prepared = model.prepare(given.text, given.condition, given.pooled, given.guidance, ids, scene.binding)
    ours = model(image, prepared, model.modulate(model.time_text_embed(time, given.guidance, given.pooled)))
    torch.testing.assert_close(ours, velocity(model, image, time, given), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("side", "seconds"), [(512, 0.0508), (1024, 0.131)])
def test_rooflines_are_those_of_the_measured_reference(side, seconds):
    assert benchmark.roofline(FluxConfig(), side, "bf16") == pytest.approx(seconds, rel=0.01)
    assert benchmark.roofline(FluxConfig(), side, "fp8") < 0.75 * seconds
