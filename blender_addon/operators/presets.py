"""Presets of the generate settings, in Blender's own way: a menu, add, remove, files in the user's folder."""

from __future__ import annotations

from pathlib import Path

import bpy
from bl_operators.presets import AddPresetBase
from bl_ui.utils import PresetPanel

SUBFOLDER = "greybox/generate"
SHIPPED = str(Path(__file__).resolve().parents[1] / "shipped")
KEPT = ("texture_size", "triangles", "fit", "condition", "renderer", "views", "picture_first", "options")


class GREYBOX_PT_generate_presets(PresetPanel, bpy.types.Panel):
    bl_label = "Generate Presets"
    preset_subdir = SUBFOLDER
    preset_operator = "script.execute_preset"
    preset_add_operator = "greybox.add_generate_preset"


class GREYBOX_OT_add_generate_preset(AddPresetBase, bpy.types.Operator):
    """Keep these settings as a preset, or remove one"""

    bl_idname = "greybox.add_generate_preset"
    bl_label = "Add Generate Preset"
    preset_menu = "GREYBOX_PT_generate_presets"
    preset_subdir = SUBFOLDER
    preset_defines = ["settings = bpy.context.scene.greybox"]
    preset_values = [f"settings.{name}" for name in KEPT]


_classes = (GREYBOX_PT_generate_presets, GREYBOX_OT_add_generate_preset)


def register() -> None:
    bpy.utils.register_preset_path(SHIPPED)
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
    bpy.utils.unregister_preset_path(SHIPPED)
