"""The picture of the scene -> one view per box: the crop of its silhouette, matted from its surroundings.

A view keeps the true camera of its crop, so that a pixel-aligned generator can put the thing where it was seen. There
are two ways: as seen in the picture of the scene, or, for a task of one box, drawn alone by the image generator.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import msgspec
import numpy as np
from PIL import Image
from scipy import ndimage

from ..encoders.matte import Matting, by_colour, by_region, installed_matting
from ..generators.interface import Control, ImageGenerator
from ..protocol import artifacts
from ..protocol.assets import BoxView, ConditionImages
from ..protocol.options import GeneratorInfo
from ..protocol.scene import Camera
from ..protocol.seethrough3d import frame
from . import alone, pictures
from .job import Files, StageJob

__all__ = ("Crop", "Matting", "cut_out", "installed_matting", "run")

SIDE = 1024  # pixels of a view
MARGIN = 0.1  # of the crop's side, around the silhouette
FEATHER = 0.004  # of the view's side: softness of the matte's edge
HARDLY_SEEN = 0.15  # share of the silhouette below which the user is told


@dataclass(frozen=True)
class Crop:
    """A square of the picture in its own units: 0..1 from the left and from the top; it may reach outside."""

    left: float
    top: float
    side: float


def run(
    job: StageJob,
    generator: ImageGenerator | None,
    info: GeneratorInfo | None,
    control: Control,
    matting: Matting = by_colour,
) -> tuple[Files, tuple[str, ...]]:
    """With a generator: the task's box alone. Without: all boxes, as the picture of the scene shows them."""
    if generator is None or info is None:
        return _seen(job, control, matting)
    picture, shown, camera = alone.draw(job.box, generator, job.seed, job.options(info), control)
    control.check()
    view = cut_out(job.box.id, picture, shown.amodal[0], shown.amodal[0], camera, matting)
    return _files(view), ()


def _seen(job: StageJob, control: Control, matting: Matting) -> tuple[Files, tuple[str, ...]]:
    scene = job.request.scene
    condition = ConditionImages.from_bytes(
        job.read("condition", artifacts.BOX_MAPS), pictures.decode(job.read("condition", artifacts.CONDITION))
    )
    picture = pictures.decode(job.read("image", artifacts.SCENE_IMAGE))
    canonical = frame.to_canonical(scene)
    camera = frame.camera_to_world(canonical.layout, canonical.frame)
    files: Files = {}
    notes: list[str] = []
    for index, box in enumerate(condition.box_ids):
        control.step(index, len(condition.box_ids), "Cutting out")
        if not condition.visible[index].any():
            notes.append(f"Box '{box}' is not seen in the picture: no view was cut out for it")
            continue
        view = cut_out(box, picture, condition.amodal[index], condition.visible[index], camera, matting)
        if view.visible < HARDLY_SEEN:
            notes.append(f"Box '{box}' is {1 - view.visible:.0%} hidden: what is made of it is largely guessed")
        files |= _files(view)
    return files, tuple(notes)


def _files(view: BoxView) -> Files:
    info = {"camera": msgspec.to_builtins(view.camera), "visible": view.visible}
    return {
        (view.box, artifacts.VIEW): pictures.encode_png(view.image),
        (view.box, artifacts.VIEW_INFO): json.dumps(info).encode(),
    }


def cut_out(
    box: str,
    picture: np.ndarray,
    amodal: np.ndarray,
    visible: np.ndarray,
    camera: Camera,
    matting: Matting = by_colour,
) -> BoxView:
    """picture (H,W,3) uint8; amodal, visible (h,w) bool over the same view -> the box's square view.

    The matte is found inside the visible part of the box's silhouette: what lies in front of the box is cut away.
    """
    crop = square_around(amodal)
    colours = _resampled(picture, crop, Image.Resampling.LANCZOS)
    alpha = matting(picture, _enlarged(visible, picture.shape[:2]))
    if not (alpha > 0.5).any():
        alpha = by_region(picture, _enlarged(visible, picture.shape[:2]))
    matte = _resampled((alpha * 255).astype(np.uint8), crop, Image.Resampling.BILINEAR)
    soft = ndimage.gaussian_filter(matte.astype(np.float32), FEATHER * SIDE)
    image = np.dstack((colours, np.minimum(soft, matte).round().astype(np.uint8)))
    share = float(visible.sum() / max(int(amodal.sum()), 1))
    return BoxView(box, image, cropped_camera(camera, crop), share)


def square_around(mask: np.ndarray) -> Crop:
    """The square around a silhouette (h,w), with a margin. Raises ValueError for an empty one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        raise ValueError("the silhouette is empty: there is nothing to cut out")
    height, width = mask.shape
    top, bottom = rows[0] / height, (rows[-1] + 1) / height
    left, right = columns[0] / width, (columns[-1] + 1) / width
    side = max(bottom - top, right - left) * (1 + 2 * MARGIN)
    return Crop(float(left + right - side) / 2, float(top + bottom - side) / 2, float(side))


def cropped_camera(camera: Camera, crop: Crop) -> Camera:
    """The camera of a crop of a square picture: the same eye, a longer lens, shifted."""
    fitted = camera.sensor_width / camera.lens  # the picture's side at distance 1
    centre_x, centre_y = crop.left + crop.side / 2 - 0.5, 0.5 - crop.top - crop.side / 2  # in sides, y up
    shift = (camera.shift[0] + centre_x) / crop.side, (camera.shift[1] + centre_y) / crop.side
    return msgspec.structs.replace(
        camera, lens=camera.sensor_width / (fitted * crop.side), shift=shift, resolution=(SIDE, SIDE)
    )


def _enlarged(mask: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """A mask (h,w) bool at the size (H,W) of the picture."""
    picture = Image.fromarray((mask * 255).astype(np.uint8))
    return np.asarray(picture.resize((size[1], size[0]), Image.Resampling.BILINEAR)) > 127


def _resampled(pixels: np.ndarray, crop: Crop, how: Image.Resampling) -> np.ndarray:
    """The crop as SIDE x SIDE pixels; outside of the picture it is black."""
    height, width = pixels.shape[:2]
    left, top = round(crop.left * width), round(crop.top * height)
    right, bottom = round((crop.left + crop.side) * width), round((crop.top + crop.side) * height)
    cut = Image.fromarray(pixels).crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    return np.asarray(cut.resize((SIDE, SIDE), how))
