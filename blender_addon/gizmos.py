"""At the active box: six arrows, one a face, to pull it; a pen to write what it is."""

from __future__ import annotations

import bpy
from bpy_extras.view3d_utils import location_3d_to_region_2d, region_2d_to_location_3d
from mathutils import Matrix, Vector

from . import boxes, faces, overlay
from .operators.pull_face import AXES

COLOURS = ((0.96, 0.24, 0.32), (0.55, 0.86, 0.0), (0.17, 0.56, 1.0))  # Blender's own of X, Y and Z
FRONT = (1.0, 0.6, 0.1)
PEN_GAP = 16  # pixels at 100 % scale between the pen and the words
TRANSFORMING = {"builtin.move", "builtin.rotate", "builtin.scale", "builtin.scale_cage", "builtin.transform"}


class GREYBOX_GGT_faces(bpy.types.GizmoGroup):
    bl_idname = "GREYBOX_GGT_faces"
    bl_label = "Box Faces"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D", "PERSISTENT"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        box = context.object
        if context.mode != "OBJECT" or not boxes.is_box(box) or not box.select_get() or not box.visible_get():
            return False
        tool = context.workspace.tools.from_space_view3d_mode("OBJECT")
        return tool is None or tool.idname not in TRANSFORMING  # their own arrows are enough

    def setup(self, context: bpy.types.Context) -> None:
        self.arrows = {}
        for name, (axis, side) in AXES.items():
            arrow = self.gizmos.new("GIZMO_GT_arrow_3d")
            arrow.target_set_operator("greybox.pull_face").face = name
            arrow.draw_style, arrow.length = "BOX", 0.35
            arrow.color = FRONT if name == "FRONT" else COLOURS[axis]
            arrow.color_highlight = (1.0, 1.0, 1.0)
            arrow.alpha, arrow.alpha_highlight = 0.8, 1.0
            arrow.scale_basis = 0.8
            self.arrows[axis, side] = arrow
        self.pen = self.gizmos.new("GIZMO_GT_button_2d")
        self.pen.target_set_operator("greybox.edit_prompt")
        self.pen.icon, self.pen.draw_options = "GREASEPENCIL", {"BACKDROP", "OUTLINE"}
        self.pen.color, self.pen.color_highlight = (0.1, 0.1, 0.1), (0.35, 0.35, 0.35)
        self.pen.alpha, self.pen.alpha_highlight = 0.6, 0.9
        self.pen.scale_basis = 0.12

    def draw_prepare(self, context: bpy.types.Context) -> None:
        box = context.object
        if not boxes.is_box(box):
            return
        for (axis, side), arrow in self.arrows.items():
            if arrow.is_modal:
                continue  # it follows the mouse by itself
            face = faces.face(box, axis, side)
            turn = face.outward.to_track_quat("Z", "Y")
            arrow.matrix_basis = Matrix.LocRotScale(face.centre, turn, None)
        place = _before_label(context, box)
        self.pen.hide = place is None
        if place is not None:
            self.pen.matrix_basis = Matrix.Translation(place)


def _before_label(context: bpy.types.Context, box: bpy.types.Object) -> Vector | None:
    """The place in the world that is seen left of the words at the box, away from the arrows; None when unseen."""
    region, view = context.region, context.region_data
    anchor = overlay.anchor(box)
    point = location_3d_to_region_2d(region, view, anchor)
    if point is None:
        return None
    left, middle = overlay.left_of(context, box)
    gap = PEN_GAP * context.preferences.system.ui_scale
    return region_2d_to_location_3d(region, view, (point.x - left - gap, point.y + middle), anchor)


def register() -> None:
    bpy.utils.register_class(GREYBOX_GGT_faces)


def unregister() -> None:
    bpy.utils.unregister_class(GREYBOX_GGT_faces)
