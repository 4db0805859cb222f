"""Presets of the generate settings: shipped ones, and the user's own with the options of every generator."""

from pathlib import Path

import bpy
import pytest
from greybox.blender_addon import generator_options
from greybox.blender_addon.operators import presets

SHIPPED = sorted((Path(presets.SHIPPED) / "presets" / presets.SUBFOLDER).glob("*.py"))


@pytest.fixture(autouse=True)
def _label(monkeypatch):
    """Blender writes the name of the chosen preset into the class."""
    monkeypatch.setattr(presets.GREYBOX_PT_generate_presets, "bl_label", "Generate Presets")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_preset_is_found_and_sets_the_budgets(blender, path):
    assert str(path.parent) in [str(Path(folder)) for folder in bpy.utils.preset_paths(presets.SUBFOLDER)]
    blender.scene.greybox.triangles = 777
    result = bpy.ops.script.execute_preset(filepath=str(path), menu_idname="GREYBOX_PT_generate_presets")
    assert result == {"FINISHED"} and blender.scene.greybox.triangles != 777


def test_ones_own_preset_keeps_options_of_generators(blender, tmp_path, monkeypatch):
    monkeypatch.setattr(bpy.utils, "user_resource", lambda kind, path="", create=False: str(tmp_path))
    settings = blender.scene.greybox
    settings.texture_size, settings.fit = "2048", "fill"
    generator_options.write(blender.scene, "seethrough3d", {"steps": 12})
    assert bpy.ops.greybox.add_generate_preset(name="mine") == {"FINISHED"}
    (path,) = tmp_path.glob("*.py")
    settings.texture_size, settings.fit, settings.options = "256", "keep", ""
    bpy.ops.script.execute_preset(filepath=str(path), menu_idname="GREYBOX_PT_generate_presets")
    assert (settings.texture_size, settings.fit) == ("2048", "fill")
    assert generator_options.read(blender.scene) == {"seethrough3d": {"steps": 12}}
