"""What modal tools share in the 3D viewport: the ray under the mouse, a ghost of a box, lengths beside it."""

from __future__ import annotations

import blf
import bpy
import gpu
from bpy_extras.view3d_utils import location_3d_to_region_2d, region_2d_to_origin_3d, region_2d_to_vector_3d
from gpu_extras.batch import batch_for_shader
from mathutils import Vector

STEP = 0.1  # metres, with Ctrl
FINE = 0.01  # metres, with Ctrl and Shift
EDGES = ((0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7))
FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (2, 3, 7, 6), (0, 4, 5, 1), (0, 2, 6, 4), (1, 5, 7, 3))
FRONT = 3  # of FACES: -Y
LINE, BODY, FRONT_FILL = (1.0, 0.78, 0.25, 1.0), (1.0, 0.78, 0.25, 0.12), (1.0, 0.55, 0.1, 0.45)
TEXT_SIZE = 12  # points


def ray(context: bpy.types.Context, event: bpy.types.Event) -> tuple[Vector, Vector]:
    """(origin, unit direction) of what lies under the mouse."""
    place = (event.mouse_region_x, event.mouse_region_y)
    region, view = context.region, context.region_data
    return region_2d_to_origin_3d(region, view, place), region_2d_to_vector_3d(region, view, place)


def snap_step(context: bpy.types.Context, event: bpy.types.Event, metres: float) -> float:
    """In scene units; 0 for none. Ctrl turns the scene's snapping over, as everywhere in Blender."""
    if event.ctrl == context.scene.tool_settings.use_snap:
        return 0.0
    return (FINE if event.shift else STEP) / metres


def length(scene: bpy.types.Scene, value: float) -> str:
    """A length in scene units, in the words of the scene's unit system."""
    units = scene.unit_settings
    if units.system == "NONE":
        return f"{value:.2f}"
    return bpy.utils.units.to_string(units.system, "LENGTH", value * units.scale_length, precision=3)


class Ghost:
    """Lines, a translucent body and texts in one viewport region until it is removed."""

    def __init__(self, context: bpy.types.Context) -> None:
        self.corners: list[Vector] = []
        self.texts: list[tuple[Vector, str]] = []
        self._region = context.region
        draw = bpy.types.SpaceView3D.draw_handler_add
        self._handles = [draw(self._lines, (), "WINDOW", "POST_VIEW"), draw(self._words, (), "WINDOW", "POST_PIXEL")]

    def show(self, corners: list[Vector], texts: list[tuple[Vector, str]]) -> None:
        self.corners, self.texts = corners, texts
        self._region.tag_redraw()

    def remove(self) -> None:
        while self._handles:
            bpy.types.SpaceView3D.draw_handler_remove(self._handles.pop(), "WINDOW")
        self._region.tag_redraw()

    def _lines(self) -> None:
        if not self.corners or bpy.context.region != self._region:
            return
        gpu.state.blend_set("ALPHA")
        body = gpu.shader.from_builtin("UNIFORM_COLOR")
        sides = [face for index, face in enumerate(FACES) if index != FRONT]
        for faces, colour in ((sides, BODY), ([FACES[FRONT]], FRONT_FILL)):
            triangles = [part for a, b, c, d in faces for part in ((a, b, c), (a, c, d))]
            batch = batch_for_shader(body, "TRIS", {"pos": self.corners}, indices=triangles)
            body.bind()
            body.uniform_float("color", colour)
            batch.draw(body)
        outline = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
        points = [self.corners[i] for edge in EDGES for i in edge]
        batch = batch_for_shader(outline, "LINES", {"pos": points})
        outline.bind()
        outline.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
        outline.uniform_float("lineWidth", 2.0)
        outline.uniform_float("color", LINE)
        batch.draw(outline)
        gpu.state.blend_set("NONE")

    def _words(self) -> None:
        context = bpy.context
        if context.region == self._region:
            for point, text in self.texts:
                write(context, point, text)


def write(context: bpy.types.Context, point: Vector, text: str, colour: tuple = (1.0, 1.0, 1.0, 1.0)) -> None:
    """A shadowed text in the middle above a point of the world."""
    place = location_3d_to_region_2d(context.region, context.region_data, point)
    if place is None:
        return
    scale = context.preferences.system.ui_scale
    blf.size(0, TEXT_SIZE * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, 0.0, 0.0, 0.0, 0.9)
    blf.color(0, *colour)
    blf.position(0, place.x - blf.dimensions(0, text)[0] / 2, place.y + 4 * scale, 0)
    blf.draw(0, text)
    blf.disable(0, blf.SHADOW)


def side_labels(scene: bpy.types.Scene, corners: list[Vector], marked: int = -1) -> list[tuple[Vector, str]]:
    """Width, depth and height, each at the middle of an edge; corners as x slowest, z fastest."""
    ends = ((0, 4), (4, 6), (4, 5))  # along x and y on the floor, and upwards, at the front right
    texts = []
    for index, (a, b) in enumerate(ends):
        value = length(scene, (corners[b] - corners[a]).length)
        texts.append(((corners[a] + corners[b]) / 2, f"[{value}]" if index == marked else value))
    return texts
