"""The camera that the picture is made through."""

from __future__ import annotations

import bpy

from .drawing import InSidebar


class GREYBOX_PT_camera(InSidebar, bpy.types.Panel):
    bl_label = "Camera"
    bl_idname = "GREYBOX_PT_camera"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.operator("greybox.frame_boxes", icon="CAMERA_DATA")
        layout.prop(scene, "camera")
        if scene.camera is not None and scene.camera.type == "CAMERA":
            layout.prop(scene.camera.data, "lens")
            column = layout.column(align=True)
            column.prop(scene.render, "resolution_x", text="Resolution X")
            column.prop(scene.render, "resolution_y", text="Y")


_classes = (GREYBOX_PT_camera,)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)


def unregister() -> None:
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
