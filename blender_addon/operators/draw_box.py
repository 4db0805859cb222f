"""Draw a box with the mouse: drag its footprint, then pull its height. A tool in the toolbar, and a button."""

# pyright: reportInvalidTypeForm=false, reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# (Blender reads properties from annotations; what `poll` has found is there in `execute`)
from __future__ import annotations

import bpy
from bpy.props import EnumProperty
from mathutils import Vector

from .. import boxes, presets, scene_reader, viewport
from ..sketch import Sketch, along_line, facing, on_plane, snapped
from .layout import PRESET_ITEMS
from .polling import InObjectMode

DRAG = 6  # pixels; less is a click
UPWARD = 0.7  # z of a surface's normal that a box can stand on
NAVIGATION = {"MIDDLEMOUSE", "WHEELUPMOUSE", "WHEELDOWNMOUSE", "TRACKPADPAN", "TRACKPADZOOM", "NDOF_MOTION"}
WHEEL = {"WHEELUPMOUSE": 1, "WHEELDOWNMOUSE": -1}
HINT = {
    "WAIT": "Drag the footprint   |   Click: real size   |   Esc: cancel",
    "BASE": "Drag the footprint   |   Ctrl: snap   |   0-9, Tab: sizes   |   Esc: cancel",
    "HEIGHT": "Move or scroll: height   |   Ctrl: snap   |   0-9, Tab: sizes   |   Click: done   |   Esc: cancel",
}


