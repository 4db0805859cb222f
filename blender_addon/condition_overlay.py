"""The live condition: the layout as the image model will see it, drawn over the camera's frame or in a corner.

The picture is kept until box or camera moves; a redraw that changes nothing only shows it again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import blf
import bpy
import gpu
import numpy as np
from bpy.app.translations import pgettext_iface as iface_
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu.types import (
    GPUBatch,
    GPUIndexBuf,
    GPUOffScreen,
    GPUShader,
    GPUShaderCreateInfo,
    GPUStageInterfaceInfo,
    GPUVertBuf,
    GPUVertFormat,
)
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix, Vector

from ..backend.protocol.scene import view_frame
from . import condition_geometry, scene_reader
from .condition_layout import Reader

SIDE = 512  # pixels; what the model takes
INSET, MARGIN = 220, 16  # pixels at 100 % scale, where the view is not the camera's
INSET_SHARE = 0.4  # of the region's shorter side, at most
MASK = (0.0, 0.0, 0.0, 0.55)

# Blender's AgX on an sRGB display, fitted to its own transform over the dark colours that conditions have:
# matrix, polynomial in the logarithm, matrix. Mean error 0.3 of 255 levels, 99 % below 2.
AGX = """
vec3 display(vec3 linear)
{
  const mat3 inset = mat3(
    0.200411883, 0.000192613986, -0.00411339314,
    0.0106201405, 0.195484568, 0.000696669648,
    -0.0072444044, 0.0201625567, 0.215106574);
  const mat3 outset = mat3(
    2.88162584, 0.046985246, 0.0355077674,
    0.0232126069, 2.80584845, -0.0264414229,
    0.0439714858, 0.011549332, 2.88157144);
  vec3 t = log2(max(inset * linear, vec3(1e-6)) + vec3(0.000244140625)) / 12.0 + 1.0;
  vec3 y = vec3(-3.32475414);
  y = y * t + vec3(3.42932170);
  y = y * t + vec3(0.756412147);
  y = y * t + vec3(-1.66588478);
  y = y * t + vec3(0.987136254);
  y = y * t + vec3(-0.0848034525);
  y = y * t + vec3(0.0000610594595);
  return clamp(outset * y, 0.0, 1.0);
}
"""


@dataclass
class Costs:
    """Milliseconds of the latest redraw that had something new to draw."""

    read: float = 0.0
    geometry: float = 0.0
    draw: float = 0.0  # handing it to the GPU


@dataclass(frozen=True)
class Buffers:
    """What is drawn into: scene-linear with all samples, and the finished picture."""

    linear: GPUOffScreen
    picture: GPUOffScreen

    @staticmethod
    def new() -> Buffers:
        side = SIDE * samples_a_side()
        return Buffers(GPUOffScreen(side, side, format="RGBA16F"), GPUOffScreen(SIDE, SIDE, format="RGBA8"))


@dataclass
class Overlay:
    """One picture for all viewports of a scene."""

    reader: Reader = field(default_factory=Reader)
    costs: Costs = field(default_factory=Costs)
    drawn: object | None = None  # the canonical layout that `picture` shows
    buffers: Buffers | None = None

    @property
    def picture(self) -> GPUOffScreen | None:
        return self.buffers.picture if self.buffers is not None else None

    def update(self, scene: bpy.types.Scene) -> bool:
        """Draws the picture anew where the layout has changed. False when there is none to show."""
        begin = time.perf_counter()
        canonical = self.reader.read(scene).canonical
        self.costs.read = (time.perf_counter() - begin) * 1000
        if canonical is None:
            return False
        if self.drawn is not canonical:
            begin = time.perf_counter()
            geometry = condition_geometry.build(canonical.layout)
            self.costs.geometry = (time.perf_counter() - begin) * 1000
            begin = time.perf_counter()
            self._draw(geometry)
            self.costs.draw = (time.perf_counter() - begin) * 1000
            self.drawn = canonical
        return True

    def _draw(self, geometry: condition_geometry.Geometry) -> None:
        self.buffers = buffers = self.buffers or Buffers.new()
        shader = _shaders()["vertex colours"]
        with buffers.linear.bind():
            gpu.state.active_framebuffer_get().clear(color=(0.0, 0.0, 0.0, 1.0), depth=1.0)
            gpu.state.depth_test_set("LESS_EQUAL")
            shader.bind()
            shader.uniform_float("projection", Matrix(geometry.projection.tolist()))
            gpu.state.depth_mask_set(True)
            gpu.state.blend_set("NONE")
            _batch(geometry.opaque).draw(shader)
            gpu.state.depth_mask_set(False)
            gpu.state.blend_set("ALPHA_PREMULT")
            _batch(geometry.faces).draw(shader)
            gpu.state.depth_test_set("NONE")
            gpu.state.blend_set("NONE")
        with buffers.picture.bind():
            develop = _shaders()["develop"]
            develop.bind()
            develop.uniform_sampler("linear_light", buffers.linear.texture_color)
            develop.uniform_int("samples", buffers.linear.width // SIDE)
            _square(develop).draw(develop)

    def free(self) -> None:
        if self.buffers is not None:
            self.buffers.linear.free()
            self.buffers.picture.free()
        self.buffers = self.drawn = None


_overlays: dict[str, Overlay] = {}  # by scene
_built: dict[str, GPUShader] = {}
_handles: list[object] = []
_failures: list[str] = []  # none or one


def overlay_of(scene: bpy.types.Scene) -> Overlay:
    for name in _overlays.keys() - {known.name for known in bpy.data.scenes}:
        _overlays.pop(name).free()
    return _overlays.setdefault(scene.name, Overlay())


def renderer() -> str:
    """The name of what draws."""
    return gpu.platform.renderer_get()


def samples_a_side() -> int:
    """Of each pixel: a GPU draws four, a processor that plays one draws one."""
    software = ("llvmpipe", "softpipe", "swrast")
    return 1 if any(name in renderer().lower() for name in software) else 2


# ---- shaders and batches


def _shaders() -> dict[str, GPUShader]:
    if not _built:
        _built["vertex colours"] = _vertex_colours()
        _built["develop"] = _develop()
        _built["show"] = _show_shader()
    return _built


def _vertex_colours() -> GPUShader:
    info = GPUShaderCreateInfo()
    info.push_constant("MAT4", "projection")
    info.vertex_in(0, "VEC3", "pos")
    info.vertex_in(1, "VEC4", "color")
    between = GPUStageInterfaceInfo("greybox_condition_colour")
    between.smooth("VEC4", "shade")
    info.vertex_out(between)
    info.fragment_out(0, "VEC4", "result")
    info.vertex_source("void main() { shade = color; gl_Position = projection * vec4(pos, 1.0); }")
    info.fragment_source("void main() { result = shade; }")
    return gpu.shader.create_from_info(info)


def _develop() -> GPUShader:
    """Averages the samples of each pixel in linear light, then the view transform."""
    info = GPUShaderCreateInfo()
    info.push_constant("INT", "samples")
    info.sampler(0, "FLOAT_2D", "linear_light")
    info.vertex_in(0, "VEC2", "pos")
    info.fragment_out(0, "VEC4", "result")
    info.vertex_source("void main() { gl_Position = vec4(pos * 2.0 - 1.0, 0.0, 1.0); }")
    info.fragment_source(
        AGX
        + """
