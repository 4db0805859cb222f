"""Will it fit: expected peaks against what is free, and the settings that make it fit. No bpy."""

import pytest
from greybox.backend.generators.catalogue import DRAFT, SEETHROUGH3D
from greybox.backend.protocol.messages import Device
from greybox.backend.protocol.options import ChoiceOption, GeneratorInfo
from greybox.blender_addon import preflight

CPU = Device(name="cpu", label="", memory_gb=64, free_gb=60)
PIXELS = {"width": 1024, "height": 1024}


def gpu(free):
    return CPU, Device(name="cuda:0", label="GPU", memory_gb=24, free_gb=free)


def test_what_needs_no_gpu_needs_nothing():
    assert preflight.need(DRAFT, {}, (CPU,)) is None


def test_the_picture_counts():
    small, large = (preflight.peak_gb(SEETHROUGH3D, "bf16", {"width": s, "height": s}) for s in (512, 2048))
    assert dict(SEETHROUGH3D.memory_gb)["bf16"] == preflight.peak_gb(SEETHROUGH3D, "bf16", PIXELS)
    assert large - small == pytest.approx(2.0 * (2048**2 - 512**2) / 1e6)


def test_automatic_is_the_first_mode_that_fits():
    assert preflight.need(SEETHROUGH3D, {}, gpu(40)).mode == "bf16"
    tight = preflight.need(SEETHROUGH3D, {}, gpu(7))
    assert tight.mode == "stream" and tight.fits
    assert not preflight.need(SEETHROUGH3D, {}, gpu(2)).fits
    assert not preflight.need(SEETHROUGH3D, {"memory": "bf16"}, gpu(7)).fits


def test_without_a_gpu_it_says_so():
    found = preflight.need(SEETHROUGH3D, {}, (CPU,))
    assert not found.fits and "GPU" in found.text
    assert preflight.make_fit(SEETHROUGH3D, {}, (CPU,)) is None


def test_make_it_fit_changes_the_mode_before_the_size():
    changes = preflight.make_fit(SEETHROUGH3D, {"memory": "bf16", **PIXELS}, gpu(7))
    assert changes == {"memory": "stream"}


@pytest.mark.parametrize("free", [4.2, 4.6, 5.0, 7.0, 24.0])
def test_what_was_made_to_fit_fits(free):
    values = {"memory": "bf16", "width": 2048, "height": 1536}
    changed = {**values, **preflight.make_fit(SEETHROUGH3D, values, gpu(free))}
    found = preflight.need(SEETHROUGH3D, changed, gpu(free))
    assert found.fits and found.peak_gb <= free
    assert changed["width"] % 16 == 0 and changed["width"] / changed["height"] == pytest.approx(4 / 3, rel=0.05)


def test_nothing_fits_into_nothing():
    assert preflight.make_fit(SEETHROUGH3D, {}, gpu(1)) is None


def test_a_generator_with_modes_only():
    choice = ChoiceOption(name="memory", label="", tooltip="", default="all", choices=(("few", "Few"), ("all", "All")))
    info = GeneratorInfo(
        name="g", label="G", description="", gives=("mesh",), takes=("image",), options=(choice,),
        memory_gb=(("all", 20.0), ("few", 8.0)),
    )  # fmt: skip
    assert preflight.make_fit(info, {}, gpu(10)) == {"memory": "few"}
    assert preflight.need(info, {}, gpu(10)).mode == "all"
