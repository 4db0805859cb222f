"""What a box, a result and a scene remember in the .blend."""

# pyright: reportInvalidTypeForm=false
# (Blender reads properties from annotations)
from __future__ import annotations

import math

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from . import presets
from .panorama import GreyboxPanorama


def _kinds(_self, _context, text: str) -> list[str]:
    return [kind for kind in presets.KINDS if text.lower() in kind]


def _generators(_self, _context, text: str) -> list[str]:
    from . import jobs

    return [info.name for info in jobs.generators("mesh") if text.lower() in info.name]


def _show(settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    from . import boxes

    scene = settings.id_data
    view_layer = context.view_layer if context.scene == scene else scene.view_layers[0]
    boxes.show(scene, view_layer, settings.show)


def _fit(settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    from . import fitting

    fitting.refit_all(settings.id_data)


def _show_picture(settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    from . import backdrop

    backdrop.toggle(settings, context)


def _redraw_views(_settings: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _elevation(settings: bpy.types.PropertyGroup) -> float:
    from . import framing

    return framing.angles(settings.id_data)[0]


def _set_elevation(settings: bpy.types.PropertyGroup, value: float) -> None:
    from . import framing

    framing.orbit(settings.id_data, elevation=value)


def _heading(settings: bpy.types.PropertyGroup) -> float:
    from . import framing

    return framing.angles(settings.id_data)[1]


def _set_heading(settings: bpy.types.PropertyGroup, value: float) -> None:
    from . import framing

    framing.orbit(settings.id_data, heading=value)


def _active_index(settings: bpy.types.PropertyGroup) -> int:
    """Where the active box is among the scene's objects, which the list of boxes shows filtered."""
    from . import boxes

    box = boxes.active_box(bpy.context)
    return settings.id_data.objects.find(box.name) if box is not None else -1


def _set_active(settings: bpy.types.PropertyGroup, index: int) -> None:
    from . import boxes

    boxes.select_only(bpy.context, settings.id_data.objects[index])


def _another_box(settings: bpy.types.PropertyGroup, obj: bpy.types.Object) -> bool:
    return obj.greybox.role == "BOX" and obj != settings.id_data


class GreyboxVariant(bpy.types.PropertyGroup):
    """One generation of a box: the mesh, and the recipe that made it."""

    mesh: PointerProperty(type=bpy.types.Mesh)
    job: StringProperty()
    recipe: StringProperty(description="JSON: the box, camera and settings that made it")
    placement: FloatVectorProperty(size=16, description="Mesh as generated to box frame in metres, rows")
    size: FloatVectorProperty(size=3, description="Extents as placed in the box it was made for, scene units")
    triangles: IntProperty()
    texture: IntProperty(description="Pixels a side of its largest texture")
    notes: StringProperty()


class GreyboxObject(bpy.types.PropertyGroup):
    role: EnumProperty(
        items=[
            ("NONE", "None", "An ordinary object"),
            ("BOX", "Box", "A layout box"),
            ("RESULT", "Result", "Stands in a box"),
        ],
        default="NONE",
    )
    uid: StringProperty(description="Stable name of the box in every job")
    prompt: StringProperty(
        name="Prompt",
        description="What the box is: the thing, its material, its colour",
        maxlen=2000,
    )
    kind: StringProperty(
        name="Kind", description="Fixes the kind of object; empty reads it from the prompt", search=_kinds
    )
    generator: StringProperty(
        name="Generator", description="Who makes the mesh of this box", default="draft", search=_generators
    )
    use_seed: BoolProperty(
        name="Own Seed", description="Off: the seed follows from the scene's seed and from which box it is"
    )
    seed: IntProperty(name="Seed", description="The same seed gives the same result", min=0)
    locked: BoolProperty(
        name="Locked", description="Kept as it is when the whole scene is generated again", default=False
    )
    same_as: PointerProperty(
        name="Same As",
        description="Takes the asset of that box instead of one of its own: one generation for many copies",
        type=bpy.types.Object,
        poll=_another_box,
    )
    job: StringProperty(description="The job whose result belongs in this box")
    recipe: StringProperty(description="What that job was asked for, JSON")
    result: PointerProperty(type=bpy.types.Object)
    variants: CollectionProperty(type=GreyboxVariant)
    active_variant: IntProperty()


class GreyboxPicture(bpy.types.PropertyGroup):
    """One of the pictures that a run has made of the scene."""

    image: PointerProperty(type=bpy.types.Image)
    seed: IntProperty(description="The scene's seed that makes it")


class GreyboxScene(bpy.types.PropertyGroup):
    surroundings: StringProperty(
        name="Surroundings", description="Words about the place, for the image: in a living room, morning light"
    )
    seed: IntProperty(name="Seed", description="Every random choice follows from it", min=0)
    condition: BoolProperty(
        name="Render Condition",
        description="Also render the layout as the image model sees it. Needs a camera",
        default=False,
    )
    renderer: EnumProperty(
        name="Renderer",
        description="What draws the condition",
        items=[
            ("eevee", "EEVEE", "Fast; needs OpenGL"),
            ("cycles", "Cycles", "As the image model was trained; slow"),
            ("raster", "Raster", "Analytic; needs nothing"),
        ],
    )
    texture_size: EnumProperty(
        name="Textures",
        description="Pixels a side of each texture",
        items=[(str(n), f"{n} px", f"{n} by {n} pixels") for n in (256, 512, 1024, 2048, 4096)],
        default="1024",
    )
    triangles: IntProperty(
        name="Triangles",
        translation_context="Greybox",  # Blender's own German takes the word for the verb
        description="At most so many triangles for each asset",
        default=40_000,
        min=200,
        max=2_000_000,
    )
    fit: EnumProperty(
        name="Fit",
        description="How an asset is put into its box",
        items=[
            ("inside", "Inside", "Scaled evenly until it touches the box"),
            ("fill", "Fill", "Stretched to the size of the box"),
            ("keep", "Keep Size", "As large as it was made"),
        ],
        update=_fit,
    )
    views: EnumProperty(
        name="Views",
        description="What a generator that works from a picture is shown of each box",
        items=[
            ("seen", "As Seen", "Cut out of the picture of the scene: the room holds together"),
            ("alone", "Drawn Alone", "Each thing in a picture of its own: for things that hide each other"),
        ],
    )
    picture_first: BoolProperty(
        name="Picture First",
        description="Stop when the picture of the scene is there, so that you can look at it before the 3D starts",
        default=True,
    )
    picture_job: StringProperty(description="The job that made the picture of this scene")
    picture_camera: StringProperty(description="JSON: the camera that the picture was made through")
    picture_seed: IntProperty(description="The scene's seed that the run began with")
    pictures: CollectionProperty(type=GreyboxPicture)
    picture: PointerProperty(type=bpy.types.Image, name="Picture", description="The one that is shown")
    picture_view: PointerProperty(type=bpy.types.Object, description="The camera that carries the picture")
    show_picture: BoolProperty(
        name="Show Picture", description="Show the picture behind the boxes", default=True, update=_show_picture
    )
    options: StringProperty(description="JSON: the values of every generator's options")
    elevation: FloatProperty(
        name="Elevation",
        description="How far the camera looks down; changing it moves the camera around the boxes",
        subtype="ANGLE",
        min=0.0,
        max=math.pi / 2,
        get=_elevation,
        set=_set_elevation,
        options={"SKIP_SAVE"},
    )
    heading: FloatProperty(
        name="Heading",
        description="From which side the camera looks, 0 from the front; changing it moves it around the boxes",
        subtype="ANGLE",
        get=_heading,
        set=_set_heading,
        options={"SKIP_SAVE"},
    )
    condition_job: StringProperty(description="The job that made the exact condition of this scene")
    condition_image: PointerProperty(type=bpy.types.Image, name="Condition")
    condition_overlay: BoolProperty(
        name="Live Condition",
        description="Show the layout as the image model will see it, over the camera's frame or in a corner",
        default=False,
        update=_redraw_views,
    )
    condition_opacity: FloatProperty(
        name="Opacity",
        description="Of the condition over the camera's frame",
        subtype="FACTOR",
        min=0.1,
        max=1.0,
        default=1.0,
        update=_redraw_views,
    )
    show: EnumProperty(
        name="Show",
        items=[
            ("BOTH", "Both", "Boxes as wires around their results"),
            ("BOXES", "Boxes", "The layout only"),
            ("RESULTS", "Results", "Results only, and the boxes that have none"),
        ],
        update=_show,
    )
    active_index: IntProperty(
        name="Active Box",
        get=_active_index,
        set=_set_active,
        options={"SKIP_SAVE"},
    )
    panorama: PointerProperty(type=GreyboxPanorama)
    boxes_collection: PointerProperty(type=bpy.types.Collection)
    results_collection: PointerProperty(type=bpy.types.Collection)


_classes = (GreyboxPanorama, GreyboxVariant, GreyboxPicture, GreyboxObject, GreyboxScene)


def register() -> None:
    for cls in _classes:
        bpy.utils.register_class(cls)
    bpy.types.Object.greybox = PointerProperty(type=GreyboxObject)
    bpy.types.Scene.greybox = PointerProperty(type=GreyboxScene)


def unregister() -> None:
    del bpy.types.Scene.greybox
    del bpy.types.Object.greybox
    for cls in reversed(_classes):
        bpy.utils.unregister_class(cls)
