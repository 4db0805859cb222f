"""Scenes that SeeThrough3D's own interface has saved, as layouts: by File > Import, or dropped on the viewport."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

from pathlib import Path

import bpy
from bpy.app.translations import pgettext_rpt as rpt_
from bpy.props import BoolProperty, FloatProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

from ...backend.protocol.errors import GreyboxError
from ...backend.protocol.seethrough3d import saved_scene
from .. import generator_options, scene_writer
from .layout import look_through_camera
from .polling import InObjectMode

OPTIONS = {"width": "width", "height": "height", "guidance_scale": "guidance", "num_inference_steps": "steps"}


class GREYBOX_OT_import_scene(InObjectMode, bpy.types.Operator, ImportHelper):
    """Open a scene that SeeThrough3D has saved (.pkl): boxes, prompts, camera and settings. No code in it is run"""

    bl_idname = "greybox.import_scene"
    bl_label = "Import SeeThrough3D Scene"
    bl_options = {"REGISTER", "UNDO"}

    filename_ext = ".pkl"
    filter_glob: StringProperty(default="*.pkl", options={"HIDDEN"})
    metres: FloatProperty(
        name="Metres per Unit", description="How long SeeThrough3D's unit is", default=1.0, min=0.01, max=100.0
    )
    new_scene: BoolProperty(
        name="In a New Scene", description="Leaves the objects of the current scene alone", default=True
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        path = Path(self.filepath)
        try:
            if path.stat().st_size > saved_scene.MAX_BYTES:
                self.report({"ERROR"}, rpt_("{} is too large to be a saved scene").format(path.name))
                return {"CANCELLED"}
            saved = saved_scene.read(path.read_bytes())
            spec = saved_scene.to_spec(saved, self.metres)
        except OSError as error:
            self.report({"ERROR"}, rpt_("{} cannot be read: {}").format(path.name, error.strerror))
            return {"CANCELLED"}
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
            return {"CANCELLED"}
        if self.new_scene and context.window is not None:
            context.window.scene = bpy.data.scenes.new(path.stem)
        scene_writer.write_scene(context, spec)
        given = {OPTIONS[name]: value for name, value in saved.inference.items() if name in OPTIONS}
        generator_options.write(context.scene, "seethrough3d", given)
        look_through_camera(context)
        return {"FINISHED"}


class GREYBOX_FH_saved_scene(bpy.types.FileHandler):
    bl_idname = "GREYBOX_FH_saved_scene"
    bl_label = "SeeThrough3D Scene"
    bl_import_operator = "greybox.import_scene"
    bl_file_extensions = ".pkl"

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        return context.area is not None and context.area.type == "VIEW_3D"


def _in_import_menu(self: bpy.types.Menu, context: bpy.types.Context) -> None:
    self.layout.operator("greybox.import_scene", text="SeeThrough3D Scene (.pkl)")


_classes = (GREYBOX_OT_import_scene, GREYBOX_FH_saved_scene)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)
    bpy.types.TOPBAR_MT_file_import.append(_in_import_menu)


def unregister() -> None:
    bpy.types.TOPBAR_MT_file_import.remove(_in_import_menu)
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
