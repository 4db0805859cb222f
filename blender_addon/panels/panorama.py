"""A panorama of a room, and where it was taken."""

from __future__ import annotations

import bpy

from .. import panorama
from .drawing import InSidebar, note, wrapped


class GREYBOX_PT_panorama(InSidebar, bpy.types.Panel):
    bl_label = "Panorama"
    bl_idname = "GREYBOX_PT_panorama"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout, scene = self.layout, context.scene
        settings = scene.greybox.panorama
        row = layout.row(align=True)
        row.operator("greybox.open_panorama", icon="FILE_IMAGE")
        if settings.image is None:
            wrapped(layout, "A 360 degree picture of a room. You can also drop one on the viewport", "INFO")
            return
        row.operator("greybox.remove_panorama", text="", icon="X")
        width, height = settings.image.size
        layout.label(text=f"{settings.image.name}, {width} x {height}", icon="IMAGE_DATA", translate=False)
        wrong = panorama.problem(settings.image)
        if wrong is not None:
            note(layout, wrong.message, wrong.remedy)
        _where(layout, settings)
        shown = panorama.shown(scene)
        layout.operator("greybox.preview_panorama", icon="WORLD", depress=shown)
        if shown and not _world_is_seen(context.space_data.shading):
            wrapped(layout, "This viewport shows the world in Rendered shading", "INFO")
        column = layout.column()
        column.scale_y = 1.4
        column.operator("greybox.generate_room", icon="PLAY")
        missing, remedy = panorama.missing_generator()
        if missing:
            wrapped(layout, f"{missing}. {remedy}", "INFO")


def _world_is_seen(shading: bpy.types.View3DShading) -> bool:
    if shading.type == "RENDERED":
        return shading.use_scene_world_render
    return shading.type == "MATERIAL" and shading.use_scene_world


def _where(layout: bpy.types.UILayout, settings: bpy.types.PropertyGroup) -> None:
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "location")
    column.operator("greybox.panorama_at_cursor", text="At the Cursor", icon="CURSOR")
    column.prop(settings, "height")
    column.prop(settings, "heading")


_classes = (GREYBOX_PT_panorama,)

register, unregister = bpy.utils.register_classes_factory(_classes)
