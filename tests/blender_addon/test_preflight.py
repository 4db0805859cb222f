"""Will it fit: expected peaks against what is free, and the settings that make it fit. No bpy."""

import pytest
from greybox.backend.generators.catalogue import DRAFT
from greybox.backend.protocol.messages import Device
from greybox.backend.protocol.options import ChoiceOption, GeneratorInfo, IntOption
from greybox.blender_addon import preflight

PAINTER = GeneratorInfo(
    name="painter",
    label="Painter",
    description="",
    gives=("image",),
    takes=("box", "camera"),
    options=(
        IntOption(name="width", label="", tooltip="", default=1024, minimum=256, maximum=2048, step=16),
        IntOption(name="height", label="", tooltip="", default=1024, minimum=256, maximum=2048, step=16),
        ChoiceOption(name="memory", label="", tooltip="", default="auto",
                     choices=(("auto", "Automatic"), ("bf16", "All"), ("stream", "Streamed"))),
    ),
    memory_gb=(("bf16", 20.8), ("stream", 5.6)),
    megapixel_gb=2.0,
)  # fmt: skip
CPU = Device(name="cpu", label="", memory_gb=64, free_gb=60)
PIXELS = {"width": 1024, "height": 1024}


def gpu(free):
    return CPU, Device(name="cuda:0", label="GPU", memory_gb=24, free_gb=free)


def test_what_needs_no_gpu_needs_nothing():
    assert preflight.need(DRAFT, {}, (CPU,)) is None


def test_the_picture_counts():
    small, large = (preflight.peak_gb(PAINTER, "bf16", {"width": s, "height": s}) for s in (512, 2048))
    assert dict(PAINTER.memory_gb)["bf16"] == preflight.peak_gb(PAINTER, "bf16", PIXELS)
    assert large - small == pytest.approx(2.0 * (2048**2 - 512**2) / 1e6)


def test_automatic_is_the_first_mode_that_fits():
    assert preflight.need(PAINTER, {}, gpu(40)).mode == "bf16"
    tight = preflight.need(PAINTER, {}, gpu(7))
    assert tight.mode == "stream" and tight.fits
    assert not preflight.need(PAINTER, {}, gpu(2)).fits
    assert not preflight.need(PAINTER, {"memory": "bf16"}, gpu(7)).fits


def test_without_a_gpu_it_says_so():
    found = preflight.need(PAINTER, {}, (CPU,))
    assert not found.fits and "GPU" in found.text
    assert preflight.make_fit(PAINTER, {}, (CPU,)) is None


def test_make_it_fit_changes_the_mode_before_the_size():
    changes = preflight.make_fit(PAINTER, {"memory": "bf16", **PIXELS}, gpu(7))
    assert changes == {"memory": "stream"}


@pytest.mark.parametrize("free", [4.2, 4.6, 5.0, 7.0, 24.0])
def test_what_was_made_to_fit_fits(free):
    values = {"memory": "bf16", "width": 2048, "height": 1536}
    changed = {**values, **preflight.make_fit(PAINTER, values, gpu(free))}
    found = preflight.need(PAINTER, changed, gpu(free))
    assert found.fits and found.peak_gb <= free
    assert changed["width"] % 16 == 0 and changed["width"] / changed["height"] == pytest.approx(4 / 3, rel=0.05)


def test_nothing_fits_into_nothing():
    assert preflight.make_fit(PAINTER, {}, gpu(1)) is None


def test_a_generator_with_modes_only():
    choice = ChoiceOption(name="memory", label="", tooltip="", default="all", choices=(("few", "Few"), ("all", "All")))
    info = GeneratorInfo(
        name="g", label="G", description="", gives=("mesh",), takes=("image",), options=(choice,),
        memory_gb=(("all", 20.0), ("few", 8.0)),
    )  # fmt: skip
    assert preflight.make_fit(info, {}, gpu(10)) == {"memory": "few"}
    assert preflight.need(info, {}, gpu(10)).mode == "all"


def test_what_ran_out_of_memory_although_it_should_fit_steps_down():
    assert preflight.step_down(PAINTER, PIXELS, gpu(30)) == {"memory": "stream"}
    smaller = preflight.step_down(PAINTER, {"memory": "stream", **PIXELS}, gpu(30))
    assert smaller["width"] < 1024 and smaller["height"] % 16 == 0
    assert preflight.step_down(PAINTER, {"memory": "stream", "width": 512, "height": 512}, gpu(30)) is None
    assert preflight.step_down(DRAFT, {}, gpu(30)) is None
