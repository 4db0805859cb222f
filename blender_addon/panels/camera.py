"""The camera that the picture is made through, and what the image model sees through it."""

from __future__ import annotations

import bpy

from .. import condition_overlay, condition_picture, jobs, pictures
from .drawing import InSidebar, note, wrapped

PICTURE_SCALE = 8.0  # of an icon
FIXABLE = ("Camera rotation", "Camera shift", "Camera pixel aspect")


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
        if scene.camera is None or scene.camera.type != "CAMERA":
            return
        layout.prop(scene.camera.data, "lens")
        column = layout.column(align=True)
        column.prop(scene.greybox, "elevation")
        column.prop(scene.greybox, "heading")
        column = layout.column(align=True)
        column.prop(scene.render, "resolution_x", text="Resolution X")
        column.prop(scene.render, "resolution_y", text="Y")
        layout.operator_menu_enum("greybox.set_aspect", "aspect", text="Aspect", icon="FULLSCREEN_ENTER")


class GREYBOX_PT_condition(InSidebar, bpy.types.Panel):
    bl_label = "Condition"
    bl_idname = "GREYBOX_PT_condition"
    bl_parent_id = "GREYBOX_PT_camera"

    def draw(self, context: bpy.types.Context) -> None:
        layout, settings = self.layout, context.scene.greybox
        row = layout.row(align=True)
        row.prop(settings, "condition_overlay", toggle=True, icon="OVERLAY")
        if settings.condition_overlay:
            row.prop(settings, "condition_opacity", text="", slider=True)
        row = layout.row(align=True)
        row.operator("greybox.exact_condition", icon="RENDER_STILL")
        row.prop(settings, "renderer", text="")
        current = jobs.session()
        job = current.book.jobs.get(settings.condition_job) if current is not None else None
        if job is not None and not job.ended:
            layout.progress(factor=job.factor, type="BAR", text=f"{job.stage or job.state} {job.text}".strip())
        elif job is not None and job.state == "failed":
            note(layout, job.message, job.remedy)
        if settings.condition_image is not None:
            icon = pictures.icon(condition_picture.ICON)
            if icon:
                layout.template_icon(icon_value=icon, scale=PICTURE_SCALE)
            layout.operator("greybox.open_condition", icon="WINDOW")
        self._warnings(context)

    def _warnings(self, context: bpy.types.Context) -> None:
        """What of this camera and these boxes the image model does not see as it is here."""
        read = condition_overlay.overlay_of(context.scene).reader.read(context.scene)
        if read.error:
            note(self.layout, read.error, read.remedy)
        if broken := condition_overlay.broken():
            note(self.layout, broken, "The live condition cannot be drawn here: use Exact Condition.")
        for warning in read.warnings:
            wrapped(self.layout.column(align=True), warning, "INFO")
        if read.error or any(word in warning for warning in read.warnings for word in FIXABLE):
            self.layout.operator("greybox.fit_camera", icon="MODIFIER")


_classes = (GREYBOX_PT_camera, GREYBOX_PT_condition)

register, unregister = bpy.utils.register_classes_factory(_classes)