void main()
{
  ivec2 corner = ivec2(gl_FragCoord.xy) * samples;
  vec3 light = vec3(0.0);
  for (int y = 0; y < samples; y++) {
    for (int x = 0; x < samples; x++) {
      light += texelFetch(linear_light, corner + ivec2(x, y), 0).rgb;
    }
  }
  result = vec4(display(light / float(samples * samples)), 1.0);
}
"""
    )
    return gpu.shader.create_from_info(info)


def _show_shader() -> GPUShader:
    """Puts the picture on the screen; where the screen's buffer encodes by itself, that is taken back first.

    Blender sets `srgbTarget` itself when the shader is bound.
    """
    info = GPUShaderCreateInfo()
    info.push_constant("MAT4", "ModelViewProjectionMatrix")
    info.push_constant("FLOAT", "opacity")
    info.push_constant("BOOL", "srgbTarget")
    info.sampler(0, "FLOAT_2D", "image")
    info.vertex_in(0, "VEC2", "pos")
    info.vertex_in(1, "VEC2", "texCoord")
    between = GPUStageInterfaceInfo("greybox_condition_show")
    between.smooth("VEC2", "place")
    info.vertex_out(between)
    info.fragment_out(0, "VEC4", "result")
    info.vertex_source(
        "void main() { place = texCoord; gl_Position = ModelViewProjectionMatrix * vec4(pos, 0.0, 1.0); }"
    )
    info.fragment_source(
        """
