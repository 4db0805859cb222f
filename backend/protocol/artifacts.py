"""Names of the files that the stages make, and what they are. Per-box stages have a folder per box. No numpy."""

from __future__ import annotations

CONDITION = "condition.png"
BOX_MAPS = "boxes.safetensors"
SCENE_IMAGE = "image.png"
SCENE_IMAGE_INFO = "image.json"  # how the pictures of the scene were made
VIEW = "view.png"  # one box's thing, matted
VIEW_INFO = "view.json"  # its camera and how much of it is seen
MESH = "mesh.safetensors"
BASE_COLOR = "base_color.png"
ORM = "orm.png"
NORMAL = "normal.png"
EMISSION = "emission.png"
PLACEMENT = "placement.json"
GLB = "asset.glb"
PREVIEW = "preview.png"  # the asset, small, to tell variants apart
BOX = "box.json"  # of the room stage: where an asset stands

MEDIA = {
    "png": "image/png",
    "safetensors": "application/octet-stream",
    "json": "application/json",
    "glb": "model/gltf-binary",
}


def scene_image(number: int) -> str:
    """Of several pictures of one run the first, number 0, is the one that later stages take."""
    return f"image-{number + 1}.png" if number else SCENE_IMAGE


def media_of(name: str) -> str:
    return MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
