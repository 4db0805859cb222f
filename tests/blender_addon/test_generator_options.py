"""The options of a generator as properties: in the file, on the wire, and of generators that are not there."""

import bpy
import pytest
from greybox.backend.protocol import messages as m
from greybox.backend.protocol.options import BoolOption, ChoiceOption, FloatOption, GeneratorInfo, IntOption
from greybox.blender_addon import generator_options as options
from greybox.blender_addon import jobs

from .test_jobs import run

INFO = GeneratorInfo(
    name="maker",
    label="Maker",
    description="",
    gives=("mesh",),
    takes=("box",),
    options=(
        IntOption(name="side", label="Side", tooltip="Pixels", default=64, minimum=16, maximum=128, step=16),
        FloatOption(name="guidance", label="Guidance", tooltip="How closely", default=3.5, minimum=1.0, maximum=10.0),
        BoolOption(name="fine", label="Fine", tooltip="Slower", default=True),
        ChoiceOption(name="memory", label="Memory", tooltip="Where", default="b", choices=(("a", "A"), ("b", "B"))),
    ),
)


@pytest.fixture
def maker(blender):
    options.show((INFO,))
    return options.view(blender.scene, "maker")


def test_properties_have_the_words_ranges_and_defaults_of_the_hello(blender, maker):
    rna = maker.bl_rna.properties
    assert (rna["side"].name, rna["side"].description) == ("Side", "Pixels")
    assert (rna["side"].hard_min, rna["side"].hard_max, rna["side"].default) == (16, 128, 64)
    assert [item.name for item in rna["memory"].enum_items] == ["A", "B"]
    assert (maker.side, maker.fine, maker.memory) == (64, True, "b") and maker.guidance == pytest.approx(3.5)


def test_values_are_kept_in_the_scene_and_in_its_range(blender, maker):
    maker.side, maker.guidance, maker.fine, maker.memory = 100, 7.1, False, "a"
    assert options.read(blender.scene) == {"maker": {"side": 96, "guidance": 7.1, "fine": False, "memory": "a"}}
    assert (maker.side, maker.memory) == (96, "a")
    options.reset(blender.scene, "maker")
    assert maker.side == 64


def test_values_survive_the_file_and_a_generator_that_is_gone(blender, maker, tmp_path):
    maker.side = 32
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    options.show(())
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    scene = bpy.context.scene
    assert options.view(scene, "maker") is None and options.read(scene) == {"maker": {"side": 32}}
    options.show((INFO,))
    assert options.view(scene, "maker").side == 32


@pytest.mark.parametrize("text", ["", "not json", "[1]", '{"maker": {"side": "big", "memory": "z", "fine": 3}}'])
def test_a_text_from_anywhere_is_harmless(blender, maker, text):
    blender.scene.greybox.options = text
    assert (maker.side, maker.memory, maker.fine) == (64, "b", True)


def test_a_job_is_sent_what_its_generators_know(blender, maker):
    maker.side = 32
    options.write(blender.scene, "gone", {"x": 1})
    options.write(blender.scene, "maker", {"old": 1})
    assert options.for_job(blender.scene, ("maker", "gone"), (INFO,)) == {"maker": {"side": 32}}
    assert options.for_job(blender.scene, ("gone",), None) == {"gone": {"x": 1}}
    assert options.for_job(blender.scene, ("draft",), (INFO,)) == {}


def test_options_travel_with_the_job_and_stay_in_the_recipe(blender, backend, box):
    sofa = box()
    sofa.greybox.generator = "tar3d"
    options.write(blender.scene, "tar3d", {"detail": 6})
    jobs.generate(blender, [sofa])
    run()
    sent = next(message.job for message in backend.received if isinstance(message, m.Submit))
    assert sent.settings.options == {"tar3d": {"detail": 6}}
    assert '"detail":6' in sofa.greybox.variants[0].recipe
    assert options.view(blender.scene, "tar3d").detail == 6
