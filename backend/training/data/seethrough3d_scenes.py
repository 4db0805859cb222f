"""SeeThrough3D's published data set: which scenes there are, in which order, and what the network sees of them.

A folder with pictures and .jsonl files of one scene a line (spec 12.1). The copies whose names hold "shuffled" are
already in the order of an epoch: epoch e reads copy e modulo their number.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...generators.seethrough3d.latents import CONDITION_PIXELS
from ...generators.seethrough3d.text import JOIN, PLACEHOLDER
from ...protocol.errors import GreyboxError
from ...render.masks import tokens

SHUFFLED = "shuffled"
SYNTHETIC = "main.jpg"  # the name of a target that Blender drew; the others are realistic drawings of a layout
NO_WORDS = " "  # what a dropped prompt becomes

log = logging.getLogger(__name__)


class BadDataset(GreyboxError):
    """A data set is not in the published format."""

    code = "bad-dataset"


@dataclass(frozen=True)
class Scene:
    """One line of the data set."""

    target: Path
    condition: Path
    masks: tuple[Path, ...]  # per subject
    prompt: str  # of the whole scene
    call_ids: tuple[tuple[int, ...], ...]  # per subject: the T5 tokens of its words in the prompt

    @property
    def synthetic(self) -> bool:
        return self.target.name == SYNTHETIC


@dataclass(frozen=True)
class Pictures:
    """What the network sees of a scene besides its words."""

    target: Tensor  # (3, H, W) uint8
    condition: Tensor  # (3, 512, 512) uint8
    tokens: Tensor  # (subjects, 32, 32) uint8


def epochs(folder: Path, name: str = "", column: str = "oscr") -> list[list[Scene]]:
    """The scenes of each shuffled copy of the data set `name` ("": of the only one). Raises BadDataset."""
    files = sorted(f for f in folder.glob("*.jsonl") if name in f.name and SHUFFLED in f.name)
    if not files:
        raise BadDataset(
            f"{folder} holds no .jsonl file whose name has '{name}' and '{SHUFFLED}' in it",
            "Unpack seethrough3d_data.tar there, or draw scenes: python -m backend.training.data.draft_scenes",
        )
    return [read(file, column) for file in files]


def read(file: Path, column: str = "oscr") -> list[Scene]:
    """The scenes of one .jsonl file; `column` names its condition pictures. Raises BadDataset with the line."""
    scenes = []
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            scenes.append(_scene(json.loads(line), file.parent, column))
        except (ValueError, KeyError, TypeError) as error:
            known = "target, " + column + ", cuboids_segmasks, PLACEHOLDER_prompts, subjects, call_ids"
            raise BadDataset(f"{file}, line {number}: {error!r}", f"Each line needs {known}.") from error
    return scenes


def _scene(line: dict, folder: Path, column: str) -> Scene:
    subjects, masks, calls = line["subjects"], line["cuboids_segmasks"], line["call_ids"]
    if not len(subjects) == len(masks) == len(calls):
        raise ValueError(f"{len(subjects)} subjects, {len(masks)} masks and {len(calls)} lists of call ids")
    return Scene(
        target=folder / line["target"],
        condition=folder / line[column],
        masks=tuple(folder / mask for mask in masks),
        prompt=line["PLACEHOLDER_prompts"].replace(PLACEHOLDER, JOIN.join(subjects)),
        call_ids=tuple(tuple(int(i) for i in call) for call in calls),
    )


def pictures(scene: Scene, side: int) -> Pictures:
    """The scene's pictures at the sizes of spec 12.2, its target's longer side being `side`. White where unreadable."""
    target = _opened(scene.target, (side, side))
    condition = _opened(scene.condition, (CONDITION_PIXELS, CONDITION_PIXELS))
    condition = condition.resize((CONDITION_PIXELS, CONDITION_PIXELS), Image.Resampling.BILINEAR)
    masks = np.stack([_mask(mask) for mask in scene.masks]) if scene.masks else np.zeros((0, 32, 32), np.uint8)
    return Pictures(_channels_first(fitted(target, side)), _channels_first(condition), torch.from_numpy(tokens(masks)))


def fitted(picture: Image.Image, side: int) -> Image.Image:
    """The longer side becomes `side`, both a multiple of 16."""
    scale = side / max(picture.size)
    width, height = (max(16, round(length * scale / 16) * 16) for length in picture.size)
    return picture.resize((width, height), Image.Resampling.BILINEAR)


def _opened(path: Path, size: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        log.warning("%s cannot be read and is taken as white: %s", path, error)
        return Image.new("RGB", size, "white")


def _mask(path: Path) -> np.ndarray:
    """(H, W) uint8. A silhouette that cannot be read would bind words to nothing: raises BadDataset."""
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("L"))
    except (OSError, SyntaxError, ValueError) as error:
        raise BadDataset(f"The mask {path} cannot be read: {error}", "Unpack the data set again.") from error


def _channels_first(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(picture)).movedim(-1, 0).contiguous()
