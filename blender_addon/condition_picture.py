"""The exact condition on demand: a job of one stage, whose picture becomes an image of the file."""

from __future__ import annotations

import uuid

import bpy
import msgspec

from ..backend.protocol import messages as m
from . import materials, pictures, scene_reader

NAME = "Greybox Condition"
ICON = "condition"


def request(context: bpy.types.Context) -> m.JobRequest:
    """What to ask the backend for. Raises InvalidScene for a layout that cannot be used."""
    scene = context.scene
    context.view_layer.update()
    settings = msgspec.structs.replace(scene_reader.read_settings(scene), stop_after="condition")
    return m.JobRequest(
        id=f"job-{uuid.uuid4().hex}", scene=scene_reader.read_scene(scene), settings=settings, title="Condition"
    )


def show(context: bpy.types.Context, scene: bpy.types.Scene, png: bytes) -> None:
    """Keeps the picture as an image and shows it in the image editors that are open; the one before it goes."""
    before = scene.greybox.condition_image
    image = materials.pack_png(NAME, png, colour=True)
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "IMAGE_EDITOR" and area.spaces.active.image in (None, before):
                area.spaces.active.image = image
    scene.greybox.condition_image = image
    if before is not None:
        bpy.data.images.remove(before)
        image.name = NAME
    pictures.show(ICON, png)