void main()
{
  vec3 shown = texture(image, place).rgb;
  if (srgbTarget) {
    shown = pow(shown, vec3(2.2));  // Blender merges what is drawn over a viewport with this curve, not with sRGB's
  }
  result = vec4(shown, opacity);
}
"""
    )
    return gpu.shader.create_from_info(info)


def _batch(mesh: tuple[np.ndarray, np.ndarray, np.ndarray]) -> GPUBatch:
    points, shade, triangles = mesh
    layout = GPUVertFormat()
    layout.attr_add(id="pos", comp_type="F32", len=3, fetch_mode="FLOAT")
    layout.attr_add(id="color", comp_type="F32", len=4, fetch_mode="FLOAT")
    vertices = GPUVertBuf(layout, len(points))
    vertices.attr_fill("pos", np.ascontiguousarray(points, np.float32))
    vertices.attr_fill("color", np.ascontiguousarray(shade, np.float32))
    indices = GPUIndexBuf(type="TRIS", seq=np.ascontiguousarray(triangles, np.int32))
    return GPUBatch(type="TRIS", buf=vertices, elem=indices)


def _square(shader: GPUShader) -> GPUBatch:
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return batch_for_shader(shader, "TRIS", {"pos": corners}, indices=((0, 1, 2), (0, 2, 3)))


# ---- in the viewport


def camera_square(context: bpy.types.Context) -> tuple[float, float, float, float] | None:
    """Left, bottom, width, height of the condition in a region that looks through the scene's camera."""
    view, scene = context.region_data, context.scene
    if view is None or view.view_perspective != "CAMERA" or context.space_data.camera != scene.camera:
        return None
    camera = scene_reader.read_camera(scene)
    if camera is None:
        return None
    half_w, half_h, x, y = view_frame(camera)
    half = max(half_w + abs(x), half_h + abs(y))
    world = scene.camera.matrix_world.normalized()
    places = [
        location_3d_to_region_2d(context.region, view, world @ Vector((sx * half, sy * half, -1.0)))
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    if None in places:
        return None
    left, bottom = min(p.x for p in places), min(p.y for p in places)
    return left, bottom, max(p.x for p in places) - left, max(p.y for p in places) - bottom


def draw() -> None:
    """Called by Blender for every 3D viewport that it draws. What fails once is not tried again at each redraw."""
    context = bpy.context
    space, scene = context.space_data, context.scene
    if broken() or not scene.greybox.condition_overlay or space is None or not space.overlay.show_overlays:
        return
    try:
        _draw(context, scene)
    except Exception as error:  # gpu raises no other for a shader that the driver does not take
        _failures.append(f"{type(error).__name__}: {error}")
        raise


def broken() -> str:
    """Why the condition cannot be drawn here; "" while it can."""
    return _failures[0] if _failures else ""


def _draw(context: bpy.types.Context, scene: bpy.types.Scene) -> None:
    overlay = overlay_of(scene)
    if not overlay.update(scene) or (picture := overlay.picture) is None:
        return
    square = camera_square(context)
    scale = context.preferences.system.ui_scale
    if square is not None:
        _mask(context.region, square)
        _show(picture, square, scene.greybox.condition_opacity)
        return
    side = min(INSET * scale, INSET_SHARE * min(context.region.width, context.region.height))
    tools = next((r.width for r in context.area.regions if r.type == "TOOLS"), 0)
    place = (tools + MARGIN * scale, MARGIN * scale, side, side)
    _show(picture, place, 1.0)
    blf.size(0, 11 * scale)
    blf.color(0, 1.0, 1.0, 1.0, 0.8)
    blf.position(0, place[0], place[1] + side + 4 * scale, 0)
    blf.draw(0, iface_("Condition"))


def _show(picture: GPUOffScreen, place: tuple[float, float, float, float], opacity: float) -> None:
    left, bottom, width, height = place
    corners = ((left, bottom), (left + width, bottom), (left + width, bottom + height), (left, bottom + height))
    shader = _shaders()["show"]
    texture = ((0, 0), (1, 0), (1, 1), (0, 1))
    batch = batch_for_shader(shader, "TRIS", {"pos": corners, "texCoord": texture}, indices=((0, 1, 2), (0, 2, 3)))
    gpu.state.blend_set("ALPHA")
    shader.bind()
    shader.uniform_sampler("image", picture.texture_color)
    shader.uniform_float("opacity", opacity)
    projection = gpu.matrix.get_projection_matrix() @ gpu.matrix.get_model_view_matrix()
    shader.uniform_float("ModelViewProjectionMatrix", projection)
    batch.draw(shader)
    gpu.state.blend_set("NONE")


def _mask(region: bpy.types.Region, square: tuple[float, float, float, float]) -> None:
    """Darkens what the condition does not show."""
    left, bottom, width, height = square
    right, top = left + width, bottom + height
    bands = (
        (0, 0, region.width, bottom),
        (0, top, region.width, region.height),
        (0, max(bottom, 0), left, min(top, region.height)),
        (right, max(bottom, 0), region.width, min(top, region.height)),
    )
    points = [p for a, b, c, d in bands if c > a and d > b for p in ((a, b), (c, b), (c, d), (a, b), (c, d), (a, d))]
    if not points:
        return
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    shader.bind()
    shader.uniform_float("color", MASK)
    batch_for_shader(shader, "TRIS", {"pos": points}).draw(shader)
    gpu.state.blend_set("NONE")


def register() -> None:
    if not bpy.app.background:
        _handles.append(bpy.types.SpaceView3D.draw_handler_add(draw, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
    for overlay in _overlays.values():
        overlay.free()
    _overlays.clear()
    _built.clear()
    _failures.clear()
