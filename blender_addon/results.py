"""What becomes of results: made again from their recipe, detached from their box, offered in the asset browser."""

from __future__ import annotations

import random
import uuid

import bpy
import msgspec
import numpy as np
from mathutils import Matrix

from ..backend.protocol.errors import InvalidScene
from ..backend.protocol.messages import JobRequest
from ..backend.protocol.scene import box_seed
from . import boxes, jobs, scene_reader
from .job_book import Job

SEEDS = 2**31 - 1
ASSETS = "Greybox Assets"  # the collection that keeps what is offered in the asset browser
SAME = 1e-6  # of a scale, that needs not be applied


def active_variant(box: bpy.types.Object) -> bpy.types.PropertyGroup | None:
    variants = box.greybox.variants
    return variants[min(box.greybox.active_variant, len(variants) - 1)] if variants else None


def material_of(variant: bpy.types.PropertyGroup) -> bpy.types.Material | None:
    mesh = variant.mesh
    return mesh.materials[0] if mesh is not None and mesh.materials else None


def make_again(context: bpy.types.Context, box: bpy.types.Object, new_seed: bool) -> Job:
    """Sends the recipe of the variant that stands in the box: the same thing, or another one of the same.

    Raises InvalidScene for a result without a recipe, Unavailable.
    """
    variant = active_variant(box)
    recipe = scene_reader.read_recipe(variant.recipe) if variant is not None else None
    if recipe is None:
        raise InvalidScene("recipe", "", "missing: the file does not say how it was made", "Regenerate it.", box.name)
    uid, scene, made = box.greybox.uid, recipe.scene(), recipe.box
    seed = random.SystemRandom().randrange(SEEDS) if new_seed else made.seed
    if not new_seed and made.id != uid:  # a copy of the box: its seed followed from the id of the one before
        seed = box_seed(scene, made)
    others = tuple(other for other in recipe.others if other.id != uid)
    again = msgspec.structs.replace(made, id=uid, seed=seed)
    request = JobRequest(
        id=f"job-{uuid.uuid4().hex}",
        scene=msgspec.structs.replace(scene, boxes=(again, *others)),
        boxes=(uid,),
        settings=msgspec.structs.replace(recipe.settings, stop_after=""),
        title=f"{box.name} {'varied' if new_seed else 'repeated'}",
    )
    return jobs.send(context, request, [box])


def detach(result: bpy.types.Object) -> bpy.types.Object:
    """Makes a result an ordinary object where it stands, with a scale of 1; the box keeps its variants."""
    box = boxes.box_of(result)
    place, turn, scale = result.matrix_world.decompose()
    _apply_scale(result, scale)
    result.parent = None
    result.matrix_parent_inverse = Matrix.Identity(4)
    result.matrix_world = Matrix.LocRotScale(place, turn, None)
    result.greybox.role, result.greybox.uid = "NONE", ""
    if box is not None:
        box.greybox.result = None
        box.display_type = "TEXTURED"
        result.name = box.name
    return result


def mark_as_asset(scene: bpy.types.Scene, box: bpy.types.Object, result: bpy.types.Object) -> bpy.types.Object:
    """An object of its own for the asset browser, without the box: description, tags and picture from the recipe."""
    asset = result.copy()
    asset.name = f"{box.name} Asset"
    _apply_scale(asset, result.matrix_world.to_scale())
    asset.parent, asset.matrix_world = None, Matrix.Identity(4)
    asset.greybox.role, asset.greybox.uid = "NONE", ""
    _asset_collection(scene).objects.link(asset)
    asset.asset_mark()
    _describe(asset, box)
    variant = active_variant(box)
    material = material_of(variant) if variant is not None else None
    if material is None or not _same_preview(material, asset):
        asset.asset_generate_preview()
    return asset


def _describe(asset: bpy.types.Object, box: bpy.types.Object) -> None:
    variant, settings = active_variant(box), box.greybox
    recipe = scene_reader.read_recipe(variant.recipe) if variant is not None else None
    data = asset.asset_data
    data.description = (recipe.box.prompt if recipe else settings.prompt)[:1000]
    tags = ["greybox", settings.kind]
    if recipe is not None:
        tags += [recipe.box.generator, f"seed {box_seed(recipe.scene(), recipe.box)}"]
    for tag in filter(None, tags):
        data.tags.new(tag, skip_if_exists=True)


def _same_preview(material: bpy.types.Material, asset: bpy.types.Object) -> bool:
    preview = material.preview
    if preview is None or not len(preview.image_pixels_float):
        return False
    pixels = np.zeros(len(preview.image_pixels_float), np.float32)
    preview.image_pixels_float.foreach_get(pixels)
    mine = asset.preview_ensure()
    mine.image_size = preview.image_size
    mine.image_pixels_float.foreach_set(pixels)
    return True


def _apply_scale(obj: bpy.types.Object, scale) -> None:
    if max(abs(side - 1) for side in scale) > SAME:
        obj.data = obj.data.copy()  # the variant keeps its own
        obj.data.transform(Matrix.Diagonal((*scale, 1.0)))


def _asset_collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    collection = bpy.data.collections.get(ASSETS)
    if collection is None:
        collection = bpy.data.collections.new(ASSETS)
        collection.hide_viewport = collection.hide_render = True
    if collection not in set(scene.collection.children_recursive):
        scene.collection.children.link(collection)
    return collection
