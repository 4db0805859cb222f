"""Operators on the panorama: choose or drop one, say where it was taken, look at it, make a room of it."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import uuid

import bpy
from bpy.props import StringProperty

from ...backend.protocol.errors import GreyboxError
from .. import jobs, panorama
from ..panels.drawing import InSidebar


class _OnPanorama:
    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene.greybox.panorama.image is None:
            cls.poll_message_set("Open a panorama first, or drop one on the viewport")
            return False
        return True


class GREYBOX_OT_open_panorama(bpy.types.Operator):
    """Choose an equirectangular picture of a room, 360 by 180 degrees"""

    bl_idname = "greybox.open_panorama"
    bl_label = "Open Panorama"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_image: bpy.props.BoolProperty(default=True, options={"HIDDEN"})
    filter_folder: bpy.props.BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.filepath:  # dropped
            return self.execute(context)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            image = panorama.load(self.filepath)
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}")
            return {"CANCELLED"}
        panorama.choose(context.scene, image)
        return {"FINISHED"}


class GREYBOX_OT_preview_panorama(_OnPanorama, bpy.types.Operator):
    """Show the panorama as the world around the scene, or give the scene its own world back"""

    bl_idname = "greybox.preview_panorama"
    bl_label = "Preview as World"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        if panorama.shown(context.scene):
            panorama.hide(context.scene)
        else:
            panorama.show(context.scene)
        return {"FINISHED"}


class GREYBOX_OT_panorama_at_cursor(_OnPanorama, bpy.types.Operator):
    """Put the capture point on the floor below the 3D cursor"""

    bl_idname = "greybox.panorama_at_cursor"
    bl_label = "Capture Point to Cursor"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings, cursor = context.scene.greybox.panorama, context.scene.cursor.location
        settings.location = (cursor.x, cursor.y, settings.location[2])
        return {"FINISHED"}


class GREYBOX_OT_remove_panorama(_OnPanorama, bpy.types.Operator):
    """Take the panorama out of the scene; the scene gets its own world back"""

    bl_idname = "greybox.remove_panorama"
    bl_label = "Remove Panorama"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        panorama.remove(context.scene)
        return {"FINISHED"}


class GREYBOX_OT_generate_room(_OnPanorama, bpy.types.Operator):
    """Make a room with separate furniture of the panorama"""

    bl_idname = "greybox.generate_room"
    bl_label = "Generate Room"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not super().poll(context):
            return False
        missing, remedy = panorama.missing_generator()
        if missing:
            cls.poll_message_set(f"{missing}. {remedy}")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            request = panorama.request(context.scene, f"job-{uuid.uuid4().hex}")
            jobs.send(context, request, [], {"panorama": panorama.encoded(context.scene.greybox.panorama.image)})
        except GreyboxError as error:
            self.report({"ERROR"}, f"{error.message}. {error.remedy}".strip())
            return {"CANCELLED"}
        return {"FINISHED"}


class GREYBOX_FH_panorama(bpy.types.FileHandler):
    """A picture dropped on a 3D viewport whose sidebar shows our tab; anywhere else Blender's own ways hold"""

    bl_idname = "GREYBOX_FH_panorama"
    bl_label = "Greybox Panorama"
    bl_import_operator = "greybox.open_panorama"
    bl_file_extensions = ";".join(panorama.EXTENSIONS)

    @classmethod
    def poll_drop(cls, context: bpy.types.Context) -> bool:
        area = context.area
        if area is None or area.type != "VIEW_3D" or not area.spaces.active.show_region_ui:
            return False
        sidebar = next((region for region in area.regions if region.type == "UI"), None)
        return sidebar is not None and sidebar.active_panel_category == InSidebar.bl_category


_classes = (
    GREYBOX_OT_open_panorama,
    GREYBOX_OT_preview_panorama,
    GREYBOX_OT_panorama_at_cursor,
    GREYBOX_OT_remove_panorama,
    GREYBOX_OT_generate_room,
    GREYBOX_FH_panorama,
)

register, unregister = bpy.utils.register_classes_factory(_classes)
