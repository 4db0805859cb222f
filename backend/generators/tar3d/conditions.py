"""What the starter model is told of an asset: words, proportions of its box, where the camera stood, and a picture.

74 tokens in this order: 8 words, 1 for the proportions, 1 for the direction of view, 64 patches of a 64 x 64 thumbnail.
Words and picture may be missing (their tokens are then zero); the proportions never are. Specification 14.1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

THUMBNAIL = 64
MARGIN = 0.06  # free border of the thumbnail, as a share of the object's longer side


@dataclass(frozen=True)
class ConditionSettings:
    vocabulary: tuple[str, ...]  # words that were trained; others are ignored
    words: int = 8
    width: int = 128  # channels of a condition token

    @property
    def tokens(self) -> int:
        return self.words + 2 + (THUMBNAIL // 8) ** 2


@dataclass
class Conditions:
    """A batch of descriptions, as tensors."""

    words: Tensor  # [B, words] int64: 1 + place in the vocabulary; 0 for none
    size: Tensor  # [B, 3] float32: width, depth, height of the box, any unit
    view: Tensor  # [B, 3] float32: unit vector to the camera in TAR3D's axes; zero when unknown
    image: Tensor  # [B, 2, 64, 64] float32: luminance (white where nothing is) and alpha; zero when there is none

    def to(self, device: torch.device | str) -> "Conditions":
        return Conditions(*(t.to(device) for t in (self.words, self.size, self.view, self.image)))

    def __getitem__(self, index) -> "Conditions":
        return Conditions(self.words[index], self.size[index], self.view[index], self.image[index])


class ConditionEncoder(nn.Module):
    """Conditions -> features [B, tokens, width]; trained together with the GPT."""

    def __init__(self, settings: ConditionSettings):
        super().__init__()
        self.settings = settings
        width = settings.width
        self.word = nn.Embedding(1 + len(settings.vocabulary), width, padding_idx=0)
        self.size = nn.Sequential(nn.Linear(3 * 8, width), nn.GELU(), nn.Linear(width, width))
        self.view = nn.Sequential(nn.Linear(3, width), nn.GELU(), nn.Linear(width, width))
        self.image = nn.Sequential(
            nn.Conv2d(2, 32, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(64, width, 3, stride=2, padding=1), nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1),
        )  # fmt: skip
        self.patch_place = nn.Parameter(0.02 * torch.randn((THUMBNAIL // 8) ** 2, width))

    def forward(self, c: Conditions) -> Tensor:
        patches = self.image(c.image).flatten(2).transpose(1, 2) + self.patch_place  # [B, 64, width]
        shown = (c.image[:, 1].amax((1, 2)) > 0).to(patches.dtype)[:, None, None]
        seen = (c.view.square().sum(-1, keepdim=True) > 0).to(patches.dtype)[..., None]
        view, size = self.view(c.view)[:, None] * seen, self.size(size_features(c.size))[:, None]
        return torch.cat([self.word(c.words), size, view, patches * shown], dim=1)


def size_features(size: Tensor) -> Tensor:
    """Fourier features [B, 24] of the logarithms of the box's sides relative to the longest."""
    log = (size / size.amax(-1, keepdim=True)).log()
    angles = (log[..., None] * torch.tensor([0.5, 1.0, 2.0, 4.0], device=size.device)).flatten(1)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def known_words(text: str, settings: ConditionSettings) -> list[int]:
    """The first trained words of a text as ids, singular where only that is known."""
    place = {word: 1 + i for i, word in enumerate(settings.vocabulary)}
    found = (place.get(w, place.get(w.removesuffix("s"))) for w in re.findall(r"[a-z]+", text.lower()))
    return list(dict.fromkeys(i for i in found if i is not None))[: settings.words]


def thumbnail(rgba: ndarray) -> ndarray:
    """Matted picture (H,W,4) uint8 -> (2,64,64) float32: cropped to what is opaque, squared, luminance over white."""
    rows, columns = np.where(rgba[..., 3] > 127)
    if not len(rows):
        raise ValueError("the picture has no opaque pixel: nothing to make a shape from")
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    side = max(bottom - top, right - left) * (1 + 2 * MARGIN)
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    square = (centre_x - side / 2, centre_y - side / 2, centre_x + side / 2, centre_y + side / 2)
    small = Image.fromarray(_premultiplied(rgba)).transform(  # enlarged crop first, then an averaging reduction
        (4 * THUMBNAIL, 4 * THUMBNAIL), Image.Transform.EXTENT, square, Image.Resampling.BILINEAR
    )
    pixels = np.asarray(small.reduce(4), dtype=np.float32) / 255
    alpha = pixels[..., 3]
    luminance = pixels[..., :3] @ np.array([0.299, 0.587, 0.114], dtype=np.float32) + (1 - alpha)
    return np.stack([luminance, alpha]).astype(np.float32)


def _premultiplied(rgba: ndarray) -> ndarray:
    colour = rgba[..., :3].astype(np.uint16) * rgba[..., 3:] // 255
    return np.concatenate([colour.astype(np.uint8), rgba[..., 3:]], axis=-1)


def describe(
    text: str,
    size: Sequence[float],
    settings: ConditionSettings,
    image: ndarray | None = None,
    view: Sequence[float] | ndarray | None = None,
) -> Conditions:
    """One asset's conditions as a batch of one."""
    ids = known_words(text, settings)
    words = F.pad(torch.tensor([ids], dtype=torch.int64).view(1, -1), (0, settings.words - len(ids)))
    return Conditions(
        words=words,
        size=torch.tensor([list(size)], dtype=torch.float32),
        view=torch.tensor([[0.0, 0.0, 0.0] if view is None else list(view)], dtype=torch.float32),
        image=torch.zeros(1, 2, THUMBNAIL, THUMBNAIL) if image is None else torch.from_numpy(thumbnail(image))[None],
    )
