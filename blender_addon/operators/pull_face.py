"""Pull one face of a box with the mouse; the arrows at the active box start it."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.app.translations import pgettext_rpt as rpt_
from bpy.props import EnumProperty, FloatProperty

from .. import boxes, faces, scene_reader, viewport
from ..sketch import DIGITS, along_line, snapped
from .polling import InObjectMode

SMALLEST = 0.01  # metres
SIDES = [
    ("LEFT", "Left", "The face at -X", 0, -1),
    ("RIGHT", "Right", "The face at +X", 0, 1),
    ("FRONT", "Front", "The face at -Y", 1, -1),
    ("BACK", "Back", "The face at +Y", 1, 1),
    ("FLOOR", "Floor", "The face that the box stands on", 2, -1),
    ("TOP", "Top", "The lid", 2, 1),
]
AXES = {name: (axis, side) for name, _, _, axis, side in SIDES}
HINT = "Drag the face   |   Ctrl: snap   |   0-9: size   |   Esc: cancel"


class GREYBOX_OT_pull_face(InObjectMode, bpy.types.Operator):
    """Pull one face of the active box; the opposite face stays where it is"""

    bl_idname = "greybox.pull_face"
    bl_label = "Pull Face"
    bl_options = {"REGISTER", "UNDO", "BLOCKING"}

    face: EnumProperty(name="Face", items=[item[:3] for item in SIDES], default="TOP")
    distance: FloatProperty(name="Distance", description="Outwards, in scene units", subtype="DISTANCE", unit="LENGTH")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not boxes.is_box(context.object):
            cls.poll_message_set("Select a layout box")
            return False
        return super().poll(context)

    def execute(self, context: bpy.types.Context) -> set[str]:
        box, (axis, side) = context.object, AXES[self.face]
        extent = faces.face(box, axis, side).extent
        if extent <= 0:
            words = rpt_("'{}' has no size along this axis: set its scale first")
            self.report({"ERROR"}, words.format(box.name))
            return {"CANCELLED"}
        least = SMALLEST / scene_reader.metres_per_unit(context.scene)
        faces.pull(box, axis, side, faces.Stance.of(box), max(extent + self.distance, least) / extent)
        return {"FINISHED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if context.region_data is None:
            return self.execute(context)
        self.box, (self.axis, self.side) = context.object, AXES[self.face]
        self.begin, self.stance = faces.face(self.box, self.axis, self.side), faces.Stance.of(self.box)
        if self.begin.extent <= 0:
            return self.execute(context)  # says what is wrong
        self.metres, self.typed, self.extent = scene_reader.metres_per_unit(context.scene), "", self.begin.extent
        self.offset = self._along(context, event) or 0.0
        self.ghost = viewport.Ghost(context)
        context.workspace.status_text_set(HINT)
        context.window_manager.modal_handler_add(self)
        self._apply(context)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            self.cancel(context)
            return {"CANCELLED"}
        if self._confirmed(event):
            self.distance = self.extent - self.begin.extent
            self._leave(context)
            return {"FINISHED"}
        if event.type == "MOUSEMOVE" and not self.typed:
            along = self._along(context, event)
            if along is not None:
                step = viewport.snap_step(context, event, self.metres)
                self.extent = snapped(self.begin.extent + along - self.offset, step)
                self._apply(context)
        elif event.value == "PRESS" and self._type(event):
            self._apply(context)
        return {"RUNNING_MODAL"}

    def cancel(self, context: bpy.types.Context) -> None:
        self.stance.restore(self.box)
        self._leave(context)

    def _confirmed(self, event: bpy.types.Event) -> bool:
        if event.type in {"RET", "NUMPAD_ENTER"}:
            return event.value == "PRESS"
        return event.type == "LEFTMOUSE" and event.value == ("PRESS" if self.typed else "RELEASE")

    def _along(self, context: bpy.types.Context, event: bpy.types.Event) -> float | None:
        return along_line(*viewport.ray(context, event), self.begin.centre, self.begin.outward)

    def _type(self, event: bpy.types.Event) -> bool:
        """Typed digits are the new size across the face."""
        if event.type == "BACK_SPACE":
            self.typed = self.typed[:-1]
        elif event.ascii and event.ascii in DIGITS:
            self.typed += event.ascii
        else:
            return False
        try:
            self.extent = float(self.typed.replace(",", "."))
        except ValueError:
            return False  # "." is a beginning
        return True

    def _apply(self, context: bpy.types.Context) -> None:
        self.extent = max(self.extent, SMALLEST / self.metres)
        faces.pull(self.box, self.axis, self.side, self.stance, self.extent / self.begin.extent)
        change = self.extent - self.begin.extent
        sign = "+" if change >= 0 else "-"
        words = f"{viewport.length(context.scene, self.extent)}  ({sign}{viewport.length(context.scene, abs(change))})"
        self.ghost.show([], [(self.begin.centre + self.begin.outward * change, words)])
        context.area.header_text_set(f"{self.face.title()}: {words}")

    def _leave(self, context: bpy.types.Context) -> None:
        self.ghost.remove()
        context.workspace.status_text_set(None)
        context.area.header_text_set(None)


def register() -> None:
    bpy.utils.register_class(GREYBOX_OT_pull_face)


def unregister() -> None:
    bpy.utils.unregister_class(GREYBOX_OT_pull_face)