class GREYBOX_OT_draw_box(InObjectMode, bpy.types.Operator):
    """Drag the footprint of a layout box on the floor, then pull its height. A click places it in its real size"""

    bl_idname = "greybox.draw_box"
    bl_label = "Draw Layout Box"
    bl_options = {"UNDO", "BLOCKING"}

    preset: EnumProperty(name="Preset", items=PRESET_ITEMS)
    place: EnumProperty(
        name="On",
        description="What the box stands on",
        items=[
            ("SURFACE", "Surface", "The level surface under the mouse, or the floor"),
            ("FLOOR", "Floor", "The plane at height 0"),
            ("CURSOR", "Cursor", "The level plane through the 3D cursor"),
        ],
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.area is None or context.area.type != "VIEW_3D":
            cls.poll_message_set("Draw in a 3D viewport")
            return False
        return super().poll(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if context.region is None or context.region.type != "WINDOW" or context.region_data is None:
            self.report({"WARNING"}, "Draw in a 3D viewport")
            return {"CANCELLED"}
        self.stage, self.sketch, self.start = "WAIT", None, (0, 0)
        self.metres = scene_reader.metres_per_unit(context.scene)
        self.ghost = viewport.Ghost(context)
        if event.type == "LEFTMOUSE" and event.value in {"PRESS", "CLICK_DRAG"}:
            self._press(context, event)
        context.window.cursor_modal_set("CROSSHAIR")
        context.window_manager.modal_handler_add(self)
        self._tell(context)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            return self._end(context, {"CANCELLED"})
        if event.type in {"RET", "NUMPAD_ENTER"} and event.value == "PRESS" and self.sketch is not None:
            return self._finish(context)
        if self.sketch is not None and event.value == "PRESS" and self._typed(event):
            self._show(context)
            return {"RUNNING_MODAL"}
        if self.stage == "HEIGHT" and event.type in WHEEL:
            step = viewport.STEP / self.metres
            self.sketch.height = max(snapped(self.sketch.height, step) + WHEEL[event.type] * step, step)
            self._show(context)
            return {"RUNNING_MODAL"}
        if event.type in NAVIGATION:
            return {"PASS_THROUGH"}
        if event.type == "MOUSEMOVE":
            self._move(context, event)
        elif event.type == "LEFTMOUSE" and event.value == "PRESS":
            if self.stage == "HEIGHT":
                return self._finish(context)
            self._press(context, event)
        elif event.type == "LEFTMOUSE" and event.value == "RELEASE" and self.stage == "BASE":
            return self._release(context, event)
        return {"RUNNING_MODAL"}

    def cancel(self, context: bpy.types.Context) -> None:
        self._end(context, {"CANCELLED"})

    # ---- steps

    def _press(self, context: bpy.types.Context, event: bpy.types.Event) -> None:
        origin, direction = viewport.ray(context, event)
        point = on_plane(origin, direction, self._plane(context, origin, direction))
        if point is None:
            self.report({"WARNING"}, "The floor is not under the mouse: look at it from above")
            return
        point = self._snapped(context, event, point)
        self.sketch = Sketch(point, point.copy(), turn=facing(direction))
        self.start, self.stage = (event.mouse_x, event.mouse_y), "BASE"
        self._tell(context)

    def _plane(self, context: bpy.types.Context, origin: Vector, direction: Vector) -> float:
        if self.place == "CURSOR":
            return context.scene.cursor.location.z
        if self.place == "SURFACE":
            graph = context.evaluated_depsgraph_get()
            hit, point, normal, *_ = context.scene.ray_cast(graph, origin, direction)
            if hit and normal.z > UPWARD:
                return point.z
        return 0.0

    def _snapped(self, context: bpy.types.Context, event: bpy.types.Event, point: Vector) -> Vector:
        step = viewport.snap_step(context, event, self.metres)
        return Vector((snapped(point.x, step), snapped(point.y, step), point.z))

    def _move(self, context: bpy.types.Context, event: bpy.types.Event) -> None:
        if self.sketch is None:
            return
        origin, direction = viewport.ray(context, event)
        if self.stage == "BASE":
            point = on_plane(origin, direction, self.sketch.anchor.z)
            if point is not None:
                self.sketch.corner = self._snapped(context, event, point)
        else:
            height = along_line(origin, direction, self.sketch.corner, Vector((0.0, 0.0, 1.0)))
            if height is not None:
                self.sketch.height = max(snapped(height, viewport.snap_step(context, event, self.metres)), 0.0)
        self._show(context)

    def _release(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        x, y = self.start
        if max(abs(event.mouse_x - x), abs(event.mouse_y - y)) < DRAG and not any(self.sketch.typed):
            return self._click(context)
        self.stage = "HEIGHT"
        self.sketch.field_index = 2
        self._tell(context)
        return {"RUNNING_MODAL"}

    def _click(self, context: bpy.types.Context) -> set[str]:
        """A click is a box of real size that stands around the spot."""
        preset = presets.BY_NAME.get(self.preset)
        width, depth, height = (side / self.metres for side in (preset.size if preset else (1.0, 1.0, 1.0)))
        x, y = (depth, width) if self.sketch.swapped else (width, depth)
        spot = self.sketch.anchor
        self.sketch.anchor = spot - Vector((x / 2, y / 2, 0.0))
        self.sketch.corner = spot + Vector((x / 2, y / 2, 0.0))
        self.sketch.height = height
        return self._finish(context)

    def _typed(self, event: bpy.types.Event) -> bool:
        if event.type == "BACK_SPACE":
            self.sketch.erase()
        elif event.type == "TAB":
            self.sketch.next_side()
        else:
            return self.sketch.type(event.ascii)
        return True

    def _finish(self, context: bpy.types.Context) -> set[str]:
        if not self.sketch.solid:
            self.report({"WARNING"}, "A box needs a width, a depth and a height")
            return {"RUNNING_MODAL"} if self.stage == "HEIGHT" else self._end(context, {"CANCELLED"})
        preset, sketch = presets.BY_NAME.get(self.preset), self.sketch
        name, prompt = (preset.name, preset.prompt) if preset else ("Box", "")
        box = boxes.add_box(context.scene, name, prompt, sketch.floor_centre, sketch.size, sketch.rotation)
        boxes.select_only(context, box)
        return self._end(context, {"FINISHED"})

    def _end(self, context: bpy.types.Context, result: set[str]) -> set[str]:
        self.ghost.remove()
        context.window.cursor_modal_restore()
        context.workspace.status_text_set(None)
        if context.area is not None:
            context.area.header_text_set(None)
        return result

    def _show(self, context: bpy.types.Context) -> None:
        corners = self.sketch.corners()
        marked = self.sketch.field_index if any(self.sketch.typed) else -1
        self.ghost.show(corners, viewport.side_labels(context.scene, corners, marked))
        sides = " x ".join(viewport.length(context.scene, side) for side in self.sketch.size)
        context.area.header_text_set(f"Width x Depth x Height: {sides}")

    def _tell(self, context: bpy.types.Context) -> None:
        context.workspace.status_text_set(HINT[self.stage])


class GREYBOX_WT_draw_box(bpy.types.WorkSpaceTool):
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"
    bl_idname = "greybox.draw_box_tool"
    bl_label = "Layout Box"
    bl_description = "Drag the footprint of a layout box on the floor, then pull its height"
    bl_icon = "ops.transform.resize.cage"  # Add Cube has the other one
    bl_widget = None
    bl_keymap = (
        ("greybox.draw_box", {"type": "LEFTMOUSE", "value": "PRESS"}, {"properties": []}),
        ("greybox.draw_box", {"type": "LEFTMOUSE", "value": "PRESS", "ctrl": True}, {"properties": []}),  # snaps
    )

    @staticmethod
    def draw_settings(_context: bpy.types.Context, layout: bpy.types.UILayout, tool: bpy.types.WorkSpaceTool) -> None:
        properties = tool.operator_properties("greybox.draw_box")
        layout.prop(properties, "preset")
        layout.prop(properties, "place")


def register() -> None:
    bpy.utils.register_class(GREYBOX_OT_draw_box)
    bpy.utils.register_tool(GREYBOX_WT_draw_box, after={"builtin.measure"}, separator=True)


def unregister() -> None:
    bpy.utils.unregister_tool(GREYBOX_WT_draw_box)
    bpy.utils.unregister_class(GREYBOX_OT_draw_box)
