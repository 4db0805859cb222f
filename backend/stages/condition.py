"""Layout -> condition: the picture of the boxes that the image model follows, and what is known of each box in it.

The picture is SeeThrough3D's: square, from its canonical camera; `frame.camera_to_world` gives that camera in the
user's metres. No torch; bpy only when a Blender engine is asked for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..generators.interface import Control
from ..protocol.assets import ConditionImages
from ..protocol.errors import InvalidScene, Unavailable
from ..protocol.scene import SceneSpec, validate
from ..protocol.seethrough3d import colours, frame, lights
from ..render import masks, raster
from ..render.boxes import Cuboid, Layout, View

if TYPE_CHECKING:
    from ..render.blender_scene import BlenderScene

SIDE = 512  # pixels; what the model takes
RENDERERS = ("eevee", "cycles", "raster")


def render(
    scene: SceneSpec, renderer: str, control: Control, warm_scene: BlenderScene | None = None
) -> tuple[ConditionImages, tuple[str, ...]]:
    """The condition and what the user should know about it.

    `warm_scene` keeps Blender's scene and shaders between calls; without one the Blender renderers make their own.
    Raises InvalidScene for a scene without boxes or camera, Unavailable when Blender is asked for and missing.
    """
    validate(scene)
    if scene.camera is None:
        raise InvalidScene("camera", None, "missing", "Add a camera that sees the boxes.")
    if not scene.boxes:
        raise InvalidScene("boxes", (), "empty", "Add a box.")
    if renderer not in RENDERERS:
        raise InvalidScene("renderer", renderer, f"not one of {', '.join(RENDERERS)}")
    canonical = frame.to_canonical(scene)
    layout = drawable(canonical.layout, lights.fixed())
    picture = _picture(layout, renderer, control, warm_scene)
    control.check()
    depth = masks.depth(layout, SIDE)
    images = ConditionImages(
        image=picture,
        box_ids=tuple(box.id for box in scene.boxes),
        amodal=masks.amodal(layout, SIDE),
        visible=masks.visible(depth),
        depth=depth / np.float32(canonical.frame.scale),
        tokens=_tokens(layout),
    )
    return images, (*canonical.warnings, *_unseen(images))


def drawable(layout: frame.CanonicalLayout, light_positions: np.ndarray) -> Layout:
    """The canonical layout in the colours that the model reads, for any renderer."""
    view = View(frame.camera_matrix(layout), frame.SENSOR / 2 / layout.lens)
    return Layout(tuple(cuboid(box, layout.floor) for box in layout.boxes), view, light_positions, layout.floor)


def cuboid(box: frame.CanonicalBox, floor: float = 0.0) -> Cuboid:
    """The box with its colours; its height counts from the floor."""
    x, y, z = box.position[0] + frame.CENTRE_X, box.position[1], box.position[2]
    c, s = math.cos(math.radians(box.azimuth)), math.sin(math.radians(box.azimuth))
    return Cuboid(
        centre=np.array([x, y, z + box.size[2] / 2]),
        rotation=np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]),
        size=np.array(box.size, np.float64),
        faces=colours.FACES,
        edge=np.array(colours.edge(x, y, z - floor)[:3]),
    )


def _picture(layout: Layout, renderer: str, control: Control, warm_scene: BlenderScene | None) -> np.ndarray:
    if renderer == "raster":
        return raster.render(layout, SIDE, progress=lambda step, of: control.step(step, of, "Drawing the boxes"))
    control.step(0, 1, "Drawing the boxes with Blender")
    if warm_scene is not None:
        return warm_scene.render(layout, renderer, SIDE)
    scene = blender_scene()
    try:
        return scene.render(layout, renderer, SIDE)
    finally:
        scene.close()


def blender_scene() -> BlenderScene:
    """A scene to keep warm. Raises Unavailable where there is no Blender."""
    try:
        from ..render.blender_scene import BlenderScene
    except ImportError as error:
        raise Unavailable(
            f"Blender's module bpy cannot be loaded: {error}", "Choose the renderer 'raster', which needs no Blender."
        ) from error
    return BlenderScene()


def _tokens(layout: Layout) -> np.ndarray:
    """(N,32,32) uint8; one silhouette at a time, they are large."""
    single = (Layout((box,), layout.view, layout.lights, layout.floor) for box in layout.cuboids)
    return np.concatenate([masks.tokens(masks.amodal(one)) for one in single])


def _unseen(images: ConditionImages) -> list[str]:
    return [
        f"Box '{box}' is not in the picture: the camera does not see it"
        for box, mask in zip(images.box_ids, images.amodal, strict=True)
        if not mask.any()
    ]
