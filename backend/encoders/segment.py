"""Which pixels belong to the thing, by a network: Segment Anything (Apache-2.0), asked with the thing's rectangle.

Used in place of the colours (matte.py) where its weights are in the weights folder. It tells cast shadows and things
of the ground's colour apart, which colours cannot.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import SamModel

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of the pictures that it was trained on


class Segmenter:
    """A `Matting`: picture (H,W,3) uint8, region (H,W) bool -> alpha (H,W) float32, zero outside of the region."""

    def __init__(self, folder: Path, device: str) -> None:
        self.device = torch.device(device)
        model = SamModel.from_pretrained(folder)
        self.model = cast(nn.Module, model).to(self.device).eval()
        self.side: int = cast(Any, model.config.vision_config).image_size

    @torch.inference_mode()
    def __call__(self, picture: np.ndarray, region: np.ndarray) -> np.ndarray:
        if not region.any():
            return region.astype(np.float32)
        height, width = region.shape
        scale = self.side / max(height, width)
        size = max(1, round(height * scale)), max(1, round(width * scale))
        box = torch.tensor(_rectangle(region), device=self.device) * scale
        out = self.model(pixel_values=self._pixels(picture, size), input_boxes=box[None, None])
        best = int(out.iou_scores[0, 0].argmax())
        logits = F.interpolate(out.pred_masks[0, :, best, None].float(), (self.side, self.side), mode="bilinear")
        whole = F.interpolate(logits[..., : size[0], : size[1]], (height, width), mode="bilinear")
        return whole[0, 0].sigmoid().cpu().numpy() * region

    def _pixels(self, picture: np.ndarray, size: tuple[int, int]) -> Tensor:
        """(1, 3, side, side): the picture at this size in the upper left corner, normed; zeros around it."""
        pixels = torch.from_numpy(np.ascontiguousarray(picture)).to(self.device).movedim(-1, 0)[None].float() / 255
        pixels = F.interpolate(pixels, size, mode="bilinear", antialias=True)
        mean, deviation = (pixels.new_tensor(values)[:, None, None] for values in (MEAN, DEVIATION))
        return F.pad((pixels - mean) / deviation, (0, self.side - size[1], 0, self.side - size[0]))


def _rectangle(region: np.ndarray) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in pixels."""
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)
